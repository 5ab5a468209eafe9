"""What surrounds the runs: who else is running, what is left, sign-in, set-up, the practice world.

Functions on a `Workbench`, which offers them as its own methods.

Decisions 2026-11-22
    - Another process is asked to stop through a file in the data folder, see `status`.
    - A new sign-in is used by this session at once, whatever the environment says, and kept in
      the keyring for the next ones.  In demo nothing is kept: the practice world brings its own.
"""

from __future__ import annotations

import contextlib
import os
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from socials_lib import doctor, validation
from socials_lib import plan as planning
from socials_lib.credentials import store_flickr_token, store_pixelfed_token
from socials_lib.errors import ImatchError, SettingsError, SignedOut
from socials_lib.models import COLUMNS, PLATFORMS, Action, Pending, PlatformName, Run
from socials_lib.settings.sources import service_address
from socials_lib.status import request_stop

if TYPE_CHECKING:
    from socials_lib.workbench.plans import Plans

#: How often each service counts anew, in seconds, and what it allows in that time.
_WINDOWS: Mapping[PlatformName, int] = {"flickr": 3600, "pixelfed": 60}
_PIXELFED_PER_MINUTE = 480
_COLUMN_KIND = {"posted": "Date", "url": "Hyperlink"}
_VARIABLES: Mapping[PlatformName, tuple[tuple[str, str], ...]] = {
    "flickr": (
        ("flickr_apikey", "key of your own, from Flickr"),
        ("flickr_apisecret", "the secret that belongs to it"),
        ("flickr_is_public", "1 or 0; without it photos are public"),
    ),
    "pixelfed": (
        ("pixelfed_url", "address of your server"),
        ("pixelfed_token", "token with read and write"),
        ("pixelfed_visibility", "public, unlisted or private; without it public"),
    ),
}


@dataclass(frozen=True, kw_only=True)
class OtherRun:
    """A run that is under way: `origin` in words, `since` aware or None, rows `done` of `total`."""

    origin: str
    pid: int
    since: datetime | None
    run: str = ""
    done: int = 0
    total: int = 0


