"""What a run does and did, as text for people.

Decisions 2026-11-22
    - Rows that a run did not come to are one line with their number: fifty lines would push the
      way out off the screen.  The first of them is said whole, with its reason.
    - The run's own words, with the way out, come last.
    - Rows without consent are `held back`, not `not started`: going on with the run would not help.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from socials_lib.cli.words import cut, moment, span
from socials_lib.models import Event, Outcome, Run
from socials_lib.sync import summary
from socials_lib.sync.outcome import CONSENT

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
_COUNTS |= {"stale": "changed since", "held": "held back"}


def run(run: Run) -> str:
    """What happened: counts, everything that is not plain success, the way out."""
    lines = list(_counts(run)) if run.outcomes else []
    said: set[str] = {run.hint}
    passed: dict[str, list[Outcome]] = {}
    for one in run.outcomes:
        if not is_passed_over(one) or one.code not in passed:
            lines += _outcome_lines(one, said)
        if is_passed_over(one):
            passed.setdefault(one.code, []).append(one)
    lines += [f"             … and {_more(some)}" for some in passed.values() if len(some) > 1]
    lines += [f"{run.message} {run.hint}".strip()] if run.message else []
    return "\n".join(lines) or "Nothing to do."


def _counts(run: Run) -> Iterator[str]:
    """`Flickr: 2 added, 1 held back`, one line for each platform."""
    for platform, counts in summary(run.outcomes).items():
        here = [one for one in run.outcomes if one.platform == platform]
        apart = {
            "held": sum(map(_is_held, here)),
            "begun": sum(map(_is_begun, here)),
        }
        counts["untouched"] -= sum(apart.values())
        yield f"{platform.capitalize()}: {_terms(counts | apart) or 'nothing to do'}"


def _terms(counts: dict[str, int]) -> str:
    words = {name: _COUNTS.get(name, name) for name in counts}
    if counts.get("metadata") == 1:
        words["metadata"] = "text updated"
    return ", ".join(f"{n:,} {words[name]}" for name, n in counts.items() if n)


def _outcome_lines(one: Outcome, said: set[str]) -> Iterator[str]:
    """The photo, the fact, the way out; a hint that stands above already is not said again."""
    if one.state == "done" and not one.warnings:
        return
    head = f"   {one.platform:<9} {one.action:<9} {one.file_id:>8}"
    yield f"{head}  {_state(one)}: {one.message or one.name}"
    if one.hint and one.hint not in said:
        said.add(one.hint)
        yield f"             {one.hint}"
    for note in one.warnings:
        yield f"             ! {note.message}"


def _state(one: Outcome) -> str:
    if _is_begun(one):
        return "◐ begun"
    return "■ held back" if _is_held(one) else _STATES[one.state]


def _is_begun(one: Outcome) -> bool:
    """Broken off by a stop; the rest of the `untouched` ones were not started."""
    return one.state == "untouched" and one.code == "begun"


def _is_held(one: Outcome) -> bool:
    """The person's consent is missing."""
    return one.state == "untouched" and one.code in CONSENT


def is_passed_over(one: Outcome) -> bool:
    """The run ended, or had trouble, before it came to the row."""
    return one.state == "untouched" and not _is_begun(one) and not _is_held(one)


def _more(rows: Sequence[Outcome]) -> str:
    """Those after the first: `43 more not started (Flickr 40, Pixelfed 3)`."""
    counts = Counter(one.platform for one in rows[1:])
    where = ", ".join(f"{name.capitalize()} {n:,}" for name, n in counts.items())
    why = rows[0].message.partition(" was not started: ")[2]
    return f"{len(rows) - 1:,} more not started ({where})" + (f": {why}" if why else "")


class Progress:
    """Says a line for each row that ends; rows that are passed over are counted."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._passed: dict[str, list[Outcome]] = {}

    def __call__(self, event: Event) -> None:
        """Hear of an event."""
        if event.outcome is not None and event.step == "row" and is_passed_over(event.outcome):
            alike = self._passed.setdefault(event.outcome.code, [])
            alike.append(event.outcome)
            if len(alike) > 1:
                return
        line = progress_line(event)
        if line:
            self._say(line)
        if event.step == "run" and event.state != "started":
            for alike in (some for some in self._passed.values() if len(some) > 1):
                self._say(f"{'':>14}  … and {_more(alike)}")


def progress_line(event: Event) -> str:
    """A line of progress, "" for events that are not worth one."""
    one = event.outcome
    if event.step == "row" and one is not None:
        count = f"{event.done:,} of {event.total:,}" if event.total else ""
        title = f"“{cut(event.title)}”"
        about = title
        if one.state not in ("done", "skipped") and one.message:
            about = one.message if event.title in one.message else f"{title}: {one.message}"
        return f"{count:>14}  {_state(one):<16} {one.platform:<9} {one.action:<9} {about}"
    if event.step == "wait" and event.until is not None:
        return f"{'':>14}  … waiting until {event.until.astimezone():%H:%M:%S}: {event.message}"
    return ""


def history(runs: Sequence[Run]) -> str:
    """One line a run."""
    return "\n".join(map(_history_line, runs)) or "No run yet."


def open_runs(runs: Sequence[Run]) -> str:
    """Runs that `resume` would go on with."""
    return "\n".join(["Open is:", *map(_history_line, runs)]) if runs else "Nothing is open."


def _history_line(one: Run) -> str:
    result = "; ".join(_counts(one)) or "nothing to do"
    took = f", {span(one.ended - one.started)}" if one.ended else ""
    held = list(filter(_is_held, one.outcomes))
    state = "held back" if held and one.state == "done" else one.state
    head = f"{moment(one.started):>18}  {one.run}  {state:<9} {one.origin or '–':<14}"
    return f"{head} {result}{took}{_way_out(held)}"


def _way_out(held: Sequence[Outcome]) -> str:
    """How the first of the rows without consent is approved; others may need another word."""
    hints = tuple(dict.fromkeys(one.hint for one in held if one.hint))
    return f". {hints[0]}{' …' if len(hints) > 1 else ''}" if hints else ""
