"""Everything that the sample library has to show, one by one: the reasons are true."""

import pytest
from library_calls import caption_of, everything, world

from socials_lib.demo.library import texts
from socials_lib.demo.seed import CIRCA_DATE

# every item by itself: what the reason says is really so

SHOWN = {
    "missing_title": lambda a: not a.said(world.NO_TITLE, "title"),
    "missing_description": lambda a: not a.said(world.NO_DESCRIPTION, "description"),
    "missing_headline": lambda a: not a.said(world.NO_HEADLINE, "headline"),
    "missing_keywords": lambda a: not a.said(world.NO_KEYWORDS, "hierarchicalkeywords"),
    "missing_genre": lambda a: not any(
        "Genre" in path for path in a.imatch.categories_of(world.NO_GENRE.file_id)
    ),
    "too_many_tags": lambda a: len(a.said(world.TOO_MANY_TAGS, "hierarchicalkeywords")) > 75,
    "file_too_large": lambda a: a.file(world.TOO_LARGE).size == 209_715_201,
    "file_too_large on pixelfed only": lambda a: (
        15_728_640 < a.file(world.TOO_LARGE_FOR_PIXELFED).size < 209_715_200
    ),
    "invalid_format": lambda a: not a.relatives(world.RAW_ALONE)
    and not a.relatives(world.TIFF_ALONE),
    "file_not_found": lambda a: a.file(world.OFFLINE).path.startswith("D:\\Fotos")
    and "Ü" in a.file(world.OFFLINE).path and not a.path(world.OFFLINE).exists(),
    "not_an_image": lambda a: a.path(world.NOT_AN_IMAGE).read_text().startswith("bread"),
    "text_too_long on pixelfed": lambda a: len(a.said(world.LONG_TITLE, "title")) >= 10_000,
    "text_too_long on flickr": lambda a: (
        len(a.said(world.LONG_DESCRIPTION, "description").encode()) > 65_000
    ),
    "caption just fits": lambda a: len(caption_of(a, world.CAPTION_JUST_FITS)) == 500,
    "caption just too long": lambda a: len(caption_of(a, world.CAPTION_JUST_OVER)) == 501,
    "conflicting_flags, update": lambda a: a.flags(world.CONFLICT_UPDATE, "flickr")
    == {"_update", "_delete"},
    "conflicting_flags, metadata": lambda a: a.flags(world.CONFLICT_METADATA, "pixelfed")
    == {"_metadata", "_delete"},
    "not_in_platform_category": lambda a: not a.is_in(world.NOT_IN_PLATFORM, "flickr")
    and a.flags(world.NOT_IN_PLATFORM, "flickr"),
    "same_picture_twice, published": lambda a: a.remote_ids(world.COPIED_VERSION, "flickr")
    == a.remote_ids(world.COPIED_MASTER, "flickr") != [],
    "same_picture_twice, new": lambda a: a.relatives(world.TWICE_MASTER)
    == {world.TWICE_VERSION.file_id} and a.file(world.TWICE_MASTER).format == "CR3",
    "duplicate_remote_id, one file": lambda a: (
        len(set(a.remote_ids(world.TWO_RECORDS, "pixelfed"))) == 2
    ),
    "duplicate_remote_id, two files": lambda a: a.remote_ids(world.SAME_ID_ONE, "flickr")
    == a.remote_ids(world.SAME_ID_TWO, "flickr") and not a.relatives(world.SAME_ID_ONE),
    "lost_remote_id": lambda a: list(*a.records(world.LOST_ID, "flickr")) == ["posted"],
    "id in the url": lambda a: not a.remote_ids(world.ID_FROM_URL, "flickr")
    and a.records(world.ID_FROM_URL, "flickr")[0]["url"].rpartition("/")[2] in a.flickr.photos,
    "album_without_id": lambda a: a.imatch.files_in("Socials|flickr|albums")
    == [world.IN_ALBUM_CONTAINER.file_id]
    and a.seed.category("Socials|flickr|albums|Not made yet").description == "",
    "malformed_record, date": lambda a: a.file(world.BAD_DATE).date_time.startswith("2024-02-31"),
    "malformed_record, types": lambda a: a.file(world.WRONG_TYPES).raw["size"] == "rather big",
    "several problems at once": lambda a: not a.file(world.EVERYTHING_WRONG).metadata.get("title")
    and a.file(world.EVERYTHING_WRONG).size > 209_715_200,
    "a faulty delete": lambda a: not a.said(world.FAULTY_DELETE, "title")
    and a.flags(world.FAULTY_DELETE, "flickr") == {"_delete"},
    "delete, nobody reacted": lambda a: not a.photo(world.DELETE_PLAIN).comments
    and not a.photo(world.DELETE_PLAIN).favourites and not a.status(world.DELETE_PLAIN).likes,
    "delete, loved": lambda a: len(a.photo(world.DELETE_LOVED).comments) == 4
    and len(a.photo(world.DELETE_LOVED).favourites) == 19
    and len(a.status(world.DELETE_LOVED).likes) == 8
    and len(a.status(world.DELETE_LOVED).reblogs) == 3,
    "delete, gone": lambda a: a.remote_ids(world.DELETE_GONE, "flickr")[0] not in a.flickr.photos
    and a.remote_ids(world.DELETE_GONE, "pixelfed")[0] not in a.pixelfed.statuses,
    "delete, somebody else's": lambda a: a.photo(world.DELETE_FOREIGN).owner
    == a.flickr.other.nsid
    and a.status(world.DELETE_FOREIGN).account_id == a.pixelfed.account("other").id,
    "delete, only in _delete": lambda a: not a.is_in(world.DELETE_ONLY, "flickr"),
    "delete, not published": lambda a: not a.records(world.DELETE_UNPUBLISHED, "flickr"),
    "title differs": lambda a: a.photo(world.TEXT_DIFFERS).title == "Five rigdes",
    "tags differ": lambda a: {"cold hands", "friends' pick"}
    < {tag.raw for tag in a.photo(world.TAGS_DIFFER).tags}
    and "Fir" not in {tag.raw for tag in a.photo(world.TAGS_DIFFER).tags},
    "alt text differs": lambda a: a.pixelfed.media[
        a.status(world.ALT_TEXT_DIFFERS).media_ids[0]].description == "lake",
    "unlisted": lambda a: a.status(world.UNLISTED).scope == "unlisted",
    "album added": lambda a: a.photo(world.ALBUM_ADDED).id
    not in a.flickr.albums["72157700000000001"].photos,
    "last photo of an album": lambda a: a.flickr.albums["72157700000000004"].photos
    == [a.photo(world.LAST_IN_ALBUM).id],
    "hidden by hand": lambda a: not a.photo(world.UPDATE_HIDDEN_BY_HAND).is_public,
    "id on the master": lambda a: not a.records(world.VERSION_OF_ID, "flickr")
    and bool(a.remote_ids(world.ID_ON_MASTER, "flickr")),
    "media id missing": lambda a: list(*a.records(world.OLD_RECORD, "pixelfed"))
    == ["status_id"],
    "version with texts on the master": lambda a: "title"
    not in a.file(world.VERSION_OF_MASTER).metadata
    and a.relatives(world.VERSION_OF_MASTER) == {world.MASTER_OF_VERSION.file_id},
    "raw master with two groups": lambda a: {
        one.rule_id for one in a.seed.relations if one.master == world.RAW_MASTER.file_id
    } == {3, 5},
    "largest version too large": lambda a: a.file(world.VERSION_TOO_LARGE).size > 209_715_200,
    "png version larger than the jpeg": lambda a: a.path(world.VERSION_PNG).stat().st_size
    > a.path(world.VERSION_LARGE).stat().st_size > a.path(world.VERSION_SMALL).stat().st_size,
    "circa": lambda a: a.said(world.OLD_SCAN, CIRCA_DATE) == "1974",
    "no lens": lambda a: "model" in a.file(world.NO_LENS).metadata
    and "lens" not in a.file(world.NO_LENS).metadata,
    "no camera": lambda a: "model" not in a.file(world.NO_CAMERA).metadata,
    "emoji": lambda a: "🌋" in a.said(world.EMOJI, "title") and "🏖" in a.file(world.EMOJI).path,
    "right to left": lambda a: "غ" in a.said(world.RIGHT_TO_LEFT, "title"),
    "zero width": lambda a: "\u200b" in a.said(world.ZERO_WIDTH, "title"),
    "script": lambda a: "<script>" in a.said(world.MARKUP, "title")
    and "onerror" in a.said(world.MARKUP, "headline"),
    "heart": lambda a: "I <3" in a.said(world.HEART, "headline"),
    "mention": lambda a: "@somebody" in a.said(world.MENTION, "headline"),
    "entities": lambda a: "&amp;" in a.said(world.QUOTES, "headline"),
    "paragraphs": lambda a: "\r\n\r\n" in a.said(world.PARAGRAPHS, "description"),
    "forty keywords": lambda a: len(
        texts.flickr_tags(a.sample.shot("FORTY_KEYWORDS"))) in range(40, 76),
    "festival": lambda a: "Event|Festival|Lichterfest"
    in a.imatch.categories_of(world.FESTIVAL.file_id),
    "location": lambda a: "Location|Norway|Nordland|Reine"
    in a.imatch.categories_of(world.HARBOUR.file_id),
    "at home": lambda a: abs(a.said(world.AT_HOME, "gpslatitude") - 47.76912) < 1e-6,
    "umlauts in the path": lambda a: "Frühling & Äpfel" in a.file(world.UMLAUTS).path,
    "old error": lambda a: a.imatch.files_in("Socials|flickr|__errors|missing title")
    == [world.DAWN.file_id],
    "error leaf alone is no work": lambda a: a.imatch.files_in(
        "Socials|flickr|__errors|file too large") == [world.ERROR_LEAF_ONLY.file_id],
    "record is missing though online": lambda a: not a.records(world.RECONNECT, "flickr")
    and "Stars above the hut" in {one.title for one in a.flickr.photos.values()},
    "photos that imatch does not know": lambda a: {"Snapshot from the telephone 1"}
    < {one.title for one in a.flickr.photos.values()},
}  # fmt: skip


@pytest.mark.parametrize("item", sorted(SHOWN))
def test_the_library_shows(item):
    assert SHOWN[item](everything())