@dataclass(frozen=True, kw_only=True)
class Left:
    """What a run that did not end has done, and what it has not.

    `left` is what going on with it would carry out, `not_started` those of them not even begun.
    """

    done: int
    unclear: int
    left: int
    not_started: int = 0
    keys: tuple[tuple[PlatformName, str], ...] = ()
    actions: tuple[Action, ...] = ()
    platforms: tuple[PlatformName, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SetupItem:
    """Something that the person creates in IMatch: `text` is worth copying.

    `is_there` None: IMatch could not be asked.  `needed` is false for what only adds comfort,
    and for a platform that nobody has begun to set up while there is another one.
    """

    group: Literal["category", "error category", "attribute", "variable"]
    platform: PlatformName
    text: str
    note: str = ""
    is_there: bool | None = None
    needed: bool = True


# -- runs


def other_run(wb: Plans) -> OtherRun | None:
    """Who carries out just now, this process included; None if nobody does."""
    card = wb.lock.owner()
    if card is None:
        return None
    running = next((one for one in wb.journal.history(limit=5) if one.state == "running"), None)
    done = sum(one.state != "untouched" for one in running.outcomes) if running else 0
    return OtherRun(
        origin=str(card.get("origin") or "another process"),
        pid=int(card.get("pid") or 0),
        since=_when(card.get("since")),
        run=running.run if running else "",
        done=done,
        total=done + len(wb.journal.rows_left(running.run)) if running else 0,
    )


def _when(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def ask_other_to_stop(wb: Plans) -> bool:
    """Ask the process that carries out to stop after its photo; False if nobody does."""
    other = other_run(wb)
    if other is None or not other.pid:
        return False
    return request_stop(wb.home, other.run, pid=other.pid)


def left_of(wb: Plans, run: Run) -> Left:
    """How far a run got.  A photo in work when its process died is unclear: it may have arrived."""
    rows = wb.journal.rows(run.run)
    unclear = sum(one.state in ("unknown", "open") for one in rows)
    left = wb.journal.rows_left(run.run)
    waiting = sum(one.state == "planned" for one in rows)
    return Left(
        done=len(rows) - unclear - waiting,
        unclear=unclear,
        left=len(left),
        not_started=sum(one.state == "planned" and one.row.key in left for one in rows),
        keys=left,
        actions=tuple(dict.fromkeys(one.row.action for one in rows)),
        platforms=tuple(dict.fromkeys(one.row.platform for one in rows)),
    )


def calls_used(wb: Plans, name: PlatformName) -> tuple[int, int, int]:
    """Calls marked in the window of the service, how many it allows, and the window in seconds."""
    window = _WINDOWS[name]
    allowed = wb.settings.pace.flickr_per_hour if name == "flickr" else _PIXELFED_PER_MINUTE
    budget = str(getattr(wb.platform(name), "budget", name))
    now = datetime.now(UTC).timestamp()
    return wb.journal.used(budget, now, float(window)), allowed, window


def published(wb: Plans, name: PlatformName, pending: tuple[Pending, ...] | None = None) -> int:
    """How many photos of the work list are online on a platform (read now unless given)."""
    rows = wb.load_pending(name) if pending is None else pending
    found = {
        planning.publication(one.photo, name, None).remote_id
        for one in rows
        if one.platform == name
    }
    return len(found - {""})


# -- sign-in


def finish_flickr(wb: Plans, token: str, token_secret: str) -> str:
    """Use a new sign-in from now on and keep it; words about where, for the person."""
    signed = {"SOCIALS_FLICKR_TOKEN": token, "SOCIALS_FLICKR_TOKEN_SECRET": token_secret}
    wb.set_environ({**wb.environ, **signed})
    if wb.mode == "demo":
        return _ONLY_DEMO
    names = ("SOCIALS_FLICKR_TOKEN", "SOCIALS_FLICKR_TOKEN_SECRET")
    try:
        store_flickr_token(wb.settings, token=token, token_secret=token_secret)
    except SettingsError as error:
        shown = f"A sign-in in a terminal shows what to set {' and '.join(names)} to: {_PAGE}."
        return f"{error} {_ONLY_HERE} {shown}"
    return _kept(names)


def keep_pixelfed(wb: Plans, token: str, url: str) -> tuple[str, str]:
    """Try a pasted token; the account's name, and words about where it is kept.

    Raises what the server said; the sign-in from before is back then.
    """
    server, before = _server(url), wb.environ
    signed = {"SOCIALS_PIXELFED_TOKEN": token.strip(), "SOCIALS_PIXELFED_URL": server}
    wb.set_environ({**before, **signed})
    try:
        name = wb.account("pixelfed", fresh=True).account.name
    except BaseException as error:  # whatever it was: nobody has said yet that this token is right
        wb.set_environ(before)
        if isinstance(error, SignedOut) and error.code == SignedOut.code:
            raise _not_accepted(wb, server, error) from error
        raise
    if wb.mode == "demo":
        return name, _ONLY_DEMO
    try:
        store_pixelfed_token(wb.settings, token=token.strip())
    except SettingsError as error:
        names = ("SOCIALS_PIXELFED_TOKEN", "SOCIALS_PIXELFED_URL")
        return name, f"{error} {_only_now(names)}"
    words = _kept(("SOCIALS_PIXELFED_TOKEN",))
    if before.get("SOCIALS_PIXELFED_URL", "") != server and not _is_known(wb, server):
        words += f" Put {server} into the IMatch variable pixelfed_url, so that it is found again."
    return name, words


def _not_accepted(wb: Plans, server: str, error: SignedOut) -> SignedOut:
    """It is about the token just tried: the one of before, if there is one, is another matter."""
    stays = " The sign-in of before stays in use." if "pixelfed" in wb.platforms else ""
    return SignedOut(
        f"{urlsplit(server).netloc} does not accept this token.{stays}",
        hint="Copy the token once more, whole, or make a new one there with read and write.",
        code="wrong_token",
        details=error.details,
        status=error.status,
    )


_ONLY_DEMO = "Used in this notebook only: the practice world brings its own sign-in."
_ONLY_HERE, _PAGE = "It is used in this notebook only.", "docs/sign-in.md"


def _only_now(names: tuple[str, ...]) -> str:
    return f"{_ONLY_HERE} To keep it, set {' and '.join(names)}: {_PAGE}."


def _kept(names: tuple[str, ...]) -> str:
    """A variable of the environment is stronger than the keyring, so it must not be forgotten."""
    set_ = [name for name in names if os.environ.get(name)]
    stronger = f" {' and '.join(set_)} in your environment is stronger; remove it." if set_ else ""
    return f"Kept in the keyring of this computer.{stronger}"


def _server(url: str) -> str:
    """The address of a server as people type it; raises `SettingsError` for anything else."""
    try:
        parts = urlsplit(service_address(url))
    except ValueError:
        raise SettingsError(
            "This is no address of a server.",
            hint="It begins with https and looks like `https://pixelfed.social`.",
        ) from None  # the cause may quote a password that was typed into the address
    return f"{parts.scheme}://{parts.netloc}"


def _is_known(wb: Plans, server: str) -> bool:
    with contextlib.suppress(ImatchError):
        found = wb.imatch.variable("pixelfed_url")
        return urlsplit(str(found or "")).netloc == urlsplit(server).netloc
    return False


# -- set-up


def setup_list(wb: Plans) -> tuple[SetupItem, ...]:
    """Everything that the person creates in IMatch, for both platforms.

    For both because IMatch is set up before anybody signs in.
    """
    names = PLATFORMS
    begun = [name for name in names if doctor.is_begun(wb.credentials.missing(name))]
    wanted = begun or names
    paths = [path for name in names for path in doctor.required_paths(name)]
    leaves = [path for name in names for path in validation.leaf_paths(name)]
    exists: Mapping[str, bool] = {}
    sets: Mapping[PlatformName, bool | None] = {}
    with contextlib.suppress(ImatchError):
        found = wb.imatch.setup([*paths, *leaves], names)
        exists, sets = found.categories, found.sets
    return tuple(
        one if name in wanted else replace(one, needed=False)
        for name in names
        for one in _items(wb, name, exists, sets.get(name))
    )


def _items(
    wb: Plans, name: PlatformName, exists: Mapping[str, bool], has_set: bool | None
) -> Iterator[SetupItem]:
    def item(group: Any, text: str, is_there: bool | None, **more: Any) -> SetupItem:
        return SetupItem(group=group, platform=name, text=text, is_there=is_there, **more)

    for path in doctor.required_paths(name):
        yield item("category", path, exists.get(path))
    for path in validation.leaf_paths(name):
        yield item("error category", path, exists.get(path), needed=False)
    for column in COLUMNS[name]:
        note = f"attribute of the set {name}, kind {_COLUMN_KIND.get(column, 'Text')}"
        yield item("attribute", column, has_set, note=note)
    lacking = wb.credentials.missing(name)  # what is kept elsewhere need not be in IMatch
    for variable, note in _VARIABLES[name]:
        is_set = _is_set(wb, variable)
        yield item("variable", variable, is_set, note=note, needed=variable in lacking)


def _is_set(wb: Plans, variable: str) -> bool | None:
    """True if IMatch has a value for the variable; the value itself goes nowhere."""
    try:
        value = wb.imatch.variable(variable)
    except ImatchError:
        return None
    return value is not None and str(value).strip() != ""


# -- the practice world


def reset_world(wb: Plans) -> None:
    """Start the practice world and its journal afresh; raises `SettingsError` if that cannot be."""
    url = wb.environ.get("SOCIALS_WORLD_URL", "").rstrip("/")
    if wb.mode != "demo" or urlsplit(url).hostname not in ("127.0.0.1", "localhost"):
        raise SettingsError(
            "There is no practice world to reset.", hint="It is there in demo mode only."
        )
    if wb.lock.owner() is not None:
        raise SettingsError("A run is under way.", hint="Stop it first, then reset.")
    request = urllib.request.Request(f"{url}/reset", data=b"{}", method="POST")
    request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            answer.read()
    except (urllib.error.URLError, OSError) as error:
        raise SettingsError(
            "The practice world does not answer.",
            hint="Close JupyterLab and start it again with `python start.py`.",
            details=str(error),
        ) from error


def no_flickr_key() -> SignedOut:
    """Flickr's key is not there, so no sign-in can begin."""
    return SignedOut(
        "The variable `flickr_apikey` in IMatch is empty.",
        hint="Edit > Preferences > Variables: `flickr_apikey`, `flickr_apisecret`.",
        code="key_missing",
    )
