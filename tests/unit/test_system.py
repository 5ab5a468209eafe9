"""What differs by system, tested on any: Windows paths, consoles, processes."""

import ctypes
import io
import os
import subprocess
import sys
import time
import webbrowser
from pathlib import Path

import pytest

from socials_lib import system
from socials_lib.system import (
    decoded,
    extended,
    file_name,
    free_bytes,
    local_path,
    name_trouble,
    open_in_browser,
    process_is_alive,
    process_name,
    put_in_place,
    refused_name,
    start_detached,
    utf8_console,
    write_whole,
)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (r"D:\Photos\Häfen\harbour [1].jpg", "harbour [1].jpg"),
        (r"\\nas\photos\dusk.png", "dusk.png"),
        ("/home/anna/dawn.jpg", "dawn.jpg"),
        ("bare.jpg", "bare.jpg"),
        ("", ""),
    ],
)
def test_names_of_windows_paths(path, name):
    assert name == file_name(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_file_is_read_by_the_mark_at_its_beginning(encoding):
    assert "Häfen" == decoded("Häfen".encode(encoding))


@pytest.mark.parametrize("data", ["Häfen".encode("cp1252"), b"\xff\xfea"])
def test_a_text_file_in_another_encoding_is_refused_not_guessed(data):
    with pytest.raises(UnicodeDecodeError):
        decoded(data)


LONG = "x" * 250


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (r"D:\Photos\a.jpg", r"D:\Photos\a.jpg"),
        (rf"D:\{LONG}.jpg", rf"\\?\D:\{LONG}.jpg"),
        (f"D:/{LONG}/a.jpg", rf"\\?\D:\{LONG}\a.jpg"),
        (rf"\\nas\photos\{LONG}.jpg", rf"\\?\UNC\nas\photos\{LONG}.jpg"),
        (r"D:\Trip.\a.jpg", r"\\?\D:\Trip.\a.jpg"),
        (rf"\\?\D:\{LONG}.jpg", rf"\\?\D:\{LONG}.jpg"),
        (rf"D:\a\..\{LONG}.jpg", rf"D:\a\..\{LONG}.jpg"),
        (f"{LONG}.jpg", f"{LONG}.jpg"),
    ],
)
def test_long_and_odd_windows_paths_get_the_prefix(path, expected):
    assert expected == extended(path)


@pytest.mark.skipif(os.name == "nt", reason="paths of other systems")
def test_elsewhere_paths_stay_as_they_are(tmp_path):
    assert tmp_path / "a.jpg" == local_path(str(tmp_path / "a.jpg"))
    assert not local_path(r"D:\Photos\a.jpg").exists()


def test_free_space_of_a_folder_still_to_come(tmp_path):
    assert free_bytes(tmp_path / "not" / "yet") > 0


def test_a_console_of_an_old_code_page_prints_everything():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="cp1252", errors="strict")

    utf8_console([stream, None, object()])
    stream.write("✓ 🌅 \ud83d")
    stream.flush()

    assert "✓ 🌅 \\ud83d" == raw.getvalue().decode("utf-8")


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("cp437", '+ "Ünï" ... - \\u0639'),
        ("cp1252", "+ “Ünï” … – \\u0639"),
        ("ascii", '+ "\\xdcn\\xef" ... - \\u0639'),
    ],
)
def test_a_terminal_keeps_its_code_page_and_gets_plain_signs(page, expected):
    class Terminal(io.TextIOWrapper):
        def isatty(self):
            return True

    raw = io.BytesIO()
    stream = Terminal(raw, encoding=page, errors="strict")

    assert not utf8_console([stream])
    stream.write("✓ “Ünï” … – ع")
    stream.flush()

    assert expected == raw.getvalue().decode(page)


@pytest.mark.parametrize(
    ("encoding", "is_utf8"), [("utf-8", True), ("UTF8", True), ("cp1252", False)]
)
def test_whoever_reads_utf_8_anyway_is_known(encoding, is_utf8):
    assert is_utf8 == utf8_console([io.TextIOWrapper(io.BytesIO(), encoding=encoding)])


