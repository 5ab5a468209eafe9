"""What an audit can find, in words, and what the person may decide about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from socials_lib.models import Finding

Decision = Literal[
    "push_ours",
    "keep_theirs",
    "take_theirs",
    "adopt",
    "forget_id",
    "add_again",
    "queue_update",
    "queue_metadata",
    "queue_delete",
    "ignore",
]

#: Decision -> words of its button.
DECISIONS: Mapping[Decision, str] = {
    "push_ours": "Send what IMatch says",
    "keep_theirs": "Keep what is online",
    "take_theirs": "Take it into IMatch",
    "adopt": "Write the id into IMatch",
    "forget_id": "Forget the id, do not publish again",
    "add_again": "Forget the id and publish again",
    "queue_update": "Put into _update",
    "queue_metadata": "Put into _metadata",
    "queue_delete": "Put into _delete",
    "ignore": "Ignore for good",
}


#: Fields of a finding that IMatch can be given; dates are the file's own, who sees it no field.
TAKEABLE = ("title", "description", "caption", "alt_text", "tags", "albums", "groups")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A row of the table: `decisions` in the order in which they are offered."""

    words: str
    suggestion: str
    decisions: tuple[Decision, ...]


_PUSH: tuple[Decision, ...] = ("push_ours", "queue_metadata", "queue_update", "queue_delete")
_DRIFT: tuple[Decision, ...] = (*_PUSH, "keep_theirs", "take_theirs", "ignore")
_MINE: tuple[Decision, ...] = ("keep_theirs", "take_theirs", *_PUSH, "ignore")
_GONE: tuple[Decision, ...] = ("forget_id", "add_again", "ignore")

#: Findings of the comparison with what is online.
ONLINE: Mapping[str, Kind] = {
    "changed_here": Kind(
        words="Changed in IMatch",
        suggestion="Send what IMatch says now.",
        decisions=_DRIFT,
    ),
    "changed_there": Kind(
        words="Changed online",
        suggestion="Keep what is online, or send what IMatch says.",
        decisions=_MINE,
    ),
    "changed_both": Kind(
        words="Changed on both sides",
        suggestion="Decide which side is right: IMatch or the website.",
        decisions=_DRIFT,
    ),
    "both_alike": Kind(
        words="Changed alike on both sides",
        suggestion="Nothing differs; sending it only brings the journal up to date.",
        decisions=_DRIFT,
    ),
    "no_base": Kind(
        words="Differs",
        suggestion="What was last sent is not known: decide which side is right.",
        decisions=_DRIFT,
    ),
    "added_there": Kind(
        words="Tags added online",
        suggestion="Tags typed on the website are left alone; nothing needs to be done.",
        decisions=("keep_theirs", "take_theirs", "ignore"),
    ),
    "date_differs": Kind(
        words="Date differs",
        suggestion="Send the date that IMatch has, or keep the one online.",
        decisions=_DRIFT,
    ),
    "privacy_changed": Kind(
        words="Visibility differs",
        suggestion="A visibility that was changed by hand stays; change it on the website.",
        decisions=("keep_theirs", "ignore"),
    ),
    "album_drift": Kind(
        words="Albums differ",
        suggestion="Send the albums that IMatch has, or keep those online.",
        decisions=_DRIFT,
    ),
    "group_drift": Kind(
        words="Groups differ",
        suggestion="Send the groups that IMatch has, or keep those online.",
        decisions=_DRIFT,
    ),
    "album_gone": Kind(
        words="Album gone",
        suggestion="Correct the id in the description of the category, or delete the category.",
        decisions=("ignore",),
    ),
    "group_closed": Kind(
        words="Group not readable",
        suggestion="You may have left this group, or it is gone: check the id in its category.",
        decisions=("ignore",),
    ),
    "edits_left": Kind(
        words="Few edits left",
        suggestion="Pixelfed allows nine caption edits; after that only a new post helps.",
        decisions=("ignore",),
    ),
    "gone_online": Kind(
        words="Gone online",
        suggestion="Deleted or archived on the website: forget the id, or publish it again.",
        decisions=_GONE,
    ),
    "published_without_remote": Kind(
        words="Published in IMatch only",
        suggestion="Nothing is online under this record: reconnect it, or forget it.",
        decisions=_GONE,
    ),
    "lost_id": Kind(
        words="Id lost in IMatch",
        suggestion="Write the id that the journal knows back into IMatch.",
        decisions=("adopt", "forget_id", "ignore"),
    ),
    "not_yours": Kind(
        words="Somebody else's",
        suggestion="The id belongs to another account: correct the record in IMatch, or forget it.",
        decisions=_GONE,
    ),
    "several_ids": Kind(
        words="Several ids on one photo",
        suggestion="Forget the ids that are not this photo's.",
        decisions=("forget_id", "ignore"),
    ),
    "id_twice": Kind(
        words="Id used twice",
        suggestion="Forget the id on the photo that is not the one online.",
        decisions=("forget_id", "ignore"),
    ),
    "orphan": Kind(
        words="Only online",
        suggestion="Reconnect it with its photo in IMatch, or ignore it.",
        decisions=("ignore",),
    ),
}

#: Findings of the metadata audit, which asks no platform.
METADATA: Mapping[str, Kind] = {
    code: Kind(words=words, suggestion=suggestion, decisions=("ignore",))
    for code, words, suggestion in (
        ("missing_field", "Missing", "Write it in IMatch."),
        ("too_long", "Too long", "Shorten it in IMatch."),
        ("nearly_too_long", "Parts left out", "Shorten it, or live without what is left out."),
        ("alt_text_missing", "No alt text", "Describe what is to be seen."),
        ("alt_text_is_title", "Alt text is the title", "Describe what is to be seen."),
        ("alt_text_too_short", "Alt text too short", "Say more: what, where, what is going on."),
        ("alt_text_begins_with_image_of", "“Image of …”", "Begin with what is to be seen."),
        ("keyword_spellings", "Keyword in several spellings", "Choose one spelling in IMatch."),
        ("too_many_keywords", "Too many tags", "The first ones in rule order are sent."),
        ("private_keyword", "Private keyword", "It is kept out of the tags; nothing to do."),
        ("date_missing", "No date", "Set the date in IMatch."),
        ("date_in_future", "Date in the future", "Correct the date in IMatch."),
        ("date_circa", "Circa date", "The date is said to be approximate."),
        ("same_picture_twice", "Same picture twice", "Keep one of them in the platform."),
        ("album_without_publication", "In an album, not published", "Add it to the platform too."),
        ("attribute_oddity", "Odd attribute record", "Correct the record in IMatch."),
    )
}
CODES: Mapping[str, Kind] = {**ONLINE, **METADATA}


def words_for(finding: Finding) -> str:
    """What was found, in a few words: `Changed online`."""
    kind = CODES.get(finding.code)
    return kind.words if kind else finding.code.replace("_", " ")


def decisions_for(finding: Finding) -> tuple[Decision, ...]:
    """What the person may decide, the first is recommended; () if there is nothing to decide."""
    kind = CODES.get(finding.code)
    if kind is None:
        return ()
    if finding.code == "published_without_remote" and not finding.file_id:
        return ("ignore",)
    if finding.field in TAKEABLE and finding.code != "both_alike":
        return kind.decisions
    return tuple(one for one in kind.decisions if one != "take_theirs")
