"""What the preview shows of one row, as markup: the picture that is sent, texts, counters, changes.

Pure: everything is handed in, so that it is tested without a browser.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from socials_lib.models import Limits, PhotoText, PlanRow, RemotePhoto, UploadCopy
from socials_lib.widgets import base, pills, theme, words

#: The picture box; its height is kept while the copy is being made.
BOX = (520, 390)
#: Up to this size the very bytes are shown, larger ones as a smaller picture made of them.
SHOWN_BYTES = 2_000_000
_KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif"}
_STAMP = "imatch:"


def picture(row: PlanRow, copy: UploadCopy | None, shown: bytes, problem: str) -> str:
    """The picture in its box, or the reason why there is none; `shown` may be a smaller one."""
    if copy is None:
        return theme.placeholder(problem or "No picture is sent", box=BOX)
    kind = _KINDS.get(copy.format, "") if copy.bytes <= SHOWN_BYTES else ""
    return theme.picture(shown, row.title, box=BOX, kind=kind)


def making() -> str:
    """`◐ Making the copy…` in a box of the same height."""
    return theme.placeholder(f"{theme.RUNNING} Making the copy…", box=BOX)


def copy_facts(row: PlanRow, copy: UploadCopy) -> str:
    """`2,048 x 1,365 · 1.8 MB · removed: place, keywords`, and which file it was made of."""
    removed = f"removed: {', '.join(copy.removed)}" if copy.removed else "nothing had to be removed"
    facts = f"{copy.width:,} x {copy.height:,} · {words.size(copy.bytes)} · {removed}"
    said = "These are the very bytes that will be sent."
    if copy.bytes > SHOWN_BYTES:
        said = "Shown smaller here; it is made of the very file that will be sent."
    if copy.fitted:
        said += " A smaller copy was made, so that it fits."
    if row.upload is not None and row.upload.file_id != row.file_id:
        said += f" Version {row.upload.name} of {row.name}."
    return f"<p>{theme.text(facts)}</p><p class='mute'>{theme.text(said)}</p>"


def texts(row: PlanRow) -> str:
    """Title and text as people will read them, with what is said beside the picture."""
    text = row.text
    if text is None:
        return f'<p class="mute">{words.DASH}</p>'
    if text.platform == "pixelfed":
        body = f"<p class='said'>{theme.lines(text.caption)}</p>"
        alt = theme.lines(text.alt_text) if text.alt_text else words.DASH
        body += f"<p><span class='mute'>Alt text</span> {alt}</p>"
    else:
        body = f"<p class='said'><b>{theme.text(words.dash(text.title))}</b></p>"
        body += f"<p class='said'>{theme.lines(text.description)}</p>" if text.description else ""
        tags = "".join(f"<code>{theme.esc(tag)}</code> " for tag in text.tags)
        body += f"<p><span class='mute'>Tags</span> {tags or words.DASH}</p>"
    return body + f"<p class='mute'>{theme.text(_beside(row, text))}</p>"


def _beside(row: PlanRow, text: PhotoText) -> str:
    """`Albums Coast · Groups none · Everybody sees it · Taken 19 March 2024`."""
    pools = []
    if text.platform == "flickr":
        pools.append(f"Albums {', '.join(one.name for one in row.albums) or 'none'}")
        pools.append(f"Groups {', '.join(one.name for one in row.groups) or 'none'}")
    taken = words.long_date(words.parse_local(text.date_taken))
    seen = words.seen_by(text.visibility, text.platform)
    left = [f"Left out to fit: {', '.join(text.left_out)}"] if text.left_out else []
    return " · ".join([*pools, seen, f"Taken {taken}", *left])


def counters(text: PhotoText | None, limits: Limits | None) -> str:
    """`Caption 487 of 500 · Alt text 96 of 1,000 · Hashtags 12`: warn from 90 %, err past it."""
    if text is None:
        return ""
    parts = []
    if text.platform == "pixelfed":
        parts.append(_counter("Caption", text.caption, limits.max_caption if limits else None))
        parts.append(_counter("Alt text", text.alt_text, limits.max_alt_text if limits else None))
        parts.append(f"Hashtags {len(text.tags):,}")
    else:
        parts.append(_counter("Title", text.title, limits.max_title if limits else None))
        parts.append(f"Description {words.letters(text.description)}")
        parts.append(_tags_counter(text, limits))
    return f"<p>{' · '.join(parts)}</p>"


def _counter(name: str, value: str, limit: int | None) -> str:
    said = f"{name} {words.letters(value, limit)}"
    return f'<span class="{_tone(len(value), limit)}">{said}</span>'


def _tags_counter(text: PhotoText, limits: Limits | None) -> str:
    limit = limits.max_tags if limits else None
    count = max(len(text.tags), text.tags_before_cut)
    said = f"Tags {count:,} of {limit:,}" if limit else f"Tags {count:,}"
    return f'<span class="{_tone(count, limit)}">{said}</span>'


def _tone(size: int, limit: int | None) -> str:
    if not limit or size < 0.9 * limit:
        return ""
    return "err" if size > limit else "warn"


def changes(row: PlanRow, online: RemotePhoto | None, *, was_read: bool) -> str:
    """What the row changes: before (last sent, or online now once it was read) against after."""
    head = (
        f"<p><b>{words.platform(row.platform)}</b> {theme.pill('', words.action(row.action))} "
        f'<span class="mute">{theme.esc(_why(row))}</span></p>'
    )
    if row.action == "delete":
        return f"{head}<p>The photo leaves {words.platform(row.platform)} for good.</p>"
    if row.action in ("skip", "none"):
        return f"{head}<p class='mute'>Nothing changes online.</p>"
    if was_read and online is None:
        return f"{head}<p class='warn'>{theme.WARNING} It is not online any more.</p>"
    if online is not None:
        return head + _compared(row, _online_fields(row, online), _kept(row, online))
    if row.action == "add":
        return head + _after_only(row)
    return head + _last_sent(row)


def _after_only(row: PlanRow) -> str:
    """What will be there, field by field, where nothing is known of before."""
    shown = ((one.field, _value(row, one.field, one.after)) for one in row.changes if one.after)
    return _table(
        [
            (words.field(name), _picture_words(row) if name == "picture" else theme.lines(value))
            for name, value in shown
        ]
    )


def _picture_words(row: PlanRow) -> str:
    """Pixelfed has no call that exchanges the picture of a post (M30)."""
    if row.platform == "pixelfed" and row.action in ("update", "metadata"):
        return "stays: Pixelfed cannot exchange the picture of a post"
    return "is sent as the file is now"


def _value(row: PlanRow, field: str, value: str | None) -> str:
    """A value in the words of people: dates and privacy are codes in the plan."""
    if field == "visibility":
        return words.visibility(value or "", row.platform)
    if field == "date_taken" and value:
        return f"{words.long_date(words.parse_local(value))}, {value[11:]}"
    return value or ""


def _why(row: PlanRow) -> str:
    problem = pills.stopping(row) if row.blocked else None
    return pills.problem_words(problem) if problem else words.reason(row.reason)


def _last_sent(row: PlanRow) -> str:
    if not row.changes:
        return "<p class='mute'>Same: everything that was last sent.</p>"
    if all(one.before is None for one in row.changes):
        said = "What was sent before is not known here; look what is online now."
        return f"<p class='mute'>{said}</p>" + _after_only(row)
    rows = []
    for one in row.changes:
        shown = _diff(row, one.field, one.before, one.after)
        shown = _picture_words(row) if one.field == "picture" else shown
        rows.append((words.field(one.field), shown))
    changed = {one.field for one in row.changes}
    same = [words.field(name).lower() for name in _fields(row) if name not in changed]
    return "<p class='mute'>Last sent against after</p>" + _table(rows) + _same(same)


def _compared(row: PlanRow, before: Mapping[str, str], kept: Mapping[str, str]) -> str:
    """`Online now` against what will be there after; `kept` replaces what stays as it is."""
    rows, same = [], []
    for name, value in (_fields(row) | dict(kept)).items():
        if name not in before:
            continue
        if _is_same(name, before[name], value):
            same.append(words.field(name).lower())
        else:
            rows.append((words.field(name), _diff(row, name, before[name], value)))
    shown = _table(rows) if rows else ""
    return f"<p class='mute'>Online now against after</p>{shown}{_same(same)}"


def _kept(row: PlanRow, online: RemotePhoto) -> dict[str, str]:
    """What stays because we do not manage it: only what we sent is ever taken away (design 4).

    A privacy changed by hand, tags that we did not send, albums and groups without a category.
    """
    last = row.last.text if row.last else None
    found = {}
    if last is None or online.visibility != last.visibility:
        found["visibility"] = online.visibility
    if row.platform != "flickr":
        return found
    ours = {
        _clean(one) for one in (*(last.tags if last else ()), *(row.text.tags if row.text else ()))
    }
    by_hand = [one for one in _raw_tags(online) if _clean(one) not in ours]
    found["tags"] = ", ".join([*(row.text.tags if row.text else ()), *by_hand])
    pools = (
        ("albums", online.albums, row.albums, {one.album_id for one in row.managed.albums}),
        ("groups", online.groups, row.groups, {one.group_id for one in row.managed.groups}),
    )
    for name, there, wanted, managed in pools:
        foreign = [title for one, title in (there or {}).items() if one not in managed]
        found[name] = ", ".join([*(one.name for one in wanted), *foreign])
    return found


def _clean(tag: str) -> str:
    """Flickr's identity of a tag: letters and digits only, whatever the case."""
    return "".join(letter for letter in tag.casefold() if letter.isalnum())


