"""Installing the page inside IMatch: where, what, the command it runs, and taking it away again."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from socials_lib.cli import main
from socials_lib.errors import SettingsError
from socials_lib.imatch_app import Command, app_folder, install, uninstall
from socials_lib.imatch_app import installer as room
from socials_lib.imatch_app.command import ENTRY, console_interpreter
from socials_lib.imatch_app.place import FOLDER, default_webroot

COMMAND = Command.here({})
PACKAGED = Path(room.__file__).with_name("page")


def answering(_words):
    """A command that runs; starting an interpreter each time would take long."""
    return json.dumps({"page": room.page_mark()})


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "webroot" / "user").mkdir(parents=True)
    return app_folder(tmp_path / "webroot", {})


def put(folder, **how):
    return install(folder, COMMAND, run=answering, **how)


# -- where


def test_imatch_keeps_apps_below_program_data():
    assert r"E:\Data\photools.com\imatch6\webroot" == str(
        default_webroot({"ProgramData": "E:\\Data"})
    )
    assert r"C:\ProgramData\photools.com\imatch6\webroot" == str(default_webroot({}))


def test_elsewhere_than_on_windows_the_folder_has_to_be_named():
    with pytest.raises(SettingsError, match="Windows only") as caught:
        app_folder(None, {}, windows=False)
    assert "Name it with --webroot DIR, behind the command." == caught.value.hint


def test_a_missing_default_folder_is_named():
    with pytest.raises(SettingsError, match="photools.com") as caught:
        app_folder(None, {"ProgramData": r"X:\nowhere"}, windows=True)
    assert "no_webroot" == caught.value.code


@pytest.mark.parametrize("name", ["web root", "Fäden ünd Wörter", "名前"])
def test_any_folder_that_exists_will_do(tmp_path, name):
    (tmp_path / name).mkdir()
    assert tmp_path / name / "user" / FOLDER == app_folder(tmp_path / name, {})


def test_the_folder_user_itself_may_be_named(tmp_path):
    (tmp_path / "webroot" / "User").mkdir(parents=True)
    assert tmp_path / "webroot" / "User" / FOLDER == app_folder(tmp_path / "webroot" / "User", {})


# -- the command


def windows(interpreter, script, home=""):
    return Command(interpreter=interpreter, script=script, home=home)


def test_paths_without_blanks_need_one_form_only():
    found = windows(r"C:\Python\python.exe", r"\\nas\tools\entry.py")
    assert [(r"C:\Python\python.exe", r"-P \\nas\tools\entry.py")] == [
        (one.executable, one.parameters) for one in found.forms
    ]


def test_paths_with_blanks_umlauts_and_unc_are_quoted():
    interpreter, script = r"C:\Users\Jo Ö\python.exe", r"\\nas\my tools\entry.py"
    first, second, third = windows(interpreter, script).forms
    assert (f'"{interpreter}"', f'-P "{script}"') == (first.executable, first.parameters)
    assert (interpreter, first.parameters) == (second.executable, second.parameters)
    assert (f'"{interpreter}" -P "{script}"', "") == (third.executable, third.parameters)


def test_a_folder_of_the_shell_that_installs_is_remembered_in_live_mode_only(tmp_path):
    named = {"SOCIALS_HOME": str(tmp_path / "a b")}
    live, demo = Command.here(named), Command.here({**named, "SOCIALS_MODE": "demo"})
    assert ("-P", str(ENTRY), "--home", str(tmp_path / "a b")) == live.arguments
    assert ("-P", str(ENTRY)) == demo.arguments


def test_the_interpreter_without_console_has_one_with_console_beside_it():
    assert r"C:\P y\python.exe" == console_interpreter(r"C:\P y\PythonW.exe")
    assert "/usr/bin/python3" == console_interpreter("/usr/bin/python3")


def test_the_command_works_from_any_folder(tmp_path):
    done = subprocess.run(COMMAND.words("hello"), cwd=tmp_path, capture_output=True, check=True)
    assert room.page_mark() == json.loads(done.stdout.decode("ascii"))["page"]


# -- install


def test_the_page_is_put_into_a_folder_of_its_own_and_nothing_else(folder):
    done = put(folder)
    assert {*done.files, room.LIST} == {one.name for one in folder.iterdir()}
    assert [FOLDER] == [one.name for one in folder.parent.iterdir()]
    assert done.is_new
    card = json.loads((folder / "app.json").read_text(encoding="utf-8"))
    assert ("app", room.APP_ID, "index.html") == (
        card["type"],
        card["id"],
        card["defaultDocument"],
    )


def test_every_file_of_the_page_is_installed():
    made = {"app.json"}
    assert {*room.PAGE_FILES} | made == {one.name for one in PACKAGED.iterdir()}


def test_what_is_written_is_ascii_where_it_holds_paths(folder):
    strange = Command(interpreter=r"C:\Ö </script>\python.exe", script=r"\\nas\ü\entry.py")
    install(folder, strange, run=answering)
    text = (folder / "command.js").read_bytes().decode("ascii")
    assert "<" not in text
    told = json.loads(text.removeprefix("const SOCIALS_COMMAND = ").rstrip().removesuffix(";"))
    assert f'"{strange.interpreter}"' == told["forms"][0]["executable"]


def test_installing_again_renews_and_removes_what_is_no_longer_part_of_it(folder):
    put(folder)
    gone = folder / "old.js"
    gone.write_text("older", encoding="utf-8")
    listed = json.loads((folder / room.LIST).read_text(encoding="utf-8"))
    listed["files"]["old.js"] = [room._digest_of(gone)]
    (folder / room.LIST).write_text(json.dumps(listed), encoding="utf-8")
    assert not put(folder).is_new
    assert not gone.exists()


def test_a_file_changed_by_hand_is_not_replaced_unless_told(folder):
    put(folder)
    style = folder / "style.css"
    style.write_text("body { color: hotpink }", encoding="utf-8")
    with pytest.raises(SettingsError, match="style.css") as caught:
        put(folder)
    assert "changed_files" == caught.value.code
    assert "hotpink" in style.read_text(encoding="utf-8")
    put(folder, force=True)
    assert "hotpink" not in style.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "listed",
    [None, "{}", '{"app": "somebody", "files": {}}', "no json", '{"app": 1, "files": 2}', "[]"],
)
def test_a_folder_of_somebody_else_is_left_alone(folder, listed):
    folder.mkdir()
    (folder / "index.html").write_text("theirs", encoding="utf-8")
    if listed is not None:
        (folder / room.LIST).write_text(listed, encoding="utf-8")
    for press in (put, uninstall):
        with pytest.raises(SettingsError) as caught:
            press(folder)
        assert "not_ours" == caught.value.code
    assert "theirs" == (folder / "index.html").read_text(encoding="utf-8")


def test_a_list_that_names_files_elsewhere_is_not_believed(folder):
    put(folder)
    precious = folder.parent / "precious.txt"
    precious.write_text("keep me", encoding="utf-8")
    listed = json.loads((folder / room.LIST).read_text(encoding="utf-8"))
    listed["files"]["../precious.txt"] = [room._digest_of(precious)]
    (folder / room.LIST).write_text(json.dumps(listed), encoding="utf-8")
    with pytest.raises(SettingsError):
        uninstall(folder)
    assert precious.exists()


def test_an_installation_that_broke_off_can_be_done_again(folder, monkeypatch):
    put(folder)
    true, written = room.write_whole, []

    def full(path, data):
        written.append(path.name)
        if len(written) == 4:
            raise OSError(28, "No space left on device", str(path))
        true(path, data)

    monkeypatch.setattr(room, "_packaged", lambda name: _newer(name))
    monkeypatch.setattr(room, "write_whole", full)
    with pytest.raises(SettingsError, match="No space left"):
        put(folder)
    monkeypatch.setattr(room, "write_whole", true)
    assert not put(folder).is_new
    assert 0 == len(uninstall(folder).changed)


def _newer(name):
    return (PACKAGED / name).read_bytes() + b"\n"


def test_a_folder_that_may_not_be_written_says_so(folder, monkeypatch):
    def refuse(path, _data):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(room, "write_whole", refuse)
    with pytest.raises(SettingsError, match="Permission denied") as caught:
        put(folder)
    assert "no_permission" == caught.value.code
    assert "administrator" in caught.value.hint


def test_what_was_not_kept_is_noticed(folder, monkeypatch):
    monkeypatch.setattr(room, "write_whole", lambda path, data: _cut(path, data))
    with pytest.raises(SettingsError) as caught:
        put(folder)
    assert "not_kept" == caught.value.code


def _cut(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data[:10])


@pytest.mark.parametrize("said", ["", "Python was not found", "[]", '{"page": "another"}'])
def test_a_command_that_does_not_run_is_noticed(folder, said):
    with pytest.raises(SettingsError) as caught:
        install(folder, COMMAND, run=lambda _words: said)
    assert "command_fails" == caught.value.code
    assert "hello" in caught.value.hint


def test_the_command_is_really_run(folder):
    missing = Command(interpreter=str(folder / "no python"), script=str(ENTRY))
    with pytest.raises(SettingsError) as caught:
        install(folder, missing)
    assert "command_fails" == caught.value.code
    assert not install(folder, COMMAND).is_new


# -- uninstall


def test_everything_that_was_installed_is_removed_and_nothing_else(folder):
    other = folder.parent / "another app"
    other.mkdir()
    put(folder)
    done = uninstall(folder)
    assert ((), ()) == (done.changed, done.foreign)
    assert [other] == list(folder.parent.iterdir())


def test_changed_files_and_strangers_stay_and_are_named(folder):
    put(folder)
    (folder / "style.css").write_text("mine", encoding="utf-8")
    (folder / "notes.txt").write_text("mine, too", encoding="utf-8")
    done = uninstall(folder)
    assert (("style.css",), ("notes.txt",)) == (done.changed, done.foreign)
    assert {"style.css", "notes.txt", room.LIST} == {one.name for one in folder.iterdir()}
    assert ("style.css",) == uninstall(folder, force=True).removed
    assert ["notes.txt"] == [one.name for one in folder.iterdir()]


def test_a_missing_file_is_no_obstacle(folder):
    put(folder)
    (folder / "app.js").unlink()
    assert "app.js" not in uninstall(folder).removed
    assert not folder.exists()


def test_what_is_not_installed_cannot_be_removed(folder):
    with pytest.raises(SettingsError) as caught:
        uninstall(folder)
    assert "not_installed" == caught.value.code


def test_the_folder_user_goes_with_the_app_it_was_made_for(tmp_path):
    folder = app_folder(tmp_path, {})
    put(folder)
    put(folder)
    uninstall(folder)

    assert [] == list(tmp_path.iterdir())


def test_the_folder_user_stays_if_it_was_there_or_holds_something(folder, tmp_path):
    put(folder)
    uninstall(folder)
    assert folder.parent.is_dir()

    made = app_folder(tmp_path, {})
    put(made)
    (made.parent / "another app").mkdir()
    uninstall(made)
    assert ["another app"] == [one.name for one in made.parent.iterdir()]


# -- the command line


def test_a_web_folder_that_is_not_there_is_refused_and_not_made(tmp_path, capsys):
    for order in ("install", "uninstall"):
        assert 5 == main(["imatch-app", order, "--webroot", str(tmp_path / "nope"), "--json"])
        assert "no_webroot" == json.loads(capsys.readouterr().out)["error"]["code"]
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "inside", "is_doubted"),
    [
        ("Downloads", (), True),
        ("Downloads", ("webroot",), True),
        ("WebRoot", (), False),
        ("linked", ("system",), False),
        ("linked", ("user",), False),
        ("user", (), False),
    ],
)
def test_a_folder_that_does_not_look_like_imatchs_is_doubted(
    tmp_path, capsys, monkeypatch, name, inside, is_doubted
):
    monkeypatch.setattr(room, "_run", answering)
    (tmp_path / name).mkdir()
    for one in inside:
        (tmp_path / name / one).mkdir()

    assert 0 == main(["imatch-app", "install", "--webroot", str(tmp_path / name), "--json"])
    told = capsys.readouterr()
    doubt = f"Is {tmp_path / name} really IMatch's web folder?"
    assert is_doubted == (json.loads(told.out)["warning"] or "").startswith(doubt)
    assert is_doubted == (doubt in told.err)


def test_the_command_line_installs_and_removes(tmp_path, capsys):
    web = tmp_path / "Müller web"
    web.mkdir()
    assert 0 == main(["imatch-app", "install", "--webroot", str(web), "--json"])
    said = json.loads(capsys.readouterr().out)
    assert str(web / "user" / FOLDER) == said["folder"]
    assert sys.executable == said["command"][0]
    assert "Restart IMatch" in said["next"]

    assert 0 == main(["imatch-app", "install", "--webroot", str(web)])
    assert "Renewed in" in capsys.readouterr().out
    assert 0 == main(["imatch-app", "uninstall", "--webroot", str(web)])
    assert "Removed 8 files" in capsys.readouterr().out
    assert 5 == main(["imatch-app", "uninstall", "--webroot", str(web), "--json"])
    assert "not_installed" == json.loads(capsys.readouterr().out)["error"]["code"]


# -- the page


def test_the_page_asks_nobody_outside_and_has_no_code_of_its_own():
    page = (PACKAGED / "index.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert "unsafe" not in page
    for one in PACKAGED.iterdir():
        text = one.read_text(encoding="utf-8")
        assert "https://" not in text
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
        if one.suffix == ".js":
            assert not [
                w for w in ("innerHTML", "outerHTML", "eval(", "insertAdjacent") if w in text
            ]
    assert "onclick" not in page
    assert "style=" not in page


def test_the_page_has_the_colours_of_the_notebooks():
    from socials_lib.widgets.theme import TOKENS

    light, dark = (PACKAGED / "style.css").read_text(encoding="utf-8").split("@media", 1)
    used = {name for name in TOKENS if f"--{name}:" in light}
    assert {"panel", "ink", "accent", "err", "live", "warn", "ok"} <= used
    for name in used:
        for text, colour in zip((light, dark), TOKENS[name], strict=True):
            assert f"--{name}: {colour};" in text
