"""`validate`: one check per row of the table, in its order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from socials_lib.models import (
    Album,
    FileFacts,
    GroupPool,
    Limits,
    Photo,
    PhotoText,
    Problem,
    RelatedFile,
    Rules,
    UploadFile,
    root_category,
)
from socials_lib.validation.private import private_content
from socials_lib.validation.table import problem, size_in_words

GENRE = "Image Characteristics|Genre"
#: IMatch's format names are the person's own to extend; these are the same to everybody.
_SAME_FORMAT = {"JPG": "JPEG", "JPE": "JPEG"}


@dataclass(frozen=True, kw_only=True)
class _Case:
    photo: Photo
    text: PhotoText
    limits: Limits
    rules: Rules
    upload: UploadFile | None
    facts: FileFacts | None
    albums: Sequence[Album]
    groups: Sequence[GroupPool]
    candidates: Sequence[RelatedFile]

    def problem(
        self,
        code: str,
        *,
        field: str = "",
        found: str = "",
        limit: str = "",
        suggestion: str = "",
        soft: bool = False,
    ) -> Problem:
        """A problem on this platform by these rules; `soft` ones only warn."""
        return problem(
            code,
            self.text.platform,
            field=field,
            found=found,
            limit=limit,
            suggestion=suggestion,
            rules=self.rules,
            severity="warning" if soft else None,
        )


def validate(
    photo: Photo,
    text: PhotoText,
    *,
    limits: Limits,
    rules: Rules,
    upload: UploadFile | None,
    facts: FileFacts | None,
    albums: Sequence[Album] = (),
    groups: Sequence[GroupPool] = (),
    candidates: Sequence[RelatedFile] = (),
) -> tuple[Problem, ...]:
    """Every problem of one photo on the platform of `text`, in the order of the table.

    `upload` None says that no file of the photo has an accepted format; `facts` None that nobody
    looked at the disk; `candidates` are the versions that could have been sent.
    """
    case = _Case(
        photo=photo,
        text=text,
        limits=limits,
        rules=rules,
        upload=upload,
        facts=facts,
        albums=albums,
        groups=groups,
        candidates=candidates,
    )
    return tuple(found for check in _CHECKS for found in check(case))


def _missing_texts(case: _Case) -> Iterator[Problem]:
    photo, limits = case.photo, case.limits
    if not photo.title.strip():
        yield case.problem(
            "missing_title", found="nothing", limit=_span(limits.max_title), suggestion="Write it."
        )
    if not photo.description.strip():
        suggestion = "Use the headline." if photo.headline.strip() else "Write it."
        yield case.problem("missing_description", found="nothing", suggestion=suggestion)
    if case.text.platform == "pixelfed" and not photo.headline.strip():
        yield case.problem(
            "missing_headline",
            found="nothing",
            limit="" if photo.alt_text.strip() else _span(limits.max_alt_text),
            suggestion="Use the title." if photo.title.strip() else "Write it.",
        )


def _file_size(case: _Case) -> Iterator[Problem]:
    size, limit = _size(case), case.limits.max_bytes
    if size > limit and not case.rules.fit_pictures:
        found, allowed = size_in_words(size), size_in_words(limit)
        exact = f" ({size:,} bytes)" if found == allowed else ""
        # Pixelfed's own unit is the KB of its settings (facts/pixelfed.md 5).
        own_unit = case.text.platform == "pixelfed" and limit % 1024 == 0
        yield case.problem(
            "file_too_large",
            found=found + exact,
            limit=allowed + (f" ({limit // 1024:,} KB)" if own_unit else ""),
            suggestion="Export a smaller version, or let a smaller copy be made.",
        )


def _size(case: _Case) -> int:
    by_imatch = case.upload.bytes if case.upload else 0
    if case.upload is None and _format(case.photo.format) in case.limits.formats:
        by_imatch = case.photo.size or 0
    return max(by_imatch, case.facts.size if case.facts else 0)


def _file_format(case: _Case) -> Iterator[Problem]:
    accepted = case.limits.formats
    seen = case.facts.format if case.facts and not case.facts.problem else ""
    named = case.upload.format if case.upload else case.photo.format
    if _format(named) in accepted and (not seen or _format(seen) in accepted):
        return
    found = f"{seen} inside" if _format(named) in accepted else _formats(case, named)
    yield case.problem(
        "invalid_format",
        found=found,
        limit=", ".join(accepted),
        suggestion=f"Make a version in one of these formats, {accepted[0]} is best."
        if accepted
        else "",
    )


def _formats(case: _Case, named: str) -> str:
    others = sorted({_format(one.format) for one in case.candidates} - {_format(named)})
    return (named or "no format") + (f", versions {', '.join(others)}" if others else "")


def _format(name: str) -> str:
    return _SAME_FORMAT.get(name.strip().upper(), name.strip().upper())


def _file_itself(case: _Case) -> Iterator[Problem]:
    facts = case.facts
    if facts is None or not facts.problem:
        return
    if facts.problem == "file_not_found":
        path = case.upload.path if case.upload else facts.path
        suggestion = "Connect that drive or find the file in IMatch, then check again."
        yield case.problem("file_not_found", found=path, suggestion=suggestion)
    else:
        reason = facts.reason or "a file that cannot be read as a picture"
        suggestion = "Export the picture again."
        yield case.problem("not_an_image", found=reason, suggestion=suggestion)


def _lengths(case: _Case) -> Iterator[Problem]:
    text, limits = case.text, case.limits
    if text.platform == "flickr":
        size = len(text.description.encode("utf-8", "replace"))
        yield from _too_long(case, "title", len(text.title), limits.max_title)
        yield from _too_long(case, "description", size, limits.max_description_bytes, "bytes")
        longest = max(map(len, text.tags), default=0)
        yield from _too_long(case, "tags", longest, limits.max_tag)
    else:
        yield from _too_long(case, "caption", len(text.caption), limits.max_caption)
        yield from _too_long(case, "alt_text", len(text.alt_text), limits.max_alt_text)


def _too_long(
    case: _Case, field: str, size: int, limit: int | None, unit: str = "letters"
) -> Iterator[Problem]:
    if limit is not None and size > limit:
        suggestion = "Shorten at a word."
        if field == "caption" and case.text.left_out:
            suggestion = "Hashtags and camera lines are already left out. Shorten at a word."
        yield case.problem(
            "text_too_long",
            field=field,
            found=f"{size:,} {unit}",
            limit=f"{limit:,}" if unit == "letters" else f"{limit:,} {unit}",
            suggestion=suggestion,
            soft=field == "tags" or (field == "title" and case.limits.title_is_soft),
        )


def _keywords(case: _Case) -> Iterator[Problem]:
    if not any(level.strip() for word in case.photo.keywords for level in word.split("|")):
        yield case.problem("missing_keywords", found="nothing", suggestion="Add some in IMatch.")
    if not any(one.path.startswith(f"{GENRE}|") for one in case.photo.categories):
        suggestion = f"Put the photo into a category below {GENRE}."
        yield case.problem("missing_genre", found="nothing", suggestion=suggestion)
    sent, count = len(case.text.tags), case.text.tags_before_cut
    if case.text.platform == "flickr" and count > sent:
        yield case.problem(
            "too_many_tags",
            found=f"{count:,} tags",
            limit=f"{sent:,}",
            suggestion=f"The first {sent:,} in rule order are sent.",
        )


def _pools(case: _Case) -> Iterator[Problem]:
    pools = [("albums", one.name, one.album_id, one.category) for one in case.albums]
    pools += [("groups", one.name, one.group_id, one.category) for one in case.groups]
    for field, name, pool_id, category in pools if case.text.platform == "flickr" else []:
        if pool_id:
            continue
        what = "album's number" if field == "albums" else "group's id"
        container = f"Move the photo into one of the categories below {category}."
        mend = f"Put the {what} into the first line of the description of that category."
        is_container = not name or category == f"{root_category('flickr')}|{field}"
        yield case.problem(
            "album_without_id",
            field=field,
            found=category,
            suggestion=container if is_container else mend,
        )


def _malformed(case: _Case) -> Iterator[Problem]:
    for one in case.photo.malformed:
        suggestion = f"Correct {one.field} in IMatch."
        yield case.problem(
            "malformed_record", field=one.field, found=one.found, suggestion=suggestion
        )


def _private(case: _Case) -> Iterator[Problem]:
    matches = private_content(
        case.photo, case.text, case.rules, albums=case.albums, groups=case.groups
    )
    for match in matches:
        yield case.problem(
            "private_content",
            field=match.field,
            found=match.found,
            suggestion="Change it in IMatch, or your own rule under [private] in the settings.",
            soft=match.only_warns,
        )


def _span(most: int | None) -> str:
    return f"1–{most:,}" if most else "at least 1 letter"


_CHECKS = (
    _missing_texts,
    _file_size,
    _file_format,
    _file_itself,
    _lengths,
    _keywords,
    _pools,
    _malformed,
    _private,
)
