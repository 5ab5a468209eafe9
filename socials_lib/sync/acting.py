"""The acts of one row: planned in the journal, sent one by one, written back to IMatch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from socials_lib.errors import (
    ImatchError,
    PlatformError,
    Refused,
    SignedOut,
    Stopped,
)
from socials_lib.imatch.library import Library
from socials_lib.journal import StoredAct, StoredRow
from socials_lib.models import Act, Answer, Note, RemotePhoto, UploadCopy
from socials_lib.sync import sent as sent_by_now
from socials_lib.sync.desk import (
    CONFIRM_GONE,
    MISSED_AGAIN,
    PICTURE_ACTS,
    REFUSED_AGAIN,
    Desk,
    in_time,
    is_imatch,
    ref_of,
    remote_id_of,
    with_category,
)
from socials_lib.sync.outcome import CONSENT_NOTE
from socials_lib.sync.perform import Breaker, UnclearEnd

#: How often an earlier act is done again because a later one found its result gone.
MOST_RESTARTS = 2
#: What still has to be done by these acts; all others have ended, or wait.
_TO_DO = frozenset({"planned", "sent", "unknown"})


class Acting:
    """Carries out the acts of a stored row; what is known of the photo online grows on the way."""

    def __init__(self, desk: Desk, stored: StoredRow, *, repeated: Sequence[str] = ()) -> None:
        self._desk = desk
        self._stored = stored
        self.row = stored.row
        adding = stored.row.action in ("add", "repost")
        self._new_id = remote_id_of(stored.acts) if adding else ""
        self._media_id = "" if adding else stored.row.media_id
        self._url = "" if adding else stored.row.url
        self._notes: list[Note] = []
        self._repeated = list(repeated)
        self._copy: UploadCopy | None = None
        self._finishing = False

    @property
    def _remote_id(self) -> str:
        return self._new_id or self.row.remote_id

    @property
    def _acts(self) -> tuple[StoredAct, ...]:
        """The acts as the journal has them now."""
        return self._desk.journal.acts(self._stored.ident)

    # -- planning

    def _plan_acts(self, remote: RemotePhoto | None) -> tuple[StoredAct, ...]:
        """The acts of the row in the journal; those of an earlier try keep their state."""
        acts = self._with_imatch(self._desk.platform.acts(self.row, remote))
        stored = self._desk.journal.plan_acts(self._stored.ident, acts)
        wanted = {one.key for one in acts}
        for one in stored:
            if one.act.key not in wanted and one.state == "planned":
                self._desk.journal.set_act(one.ident, "dropped", message="not needed any more")
        self._keep_overwritten([one.act for one in stored if one.state in _TO_DO], wanted)
        return self._acts

    def _keep_overwritten(self, acts: Sequence[Act], wanted: set[str]) -> None:
        """What somebody else wrote online is kept before it is overwritten."""
        for act in acts:
            if act.kept and act.key in wanted:
                why = "edited" if act.edited else "overwritten"
                self._keep_values(dict(act.kept), why=why)
                self._say_edited(act)

    def _say_edited(self, act: Act) -> None:
        if not act.edited:
            return
        words = " and ".join(name.replace("_", " ") for name in act.edited)
        message = f"The {words} had been edited online; the old text is in the journal."
        self._notes.append(Note(code="edited_online", message=message))

    def _keep_values(self, values: dict[str, str], *, why: str) -> None:
        self._desk.journal.keep(
            self.row.platform,
            self._desk.account.id,
            file_id=self.row.file_id,
            remote_id=self.row.remote_id,
            values=values,
            why=why,
        )

    def _with_imatch(self, acts: Sequence[Act]) -> list[Act]:
        """The acts with IMatch's write-backs at their places."""
        name, made = self.row.platform, [with_category(act, self.row) for act in acts]
        record = Act(platform=name, kind="imatch_record", main=True)
        if self.row.action in ("add", "repost"):
            mains = [at for at, one in enumerate(made) if one.main and one.kind != "delete"]
            made.insert(mains[-1] + 1 if mains else 0, record)
        elif self.row.action in ("update", "metadata") and self.row.record_missing:
            made.append(replace(record, main=False))
        if self.row.action == "delete":
            made.append(Act(platform=name, kind="imatch_forget", main=True))
        made += [
            Act(platform=name, kind="imatch_leave", target=path, main=True)
            for path in self.row.leave
        ]
        if self.row.action == "delete" and name == "pixelfed":
            made.append(Act(platform=name, kind=CONFIRM_GONE))
        return made

    # -- one after the other

    def _do(self, acts: Sequence[StoredAct]) -> None:
        pending, restarts = list(acts), 0
        while pending:
            stored = pending.pop(0)
            if stored.state in ("answered", "recorded"):
                self._answered(stored, stored.act, stored.answer or Answer())
                continue
            if stored.state not in _TO_DO:
                self._recall(stored)
                continue
            if self._desk.stopping() and not self._brings_home(stored.act):
                raise Stopped("stopped")
            try:
                self._one(stored)
            except Refused as error:
                restarts += 1
                if error.restart_from is None or restarts > MOST_RESTARTS:
                    raise
                self._repeated.append(f"{error.restart_from}: done again")
                pending = self._again_from(error.restart_from)

    def _brings_home(self, act: Act) -> bool:
        """Once the photo is online, its id is still written to IMatch before a stop."""
        return act.kind == "imatch_record" and bool(self._new_id)

    def _again_from(self, kind: str) -> list[StoredAct]:
        """Do an earlier act again (a media that was swallowed or collected meanwhile)."""
        acts = self._acts
        at = next(place for place, one in enumerate(acts) if one.act.kind == kind)
        for one in acts[at:]:
            self._desk.journal.set_act(one.ident, "planned", message="done again")
        self._media_id = ""
        return list(self._acts[at:])

    def _recall(self, stored: StoredAct) -> None:
        """What an earlier try came to: its ids, and what the person still has to hear of it."""
        self._take(stored.answer)
        if stored.state == "done" and not self._finishing:
            self._say_edited(stored.act)
            self._notes += _notes_of(stored.answer)
        elif stored.state in ("waiting", "refused") and stored.act.kind != CONFIRM_GONE:
            self._notes += _notes_of(stored.answer) or [_left_note(stored)]

    def _one(self, stored: StoredAct) -> None:
        if is_imatch(stored.act):
            self._imatch(stored)
        elif stored.act.kind == CONFIRM_GONE:
            self._confirm_gone(stored)
        elif stored.act.kind == "album_remove":
            self._leave_album(stored)
        else:
            self._outside(stored)

    def _outside(self, stored: StoredAct) -> None:
        act = self._filled(stored)
        if self._desk.platform.is_needless(act, sent_by_now.sent_copy(self._acts)):
            self._desk.journal.set_act(stored.ident, "done", message="it is so already")
            return
        self._desk.say(step=act.kind, state="sending", row=self.row)
        try:
            answer = self._desk.performer.perform(
                stored, act, notes=self._repeated, progress=self._progress
            )
        except PlatformError as error:
            if act.main or isinstance(error, (SignedOut, Breaker, UnclearEnd)):
                raise
            self._follow_up_failed(stored, error)
            return
        self._answered(stored, act, answer)

    def _progress(self, sent: int, total: int) -> None:
        self._desk.say(
            step="upload", state="sending", row=self.row, bytes_sent=sent, bytes_total=total
        )

    def _filled(self, stored: StoredAct) -> Act:
        """The act with the ids and the copy as they are known by now."""
        act = replace(stored.act, remote_id=self._remote_id, media_id=self._media_id)
        if act.kind not in PICTURE_ACTS:
            return act
        self._copy = self._copy or self._desk.make_copy(self.row)
        return replace(act, copy=self._copy)

    def _answered(self, stored: StoredAct, act: Act, answer: Answer) -> None:
        self._take(answer)
        state = "done" if answer.state == "handed_over" else answer.state
        again = None if state == "done" else answer.not_before or in_time(REFUSED_AGAIN)
        self._notes += _notes_of(answer)
        message = answer.warning.message if answer.warning else ""
        if self._finishing and state == "done":
            self._remember_memberships()  # before it counts as done: nobody comes back to it then
        self._desk.journal.set_act(stored.ident, state, not_before=again, message=message)
        if act.kind == "delete":
            self._notes += _albums_gone(act)
        if answer.remote_id and act.main and self.row.action in ("add", "repost"):
            self._remember()

    def _take(self, answer: Answer | None) -> None:
        if answer is None:
            return
        self._media_id = answer.media_id or self._media_id
        if self.row.action in ("add", "repost") and answer.remote_id:
            self._new_id = answer.remote_id
            self._url = answer.url or self._url

    # -- follow-ups

    def _follow_up_failed(self, stored: StoredAct, error: PlatformError) -> None:
        """The photo is online; what follows stays open and only warns."""
        refused = not (error.transient or error.unclear)
        state, delta = ("refused", REFUSED_AGAIN) if refused else ("waiting", MISSED_AGAIN)
        self._desk.journal.set_act(
            stored.ident, state, not_before=in_time(delta), message=str(error)
        )
        again = "" if refused else " The next run tries it again."
        words = f"{_about(stored, str(error))}{again}"
        message = f"“{self.row.title}” is online, but not all that follows is done. {words}"
        self._notes.append(Note(code=f"refused_{error.code}", message=message))

    def _leave_album(self, stored: StoredAct) -> None:
        """An album's last photo takes the album along: that needs the person's word.

        Two rows at a time may both see an album of two, so the size is read again then.
        """
        with self._desk.albums_lock:
            last = bool(stored.act.params.get("last"))
            if self._desk.parallel and not last:
                remote = self._desk.platform.fetch(ref_of(self.row))
                last = remote is not None and remote.album_sizes.get(stored.act.target) == 1
            if last and not self._desk.names(self.row):
                self._refuse_last(stored)
            else:
                self._outside(stored)

    def _refuse_last(self, stored: StoredAct) -> None:
        name = stored.act.name or stored.act.target
        words = f"The album “{name}” holds no other photo and would be deleted with this step."
        self._desk.journal.set_act(
            stored.ident, "refused", not_before=in_time(REFUSED_AGAIN), message=words
        )
        way = f"Approve it with --approve {self.row.platform}:{self.row.file_id}"
        self._notes.append(Note(code=CONSENT_NOTE, message=f"{words} {way}"))

    def _confirm_gone(self, stored: StoredAct) -> None:
        """A queued delete is done when the server took it; later runs look again, and say so."""
        try:
            gone = self._desk.platform.fetch(ref_of(self.row)) is None
        except SignedOut:
            raise
        except PlatformError:
            gone = False
        if gone:
            self._desk.journal.set_act(stored.ident, "done")
            return
        words = "The server has taken the delete and not finished it yet."
        self._desk.journal.set_act(
            stored.ident, "waiting", not_before=in_time(MISSED_AGAIN), message=words
        )
        if self._finishing:
            self._notes.append(Note(code="delete_queued", message=words))

    # -- IMatch

    def _imatch(self, stored: StoredAct) -> None:
        self._desk.say(step="imatch", state="sending", row=self.row)
        self._desk.journal.sent(stored.ident, stored.act)
        try:
            self._desk.imatch(lambda library: self._write_back(library, stored.act))
        except ImatchError as error:
            self._desk.journal.set_act(stored.ident, "planned", message=str(error))
            raise self._id_is_safe(error) from error
        self._desk.journal.set_act(stored.ident, "done")

    def _write_back(self, library: Library, act: Act) -> None:
        row = self.row
        record_file = row.record_file or row.file_id
        if act.kind == "imatch_record":
            library.write_record(row.platform, record_file, self._record_values())
        elif act.kind == "imatch_forget":
            library.remove_id(row.platform, row.file_id, remote_id=row.remote_id)
            self._desk.journal.forget(
                row.platform,
                self._desk.account.id,
                row.file_id,
                row.path,
                remote_id=row.remote_id,
            )
        else:
            library.leave(act.target, [row.file_id])

    def _record_values(self) -> dict[str, str]:
        """Id, address and date; `posted` keeps its first value (`write_record` sees to it)."""
        values = {"posted": self._desk.today().isoformat(), "url": self._page_url()}
        if self.row.platform == "flickr":
            values["photo_id"] = self._remote_id
        else:
            values |= {"status_id": self._remote_id, "media_id": self._media_id}
        return {name: value for name, value in values.items() if value}

    def _id_is_safe(self, error: ImatchError) -> ImatchError:
        """The same error, with the word that the id of a photo that is online is not lost."""
        if self._new_id:
            error.hint = f"The photo is online and its id {self._new_id} is kept here. {error.hint}"
        return error

    def _page_url(self) -> str:
        base = self._desk.account.url
        derived = f"{base.rstrip('/')}/{self._remote_id}" if base and self._remote_id else ""
        return self._url or derived

    # -- memory

    def _remember(self) -> None:
        """The photo is online with the texts of this row."""
        last = sent_by_now.last_sent(
            self.row,
            self._acts,
            remote_id=self._remote_id,
            media_id=self._media_id,
            url=self._page_url(),
            source_size=self._source_size(),
        )
        self._desk.journal.remember(self.row.platform, self._desk.account.id, last)

    def remember_part(self) -> None:
        """A change broke off: what it has sent is the base of the next comparison."""
        if self.row.action not in ("update", "metadata"):
            return
        last = sent_by_now.partly_sent(self.row, self._acts, source_size=self._source_size())
        if last is not None:
            self._desk.journal.remember(self.row.platform, self._desk.account.id, last)

    def _remember_memberships(self) -> None:
        """A follow-up changed memberships; newer rows may have sent newer texts."""
        account = self._desk.account.id
        known = self._desk.journal.last_sent(
            self.row.platform, account, paths={self.row.file_id: self.row.path}
        ).get(self.row.file_id)
        if known is None or known.remote_id != self._remote_id:
            return
        made = sent_by_now.with_memberships(known, self.row, self._acts)
        self._desk.journal.remember(self.row.platform, account, made)

    def _source_size(self) -> int:
        return self._desk.file_seen(self.row.upload.path)[0] if self.row.upload else 0


def _notes_of(answer: Answer | None) -> list[Note]:
    """The word of an answer; refused ones count as such."""
    if answer is None or answer.warning is None:
        return []
    note = answer.warning
    return [replace(note, code=f"refused_{note.code}") if answer.state == "refused" else note]


def _left_note(stored: StoredAct) -> Note:
    """A follow-up of an earlier try that is still to come."""
    code = CONSENT_NOTE if stored.act.params.get("last") else "refused_follow_up"
    return Note(code=code, message=_about(stored, stored.message))


def _about(stored: StoredAct, words: str) -> str:
    name = f" “{stored.act.name}”" if stored.act.name else ""
    return f"{stored.act.kind.replace('_', ' ')}{name}: {words}".strip()


def _albums_gone(act: Act) -> Iterator[Note]:
    """A delete takes the albums along whose last photo it was."""
    for name in act.params.get("empties", ()):
        message = f"It was the last photo of the album “{name}”, which is gone with it."
        yield Note(code="album_gone", message=message)
