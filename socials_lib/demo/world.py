"""The rehearsal world: the three stand-ins together, with the sample library and a home.

    with World() as world:                       # in a test, or
        os.environ.update(world.env)
    python -m socials_lib.demo.world --json      # as a process of its own

Setting the variables of `env` is all a client needs.  The home (`SOCIALS_HOME`) is a fresh folder
that goes when the world ends, or a folder given; a folder given must be new, empty, or have been
a world's home before, because `reset` deletes everything in it but the pictures.

Decision 2026-11-22: one port number N given means N for IMatch, N+1 Flickr, N+2 Pixelfed, N+3 the
side door, so that a bookmark survives a restart.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self, TextIO

from socials_lib.demo import library, parent, words
from socials_lib.demo.flickr import FlickrStandIn
from socials_lib.demo.imws import ImwsStandIn, Processes, Webroot
from socials_lib.demo.pixelfed import PixelfedStandIn
from socials_lib.demo.seed import Seed
from socials_lib.demo.server import Fault, StandIn
from socials_lib.demo.side_door import SideDoor

#: Says that a folder belongs to a rehearsal world and may be emptied by it.
MARKER = ".rehearsal-world"
PICTURES = "pictures"


class World:
    """IMatch, Flickr and Pixelfed on the loopback, a side door, a home.

    `photos`: the library is made of this folder's pictures instead of the sample library.
    `pictures`: where the sample pictures lie or are painted (default: in the home); tests share
    one folder.  `webroot`: IMatch serves the pages of apps in there; they may run a program only if
    `may_run` says with which words it begins.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        home: Path | None = None,
        photos: Path | None = None,
        pictures: Path | None = None,
        webroot: Path | None = None,
        may_run: Sequence[str] = (),
    ) -> None:
        ports = [port and port + step for step in range(4)]
        pages = Webroot(webroot, self._processes(may_run)) if webroot is not None else None
        self.imatch = ImwsStandIn(Seed(), port=ports[0], webroot=pages)
        self.flickr = FlickrStandIn(port=ports[1])
        self.pixelfed = PixelfedStandIn(port=ports[2])
        self.side_door = SideDoor(self, port=ports[3])
        self.services: dict[str, StandIn] = {
            "imatch": self.imatch,
            "flickr": self.flickr,
            "pixelfed": self.pixelfed,
        }
        self.sample: library.Sample | None = None
        self.notes: list[str] = []
        self._given_home = home
        self._photos = photos
        self._pictures = pictures
        self._home: Path | None = None
        self._timers: list[threading.Timer] = []
        self._lost: dict[str, Fault] = {}

    def _processes(self, may_run: Sequence[str]) -> Processes | None:
        """Programs see this world, whatever world surrounds us."""
        if not may_run:
            return None
        return Processes(may_run, lambda: {**os.environ, **self.env})

    # what a client needs

    @property
    def home(self) -> Path:
        """The folder for settings, journal, cache and reports of the clients of this world."""
        if self._home is None:
            raise RuntimeError("the world is not running")
        return self._home

    @property
    def addresses(self) -> dict[str, str]:
        """Service -> address."""
        return {name: one.url for name, one in self.services.items()}

    @property
    def env(self) -> dict[str, str]:
        """The environment that makes a client use this world and nothing else."""
        return {
            "SOCIALS_MODE": "demo",
            "SOCIALS_HOME": str(self.home),
            "SOCIALS_IMATCH_URL": self.imatch.url,
            "SOCIALS_IMATCH_USER": "demo",
            "SOCIALS_FLICKR_URL": self.flickr.url,
            "SOCIALS_FLICKR_APIKEY": self.flickr.api_key,
            "SOCIALS_FLICKR_APISECRET": self.flickr.api_secret,
            "SOCIALS_FLICKR_TOKEN": self.flickr.token,
            "SOCIALS_FLICKR_TOKEN_SECRET": self.flickr.token_secret,
            "SOCIALS_PIXELFED_URL": self.pixelfed.url,
            "SOCIALS_PIXELFED_TOKEN": self.pixelfed.token,
            "SOCIALS_RECOVERY_LOOK_WAITS": "[0, 0.2]",
            "SOCIALS_WORLD_URL": self.side_door.url,
        }

    def describe(self) -> dict[str, Any]:
        """The contract of `socials world`, ready for `json.dumps`."""
        return {
            **{f"{name}_url": address for name, address in self.addresses.items()},
            "home": str(self.home),
            "env": self.env,
            "side_url": self.side_door.url,
            **({"notes": self.notes} if self.notes else {}),
            **self._pages(),
        }

    def _pages(self) -> dict[str, list[str]]:
        """The first pages of all apps, if there is a web folder."""
        if self.imatch.webroot is None:
            return {}
        apps = self.imatch.webroot.apps.items()
        base = f"{self.imatch.url}/user"
        return {"pages": [f"{base}/{name}/{card['defaultDocument']}" for name, card in apps]}

    def snapshot(self) -> dict[str, Any]:
        """What the three hold, fit for JSON."""
        found = {}
        for name, one in self.services.items():
            with one._lock:
                found[name] = one.backend.snapshot()
        return found

    # life

    def start(self) -> Self:
        """Make the home, start the four servers, fill them."""
        try:
            if self._given_home is None:
                self._home = Path(tempfile.mkdtemp(prefix="socials-world-")).resolve()
                _mark(self._home)
            else:
                self._home = _open_home(self._given_home)
            for server in (*self.services.values(), self.side_door):
                _start(server)
            self._fill()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Close the servers; a home of our own making is removed."""
        self._cancel_timers()
        for server in (self.side_door, *self.services.values()):
            server.stop()
        if self._home is not None and self._given_home is None:
            shutil.rmtree(self._home, ignore_errors=True)
        self._home = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def reset(self) -> list[str]:
        """Everything as after the start, under the same addresses, keys and tokens.

        Returns the names in the home that could not be deleted (open files on Windows).
        """
        with contextlib.ExitStack() as held:
            for one in self.services.values():
                held.enter_context(one._lock)
            self._cancel_timers()
            for one in self.services.values():
                one.reset()
                one.latency = 0.0
            self._fill()
            return _empty(self.home)

    def lose(self, seconds: float, *names: str) -> None:
        """These services, or all three, drop every connection for so many seconds from now.

        It replaces a loss that is under way: 0 seconds bring them back at once.
        """
        for name in names or tuple(self.services):
            one = self.services[name]
            if (before := self._lost.pop(name, None)) is not None:
                _end(one, before)
            if not seconds:
                continue
            fault = self._lost[name] = Fault(match="*", reset=True, times=-1)
            with one._lock:
                one.faults.insert(0, fault)
            timer = threading.Timer(seconds, _end, [one, fault])
            timer.daemon = True
            timer.start()
            self._timers.append(timer)

    def _cancel_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def _fill(self) -> None:
        """The library into IMatch; what was published before onto the platforms."""
        flickr_pages = f"{self.flickr.url}/photos/demo"
        if self._photos is not None:
            seed = library.from_folder(self._photos)
            self.notes = seed.notes
        else:
            self.sample = library.sample(self._pictures or self.home / PICTURES)
            seed = library.publish(
                self.sample,
                self.flickr.backend,
                self.pixelfed.backend,
                flickr_pages=flickr_pages,
                pixelfed_pages=f"{self.pixelfed.url}/p/demo",
            )
        seed.variables |= {
            "flickr_apikey": self.flickr.api_key,
            "flickr_apisecret": self.flickr.api_secret,
            "flickr_url": flickr_pages,
            "pixelfed_token": self.pixelfed.token,
            "pixelfed_url": self.pixelfed.url,
        }
        self.imatch.backend.load(seed)


def _start(server: StandIn) -> None:
    try:
        server.start()
    except SystemExit as err:  # werkzeug's answer to a port in use
        raise OSError(f"the port for the {server.name} stand-in is in use") from err


def _end(server: StandIn, fault: Fault) -> None:
    with server._lock:
        # this very one: equal faults may have been added since
        server.faults[:] = [one for one in server.faults if one is not fault]


def _open_home(given: Path) -> Path:
    """A home that was given, marked as ours; refuses a folder with somebody else's things."""
    home = given.expanduser().resolve()
    home.mkdir(parents=True, exist_ok=True)
    if any(home.iterdir()) and not (home / MARKER).exists():
        raise FileExistsError(
            f"{home} is not empty and no practice world's home: its files could be lost"
        )
    _mark(home)
    return home