def _raw_tags(online: RemotePhoto) -> list[str]:
    return [one.raw for one in online.tags if not one.raw.casefold().startswith(_STAMP)]


def _same(names: Iterable[str]) -> str:
    said = ", ".join(names)
    return f"<p class='mute'>Same: {theme.esc(said)}.</p>" if said else ""


def _diff(row: PlanRow, field: str, before: str | None, after: str | None) -> str:
    return theme.word_diff(_value(row, field, before), _value(row, field, after))


def _is_same(field: str, before: str, after: str) -> bool:
    """Tags and albums have no order; line ends and outer blanks are nobody's change."""
    if field == "tags":
        return {_clean(one) for one in before.split(",")} == {_clean(o) for o in after.split(",")}
    if field in ("hashtags", "albums", "groups"):
        return _set(before) == _set(after)
    return " ".join(before.split()) == " ".join(after.split())


def _set(value: str) -> set[str]:
    return {one.strip().casefold() for one in value.split(",") if one.strip()}


def _fields(row: PlanRow) -> dict[str, str]:
    """What the row would make of the photo, by the field names of the plan."""
    text = row.text
    if text is None:
        return {}
    shared = {"date_taken": text.date_taken or "", "visibility": text.visibility}
    if text.platform == "pixelfed":
        return {"caption": text.caption, "alt_text": text.alt_text, **shared}
    return {
        "title": text.title,
        "description": text.description,
        "tags": ", ".join(text.tags),
        "albums": ", ".join(one.name for one in row.albums),
        "groups": ", ".join(one.name for one in row.groups),
        **shared,
    }


