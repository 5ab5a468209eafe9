"""JupyterLab and the practice world as processes of their own, and a page that works like a person.

Everything lies in folders of the test: settings, workspaces, notebooks.  Nothing outside 127.0.0.1
is asked, and no error of the page goes unseen.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "screenshots"
HOW_TO_GET_ONE = (
    "no Chromium, Chrome or Edge found; install one (Debian: apt-get install chromium) or name it"
    " in BROWSER_PATH"
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
]
_KERNEL = "window.jupyterapp?.shell.currentWidget?.context?.sessionContext?.session?.kernel"
READY = (
    f"() => {_KERNEL}?.status === 'idle'"
    " && window.jupyterapp.shell.currentWidget.content.widgets.length > 0"
)
#: The page has taken over the widgets of a kernel that lives already: there are some, and no more
#: come.  Cells that run before that can break what is just being taken over.
RESTORED = f"""async () => {{
  let before = -1;
  while (true) {{
    const now = {_KERNEL}?._comms?.size ?? 0;
    if (now > 10 && now === before) return;
    before = now;
    await new Promise(later => setTimeout(later, 300));
  }}
}}"""
EXECUTE = f"async code => {{ await {_KERNEL}.requestExecute({{code}}).done; }}"
IDLE = f"() => {_KERNEL}?.status === 'idle'"
RUN_ALL = """async () => {
  await window.jupyterapp.commands.execute('notebook:run-all-cells');
  const cells = window.jupyterapp.shell.currentWidget.content.widgets
    .filter(c => c.model.type === 'code');
  return {
    left: cells.filter(c => c.model.sharedModel.getSource().trim()
      && c.model.executionCount == null).length,
    errors: cells.flatMap(c => c.model.outputs.toJSON())
      .filter(o => o.output_type === 'error').map(o => o.ename + ': ' + o.evalue),
  };
}"""


def browser_path() -> str | None:
    """An installed Chromium, Chrome or Edge."""
    names = ["chromium", "chromium-browser", "google-chrome", "chrome", "msedge", "microsoft-edge"]
    homes = [os.environ.get(one, "") for one in ("PROGRAMFILES", "PROGRAMFILES(X86)")]
    homes.append(os.environ.get("LOCALAPPDATA", ""))
    tails = ["Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"]
    found = [
        os.environ.get("BROWSER_PATH"),
        *map(shutil.which, names),
        *[str(Path(home, tail)) for home in homes if home for tail in tails],
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ]
    return next((one for one in found if one and Path(one).exists()), None)


RUN_CELL = """async (start) => {
  const app = window.jupyterapp, notebook = app.shell.currentWidget.content;
  const at = notebook.widgets.findIndex(c => c.model.sharedModel.getSource().startsWith(start));
  notebook.deselectAll();
  notebook.activeCellIndex = at;
  await app.commands.execute('notebook:run-cell');
}"""
#: The texts of all cells, to see that no shortcut has changed them.
CELLS = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .map(c => c.model.type + ' ' + c.model.sharedModel.getSource())"""


def ask(url: str, *, data: bytes | None = None, method: str = "") -> Any:
    """The JSON behind an address on this computer; `data` makes it a POST."""
    method = method or ("POST" if data is not None else "GET")
    # without its type the body would be taken for a form, and read away
    kind = {"Content-Type": "application/json"} if data is not None else {}
    request = urllib.request.Request(url, data=data, method=method, headers=kind)
    with urllib.request.urlopen(request, timeout=60) as answer:
        body = answer.read()
    return json.loads(body) if body else None


