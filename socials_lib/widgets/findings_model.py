"""The findings of one platform: compared, filtered, decided about, carried out.

A decision is *staged* first: its row stays in place and says so.  One button carries all staged
decisions out after a question: what is remembered goes into the journal, what concerns IMatch is
written there, and what is to be sent becomes a plan with steps of its own below.  Nothing reaches a
platform from here.

Decided here (2026-11-22): findings that were decided about stay in the list until it is compared
again; staged decisions of findings that are gone by then go with them.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import traitlets as t

from socials_lib import audit
from socials_lib.audit import Decision
from socials_lib.errors import PlanError, SocialsError
from socials_lib.models import Finding, Plan, PlatformName, RemotePhoto
from socials_lib.widgets import audit_words, base, messages, words
from socials_lib.widgets.audit_words import FindingKey, key_of
from socials_lib.widgets.inventory import InventoryModel
from socials_lib.widgets.jobs import Jobs
from socials_lib.widgets.pair_pictures import Wanted
from socials_lib.workbench.auditing import Audited
from socials_lib.workbench.selections import Selection

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

PAGE = 10
_ORDER = {code: place for place, code in enumerate(audit.CODES)}


@dataclass(frozen=True, kw_only=True)
class Stand:
    """Where a finding stands: `open`, `staged`, `done` or `failed`, with words."""

    state: str = "open"
    words: str = ""


class FindingsModel(base.StepModel):
    """What was found and what is decided; `edition` rises whenever rows may have changed.

    `confirming` while the question is shown; `plan` is what carrying out has left to send.
    """

    ticked = t.Instance(frozenset, args=())
    kind = t.Unicode("")
    find = t.Unicode("")
    page = t.Int(1)
    edition = t.Int(0)
    progress = t.Unicode("")
    confirming = t.Bool(False)
    plan = t.Instance(Plan, allow_none=True)
    handed = t.Instance(Selection, allow_none=True)

    def __init__(self, wb: Workbench, platform: PlatformName) -> None:
        super().__init__()
        self.wb, self.platform = wb, platform
        self.list = InventoryModel.of(wb, platform)
        self.audited: Audited | None = None
        self._online: dict[str, RemotePhoto] = {}
        self._pages = ""
        self.rows: tuple[Finding, ...] = ()
        self.by_key: dict[FindingKey, Finding] = {}
        self.staged: dict[FindingKey, Decision] = {}
        self.stands: dict[FindingKey, Stand] = {}
        self.error: BaseException | None = None
        self._lock = threading.RLock()
        self.worker = base.Worker(f"compare-{platform}", on_error=self._on_error)
        self.list.observe(self._on_list, "edition")
        self.list.observe(self._on_list_begins, "state")
        self.observe(self._on_filter, ["kind", "find"])

    @classmethod
    def of(cls, wb: Workbench, platform: PlatformName) -> FindingsModel:
        """The model of this platform, made on first use: findings and charts share it."""
        name = f"findings-model-{platform}"
        found = wb.shelf.get(name)
        if not isinstance(found, cls):
            found = wb.shelf[name] = cls(wb, platform)
        found.wb = wb
        return found

    # comparing

    def begin(self) -> None:
        """Compare with the list of before; without one the list comes first."""
        self.list.look()
        if not self.list.is_listing:
            self.compare()

    @property
    def why_nothing(self) -> str:
        """`Flickr was not compared: the connection to Flickr broke off.`"""
        service, message = words.platform(self.platform), self.message
        return f"{service} was not compared. {message.fact if message is not None else ''}".strip()

    @property
    def is_busy(self) -> bool:
        """True while it compares or carries out."""
        return bool(self.state == "running")

    def compare(self) -> bool:
        """Compare IMatch with the list of what is online, in the background; False if busy."""
        if self.is_busy or not self.list.is_set_up:
            return False
        self.worker.wait(5)
        self.state, self.progress, self.message = "running", "Comparing", None
        return self.worker.start(lambda _stop: self._compare_all())

    def list_again(self) -> bool:
        """A new list; comparing follows by itself."""
        return not self.is_busy and self.list.list_again()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until listing and comparing have ended."""
        return self.list.wait(timeout) and self.worker.wait(timeout)

    def look_again(self) -> bool:
        """Try once more what failed: listing, else comparing."""
        return self.list_again() if self.list.state == "failed" else self.compare()

    def _on_list(self, _change: object) -> None:
        """A list has come; or it could not be had, and the reason stands here too."""
        if self.list.state == "done":
            self.compare()
        elif self.list.state == "failed":
            self.message = self.list.message

    def _on_list_begins(self, change: dict[str, object]) -> None:
        if change["new"] == "running":
            self.message = None

    def _compare_all(self) -> None:
        self.take(self.wb.audited(self.platform, fresh=False, progress=self._tell))

    def _tell(self, done: int, total: int) -> None:
        if total:
            self.progress = base.progress_words("Reading", done, total) + " from IMatch"

    def take(self, found: Audited) -> None:
        """Show these findings; ticks, filter and staged decisions that still hold are kept."""
        with self._lock:
            self.audited = found
            known = self.wb.known_account(self.platform)
            self._pages = known.account.url.rstrip("/") if known is not None else ""
            self._online = {one.ref.remote_id: one for one in found.known.inventory.photos}
            order = {file_id: place for place, file_id in enumerate(found.photos)}
            self.rows = tuple(
                sorted(found.findings, key=lambda one: order.get(one.file_id, len(order)))
            )
            self.by_key = {key_of(one): one for one in self.rows}
            self.ticked = frozenset(one for one in self.ticked if one in self.by_key)
            self.staged = {key: how for key, how in self.staged.items() if key in self.by_key}
            self.stands = {}
            self.progress, self.state = "", "done"
            if self.kind not in self.kinds:
                self.kind = ""
            self._renew()

    def _on_error(self, error: BaseException) -> None:
        self.error = error
        self.progress, self.state, self.confirming = "", "failed", False
        self.message = messages.from_error(error)
        self._renew()

    # what is shown

    @property
    def kinds(self) -> dict[str, int]:
        """Code -> number of findings, in the order of the table of codes."""
        counts = Counter(one.code for one in self.rows)
        return {code: counts[code] for code in sorted(counts, key=lambda one: _ORDER.get(one, 99))}

    @property
    def counts(self) -> dict[str, int]:
        """Published photos by how they stand."""
        none = dict.fromkeys(("published", "same", "differing", "decided", "waiting"), 0)
        return self.audited.counts if self.audited is not None else none

    @property
    def shown(self) -> tuple[Finding, ...]:
        """The findings that the filters show."""
        return tuple(one for one in self.rows if self._passes(one))

    def _passes(self, one: Finding) -> bool:
        if self.kind and one.code != self.kind:
            return False
        wanted = self.find.casefold().split()
        return not wanted or all(word in self._words(one) for word in wanted)

    def _words(self, one: Finding) -> str:
        parts = (self.title(one), self.name(one), one.imatch, one.remote, one.remote_id)
        return "\n".join(part or "" for part in parts).casefold()

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-len(self.shown) // PAGE))

    @property
    def page_rows(self) -> tuple[Finding, ...]:
        """The findings of the page."""
        first = (self.page - 1) * PAGE
        return self.shown[first : first + PAGE]

    def go_to(self, page: int) -> None:
        """Show a page; the nearest there is."""
        self.page = min(max(1, page), self.pages)

    def choose_kind(self, code: str) -> None:
        """Show the findings of one kind; the same again shows all."""
        self.kind = "" if code == self.kind else code

    def _on_filter(self, _change: object) -> None:
        self.page, self.handed = 1, None
        self._renew()

    def _renew(self) -> None:
        self.page = min(self.page, self.pages)
        self.edition += 1

    # a finding

    def title(self, one: Finding) -> str:
        """The title of the photo, else its file name, else what stands online."""
        photo = self.audited.photos.get(one.file_id) if self.audited is not None else None
        if photo is not None:
            return photo.title or photo.name
        return (one.remote or one.imatch or one.remote_id) if not one.file_id else one.file_id

    def name(self, one: Finding) -> str:
        """The file name, "" for what is only online."""
        photo = self.audited.photos.get(one.file_id) if self.audited is not None else None
        return photo.name if photo is not None else ""

    def url(self, one: Finding) -> str:
        """The address of its page, "" if it is not online or nobody knows."""
        remote = self._remote(one)
        if remote is None:
            return ""
        return remote.ref.url or (f"{self._pages}/{one.remote_id}/" if self._pages else "")

    def pictures(self, one: Finding) -> tuple[Wanted | None, Wanted | None]:
        """The picture of IMatch and the one online."""
        photo = self.audited.photos.get(one.file_id) if self.audited is not None else None
        remote, title = self._remote(one), self.title(one)
        here = Wanted(side="imatch", source=photo.path, title=title) if photo is not None else None
        url = remote.picture_url if remote is not None else ""
        return here, Wanted(side="online", source=url, title=title) if url else None

    def _remote(self, one: Finding) -> RemotePhoto | None:
        return self._online.get(one.remote_id)

    # deciding

    def tick(self, keys: Iterable[FindingKey], on: bool = True) -> None:
        """Tick findings, or untick them."""
        wanted = frozenset(one for one in keys if one in self.by_key)
        self.ticked = self.ticked | wanted if on else self.ticked - wanted

    def stand(self, one: Finding) -> Stand:
        """Where it stands."""
        key = key_of(one)
        decision = self.staged.get(key)
        if decision is not None:
            return Stand(state="staged", words=audit_words.decided(decision))
        return self.stands.get(key, Stand())

    def can_decide(self, one: Finding) -> bool:
        """True unless it is dealt with already."""
        return self.stand(one).state in ("open", "failed", "staged")

    def choices(self) -> dict[Decision, int]:
        """What can be decided about the ticked findings, and how many of them take it."""
        some = [one for key, one in self.by_key.items() if key in self.ticked]
        counts: Counter[Decision] = Counter()
        for one in some:
            if self.can_decide(one):
                counts.update(audit.decisions_for(one))
        return {decision: counts[decision] for decision in audit.DECISIONS if counts[decision]}

    def stage(self, keys: Iterable[FindingKey], decision: Decision) -> int:
        """Decide about findings; those that do not take it stay.  How many took it."""
        with self._lock:
            taken = [
                key
                for key in keys
                if key in self.by_key
                and self.can_decide(self.by_key[key])
                and decision in audit.decisions_for(self.by_key[key])
            ]
            self.staged |= dict.fromkeys(taken, decision)
            self.confirming = False
        self.edition += 1
        return len(taken)

    def unstage(self, keys: Iterable[FindingKey]) -> None:
        """Take decisions back that were not carried out."""
        with self._lock:
            for key in keys:
                self.staged.pop(key, None)
                self.stands.pop(key, None)
            self.confirming = False
        self.edition += 1

    @property
    def staged_counts(self) -> dict[Decision, int]:
        """Decision -> number of findings, in the order of the table."""
        counts = Counter(self.staged.values())
        return {one: counts[one] for one in audit.DECISIONS if counts[one]}

    # carrying out

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the decisions cannot be carried out now."""
        if not self.staged:
            return ("Nothing is decided yet.",)
        if self.is_busy or self.list.is_listing:
            return ("It is being compared.",)
        job = Jobs.of(self.wb).current
        if job is not None and job.is_running:
            return ("A step is running.",)
        return ()

    def press(self) -> bool:
        """Ask before anything is carried out; False if it may not be."""
        self.blockers = self.reasons
        self.confirming = not self.blockers
        return not self.blockers

    def not_now(self) -> None:
        """The question was answered with no."""
        self.confirming = False

    @property
    def question(self) -> str:
        """What carrying out will do."""
        return audit_words.question(self.staged_counts, self.platform)

    def carry_out(self) -> bool:
        """Do what was decided, in the background; False if it may not be."""
        self.confirming = False
        if self.reasons:
            return False
        self.worker.wait(5)
        chosen = dict(self.staged)
        self.state, self.message = "running", None
        self.progress = f"Carrying out {words.count(len(chosen), 'decision')}"
        return self.worker.start(lambda _stop: self._carry_out(chosen))

    def _carry_out(self, chosen: dict[FindingKey, Decision]) -> None:
        """Memory, records and categories first; then what is online into IMatch; then the plan."""
        groups: dict[Decision, list[Finding]] = {}
        for key, decision in chosen.items():
            groups.setdefault(decision, []).append(self.by_key[key])
        theirs = groups.pop("take_theirs", [])
        plan = self.wb.decide_all(groups, with_queued=True) if groups else None
        for decision, some in groups.items():
            self._ended(some, Stand(state="done", words=audit_words.done(decision)))
        if theirs:
            self._take(theirs)
        self.plan = plan if plan is not None else self.plan
        self.progress, self.state = "", "done"
        self.edition += 1

    def _take(self, findings: list[Finding]) -> None:
        """Each with its reason where it cannot be taken over; a refusal stops no other."""
        taking = self.wb.theirs(findings, progress=self._tell_reading)
        for one, why in taking.refused:
            self._ended([one], Stand(state="failed", words=why))
        if not taking.change_set.chosen:
            return
        run = self.wb.take_theirs(taking)
        bad = {one.file_id: one.message for one in run.cells if one.message}
        written = {one.file_id for one in run.cells if one.state in ("verified", "same")}
        for one in taking.taken:
            if one.file_id in bad or one.file_id not in written:
                said = bad.get(one.file_id) or run.message or "It was not written."
                self._ended([one], Stand(state="failed", words=said))
            else:
                said = audit_words.done("take_theirs")
                self._ended([one], Stand(state="done", words=said))
        if run.state != "done":
            raise PlanError(run.message, hint=run.hint, code="not_written")

    def _tell_reading(self, done: int, total: int) -> None:
        self.progress = base.progress_words("Reading", done, total) + " from the platform"

    def _ended(self, findings: Iterable[Finding], stand: Stand) -> None:
        with self._lock:
            for one in findings:
                self.staged.pop(key_of(one), None)
                self.stands[key_of(one)] = stand

    def sent(self, keys: Iterable[tuple[str, str]], said: str) -> None:
        """A step has carried these rows out."""
        wanted = set(keys)
        self._ended(
            (one for one in self.rows if one.key in wanted and self.stand(one).state == "done"),
            Stand(state="done", words=said),
        )
        self.edition += 1

    # handing over

    def hand_over(self) -> Selection | None:
        """The ticked photos, else all that are shown, as a selection; None if there is none."""
        some = [one for key, one in self.by_key.items() if key in self.ticked] or self.shown
        if not any(one.file_id for one in some):
            return None
        said = audit_words.selection_words(some, self.platform)
        kind = self.kind.replace("_", " ")
        try:
            made = self.wb.hand_over(f"audit {self.platform} {kind}".strip(), some, said)
        except SocialsError as error:
            self.message = messages.from_error(error)
            return None
        self.handed = made
        return made
