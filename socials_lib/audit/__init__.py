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
    `take`       what is online -> the values of IMatch that make it
    `figures`    the numbers of the charts: coverage, albums, problems, engagement
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
    TAKEABLE,
    Decision,
    decisions_for,
    words_for,
)
from socials_lib.audit.compare import Published, Same, compare, state
from socials_lib.audit.decide import Decided, decide
from socials_lib.audit.document import finding_to_json, to_html, to_json
from socials_lib.audit.figures import Bar, Figures, figures
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
    standing,
    unlisted_ids,
)
from socials_lib.audit.reconnect import TIERS, Match, Tier, reconnect, unlinked
from socials_lib.audit.remembered import differing_key, without_decided
from socials_lib.audit.take import Ground, Theirs, take

__all__ = [
    "Bar",
    "CODES",
    "Coverage",
    "DECISIONS",
    "Decided",
    "Decision",
    "Figures",
    "Ground",
    "Knowledge",
    "METADATA",
    "Match",
    "NOTHING",
    "NOT_OURS",
    "ONLINE",
    "Published",
    "Same",
    "TAKEABLE",
    "TIERS",
    "Theirs",
    "Tier",
    "UNCLEAR",
    "by_file",
    "compare",
    "completeness",
    "decide",
    "decisions_for",
    "differing_key",
    "examine",
    "examine_metadata",
    "figures",
    "finding_to_json",
    "known_ids",
    "reconnect",
    "stamps",
    "standing",
    "state",
    "take",
    "to_html",
    "to_json",
    "unlinked",
    "unlisted_ids",
    "without_decided",
    "words_for",
]
