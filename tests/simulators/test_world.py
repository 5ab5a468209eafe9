"""The rehearsal world: in a test as an object, for everybody else as a process with a side door."""

import io
import json
import os
import shlex
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests
from library_calls import imatch_files, one_picture, side, world

from socials_lib.demo import parent, words
from socials_lib.demo import world as demo
from socials_lib.demo.world import MARKER, World, serve

NAMES = {
    "SOCIALS_MODE", "SOCIALS_HOME", "SOCIALS_IMATCH_URL", "SOCIALS_IMATCH_USER",
    "SOCIALS_FLICKR_URL", "SOCIALS_FLICKR_APIKEY", "SOCIALS_FLICKR_APISECRET",
    "SOCIALS_FLICKR_TOKEN", "SOCIALS_FLICKR_TOKEN_SECRET", "SOCIALS_PIXELFED_URL",
    "SOCIALS_PIXELFED_TOKEN", "SOCIALS_RECOVERY_LOOK_WAITS", "SOCIALS_WORLD_URL",
}  # fmt: skip


@pytest.fixture(scope="module")
def running():
    with World(pictures=world.pictures()) as one:
        yield one


@pytest.fixture
def here(running):
    """The running world, as after its start."""
    running.reset()
    return running


@pytest.fixture(scope="module")
def few():
    return one_picture()


# as an object


def test_the_environment_is_all_that_a_client_needs(running):
    assert set(running.env) == NAMES
    assert all(isinstance(value, str) and value for value in running.env.values())
    assert "demo" == running.env["SOCIALS_MODE"]
    assert str(running.home) == running.env["SOCIALS_HOME"]
    assert [0, 0.2] == json.loads(running.env["SOCIALS_RECOVERY_LOOK_WAITS"])


def test_it_describes_itself_as_the_contract_says(running):
    described = json.loads(json.dumps(running.describe()))

    assert {"imatch_url", "flickr_url", "pixelfed_url", "home", "env", "side_url"} == set(described)
    addresses = [value for name, value in described.items() if name.endswith("_url")]
    assert all(address.startswith("http://127.0.0.1:") for address in addresses)
    assert 4 == len(set(addresses))


def test_imatch_answers_with_the_sample_library(here):
    assert world.DAWN.file_id in imatch_files(here, "Socials|flickr")


def test_the_variables_of_imatch_name_the_stand_ins(here):
    variables = here.imatch.backend.variables

    assert here.flickr.api_key == variables["flickr_apikey"]
    assert here.flickr.api_secret == variables["flickr_apisecret"]
    assert here.pixelfed.token == variables["pixelfed_token"]
    assert here.pixelfed.url == variables["pixelfed_url"]


@pytest.mark.parametrize("platform", ["flickr", "pixelfed"])
def test_the_addresses_in_the_records_open(here, platform):
    (record,) = here.imatch.backend.records(platform, world.PUBLISHED.file_id)

    page = requests.get(record["url"], timeout=10)

    assert 200 == page.status_code
    assert "Noon at the lake" in page.text


def test_the_address_that_imatch_has_for_photo_pages_opens(here):
    photo_id = next(iter(here.flickr.backend.photos))
    page = f"{here.imatch.backend.variables['flickr_url']}/{photo_id}"

    assert 200 == requests.get(page, timeout=10).status_code


def test_the_home_goes_when_the_world_ends(few):
    with World(photos=few) as one:
        home = one.home
        assert (home / MARKER).exists()
        (home / "journal.db").write_text("x")

    assert not home.exists()


def test_a_home_that_was_given_stays(few, tmp_path):
    with World(photos=few, home=tmp_path / "home"):
        pass
    with World(photos=few, home=tmp_path / "home") as again:
        assert (tmp_path / "home").resolve() == again.home

    assert (tmp_path / "home" / MARKER).exists()


