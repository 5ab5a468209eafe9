"""A plan and a run in the few numbers and words that the page shows.

The documents stay small, however long the plan is: how much `IMatch.processRun` takes of what a
program prints is not known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

from socials_lib.models import Outcome, Plan, PlanRow, PlatformName, Problem, Run

#: So many photos are listed by name; the rest is counted.
MOST_ROWS = 60
_MOST_LETTERS = 200
SENDING = ("add", "update", "metadata")
#: What became of a row that is done, by its action.
_DONE = {"add": "added", "update": "updated", "metadata": "texts updated", "delete": "deleted"}
_DONE |= {"repost": "posted again", "skip": "tidied"}
_STATES = {
    "failed": "failed",
    "unknown": "unclear",
    "blocked": "blocked",
    "stale": "changed since",
    "skipped": "skipped",
    "untouched": "not started",
}


class Guess(Protocol):
    """What rows would take: `calls` at most, `bytes` of pictures, `seconds`."""

    @property
    def calls(self) -> int:
        """Requests to the platform."""

    @property
    def bytes(self) -> int:
        """Of the pictures that are sent."""

    @property
    def seconds(self) -> float:
        """About so long."""


Estimate = Callable[[Sequence[PlanRow]], Guess]


# -- a plan


def scoped(plan: Plan, ids: Collection[str] | None) -> list[PlanRow]:
    """The rows of the photos that were chosen; all if there was no choice."""
    return [row for row in plan.rows if ids is None or row.file_id in ids]


def plan_view(
    plan: Plan,
    *,
    ids: Collection[str] | None,
    scope: str,
    estimate: Estimate,
    most_deletes: Mapping[PlatformName, int],
) -> dict[str, Any]:
    """What the page shows of a plan, and in `keys` the rows that a press may carry out."""
    rows = scoped(plan, ids)
    return {
        "plan": plan.plan_id,
        "hash": plan.hash,
        "created": plan.created.isoformat(),
        "mode": plan.mode,
        "scope": {
            "kind": scope,
            "chosen": None if ids is None else len(ids),
            "pending": len({row.file_id for row in rows if _is_pending(row)}),
        },
        "warnings": [_short(one) for one in plan.warnings],
        "platforms": [
            {
                "name": name,
                "account": account.name,
                **_platform(
                    [row for row in rows if row.platform == name],
                    estimate=estimate,
                    most_deletes=most_deletes.get(name, 0),
                ),
            }
            for name, account in plan.accounts.items()
        ],
        "keys": {
            name: [row.file_id for row in rows if row.platform == name] for name in plan.accounts
        },
    }


def _platform(rows: Sequence[PlanRow], *, estimate: Estimate, most_deletes: int) -> dict[str, Any]:
    sent = [row for row in rows if _is_free(row) and row.action in SENDING]
    leaving = [row for row in rows if _is_free(row) and row.action == "delete"]
    blocked = [row for row in rows if row.blocked]
    guess = estimate(sent)
    return {
        "counts": dict(Counter(_word(row) for row in rows if _is_pending(row))),
        "send": len(sent),
        "calls": guess.calls,
        "bytes": guess.bytes,
        "seconds": round(guess.seconds),
        "rows": [{"title": _title(row), "action": row.action} for row in sent[:MOST_ROWS]],
        "rows_more": max(0, len(sent) - MOST_ROWS),
        "deletes": len(leaving),
        "most_deletes": most_deletes,
        "leaving": [_title(row) for row in leaving[:MOST_ROWS]],
        "leaving_more": max(0, len(leaving) - MOST_ROWS),
        "tidied": sum(row.action == "skip" and _is_free(row) for row in rows),
        "blocked": [_blocked(row) for row in blocked[:MOST_ROWS]],
        "blocked_more": max(0, len(blocked) - MOST_ROWS),
    }


def deletes_in(view: Mapping[str, Any], platform: str) -> int:
    """How many photos of a shown plan would leave a platform."""
    return sum(int(one["deletes"]) for one in view["platforms"] if one["name"] == platform)


def _is_free(row: PlanRow) -> bool:
    return not (row.blocked or row.suggested)


def _is_pending(row: PlanRow) -> bool:
    return row.action != "none" or row.blocked


def _word(row: PlanRow) -> str:
    """A row counts once: blocked, else suggested, else its action."""
    return "blocked" if row.blocked else "suggested" if row.suggested else row.action


def _blocked(row: PlanRow) -> dict[str, Any]:
    errors = [one for one in row.problems if one.severity == "error"]
    reasons = [_reason(one) for one in errors] or [{"words": _plain(row.reason)}]
    return {"title": _title(row), "file": _short(row.name), "reasons": reasons}


def _reason(problem: Problem) -> dict[str, str]:
    return {
        "words": _plain(problem.code),
        "found": _short(problem.found),
        "limit": _short(problem.limit),
        "suggestion": _short(problem.suggestion),
    }


def _plain(code: str) -> str:
    """`missing_title` as `Missing title`: the words of IMatch's error categories."""
    return code.replace("_", " ").capitalize()


def _title(row: PlanRow) -> str:
    return _short(row.title)


def _short(text: str) -> str:
    return text if len(text) <= _MOST_LETTERS else text[: _MOST_LETTERS - 1] + "…"


# -- a run


def run_view(run: Run, rows: Iterable[PlanRow]) -> dict[str, Any]:
    """How a run ended: counts per platform, and every photo that is not plain success."""
    titles = {row.key: row.title for row in rows}
    unwell = [one for one in run.outcomes if one.warnings or one.state not in ("done", "skipped")]
    told = [one for one in unwell if one.state != "untouched"]
    return {
        "run": run.run,
        "state": run.state,
        "mode": run.mode,
        "origin": run.origin,
        "started": run.started.isoformat(),
        "ended": run.ended.isoformat() if run.ended else None,
        "message": _short(run.message),
        "hint": _short(run.hint),
        "counts": _counts(run.outcomes),
        "unwell": [_outcome(one, titles.get(one.key, "")) for one in told[:MOST_ROWS]],
        "unwell_more": max(0, len(told) - MOST_ROWS),
    }


def _counts(outcomes: Iterable[Outcome]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for one in outcomes:
        word = _DONE.get(one.action, "done") if one.state == "done" else _STATES[one.state]
        found.setdefault(one.platform, Counter())[word] += 1
    return {name: {_one(word, n): n for word, n in all_.items()} for name, all_ in found.items()}


def _one(word: str, count: int) -> str:
    """`1 text updated`, `2 texts updated`."""
    return word.replace("texts", "text") if count == 1 else word


def _outcome(one: Outcome, title: str) -> dict[str, Any]:
    notes = [_short(note.message) for note in one.warnings]
    return {
        "title": _short(title or one.name),
        "platform": one.platform,
        "state": _STATES.get(one.state, "done"),
        "code": one.code or None,
        "message": _short(one.message),
        "hint": _short(one.hint),
        "notes": notes[:5],
    }
