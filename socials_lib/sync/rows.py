"""One row: check that nothing changed, make the copy, do the acts, write back to IMatch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from socials_lib.errors import (
    ImatchError,
    ImatchSignInRefused,
    ImatchUnreachable,
    JournalError,
    PhotoError,
    PlatformError,
    Refused,
    SignedOut,
    SocialsError,
    Stopped,
)
from socials_lib.journal import StoredAct, StoredRow
from socials_lib.models import (
    Act,
    Answer,
    Note,
    Outcome,
    RemotePhoto,
    RemoteRef,
    State,
    UploadCopy,
)
from socials_lib.sync.desk import (
    CONFIRM_GONE,
    MISSED_AGAIN,
    PICTURE_ACTS,
    REFUSED_AGAIN,
    Desk,
    in_time,
    is_imatch,
    keepsake,
    last_sent,
    remote_id_of,
    with_category,
)
from socials_lib.sync.outcome import from_error, outcome
from socials_lib.sync.perform import Breaker, UnclearEnd

#: Errors that concern the whole run: the row keeps its place, the run decides.
RUN_TROUBLE = (SignedOut, Breaker, ImatchUnreachable, ImatchSignInRefused, JournalError)
#: How often an earlier act is done again because a later one found its result gone.
MOST_RESTARTS = 2


class RowRunner:
    """Carries out one stored row, or goes on with it; `run` returns its outcome."""

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
        self._begun = any(one.state != "planned" for one in stored.acts)

    def run(self) -> Outcome:
        """The outcome, which is in the journal by then.

        Trouble of the whole run (`RUN_TROUBLE`) is written down for this row and raised.
        """
        try:
            found = self._work()
        except Stopped:
            return self._keep(self._stopped())
        except RUN_TROUBLE as error:
            if not isinstance(error, JournalError):
                self._keep(from_error(self.row, error, state="untouched"))
            raise
        except UnclearEnd as error:
            return self._write(from_error(self.row, error, state="unknown"), "unknown")
        except PhotoError as error:
            return self._keep(from_error(self.row, error, state="blocked"))
        except (PlatformError, ImatchError) as error:
            return self._keep(from_error(self.row, error))
        return self._write(found, found.state)

    def finish(self) -> Outcome:
        """Try the planned follow-ups of a row that is done otherwise; its outcome as it is now."""
        try:
            self._do(self._stored.acts)
        except Stopped:
            pass  # they stay planned and are tried by the next run
        except UnclearEnd as error:
            return self._write(from_error(self.row, error, state="unknown"), "unknown")
        except RUN_TROUBLE:
            raise
        except (PlatformError, ImatchError) as error:
            return self._write(from_error(self.row, error), "done")
        if self.row.action != "delete":
            self._remember()
        return self._write(
            outcome(self.row, "done", remote_id=self._remote_id, url=self._page_url()), "done"
        )

    # -- how it ends

    @property
    def _remote_id(self) -> str:
        return self._new_id or self.row.remote_id

    def _write(self, found: Outcome, state: State | str) -> Outcome:
        """Outcome and state of the row into the journal; what was never sent is dropped."""
        found = replace(
            found,
            warnings=(*found.warnings, *self._notes),
            repeated=(*found.repeated, *self._repeated),
        )
        if state in ("failed", "blocked", "stale", "skipped"):
            for one in self._desk.journal.acts(self._stored.ident):
                if one.state == "planned":
                    self._desk.journal.set_act(one.ident, "dropped", message=found.message)
        self._desk.journal.set_row(self._stored.ident, state, found)
        return found

    def _keep(self, found: Outcome) -> Outcome:
        """A row that did not get through: open if anything of it has happened, else closed."""
        acts = self._desk.journal.acts(self._stored.ident)
        happened = any(one.state in ("sent", "answered", "recorded", "done") for one in acts)
        stopped = found.state == "untouched"
        found = replace(found, remote_id=self._remote_id, url=self._page_url())
        return self._write(found, "open" if happened else "planned" if stopped else found.state)

    def _stopped(self) -> Outcome:
        word = "to be finished" if self._begun or self._new_id else "not started"
        return outcome(
            self.row,
            "untouched",
            code="stopped",
            message=f"“{self.row.title}”: stopped, {word}.",
            hint="Go on with `socials resume`.",
        )

    # -- the row as a whole

    def _work(self) -> Outcome:
        if not self._begun:
            stale = self._check_fresh()
            if stale is not None:
                return stale
        if self.row.action == "skip":
            with self._desk.imatch_lock:
                for path in self.row.leave:
                    self._desk.library.leave(path, [self.row.file_id])
            return outcome(self.row, "skipped", code="not_published", message=_NOT_PUBLISHED)
        remote = self._read_remote()
        if isinstance(remote, Outcome):
            return remote
        acts = self._plan_acts(remote)
        self._desk.journal.set_row(self._stored.ident, "open")
        self._do(acts)
        if self.row.action != "delete":
            self._remember()
        return outcome(self.row, "done", remote_id=self._remote_id, url=self._page_url())

    def _check_fresh(self) -> Outcome | None:
        """None if IMatch and the file are as the plan saw them, else a `stale` outcome."""
        if self.row.action == "add" and self.row.remote_id:
            # planned to go on with an act that another process has brought to its end since
            return self._stale("it is online already")
        with self._desk.imatch_lock:
            photos = self._desk.library.load([self.row.file_id], [self.row.platform])
        if not photos:
            return self._stale("it is no longer in IMatch")
        if photos[0].fingerprint(self.row.platform) != self.row.seen:
            return self._stale("its data in IMatch")
        upload = self.row.upload
        if upload is not None and self.row.action in ("add", "update", "repost"):
            size, mtime_ns = self._desk.file_seen(upload.path)
            if mtime_ns != upload.mtime_ns or size > upload.bytes:
                return self._stale("its picture file")
        return None

    def _stale(self, what: str) -> Outcome:
        return outcome(
            self.row,
            "stale",
            code="stale",
            message=f"“{self.row.title}” has changed since the plan ({what}). It was left alone.",
            hint="Plan again to see the new state.",
        )

    # -- what is online

    def _read_remote(self) -> RemotePhoto | None | Outcome:
        """What is online (None for an add), or the outcome that this decides already."""
        if self.row.action == "add" or self._new_id:
            return None
        ref = RemoteRef(
            platform=self.row.platform,
            remote_id=self.row.remote_id,
            media_id=self.row.media_id,
            url=self.row.url,
        )
        remote = self._desk.platform.fetch(ref)
        if remote is None:
            return None if self.row.action == "delete" else self._gone()
        if self.row.action in ("delete", "repost"):
            engaged = self._engaged(ref, remote)
            if engaged is not None:
                return engaged
        self._url = self._url or remote.ref.url
        self._media_id = self._media_id or next(iter(remote.media_ids), "")
        return remote

    def _gone(self) -> Outcome:
        return outcome(
            self.row,
            "failed",
            code="not_on_platform",
            message=f"“{self.row.title}” is no longer online.",
            hint="Remove its id from the attribute record in IMatch to add it again.",
        )

    def _engaged(self, ref: RemoteRef, remote: RemotePhoto) -> Outcome | None:
        """Keeps texts and numbers; a photo that people answered to needs its own approval."""
        found = self._desk.platform.engagement(ref)
        self._keep_values(keepsake(remote) | {"engagement": found.in_words()}, why="deleted")
        if not found.any or self._desk.names(self.row):
            return None
        return outcome(
            self.row,
            "blocked",
            code="has_engagement",
            message=f"“{self.row.title}” has {found.in_words()}, so it stays.",
            hint=f"To delete it all the same: --approve {self.row.platform}:{self.row.file_id}",
        )

    def _keep_values(self, values: dict[str, str], *, why: str) -> None:
        self._desk.journal.keep(
            self.row.platform,
            self._desk.account.id,
            file_id=self.row.file_id,
            remote_id=self.row.remote_id,
            values=values,
            why=why,
        )

    # -- the acts

    def _plan_acts(self, remote: RemotePhoto | None) -> tuple[StoredAct, ...]:
        """The acts of the row in the journal; those of an earlier try keep their state."""
        acts = self._with_imatch(self._desk.platform.acts(self.row, remote))
        self._keep_edited(acts)
        stored = self._desk.journal.plan_acts(self._stored.ident, acts)
        wanted = {one.key for one in acts}
        for one in stored:
            if one.act.key not in wanted and one.state == "planned":
                self._desk.journal.set_act(one.ident, "dropped", message="not needed any more")
        return self._desk.journal.acts(self._stored.ident)

    def _keep_edited(self, acts: Sequence[Act]) -> None:
        """What somebody changed online since our last send is kept before it is overwritten."""
        for act in acts:
            if not act.edited:
                continue
            self._keep_values({name: act.kept.get(name, "") for name in act.edited}, why="edited")
            words = " and ".join(name.replace("_", " ") for name in act.edited)
            self._notes.append(
                Note(
                    code="edited_online",
                    message=f"The {words} had been edited online; the old text is in the journal.",
                )
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

    def _do(self, acts: Sequence[StoredAct]) -> None:
        pending, restarts = list(acts), 0
        while pending:
            stored = pending.pop(0)
            if stored.state in ("answered", "recorded"):
                self._answered(stored, stored.act, stored.answer or Answer())
                continue
            if stored.state not in ("planned", "sent", "unknown"):
                self._take(stored.answer)
                continue
            if self._desk.stopping() and not self._brings_home(stored.act):
                raise Stopped("stopped")
            try:
                self._one(stored)
            except Refused as error:
                restarts += 1
                if error.restart_from is None or restarts > MOST_RESTARTS:
                    raise
                pending = self._again_from(error.restart_from)

    def _brings_home(self, act: Act) -> bool:
        """Once the photo is online, its id is still written to IMatch before a stop."""
        return act.kind == "imatch_record" and bool(self._new_id)

    def _again_from(self, kind: str) -> list[StoredAct]:
        """Do an earlier act again (a media that was swallowed or collected meanwhile)."""
        acts = self._desk.journal.acts(self._stored.ident)
        at = next(place for place, one in enumerate(acts) if one.act.kind == kind)
        for one in acts[at:]:
            self._desk.journal.set_act(one.ident, "planned", message="done again")
        self._media_id = ""
        return list(self._desk.journal.acts(self._stored.ident)[at:])

    def _one(self, stored: StoredAct) -> None:
        if is_imatch(stored.act):
            self._imatch(stored)
        elif stored.act.kind == CONFIRM_GONE:
            self._confirm_gone(stored)
        elif stored.act.params.get("last") and not self._desk.names(self.row):
            self._refuse_last(stored)
        else:
            self._outside(stored)

    def _outside(self, stored: StoredAct) -> None:
        act = self._filled(stored)
        if self._desk.platform.is_needless(act, self._sent_copy()):
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
        self._begun = True
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

    def _sent_copy(self) -> UploadCopy | None:
        """The copy of this run, or the one an earlier try of this row has sent."""
        acts = self._desk.journal.acts(self._stored.ident)
        earlier = (one.act.copy for one in acts if one.state == "done" and one.act.copy)
        return self._copy or next(earlier, None)

    def _answered(self, stored: StoredAct, act: Act, answer: Answer) -> None:
        self._take(answer)
        state = {"done": "done", "handed_over": "done"}.get(answer.state, answer.state)
        note = answer.warning
        again = None
        if state != "done":
            again = answer.not_before or in_time(REFUSED_AGAIN)
        if note is not None:
            refused = answer.state == "refused"
            self._notes.append(replace(note, code=f"refused_{note.code}") if refused else note)
        self._desk.journal.set_act(
            stored.ident, state, not_before=again, message=note.message if note else ""
        )
        if answer.remote_id and act.main and self.row.action in ("add", "repost"):
            self._remember()

    def _take(self, answer: Answer | None) -> None:
        if answer is None:
            return
        self._media_id = answer.media_id or self._media_id
        if self.row.action in ("add", "repost") and answer.remote_id:
            self._new_id = answer.remote_id
            self._url = answer.url or self._url

    def _follow_up_failed(self, stored: StoredAct, error: PlatformError) -> None:
        """The photo is online; what follows stays open and only warns."""
        refused = not (error.transient or error.unclear)
        state, delta = ("refused", REFUSED_AGAIN) if refused else ("waiting", MISSED_AGAIN)
        self._desk.journal.set_act(
            stored.ident, state, not_before=in_time(delta), message=str(error)
        )
        what = stored.act.kind.replace("_", " ")
        name = f" “{stored.act.name}”" if stored.act.name else ""
        self._notes.append(
            Note(code=f"refused_{error.code}", message=f"{what}{name}: {error}".strip())
        )

    def _refuse_last(self, stored: StoredAct) -> None:
        name = stored.act.name or stored.act.target
        words = f"The album “{name}” holds no other photo and would be deleted with this step."
        self._desk.journal.set_act(
            stored.ident, "refused", not_before=in_time(REFUSED_AGAIN), message=words
        )
        way = f"Approve it with --approve {self.row.platform}:{self.row.file_id}"
        self._notes.append(Note(code="refused_album_would_vanish", message=f"{words} {way}"))

    def _confirm_gone(self, stored: StoredAct) -> None:
        """A queued delete is done when the server took it; the next run looks again."""
        ref = RemoteRef(platform=self.row.platform, remote_id=self.row.remote_id)
        if self._desk.platform.fetch(ref) is None:
            self._desk.journal.set_act(stored.ident, "done")
            return
        words = "the server has taken the delete and not finished it"
        self._desk.journal.set_act(
            stored.ident, "waiting", not_before=in_time(MISSED_AGAIN), message=words
        )

    # -- IMatch

    def _imatch(self, stored: StoredAct) -> None:
        self._desk.say(step="imatch", state="sending", row=self.row)
        self._desk.journal.sent(stored.ident, stored.act)
        try:
            with self._desk.imatch_lock:
                self._write_back(stored.act)
        except ImatchError as error:
            self._desk.journal.set_act(stored.ident, "planned", message=str(error))
            raise self._id_is_safe(error) from error
        self._desk.journal.set_act(stored.ident, "done")

    def _write_back(self, act: Act) -> None:
        row, library = self.row, self._desk.library
        record_file = row.record_file or row.file_id
        if act.kind == "imatch_record":
            library.write_record(row.platform, record_file, self._record_values())
        elif act.kind == "imatch_forget":
            library.remove_record(row.platform, record_file, remote_id=row.remote_id)
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
        upload = self.row.upload
        size = self._desk.file_seen(upload.path)[0] if upload else 0
        self._desk.journal.remember(
            self.row.platform,
            self._desk.account.id,
            last_sent(
                self.row,
                self._desk.journal.acts(self._stored.ident),
                remote_id=self._remote_id,
                media_id=self._media_id,
                url=self._page_url(),
                copy=self._sent_copy(),
                source_size=size,
            ),
        )


_NOT_PUBLISHED = "It was never published; it has left the categories, nothing was deleted."


def is_trouble(error: SocialsError) -> bool:
    """True for errors after which a run does not start anything new on any platform."""
    return isinstance(error, (ImatchUnreachable, ImatchSignInRefused, JournalError, Breaker))