def test_a_folder_with_somebody_elses_things_is_no_home(few, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(FileExistsError, match="could be lost"):
        World(photos=few, home=tmp_path).start()

    assert ["thesis.txt"] == [one.name for one in tmp_path.iterdir()]


def test_own_photos_take_the_place_of_the_sample(few):
    with World(photos=few) as one:
        assert ["one.gif"] == [Path(f.seed.path).name for f in one.imatch.backend.files.values()]
        assert 1 == len(imatch_files(one, "Socials|pixelfed"))
        assert not one.flickr.backend.photos
    assert ["one.gif"] == [one.name for one in few.iterdir()]


def test_what_of_own_photos_is_left_out_is_told(tmp_path):
    (tmp_path / "one.jpg").write_bytes(b"no picture")
    (tmp_path / "one.heic").write_bytes(b"")
    with World(photos=tmp_path) as one:
        described = one.describe()

    note = "left out, as only JPEG, PNG and GIF are taken: 1 HEIC"
    assert [note] == described["notes"]
    assert f"! Your pictures: {note}." in words.ready(described).splitlines()


def test_nothing_is_left_behind_when_the_start_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(demo.tempfile, "mkdtemp", lambda prefix: str(_made(tmp_path / prefix)))

    with pytest.raises(NotADirectoryError):
        World(photos=tmp_path / "nowhere").start()

    assert [] == list(tmp_path.iterdir())


def _made(folder):
    folder.mkdir()
    return folder


# reset


def test_reset_restores_all_three_and_keeps_addresses_keys_and_tokens(here):
    before, env = here.snapshot(), here.env
    photo_id = next(iter(here.flickr.backend.photos))
    here.flickr.backend.delete_photo(photo_id)
    here.pixelfed.backend.add_status(
        (world.pictures() / "2024" / "dawn over the lake.jpg").read_bytes(), caption="more"
    )
    here.imatch.backend.assign("Socials|flickr", [world.DAWN.file_id], put_in=False)
    here.imatch.backend.set_value(world.DAWN.file_id, "title", "Changed")
    here.flickr.fail_next("upload", status=502)

    answer = side(here, "/reset", how="post")

    assert 200 == answer.status_code
    after = here.snapshot()
    assert env == here.env
    assert env == answer.json()["env"]
    assert before["imatch"]["categories"] == after["imatch"]["categories"]
    assert before["imatch"]["metadata"] == after["imatch"]["metadata"]
    assert set(before["flickr"]["photos"]) == set(after["flickr"]["photos"])
    assert before["flickr"]["albums"].keys() == after["flickr"]["albums"].keys()
    assert len(before["pixelfed"]["statuses"]) == len(after["pixelfed"]["statuses"])
    assert [] == here.flickr.faults
    assert world.DAWN.file_id in imatch_files(here, "Socials|flickr")


def test_after_a_reset_the_records_name_what_is_online(here):
    for file_id in (world.PUBLISHED.file_id, world.UPDATE_PICTURE.file_id):
        (flickr,) = here.imatch.backend.records("flickr", file_id)
        (pixelfed,) = here.imatch.backend.records("pixelfed", file_id)
        assert flickr["photo_id"] in here.flickr.backend.photos
        status = here.pixelfed.backend.statuses[pixelfed["status_id"]]
        assert [pixelfed["media_id"]] == status.media_ids


def test_reset_empties_the_home_but_for_the_pictures(quick):
    (quick.home / "pictures").mkdir(exist_ok=True)
    (quick.home / "pictures" / "kept.jpg").write_text("x")
    (quick.home / "reports").mkdir()
    (quick.home / "reports" / "run.html").write_text("x")
    (quick.home / "journal.db").write_text("x")

    assert [] == side(quick, "/reset", how="post").json()["left"]

    assert {MARKER, "pictures"} == {one.name for one in quick.home.iterdir()}
    assert (quick.home / "pictures" / "kept.jpg").exists()


@pytest.mark.skipif(os.name == "nt", reason="making links needs rights on Windows")
def test_reset_removes_a_link_but_not_what_it_leads_to(quick, tmp_path):
    (tmp_path / "precious.txt").write_text("x")
    (quick.home / "link").symlink_to(tmp_path, target_is_directory=True)

    quick.reset()

    assert (tmp_path / "precious.txt").exists()
    assert not (quick.home / "link").exists()


# as a process


def start(*arguments, **env):
    return subprocess.Popen(
        [sys.executable, "-m", "socials_lib.demo.world", *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, encoding="utf-8", env={**os.environ, **env},
    )  # fmt: skip


def finish(process):
    """Exit code and what it said on standard error."""
    try:
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    return process.returncode, errors


def test_the_process_says_when_it_is_ready_and_ends_cleanly():
    process = start("--json", "--parent")
    described = json.loads(process.stdout.readline())

    assert NAMES == set(described["env"])
    assert requests.get(described["side_url"] + "/health", timeout=10).json()["ok"]
    home = Path(described["home"])
    assert (home / "pictures").is_dir()

    assert (0, "") == finish(process)  # communicate closes standard input
    assert not home.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to catch")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_ends_it_cleanly(few, name):
    process = start("--json", "--photos", str(few))
    home = Path(json.loads(process.stdout.readline())["home"])

    process.send_signal(getattr(signal, name))

    assert (0, "") == finish(process)
    assert not home.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to catch")
def test_a_signal_while_it_starts_leaves_nothing_behind(tmp_path):
    process = start("--json", TMPDIR=str(tmp_path))
    while not list(tmp_path.glob(f"socials-world-*/{MARKER}")):
        assert process.poll() is None
        threading.Event().wait(0.02)

    process.send_signal(signal.SIGTERM)

    assert (0, "") == finish(process)
    assert [] == list(tmp_path.glob("socials-world-*"))


def test_it_ends_when_its_parent_is_gone(few):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    process = start("--json", "--photos", str(few), **{parent.PARENT_VARIABLE: str(gone.pid)})

    assert json.loads(process.stdout.readline())
    process.wait(timeout=60)

    assert (0, "") == finish(process)


def test_a_parent_that_is_named_ends_it_by_closing_its_input(few):
    process = start("--json", "--photos", str(few), **{parent.PARENT_VARIABLE: str(os.getpid())})
    home = Path(json.loads(process.stdout.readline())["home"])

    assert (0, "") == finish(process)  # communicate closes standard input
    assert not home.exists()


def test_this_process_is_running_and_a_finished_one_is_not():
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()

    assert parent.is_running(os.getpid())
    assert not parent.is_running(gone.pid)


@pytest.mark.parametrize("text", ["", "0", "-1", "none"])
def test_a_parent_number_that_is_none_is_ignored(monkeypatch, text):
    monkeypatch.setenv(parent.PARENT_VARIABLE, text)

    assert parent.parent_number() is None


def stopped_at_once(monkeypatch):
    monkeypatch.setattr(demo, "_wait", lambda stop: None)


def test_people_get_lines_to_paste(few, monkeypatch):
    stopped_at_once(monkeypatch)
    out = io.StringIO()

    assert 0 == serve(photos=few, as_json=False, out=out)

    lines = out.getvalue().splitlines()
    assert "nothing of it is real" in lines[0]
    assert "Press Ctrl-C to end it." == lines[-1]
    names = {line.split("=")[0].split()[-1].strip('"') for line in lines if "SOCIALS_" in line}
    assert NAMES <= {name.removeprefix("$env:") for name in names}


def test_the_lines_suit_the_shells_of_the_system():
    env = {"SOCIALS_HOME": "C:/it's here", "SOCIALS_RECOVERY_LOOK_WAITS": "[0, 0.2]"}

    posix = list(words.assignments(env, windows=False))
    windows = list(words.assignments(env, windows=True))

    assert "SOCIALS_HOME=C:/it's here" == shlex.split(posix[0])[1]
    assert "export SOCIALS_RECOVERY_LOOK_WAITS='[0, 0.2]'" == posix[1]
    assert 'set "SOCIALS_RECOVERY_LOOK_WAITS=[0, 0.2]"' in windows
    assert "$env:SOCIALS_HOME = 'C:/it''s here'" in windows


def test_a_start_that_fails_says_why_and_what_to_do(tmp_path):
    out, text = io.StringIO(), io.StringIO()

    assert 1 == serve(photos=tmp_path / "nowhere", as_json=True, out=out)
    assert 1 == serve(photos=tmp_path / "nowhere", as_json=False, out=text)

    error = json.loads(out.getvalue())["error"]
    assert "nowhere" in error["message"] and error["code"] and error["hint"]
    assert "nowhere" in text.getvalue()


def test_a_file_in_place_of_the_folder_of_photos_is_called_so(tmp_path):
    (tmp_path / "README.md").write_text("x")
    out = io.StringIO()

    assert 1 == serve(photos=tmp_path / "README.md", as_json=True, out=out)

    error = json.loads(out.getvalue())["error"]
    assert f"{tmp_path / 'README.md'} is a file, not a folder" == error["message"]
    assert "Say --photos with a folder" in error["hint"]
    assert "port" not in error["hint"]


def test_ports_can_be_chosen_and_a_used_one_is_reported(few, running, monkeypatch):
    stopped_at_once(monkeypatch)
    used = int(running.imatch.url.rpartition(":")[2])
    out = io.StringIO()

    assert 1 == serve(port=used, photos=few, as_json=True, out=out)

    assert "in use" in json.loads(out.getvalue())["error"]["message"]