class World:
    """The practice world through its side door: looking in, and meddling."""

    def __init__(self, described: dict[str, Any]) -> None:
        self.env: dict[str, str] = described["env"]
        self._door = self.env["SOCIALS_WORLD_URL"]

    def state(self) -> dict[str, Any]:
        """What IMatch, Flickr and Pixelfed hold."""
        return dict(ask(f"{self._door}/state"))

    def count(self, service: str, operation: str) -> int:
        """How often something was asked of a service."""
        found = ask(f"{self._door}/requests?service={service}")["requests"]
        return sum(operation == one["operation"] for one in found)

    def slow(self, seconds: float, service: str = "flickr") -> None:
        """Each answer of a service that much later."""
        self._tell("latency", seconds=seconds, service=service)

    def fail(self, match: str, *, service: str = "flickr", **how: Any) -> None:
        """The next calls that match go wrong."""
        self._tell("fail", match=match, service=service, **how)

    def lose(self, seconds: float, service: str = "flickr") -> None:
        """A service cannot be reached for a while; 0 seconds: from now on it can."""
        self._tell("lose", seconds=seconds, service=service)

    def reset(self) -> None:
        """Everything as after the start."""
        self._tell("reset")

    def _tell(self, what: str, **asked: Any) -> None:
        ask(f"{self._door}/{what}", data=json.dumps(asked).encode())


@contextlib.contextmanager
def running_world(folder: Path) -> Iterator[dict[str, Any]]:
    """The practice world as a process; what it prints when it is ready."""
    errors = (folder / "world.log").open("w+", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "socials_lib", "world", "--json"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "SOCIALS_WORLD_PARENT": str(os.getpid())},
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line.startswith("{"), (folder / "world.log").read_text(encoding="utf-8")
        yield json.loads(line)
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()
        errors.close()


@contextlib.contextmanager
def running_lab(folder: Path, env: dict[str, str], *, dark: bool = False) -> Iterator[Lab]:
    """JupyterLab on a copy of the notebooks, with folders of its own."""
    token = "test-" + os.urandom(8).hex()
    _write_settings(folder / "settings", dark=dark)
    work = folder / "work"
    shutil.copytree(ROOT / "notebooks", work / "notebooks")
    names = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    own = {f"JUPYTER_{name}": str(folder / name.lower()) for name in names}
    own |= {
        "JUPYTER_TOKEN": token,
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "IPYTHONDIR": str(folder / "ipython"),
        "PYTHONUNBUFFERED": "1",
    }
    log = (folder / "server.log").open("w+", encoding="utf-8")
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "jupyterlab",
            "--no-browser",
            "--allow-root",
            "--ServerApp.ip=127.0.0.1",
            "--ServerApp.port=0",
            f"--ServerApp.root_dir={work}",
            "--LabApp.expose_app_in_browser=True",
        ],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd=work,
        env={**os.environ, **env, **own},
    )
    address = ""
    try:
        address = _address(process, folder, token)
        yield Lab(address, token, work / "notebooks")
    finally:
        _shut_down(process, address, token)
        log.close()


def _write_settings(folder: Path, *, dark: bool) -> None:
    place = folder / "@jupyterlab" / "apputils-extension"
    place.mkdir(parents=True)
    calm = {"fetchNews": "false", "checkForUpdates": False}
    theme = {"theme": "JupyterLab Dark" if dark else "JupyterLab Light"}
    (place / "notification.jupyterlab-settings").write_text(json.dumps(calm), encoding="utf-8")
    (place / "themes.jupyterlab-settings").write_text(json.dumps(theme), encoding="utf-8")


def _address(process: subprocess.Popen[bytes], folder: Path, token: str) -> str:
    """The address that the server wrote down, once it answers there."""
    end = time.monotonic() + 90
    while True:
        log = (folder / "server.log").read_text(encoding="utf-8")
        assert process.poll() is None, log
        assert time.monotonic() < end, log
        for card in (folder / "runtime_dir").glob("jpserver-*.json"):
            with contextlib.suppress(OSError, ValueError, KeyError):
                url = json.loads(card.read_text(encoding="utf-8"))["url"]
                ask(f"{url}api/status?token={token}")
                return str(url)
        time.sleep(0.1)


