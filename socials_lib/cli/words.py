"""Results as text for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from socials_lib.models import Check, Event, Outcome, Plan, PlanRow, Run
from socials_lib.plan import summary as plan_summary
from socials_lib.sync import summary

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
#: So many rows of a kind are listed; the rest is counted.
MOST_LINES = 40


def photos(count: int) -> str:
    """`1 photo`, `2 photos`."""
    return f"{count:,} photo{'' if count == 1 else 's'}"


def doctor(checks: Sequence[Check]) -> str:
    """The checklist."""
    good = sum(one.state == "ok" for one in checks)
    lines = [f"{good} of {len(checks)} ready"]
    for one in checks:
        lines.append(f" {_SIGNS[one.state]} {one.name:<22} {one.found}")
        if one.hint:
            lines.append(f"     {one.hint}")
    return "\n".join(lines)


def plan(plan: Plan) -> str:
    """Counts that add up, then the rows."""
    lines = [f"Plan {plan.plan_id} ({plan.mode})"]
    lines += [f"! {warning}" for warning in plan.warnings]
    for platform, counts in plan_summary(plan).items():
        active = {word: n for word, n in counts.items() if n and word not in _APART}
        apart = [f"{n} {word}" for word, n in counts.items() if n and word in _APART]
        total = sum(active.values())
        terms = " + ".join(f"{n} {word}" for word, n in active.items()) or "0"
        line = f"{platform.capitalize()}: {total} pending = {terms}"
        lines.append(line + (f"    ({', '.join(apart)})" if apart else ""))
    rows = [row for row in plan.rows if row.action != "none" or row.blocked]
    lines += [_plan_line(row) for row in rows[:MOST_LINES]]
    if len(rows) > MOST_LINES:
        lines.append(f"   … and {len(rows) - MOST_LINES:,} more (use --json or --out FILE)")
    if not rows:
        lines.append("Nothing is pending.")
    return "\n".join(lines)


_APART = ("suggested", "skip", "none")


def _plan_line(row: PlanRow) -> str:
    title = row.title if len(row.title) <= 60 else row.title[:59] + "…"
    head = f"   {row.platform:<9} {row.action:<9} {row.file_id:>8}  {title}"
    if row.blocked:
        codes = ", ".join(one.code for one in row.problems if one.severity == "error")
        return f"{head}  ✕ {codes or row.reason}"
    warnings = ", ".join(one.code for one in row.problems)
    notes = [word for word, is_so in (("suggested", row.suggested), (warnings, warnings)) if is_so]
    return f"{head}  ! {', '.join(notes)}" if notes else head


def run(run: Run) -> str:
    """What happened: counts, then everything that is not plain success."""
    lines = []
    if run.message:
        lines.append(f"{run.message} {run.hint}".strip())
    for platform, counts in summary(run.outcomes).items():
        terms = ", ".join(f"{n} {word}" for word, n in counts.items() if n)
        lines.append(f"{platform.capitalize()}: {terms or 'nothing to do'}")
    for one in run.outcomes:
        lines += _outcome_lines(one)
    return "\n".join(lines) or "Nothing to do."


def _outcome_lines(one: Outcome) -> list[str]:
    if one.state == "done" and not one.warnings:
        return []
    head = f"   {one.platform:<9} {one.file_id:>8}  {_STATES[one.state]}"
    lines = [f"{head}: {one.message or one.name}"]
    if one.hint:
        lines.append(f"             {one.hint}")
    lines += [f"             ! {note.message}" for note in one.warnings]
    return lines


def history(runs: Sequence[Run]) -> str:
    """One line a run."""
    if not runs:
        return "No run yet."
    return "\n".join(
        f"{_when(one.started)}  {one.run}  {one.state:<8} {one.origin or '–':<14} {_counts(one)}"
        for one in runs
    )


def _counts(run: Run) -> str:
    parts = [
        f"{platform}: " + (", ".join(f"{n} {word}" for word, n in counts.items() if n) or "–")
        for platform, counts in summary(run.outcomes).items()
    ]
    return "; ".join(parts) or "nothing to do"


def _when(moment: datetime) -> str:
    local = moment.astimezone()
    return f"{local.day} {local:%b %Y, %H:%M}"


def event(event: Event) -> str:
    """A line of progress, "" for events that are not worth one."""
    if event.step == "row" and event.outcome is not None:
        count = f"{event.done} of {event.total}" if event.total else ""
        return f"{count:>12}  {_STATES[event.outcome.state]:<16} “{event.title}”"
    if event.step == "wait" and event.until is not None:
        return f"              … waiting until {event.until.astimezone():%H:%M:%S}: {event.message}"
    return ""