def test_a_stream_that_is_closed_or_never_was_disturbs_nothing():
    closed = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    closed.close()

    assert not utf8_console([closed, None])
    assert utf8_console([None])


# names, files in use


@pytest.mark.parametrize(
    "name",
    ["NUL", "nul.json", "Aux.tar.gz", "com1", "LPT9.txt", "COM¹.txt", "CON .json", "plan?.json",
     "a:b.json", "plan.json.", "plan.json ", 'say "it".json', "two\nlines"],
)  # fmt: skip
def test_names_that_windows_has_no_file_for(name):
    assert name_trouble(name)


@pytest.mark.parametrize(
    "name", ["plan.json", "Ünï plan (2).json", "console.json", "com10", "NULL", ".socials", "a.b.c"]
)
def test_names_that_every_system_has(name):
    assert "" == name_trouble(name)


def test_a_name_is_refused_on_windows_only(monkeypatch):
    path = Path("AUX.json")
    with monkeypatch.context() as patched:
        patched.setattr(system.os, "name", "nt")
        assert "device" in refused_name(path)
    if os.name != "nt":
        assert "" == refused_name(path)


def test_a_file_that_somebody_reads_is_replaced_a_moment_later(monkeypatch, tmp_path):
    draft, place, waits = tmp_path / "draft", tmp_path / "place", []
    draft.write_text("new", encoding="utf-8")
    place.write_text("old", encoding="utf-8")
    real, tries = Path.replace, []

    def replace(self, target):
        tries.append(target)
        if len(tries) < 4:
            raise PermissionError(13, "in use")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    put_in_place(draft, place, sleep=waits.append)

    assert "new" == place.read_text(encoding="utf-8")
    assert list(system.REPLACE_WAITS[:3]) == waits


def test_a_file_that_stays_in_use_is_told_and_the_old_one_is_whole(monkeypatch, tmp_path):
    place, waits = tmp_path / "status.json", []
    place.write_text("old", encoding="utf-8")

    def replace(_self, _target):
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(system, "REPLACE_WAITS", ())
    with pytest.raises(PermissionError):
        write_whole(place, b"new")

    assert ("old", ["status.json"], []) == (
        place.read_text(encoding="utf-8"),
        [one.name for one in tmp_path.iterdir()],
        waits,
    )


def test_a_folder_in_the_way_is_not_waited_for(tmp_path):
    (tmp_path / "place").mkdir()
    (tmp_path / "draft").write_text("new", encoding="utf-8")
    waits: list[float] = []
    with pytest.raises(OSError):
        put_in_place(tmp_path / "draft", tmp_path / "place", sleep=waits.append)

    assert [] == waits


