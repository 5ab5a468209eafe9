"""Results as text for people: numbers, dates and words as in the notebooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from socials_lib import plan as planning
from socials_lib.models import Check, Event, Outcome, Plan, PlanRow, Run
from socials_lib.plan import summary as plan_summary
from socials_lib.sync import summary
from socials_lib.workbench import OtherRun

_SIGNS = {"ok": "✓", "warning": "!", "failed": "✕"}
_STATES = {
    "done": "✓ done",
    "failed": "✕ failed",
    "blocked": "✕ blocked",
    "stale": "≠ changed since",
    "skipped": "– skipped",
    "unknown": "? unclear",
    "untouched": "■ not started",
}
_COUNTS = {"metadata": "texts updated", "untouched": "not started", "unknown": "unclear"}
_COUNTS |= {"stale": "changed since"}
_APART = {"suggested": "suggested", "skip": "skipped"}
#: So many rows are listed; the rest is counted.
MOST_LINES = 40
#: Letters of a title before it is cut.
_LONGEST = 60


def photos(count: int) -> str:
    """`1 photo`, `2 photos`."""
    return f"{count:,} photo{'' if count == 1 else 's'}"


def doctor(checks: Sequence[Check]) -> str:
    """The checklist."""
    good = sum(one.state == "ok" for one in checks)
    lines = [f"{good:,} of {len(checks):,} ready"]
    for one in checks:
        lines.append(f" {_SIGNS[one.state]} {one.name:<22} {one.found}")
        if one.hint:
            lines.append(f"     {one.hint}")
        if one.state != "ok":
            lines += [f"         {line}" for line in _worth_copying(one)]
    return "\n".join(lines)


def bundle(path: Path, names: Sequence[str]) -> str:
    """Where the bundle of the doctor is, and what is in it."""
    lines = [f"Written to {path}; read it before you send it. It holds:"]
    return "\n".join([*lines, *(f"   {name}" for name in names)])


def _worth_copying(one: Check) -> Sequence[str]:
    """The exact texts of a check that its line does not show yet."""
    return [line for line in one.copy.splitlines() if line not in one.found + one.hint]


def plan(plan: Plan) -> str:
    """Counts that add up, then the rows."""
    lines = [f"Plan {plan.plan_id}, {plan.mode.upper()}"]
    lines += [f"! {warning}" for warning in plan.warnings]
    lines += [_plan_counts(name, counts) for name, counts in plan_summary(plan).items()]
    lines += [_forecast(name, plan) for name in plan.accounts if _todo(name, plan)]
    rows = [row for row in plan.rows if row.action != "none" or row.blocked]
    lines += [_plan_line(row) for row in rows[:MOST_LINES]]
    if len(rows) > MOST_LINES:
        lines.append(f"   … and {len(rows) - MOST_LINES:,} more (use --json or --out FILE)")
    lines += [] if rows else ["Nothing is pending."]
    return "\n".join(lines)


def _todo(platform: str, plan: Plan) -> list[PlanRow]:
    return [row for row in planning.to_do(plan.rows) if row.platform == platform]


def _forecast(platform: str, plan: Plan) -> str:
    """`Flickr: 37 photos, at most 118 calls, 214 MB, about 6 min`."""
    made = planning.forecast(_todo(platform, plan))
    size = f", {made.bytes / planning.MEGABYTE:,.1f} MB" if made.bytes else ""
    minutes = max(1, round(made.seconds / 60))
    return (
        f"{platform.capitalize()}: {photos(made.photos)}, at most {made.calls:,} calls{size},"
        f" about {minutes:,} min"
    )


def _plan_counts(platform: str, counts: Mapping[str, int]) -> str:
    """`Flickr: 75 pending = 35 add + 40 blocked    (1 skipped)`; rows that do nothing are none."""
    active = {word: n for word, n in counts.items() if n and word not in (*_APART, "none")}
    terms = " + ".join(f"{n:,} {word}" for word, n in active.items()) or "0"
    apart = [f"{counts[word]:,} {name}" for word, name in _APART.items() if counts.get(word)]
    line = f"{platform.capitalize()}: {sum(active.values()):,} pending = {terms}"
    return line + (f"    ({', '.join(apart)})" if apart else "")


def _plan_line(row: PlanRow) -> str:
    head = f"   {row.platform:<9} {row.action:<9} {row.file_id:>8}  {_cut(row.title)}"
    if row.blocked:
        codes = [one.code for one in row.problems if one.severity == "error"]
        return f"{head}  ✕ {_list(codes) or row.reason}"
    codes = [one.code for one in row.problems]
    notes = _list([*(["suggested"] if row.suggested else []), *codes])
    return f"{head}  ! {notes}" if notes else head


def _list(codes: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(codes))


def _cut(title: str) -> str:
    line = " ".join(title.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def question(todo: Sequence[PlanRow], mode: str) -> str:
    """What a person on the terminal is asked before anything is sent."""
    gone = sum(row.action in ("delete", "repost") for row in todo)
    leaving = f" ({photos(gone)} would leave for good)" if gone else ""
    where = "the real accounts" if mode == "live" else "the practice world"
    return f"Carry this out on {where}, {photos(len(todo))}{leaving}? [y/N] "


def run(run: Run) -> str:
    """What happened: counts, then everything that is not plain success."""
    lines = [f"{run.message} {run.hint}".strip()] if run.message else []
    for platform, counts in summary(run.outcomes).items():
        begun = sum(_is_begun(one) for one in run.outcomes if one.platform == platform)
        counts["untouched"] -= begun
        terms = _terms(counts | ({"begun": begun} if begun else {}))
        lines.append(f"{platform.capitalize()}: {terms or 'nothing to do'}")
    said: set[str] = {run.hint}
    for one in run.outcomes:
        lines += _outcome_lines(one, said)
    return "\n".join(lines) or "Nothing to do."


def _terms(counts: Mapping[str, int]) -> str:
    words = {name: _COUNTS.get(name, name) for name in counts}
    if counts.get("metadata") == 1:
        words["metadata"] = "text updated"
    return ", ".join(f"{n:,} {words[name]}" for name, n in counts.items() if n)


def _outcome_lines(one: Outcome, said: set[str]) -> Iterator[str]:
    """The photo, the fact, the way out; a hint that stands above already is not said again."""
    if one.state == "done" and not one.warnings:
        return
    state = "◐ begun" if _is_begun(one) else _STATES[one.state]
    yield f"   {one.platform:<9} {one.file_id:>8}  {state}: {one.message or one.name}"
    if one.hint and one.hint not in said:
        said.add(one.hint)
        yield f"             {one.hint}"
    for note in one.warnings:
        yield f"             ! {note.message}"


def _is_begun(one: Outcome) -> bool:
    """Broken off by a stop; the rest of the `untouched` ones were not started."""
    return one.state == "untouched" and one.code == "begun"


def open_runs(runs: Sequence[Run]) -> str:
    """Runs that `resume` would go on with."""
    if not runs:
        return "Nothing is open."
    return "\n".join(
        ["Open is:", *(_history_line(one, datetime.now().astimezone()) for one in runs)]
    )


def stopping(other: OtherRun | None) -> str:
    """Who was asked to stop, and how far they are."""
    if other is None:
        return "Nothing is under way."
    since = f", since {when(other.since, datetime.now().astimezone())}" if other.since else ""
    far = f", {other.done:,} of {other.total:,}" if other.total else ""
    return (
        f"Asked to stop after its photo: {other.origin}{since}{far}."
        " `socials resume` goes on with what is left."
    )


def history(runs: Sequence[Run]) -> str:
    """One line a run."""
    now = datetime.now().astimezone()
    return "\n".join(_history_line(one, now) for one in runs) or "No run yet."


def _history_line(one: Run, now: datetime) -> str:
    parts = [
        f"{platform.capitalize()}: {_terms(counts) or '–'}"
        for platform, counts in summary(one.outcomes).items()
    ]
    result = "; ".join(parts) or "nothing to do"
    took = f", {_span(one.ended - one.started)}" if one.ended else ""
    head = f"{when(one.started, now):>18}  {one.run}  {one.state:<8} {one.origin or '–':<14}"
    return f"{head} {result}{took}"


def when(moment: datetime, now: datetime) -> str:
    """`21 Nov 2026, 18:42`; today only the clock."""
    local = moment.astimezone(now.tzinfo)
    clock = f"{local:%H:%M}"
    return clock if local.date() == now.date() else f"{local.day} {local:%b %Y}, {clock}"


def _span(took: timedelta) -> str:
    seconds = round(took.total_seconds())
    if seconds < 100:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def event(event: Event) -> str:
    """A line of progress, "" for events that are not worth one."""
    if event.step == "row" and event.outcome is not None:
        count = f"{event.done:,} of {event.total:,}" if event.total else ""
        return f"{count:>14}  {_STATES[event.outcome.state]:<16} “{_cut(event.title)}”"
    if event.step == "wait" and event.until is not None:
        return f"{'':>14}  … waiting until {event.until.astimezone():%H:%M:%S}: {event.message}"
    return ""
