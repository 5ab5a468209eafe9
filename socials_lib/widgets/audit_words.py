"""What the widgets of the audit say: kinds, sides, decisions, questions; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from socials_lib import audit
from socials_lib.audit import Decision
from socials_lib.errors import ImatchError, SignedOut
from socials_lib.models import Finding, PlatformName
from socials_lib.widgets import theme, words

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

#: What a finding is called in selections; stable over reading again.
FindingKey = tuple[str, str, str, str, str]

#: decision -> words of its button; the tooltip has the long ones of `audit.DECISIONS`
LABELS: Mapping[Decision, str] = {
    "keep_theirs": "Keep theirs",
    "push_ours": "Send ours",
    "take_theirs": "Take into IMatch",
    "adopt": "Write the id into IMatch",
    "forget_id": "Forget the id",
    "add_again": "Publish again",
    "queue_update": "Put into _update",
    "queue_metadata": "Put into _metadata",
    "queue_delete": "Put into _delete",
    "ignore": "Always ignore",
}
#: Decisions that have a button in each row; the others are for all ticked rows.
IN_ROW: tuple[Decision, ...] = (
    "keep_theirs",
    "push_ours",
    "take_theirs",
    "adopt",
    "forget_id",
    "add_again",
    "ignore",
)
#: Decisions that only the journal keeps.
_REMEMBERED = ("keep_theirs", "ignore")
#: Decisions whose photos are sent by a step of their own afterwards.
SENT = ("push_ours", "add_again")
QUEUED = ("queue_update", "queue_metadata", "queue_delete")
_KIND_NUMBERS: Mapping[str, str] = {
    "changed_here": "changed in IMatch",
    "changed_there": "changed online",
    "changed_both": "changed on both sides",
    "both_alike": "changed alike",
    "no_base": "differing",
    "added_there": "with tags added online",
    "date_differs": "with another date",
    "privacy_changed": "with another visibility",
    "album_drift": "in other albums",
    "group_drift": "in other groups",
    "album_gone": "album gone|albums gone",
    "group_closed": "group not readable|groups not readable",
    "edits_left": "with few edits left",
    "gone_online": "gone online",
    "published_without_remote": "published in IMatch only",
    "lost_id": "with a lost id",
    "not_yours": "somebody else's",
    "several_ids": "with several ids",
    "id_twice": "with an id used twice",
    "orphan": "only online",
}
#: Fields whose sides are shown as a word difference; ids and addresses are not.
_COMPARED = (*audit.TAKEABLE, "date_taken", "visibility")
_FIELD_NAMES: Mapping[str, str] = {
    "photo_id": "Photo id",
    "status_id": "Status id",
    "media_id": "Media id",
    "date_time": "Date",
    "date_taken": "Date taken",
    "visibility": "Visibility",
    "file": "File",
    "url": "Address",
}


def key_of(one: Finding) -> FindingKey:
    """Platform, file, remote photo, code, field."""
    return (one.platform, one.file_id, one.remote_id, one.code, one.field)


def is_set_up(wb: Workbench, platform: PlatformName) -> bool:
    """False if nobody set this platform up (while IMatch is down nobody knows: then True)."""
    try:
        wb.platform(platform)
    except SignedOut:
        return False
    except ImatchError:
        return True
    return True


def not_set_up(platform: PlatformName) -> str:
    """`Pixelfed – not set up`, as markup."""
    return f'<p class="mute">{words.platform(platform)} {theme.SKIPPED} not set up</p>'


def kind_number(code: str, count: int) -> str:
    """`21 changed in IMatch`: a number of the counts line."""
    one, _, many = (_KIND_NUMBERS.get(code) or _plain(code)).partition("|")
    return f"{count:,} {many if many and count != 1 else one}"


def _plain(code: str) -> str:
    kind = audit.CODES.get(code)
    return (kind.words if kind else code.replace("_", " ")).lower()


def field_name(name: str) -> str:
    """`Alt text`."""
    return _FIELD_NAMES.get(name) or words.field(name)


def head_of(one: Finding) -> str:
    """`Title: changed online`; without a field only what was found."""
    found = audit.words_for(one)
    if one.code == "several_ids":
        return f"{found}: {one.remote_id}"
    if not one.field or one.field in ("photo_id", "status_id"):
        return found
    field = field_name(one.field)
    if found.startswith(field) or field.startswith(found.split()[0]):
        return found  # `Visibility differs` names it itself
    return f"{field}: {found[:1].lower()}{found[1:]}"


def counts_in_words(counts: Mapping[str, int]) -> str:
    """`1,804 published = 1,771 same + 21 that differ + 12 waiting for the next run`."""
    parts = [f"{counts['same']:,} same"]
    parts += [f"{counts['differing']:,} that differ"] if counts["differing"] else []
    parts += [f"{counts['decided']:,} decided before"] if counts["decided"] else []
    parts += [f"{counts['waiting']:,} waiting for the next run"] if counts["waiting"] else []
    return f"{counts['published']:,} published = {' + '.join(parts)}"


def sides(one: Finding) -> list[tuple[str, str]]:
    """Label and markup of the sides that are known: last sent, IMatch, online."""
    base, here, there = (_value(one, text) for text in (one.base, one.imatch, one.remote))
    if one.field not in _COMPARED:
        named = (("IMatch", here), ("Online", there), ("Last sent", base))
        return [(label, theme.lines(text)) for label, text in named if text]
    reference = base if one.base is not None else here
    found: list[tuple[str, str]] = []
    if one.base is not None:
        found.append(("Last sent", theme.lines(base)))
    if one.imatch is not None or one.base is not None:
        found.append(("IMatch", _compared(base if one.base is not None else here, here)))
    if one.remote is not None or one.base is not None:
        against = reference if one.imatch is not None or one.base is not None else there
        found.append(("Online", _compared(against, there)))
    return found


def _compared(before: str, after: str) -> str:
    if not after:
        return f'<span class="mute">{words.DASH}</span>'
    return theme.lines(after) if before == after else theme.word_diff(before, after)


def _value(one: Finding, text: str | None) -> str:
    if one.field == "visibility" and text:
        return words.visibility(text, one.platform)
    if one.code == "several_ids" and text in ("online", "not online"):
        return f"this id is {text}"
    return (text or "").replace("T", " ") if one.field == "date_taken" else text or ""


def decided(decision: Decision) -> str:
    """`Decided: keep theirs`."""
    label = LABELS[decision]
    return f"Decided: {label[:1].lower()}{label[1:]}"


def done(decision: Decision) -> str:
    """What a carried out decision has done, as far as it has by then."""
    return {
        "keep_theirs": "Kept",
        "ignore": "Ignored",
        "push_ours": "To be sent below",
        "add_again": "To be added below",
        "take_theirs": "In IMatch",
        "adopt": "Id in IMatch",
        "forget_id": "Id forgotten",
    }.get(decision, "Queued")


def staged_in_words(staged: Mapping[Decision, int]) -> str:
    """`31 send ours, 9 take into IMatch`."""
    parts = [
        f"{count:,} {LABELS[decision][:1].lower()}{LABELS[decision][1:]}"
        for decision, count in staged.items()
        if count
    ]
    return ", ".join(parts)


def question(staged: Mapping[Decision, int], platform: PlatformName) -> str:
    """What carrying out does, before it is done."""
    kept = sum(n for decision, n in staged.items() if decision in _REMEMBERED)
    taken = staged.get("take_theirs", 0)
    sent = sum(n for decision, n in staged.items() if decision in SENT)
    rest = sum(staged.values()) - kept - taken - staged.get("push_ours", 0)
    parts = [f"remember {kept:,} here"] if kept else []
    parts += [f"change {_records(rest)} in IMatch"] if rest else []
    parts += [f"write {words.count(taken, 'value')} to IMatch"] if taken else []
    parts += [f"make a plan for {sent:,}"] if sent else []
    said = f"{' and '.join(filter(None, (', '.join(parts[:-1]), *parts[-1:])))}?"
    old = " Old values are kept; 04_history can put them back." if taken else ""
    service = words.platform(platform)
    return f"{said[:1].upper()}{said[1:]}{old} Nothing changes on {service} before the next button."


def _records(count: int) -> str:
    return words.count(count, "record or category", "records or categories")


def selection_words(findings: Iterable[Finding], platform: PlatformName) -> str:
    """`21 photos whose title changed there`: what a selection is."""
    some = tuple(findings)
    photos = words.count(len({one.file_id for one in some if one.file_id}), "photo")
    heads = dict.fromkeys(head_of(one) for one in some)
    what = next(iter(heads)) if len(heads) == 1 else words.count(len(heads), "kind of finding")
    return f"{photos}, {words.platform(platform)}: {what}"
