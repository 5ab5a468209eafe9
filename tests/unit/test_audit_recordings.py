"""No false drift in what real servers answered."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import pytest
from audit_kit import SAME, remote

from socials_lib.audit import Published, compare
from socials_lib.models import DEFAULT_LIMITS, LastSent, PhotoText, RemotePhoto
from socials_lib.platforms.flickr.answers import listed_photo, photo_of

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "recordings"
XML = RECORDINGS / "flickr" / "xml_2023_2025"

pytestmark = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason="the recorded answers are not on this machine"
)


class _Typed(HTMLParser):
    """What somebody typed, out of the fragment that Flickr made of it: links as addresses."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self._link = "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._link = True
            self.text += dict(attrs).get("href") or ""
        else:
            self.text += self.get_starttag_text() or ""

    def handle_endtag(self, tag: str) -> None:
        self.text += "" if tag == "a" else f"</{tag}>"
        self._link = self._link and tag != "a"

    def handle_data(self, data: str) -> None:
        self.text += "" if self._link else data


def typed(fragment: str) -> str:
    """The text before Flickr got it."""
    parser = _Typed()
    parser.feed(fragment)
    parser.close()
    return parser.text


def drift(text: PhotoText, online: RemotePhoto) -> list[tuple[str, str]]:
    one = Published(
        file_id="1",
        text=text,
        remote=online,
        last=LastSent(remote_id=online.ref.remote_id, text=text),
        limits=DEFAULT_LIMITS[text.platform],
    )
    return [(found.code, found.field) for found in compare(one, SAME[text.platform])]


def recorded_photos() -> list[tuple[str, RemotePhoto]]:
    """Photos of single answers and of lists."""
    found = []
    for path in sorted((XML / "photos.getInfo").glob("[0-9]*.xml")):
        info = ET.parse(path).getroot().find("photo")
        if info is not None:
            found.append((path.stem, photo_of(info, None, own_id="")))
    for folder in ("photosets.getPhotos", "people.getPublicPhotos", "photos.search"):
        for path in sorted((XML / folder).glob("*.xml")):
            rows = ET.parse(path).getroot().iter("photo")
            found += [(f"{path.stem}-{row.get('id')}", listed_photo(row)) for row in rows]
    return found


def test_recorded_flickr_photos_have_not_drifted_from_what_was_typed() -> None:
    photos = recorded_photos()
    assert 50 < len(photos)
    wrong = {}
    for name, online in photos:
        text = PhotoText(
            platform="flickr",
            title=online.title,
            description=typed(online.description),
            tags=tuple(tag.raw for tag in online.tags),
            date_taken=online.date_taken,
            visibility=online.visibility,
        )
        if found := drift(text, online):
            wrong[name] = found

    assert {} == wrong


@pytest.mark.parametrize("way", ["create", "edit"])
def test_recorded_captions_have_not_drifted_from_what_was_sent(way: str) -> None:
    path = RECORDINGS / "pixelfed" / "life_0.11.13" / "text_transformations.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    wrong = {}
    for one in table:
        text = PhotoText(platform="pixelfed", caption=one["sent"], alt_text=one["sent"])
        online = remote(
            platform="pixelfed",
            caption=one[f"{way}_content_text"] or "",
            alt_texts=(one["alt_after_upload"],),
            media_ids=("5",),
        )
        if found := drift(text, online):
            wrong[one["sent"]] = found

    assert 10 < len(table)
    assert {} == wrong
