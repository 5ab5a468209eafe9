"""Running `python -m socials_lib …` as other programs do, and the JSON contract to hold it to."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

from socials_lib.cli import main

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "socials_lib")


@dataclass(frozen=True, kw_only=True)
class Done:
    """A command that has ended: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as the one JSON document it has to be."""
        assert self.out.endswith("\n"), self.err
        return json.loads(self.out)  # refuses anything after the document

    @property
    def error(self) -> dict[str, Any]:
        """The error of a document that holds nothing else."""
        document = self.document
        assert ["error"] == list(document)
        checked("error", document["error"], ERROR)
        return document["error"]


def surroundings(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of a command: this one without any `SOCIALS_` of its own, and those given."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("SOCIALS_")}
    return {**bare, **environ}


def socials(environ: Mapping[str, str], *arguments: str, **more: Any) -> Done:
    """Run a command to its end; standard input is empty unless given."""
    how: dict[str, Any] = {"stdin": subprocess.DEVNULL, "timeout": 120, "cwd": ROOT, **more}
    done = subprocess.run(
        [*COMMAND, *arguments], env=surroundings(environ), capture_output=True, check=False, **how
    )
    return Done(code=done.returncode, out=text(done.stdout), err=text(done.stderr))


def socials_here(environ: Mapping[str, str], *arguments: str) -> Done:
    """The same inside this process: quicker by the start of an interpreter."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, surroundings(environ), clear=True),
        mock.patch.object(sys, "stdin", io.StringIO()),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = main(arguments)
    return Done(code=code, out=out.getvalue(), err=err.getvalue())


def text(written: bytes) -> str:
    """What a command wrote: UTF-8, whatever the console was said to be."""
    return written.decode("utf-8").replace("\r\n", "\n")


@contextlib.contextmanager
def begun(
    environ: Mapping[str, str], *arguments: str, **how: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """A command that is still running; it is killed if it does not end by itself."""
    values: dict[str, Any] = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        **how,
    }
    process = subprocess.Popen(
        [*COMMAND, *arguments], env=surroundings(environ), cwd=ROOT, **values
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=60)
        for stream in (process.stdout, process.stderr):
            if stream is not None:  # not read to its end: a child of the command may hold it
                stream.close()


def press_ctrl_c(process: subprocess.Popen[bytes]) -> None:
    """What Ctrl-C does to a program (on Windows its sibling, the only one that can be aimed)."""
    process.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT))


def finished(process: subprocess.Popen[bytes]) -> Done:
    """Wait until a begun command has ended."""
    out, err = process.communicate(timeout=60)
    return Done(code=process.returncode, out=text(out), err=text(err))


