"""Windows on any system: paths without a drive, drives that are off-line, the set-up, `py`."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from socials_lib import images
from socials_lib.images import files

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def start():
    """start.py as a module; it runs with the standard library alone."""
    spec = importlib.util.spec_from_file_location("start_of_socials", ROOT / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("path", "on_windows"),
    [
        (r"D:\Photos\dawn.jpg", True),
        (r"\\nas\photos\Häfen\dawn.jpg", True),
        (r"\\?\D:\Photos\dawn.jpg", True),
        (r"Photos\dawn.jpg", False),
        (r"\Photos\dawn.jpg", False),
        ("D:dawn.jpg", False),
        ("dawn.jpg", False),
    ],
)
def test_a_path_without_a_drive_leads_nowhere_certain(monkeypatch, path, on_windows):
    monkeypatch.setattr(files.sys, "platform", "win32")

    assert on_windows == files._is_whole(path)


@pytest.mark.skipif(sys.platform == "win32", reason="paths of other systems")
def test_elsewhere_a_path_starts_at_the_root_or_names_a_drive(tmp_path):
    assert files._is_whole(str(tmp_path / "dawn.jpg"))
    assert files._is_whole(r"D:\Photos\dawn.jpg")
    assert not files._is_whole("dawn.jpg")


def test_a_file_that_happens_to_lie_where_we_were_started_is_not_taken(monkeypatch, tmp_path):
    (tmp_path / "dawn.jpg").write_bytes(b"\xff\xd8\xff\xd9")
    monkeypatch.chdir(tmp_path)
    found = images.inspect("dawn.jpg")

    assert "file_not_found" == found.problem
    assert "names no drive or folder" in found.reason


def test_a_drive_that_is_not_connected_is_off_line_and_not_gone():
    found = images.inspect(r"Q:\Photos\2024\dawn.jpg")

    assert "file_not_found" == found.problem
    assert "Off-line" in found.reason


def test_a_python_that_is_too_old_names_the_launcher_on_windows(monkeypatch, start):
    said = start.wrong_python("3.9.1")
    assert "3.11 to 3.14 is needed; this is Python 3.9.1" in said

    monkeypatch.setattr(start.os, "name", "nt")
    monkeypatch.setattr(start.shutil, "which", lambda name: f"C:\\Windows\\{name}.exe")
    assert "`py -3.13 start.py`" in start.wrong_python("3.9.1")
    monkeypatch.setattr(start.shutil, "which", lambda name: None)
    assert "py -3" not in start.wrong_python("3.9.1")


def test_what_stops_the_set_up_has_a_way_out(monkeypatch, start):
    in_use = PermissionError(13, "in use")
    in_use.winerror = 32

    assert "apt install python3-venv" in start.way_out(OSError("ensurepip is missing"))
    assert "Close JupyterLab" in start.way_out(in_use)
    assert "Check the network" in start.way_out(OSError("no route"))
    monkeypatch.setattr(start.os, "name", "nt")
    monkeypatch.setattr(start, "ROOT", "C:\\" + "deep\\" * 40)
    assert "short paths" in start.way_out(OSError("no such file"))


def test_the_set_up_survives_blanks_and_umlauts_in_its_folder(monkeypatch, start, tmp_path):
    """Commands are lists, never lines: nothing has to be quoted."""
    asked = []
    monkeypatch.setattr(start, "ENV", tmp_path / "Meine Fotös" / ".venv")
    monkeypatch.setattr(start, "PYTHON", start.ENV / "bin" / "python")
    monkeypatch.setattr(start.shutil, "which", lambda name: None)
    monkeypatch.setattr(start.venv, "create", lambda place, with_pip: asked.append(place))
    command = start.installer()

    assert [start.ENV] == asked
    assert str(start.PYTHON) == command[0]