def _mark(home: Path) -> None:
    (home / MARKER).write_text("A practice world may delete what is in here.\n", encoding="utf-8")


def _empty(home: Path) -> list[str]:
    """Delete everything in a home but the pictures; returns what would not go."""
    left = []
    for entry in sorted(home.iterdir()):
        if entry.name in (MARKER, PICTURES):
            continue
        try:
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
        except OSError:
            left.append(entry.name)
    return left


def serve(
    *,
    port: int = 0,
    photos: Path | None = None,
    as_json: bool,
    home: Path | None = None,
    out: TextIO,
    with_parent: bool = False,
    webroot: Path | None = None,
    may_run: Sequence[str] = (),
) -> int:
    """Run a world until it is stopped; writes one JSON line, or text for people, when ready.

    Stops at Ctrl-C, SIGTERM (SIGBREAK on Windows), and `with_parent` at the end of standard input.
    If the environment names a parent (`SOCIALS_WORLD_PARENT`), also when that process is gone, and
    at the end of standard input if that is a pipe.  Returns the exit code.
    """
    stop = threading.Event()
    if with_parent or (parent.parent_number() is not None and parent.is_pipe()):
        parent.watch_standard_input(stop)
    with _signals(stop):
        try:
            with World(
                port=port, home=home, photos=photos, webroot=webroot, may_run=may_run
            ) as world:
                described = world.describe()
                out.write(json.dumps(described) + "\n" if as_json else words.ready(described))
                out.flush()
                _wait(stop)
        except KeyboardInterrupt:
            return 0
        except OSError as err:
            out.write(words.failure(err, as_json=as_json))
            return 1
    return 0


