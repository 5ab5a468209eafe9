"""`start.py`: what it hands over to, and how that ends."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: Takes the place of `socials lab`: says that it runs, ends when it is told to.
CHILD = """
import signal, sys
def end(*_):
    print("told to end", flush=True)
    sys.exit(3)
signal.signal(signal.SIGTERM, end)
print("running", *sys.argv[1:], flush=True)
signal.pause()
"""


def room(path):
    """`start.py` as a module."""
    spec = importlib.util.spec_from_file_location("start_here", path / "start.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture
def start(monkeypatch):
    """`start.py` of this project, with arguments to be given."""
    made = room(ROOT)

    def asked(*words):
        monkeypatch.setattr(sys, "argv", ["start.py", *words])
        return made.arguments()

    made.asked = asked
    return made


@pytest.fixture
def folder(tmp_path):
    """A project of its own that is set up already, whose program is `CHILD`."""
    for name in ("start.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "socials_lib").mkdir()
    (tmp_path / "socials_lib" / "__main__.py").write_text(CHILD, encoding="utf-8")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    start = room(tmp_path)
    start.STAMP.write_text(start.fingerprint(""), encoding="utf-8")
    return tmp_path


@pytest.mark.skipif(os.name == "nt", reason="Windows has no polite signal to end a process")
def test_ended_politely_it_ends_what_it_started(folder):
    process = subprocess.Popen(
        [sys.executable, "start.py", "--no-browser"],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    with process:
        assert "running lab --demo --no-browser" == process.stdout.readline().strip()
        process.send_signal(signal.SIGTERM)
        assert ("told to end", 3) == (process.stdout.readline().strip(), process.wait(30))


class Asking:
    """A child that asks before it ends: Ctrl-C comes twice before its end."""

    def __init__(self):
        self.waits = 0

    def wait(self):
        self.waits += 1
        if self.waits < 3:
            raise KeyboardInterrupt
        return 5


def test_ctrl_c_leaves_the_terminal_to_jupyterlab_until_it_has_ended(folder):
    child = Asking()
    assert (5, 3) == (room(folder).outlive(child), child.waits)


# what is asked for


@pytest.mark.parametrize(
    "words",
    [
        ("--live", "--demo"),
        ("--live", "--photos", str(ROOT)),
        ("--photos", str(ROOT), "--live"),
        ("--test", "--live"),
        ("--test", "--photos", str(ROOT)),
    ],
)
def test_what_contradicts_itself_is_refused_before_anything_starts(start, capsys, words):
    with pytest.raises(SystemExit) as ended:
        start.asked(*words)

    assert 1 == ended.value.code
    said = capsys.readouterr().err
    assert "not allowed with" in said
    assert "See `python start.py -h`.\n" in said


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--picture", "x"), "Unrecognized arguments: --picture x."),
        (("--pho", str(ROOT)), f"Unrecognized arguments: --pho {ROOT}."),
        (("--port", "99999"), "Argument --port: invalid port value: '99999'."),
        (("--photos", "no folder"), f"Argument --photos: {Path('no folder').absolute()} is not"),
        (("--photos", str(ROOT / "README.md")), "README.md is a file, not a folder."),
    ],
)
def test_what_is_not_understood_names_the_help_of_start_py(start, capsys, words, why):
    with pytest.raises(SystemExit) as ended:
        start.asked(*words)

    said = capsys.readouterr().err
    assert 1 == ended.value.code
    assert why in said
    assert said.endswith("See `python start.py -h`.\n")


def test_the_help_tells_of_own_pictures(start, capsys):
    with pytest.raises(SystemExit):
        start.asked("-h")

    assert "--photos DIR" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "lab"),
    [
        ((), ["--demo"]),
        (("--live", "--port", "8890"), ["--port", "8890"]),
        (
            ("--photos", ".", "--no-browser"),
            ["--demo", "--photos", str(Path.cwd()), "--no-browser"],
        ),
    ],
)
def test_the_options_are_said_in_the_words_of_the_program(start, words, lab):
    options, rest = start.asked(*words)

    assert (lab, []) == (start.lab_words(options), rest)


def test_the_tests_get_what_else_is_said(start):
    assert ["-k", "name", "tests/unit"] == start.asked("--test", "-k", "name", "tests/unit")[1]


# while it is set up


def test_ctrl_c_while_it_is_set_up_is_no_traceback(start, capsys, monkeypatch):
    def interrupted(_extra):
        raise KeyboardInterrupt

    monkeypatch.setattr(start, "set_up", interrupted)
    monkeypatch.setattr(sys, "argv", ["start.py"])

    assert 1 == start.main()
    assert "Interrupted. The next start finishes the set-up.\n" == capsys.readouterr().err


class Passing:
    """Time that passes by as many seconds as are waited, three times."""

    def __init__(self):
        self.waits = []

    def wait(self, seconds):
        self.waits.append(seconds)
        return len(self.waits) > 3

    def monotonic(self):
        return 100.0 + sum(self.waits)


@pytest.mark.parametrize(
    ("is_terminal", "shown"),
    [
        (True, "Setting up ...\rSetting up ... 1 s\rSetting up ... 2 s\rSetting up ... 3 s\n"),
        (
            False,
            "Setting up ...\nStill setting up, 15 s ...\nStill setting up, 30 s ...\n"
            "Still setting up, 45 s ...\n",
        ),
    ],
)
def test_a_long_set_up_shows_signs_of_life(start, capsys, monkeypatch, is_terminal, shown):
    time = Passing()
    monkeypatch.setattr(start, "time", time)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal, raising=False)

    start.tell("Setting up ...", time)

    assert shown == capsys.readouterr().out


def test_what_a_step_says_is_shown_only_if_it_fails(start, capsys):
    start.quietly([sys.executable, "-c", "print('all is well')"])
    assert ("", "") == capsys.readouterr()

    with pytest.raises(subprocess.CalledProcessError) as failed:
        start.quietly([sys.executable, "-c", "print('no network'); raise SystemExit(1)"])
    assert 1 == start.say_what_failed(failed.value)
    assert "no network\nThe set-up did not work: " in capsys.readouterr().err
