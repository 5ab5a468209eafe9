"""What the page can ask for: each order ends at once and tells one JSON document.

Long work is left to a worker (`worker`).  `hello`, `status --brief` and `stop` are light: they do
without the workbench, because the page asks them every few seconds.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from socials_lib.errors import AnotherRun, NotApproved, PlanError, SettingsError
from socials_lib.imatch_app.command import ENTRY
from socials_lib.imatch_app.installer import library_version, page_mark
from socials_lib.imatch_app.jobs import Asked, Jobs, Kind, new_name
from socials_lib.imatch_app.overview import deletes_in, run_view
from socials_lib.models import Action, PlatformName, to_plain
from socials_lib.settings import Settings
from socials_lib.status import Status, read_status, request_stop
from socials_lib.system import open_in_browser, process_is_alive, start_detached, write_whole

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

#: Seconds after which a status that nobody renewed is looked at more closely.
_OLD = 60.0
_LOOK = 0.2
#: Letters of ids that fit onto a command line with room to spare (32,767 on Windows).
MOST_ID_LETTERS = 8_000
_ROOT = Path(__file__).resolve().parents[2]
Document = dict[str, Any]
Start = Callable[..., int]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where the orders of one data folder are given; `start` begins a detached program."""

    environ: Mapping[str, str]
    home: Path
    mode: str
    start: Start = start_detached
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _kept: dict[str, Workbench] = field(default_factory=dict)

    @classmethod
    def of(cls, environ: Mapping[str, str], **more: Any) -> Desk:
        """The desk of the data folder that the environment names; asks nobody."""
        settings = Settings.load(environ=environ)
        return cls(environ=environ, home=settings.home, mode=settings.mode, **more)

    @property
    def jobs(self) -> Jobs:
        """The jobs of this data folder."""
        return Jobs(self.home)

    @property
    def wb(self) -> Workbench:
        """The workbench, made when an order needs it."""
        from socials_lib.workbench import Workbench  # late: light orders do without

        if "wb" not in self._kept:
            self._kept["wb"] = Workbench.open(environ=self.environ)
        return self._kept["wb"]


# -- looking


def hello() -> Document:
    """Who is there; the proof that the command runs."""
    return {"page": page_mark(), "version": library_version()}


def brief(desk: Desk, *, seen: str = "", wait: float = 0.0) -> Document:
    """How far job and run are; with `wait` (seconds) as soon as that differs from `seen`.

    A waiting order saves starting programs while nothing happens.
    """
    end = desk.clock() + wait
    found = _brief(desk)
    while found["mark"] == seen and desk.clock() < end:
        desk.sleep(_LOOK)
        found = _brief(desk)
    return {**hello(), **found, "mode": desk.mode, "now": _now().isoformat()}


def _brief(desk: Desk) -> Document:
    job, run = desk.jobs.newest(), _run(desk)
    found = {
        "job": {**to_plain(job), "result": None} if job else None,
        "run": {**to_plain(run), "is_going": run.is_going} if run else None,
    }
    mark = hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:16]
    return {**found, "mark": mark}


def _run(desk: Desk) -> Status | None:
    """The run's status; an old one that says `running` is compared with the run lock."""
    found = read_status(desk.home)
    if found is None or not found.is_going:
        return found
    return desk.wb.watch() if (_now() - found.updated).total_seconds() > _OLD else found


def status(desk: Desk) -> Document:
    """All that a page needs when it opens: who runs, how the last run ended, what is left."""
    wb = desk.wb
    other = wb.other_run()
    last = next(iter(wb.history(limit=1)), None)
    left = next(iter(wb.open_runs()), None)
    found: Document = {
        "other": to_plain(other) if other else None,
        "last": None,
        "left": None,
        "home": str(desk.home),
    }
    if last is not None and last.state != "running":
        found["last"] = run_view(last, wb.rows_of(last))
    if left is not None and other is None:
        found["left"] = {"run": left.run, **_left(wb, left)}
    return {**brief(desk), **found}


