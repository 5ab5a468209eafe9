"""Puts what earlier runs published onto the simulated platforms and the ids into IMatch.

Also there: albums, groups, tags and photos made by hand that IMatch knows nothing of, and photos
of somebody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from socials_lib.demo.library import embed, scenes, texts
from socials_lib.demo.library.database import ALBUMS, GROUPS
from socials_lib.demo.library.files import path_of
from socials_lib.demo.library.shots import Online, Shot
from socials_lib.demo.seed import Seed, SeedRecord

if TYPE_CHECKING:
    from socials_lib.demo.flickr.backend import FlickrBackend
    from socials_lib.demo.pixelfed.backend import PixelfedBackend

#: Albums and groups that exist on Flickr only, made there by hand.
HAND_MADE_ALBUMS = {
    "Favourites of my friends": "72157700000000009",
    "Lighthouse week": "72157700000000004",
}
HAND_MADE_GROUPS = {"Old Friends": "1100009@N25"}

#: The picture that was sent for a master that is no picture itself.
_SENT_FOR = {1511: 1512}
#: File -> file whose records were copied to it, by hand or by a relation rule.
_COPIED_RECORDS = {1436: 1435, 1514: 1513}
#: Files with a second record, from having been sent twice.
_SENT_TWICE = (1434,)

#: Ids that were given once and are no more.
_GONE = {"flickr": 53_000_000_000, "pixelfed": 690_000_000_000_000_000}
_VISIBILITY = {"public": (1, 0, 0), "friends": (0, 1, 0), "family": (0, 0, 1), "private": (0, 0, 0)}

FLICKR_PAGES = "https://www.flickr.com/photos/demo"
PIXELFED_PAGES = "https://pixelfed.example/p/demo"


class Publisher:
    """One run of publishing: collects who is in which album while it goes along."""

    def __init__(
        self,
        seed: Seed,
        shots: Sequence[Shot],
        folder: Path,
        *,
        flickr: FlickrBackend,
        pixelfed: PixelfedBackend,
        flickr_pages: str,
        pixelfed_pages: str,
    ) -> None:
        self.seed = seed
        self.shots = {shot.file_id: shot for shot in shots}
        self.folder = folder
        self.flickr = flickr
        self.pixelfed = pixelfed
        self.pages = {"flickr": flickr_pages.rstrip("/"), "pixelfed": pixelfed_pages.rstrip("/")}
        self.albums: dict[str, list[str]] = {}
        self.pools: dict[str, list[str]] = {}

    def run(self) -> None:
        """Everything, oldest first, as it was published."""
        for shot in sorted(self.shots.values(), key=_first_posted):
            for platform, online in shot.online.items():
                self._publish(platform, shot, online)
        for file_id in _SENT_TWICE:
            for platform, online in self.shots[file_id].online.items():
                self._publish(platform, self.shots[file_id], online)
        for copy, original in _COPIED_RECORDS.items():
            self.seed.records += [
                SeedRecord(set=record.set, file_id=copy, values=dict(record.values))
                for record in self.seed.records
                if record.file_id == original
            ]
        self._strangers()
        self._make_groups()
        self._make_albums()

    def _publish(self, platform: str, shot: Shot, online: Online) -> None:
        make = self._on_flickr if platform == "flickr" else self._on_pixelfed
        remote_id, media_id = make(shot, online)
        values = self._record(platform, online, remote_id, media_id)
        if values:
            self.seed.records.append(SeedRecord(set=platform, file_id=shot.file_id, values=values))

    def _record(
        self, platform: str, online: Online, remote_id: str, media_id: str
    ) -> dict[str, object]:
        """The attribute record, with the members that the shot's record has."""
        id_column = "photo_id" if platform == "flickr" else "status_id"
        full = {
            "posted": ("posted", online.posted),
            "id": (id_column, remote_id),
            "url": ("url", self._page(platform, online, remote_id)),
        }
        if platform == "pixelfed":
            full["media"] = ("media_id", media_id)
        return dict(full[member] for member in online.record if member in full)

    def _page(self, platform: str, online: Online, remote_id: str) -> str:
        """The address of the photo's own page."""
        pages = self.pages[platform]
        if online.state == "foreign":
            name = self.flickr.other.path if platform == "flickr" else "other"
            pages = f"{pages.rpartition('/')[0]}/{name}"
        return f"{pages}/{remote_id}"

    def _on_flickr(self, shot: Shot, online: Online) -> tuple[str, str]:
        if online.state == "gone":
            return str(_GONE["flickr"] + shot.file_id), ""
        said = _as_online(shot, online)
        missing = {tag.lower() for tag in online.without_tags}
        tags = [tag for tag in texts.flickr_tags(said) if tag.lower() not in missing]
        public, friend, family = _VISIBILITY[online.visibility]
        photo_id = self.flickr.add_photo(
            self._data(shot),
            title=said.title,
            description=texts.flickr_description(said),
            tags=tags[:75] + list(online.more_tags),
            taken=_taken(shot),
            posted=int(_noon(online.posted)),
            owner=self.flickr.other.nsid if online.state == "foreign" else None,
            is_public=public,
            is_friend=friend,
            is_family=family,
            comments=online.comments,
            favourites=online.favourites,
            views=online.views,
        )
        if online.state == "there":
            for name in shot.names("albums") if online.albums is None else online.albums:
                self.albums.setdefault(name, []).append(photo_id)
            for name in shot.names("groups") if online.groups is None else online.groups:
                self.pools.setdefault(name, []).append(photo_id)
        return photo_id, ""

    def _on_pixelfed(self, shot: Shot, online: Online) -> tuple[str, str]:
        if online.state == "gone":
            return str(_GONE["pixelfed"] + shot.file_id), str(900_000 + shot.file_id)
        said = _as_online(shot, online)
        status_id = self.pixelfed.add_status(
            self._data(shot),
            caption=texts.pixelfed_caption(said),
            alt_text=texts.alt_text(said),
            visibility=online.visibility,
            created_at=_noon(online.posted),
            likes=online.favourites,
            replies=online.comments,
            reblogs=online.reblogs,
            account="other" if online.state == "foreign" else None,
        )
        return status_id, self.pixelfed.statuses[status_id].media_ids[0]

    def _data(self, shot: Shot) -> bytes:
        """The picture as an earlier run sent it, without the private parts."""
        sent = self.shots[_SENT_FOR.get(shot.file_id, shot.file_id)]
        return embed.without_metadata(Path(path_of(sent, self.folder)).read_bytes())

    def _strangers(self) -> None:
        """Photos that are online but in no IMatch: sent from a telephone, and somebody else's."""
        picture = embed.jpeg(
            scenes.paint("sea", palette="noon", seed=1, form="square"), embed.Embedded()
        )
        for number in (1, 2):
            photo_id = self.flickr.add_photo(
                picture,
                title=f"Snapshot from the telephone {number}",
                tags=["snapshot"],
                description="Sent while waiting for the ferry.",
                taken=f"2024-07-0{number} 12:00:00",
                posted=int(_noon(f"2024-07-0{number}")),
                views=3,
                comments=number - 1,
            )
            self.albums.setdefault("Favourites of my friends", []).append(photo_id)
        self.flickr.add_photo(
            picture,
            title="Somebody else's lighthouse",
            owner=self.flickr.other.nsid,
            posted=int(_noon("2024-06-01")),
        )
        self.pixelfed.add_status(
            picture,
            caption="Sent from the telephone #ferry",
            alt_text="The sea",
            created_at=_noon("2024-07-03"),
        )

    def _make_albums(self) -> None:
        """Albums at Flickr: those of IMatch (but the forgotten one) and those made by hand."""
        known = {name: _id_of(text) for name, text in ALBUMS.items()} | HAND_MADE_ALBUMS
        for name, photos in self.albums.items():
            self.flickr.add_album(name, photos, album_id=known[name])

    def _make_groups(self) -> None:
        """Groups at Flickr with their rules, and who is in their pools."""
        from socials_lib.demo.flickr.records import PoolEntry

        for name, group_id in (GROUPS | HAND_MADE_GROUPS).items():
            self.flickr.add_group(
                name,
                group_id=group_id,
                throttle=("day", 1) if name == "One a Day" else None,
                moderated=name == "Curated Light",
                refuse=8 if name == "Only Birds" else None,
            )
            self.flickr.groups[group_id].pool += [
                PoolEntry(
                    photo_id=photo_id,
                    added_by=self.flickr.me.nsid,
                    added_at=self.flickr.photos[photo_id].posted,
                )
                for photo_id in self.pools.get(name, [])
            ]


def _first_posted(shot: Shot) -> str:
    return min((online.posted for online in shot.online.values()), default="")


def _as_online(shot: Shot, online: Online) -> Shot:
    """The shot with the texts that are online."""
    changes = {
        name: value
        for name in ("title", "headline", "alt_text")
        if (value := getattr(online, name)) is not None
    }
    return shot.with_(**changes)


def _taken(shot: Shot) -> str | None:
    return shot.date_time.replace("T", " ") if shot.date_time else None


def _noon(day: str) -> float:
    """Noon of a day, as a timestamp."""
    return datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC).timestamp()


def _id_of(description: str) -> str | None:
    """The id in the first line of an album's description."""
    first = description.partition("\n")[0]
    return first.rstrip("/").rpartition("/")[2] or None
