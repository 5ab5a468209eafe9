"""What is decided about the findings of one platform, and carrying it out.

A decision is *staged* first: its row stays in place and says so.  One button carries all staged
decisions out after a question: what is remembered goes into the journal, what concerns IMatch is
written there, and what is to be sent becomes a plan with steps of its own below.  Nothing reaches a
platform from here.

Decided here (2026-11-22): findings that were decided about stay in the list until it is compared
again; staged decisions of findings that are gone by then go with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import traitlets as t

from socials_lib import audit
from socials_lib.audit import Decision
from socials_lib.errors import PlanError, SocialsError
from socials_lib.models import Finding, Plan, PlatformName
from socials_lib.widgets import audit_words, base, messages, words
from socials_lib.widgets.audit_words import FindingKey, key_of
from socials_lib.widgets.findings_list import FindingsList
from socials_lib.widgets.jobs import Jobs
from socials_lib.workbench.auditing import Audited
from socials_lib.workbench.selections import Selection

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench


@dataclass(frozen=True, kw_only=True)
class Stand:
    """Where a finding stands: `open`, `staged`, `done` or `failed`, with words."""

    state: str = "open"
    words: str = ""


class FindingsModel(FindingsList):
    """The findings and what is decided about them.

    `confirming` while the question is shown; `plan` is what carrying out has left to send.
    """

    confirming = t.Bool(False)
    plan = t.Instance(Plan, allow_none=True)
    handed = t.Instance(Selection, allow_none=True)

    def __init__(self, wb: Workbench, platform: PlatformName) -> None:
        super().__init__(wb, platform)
        self.staged: dict[FindingKey, Decision] = {}
        self.stands: dict[FindingKey, Stand] = {}

    def take(self, found: Audited) -> None:
        """Show these findings; staged decisions that still hold are kept."""
        known = {key_of(one) for one in found.findings}
        with self._lock:
            self.staged = {key: how for key, how in self.staged.items() if key in known}
            self.stands = {}
            super().take(found)

    def _on_error(self, error: BaseException) -> None:
        self.confirming = False
        super()._on_error(error)

    # deciding

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
        """Do what was decided, in the background; False if it may not be, or nobody was asked."""
        was_asked, self.confirming = self.confirming, False
        if not was_asked or self.reasons:
            return False
        chosen = dict(self.staged)
        self.state, self.message = "running", None
        self.progress = f"Carrying out {words.count(len(chosen), 'decision')}"
        self.worker.ask(lambda _stop: self._carry_out(chosen))
        return True

    def _carry_out(self, chosen: dict[FindingKey, Decision]) -> None:
        """Memory, records and categories first; then what is online into IMatch; then the plan."""
        groups: dict[Decision, list[Finding]] = {}
        for key, decision in chosen.items():
            groups.setdefault(decision, []).append(self.by_key[key])
        theirs = groups.pop("take_theirs", [])
        plan = self.wb.decide_all(groups, with_queued=True) if groups else None
        for decision, some in groups.items():
            self._ended(some, Stand(state="done", words=audit_words.done(decision)))
        try:
            if plan is not None:
                plan = self._with_unsent(plan, {self.by_key[key].key for key in chosen})
            if theirs:
                self._take(theirs)
        finally:  # what was decided is to be sent, also where taking over failed
            self.plan = plan if plan is not None else self.plan
        self.progress, self.state = "", "done"
        self.edition += 1

    def _with_unsent(self, plan: Plan, decided: set[tuple[PlatformName, str]]) -> Plan:
        """What an earlier plan still has to send goes along, unless it was decided about anew."""
        before = Jobs.of(self.wb).unsent(self.plan) if self.plan is not None else ()
        there = decided | {row.key for row in plan.rows}
        left = tuple(row for row in before if row.key not in there)
        if not left:
            return plan
        return self.wb.replan(replace(plan, rows=(*plan.rows, *left))) or plan

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
