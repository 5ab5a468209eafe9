"""A decision about findings -> what it changes.  Pure.

    push_ours       a plan row `metadata`, nothing else
    keep_theirs     remembered in the journal until one side changes
    take_theirs     a change set for IMatch (`audit.take`), behind the switch for metadata
    adopt           the id that the journal knows goes into the attribute record
    forget_id       record and journal entry go, and the photo leaves the platform's categories:
                    nothing would keep the next plan from publishing it again otherwise
    add_again       record and journal entry go; the photo joins `Socials|P`: the next plan adds it
    queue_…         the photo joins `_update`, `_metadata` or `_delete`
    ignore          remembered in the journal for good

Decided here (2026-11-22): of a photo with several ids one is forgotten and the photo stays; an id
that two photos have is forgotten on this photo alone.  A queued photo is no finding any more: the
next plan has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from socials_lib.audit.codes import DECISIONS, METADATA, Decision, decisions_for
from socials_lib.audit.remembered import ignored_key, kept_key, sides
from socials_lib.models import Finding, PlatformName, root_category

_QUEUES: Mapping[str, str] = {
    "queue_update": "_update",
    "queue_metadata": "_metadata",
    "queue_delete": "_delete",
}


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What a decision changes.

    `joins` and `leaves` map category paths to file ids; `forgets` and `adopts` are findings about
    an id; `takes` those whose online side goes into IMatch; `pushes` and `adds` are rows of the
    plan that results (platform and file id); `remembered` are facts for the journal by platform,
    `remembered_here` those about IMatch alone, whatever the account; `refused` are findings that
    do not take this decision.
    """

    decision: Decision
    taken: tuple[Finding, ...] = ()
    refused: tuple[Finding, ...] = ()
    joins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    leaves: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    forgets: tuple[Finding, ...] = ()
    adopts: tuple[Finding, ...] = ()
    takes: tuple[Finding, ...] = ()
    pushes: tuple[tuple[PlatformName, str], ...] = ()
    adds: tuple[tuple[PlatformName, str], ...] = ()
    remembered: Mapping[PlatformName, Mapping[str, str]] = field(default_factory=dict)
    remembered_here: Mapping[PlatformName, Mapping[str, str]] = field(default_factory=dict)

    @property
    def writes_imatch(self) -> bool:
        """True if IMatch is changed at once."""
        return bool(self.joins or self.leaves or self.forgets or self.adopts or self.takes)


def decide(findings: Iterable[Finding], decision: Decision) -> Decided:
    """What `decision` changes for these findings; raises `ValueError` for an unknown word."""
    if decision not in DECISIONS:
        raise ValueError(f"no decision {decision!r}; there are {', '.join(DECISIONS)}")
    every = tuple(findings)
    taken = tuple(one for one in every if decision in decisions_for(one))
    refused = tuple(one for one in every if decision not in decisions_for(one))
    rows = tuple(dict.fromkeys(one.key for one in taken))
    forgets = decision in ("forget_id", "add_again")
    return Decided(
        decision=decision,
        taken=taken,
        refused=refused,
        joins=_joins(decision, rows),
        leaves=_leaves(taken) if decision == "forget_id" else {},
        forgets=taken if forgets else (),
        adopts=taken if decision == "adopt" else (),
        takes=taken if decision == "take_theirs" else (),
        pushes=rows if decision == "push_ours" else (),
        adds=rows if decision == "add_again" else (),
        remembered=_remembered(decision, (one for one in taken if one.code not in METADATA)),
        remembered_here=_remembered(decision, (one for one in taken if one.code in METADATA)),
    )


def _joins(
    decision: Decision, rows: Iterable[tuple[PlatformName, str]]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for platform, file_id in rows:
        root = root_category(platform)
        if decision in _QUEUES:
            path = f"{root}|{_QUEUES[decision]}"
        elif decision == "add_again":
            path = root
        else:
            continue
        found[path] = (*found.get(path, ()), file_id)
    return found


def _leaves(taken: Iterable[Finding]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for one in taken:
        if one.code == "several_ids":
            continue
        root = root_category(one.platform)
        for path in (root, f"{root}|_update", f"{root}|_metadata", f"{root}|_delete"):
            if one.file_id not in found.get(path, ()):
                found[path] = (*found.get(path, ()), one.file_id)
    return found


def _remembered(decision: Decision, taken: Iterable[Finding]) -> dict[PlatformName, dict[str, str]]:
    found: dict[PlatformName, dict[str, str]] = {}
    for one in taken:
        if decision == "keep_theirs":
            found.setdefault(one.platform, {})[kept_key(one)] = sides(one)
        elif decision == "ignore":
            found.setdefault(one.platform, {})[ignored_key(one)] = ""
    return found
