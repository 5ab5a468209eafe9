"""Findings, plans, acts, outcomes, runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from socials_lib.models.online import Album, GroupPool, LastSent, PhotoText
from socials_lib.models.photos import Action, Mode, PlatformName, Severity, State, UploadFile
from socials_lib.models.rules import Account, UploadCopy


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A finding of validation: `blocks` are the actions it stops.

    `found`, `limit`, `suggestion` are words for people; `leaf` the category under
    `Socials|P|__errors`, "" if it is not mirrored.
    """

    code: str
    severity: Severity
    field: str
    found: str = ""
    limit: str = ""
    suggestion: str = ""
    blocks: tuple[Action, ...] = ()
    leaf: str = ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that an audit found: `code` is a word of `audit.CODES`.

    `file_id` is "" for what is online without a photo in IMatch, `remote_id` "" for what is not
    online; `field` "" if the finding is about the whole photo.  `imatch`, `remote`, `base` (what
    we last sent) are texts for people, None where there is nothing or nobody knows; `suggestion`
    says what to do about it.
    """

    file_id: str
    platform: PlatformName
    code: str
    remote_id: str = ""
    field: str = ""
    imatch: str | None = None
    remote: str | None = None
    base: str | None = None
    suggestion: str = ""

    @property
    def key(self) -> tuple[PlatformName, str]:
        """What a row is called in selections: platform and file id."""
        return (self.platform, self.file_id)


@dataclass(frozen=True, kw_only=True)
class Change:
    """A field before and after; `before` None: nobody knows."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class Managed:
    """All albums and groups that exist as IMatch categories: only these are ever touched."""

    albums: tuple[Album, ...] = ()
    groups: tuple[GroupPool, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """One photo on one platform and what is to be done.

    `reason` is a code (`new`, `flag_update`, `flag_metadata`, `flag_delete`, `not_published`,
    `continue`, `differs`, or the code of the blocking problem); `calls` the forecast of changing
    requests; `seen` the fingerprint of the photo when planned; `leave` the categories to leave
    after success; `record_file` the file that carries the attribute record and `record_missing`
    its empty columns; `picture_changed`
    None if nobody knows (an update then sends it).
    """

    file_id: str
    name: str
    path: str
    platform: PlatformName
    action: Action
    reason: str = ""
    suggested: bool = False
    approved: bool = False
    blocked: bool = False
    remote_id: str = ""
    media_id: str = ""
    url: str = ""
    problems: tuple[Problem, ...] = ()
    changes: tuple[Change, ...] = ()
    text: PhotoText | None = None
    albums: tuple[Album, ...] = ()
    groups: tuple[GroupPool, ...] = ()
    managed: Managed = Managed()
    upload: UploadFile | None = None
    picture_changed: bool | None = None
    calls: int = 0
    seen: str = ""
    leave: tuple[str, ...] = ()
    record_file: str = ""
    record_missing: tuple[str, ...] = ()
    last: LastSent | None = None

    @property
    def key(self) -> tuple[PlatformName, str]:
        """What a row is called in selections: platform and file id."""
        return (self.platform, self.file_id)

    @property
    def title(self) -> str:
        """The title for people, else the file name."""
        return (self.text.title if self.text else "") or self.name


@dataclass(frozen=True, kw_only=True)
class Plan:
    """An immutable plan; `hash` covers all but approvals. Made by `plan.build`.

    `left`, for a part of a plan only: how many rows with something to do it leaves out, per
    platform (the error leaves of photos without a row are then nobody's business).
    """

    plan_id: str
    created: datetime
    mode: Mode
    accounts: Mapping[PlatformName, Account]
    rows: tuple[PlanRow, ...]
    hash: str = ""
    warnings: tuple[str, ...] = ()
    left: Mapping[PlatformName, int] | None = None


@dataclass(frozen=True, kw_only=True)
class Act:
    """One outside call of a row.

    `kind` names the call (`upload`, `set_dates`, `album_add`, …), `target` the album, group, tag
    or category it is about and `name` that target for people; `main` acts fail the row,
    the others (follow-ups) only warn; `repeatable` follows the repeat matrix of the facts;
    `params` are JSON values.  `edited` names fields that somebody changed online since our last
    send, `kept` their values, which go into the journal before they are overwritten.
    `remote_id`, `media_id`, `copy`, `sent_at` are filled in by `sync` just before sending.
    """

    platform: PlatformName
    kind: str
    target: str = ""
    name: str = ""
    main: bool = False
    repeatable: bool = True
    params: Mapping[str, Any] = field(default_factory=dict)
    edited: tuple[str, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)
    remote_id: str = ""
    media_id: str = ""
    copy: UploadCopy | None = None
    sent_at: datetime | None = None

    @property
    def key(self) -> str:
        """Unique within a row: kind and target."""
        return f"{self.kind}:{self.target}"


@dataclass(frozen=True, kw_only=True)
class Note:
    """A note on an outcome that is otherwise done: `code`, `message`."""

    code: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an act came to.

    `state`: `done`; `waiting` (try again not before `not_before`); `refused` (a follow-up that
    will not work until the person changes something); `handed_over` (a moderator has it).
    """

    state: Literal["done", "waiting", "refused", "handed_over"] = "done"
    remote_id: str = ""
    media_id: str = ""
    url: str = ""
    warning: Note | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a row ended. `code`, `message`, `hint` are "" for plain success."""

    file_id: str
    name: str
    platform: PlatformName
    action: Action
    state: State
    remote_id: str = ""
    url: str = ""
    code: str = ""
    message: str = ""
    hint: str = ""
    warnings: tuple[Note, ...] = ()
    repeated: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[PlatformName, str]:
        """What a row is called in selections: platform and file id."""
        return (self.platform, self.file_id)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that just happened in a run, for progress bars, logs and the status file.

    `step` is an act kind or one of `run`, `row`, `wait`, `stop`, `imatch`; `state` a word
    (`started`, `sending`, `done`, `failed`, `waiting`, …); `bytes_sent`/`bytes_total` for
    uploads; `until` the end of a wait.
    """

    at: datetime
    run: str
    step: str
    state: str
    platform: PlatformName | None = None
    file_id: str = ""
    title: str = ""
    message: str = ""
    done: int = 0
    total: int = 0
    bytes_sent: int = 0
    bytes_total: int = 0
    until: datetime | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run as the history shows it.

    `state`: `running`, `done`, `stopped` (by the person), `halted` (a guard or trouble),
    `broken` (the process died).
    """

    run: str
    started: datetime
    ended: datetime | None
    state: str
    mode: Mode
    origin: str = ""
    plan_id: str = ""
    platforms: tuple[PlatformName, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    stopped_by: str = ""
    message: str = ""
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One line of the doctor: `copy` is text worth copying (an exact path), "" if none."""

    name: str
    state: Literal["ok", "warning", "failed"]
    found: str
    hint: str = ""
    copy: str = ""
    group: str = ""
