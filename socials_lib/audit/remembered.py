"""What the person has decided about findings, and until when it holds.  Pure.

`keep_theirs` holds while both sides stay as they were: a change in IMatch or online brings the
finding back.  `ignore` holds for good, for that code and field of that photo.  Each is one fact in
the journal; its key names the photo, its value is the digest of both sides ("" for `ignore`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from socials_lib.models import Finding, digest


def kept_key(one: Finding) -> str:
    """The key of a decision to keep what is online.

    Without the code: the same two sides are told in other words once the base is lost or new.
    """
    slot = f"{one.field}+" if one.code == "added_there" else one.field
    return f"keep:{one.file_id}:{one.remote_id}:{slot}"


def ignored_key(one: Finding) -> str:
    """The key of a decision to ignore this for good."""
    return f"ignore:{one.file_id}:{one.remote_id}:{one.code}:{one.field}"


def differing_key(remote_id: str, file_id: str) -> str:
    """The key of a decision that a remote photo and a photo of IMatch are not the same."""
    return f"not-same:{remote_id}:{file_id}"


def sides(one: Finding) -> str:
    """16 hex digits over what both sides say."""
    return digest([one.imatch, one.remote])


def without_decided(findings: Iterable[Finding], memory: Mapping[str, str]) -> tuple[Finding, ...]:
    """The findings that nobody has decided about (any more)."""
    return tuple(
        one
        for one in findings
        if ignored_key(one) not in memory and memory.get(kept_key(one)) != sides(one)
    )
