"""Rows and acts as the journal holds them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from socials_lib.journal.file import stored, time_of
from socials_lib.models import Act, Answer, OpenAct, Outcome, PlanRow, Run, from_plain

#: Acts in these states have not ended.
OPEN_ACTS = ("planned", "sent", "answered", "recorded", "waiting", "refused", "unknown")


@dataclass(frozen=True, kw_only=True)
class StoredAct:
    """An act as the journal holds it; `ident` is its row number in the table."""

    ident: int
    act: Act
    state: str
    attempts: int = 0
    first_sent: datetime | None = None
    answer: Answer | None = None
    not_before: datetime | None = None
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class StoredRow:
    """A row of a run as the journal holds it."""

    ident: int
    run: str
    account: str
    row: PlanRow
    state: str
    outcome: Outcome | None = None
    acts: tuple[StoredAct, ...] = ()


def stored_act(found: sqlite3.Row) -> StoredAct:
    """An act of the table `acts`."""
    return StoredAct(
        ident=found["id"],
        act=stored(Act, found["act"]),
        state=found["state"],
        attempts=found["attempts"],
        first_sent=time_of(found["first_sent"]),
        answer=stored(Answer, found["answer"]) if found["answer"] else None,
        not_before=time_of(found["not_before"]),
        message=found["message"],
    )


def stored_row(found: sqlite3.Row, acts: Sequence[sqlite3.Row]) -> StoredRow:
    """A row of the table `rows` with its acts."""
    return StoredRow(
        ident=found["id"],
        run=found["run"],
        account=found["account"],
        row=stored(PlanRow, found["row"]),
        state=found["state"],
        outcome=stored(Outcome, found["outcome"]) if found["outcome"] else None,
        acts=tuple(map(stored_act, acts)),
    )


def stored_run(found: sqlite3.Row, outcomes: Sequence[sqlite3.Row]) -> Run:
    """A run of the table `runs` with the outcomes of its rows, and of older ones it settled."""
    told = json.loads(found["approvals"])
    settled = (from_plain(Outcome, one) for one in told.get("settled", ()))
    return Run(
        run=found["run"],
        started=datetime.fromisoformat(found["started"]),
        ended=time_of(found["ended"]),
        state=found["state"],
        mode=found["mode"],
        origin=found["origin"],
        plan_id=found["plan"],
        platforms=tuple(told.get("platforms", ())),
        outcomes=(*settled, *(stored(Outcome, one["outcome"]) for one in outcomes)),
        stopped_by=found["stopped_by"],
        message=found["message"],
        hint=found["hint"],
    )


def open_acts_of(one: StoredRow) -> tuple[OpenAct, ...]:
    """What of a row has not ended, for the plan: one per act, or one for the row as a whole."""
    acts = [act for act in one.acts if act.state in OPEN_ACTS]
    found = [_open_act(one, act) for act in acts]
    if one.state == "open" and not acts:
        found.append(_open_act(one, None))
    return tuple(found)


def _open_act(one: StoredRow, act: StoredAct | None) -> OpenAct:
    answers = (other.answer.remote_id for other in one.acts if other.answer is not None)
    return OpenAct(
        platform=one.row.platform,
        file_id=one.row.file_id,
        path=one.row.path,
        upload=one.row.upload,
        action=one.row.action,
        state=_state_for_plan(one.state, act.state if act else "planned"),
        remote_id=next(filter(None, answers), "") or one.row.remote_id,
        not_before=act.not_before if act else None,
        message=act.message if act else "",
        target=act.act.target if act else "",
        category=str(act.act.params.get("category", "")) if act else "",
    )


def _state_for_plan(row: str, act: str) -> str:
    """Follow-ups of a finished row wait; a sent act whose row nobody understands is unknown."""
    if act in ("waiting", "refused", "unknown"):
        return act
    if row == "unknown" and act == "sent":
        return "unknown"
    return "waiting" if row == "done" else "open"