def _left(wb: Workbench, run: Any) -> Document:
    """How much of a run that did not end is done, half done or unclear, not started.

    `left` is how many rows going on would be about.
    """
    found, rows = wb.left_of(run), len(wb.rows_of(run))
    waiting = max(0, rows - found.done - found.unclear)
    return {
        "done": found.done,
        "unclear": found.unclear,
        "waiting": waiting,
        "left": found.left or found.unclear,
    }


def show_plan(desk: Desk, plan: str) -> Document:
    """A plan as the page shows it."""
    view = _view(desk, plan)
    return {name: value for name, value in view.items() if name != "keys"}


# -- doing


def make_plan(
    desk: Desk,
    *,
    platforms: Sequence[PlatformName] = (),
    ids: Sequence[str] | None = None,
    selection: bool = False,
) -> Document:
    """Let a worker build a plan: of all pending photos, of some, or of IMatch's selection."""
    _refuse_if_at_work(desk)
    chosen = None if ids is None else tuple(dict.fromkeys(ids))
    if selection:
        chosen = desk.wb.imatch.selected_files()
        if not chosen:
            raise SettingsError(
                "Nothing is selected in IMatch's file window.",
                hint="Select photos there, or choose all pending photos.",
                code="nothing_selected",
            )
    scope = "selection" if selection else "all" if chosen is None else "ids"
    return _begin(desk, "plan", platforms=tuple(platforms), ids=chosen, scope=scope)


def start_run(
    desk: Desk,
    *,
    plan: str,
    platforms: Sequence[PlatformName] = (),
    only: Sequence[Action] = ("add", "update", "metadata"),
    delete_count: int | None = None,
) -> Document:
    """Let a worker carry out a plan that was shown; deletes only with their exact number.

    Raises `AnotherRun` by name if anybody carries out just now.
    """
    view = _view(desk, plan)
    known = [one["name"] for one in view["platforms"]]
    for name in platforms:
        if name not in known:
            raise PlanError(f"This plan has nothing for {name}.", hint="Show the plan again.")
    names = tuple(platforms) or tuple(known)
    deletes = _consent(view, names, delete_count) if "delete" in only else None
    _refuse_if_at_work(desk)
    _refuse_other_run(desk)
    return _begin(desk, "run", plan=plan, platforms=names, only=tuple(only), deletes=deletes)


def _consent(view: Document, names: Sequence[PlatformName], typed: int | None) -> int:
    """The typed number if it is that of the plan and may leave at once."""
    if len(names) != 1:
        raise NotApproved("Photos leave one platform at a time.", hint="Choose one platform.")
    number = deletes_in(view, names[0])
    if typed != number:
        raise NotApproved(
            f"The field says “delete {'?' if typed is None else typed}”, but {_photos(number)}"
            f" {'is' if number == 1 else 'are'} listed.",
            hint=f"Type delete {number}.",
            code="wrong_count",
        )
    most = next(one["most_deletes"] for one in view["platforms"] if one["name"] == names[0])
    if number > most:
        raise NotApproved(
            f"{_photos(number)} would go; at most {most:,} can go at once.",
            hint="Nothing is deleted. Untick some in JupyterLab, or say the number on the command"
            f" line: socials sync {names[0]} --only delete --approve-deletes {number}",
            code="too_many_deletes",
        )
    return number


def resume(desk: Desk, *, run: str = "") -> Document:
    """Let a worker go on with a run that was stopped or died."""
    _refuse_if_at_work(desk)
    _refuse_other_run(desk)
    return _begin(desk, "resume", run=run)


def stop(desk: Desk) -> Document:
    """Ask whoever carries out, or builds our plan, to end after the photo in work."""
    job, run = desk.jobs.going(), read_status(desk.home)
    if job is not None:
        desk.jobs.ask_to_stop(job.job)
    is_asked = run is not None and run.is_going and request_stop(desk.home, run.run, pid=run.pid)
    if job is None and not is_asked:
        return {"stopping": False, "message": "Nothing is under way."}
    return {"stopping": True, "message": "Stopping after the photo in work."}


