"""Outcomes: from errors to words, counts, exit codes and the JSON contract."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from socials_lib.errors import SocialsError
from socials_lib.models import Outcome, PlanRow, PlatformName, Run, State

_DONE_WORD = {"add": "added", "update": "updated", "metadata": "metadata", "delete": "deleted"}
_DONE_WORD |= {"repost": "updated", "skip": "skipped", "none": "skipped"}
COUNTS: tuple[str, ...] = ("added", "updated", "metadata", "deleted", "skipped")
COUNTS += ("blocked", "failed", "unknown", "stale", "untouched")

#: Outcome codes that mean "a person has to agree first".
CONSENT = frozenset({"not_approved", "has_engagement"})
#: A note of the same meaning: an album's last photo is approved like a delete.
CONSENT_NOTE = "refused_album_would_vanish"
#: Codes with which a whole run ends at a guard.
GUARDS = frozenset({"other_account", "other_mode", "breaker", "another_run", "not_approved"})
GUARDS |= {"plan_changed"}
#: Codes of a missing sign-in or setup.
SETUP = frozenset({"signed_out", "rights_too_small", "key_missing", "wrong_code", "settings"})
SETUP |= {"no_keyring", "plain_text_keyring", "imatch_sign_in"}
SETUP |= {"attribute_set_missing", "category_missing"}


def outcome(row: PlanRow, state: State, **more: Any) -> Outcome:
    """An outcome of a row."""
    values: dict[str, Any] = {
        "file_id": row.file_id,
        "name": row.name,
        "platform": row.platform,
        "action": row.action,
        "state": state,
        "remote_id": row.remote_id,
        "url": row.url,
    }
    return Outcome(**{**values, **more})


def from_error(row: PlanRow, error: SocialsError, *, state: State = "failed") -> Outcome:
    """The outcome of a row that an error ended; the message names the photo."""
    title = row.title
    message = str(error) if title in str(error) else f"“{title}”: {error}"
    return outcome(row, state, code=error.code, message=message, hint=error.hint)


def summary(
    outcomes: Iterable[Outcome], platforms: Iterable[PlatformName] = ()
) -> dict[str, dict[str, int]]:
    """Counts per platform in the words of the JSON contract; `platforms` without a row count 0."""
    counts: dict[str, dict[str, int]] = {name: dict.fromkeys(COUNTS, 0) for name in platforms}
    for one in outcomes:
        words = counts.setdefault(one.platform, dict.fromkeys(COUNTS, 0))
        words[_DONE_WORD[one.action] if one.state == "done" else one.state] += 1
    return counts


def exit_code(run: Run) -> int:
    """The exit code of a run: the highest that applies (see the command line)."""
    codes = {_outcome_exit(one) for one in run.outcomes}
    if run.state == "halted":
        codes.add(_code_exit(run.stopped_by))
    return max(codes, default=0)


def _code_exit(code: str) -> int:
    if code in SETUP:
        return 5
    return 4 if code in GUARDS | CONSENT else 3


def _outcome_exit(one: Outcome) -> int:
    """Follow-ups that only wait for a period or a moderator have notes without `refused_`."""
    notes = {note.code for note in one.warnings}
    if one.state not in ("done", "skipped"):
        return _code_exit(one.code)
    if CONSENT_NOTE in notes:
        return 4
    return 3 if any(code.startswith("refused_") for code in notes) else 0


def run_to_json(run: Run) -> dict[str, Any]:
    """A run in the JSON contract of apply, sync and resume."""
    return {
        "run": run.run or None,
        "state": run.state,
        "mode": run.mode,
        "plan": run.plan_id or None,
        "started": run.started.isoformat(),
        "ended": run.ended.isoformat() if run.ended else None,
        "message": run.message or None,
        "hint": run.hint or None,
        "summary": summary(run.outcomes, run.platforms),
        "outcomes": [outcome_to_json(one) for one in run.outcomes],
    }


def outcome_to_json(one: Outcome) -> dict[str, Any]:
    """An outcome in the JSON contract."""
    return {
        "file_id": one.file_id,
        "name": one.name,
        "platform": one.platform,
        "action": one.action,
        "state": one.state,
        "remote_id": one.remote_id or None,
        "url": one.url or None,
        "code": one.code or None,
        "message": one.message or None,
        "hint": one.hint or None,
        "warnings": [{"code": note.code, "message": note.message} for note in one.warnings],
        "repeated": list(one.repeated),
    }
