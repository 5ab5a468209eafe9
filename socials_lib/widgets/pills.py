"""The state of a row in a sign and a word, at most 22 letters."""

from __future__ import annotations

from dataclasses import dataclass

from socials_lib import validation
from socials_lib.models import Outcome, PlanRow, Problem
from socials_lib.widgets import theme, words


@dataclass(frozen=True, kw_only=True)
class Pill:
    """`code` is what the State filter of the table goes by; `tone` a colour of `theme.pill`."""

    code: str
    sign: str
    words: str
    tone: str = ""

    @property
    def text(self) -> str:
        """`✓ Added`."""
        return f"{self.sign} {self.words}".strip()

    @property
    def html(self) -> str:
        """The pill as markup."""
        return theme.pill(self.sign, self.words, self.tone)


READY = Pill(code="ready", sign=theme.READY, words="Ready", tone="accent")
CHECKING = Pill(code="checking", sign=theme.WAITING, words="Checking", tone="mute")
QUEUED = Pill(code="queued", sign=theme.NOT_READY, words="Queued")
NOT_STARTED = Pill(code="untouched", sign=theme.STOPPED, words="Not started")
SKIPPED = Pill(code="skipped", sign=theme.SKIPPED, words="Skipped", tone="mute")
SUGGESTED = Pill(code="suggested", sign=theme.NOT_READY, words="Suggested", tone="mute")
UNCLEAR = Pill(code="unknown", sign=theme.UNCLEAR, words="Unclear", tone="warn")
STALE = Pill(code="stale", sign=theme.CHANGED, words="Changed since", tone="warn")
FAILED = Pill(code="failed", sign=theme.FAILED, words="Failed", tone="err")
BLOCKED = Pill(code="blocked", sign=theme.FAILED, words="Blocked", tone="err")
RELEASED = Pill(code="ready", sign=theme.READY, words="Ready, released", tone="accent")

_DONE = {
    "add": "Added",
    "update": "Updated",
    "metadata": "Updated",
    "delete": "Deleted",
    "repost": "Posted again",
    "skip": "Tidied",
    "none": "Done",
}
_ENDED = {
    "failed": FAILED,
    "unknown": UNCLEAR,
    "stale": STALE,
    "skipped": SKIPPED,
    "untouched": NOT_STARTED,
    "blocked": BLOCKED,
}


def sending(sent: int, total: int) -> Pill:
    """`◐ Sending 64 %`."""
    done = f"Sending {words.percent(sent, total)}" if total else "Sending"
    return Pill(code="sending", sign=theme.RUNNING, words=done, tone="accent")


def for_outcome(outcome: Outcome) -> Pill:
    """How a row ended: `✓ Added`, `✓ Added, 1 note`, `✕ Failed`, …"""
    if outcome.state != "done":
        return _ENDED[outcome.state]
    notes = f", {words.count(len(outcome.warnings), 'note')}" if outcome.warnings else ""
    done = _DONE[outcome.action] + notes
    return Pill(code="done", sign=theme.DONE, words=done, tone="ok")


def for_row(row: PlanRow, *, released: bool = False) -> Pill:
    """The state of a row before a run; a blocked row names its problem, `+2` counts the others."""
    if row.blocked and not released:
        return _for_problem(stopping(row), len(row.problems) - 1)
    if released and row.blocked:
        return RELEASED
    if row.action == "skip":
        return SKIPPED
    if row.suggested:
        return SUGGESTED
    if row.action == "none":
        return Pill(code="none", sign=theme.WARNING, words=_warned(row), tone="warn")
    return READY


def stopping(row: PlanRow) -> Problem | None:
    """The problem that stops a blocked row: the one its reason names."""
    named = (one for one in row.problems if one.code == row.reason)
    return next(named, next((one for one in row.problems if one.severity == "error"), None))


def is_held_back(row: PlanRow) -> bool:
    """True for a delete that is blocked only by faults that the person may overrule."""
    stops = [one for one in row.problems if "delete" in one.blocks and one.severity == "error"]
    releasable = bool(stops) and all(validation.is_releasable(one) for one in stops)
    return row.blocked and row.action == "delete" and releasable


def problem_words(problem: Problem) -> str:
    """`Headline missing`."""
    return validation.words_for(problem)


def code_words(code: str) -> str:
    """The words of a kind of problem, without what was found: `Too many tags`."""
    return validation.words_for(Problem(code=code, severity="error", field=""))


def problem_details(problem: Problem) -> str:
    """`no alt text · found nothing · allowed 1–1,000`."""
    return validation.details_for(problem)


def problem_pill(problem: Problem) -> str:
    """`✕ Headline missing` where it blocks, `! No genre` where it warns, as markup."""
    tone = "err" if problem.severity == "error" else "warn"
    return theme.pill(validation.sign_for(problem), problem_words(problem), tone)


def _for_problem(problem: Problem | None, others: int) -> Pill:
    if problem is None:
        return BLOCKED
    more = f" +{others}" if others > 0 else ""
    return Pill(code="blocked", sign=theme.FAILED, words=problem_words(problem) + more, tone="err")


def _warned(row: PlanRow) -> str:
    more = f" +{len(row.problems) - 1}" if len(row.problems) > 1 else ""
    return (problem_words(row.problems[0]) if row.problems else "Nothing to do") + more
