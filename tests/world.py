"""The named photos of the sample library: what each is there to show, and what a plan makes of it.

One library for demo and tests (`socials_lib.demo.library`).  Tests say `world.DAWN.file_id`, never
a bare number; `tests/simulators/test_library.py` holds this list against the library itself.

`PLAN` and `BLOCKED` say for each platform what a first plan makes of every file of its work list,
`WARNED` which warnings it carries.  A blocked photo may have more problems than it is named for.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from socials_lib.demo import library


@dataclass(frozen=True, kw_only=True)
class Named:
    """A file of the sample library and the reason why it is there."""

    file_id: int
    why: str


@cache
def pictures() -> Path:
    """The painted files, once per test process: for `library.sample` and `World(pictures=…)`."""
    folder = Path(tempfile.mkdtemp(prefix="socials-pictures-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    library.sample(folder)
    return folder


# new and ordinary
DAWN = Named(
    file_id=1201,
    why=(
        "the plain case: new on both platforms, in an album and an open group; still "
        "listed in an error leaf of an earlier run although nothing is wrong any more"
    ),
)
HARBOUR = Named(
    file_id=1202,
    why=("new on Flickr, in an album; keywords that differ only in case (first spelling wins)"),
)
FIRST_SNOW = Named(file_id=1203, why="stored lying on its side, orientation flag 6")
CITY_LIGHTS = Named(
    file_id=1204,
    why=(
        "stored lying on its side, orientation flag 8; first of three photos for a group "
        "that takes one a day"
    ),
)
FESTIVAL = Named(
    file_id=1217,
    why="keyword from an event category; second photo for the group that takes one a day",
)
MILKY_WAY = Named(
    file_id=1223,
    why="genre astrophotography, which gets no second tag with ` photography`",
)
BALLOONS = Named(file_id=1225, why="square; for a moderated group; keyword from a celebration")
PANORAMA = Named(file_id=1226, why="very wide; in an album and an open group at once")
FOREST = Named(file_id=1228, why="new on Pixelfed only")
ARCADE = Named(file_id=1229, why="new on Pixelfed only, upright format")
NO_ALT_TEXT = Named(file_id=1232, why="no alt text: the headline stands in for it")
UNKNOWN_ALBUM = Named(
    file_id=1233,
    why=(
        "in an album whose id Flickr does not know (deleted there): the photo goes "
        "online, the follow-up fails"
    ),
)

# new, with odd texts
EMOJI = Named(file_id=1205, why="emoji in title, tags, file and folder name")
RIGHT_TO_LEFT = Named(
    file_id=1206,
    why="right-to-left text in Arabic and Hebrew, with numbers inside",
)
ZERO_WIDTH = Named(
    file_id=1207,
    why=("zero-width space, soft hyphen, combining accent and a direction override in a title"),
)
MARKUP = Named(
    file_id=1208,
    why="markup and script in title, headline and keyword: shown as text, never run",
)
HEART = Named(file_id=1209, why="`<3`: Pixelfed would swallow the rest of the text")
MENTION = Named(file_id=1210, why="an @word in the headline: nobody may be notified")
QUOTES = Named(file_id=1211, why="quotes, apostrophes and entities, some of them meant literally")
PARAGRAPHS = Named(
    file_id=1212,
    why=("a description of several paragraphs, with both kinds of line ends, a list, an address"),
)
FORTY_KEYWORDS = Named(
    file_id=1213,
    why="forty keywords: all of them tags on Flickr, on Pixelfed as many as fit",
)
CAPTION_JUST_FITS = Named(
    file_id=1218,
    why="its caption has exactly as many characters as Pixelfed takes",
)
CAPTION_JUST_OVER = Named(
    file_id=1219,
    why="its caption is one character too long: the camera line is dropped",
)

# new, with odd files
OLD_SCAN = Named(
    file_id=1214,
    why="a scanned slide: circa date, a scanner for a camera, no shooting data",
)
NO_LENS = Named(file_id=1215, why="the lens is unknown")
NO_CAMERA = Named(file_id=1216, why="a PNG without any camera data")
GIF = Named(file_id=1220, why="a GIF with a comment block")
UMLAUTS = Named(file_id=1221, why="umlauts, blanks, brackets and a dash in folder and file name")
TRAILING_BYTES = Named(
    file_id=1222,
    why=("bytes behind the end of the picture, as phones write them (a hidden film, places)"),
)
PRIVATE_INSIDE = Named(
    file_id=1224,
    why=(
        "GPS, maker note with a serial number and private keywords inside the file; third"
        " photo for the group that takes one a day, and in a group that refuses it"
    ),
)
AT_HOME = Named(
    file_id=1227,
    why=(
        "taken at home, and a keyword branch says so: for the rules about private places "
        "(`[private] circles, branches, words`)"
    ),
)

# published: to update
UPDATE_PICTURE = Named(file_id=1301, why="on both platforms, to renew picture and text on both")
UPDATE_TEXT_TOO = Named(file_id=1302, why="to renew on Flickr; title and headline changed as well")
UPDATE_AND_METADATA = Named(
    file_id=1303,
    why="in `_update` and `_metadata` at once, on both: an update",
)
UPDATE_IN_ALBUM = Named(
    file_id=1304,
    why="to renew on Flickr; in an album and a group already, which stay as they are",
)
UPDATE_HIDDEN_BY_HAND = Named(
    file_id=1305,
    why="to renew on Flickr, where somebody set it to friends only by hand: that stays",
)
UPDATE_PIXELFED = Named(
    file_id=1306,
    why="to renew on Pixelfed, where a picture cannot be replaced",
)
UPDATE_PIXELFED_LIKED = Named(
    file_id=1307,
    why="to renew on Pixelfed, liked and answered: posting anew would lose that",
)

# published: to correct
TEXT_DIFFERS = Named(file_id=1311, why="text changed in IMatch, on both platforms")
TAGS_DIFFER = Named(
    file_id=1312,
    why="tags differ on Flickr: one missing, two added there by hand (those stay)",
)
ALBUM_ADDED = Named(file_id=1313, why="put into an album in IMatch after it was published")
LAST_IN_ALBUM = Named(
    file_id=1314,
    why=(
        "taken out of an album in IMatch; it is the last photo of that album, which "
        "Flickr deletes then: needs approval"
    ),
)
EDITED_ONLINE = Named(
    file_id=1315,
    why="title edited on Flickr by hand since: IMatch wins, the old value is kept",
)
ALT_TEXT_DIFFERS = Named(file_id=1316, why="only the alt text differs on Pixelfed")
CAPTION_DIFFERS = Named(file_id=1317, why="only the caption differs on Pixelfed")
UNLISTED = Named(
    file_id=1318,
    why="an unlisted status: Pixelfed answers an edit of it with an empty body",
)
NOTHING_DIFFERS = Named(
    file_id=1319,
    why="in `_metadata` although nothing differs: no edit is used up",
)
ID_FROM_URL = Named(file_id=1320, why="the record has no id but an address that contains it")

# to delete
DELETE_PLAIN = Named(file_id=1321, why="to delete on both platforms, nobody ever reacted")
DELETE_LOVED = Named(
    file_id=1322,
    why=("to delete on both although people commented, liked and answered: needs its own tick"),
)
DELETE_GONE = Named(file_id=1323, why="to delete, but it is gone from both platforms already")
DELETE_FOREIGN = Named(
    file_id=1324,
    why="to delete, but the ids in the records are somebody else's photos",
)
DELETE_ONLY = Named(
    file_id=1325,
    why="to delete, only in `_delete` and no longer in the platform's own category",
)
DELETE_UNPUBLISHED = Named(
    file_id=1326,
    why=(
        "marked for deletion but never published: skipped, and it leaves `_delete` and "
        "the platform category so that it is not sent next time"
    ),
)

# published: nothing flagged
PUBLISHED = Named(
    file_id=1331,
    why="published on both, in album and group, nothing flagged, nothing differs",
)
HAND_MADE = Named(
    file_id=1332,
    why=(
        "in an album and a group made on Flickr by hand, with tags given there: IMatch "
        "knows none of them and they stay"
    ),
)
DRIFTED = Named(file_id=1333, why="not flagged, but edited online since: a finding of the audit")
PUBLISHED_GONE = Named(
    file_id=1334,
    why="not flagged, but deleted on both platforms by hand: a finding of the audit",
)
OLD_RECORD = Named(
    file_id=1335,
    why="a record made by hand: the id alone, no date, no address, no media id",
)
RECONNECT = Named(
    file_id=1338,
    why="online on Flickr, but no record and no category: the audit can reconnect it",
)

# something is missing
NO_TITLE = Named(file_id=1401, why="missing_title")
NO_DESCRIPTION = Named(file_id=1402, why="missing_description")
NO_HEADLINE = Named(file_id=1403, why="missing_headline on Pixelfed; Flickr does without")
NO_KEYWORDS = Named(file_id=1404, why="missing_keywords: a warning, it is published nevertheless")
NO_GENRE = Named(file_id=1405, why="missing_genre: a warning, it is published nevertheless")
TOO_MANY_TAGS = Named(file_id=1406, why="too_many_tags: eighty keywords, Flickr takes 75")
EVERYTHING_WRONG = Named(
    file_id=1407,
    why=(
        "several problems at once: no title, description, headline, keywords or genre, "
        "and too large"
    ),
)

# something is wrong with the file or its texts
TOO_LARGE = Named(
    file_id=1411,
    why="file_too_large on both, by IMatch's word (one byte more than Flickr takes)",
)
TOO_LARGE_FOR_PIXELFED = Named(
    file_id=1412,
    why="file_too_large on Pixelfed only, by IMatch's word",
)
RAW_ALONE = Named(file_id=1413, why="invalid_format: a raw master without any version")
TIFF_ALONE = Named(file_id=1414, why="invalid_format: a TIFF without any version")
OFFLINE = Named(
    file_id=1415,
    why="file_not_found: on a drive that is not there, a Windows path with umlauts",
)
NOT_AN_IMAGE = Named(file_id=1416, why="not_an_image: a text file named .jpg")
LONG_TITLE = Named(
    file_id=1417,
    why="text_too_long on Pixelfed: a title of 10,000 letters (on Flickr only a warning)",
)
LONG_DESCRIPTION = Named(
    file_id=1418,
    why="text_too_long on Flickr: a description of more than 65,000 bytes",
)
BAD_DATE = Named(file_id=1419, why="malformed_record: IMatch delivers a date that does not exist")
WRONG_TYPES = Named(
    file_id=1420,
    why="malformed_record: numbers as objects, a size in words, no width",
)

# something is wrong with records, flags, albums
CONFLICT_UPDATE = Named(file_id=1431, why="conflicting_flags: in `_update` and `_delete`")
CONFLICT_METADATA = Named(file_id=1432, why="conflicting_flags: in `_metadata` and `_delete`")
NOT_IN_PLATFORM = Named(
    file_id=1433,
    why="not_in_platform_category: only in `_update`, never published",
)
TWO_RECORDS = Named(
    file_id=1434,
    why="duplicate_remote_id: two records with different ids on one file",
)
SAME_ID_ONE = Named(
    file_id=1435,
    why="duplicate_remote_id: the same id is on another file that is no relative (1436)",
)
SAME_ID_TWO = Named(file_id=1436, why="duplicate_remote_id: has the id of 1435")
LOST_ID = Named(
    file_id=1437,
    why="lost_remote_id: a record with a date but neither id nor address (it is online)",
)
FAULTY_DELETE = Named(
    file_id=1438,
    why="to delete, but without title: the users' rule holds it back",
)
IN_ALBUM_CONTAINER = Named(
    file_id=1439,
    why="album_without_id: assigned to the container `albums` itself",
)
IN_ALBUM_WITHOUT_ID = Named(
    file_id=1440,
    why="album_without_id: the album's category has no id yet",
)

# no work at all
NOT_MANAGED = Named(file_id=1491, why="in no category of Socials: never touched")
ERROR_LEAF_ONLY = Named(file_id=1492, why="only in an error leaf of an earlier run: not work")
ALBUM_ONLY = Named(
    file_id=1493,
    why="only in an album's category, not in the platform's: not work, never published",
)

# masters and versions
MASTER_OF_VERSION = Named(
    file_id=1501,
    why="master with the texts of 1502 and 1519; in no category itself",
)
VERSION_OF_MASTER = Named(
    file_id=1502,
    why="a categorised version without texts of its own: they come from its master",
)
SIBLING = Named(
    file_id=1519,
    why="another version of the same master, with a title of its own: a photo of its own",
)
RAW_MASTER = Named(
    file_id=1503,
    why="a categorised raw master: the largest JPEG of its versions (1505) is sent",
)
VERSION_TIFF = Named(file_id=1504, why="a TIFF version of 1503: not accepted anywhere")
VERSION_LARGE = Named(file_id=1505, why="the version of 1503 to send: a JPEG, the largest")
VERSION_SMALL = Named(
    file_id=1506,
    why="a smaller JPEG version of 1503, under another relation rule (two groups)",
)
VERSION_PNG = Named(
    file_id=1507,
    why="a PNG version of 1503, larger than the JPEGs: JPEG comes first all the same",
)
DNG_MASTER = Named(
    file_id=1508,
    why="a raw master whose largest version is too large: the next one is sent",
)
VERSION_TOO_LARGE = Named(file_id=1509, why="version of 1508, too large for both by IMatch's word")
VERSION_FITS = Named(file_id=1510, why="version of 1508 that is sent")
ID_ON_MASTER = Named(
    file_id=1511,
    why="holds the records of a photo that is managed through its version 1512",
)
VERSION_OF_ID = Named(
    file_id=1512,
    why="published: the ids are on its master 1511; text to correct",
)
COPIED_MASTER = Named(
    file_id=1513,
    why=(
        "published; the relation rule copied categories and records to its version 1514: "
        "one photo, the master acts"
    ),
)
COPIED_VERSION = Named(
    file_id=1514,
    why="same_picture_twice: has the categories and the records of its master 1513",
)
TWICE_MASTER = Named(
    file_id=1515,
    why=(
        "same_picture_twice: master and version are both in, unpublished; the master "
        "would send the version's file"
    ),
)
TWICE_VERSION = Named(file_id=1516, why="version of 1515 in the same categories: this one is sent")

NAMED: dict[str, Named] = {
    name: value for name, value in list(globals().items()) if isinstance(value, Named)
}

#: Valid without any warning, on each platform.
CLEAN_ADDS = {
    "flickr": (
        *(DAWN, HARBOUR, FIRST_SNOW, CITY_LIGHTS, FESTIVAL, MILKY_WAY, BALLOONS, PANORAMA),
        *(UNKNOWN_ALBUM, EMOJI, RIGHT_TO_LEFT, MARKUP, QUOTES, PARAGRAPHS, FORTY_KEYWORDS),
        *(OLD_SCAN, NO_CAMERA, GIF, UMLAUTS, TRAILING_BYTES, PRIVATE_INSIDE, AT_HOME),
    ),
    "pixelfed": (
        *(DAWN, FIRST_SNOW, FOREST, ARCADE, NO_ALT_TEXT, EMOJI, ZERO_WIDTH, MARKUP, HEART),
        *(MENTION, FORTY_KEYWORDS, CAPTION_JUST_FITS, CAPTION_JUST_OVER, OLD_SCAN, NO_LENS),
    ),
}

_BLOCKED_ON_BOTH = {
    "missing_title": (NO_TITLE, EVERYTHING_WRONG, FAULTY_DELETE),
    "missing_description": (NO_DESCRIPTION, EVERYTHING_WRONG),
    "file_too_large": (TOO_LARGE, EVERYTHING_WRONG),
    "invalid_format": (RAW_ALONE, TIFF_ALONE),
    "file_not_found": (OFFLINE,),
    "not_an_image": (NOT_AN_IMAGE,),
    "malformed_record": (BAD_DATE, WRONG_TYPES),
    "conflicting_flags": (CONFLICT_UPDATE, CONFLICT_METADATA),
    "not_in_platform_category": (NOT_IN_PLATFORM,),
    "same_picture_twice": (COPIED_VERSION, TWICE_MASTER),
    "duplicate_remote_id": (TWO_RECORDS, SAME_ID_ONE, SAME_ID_TWO),
    "lost_remote_id": (LOST_ID,),
}

#: Platform -> problem code -> the photos that show it.
BLOCKED: dict[str, dict[str, tuple[Named, ...]]] = {
    "flickr": {**_BLOCKED_ON_BOTH, "text_too_long": (LONG_DESCRIPTION,)},
    "pixelfed": {
        **_BLOCKED_ON_BOTH,
        "file_too_large": (TOO_LARGE, TOO_LARGE_FOR_PIXELFED, EVERYTHING_WRONG),
        "missing_headline": (NO_HEADLINE, EVERYTHING_WRONG),
        "text_too_long": (LONG_TITLE,),
    },
}

#: Platform -> code -> photos that are published all the same.
WARNED: dict[str, dict[str, tuple[Named, ...]]] = {
    "flickr": {
        "missing_keywords": (NO_KEYWORDS,),
        "missing_genre": (NO_GENRE,),
        "too_many_tags": (TOO_MANY_TAGS,),
        "album_without_id": (IN_ALBUM_CONTAINER, IN_ALBUM_WITHOUT_ID),
        "text_too_long": (LONG_TITLE,),
    },
    "pixelfed": {"missing_keywords": (NO_KEYWORDS,), "missing_genre": (NO_GENRE,)},
}

_DELETES = (DELETE_PLAIN, DELETE_LOVED, DELETE_GONE, DELETE_FOREIGN, DELETE_ONLY)

#: Platform -> action -> photos; with `BLOCKED` this is the whole work list.
PLAN: dict[str, dict[str, tuple[Named, ...]]] = {
    "flickr": {
        "add": (
            *CLEAN_ADDS["flickr"],
            *(NO_HEADLINE, NO_KEYWORDS, NO_GENRE, TOO_MANY_TAGS, TOO_LARGE_FOR_PIXELFED),
            *(LONG_TITLE, IN_ALBUM_CONTAINER, IN_ALBUM_WITHOUT_ID),
            *(VERSION_OF_MASTER, SIBLING, RAW_MASTER, DNG_MASTER, TWICE_VERSION),
        ),
        "update": (
            *(UPDATE_PICTURE, UPDATE_TEXT_TOO, UPDATE_AND_METADATA, UPDATE_IN_ALBUM),
            UPDATE_HIDDEN_BY_HAND,
        ),
        "metadata": (
            *(TEXT_DIFFERS, TAGS_DIFFER, ALBUM_ADDED, LAST_IN_ALBUM, EDITED_ONLINE),
            *(NOTHING_DIFFERS, ID_FROM_URL, VERSION_OF_ID, COPIED_MASTER),
        ),
        "delete": _DELETES,
        "skip": (DELETE_UNPUBLISHED,),
        "none": (PUBLISHED, HAND_MADE, DRIFTED, PUBLISHED_GONE, OLD_RECORD),
    },
    "pixelfed": {
        "add": (
            *CLEAN_ADDS["pixelfed"],
            *(NO_KEYWORDS, NO_GENRE, VERSION_OF_MASTER, RAW_MASTER, DNG_MASTER, TWICE_VERSION),
        ),
        "update": (UPDATE_PICTURE, UPDATE_AND_METADATA, UPDATE_PIXELFED, UPDATE_PIXELFED_LIKED),
        "metadata": (
            *(TEXT_DIFFERS, ALT_TEXT_DIFFERS, CAPTION_DIFFERS, UNLISTED, NOTHING_DIFFERS),
            *(ID_FROM_URL, VERSION_OF_ID, COPIED_MASTER),
        ),
        "delete": _DELETES,
        "skip": (DELETE_UNPUBLISHED,),
        "none": (PUBLISHED, DRIFTED, PUBLISHED_GONE, OLD_RECORD),
    },
}

#: Files that no plan may mention.
BYSTANDERS = (NOT_MANAGED, ERROR_LEAF_ONLY, ALBUM_ONLY, RECONNECT)
