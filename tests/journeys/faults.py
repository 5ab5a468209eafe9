"""Every fault of `fault_table.md`, the acts of its columns, and one trial of a cell."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jobs import JOBS, Job, Ready, difference, state
from killing import job_in
from rig import Rig, outcome

from socials_lib.demo.flickr.faults import NOT_AVAILABLE, TOKEN_REJECTED
from socials_lib.errors import JournalError, SocialsError, Stopped
from socials_lib.journal import Journal
from socials_lib.workbench import Workbench

TABLE = Path(__file__).with_name("fault_table.md")

#: Column -> the acts that are tried: job, operation of the stand-in.
ACTS: dict[str, tuple[tuple[str, str], ...]] = {
    "publish": (("flickr add", "/services/upload/"), ("pixelfed add", "POST /api/v1/statuses")),
    "picture": (("flickr update", "/services/replace/"), ("pixelfed add", "/api/v1/media")),
    "change": (
        ("flickr update", "flickr.photos.setMeta"),
        ("pixelfed update", "PUT /api/v1/statuses/:id"),
        ("pixelfed update", "PUT /api/v1/media/:id"),
        ("flickr update", "flickr.photos.setTags"),
        ("flickr update", "flickr.photos.setDates"),
        ("flickr metadata", "flickr.photos.addTags"),
    ),
    "follow-up": (
        ("flickr add", "flickr.photosets.addPhoto"),
        ("flickr add", "flickr.groups.pools.add"),
        ("flickr add", "flickr.photos.setDates"),
        ("flickr update", "flickr.photosets.removePhoto"),
        ("flickr update", "flickr.groups.pools.remove"),
    ),
    "delete": (
        ("flickr delete", "flickr.photos.delete"),
        ("pixelfed delete", "DELETE /api/v1/statuses/:id"),
    ),
    "record": (("flickr add", "POST /v1/attributes"), ("pixelfed add", "POST /v1/attributes")),
    "forget": (("flickr delete", "POST /v1/attributes"),),
    "leave": (
        ("flickr update", "POST /v1/categories/unassign"),
        ("pixelfed delete", "POST /v1/categories/unassign"),
    ),
    "add": (("flickr add", ""), ("pixelfed add", "")),
    "update": (("flickr update", ""),),
}
_HTML = {"body": b"<html><body>Busy</body></html>"}
_OUT = {"status": 401, "body": b'{"error":"Unauthenticated."}', "content_type": "application/json"}
#: What is read after an unclear end.
_READS = ("flickr.people.getPhotos", "flickr.photos.getInfo", "GET /api/v1/accounts/:id/statuses")
_READS += ("GET /api/v1/statuses/:id",)

#: Faults of one request, as `StandIn.fail_next` takes them.
FAULTS: dict[str, dict[str, Any]] = {
    "answer lost": {"drop_answer": True},
    "reset before the effect": {"reset": True},
    "reset after the effect": {"reset": True, "when": "after"},
    "429 with Retry-After": {"status": 429, "headers": {"Retry-After": "7"}},
    "429 without a header": {"status": 429},
    "429 for good": {"status": 429, "times": -1},
    "500 before the effect": {"status": 500},
    "502 after the effect": {"status": 502, "when": "after"},
    "503 before the effect": {"status": 503},
    "503 for good": {"status": 503, "times": -1},
    "HTML with 200 after the effect": {**_HTML, "when": "after"},
    "HTML for good": {**_HTML, "times": -1},
    "truncated answer": {"truncate": True},
    "never answering, after the effect": {"hang": True, "when": "after"},
    "IMatch: answer lost": {"drop_answer": True},
    "IMatch: closed for a moment": {"reset": True},
    "IMatch: 500 once": {"status": 500},
}
#: Faults inside Flickr's envelope.
CODES = {"code 0": 0, "code 105": 105, "code 106 after the effect": 106, "code 201": 201}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A fault, a column, what the table says, and the act that is tried."""

    fault: str
    column: str
    expected: str
    job: str
    operation: str

    def __str__(self) -> str:
        return f"{self.fault} / {self.job} {self.operation.rsplit('.', 1)[-1]}".strip()


def cells(*, every: bool) -> list[Cell]:
    """All cells of the table with all acts of their columns, or with one act each, in turn."""
    found = []
    for number, (fault, column, expected) in enumerate(_table()):
        acts = [one for one in ACTS[column] if _applies(fault, one)]
        chosen = acts if every else acts[number % len(acts) :][:1]
        for job, operation in chosen:
            word = _word(expected, operation)
            found.append(
                Cell(fault=fault, column=column, expected=word, job=job, operation=operation)
            )
    return found


def _word(text: str, operation: str) -> str:
    """`failed (replace: unknown)` -> the word for this act."""
    word, _, rest = text.partition(" (")
    kind, _, other = rest.rstrip(")").partition(": ")
    return other if kind and _KINDS[kind] == operation else word