def open_report(desk: Desk, *, run: str) -> Document:
    """Open the report of a run in the person's browser; the page itself may not."""
    found = next((one for one in desk.wb.history() if one.run == run), None)
    if found is None:
        raise PlanError(f"There is no run {run}.", hint="See `socials history`.", code="no_run")
    path = desk.wb.report(found).html
    return {"report": str(path), "opened": open_in_browser(path)}


def open_lab(desk: Desk, *, again: bool = False) -> Document:
    """Start JupyterLab on the notebooks, with the mode and data folder of this page."""
    card = desk.jobs.folder / "lab.json"
    known = _card(card)
    if not again and process_is_alive(int(known.get("pid", 0))):
        return {"started": False, "since": known.get("since")}
    words = [sys.executable, "-m", "socials_lib", "lab"]
    pid = desk.start(words, env=dict(desk.environ), cwd=_ROOT)
    since = _now().isoformat()
    write_whole(card, json.dumps({"pid": pid, "since": since}).encode("ascii"))
    return {"started": True, "since": since}


def _card(path: Path) -> Document:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


# -- shared


def _begin(desk: Desk, kind: Kind, **what: Any) -> Document:
    """Write down what is to be done and start a worker on it."""
    asked = Asked(job=new_name(), kind=kind, **what)
    with desk.jobs.claim():  # two presses at the same moment: one of them comes second
        _refuse_if_at_work(desk)
        job = desk.jobs.create(asked)
    try:
        desk.start(
            [sys.executable, "-P", str(ENTRY), "work", asked.job],
            env=dict(desk.environ),
            cwd=desk.home,
        )
    except OSError as error:
        desk.jobs.ended(job, "The worker could not be started.")
        raise SettingsError(
            f"The worker could not be started: {error.strerror or error}.",
            hint=f"Try: {subprocess.list2cmdline([sys.executable, str(ENTRY), 'hello'])}",
            code="not_started",
        ) from error
    return {"job": to_plain(job)}


def _view(desk: Desk, plan: str) -> Document:
    view = desk.jobs.plan(plan)
    if view is None:
        raise PlanError("This plan is no longer here.", hint="Show the plan again.", code="no_plan")
    return view


def _refuse_if_at_work(desk: Desk) -> None:
    """One job of the page at a time."""
    job = desk.jobs.going()
    if job is None:
        return
    what = "A plan is being made" if job.kind == "plan" else "Another run is under way"
    raise AnotherRun(
        f"{what}: IMatch panel, since {_clock(job.asked)}.",
        hint="Wait until it has ended, or ask it to stop.",
    )


def _refuse_other_run(desk: Desk) -> None:
    other = desk.wb.other_run()
    if other is None:
        return
    parts = [other.origin, f"since {_clock(other.since)}" if other.since else ""]
    parts.append(f"{other.done:,} of {other.total:,}" if other.total else "")
    raise AnotherRun(
        f"Another run is under way: {', '.join(filter(None, parts))}.",
        hint="Wait until it has ended, or ask it to stop.",
    )


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone():%H:%M}"


def _photos(count: int) -> str:
    return f"{count:,} photo{'' if count == 1 else 's'}"


def _now() -> datetime:
    return datetime.now(UTC)


def ids_from(text: str) -> tuple[str, ...]:
    """File ids separated by commas, blanks or lines; raises `SettingsError` for other words."""
    found = text.lstrip("\ufeff").replace(",", " ").split()
    wrong = next((one for one in found if not (one.isascii() and one.isdigit())), None)
    if wrong is not None or not found:
        raise SettingsError(
            f"“{(wrong or '')[:40]}” is no file id." if wrong else "There is no file id.",
            hint="File ids of IMatch are numbers: 1201,1202",
            code="bad_ids",
        )
    return tuple(found)


def read_ids(path: str | os.PathLike[str]) -> tuple[str, ...]:
    """File ids from a file, for as many as a command line does not hold."""
    try:
        return ids_from(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} cannot be read.", hint="It should hold file ids as text.", code="file"
        ) from error
