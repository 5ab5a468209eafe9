"""Which file is sent for a photo, and whether its picture has changed since we sent it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from socials_lib.models import (
    FileFacts,
    LastSent,
    Limits,
    Photo,
    RelatedFile,
    UploadFile,
    id_order,
)

#: Formats of IMatch in the spelling of `FileFacts.format` and `Limits.formats`.
_SPELLINGS = {"JPG": "JPEG", "JPE": "JPEG"}


def choose_upload(
    photo: Photo, limits: Limits, files: Mapping[str, FileFacts]
) -> UploadFile | None:
    """The categorised file if its format is accepted, else its best accepted version.

    Best: JPEG before others, the largest under the limit, then the lowest id.
    """
    if _is_accepted(photo.format, limits.formats):
        own = RelatedFile(
            file_id=photo.file_id,
            name=photo.name,
            path=photo.path,
            format=photo.format,
            size=photo.size,
        )
        return _upload_file(own, files)
    return min(
        (
            _upload_file(one, files)
            for one in photo.versions
            if _is_accepted(one.format, limits.formats)
        ),
        key=lambda one: (
            one.format != "JPEG",
            one.bytes > limits.max_bytes,
            -one.bytes,
            id_order(one.file_id),
        ),
        default=None,
    )


def candidate_paths(photo: Photo, formats: Sequence[str]) -> tuple[str, ...]:
    """IMatch paths of all files that might be uploaded: what must be looked at on the disk."""
    if _is_accepted(photo.format, formats):
        return (photo.path,)
    return tuple(one.path for one in photo.versions if _is_accepted(one.format, formats))


def format_name(text: str) -> str:
    """A format tag of IMatch in the spelling of the limits: `jpg` -> `JPEG`."""
    upper = text.strip().upper()
    return _SPELLINGS.get(upper, upper)


def picture_changed(
    upload: UploadFile | None, last: LastSent | None, files: Mapping[str, FileFacts]
) -> bool | None:
    """None if nobody knows: no record of what we sent, or the file cannot be read.

    Where the picture data was hashed the hash decides, and whether it was turned since; else the
    same path, size and file time say that nothing changed.
    """
    if upload is None or last is None or not last.picture_sha:
        return None
    facts = files.get(upload.path)
    if facts is None or facts.problem:
        return None
    if facts.picture_sha is not None:
        is_turned = last.orientation not in (0, facts.orientation)
        return is_turned or facts.picture_sha != last.picture_sha
    sent = (last.upload_path, last.upload_size, last.upload_mtime_ns)
    return False if sent == (upload.path, facts.size, facts.mtime_ns) else None


def _is_accepted(name: str, formats: Sequence[str]) -> bool:
    return format_name(name) in formats


def _upload_file(one: RelatedFile, files: Mapping[str, FileFacts]) -> UploadFile:
    facts = files.get(one.path)
    return UploadFile(
        file_id=one.file_id,
        name=one.name,
        path=one.path,
        format=format_name(one.format),
        bytes=max(one.size or 0, facts.size if facts else 0),
        mtime_ns=facts.mtime_ns if facts else 0,
    )