def _applies(fault: str, act: tuple[str, str]) -> bool:
    """Codes and XML are Flickr's."""
    return act[0].startswith("flickr") or not (fault in CODES or fault == "JSON in place of XML")


def _table() -> list[tuple[str, str, str]]:
    """Fault, column, word for every cell of the tables that have a column of faults."""
    found, header = [], []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        parts = [one.strip() for one in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            header = []
        elif not header:
            header = parts
        elif header[0] == "fault" and not parts[0].startswith("-"):
            found += [
                (parts[0], column, word)
                for column, word in zip(header[1:], parts[1:], strict=True)
                if word != "-"
            ]
    return found


# -- making it fail


def _inject(cell: Cell, made: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    rig, fault = made.rig, cell.fault
    platform = rig.flickr if cell.job.startswith("flickr") else rig.pixelfed
    stand_in = rig.imws if cell.operation.startswith("POST /v1/") else platform
    if fault in FAULTS:
        stand_in.fail_next(cell.operation, **FAULTS[fault])
    elif fault in CODES:
        when = "after" if "after" in fault else "before"
        operation = cell.operation.removeprefix("/services/").rstrip("/")
        rig.flickr.refuse_next(operation, CODES[fault], when=when)
    else:
        _OTHERS[fault](cell, made, monkeypatch)


def _sign_in_ended(cell: Cell, made: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    if cell.job.startswith("flickr"):
        made.rig.flickr.fail_next(cell.operation, **TOKEN_REJECTED)
    else:
        made.rig.pixelfed.fail_next(cell.operation, **_OUT)


def _json(cell: Cell, made: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    made.rig.flickr.fail_next(cell.operation, **NOT_AVAILABLE)


def _blind(cell: Cell, made: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the changing request on nothing is answered."""
    stand_in = made.rig.flickr if cell.job.startswith("flickr") else made.rig.pixelfed
    true = Journal.sent

    def sent(self: Journal, ident: int, act: Any) -> None:
        true(self, ident, act)
        named = (act.kind, cell.operation)
        if not stand_in.faults and _is_about(*named):
            stand_in.fail_next(cell.operation, drop_answer=True)
            for match in (*_READS, cell.operation):
                stand_in.fail_next(match, status=503, times=-1)

    monkeypatch.setattr(Journal, "sent", sent)


_KINDS = {
    "upload": "/services/upload/",
    "replace": "/services/replace/",
    "media": "/api/v1/media",
    "status": "POST /api/v1/statuses",
    "caption": "PUT /api/v1/statuses/:id",
    "alt_text": "PUT /api/v1/media/:id",
    "set_meta": "flickr.photos.setMeta",
    "set_tags": "flickr.photos.setTags",
    "add_tags": "flickr.photos.addTags",
    "set_dates": "flickr.photos.setDates",
    "album_add": "flickr.photosets.addPhoto",
    "album_remove": "flickr.photosets.removePhoto",
    "group_add": "flickr.groups.pools.add",
    "group_remove": "flickr.groups.pools.remove",
}


def _is_about(kind: str, operation: str) -> bool:
    return _KINDS.get(kind, "") == operation or (kind == "delete" and "elete" in operation.lower())


def _imatch_closed(cell: Cell, made: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    made.rig.imws.fail_next(cell.operation, reset=True, times=-1)


def _imatch_locked_twice(cell: Cell, made: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    made.rig.imws.lock_next(2)


def _imatch_locked(cell: Cell, made: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    made.rig.imws.fail_next(cell.operation, status=423, times=-1)


def _imatch_token(cell: Cell, made: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    true = Journal.sent

    def sent(self: Journal, ident: int, act: Any) -> None:
        true(self, ident, act)
        if act.kind.startswith("imatch_"):
            made.rig.imws.expire_tokens()

    monkeypatch.setattr(Journal, "sent", sent)


def _full(method: str) -> Callable[[Cell, Ready, pytest.MonkeyPatch], None]:
    def inject(cell: Cell, made: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(self: Journal, *args: Any, **named: Any) -> None:
            raise JournalError("The disk with the run journal is full.", hint="Free some space.")

        monkeypatch.setattr(Journal, method, refuse)

    return inject


def _no_room(cell: Cell, made: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **named: Any) -> None:
        raise SocialsError("No space left.", hint="Free some space.", code="copy_not_written")

    monkeypatch.setattr("socials_lib.images.make_copy", refuse)


def _file(made: Ready) -> Path:
    return made.rig.folder / f"photo-{made.photo}.jpg"


def _vanished(cell: Cell, made: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    _file(made).unlink()


def _changed(cell: Cell, made: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    _file(made).write_bytes(_file(made).read_bytes() + b"\0\0")


def _retitled(cell: Cell, made: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    made.rig.edit(made.photo, title="Changed by somebody else")


_OTHERS: dict[str, Callable[[Cell, Ready, pytest.MonkeyPatch], None]] = {
    "sign-in ended": _sign_in_ended,
    "JSON in place of XML": _json,
    "nothing can be read afterwards": _blind,
    "IMatch: closed for good": _imatch_closed,
    "IMatch: locked twice": _imatch_locked_twice,
    "IMatch: locked for good": _imatch_locked,
    "IMatch: token ended": _imatch_token,
    "journal full before a request": _full("sent"),
    "journal full at the answer": _full("answered"),
    "no room for the copy": _no_room,
    "file vanished since the plan": _vanished,
    "file changed since the plan": _changed,
    "title changed since the plan": _retitled,
}


# -- one trial


@cache
def _unbroken(name: str) -> dict[str, Any]:
    with job_in(_job(name)) as made:
        made.apply()
        return state(made.rig)


def _job(name: str) -> Job:
    return next(one for one in JOBS if one.name == name)


@contextlib.contextmanager
def no_waits() -> Iterator[None]:
    """Waits take no time; a stop still ends them."""

    def sleep(self: Workbench, seconds: float) -> None:
        if self.stop.is_set():
            raise Stopped("Stopped while waiting.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Workbench, "_sleep", sleep)
        yield


def violations(cell: Cell) -> list[str]:
    """What is not as the table says; nothing if all is well."""
    job = _job(cell.job)
    with no_waits(), job_in(job, **_environ(cell)) as made:
        before = state(made.rig)
        with pytest.MonkeyPatch.context() as monkeypatch:
            _inject(cell, made, monkeypatch)
            run = made.apply()
        how = outcome(run, made.photo, job.platform)
        found = _about_outcome(cell, run.state, how)
        found += _about_state(cell, made, before)
        return found


def _environ(cell: Cell) -> dict[str, str]:
    if "never answering" not in cell.fault:
        return {}
    return {"SOCIALS_TIMEOUTS_READ": "0.3", "SOCIALS_TIMEOUTS_UPLOAD": "0.3"}


#: Outcome states by the word of the table; a photo that had begun before the run halted is no
#: `untouched` one, it is `failed` and says that it goes on.
_STATES = {"warned": ("done",), "halted": ("untouched", "failed")}


def _about_outcome(cell: Cell, run_state: str, how: Any) -> list[str]:
    found = []
    if how.state not in _STATES.get(cell.expected, (cell.expected,)):
        found.append(f"{how.state} ({how.code}: {how.message}) instead of {cell.expected}")
    if (run_state == "halted") != (cell.expected == "halted"):
        found.append(f"the run is {run_state}")
    if cell.expected == "halted" and ("begun" in how.message) != (how.state == "failed"):
        found.append(f"{how.state}, but it says: {how.message}")
    if cell.expected == "warned" and not how.warnings:
        found.append("no warning")
    if cell.expected != "done" and cell.expected != "warned" and not (how.message and how.hint):
        found.append(f"no message or no hint: {how.message} / {how.hint}")
    return found


def _about_state(cell: Cell, made: Ready, before: dict[str, Any]) -> list[str]:
    rig, wanted = made.rig, _unbroken(cell.job)
    for stand_in in (rig.flickr, rig.pixelfed, rig.imws):
        stand_in.faults.clear()
    rig.imws.lock_next(0)
    if cell.expected == "done":
        return difference(wanted, state(rig))
    if cell.expected == "stale":
        return difference(_lasting(before), _lasting(state(rig)))
    found = _about_unknown(made) if cell.expected == "unknown" else []
    _let_time_pass(rig)
    rig.anew()
    while rig.wb.open_runs():
        rig.wb.resume()
    if cell.expected == "unknown":
        rig.wb.resume()
    rig.sync(made.job.platform, deletes=made.job.deletes, approve=[made.photo])
    return found + difference(_healed(wanted), _healed(state(rig)))


def _about_unknown(made: Ready) -> list[str]:
    rows = [one for one in made.rig.plan(made.job.platform).rows if one.file_id == made.photo]
    return [] if all(one.blocked for one in rows) and rows else ["the plan does not block it"]


def _let_time_pass(rig: Rig) -> None:
    """Waiting follow-ups are due."""
    with rig.wb.journal._write() as db:
        db.execute("UPDATE acts SET not_before = NULL WHERE not_before IS NOT NULL")


def _lasting(found: dict[str, Any]) -> dict[str, Any]:
    return {key: found[key] for key in ("flickr", "pixelfed", "imatch", "last sent")}


def _healed(found: dict[str, Any]) -> dict[str, Any]:
    """A second try may send a picture again, and costs an edit where the first one counted."""
    return {key: found[key] for key in ("flickr", "pixelfed", "imatch", "open rows", "last sent")}
