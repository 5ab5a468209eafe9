"""Plans, looking at what they would do, handing selections from notebook to notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from socials_lib import formatting, images
from socials_lib import plan as planning
from socials_lib.errors import PlatformError, SettingsError, SignedOut
from socials_lib.models import (
    DEFAULT_LIMITS,
    PLATFORMS,
    Account,
    AccountFacts,
    Engagement,
    FileFacts,
    LastSent,
    Managed,
    Pending,
    Plan,
    PlanRow,
    PlatformName,
    Remembered,
    RemotePhoto,
    RemoteRef,
    UploadCopy,
    UploadFile,
    from_plain,
)
from socials_lib.system import local_path
from socials_lib.transport import hasty
from socials_lib.workbench import selections, upkeep
from socials_lib.workbench.services import Services, now

if TYPE_CHECKING:
    import pandas as pd

#: Photos read so far, photos in all (0: not known).
Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What will be sent for a row: the very copy (None with the reason in `problem`)."""

    row: PlanRow
    copy: UploadCopy | None
    problem: str = ""


class Plans(Services):
    """The second layer: nothing here changes anything."""

    def load_pending(
        self,
        *platforms: PlatformName,
        progress: Callable[[int, int], None] | None = None,
    ) -> tuple[Pending, ...]:
        """The photos in the work lists of IMatch; no platform named: all that are set up."""
        names = self._named(platforms)
        found = self.imatch.load_pending(names, progress)
        for name in names:
            self._work_lists[name] = tuple(one for one in found if one.platform == name)
        return found

    def plan(
        self,
        pending: Sequence[Pending] | None = None,
        *,
        platforms: Iterable[PlatformName] = (),
    ) -> Plan:
        """A plan for the pending photos (loaded now if not given); changes nothing.

        Of a choice of the photos last loaded it is the part of their plan: what the others have to
        do with them is seen, and their error categories stay as they are.
        Raises `ImatchError` while IMatch's variables are unknown: the default privacy is public,
        and not knowing is no permission; `SettingsError` as `renew_settings` does.
        """
        self.renew_settings()
        names = self._named(tuple(platforms) or tuple({one.platform for one in pending or ()}))
        rows = self.load_pending(*names) if pending is None else tuple(pending)
        chosen = {(one.platform, one.file_id) for one in rows}
        rows += tuple(
            one
            for name in names
            for one in self._work_lists.get(name, ())
            if (name, one.file_id) not in chosen
        )
        warnings: list[str] = []
        accounts = {name: self._facts_for_plan(name, warnings) for name in names}
        paths = {one.file_id: one.photo.path for one in rows}
        last = {
            name: self.journal.last_sent(name, facts.account.id, paths=paths)
            for name, facts in accounts.items()
        }
        made = planning.build(
            rows,
            mode=self.mode,
            accounts=accounts,
            rules=self.settings.rules,
            files=self._inspected(rows, accounts, last),
            now=now(),
            managed=self._managed() if "flickr" in names else None,
            last_sent=last,
            open_acts=[
                one
                for name, facts in accounts.items()
                for one in self.journal.open_acts(name, facts.account.id)
            ],
            warnings=warnings,
        )
        return planning.part(made, lambda row: row.key in chosen)

    def repost(self, plan: Plan, *ids: str) -> Plan:
        """The plan with these Pixelfed updates as delete-and-post (the picture is exchanged).

        Likes, comments and the old link are lost: apply it with `approve=ids` and a count.
        """
        return planning.with_reposts(plan, ids)

    def save_plan(self, plan: Plan, path: Path | None = None) -> Path:
        """Write the plan as `plan-<id>.json` (into the data folder unless named)."""
        return planning.save(plan, path or self.home / "plans" / f"plan-{plan.plan_id}.json")

    def read_plan(self, path: Path) -> Plan:
        """A saved plan; raises `PlanError` if it is none or was changed."""
        return planning.read(path)

    def forecast(self, rows: Sequence[PlanRow]) -> planning.Forecast:
        """What carrying out rows of one platform would take: photos, calls, bytes, seconds."""
        if not rows:
            return planning.forecast(rows)
        used, allowed, window = self.calls_used(rows[0].platform)
        sized, _ = self.as_sent(rows)
        return planning.forecast(sized, used=used, allowed=allowed, window=window)

    def as_sent(self, rows: Iterable[PlanRow]) -> tuple[tuple[PlanRow, ...], bool]:
        """The rows with the sizes of what is sent, and True if one of them is only a bound.

        Of a picture that is too large a smaller copy is sent: as large as the one that `preview`
        made, else at most what the service takes.
        """
        listed, is_bound = tuple(rows), False
        known = {name: self.known_account(name) for name in {row.platform for row in listed}}
        found = []
        for row in listed:
            facts = known[row.platform]
            most = (facts.limits if facts else DEFAULT_LIMITS[row.platform]).max_bytes
            if row.upload is not None and row.upload.bytes > most:
                made = self._copy_sizes.get((row.key, row.upload))
                is_bound = is_bound or made is None
                row = replace(row, upload=replace(row.upload, bytes=made or most))
            found.append(row)
        return tuple(found), is_bound

    @property
    def _copy_sizes(self) -> dict[tuple[tuple[str, str], UploadFile], int]:
        """Bytes of the smaller copies made here, by row and by the file they were made of."""
        kept: dict[Any, int] = self.shelf.setdefault("copy-sizes", {})
        return kept

    def managed(self, name: PlatformName) -> Managed:
        """The albums and groups that IMatch has categories for (Flickr only)."""
        return self._managed() if name == "flickr" else Managed()

    def _named(self, names: Sequence[PlatformName]) -> tuple[PlatformName, ...]:
        chosen = tuple(name for name in PLATFORMS if name in names) or tuple(
            name for name in PLATFORMS if name in self.platforms
        )
        if not chosen:
            self._ask_variables()
            missing = "; ".join(
                f"{name}: {', '.join(self.credentials.missing(name))}" for name in PLATFORMS
            )
            raise SettingsError(
                "Neither Flickr nor Pixelfed is set up.",
                hint=f"Sign in with the notebook 00_start_here. Missing: {missing}.",
                code="settings",
            )
        for name in chosen:
            self.platform(name)
        return chosen

    def _facts_for_plan(self, name: PlatformName, warnings: list[str]) -> AccountFacts:
        try:
            with hasty():
                facts = self.account(name)
        except SignedOut:
            raise
        except PlatformError as error:
            known = self.journal.fact(f"{self._facts_key(name)}:who")
            who = from_plain(Account, known[0]) if known else Account(id="", name="")
            warnings.append(f"{name.capitalize()} does not answer ({error}); default limits used.")
            return AccountFacts(
                platform=name, account=who, limits=DEFAULT_LIMITS[name], guessed=True
            )
        if facts.guessed:
            warnings.append(f"{name.capitalize()} does not answer; its limits are those last seen.")
        return facts

    def _managed(self) -> Managed:
        albums = (formatting.album_from_category(c) for c in self.imatch.album_categories())
        groups = (formatting.group_from_category(c) for c in self.imatch.group_categories())
        return Managed(
            albums=tuple(one for one in albums if one.album_id),
            groups=tuple(one for one in groups if one.group_id),
        )

    def _inspected(
        self,
        rows: Sequence[Pending],
        accounts: Mapping[PlatformName, AccountFacts],
        last: Mapping[PlatformName, Mapping[str, LastSent]],
    ) -> dict[str, FileFacts]:
        """What is on the disk of every file that could be uploaded; hashed only where needed."""
        found: dict[str, FileFacts] = {}
        sent = {name: Remembered(some) for name, some in last.items()}
        for one in rows:
            formats = accounts[one.platform].limits.formats
            bases = sent[one.platform].candidates(one.file_id, one.photo.path)
            for path in planning.candidate_paths(one.photo, formats):
                if path not in found:
                    found[path] = images.inspect(str(local_path(path)))
                if any(_is_unlike(found[path], base, path) for base in bases):
                    found[path] = images.inspect(str(local_path(path)), with_sha=True)
        return found

    # -- looking

    def preview(self, row: PlanRow) -> Preview:
        """Makes the very copy that would be sent (nothing is sent)."""
        from socials_lib.errors import PhotoError

        if row.upload is None:
            return Preview(row=row, copy=None, problem="There is no file that could be sent.")
        settings, limits = self.settings, self.platform(row.platform).limits
        try:
            copy = images.make_copy(
                local_path(row.upload.path),
                self.home / "cache" / "previews",
                limits=limits,
                fit=settings.images.fit,
                keep_gps=settings.images.keep_gps,
                keep_texts=settings.images.keep_texts,
                name=f"{row.platform}-{row.file_id}",
            )
        except PhotoError as error:
            return Preview(row=row, copy=None, problem=f"{error} {error.hint}".strip())
        if row.upload.bytes > limits.max_bytes:
            self._copy_sizes[row.key, row.upload] = copy.bytes
        return Preview(row=row, copy=copy)

    def refresh(self, rows: Iterable[PlanRow]) -> dict[tuple[str, str], RemotePhoto | None]:
        """What is online now for these rows, by row key (reads the platforms)."""
        return {
            row.key: self.platform(row.platform).fetch(_ref(row)) for row in rows if row.remote_id
        }

    def engagement(self, row: PlanRow) -> Engagement:
        """Comments, favourites and reblogs of a published photo."""
        return self.platform(row.platform).engagement(_ref(row))

    def thumbnail(self, path: str, *, box: tuple[int, int] = (192, 144)) -> bytes:
        """A small JPEG of an IMatch path, from the cache; raises `PhotoError` with the reason."""
        return self._thumbnails.get(str(local_path(path)), box)

    @property
    def _thumbnails(self) -> images.ThumbnailCache:
        return images.ThumbnailCache(self.home / "cache" / "thumbnails")

    def online_picture(self, url: str, *, box: tuple[int, int] = (192, 144)) -> bytes:
        """A small JPEG of the picture online, kept here; raises `PhotoError` with the reason."""
        from socials_lib.workbench.online_pictures import OnlinePictures

        with self._guard:
            kept = self.shelf.get("online-pictures")
            if not isinstance(kept, OnlinePictures):
                kept = OnlinePictures(self.home / "cache" / "online")
                self.shelf["online-pictures"] = kept
        return kept.get(url, box=box)

    def calls_used(self, name: PlatformName) -> tuple[int, int, int]:
        """Calls made of late, how many are allowed, and in how many seconds."""
        return upkeep.calls_used(self, name)

    def published(self, name: PlatformName, pending: Sequence[Pending] | None = None) -> int:
        """How many photos of the work list are online on a platform (read now unless given)."""
        return upkeep.published(self, name, tuple(pending) if pending is not None else None)

    def frame(self, value: Any) -> pd.DataFrame:
        """Pending photos, a plan, a run, outcomes, the history or checks as a table.

        Times of runs are those of this computer, to the second.
        """
        from socials_lib import frames

        return frames.in_local_time(frames.frame(value))

    def limits(self) -> pd.DataFrame:
        """What your accounts allow today, as a table."""
        from socials_lib import frames

        return frames.limits_frame([self.account(name) for name in self.platforms])

    # -- handing over

    def hand_over(self, name: str, ids: Iterable[Any], words: str = "") -> selections.Selection:
        """Keep photos for another notebook: file ids, keys, findings or a column of a table.

        `words` say which they are; a selection of the same name is replaced.
        """
        file_ids = selections.file_ids_of(ids)
        made = selections.Selection(
            name=name,
            created=now(),
            mode=self.mode,
            file_ids=file_ids,
            words=words or f"{len(file_ids):,} photo{'' if len(file_ids) == 1 else 's'}",
        )
        selections.write(self.home, made)
        return made

    def handed_over(self) -> tuple[selections.Selection, ...]:
        """The selections that were handed over, newest first."""
        return selections.read_all(self.home, self.mode)


def _ref(row: PlanRow) -> RemoteRef:
    return RemoteRef(
        platform=row.platform, remote_id=row.remote_id, media_id=row.media_id, url=row.url
    )


def _is_unlike(facts: FileFacts, base: LastSent, path: str) -> bool:
    """True if only the hash can tell whether the picture changed since it was sent."""
    known = (base.upload_path, base.upload_size, base.upload_mtime_ns)
    return facts.problem is None and known != (path, facts.size, facts.mtime_ns)
