"""Every code of the table, what it blocks, and the words that people read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socials_lib import validation
from socials_lib.formatting import albums, groups, photo_text
from socials_lib.models import (
    ACTIONS,
    DEFAULT_LIMITS,
    PIXELFED_LIMITS,
    PLATFORMS,
    Category,
    FileFacts,
    Malformed,
    Photo,
    Problem,
    RelatedFile,
    Rules,
    UploadFile,
)
from socials_lib.validation import blocks, problem, validate

GOOD = Photo(
    file_id="1201",
    name="dawn.jpg",
    path="D:\\Photos\\dawn.jpg",
    format="JPEG",
    size=6_291_456,
    date_time=datetime.fromisoformat("2024-03-19T05:06:07"),
    title="Dawn over the lake",
    headline="The fog lifts",
    description="The first morning of spring.",
    keywords=("Nature|Water|Lake",),
    categories=(
        Category(path="Image Characteristics|Genre|Landscape"),
        Category(path="Socials|flickr|albums|Coast", description="72177720301234567"),
    ),
)
UPLOAD = UploadFile(file_id="1201", name=GOOD.name, path=GOOD.path, format="JPEG", bytes=6_291_456)
FACTS = FileFacts(path=GOOD.path, format="JPEG", size=6_291_456, width=6000, height=4000)
SENDING = ("add", "update", "metadata")
FAULT = (*SENDING, "delete")


def check(photo=GOOD, platform="flickr", *, rules=None, limits=None, upload=UPLOAD, facts=FACTS):
    rules, limits = rules or Rules(), limits or DEFAULT_LIMITS[platform]
    return validate(
        photo,
        photo_text(photo, platform, rules, limits),
        limits=limits,
        rules=rules,
        upload=upload,
        facts=facts,
        albums=albums(photo),
        groups=groups(photo),
        candidates=photo.versions,
    )


def only(photo=GOOD, platform="flickr", **more) -> Problem:
    (found,) = check(photo, platform, **more)
    return found


def codes(photo=GOOD, platform="flickr", **more) -> list[str]:
    return [one.code for one in check(photo, platform, **more)]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_good_photo_has_no_problem(platform):
    assert () == check(platform=platform)
    assert () == check(platform=platform, facts=None)


#: code: platforms, severity, what it blocks, leaf; design 3 word for word.
TABLE = {
    "missing_title": (PLATFORMS, "error", FAULT, "missing title"),
    "missing_description": (PLATFORMS, "error", FAULT, "missing description"),
    "missing_headline": (("pixelfed",), "error", FAULT, "missing headline"),
    "file_too_large": (PLATFORMS, "error", ("add", "update", "delete"), "file too large"),
    "invalid_format": (PLATFORMS, "error", ("add", "update"), "invalid format"),
    "file_not_found": (PLATFORMS, "error", ("add", "update"), "file not found"),
    "not_an_image": (PLATFORMS, "error", ("add", "update"), "not an image"),
    "text_too_long": (PLATFORMS, "error", SENDING, "text too long"),
    "missing_keywords": (PLATFORMS, "warning", (), "missing hierarchical_keywords"),
    "missing_genre": (PLATFORMS, "warning", (), "missing genre"),
    "too_many_tags": (("flickr",), "warning", (), ""),
    "conflicting_flags": (PLATFORMS, "error", ACTIONS, "conflicting flags"),
    "not_in_platform_category": (PLATFORMS, "error", ACTIONS, "not in platform category"),
    "same_picture_twice": (PLATFORMS, "error", ACTIONS, "same picture twice"),
    "duplicate_remote_id": (PLATFORMS, "error", ACTIONS, "duplicate remote id"),
    "lost_remote_id": (PLATFORMS, "error", ACTIONS, "lost remote id"),
    "unclear_act": (PLATFORMS, "error", ACTIONS, ""),
    "album_without_id": (("flickr",), "warning", (), "album without id"),
    "malformed_record": (PLATFORMS, "error", SENDING, "malformed record"),
    "private_content": (PLATFORMS, "error", SENDING, "private content"),
}
HELD = {
    "missing_title",
    "missing_description",
    "missing_headline",
    "file_too_large",
    "missing_keywords",
    "missing_genre",
}
CASES = [(code, platform) for code, row in TABLE.items() for platform in row[0]]


def test_the_table_has_every_code_of_the_design():
    assert tuple(TABLE) == validation.CODES
    assert {code: row[3] for code, row in TABLE.items() if row[3]} == validation.LEAVES


@pytest.mark.parametrize(("code", "platform"), CASES)
def test_severity_blocks_and_leaf_are_those_of_the_design(code, platform):
    _, severity, stopped, leaf = TABLE[code]
    found = problem(code, platform)
    assert (severity, stopped, leaf) == (found.severity, found.blocks, found.leaf)


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(("code", "platform"), CASES)
def test_each_code_blocks_the_actions_of_the_table_and_no_other(code, platform, action):
    found, stopped = problem(code, platform), TABLE[code][2]
    stops = action in stopped or (action == "repost" and bool({"add", "delete"} & set(stopped)))
    assert (found if stops else None) == blocks([found], action)


@pytest.mark.parametrize(("code", "platform"), CASES)
def test_faulty_deletes_are_allowed_by_a_setting(code, platform):
    allowed = problem(code, platform, rules=Rules(allow_faulty_deletes=True)).blocks
    expected = tuple(one for one in TABLE[code][2] if one != "delete" or code not in HELD)
    assert expected == allowed
    assert (code in HELD) == validation.is_releasable(problem(code, platform))


@pytest.mark.parametrize(
    ("code", "stopped"),
    [
        ("missing_keywords", FAULT),
        ("missing_genre", FAULT),
        ("too_many_tags", SENDING),
        ("album_without_id", SENDING),
    ],
)
def test_warnings_become_errors_by_a_setting(code, stopped):
    found = problem(code, "flickr", rules=Rules(errors=(code,)))
    assert ("error", stopped) == (found.severity, found.blocks)


def test_the_first_blocking_problem_is_named():
    found = [
        problem(code, "flickr")
        for code in ("missing_genre", "invalid_format", "text_too_long", "missing_title")
    ]
    assert blocks(found, "add") is found[1]
    assert blocks(found, "metadata") is found[2]
    assert blocks(found, "delete") is found[3]
    assert blocks(found, "skip") is None
    assert blocks(found, "none") is None


def test_all_error_categories_are_34_exact_paths():
    paths = {platform: validation.leaf_paths(platform) for platform in PLATFORMS}
    assert 34 == len({*paths["flickr"], *paths["pixelfed"]})
    assert "Socials|flickr|__errors|missing hierarchical_keywords" in paths["flickr"]
    assert "Socials|flickr|__errors|missing headline" not in paths["flickr"]
    assert "Socials|pixelfed|__errors|album without id" not in paths["pixelfed"]
    assert "Socials|pixelfed|__errors|missing headline" == paths["pixelfed"][2]


PILLS = (
    "Title missing|Description missing|Headline missing|Too large|Wrong format|File not found|"
    "Not a picture|Text too long|No keywords|No genre|91 tags|Two flags|Only flagged|"
    "Same picture twice|Id used twice|Id lost|Unclear|Album without id|Unreadable record|"
    "Private content"
)


def test_the_pills_are_those_of_the_notebooks():
    found = [problem(code, "flickr", found="91 tags") for code in validation.CODES]
    assert PILLS.split("|") == [validation.words_for(one) for one in found]
    assert all(
        len(f"{validation.sign_for(one)} {validation.words_for(one)}") <= 22 for one in found
    )


def test_signs_say_whether_a_problem_blocks():
    assert "✕" == validation.sign_for(problem("missing_title", "flickr"))
    assert "!" == validation.sign_for(problem("missing_genre", "flickr"))


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("field", ["title", "description"])
def test_missing_texts(platform, field):
    found = only(replace(GOOD, **{field: " \n"}), platform)
    assert (f"missing_{field}", field, "nothing") == (found.code, found.field, found.found)


def test_a_missing_headline_is_missed_on_pixelfed_alone():
    bare = replace(GOOD, headline="")
    assert [] == codes(bare)
    found = only(bare, "pixelfed")
    assert "missing_headline" == found.code
    assert "no alt text · found nothing · allowed 1–1,000" == validation.details_for(found)
    assert "Use the title." == found.suggestion
    with_alt_text = only(replace(bare, alt_text="Fog"), "pixelfed")
    assert "found nothing" == validation.details_for(with_alt_text)


@pytest.mark.parametrize(
    ("platform", "by_imatch", "by_disk", "found", "limit"),
    [
        ("flickr", 209_715_200, 209_715_200, None, None),
        ("flickr", 209_715_201, 5, "200.0 MB (209,715,201 bytes)", "200.0 MB"),
        ("flickr", 0, 300_000_000, "286.1 MB", "200.0 MB"),
        ("pixelfed", 15_728_640, 0, None, None),
        ("pixelfed", 5, 16_777_216, "16.0 MB", "15.0 MB (15,360 KB)"),
        ("pixelfed", 19_084_083, 5, "18.2 MB", "15.0 MB (15,360 KB)"),
    ],
)
def test_the_larger_of_two_sizes_counts(platform, by_imatch, by_disk, found, limit):
    upload, facts = replace(UPLOAD, bytes=by_imatch), replace(FACTS, size=by_disk)
    seen = check(platform=platform, upload=upload, facts=facts)
    expected = [("file_too_large", found, limit)] if found else []
    assert expected == [(one.code, one.found, one.limit) for one in seen]
    fitted = check(platform=platform, upload=upload, facts=facts, rules=Rules(fit_pictures=True))
    assert () == fitted


def test_a_servers_own_limit_is_named_in_its_unit():
    limits = replace(PIXELFED_LIMITS, max_bytes=15_360_000)
    found = only(platform="pixelfed", limits=limits, upload=replace(UPLOAD, bytes=19_084_083))
    assert ("18.2 MB", "14.6 MB (15,000 KB)") == (found.found, found.limit)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_format_that_nobody_takes(platform):
    raw = replace(
        GOOD,
        format="CR3",
        versions=(RelatedFile(file_id="2", name="x.afphoto", path="x", format="AFPHOTO"),),
    )
    found = only(raw, platform, upload=None, facts=None)
    assert ("invalid_format", "CR3, versions AFPHOTO") == (found.code, found.found)
    assert "JPEG, PNG, GIF" == found.limit


def test_a_file_that_is_something_else_inside():
    found = only(facts=replace(FACTS, format="WEBP"))
    assert ("invalid_format", "WEBP inside") == (found.code, found.found)
    assert "TIFF" == only(platform="pixelfed", upload=replace(UPLOAD, format="TIFF")).found
    assert () == check(upload=replace(UPLOAD, format="jpg"))
    narrow = replace(PIXELFED_LIMITS, formats=("JPEG",))
    png = replace(UPLOAD, format="PNG")
    assert "JPEG" == only(platform="pixelfed", limits=narrow, upload=png, facts=None).limit


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(
    ("code", "found"), [("file_not_found", GOOD.path), ("not_an_image", "a text file")]
)
def test_what_the_disk_said(platform, code, found):
    facts = FileFacts(path=GOOD.path, problem=code, reason="a text file")
    seen = only(platform=platform, facts=facts)
    assert (code, found) == (seen.code, seen.found)


LONG = {"description": "ü" * 32_500}


@pytest.mark.parametrize(
    ("platform", "changes", "field", "found", "limit", "severity"),
    [
        ("flickr", {"title": "x" * 256}, "title", "256 letters", "255", "warning"),
        ("flickr", LONG, "description", "65,015 bytes", "65,000 bytes", "error"),
        ("flickr", {"keywords": ("x" * 256,)}, "tags", "256 letters", "255", "warning"),
        ("pixelfed", {"title": "x" * 462}, "caption", "501 letters", "500", "error"),
        ("pixelfed", {"alt_text": "x" * 1001}, "alt_text", "1,001 letters", "1,000", "error"),
    ],
)
def test_texts_that_are_too_long(platform, changes, field, found, limit, severity):
    (seen,) = check(replace(GOOD, **changes), platform)
    assert "text_too_long" == seen.code
    assert (field, found, limit, severity) == (seen.field, seen.found, seen.limit, seen.severity)


def test_texts_of_just_the_allowed_length_are_fine():
    assert () == check(replace(GOOD, title="x" * 255))
    assert () == check(replace(GOOD, alt_text="🌅" * 1000), "pixelfed")
    hard = only(replace(GOOD, title="x" * 256), rules=Rules(errors=("text_too_long",)))
    assert ("error", SENDING) == (hard.severity, hard.blocks)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_missing_keywords_and_genre_warn(platform):
    bare = replace(GOOD, keywords=(" | ",), categories=(Category(path=validation.GENRE),))
    assert ["missing_keywords", "missing_genre"] == codes(bare, platform)
    assert blocks(check(bare, platform), "add") is None


def test_too_many_tags_warn_with_their_number():
    many = replace(GOOD, keywords=tuple(f"Word {n}" for n in range(89)))
    found = only(many)
    assert ("too_many_tags", "91 tags", "73") == (found.code, found.found, found.limit)
    assert "91 tags" == validation.words_for(found)
    assert () == check(many, "pixelfed")


@pytest.mark.parametrize(
    ("path", "field", "words"),
    [
        ("Socials|flickr|albums", "albums", "Move the photo"),
        ("Socials|flickr|albums|Coast", "albums", "album's number"),
        ("Socials|flickr|groups", "groups", "Move the photo"),
        ("Socials|flickr|groups|Lakes", "groups", "group's id"),
    ],
)
def test_albums_and_groups_without_an_id_warn(path, field, words):
    photo = replace(GOOD, categories=(GOOD.categories[0], Category(path=path, description="soon")))
    found = only(photo)
    assert ("album_without_id", field, path) == (found.code, found.field, found.found)
    assert words in found.suggestion
    assert () == check(photo, "pixelfed")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_values_that_cannot_be_read_are_named(platform):
    odd = replace(
        GOOD,
        malformed=(
            Malformed(field="date_time", found="2024-02-31T25:61:00"),
            Malformed(field="size", found="rather big"),
        ),
    )
    seen = [(one.code, one.field, one.found) for one in check(odd, platform)]
    assert [
        ("malformed_record", "date_time", "2024-02-31T25:61:00"),
        ("malformed_record", "size", "rather big"),
    ] == seen


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_problem_is_reported_at_once_in_the_order_of_the_table(platform):
    wrong = replace(
        GOOD,
        title="",
        headline="",
        description="x",
        alt_text="y" * 1001,
        keywords=(),
        categories=(Category(path="Socials|flickr|albums"),),
        malformed=(Malformed(field="width", found="wide"),),
    )
    seen = codes(
        wrong,
        platform,
        upload=replace(UPLOAD, bytes=300_000_000, format="TIFF"),
        facts=FileFacts(path="x", problem="file_not_found"),
        rules=Rules(words=("photography" if platform == "pixelfed" else "x",)),
    )
    expected = [
        "missing_title",
        *(["missing_headline"] if platform == "pixelfed" else []),
        "file_too_large",
        "invalid_format",
        "file_not_found",
        *(["text_too_long"] if platform == "pixelfed" else []),
        "missing_keywords",
        "missing_genre",
        *(["album_without_id"] if platform == "flickr" else []),
        "malformed_record",
        "private_content",
    ]
    assert expected == seen


long_text = st.text(st.sampled_from("abcü🌅 \n<@"), max_size=60).flatmap(
    lambda text: st.integers(1, 60).map(lambda times: text * times)
)


@given(long_text, long_text, long_text, long_text, st.sampled_from(PLATFORMS))
@settings(deadline=None)
def test_no_limit_is_exceeded_without_being_reported(title, headline, description, alt, platform):
    photo = replace(GOOD, title=title, headline=headline, description=description, alt_text=alt)
    limits = replace(
        DEFAULT_LIMITS[platform],
        max_title=50,
        max_description_bytes=200,
        max_caption=150,
        max_alt_text=70,
    )
    text = photo_text(photo, platform, Rules(), limits)
    found = {
        one.field for one in check(photo, platform, limits=limits) if one.code == "text_too_long"
    }
    sizes = {
        "title": len(text.title) > 50 and platform == "flickr",
        "description": len(text.description.encode()) > 200,
        "caption": len(text.caption) > 150,
        "alt_text": len(text.alt_text) > 70,
    }
    assert {field for field, is_over in sizes.items() if is_over} == found
