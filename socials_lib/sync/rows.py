"""One row: check that nothing changed, read what is online, do the acts, say how it ended."""

from __future__ import annotations

from dataclasses import replace

from socials_lib.errors import (
    ImatchError,
    ImatchSignInRefused,
    ImatchUnreachable,
    JournalError,
    PhotoError,
    PlatformError,
    RateLimited,
    SignedOut,
    SocialsError,
    Stopped,
    Unreachable,
)
from socials_lib.imatch.library import Library
from socials_lib.models import Engagement, Outcome, RemotePhoto, RemoteRef, State
from socials_lib.sync.acting import Acting
from socials_lib.sync.desk import HAPPENED, has_begun, keepsake, ref_of
from socials_lib.sync.fresh import hindrance
from socials_lib.sync.outcome import from_error, outcome
from socials_lib.sync.perform import Breaker, UnclearEnd, has_no_line

_NOT_PUBLISHED = "It was never published; it has left the categories, nothing was deleted."
#: Errors that concern all platforms of a run.
_WHOLE = (ImatchUnreachable, ImatchSignInRefused, JournalError, Breaker)
#: The disk has no room for the copy that is to be sent: the next photo would fare no better.
NO_ROOM = "copy_not_written"


class RowRunner(Acting):
    """Carries out one stored row, or goes on with it; `run` returns its outcome."""

    def run(self) -> Outcome:
        """The outcome, which is in the journal by then.

        Trouble of the run (`is_trouble`, `is_trouble_of_platform`, an unclear end that could not
        be looked at because the line is gone) is written down for this row and raised.
        """
        try:
            found = self._work()
        except Stopped:
            return self._keep(self._stopped())
        except JournalError:
            raise
        except UnclearEnd as error:
            found = self._write(from_error(self.row, error, state="unknown"), "unknown")
            if error.lost is not None:
                raise
            return found
        except PhotoError as error:
            return self._keep(from_error(self.row, error, state="blocked"))
        except SocialsError as error:
            if is_trouble(error) or is_trouble_of_platform(error):
                self._keep(from_error(self.row, error, state="untouched"))
                raise
            return self._keep(from_error(self.row, error))
        if found.state == "untouched":
            return self._keep(found)
        return self._write(found, found.state)

    def finish(self) -> Outcome | None:
        """Try the planned follow-ups of a finished row; how they ended, None if all is quiet."""
        self._finishing = True
        try:
            self._do(self._stored.acts)
        except Stopped:
            pass  # they stay planned and are tried by the next run
        except UnclearEnd as error:
            return self._write(from_error(self.row, error, state="unknown"), "unknown")
        except (PlatformError, ImatchError) as error:
            if is_trouble(error) or is_trouble_of_platform(error):
                raise
            return self._write(from_error(self.row, error), "done")
        if self.row.action == "delete":
            return self._completed(self._done()) if self._notes else None
        self._remember_memberships()
        self._desk.journal.set_outcome(self._stored.ident, self._completed(self._done()))
        return self._completed(replace(self._done(), action="metadata"))

    # -- how it ends

    def _done(self) -> Outcome:
        return outcome(self.row, "done", remote_id=self._remote_id, url=self._page_url())

    def _completed(self, found: Outcome) -> Outcome:
        """With all notes and repeats of this try."""
        return replace(
            found,
            warnings=(*found.warnings, *self._notes),
            repeated=(*found.repeated, *self._repeated),
        )

    def _write(self, found: Outcome, state: State | str) -> Outcome:
        """Outcome and state of the row into the journal; what was never sent is dropped."""
        found = self._completed(found)
        if state in ("failed", "blocked", "stale", "skipped"):
            for one in self._acts:
                if one.state == "planned":
                    self._desk.journal.set_act(one.ident, "dropped", message=found.message)
        self._desk.journal.set_row(self._stored.ident, state, found)
        return found

    def _keep(self, found: Outcome) -> Outcome:
        """A row that did not get through: open if anything of it has happened, else closed."""
        happened = any(one.state in (*HAPPENED, "sent") for one in self._acts)
        if happened:
            self.remember_part()
        stopped = found.state == "untouched"
        found = replace(found, remote_id=self._remote_id, url=self._page_url())
        if happened and stopped and found.code not in ("stopped", "begun", "other_file"):
            found = _half_done(found)
        return self._write(found, "open" if happened else "planned" if stopped else found.state)

    def _stopped(self) -> Outcome:
        begun = has_begun(self._acts)
        return outcome(
            self.row,
            "untouched",
            code="begun" if begun else "stopped",
            message=f"“{self.row.title}”: stopped, {'to be finished' if begun else 'not started'}.",
            hint="Go on with `socials resume`.",
        )

    # -- the row as a whole

    def _work(self) -> Outcome:
        hindered = hindrance(self._desk, self.row, self._stored.acts)
        if hindered is not None:
            if hindered.state == "stale":
                self.remember_part()
            return hindered
        if self.row.action == "skip":
            self._desk.imatch(self._leave_all)
            return outcome(self.row, "skipped", code="not_published", message=_NOT_PUBLISHED)
        remote = self._read_remote()
        if isinstance(remote, Outcome):
            return remote
        acts = self._plan_acts(remote)
        self._desk.journal.set_row(self._stored.ident, "open")
        self._do(acts)
        if self.row.action != "delete":
            self._remember()
        return self._done()

    def _leave_all(self, library: Library) -> None:
        for path in self.row.leave:
            library.leave(path, [self.row.file_id])

    # -- what is online

    def _read_remote(self) -> RemotePhoto | None | Outcome:
        """What is online (None for an add), or the outcome that this decides already."""
        if self.row.action == "add" or self._new_id:
            return None
        if self.row.action == "delete" and has_begun(self._stored.acts):
            return None  # deleted already; what is left concerns IMatch
        ref = ref_of(self.row)
        remote = self._desk.platform.fetch(ref)
        if remote is None and self.row.action != "delete":
            return self._gone()
        if self.row.action in ("delete", "repost"):
            engaged = self._engaged(ref, remote)
            if engaged is not None:
                return engaged
        if remote is None:
            return None
        self._url = self._url or remote.ref.url
        if self.row.action != "repost":
            self._media_id = self._media_id or next(iter(remote.media_ids), "")
        return remote

    def _gone(self) -> Outcome:
        """Pixelfed does not tell an archived post from a deleted one: nothing is claimed there."""
        message = f"“{self.row.title}” is no longer online."
        hint = "Remove its id from the attribute record in IMatch to add it again."
        if self.row.platform == "pixelfed":
            message = f"“{self.row.title}” is not shown online."
            hint = f"It may be archived: take it out of the archive on the website. Else: {hint}"
        return outcome(self.row, "failed", code="not_on_platform", message=message, hint=hint)

    def _engaged(self, ref: RemoteRef, remote: RemotePhoto | None) -> Outcome | None:
        """Keeps texts and numbers; what takes more along than this photo needs its own approval.

        That is what people answered, further pictures of a post, and answers nobody can see now.
        """
        found = self._desk.platform.engagement(ref)
        agreed = self._is_agreed(found)
        if remote is not None:
            values = keepsake(remote) | {"engagement": found.in_words()}
            self._keep_values(values, why="deleted")
        if agreed or not found.any:
            return None
        is_repost = self.row.action == "repost"
        wish = "post it anew with this picture alone" if is_repost else "delete it"
        archived = "It may be archived: see the website. " if found.hidden else ""
        return outcome(
            self.row,
            "blocked",
            code="has_engagement",
            message=f"“{self.row.title}” has {found.in_words()}, so it stays.",
            hint=f"{archived}To {wish} all the same:"
            f" --approve {self.row.platform}:{self.row.file_id}",
        )

    def _is_agreed(self, found: Engagement) -> bool:
        """True if the person approved this row by its id, and knew what goes with it.

        A repost is approved by its id before anybody looked: that a post holds further pictures
        has to be said first, and its approval counts from then on.
        """
        if not self._desk.names(self.row):
            return False
        if self.row.action != "repost" or found.pictures == 1:
            return True
        told = self._desk.journal.kept(self.row.remote_id)
        words = found.in_words()
        return any((one["field"], one["value"]) == ("engagement", words) for one in told)


def _half_done(found: Outcome) -> Outcome:
    """Begun and broken off is no "untouched": somebody has to hear that it goes on."""
    return replace(
        found,
        state="failed",
        message=f"{found.message} It was begun and is not finished.",
        hint=f"{found.hint} `socials resume` or the next run finishes it.".strip(),
    )


def is_trouble(error: SocialsError) -> bool:
    """True for errors after which a run does not start anything new on any platform."""
    return isinstance(error, _WHOLE) or error.code == NO_ROOM


def is_trouble_of_platform(error: SocialsError) -> bool:
    """True for errors that the next photo of this platform would meet as well.

    Signed out, asked to slow down through all repeats, or no line at all: then no request has left
    and nothing is unclear.  Any other answer of the service may concern this photo only.
    """
    if isinstance(error, (SignedOut, RateLimited)):
        return True
    if not isinstance(error, Unreachable) or error.unclear or not error.transient:
        return False
    return has_no_line(error)
