"""Is this file of IMatch the one that the journal means?  One rule for all who ask.

Ids begin at 1 in every IMatch database, and cameras count their file names anew: the same id and
the same name do not make one file.  What does:

    the same id at the same path                                            same
    the same id elsewhere (moved, renamed), or another id at the same path
    (the file was read in anew), and
        its record holds the remote id that the journal knows               same
        size and time of the file that was sent are those on the disk       same
        the picture data is the one that was sent                           same
        the picture data of both is known and differs                       other
        nothing of this is known, or the file was written since:
            the same file name                                              perhaps
            another name                                                    other
    another id at another path                                              other

*Same* may be gone on with, *other* never is.  *Perhaps* is held back and named: neither is anything
written to what may be a stranger, nor is published again what may be online.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import PureWindowsPath
from typing import Literal

from socials_lib.models.online import LastSent, OpenAct
from socials_lib.models.rules import FileFacts

Likeness = Literal["same", "perhaps", "other"]


def likeness(
    then: LastSent | OpenAct,
    *,
    file_id: str,
    path: str,
    files: Iterable[FileFacts] = (),
    ids: Collection[str] = (),
) -> Likeness:
    """How the file of then is like the file with this id at this path.

    `files` is what the disk says of all that may be sent for it (its own file, its versions), read
    only where the paths do not settle it; `ids` are the remote ids in its own attribute records.
    """
    same_id, same_path = then.file_id in ("", file_id), _is_at(then.path, path)
    if same_id and same_path:
        return "same"
    if not same_id and not same_path:
        return "other"
    if then.remote_id and then.remote_id in ids:
        return "same"
    return _by_the_disk(then, path, [one for one in files if one.mtime_ns])


def _by_the_disk(then: LastSent | OpenAct, path: str, files: Collection[FileFacts]) -> Likeness:
    sent = then.picture_sha if isinstance(then, LastSent) else ""
    if any(_is_untouched(then, one) or (sent and sent == one.picture_sha) for one in files):
        return "same"
    if sent and files and all(one.picture_sha for one in files):
        return "other"
    return "perhaps" if not then.path or _name(then.path) == _name(path) else "other"


def _is_untouched(then: LastSent | OpenAct, seen: FileFacts) -> bool:
    """True if the file on the disk has size and time of the one that was sent."""
    if isinstance(then, LastSent):
        mark = (then.upload_size, then.upload_mtime_ns)
        return then.upload_mtime_ns != 0 and mark == (seen.size, seen.mtime_ns)
    return then.upload is not None and then.upload.is_file(seen.size, seen.mtime_ns)


def _is_at(then: str, path: str) -> bool:
    return bool(then) and PureWindowsPath(then) == PureWindowsPath(path)


def _name(path: str) -> str:
    return PureWindowsPath(path).name.casefold()


class Remembered:
    """What the journal knows of the files of one account, to be asked for by id or by path."""

    def __init__(self, last_sent: Mapping[str, LastSent]) -> None:
        self._by_id = last_sent
        self._by_path: dict[PureWindowsPath, LastSent] = {}
        for one in last_sent.values():
            if one.path:
                self._by_path[PureWindowsPath(one.path)] = one

    def of(
        self,
        file_id: str,
        path: str,
        *,
        files: Iterable[FileFacts] = (),
        ids: Collection[str] = (),
    ) -> tuple[LastSent, Likeness] | None:
        """What was sent for this file (`same` before `perhaps`), None if nothing was."""
        seen = tuple(files)
        found = {
            likeness(one, file_id=file_id, path=path, files=seen, ids=ids): one
            for one in reversed(self.candidates(file_id, path))
        }
        order: tuple[Likeness, ...] = ("same", "perhaps")
        return next(((found[how], how) for how in order if how in found), None)

    def candidates(self, file_id: str, path: str) -> tuple[LastSent, ...]:
        """What was sent for the file with this id, and for one at this path.

        The path is asked for too, since a file that was read in anew has another id.
        """
        known = (self._by_id.get(file_id), self._by_path.get(PureWindowsPath(path)))
        return tuple(one for one in known if one is not None)
