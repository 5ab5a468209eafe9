"""Is what is online what IMatch says?  Findings, reconnection, decisions; pure.

    known = Knowledge(inventory=…, facts=…, rules=…, same=platform.same, …)
    findings = examine(photos, known)                  # against what is online
    findings = examine_metadata(photos, …)             # IMatch alone, no network
    matches = reconnect(photos, orphans, …)            # photos that lost their id
    steps = decide(findings, "keep_theirs")            # what a decision would change

Rooms
    `codes`      every code of a `Finding` in words, and the decisions it takes
    `compare`    one photo three ways: last sent, IMatch now, online now (the table of states)
    `published`  all photos of a platform against its inventory: gone, orphans, ids, drift
    `metadata`   IMatch alone: completeness, lengths, alt texts, keywords, dates, records
    `reconnect`  remote photos without a known id -> IMatch photos, in three tiers
    `decide`     a decision about findings -> what changes in IMatch, the journal, the next plan
    `remembered` findings that the person has dealt with, and until when
    `document`   findings as JSON and as a page

Nothing here asks a platform, IMatch or the disk: `auditing` gathers what is needed.
"""

from __future__ import annotations

from socials_lib.audit.codes import (
    CODES,
    DECISIONS,
    METADATA,
    ONLINE,
    Decision,
    decisions_for,
    words_for,
)
from socials_lib.audit.compare import Published, Same, compare, state
from socials_lib.audit.decide import Decided, decide
from socials_lib.audit.document import finding_to_json, to_html, to_json
from socials_lib.audit.metadata import Coverage, completeness, examine_metadata
from socials_lib.audit.published import (
    NOT_OURS,
    NOTHING,
    UNCLEAR,
    Knowledge,
    by_file,
    examine,
    known_ids,
    stamps,
    unlisted_ids,
)
from socials_lib.audit.reconnect import TIERS, Match, Tier, reconnect, unlinked
from socials_lib.audit.remembered import without_decided

__all__ = [
    "CODES",
    "Coverage",
    "DECISIONS",
    "Decided",
    "Decision",
    "Knowledge",
    "METADATA",
    "Match",
    "NOTHING",
    "NOT_OURS",
    "ONLINE",
    "Published",
    "Same",
    "TIERS",
    "Tier",
    "UNCLEAR",
    "by_file",
    "compare",
    "completeness",
    "decide",
    "decisions_for",
    "examine",
    "examine_metadata",
    "finding_to_json",
    "known_ids",
    "reconnect",
    "stamps",
    "state",
    "to_html",
    "to_json",
    "unlinked",
    "unlisted_ids",
    "without_decided",
    "words_for",
]
