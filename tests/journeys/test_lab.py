"""`socials lab`: JupyterLab on the notebooks, the rehearsal world as its child."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from command_line_kit import asked, begun, checked, one_of, or_null, socials_here
from rig import picture

from socials_lib.cli import lab
from socials_lib.errors import SettingsError


@pytest.fixture
def photos(tmp_path):
    """A folder with one picture: a world of it is ready at once."""
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "dawn.jpg").write_bytes(picture(1))
    return folder


@pytest.fixture
def calm(tmp_path):
    """Jupyter with folders of its own, so that nobody's settings are read or changed."""
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    return {name: str(tmp_path / "jupyter" / name.lower()) for name in names} | {
        "JUPYTER_TOKEN": "for-this-test"
    }


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def answers(url):
    with contextlib.suppress(OSError, urllib.error.URLError):
        return asked(url)
    return None


def wait_for(ready, process, seconds=90):
    """Poll until something is there; a process that ended will not become ready."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = ready()
        if found:
            return found
        assert process.poll() is None, "it ended"
        threading.Event().wait(0.05)
    raise AssertionError("it did not become ready")


@pytest.mark.parametrize("how", ["SIGTERM", "SIGINT"] if os.name != "nt" else ["SIGTERM"])
def test_the_demo_serves_the_notebooks_and_takes_its_world_along(photos, calm, how):
    port = free_port()
    arguments = ["lab", "--demo", "--no-browser", "--json"]
    arguments += ["--photos", str(photos), "--port", str(port)]
    with begun(calm, *arguments, stderr=subprocess.DEVNULL) as process:
        document = json.loads(process.stdout.readline())
        checked("lab", document, {"mode": one_of("demo"), "port": int, "world": dict})
        world = document["world"]
        assert wait_for(lambda: answers(f"http://127.0.0.1:{port}/api"), process)["version"]
        listed = asked(f"http://127.0.0.1:{port}/api/contents?token=for-this-test")
        assert "notebooks" in {one["name"] for one in listed["content"]}
        assert asked(world["side_url"] + "/health")["ok"]
        assert "env" not in world

        process.send_signal(getattr(signal, how))
        process.wait(timeout=60)
        assert b"" == process.stdout.read()
    if os.name != "nt":
        assert 0 == process.returncode
    wait_for_the_end(world)


def wait_for_the_end(world):
    """Nobody answers any more, and the home of the world is gone."""
    end = time.monotonic() + 30
    while answers(world["side_url"] + "/health") or Path(world["home"]).exists():
        assert time.monotonic() < end, "the world outlived its parent"
        threading.Event().wait(0.05)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups to end at once")
def test_the_world_ends_with_a_lab_that_was_killed(photos, calm):
    """The whole group at once, as when the power of a session goes."""
    arguments = ["lab", "--no-browser", "--json", "--photos", str(photos)]
    arguments += ["--port", str(free_port())]
    with begun(calm, *arguments, start_new_session=True, stderr=subprocess.DEVNULL) as process:
        world = json.loads(process.stdout.readline())["world"]
        os.killpg(process.pid, signal.SIGKILL)
    wait_for_the_end(world)


def test_a_world_that_cannot_be_built_is_told(tmp_path):
    done = socials_here({}, "lab", "--photos", str(tmp_path / "nowhere"), "--json")

    assert (1, "world_not_started") == (done.code, done.error["code"])
    assert "nowhere" in done.error["message"]


def test_a_library_without_its_notebooks_says_where_to_start(tmp_path, monkeypatch):
    monkeypatch.setattr(lab, "__file__", str(tmp_path / "a" / "b" / "lab.py"))

    with pytest.raises(SettingsError, match="not beside the library"):
        lab.notebooks_folder()
    done = socials_here({}, "lab", "--json")
    assert (5, "no_notebooks") == (done.code, done.error["code"])


def command(**more):
    values = {"port": 0, "browser": True, **more}
    return lab.lab_command(lab.notebooks_folder(), **values)


def test_it_serves_this_computer_only():
    assert "--ServerApp.ip=127.0.0.1" in command()
    assert not [one for one in command() if "token" in one or "password" in one]


def test_a_port_that_was_asked_for_is_that_port():
    assert "--ServerApp.port=8890" in command(port=8890)
    assert "--ServerApp.port_retries=0" in command(port=8890)
    assert "--ServerApp.port=8888" in command()
    assert "--ServerApp.port_retries=0" not in command()


def test_a_browser_is_opened_unless_unwanted():
    assert "--no-browser" not in command()
    assert "--no-browser" in command(browser=False)


def test_language_servers_that_are_not_there_are_not_listed():
    """Their list would stand below the address that people are to open."""
    assert "--LanguageServerManager.autodetect=False" in command()


class Ended:
    """A JupyterLab that is over as soon as it is started."""

    stdout = None

    def __init__(self, *_command, **how):
        Ended.environ = how["env"]

    def wait(self, _timeout=None):
        return 0

    def poll(self):
        return 0


@pytest.mark.parametrize(
    ("environ", "mode"), [({}, "live"), ({"SOCIALS_MODE": "demo", "SOCIALS_HOME": "h"}, "demo")]
)
def test_without_demo_the_environment_stays_as_it_is(monkeypatch, environ, mode):
    monkeypatch.setattr(lab.subprocess, "Popen", Ended)
    done = socials_here(environ, "lab", "--json")

    assert 0 == done.code
    checked(
        "lab", done.document, {"mode": one_of(mode), "port": or_null(int), "world": or_null(dict)}
    )
    ours = {name: one for name, one in Ended.environ.items() if name.startswith("SOCIALS_")}
    assert environ == ours


def test_what_of_own_pictures_is_left_out_is_told(monkeypatch):
    described = {"env": {}, "notes": ["left out: 2 CR3"]}
    monkeypatch.setattr(lab, "_world", lambda _photos: contextlib.nullcontext(described))
    monkeypatch.setattr(lab.subprocess, "Popen", Ended)
    done = socials_here({}, "lab", "--photos", "somewhere", "--quiet")

    assert (0, "! Your pictures: left out: 2 CR3.\n") == (done.code, done.err)


def test_a_port_in_use_is_an_end_with_a_word(calm, photos):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with begun(calm, "lab", "--no-browser", "--port", str(port)) as process:
            _, errors = process.communicate(timeout=90)

    assert 1 == process.returncode
    assert str(port).encode() in errors


def test_the_module_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "socials_lib", "lab", "-h"], capture_output=True, timeout=60
    )

    assert 0 == done.returncode
    assert b"socials lab" in done.stdout