def _wait(stop: threading.Event) -> None:
    """Until the event is set or the parent is gone; short waits, or Windows hears no Ctrl-C."""
    number = parent.parent_number()
    while not stop.wait(0.5):
        if number is not None and not parent.is_running(number):
            return


@contextlib.contextmanager
def _signals(stop: threading.Event) -> Iterator[None]:
    """SIGTERM and its like end the program as Ctrl-C does (signals reach the main thread only).

    `stop` is set as well: Python throws an exception away that a signal raises inside a finalizer
    or a callback of the garbage collector, and the world would then run for ever.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    names = [name for name in ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.getsignal(getattr(signal, name)) for name in names}
    if before.get("SIGHUP") == signal.SIG_IGN:  # nohup: is to outlive its terminal
        del before["SIGHUP"]

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()
        signal.default_int_handler(number, frame)

    for name in before:
        signal.signal(getattr(signal, name), end)
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of `python -m socials_lib.demo.world`."""
    parser = argparse.ArgumentParser(prog="socials world", description="Runs the practice world.")
    parser.add_argument(
        "--port", type=int, default=0, help="first of four ports (default: free ones)"
    )
    parser.add_argument("--photos", type=Path, help="folder with your own pictures, never changed")
    parser.add_argument("--home", type=Path, help="folder to keep the world's things in")
    parser.add_argument("--json", action="store_true", help="one line of JSON when ready")
    parser.add_argument("--parent", action="store_true", help="stop when standard input ends")
    given = parser.parse_args(arguments)
    return serve(
        port=given.port,
        photos=given.photos,
        as_json=given.json,
        home=given.home,
        out=sys.stdout,
        with_parent=given.parent,
    )


if __name__ == "__main__":
    sys.exit(main())