def wait_until(done, seconds: float = 60.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        time.sleep(0.02)
    return False


def test_a_detached_process_runs_with_its_own_surroundings(tmp_path):
    said = tmp_path / "said.txt"
    code = "import os, sys; print(os.environ['NAME'], os.getcwd()); sys.stdin.read()"

    pid = start_detached(
        [sys.executable, "-c", code],
        env={**os.environ, "NAME": "ünique", "PYTHONIOENCODING": "utf-8"},
        cwd=tmp_path,
        output=said,
    )
    assert wait_until(lambda: not process_is_alive(pid)), "stdin is empty, so it ends"
    assert f"ünique {tmp_path}" == said.read_text(encoding="utf-8").strip()


def test_a_running_process_is_alive_until_it_ends():
    pid = start_detached([sys.executable, "-c", "import time; time.sleep(60)"])
    child = system._started[pid]

    assert process_is_alive(pid)
    # between fork and exec a child still bears the name of its parent
    assert wait_until(lambda: process_name(pid).lower().startswith("python"))

    child.kill()

    assert wait_until(lambda: not process_is_alive(pid))
    assert "" == process_name(pid)
    assert pid not in system._started


@pytest.mark.parametrize("pid", [0, -1])
def test_what_is_no_process_is_not_alive(pid):
    assert not process_is_alive(pid)


def test_we_are_alive():
    assert process_is_alive(os.getpid())


@pytest.mark.skipif(os.name == "nt", reason="signals of other systems")
@pytest.mark.parametrize(
    ("error", "alive"),
    [(ProcessLookupError, False), (PermissionError, True), (OverflowError, False)],
)
def test_a_process_of_somebody_else_is_alive_too(monkeypatch, error, alive):
    def kill(_pid: int, _signal: int) -> None:
        raise error

    monkeypatch.setattr(os, "kill", kill)

    assert alive == process_is_alive(999_999)


class Kernel:
    """kernel32 as far as it is called."""

    def __init__(self, *, handle: int, code: int = 0, error: int = 0) -> None:
        self.handle, self.code, self.error = handle, code, error
        self.closed: list[int | None] = []

    def OpenProcess(self, _access, _inherit, _pid):
        return self.handle

    def GetLastError(self):
        return self.error

    def GetExitCodeProcess(self, _handle, code):
        code._obj.value = self.code
        return 1

    def QueryFullProcessImageNameW(self, _handle, _flags, text, _size):
        text.value = r"C:\Program Files\Python\pythonw.exe"
        return 1

    def CloseHandle(self, handle):
        self.closed.append(handle.value)


@pytest.mark.parametrize(
    ("kernel", "alive"),
    [
        (Kernel(handle=8, code=259), True),
        (Kernel(handle=8, code=0), False),
        (Kernel(handle=0, error=5), True),
        (Kernel(handle=0, error=87), False),
    ],
)
def test_windows_is_asked_for_the_exit_code(monkeypatch, kernel, alive):
    monkeypatch.setattr(system, "_kernel", lambda: kernel)

    assert alive == system._alive_on_windows(4711)
    assert [8] * bool(kernel.handle) == kernel.closed


def test_windows_names_the_program(monkeypatch):
    monkeypatch.setattr(system, "_kernel", lambda: Kernel(handle=8))

    assert "pythonw" == system._name_on_windows(4711)


def test_handles_are_not_cut_to_32_bits(monkeypatch):
    class Library:
        OpenProcess = type("Function", (), {})()

    windows = type("windll", (), {"kernel32": Library})
    monkeypatch.setattr(ctypes, "windll", windows, raising=False)

    assert ctypes.c_void_p is system._kernel().OpenProcess.restype


def test_a_job_that_lets_nobody_leave_is_no_obstacle(monkeypatch):
    tried: list[int] = []

    def popen(_args, *, creationflags, **_how):
        tried.append(creationflags)
        if len(tried) == 1:
            raise PermissionError
        return "process"

    monkeypatch.setattr(subprocess, "Popen", popen)
    monkeypatch.setattr(system.os, "name", "nt")

    assert "process" == system._start(["x"], {})
    assert tried[0] & 0x01000000
    assert not tried[1] & 0x01000000


def test_pages_and_files_open_in_the_browser(monkeypatch, tmp_path):
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or True)

    assert open_in_browser("https://px.example/p/1")
    assert open_in_browser(tmp_path / "a b.html")
    with pytest.raises(ValueError, match="only pages"):
        open_in_browser("javascript:alert(1)")

    assert ["https://px.example/p/1", (tmp_path / "a b.html").as_uri()] == opened


def test_without_a_browser_nothing_breaks(monkeypatch):
    def no_browser(_url: str) -> bool:
        raise webbrowser.Error("none")

    monkeypatch.setattr(webbrowser, "open", no_browser)

    assert not open_in_browser("https://px.example")


def test_nothing_of_windows_is_imported_at_the_top():
    source = Path(system.__file__).read_text(encoding="utf-8")

    assert not any(word in source for word in ("import winreg", "import msvcrt", "win32"))