def _online_fields(row: PlanRow, online: RemotePhoto) -> dict[str, str]:
    """The same fields as the platform shows them now; what it does not say is left out."""
    if row.platform == "pixelfed":
        return {
            "caption": online.caption,
            "alt_text": (*online.alt_texts, "")[0],
            "visibility": online.visibility,
        }
    found = {
        "title": online.title,
        "description": online.description,
        "tags": ", ".join(_raw_tags(online)),
        "date_taken": online.date_taken or "",
        "visibility": online.visibility,
    }
    for name, pools in (("albums", online.albums), ("groups", online.groups)):
        if pools is not None:
            found[name] = ", ".join(pools.values())
    return found


def _table(rows: Iterable[tuple[str, str]]) -> str:
    cells = "".join(f"<tr><th>{theme.esc(name)}</th><td>{value}</td></tr>" for name, value in rows)
    return f'<table class="diff">{cells}</table>'


def problems(row: PlanRow) -> str:
    """The problems of the row as pills, "" if it has none."""
    shown = " ".join(pills.problem_pill(one) for one in row.problems)
    return f"<p>{shown}</p>" if shown else ""


def online_link(row: PlanRow, url: str, *, is_demo: bool) -> str:
    """`Open on Flickr ↗`, in demo `Open in the demo Flickr ↗`; "" if it is not online."""
    if not url:
        return ""
    name = words.platform(row.platform)
    return base.status(
        theme.link(url, f"Open in the demo {name}" if is_demo else f"Open on {name}")
    )