def asked(url: str, body: Mapping[str, Any] | None = None) -> Any:
    """The side door of a world: GET, or POST with a body."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method="GET" if data is None else "POST")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


# -- the contract of design 5, member by member


Check = Callable[[Any], bool]


def checked(where: str, value: Any, wanted: Any) -> None:
    """Assert that a value has the shape: a check, a type, {name: shape}, [shape of each]."""
    if isinstance(wanted, dict):
        assert isinstance(value, dict), f"{where} is no object: {value!r}"
        lacking = set(wanted) - set(value)
        assert not lacking, f"{where} lacks {sorted(lacking)}"
        for name, shape in wanted.items():
            checked(f"{where}.{name}", value[name], shape)
    elif isinstance(wanted, list):
        assert isinstance(value, list), f"{where} is no list: {value!r}"
        for number, one in enumerate(value):
            checked(f"{where}[{number}]", one, wanted[0])
    elif isinstance(wanted, type):
        assert type(value) is wanted, f"{where} is {value!r}, not {wanted.__name__}"
    else:
        assert wanted(value), f"{where} cannot be {value!r}"


def words(value: Any) -> bool:
    """Text that is there: what is absent is null, never empty."""
    return isinstance(value, str) and value != ""


def or_null(check: Check | type) -> Check:
    """The value, or null."""

    def fits(value: Any) -> bool:
        if value is None:
            return True
        return type(value) is check if isinstance(check, type) else bool(check(value))

    return fits


def one_of(*choices: str) -> Check:
    """One of these words."""
    return lambda value: value in choices


def code(value: Any) -> bool:
    """A stable word: small letters and underscores."""
    return isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9_]*", value) is not None


def moment(value: Any) -> bool:
    """ISO 8601 with a zone."""
    return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None


def local_moment(value: Any) -> bool:
    """ISO 8601 without a zone."""
    return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is None


def count(value: Any) -> bool:
    """A whole number, not negative (and not true or false)."""
    return type(value) is int and value >= 0


PLATFORM = one_of("flickr", "pixelfed")
MODE = one_of("demo", "live")
ACTION = one_of("add", "update", "metadata", "delete", "repost", "skip", "none")
ERROR = {"code": code, "message": words, "hint": or_null(words)}
PLAN = {
    "plan": words,
    "hash": words,
    "created": moment,
    "mode": MODE,
    "accounts": dict,
    "summary": dict,
    "rows": list,
}
ACCOUNT = {"id": words, "name": words}
PLAN_COUNTS = ("add", "update", "metadata", "delete", "skip", "none", "suggested", "blocked")
ROW = {
    "file_id": words,
    "name": words,
    "platform": PLATFORM,
    "action": ACTION,
    "reason": code,
    "suggested": bool,
    "approved": bool,
    "blocked": bool,
    "remote_id": or_null(words),
    "url": or_null(words),
    "problems": [
        {
            "code": code,
            "severity": one_of("error", "warning"),
            "field": or_null(words),
            "found": or_null(words),
            "limit": or_null(words),
            "suggestion": or_null(words),
        }
    ],
    "changes": [{"field": words, "before": or_null(str), "after": or_null(str)}],
    "upload_file": or_null(words),
    "bytes": or_null(count),
    "calls": count,
}
_TEXT = {
    "title": or_null(words),
    "alt_text": or_null(words),
    "albums": [words],
    "groups": [words],
    "date_taken": or_null(local_moment),
}
TEXT = {
    "flickr": {
        **_TEXT,
        "description": or_null(words),
        "tags": [words],
        "visibility": one_of("public", "friends", "family", "friends+family", "private"),
    },
    "pixelfed": {
        **_TEXT,
        "caption": or_null(words),
        "hashtags": [words],
        "visibility": one_of("public", "unlisted", "private"),
    },
}
RUN_COUNTS = ("added", "updated", "metadata", "deleted", "skipped")
RUN_COUNTS += ("blocked", "failed", "unknown", "stale", "untouched")
RUN = {"run": or_null(words), "summary": dict, "outcomes": list}
OUTCOME = {
    "file_id": words,
    "platform": PLATFORM,
    "action": ACTION,
    "state": one_of("done", "failed", "blocked", "stale", "skipped", "unknown", "untouched"),
    "remote_id": or_null(words),
    "url": or_null(words),
    "code": or_null(code),
    "message": or_null(words),
    "hint": or_null(words),
    "warnings": [{"code": code, "message": words}],
}
_DONE = {"add": "added", "update": "updated", "metadata": "metadata", "delete": "deleted"}
_DONE |= {"repost": "updated", "skip": "skipped", "none": "skipped"}


def check_plan(document: Any) -> None:
    """The whole plan: members, types, approvals, counts."""
    checked("plan", document, PLAN)
    for name, account in document["accounts"].items():
        assert PLATFORM(name)
        checked(f"accounts.{name}", account, ACCOUNT)
    for number, row in enumerate(document["rows"]):
        check_row(f"rows[{number}]", row)
    assert set(document["accounts"]) == set(document["summary"])
    for platform, counts in document["summary"].items():
        rows = [row for row in document["rows"] if row["platform"] == platform]
        assert set(PLAN_COUNTS) <= set(counts)
        assert len(rows) == sum(counts.values())
        assert counts == {name: sum(_counted(row) == name for row in rows) for name in counts}


def check_row(where: str, row: Any) -> None:
    """One row of a plan."""
    checked(where, row, ROW)
    if row["text"] is not None:
        checked(f"{where}.text", row["text"], TEXT[row["platform"]])
    approves = row["action"] in ("add", "update", "metadata", "skip")
    assert row["approved"] == (approves and not row["blocked"] and not row["suggested"]), where
    assert row["action"] != "none" or row["problems"], f"{where} says nothing"
    if row["blocked"]:
        assert any(one["severity"] == "error" for one in row["problems"]), where
        assert not row["suggested"], where


def _counted(row: Mapping[str, Any]) -> str:
    return "blocked" if row["blocked"] else "suggested" if row["suggested"] else row["action"]


def check_run(document: Any) -> None:
    """The result of apply, sync or resume: members, types, counts."""
    checked("run", document, RUN)
    for number, one in enumerate(document["outcomes"]):
        checked(f"outcomes[{number}]", one, OUTCOME)
        if one["state"] not in ("done", "skipped"):
            assert one["code"] and one["message"], f"outcomes[{number}] gives no reason"
    for platform, counts in document["summary"].items():
        rows = [one for one in document["outcomes"] if one["platform"] == platform]
        found = [_DONE[one["action"]] if one["state"] == "done" else one["state"] for one in rows]
        assert set(RUN_COUNTS) <= set(counts)
        assert counts == {name: found.count(name) for name in counts}
    assert {one["platform"] for one in document["outcomes"]} <= set(document["summary"])
