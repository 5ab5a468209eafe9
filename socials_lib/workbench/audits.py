"""Audits: what is online, compared with IMatch and with what was last sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from socials_lib.audit import Coverage, Decision, Figures, Match, figures
from socials_lib.journal import ChangeSetRun
from socials_lib.models import PLATFORMS, Finding, Inventory, Outcome, Plan, PlatformName
from socials_lib.workbench import auditing, deciding, taking
from socials_lib.workbench.changes import Changes
from socials_lib.workbench.plans import Progress
from socials_lib.workbench.runs import Listener

if TYPE_CHECKING:
    pass


class Audits(Changes):
    """The fifth layer: looking changes nothing; see `auditing`, `deciding`, `taking`."""

    def inventory(
        self, name: PlatformName, *, fresh: bool = False, progress: Progress | None = None
    ) -> Inventory:
        """All own photos online, by listing; the list of before unless `fresh`."""
        return auditing.inventory(self, name, fresh=fresh, progress=progress)

    def audit(
        self,
        name: PlatformName,
        *,
        fresh: bool = True,
        decided: bool = False,
        progress: Progress | None = None,
    ) -> tuple[Finding, ...]:
        """What is online against IMatch and what we last sent; changes nothing.

        `decided` shows also what you keep or ignore.
        """
        return auditing.audit(self, name, fresh=fresh, decided=decided, progress=progress)

    def audited(
        self, name: PlatformName, *, fresh: bool = True, progress: Progress | None = None
    ) -> auditing.Audited:
        """An audit with its photos, its list and its counts, as the widgets show it."""
        return auditing.audited(self, name, fresh=fresh, progress=progress)

    def kept_inventory(self, name: PlatformName) -> Inventory | None:
        """The list of before, None if there is none; asks nobody."""
        return auditing.kept_inventory(self, name)

    def calls_to_list(self, name: PlatformName) -> int:
        """About how many calls a new list takes; 0 if nobody knows."""
        return auditing.calls_to_list(self, name)

    def decide(
        self, findings: Iterable[Finding], decision: Decision, *, origin: str = "notebook"
    ) -> Plan | None:
        """Carry a decision about findings out in IMatch and the journal; what is left is a plan."""
        return deciding.decide(self, findings, decision, origin=origin)

    def decide_all(
        self,
        decisions: Mapping[Decision, Iterable[Finding]],
        *,
        with_queued: bool = False,
        origin: str = "notebook",
    ) -> Plan | None:
        """Carry several decisions out at once; one plan for all that is left to send.

        `with_queued`: the plan has the photos that were put into `_update`, … as well.
        """
        return deciding.decide_all(self, decisions, with_queued=with_queued, origin=origin)

    def replan(self, plan: Plan) -> Plan | None:
        """The rows of a plan that decisions led to, planned anew; None if none is left."""
        return deciding.replan(self, plan)

    def theirs(
        self, findings: Iterable[Finding], *, progress: Progress | None = None
    ) -> taking.Taking:
        """What IMatch would be given so that it says what is online; changes nothing."""
        return taking.propose(self, findings, progress=progress)

    def take_theirs(
        self,
        given: taking.Taking | Iterable[Finding],
        *,
        listen: Listener = lambda event: None,
        origin: str = "notebook",
    ) -> ChangeSetRun:
        """Write what is online into IMatch, read back; a change set that can be undone.

        Raises as `write` does, and `PlanError` if nothing can be taken over.
        """
        return taking.take(self, given, listen=listen, origin=origin)

    def forget_decisions(self, name: PlatformName) -> None:
        """Show again what was kept or ignored."""
        deciding.forget_decisions(self, name)

    def reconnect(self, name: PlatformName, *, fresh: bool = True) -> tuple[Match, ...]:
        """Photos online without a known id, and the photos of IMatch that they may be."""
        return deciding.reconnect(self, name, fresh=fresh)

    def link(self, matches: Iterable[Match], *, origin: str = "notebook") -> tuple[Outcome, ...]:
        """Write the ids of matches into IMatch; the platforms are not touched."""
        return deciding.link(self, matches, origin=origin)

    def audit_metadata(self, *platforms: PlatformName) -> tuple[Finding, ...]:
        """What IMatch alone can tell about the photos of these platforms; no network but IMatch."""
        return auditing.audit_metadata(self, platforms or PLATFORMS)

    def completeness(self, *platforms: PlatformName) -> tuple[Coverage, ...]:
        """How many photos of each platform have each field, out of how many."""
        return auditing.completeness(self, platforms or PLATFORMS)

    def metadata_audited(
        self, *platforms: PlatformName, progress: Progress | None = None
    ) -> auditing.MetadataAudited:
        """Matrix, findings and photos of the audit of IMatch alone, from one reading."""
        return auditing.metadata_audited(self, platforms or PLATFORMS, progress=progress)

    def not_the_same(self, match: Match) -> None:
        """Remember that this remote photo is none of these; they are not proposed again."""
        deciding.not_the_same(self, match)

    def may_be_the_same(self, match: Match) -> None:
        """Take `not_the_same` back: these photos are proposed again."""
        deciding.may_be_the_same(self, match)

    def figures(self, name: PlatformName, *, fresh: bool = False) -> Figures:
        """The numbers of the charts; from the list of before unless `fresh`."""
        found = self.audited(name, fresh=fresh)
        return figures(tuple(found.photos.values()), found.known, found.findings)

    def titles(self, findings: Iterable[Finding]) -> dict[str, str]:
        """Titles (else file names) of the photos of findings, by file id."""
        return auditing.titles(self, findings)