def _shut_down(process: subprocess.Popen[bytes], address: str, token: str) -> None:
    """A plain kill would leave the kernels behind."""
    try:
        ask(f"{address}api/shutdown?token={token}", data=b"")
    except (OSError, ValueError):
        process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Lab:
    """A running JupyterLab; `pages` are opened in a browser that was launched elsewhere."""

    def __init__(self, address: str, token: str, notebooks: Path) -> None:
        self.address, self.token, self.notebooks = address, token, notebooks

    def url(self, notebook: str) -> str:
        """A notebook in a fresh workspace."""
        return (
            f"{self.address}lab/workspaces/test/tree/notebooks/{notebook}?reset&token={self.token}"
        )

    def end_kernels(self) -> None:
        """The next page of any notebook begins with a kernel of its own."""
        sessions = f"{self.address}api/sessions"
        for one in ask(f"{sessions}?token={self.token}"):
            ask(f"{sessions}/{one['id']}?token={self.token}", method="DELETE")


class Person:
    """Somebody at a browser: opens notebooks, runs them, looks, presses."""

    def __init__(self, browser: Any, lab: Lab, *, width: int = 1280, height: int = 1400) -> None:
        self.lab = lab
        self.outside: list[str] = []
        self.broken: list[str] = []
        self.page = browser.new_page(viewport={"width": width, "height": height})
        self.page.set_default_timeout(60_000)
        self.page.route("**/*", self._route)
        self.page.on("pageerror", lambda error: self.broken.append(str(error)))
        self.page.on("console", self._on_console)

    def _on_console(self, message: Any) -> None:
        if message.type == "error":
            self.broken.append(message.text)

    def _route(self, route: Any) -> None:
        url = route.request.url
        if url.startswith((self.lab.address, "data:", "blob:")):
            route.continue_()
        else:
            self.outside.append(url)
            route.abort()

    def open(self, notebook: str) -> None:
        """Open a notebook and wait for its kernel; one reload is a fair safety net."""
        self.page.goto(self.lab.url(notebook), wait_until="domcontentloaded")
        try:
            self.page.wait_for_function(READY, timeout=45_000)
        except Exception:
            self.page.reload(wait_until="domcontentloaded")
            self.page.wait_for_function(READY, timeout=60_000)

    def reload(self) -> None:
        """Open the same notebook again, as after a press on F5; its kernel lives on."""
        notebook = self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path")
        self.open(Path(notebook).name)
        self.page.evaluate(RESTORED)

    def run_all(self) -> dict[str, Any]:
        """Run every cell; which were left out, and which ended with an error."""
        found = self.page.evaluate(RUN_ALL)
        self.page.wait_for_function(IDLE, timeout=60_000)
        return dict(found)

    def run_cell(self, start: str) -> None:
        """Run the cell whose code begins like this."""
        self.page.evaluate(RUN_CELL, start)

    def tell_kernel(self, code: str) -> None:
        """Let the kernel do something that no cell says."""
        self.page.evaluate(EXECUTE, code)

    def restart_kernel(self) -> None:
        """The kernel ends at once, as in a power cut, and a new one takes its place."""
        self.page.evaluate(f"async () => {{ await {_KERNEL}.restart(); }}")
        self.page.wait_for_function(IDLE, timeout=60_000)

    def cells(self) -> list[str]:
        """The texts of all cells."""
        return list(self.page.evaluate(CELLS))

    def see(self, selector: str) -> Any:
        """An element, scrolled into sight."""
        found = self.page.locator(selector)
        found.first.scroll_into_view_if_needed()
        return found

    def picture(self, name: str, selector: str = "") -> None:
        """Keep a picture of the page, or of one element."""
        SCREENSHOTS.mkdir(exist_ok=True)
        path = str(SCREENSHOTS / f"{name}.png")
        if selector:
            self.see(selector).first.screenshot(path=path)
        else:
            self.page.screenshot(path=path)

    def close(self) -> None:
        """Close the page; nothing was asked outside, nothing broke."""
        self.page.close()
        assert not self.outside, self.outside
        assert not self.broken, self.broken
