"""What the doctor looks at, and the line that an error makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from socials_lib.errors import SocialsError
from socials_lib.imatch.library import Library
from socials_lib.journal import Journal
from socials_lib.models import AccountFacts, Check, Mode, PlatformName
from socials_lib.platforms.base import PoolFacts


@dataclass(frozen=True, kw_only=True)
class Patient:
    """What the doctor looks at; `settings_file` need not exist.

    `platforms` names those that are set up (may raise: keys can live in IMatch variables),
    `missing` the keys that a platform lacks, `account` reads its facts fresh, `addresses` are
    pages whose answers tell the time.  `keyring` says where keys are kept, `keyring_hint` what to
    do if that is not the system's keyring.  `pools` reads the Flickr groups that IMatch names,
    `without_id` the album and group categories that name none; `edits_left` reads the Pixelfed
    posts that are marked for a change: post id to the edits it still takes.
    """

    mode: Mode
    home: Path
    settings_file: Path
    imatch_url: str
    library: Library
    journal: Journal
    platforms: Callable[[], Sequence[PlatformName]]
    missing: Callable[[PlatformName], Sequence[str]]
    account: Callable[[PlatformName], AccountFacts]
    keyring: str
    keyring_hint: str = ""
    addresses: Callable[[], Mapping[PlatformName, str]] = dict
    pools: Callable[[], Iterable[PoolFacts]] = tuple
    without_id: Callable[[], Sequence[str]] = tuple
    edits_left: Callable[[], Mapping[str, int]] = dict


def failed(group: str, name: str, error: SocialsError) -> Check:
    """The line of something that could not be asked."""
    return Check(group=group, name=name, state="failed", found=str(error), hint=error.hint)
