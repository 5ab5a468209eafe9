"""Texts byte for byte: what the default templates make of a photo, and how they are fitted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from socials_lib.errors import SettingsError
from socials_lib.formatting import DEFAULT_TEMPLATES, check_templates, letters, photo_text
from socials_lib.models import (
    FLICKR_LIMITS,
    PIXELFED_LIMITS,
    Category,
    Photo,
    PhotoText,
    Rules,
)

DAWN = Photo(
    file_id="1201",
    name="dawn.jpg",
    path="D:\\Photos\\dawn.jpg",
    format="JPEG",
    date_time=datetime.fromisoformat("2024-03-19T05:06:07"),
    title="Dawn over the lake",
    headline="The fog lifts",
    description="The first morning of spring.",
    keywords=("Nature|Water|Lake",),
    iso="3200",
    shutter_speed="1/100",
    aperture="6,30",
    focal_length="45.0 mm",
    camera="Canon EOS R50",
    lens="RF-S 18-45mm",
    categories=(Category(path="Image Characteristics|Genre|Landscape"),),
)
SHOOTING = "ISO 3200 | 1/100 sec | f/6.3 | 45.0 mm"
CAMERA = "Canon EOS R50 | RF-S 18-45mm"
TAGS = "#Nature #Water #Lake #Landscape #Landscapephotography #photography"
NO_SHOT = {"iso": "", "shutter_speed": "", "aperture": "", "focal_length": ""}


def flickr(photo: Photo, rules: Rules | None = None) -> PhotoText:
    return photo_text(photo, "flickr", rules or Rules(), FLICKR_LIMITS)


def pixelfed(photo: Photo, rules: Rules | None = None, most: int | None = 500) -> PhotoText:
    limits = replace(PIXELFED_LIMITS, max_caption=most)
    return photo_text(photo, "pixelfed", rules or Rules(), limits)


def test_flickr_gets_title_description_tags_and_date():
    expected = PhotoText(
        platform="flickr",
        title="Dawn over the lake",
        description=f"The fog lifts\n\nThe first morning of spring.\n\n{SHOOTING}\n{CAMERA}",
        tags=("Nature", "Water", "Lake", "Landscape", "Landscape photography"),
        tags_before_cut=5,
        date_taken="2024-03-19T05:06:07",
    )
    assert expected == flickr(DAWN)


def test_pixelfed_gets_caption_alt_text_hashtags_and_date():
    expected = PhotoText(
        platform="pixelfed",
        title="Dawn over the lake",
        caption="Dawn over the lake -- The fog lifts (Taken 19 March 2024)\n\n"
        f"{TAGS}\n\n{SHOOTING}\n{CAMERA}",
        alt_text="The fog lifts",
        tags=("Nature", "Water", "Lake", "Landscape", "Landscapephotography", "photography"),
        tags_before_cut=6,
        date_taken="2024-03-19T05:06:07",
    )
    assert expected == pixelfed(DAWN)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"headline": ""}, f"The first morning of spring.\n\n{SHOOTING}\n{CAMERA}"),
        ({"description": ""}, f"The fog lifts\n\n{SHOOTING}\n{CAMERA}"),
        ({"headline": "", "description": " \n "}, f"{SHOOTING}\n{CAMERA}"),
        (
            {"circa_date": "about 1960"},
            "The fog lifts\n\nThe first morning of spring.\n\nTaken ca. 19 March 2024.\n\n"
            f"{SHOOTING}\n{CAMERA}",
        ),
        (
            {"circa_date": "1960", "date_time": None},
            f"The fog lifts\n\nThe first morning of spring.\n\n{SHOOTING}\n{CAMERA}",
        ),
        (
            {"circa_date": "1960", "camera": "", "lens": "", **NO_SHOT},
            "The fog lifts\n\nThe first morning of spring.\n\nTaken ca. 19 March 2024.",
        ),
        (
            {"lens": ""},
            f"The fog lifts\n\nThe first morning of spring.\n\n{SHOOTING}\nCanon EOS R50",
        ),
        (
            {"camera": ""},
            f"The fog lifts\n\nThe first morning of spring.\n\n{SHOOTING}\nRF-S 18-45mm",
        ),
        (
            {"camera": "", "lens": ""},
            f"The fog lifts\n\nThe first morning of spring.\n\n{SHOOTING}",
        ),
        (NO_SHOT, f"The fog lifts\n\nThe first morning of spring.\n\n{CAMERA}"),
        (
            {"headline": "", "description": "", "camera": "", "lens": "", **NO_SHOT},
            "",
        ),
        (
            {"description": "One.\r\n\r\n\r\nTwo.\rThree.\n"},
            f"The fog lifts\n\nOne.\n\n\nTwo.\nThree.\n\n{SHOOTING}\n{CAMERA}",
        ),
        (
            {"headline": "Boats & <b>cranes</b> 🏗️", "description": "“5 < 6” &amp; @me"},
            f"Boats & <b>cranes</b> 🏗️\n\n“5 < 6” &amp; @me\n\n{SHOOTING}\n{CAMERA}",
        ),
        (
            {"headline": "{{ title }} {% raw %}", "description": "{# no comment #}"},
            f"{{{{ title }}}} {{% raw %}}\n\n{{# no comment #}}\n\n{SHOOTING}\n{CAMERA}",
        ),
    ],
)
def test_empty_parts_of_a_flickr_description_vanish(changes, expected):
    assert expected == flickr(replace(DAWN, **changes)).description


TAKEN = "(Taken 19 March 2024)"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, f"Dawn over the lake -- The fog lifts {TAKEN}"),
        ({"circa_date": "1960"}, "Dawn over the lake -- The fog lifts (Taken ca. 19 March 2024)"),
        ({"headline": ""}, f"Dawn over the lake {TAKEN}"),
        ({"title": ""}, f"The fog lifts {TAKEN}"),
        ({"date_time": None}, "Dawn over the lake -- The fog lifts"),
        ({"date_time": None, "circa_date": "1960"}, "Dawn over the lake -- The fog lifts"),
        ({"title": "", "headline": ""}, TAKEN),
        ({"title": "", "headline": "", "date_time": None}, ""),
        (
            {"date_time": datetime.fromisoformat("2023-12-01"), "headline": ""},
            "Dawn over the lake (Taken 1 December 2023)",
        ),
        ({"title": "Müritz 🌅", "headline": "日の出"}, f"Müritz 🌅 -- 日の出 {TAKEN}"),
        ({"title": "Boats & cranes", "headline": '"hi"'}, f'Boats & cranes -- "hi" {TAKEN}'),
        ({"title": "&amp; &lt;b", "headline": "&#39;"}, f"&amp; &lt;b -- &#39; {TAKEN}"),
        ({"title": "I <3 you", "headline": "a < b"}, f"I ‹3 you -- a < b {TAKEN}"),
        ({"title": "<b>B</b>", "headline": "5<6 7>3"}, f"‹b>B‹/b> -- 5‹6 7>3 {TAKEN}"),
        (
            {"title": "by @anna", "headline": "me@x.org @ home ＠京"},
            f"by @\u2060anna -- me@\u2060x.org @ home ＠\u2060京 {TAKEN}",
        ),
        ({"title": " one\r\ntwo ", "headline": "x #y"}, f"one\ntwo -- x #y {TAKEN}"),
        ({"title": "a <", "headline": "", "date_time": None}, "a ‹"),
        ({"title": "a <", "headline": "b"}, f"a < -- b {TAKEN}"),
        ({"title": "a <\u00a0b", "headline": ""}, f"a ‹\u00a0b {TAKEN}"),
        ({"title": "One.\n\n\nTwo.", "headline": ""}, f"One.\n\n\nTwo. {TAKEN}"),
    ],
)
def test_the_first_paragraph_of_a_caption(changes, expected):
    bare = replace(DAWN, keywords=(), categories=(), camera="", lens="", **NO_SHOT)
    assert expected == pixelfed(replace(bare, **changes), Rules(final_hashtag="")).caption


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, f"{SHOOTING}\n{CAMERA}"),
        ({"aperture": "6.30"}, f"{SHOOTING}\n{CAMERA}"),
        ({"aperture": "4.00"}, f"ISO 3200 | 1/100 sec | f/4 | 45.0 mm\n{CAMERA}"),
        ({"aperture": "unknown"}, f"ISO 3200 | 1/100 sec | 45.0 mm\n{CAMERA}"),
        ({"iso": ""}, f"1/100 sec | f/6.3 | 45.0 mm\n{CAMERA}"),
        ({"shutter_speed": ""}, f"ISO 3200 | f/6.3 | 45.0 mm\n{CAMERA}"),
        ({"focal_length": ""}, f"ISO 3200 | 1/100 sec | f/6.3\n{CAMERA}"),
        ({"iso": "ISO 100", "shutter_speed": "2 s"}, f"ISO 100 | 2 s | f/6.3 | 45.0 mm\n{CAMERA}"),
        ({"lens": ""}, f"{SHOOTING}\nCanon EOS R50"),
        ({"camera": "", "lens": ""}, SHOOTING),
        (NO_SHOT, CAMERA),
    ],
)
def test_shooting_line_and_camera_line(changes, expected):
    photo = replace(DAWN, keywords=(), categories=(), **changes)
    first = "Dawn over the lake -- The fog lifts (Taken 19 March 2024)\n\n#photography\n\n"
    assert first + expected == pixelfed(photo).caption


def test_the_date_taken_has_neither_zone_nor_fraction():
    taken = DAWN.date_time.replace(microsecond=123456)
    assert "2024-03-19T05:06:07" == flickr(replace(DAWN, date_time=taken)).date_taken
    assert flickr(replace(DAWN, date_time=None)).date_taken is None


def test_the_alt_text_of_iptc_wins_over_the_headline():
    assert "Fog, birches" == pixelfed(replace(DAWN, alt_text=" Fog, birches ")).alt_text
    assert "" == flickr(replace(DAWN, alt_text="Fog")).alt_text


def test_an_alt_text_keeps_its_line_and_its_at_signs():
    photo = replace(DAWN, alt_text="A sign:\r\n“<b> 5<6 @ c@d <3 </b>”")
    assert "A sign:\n“‹b> 5<6 @ c@d <3 ‹/b>”" == pixelfed(photo).alt_text


def test_the_table_of_cameras_replaces_a_model():
    rules = Rules(camera_names={"canon eos r50": "Scanned by hand"})
    assert flickr(DAWN, rules).description.endswith("\nScanned by hand | RF-S 18-45mm")
    nothing = Rules(camera_names={"Canon EOS R50": ""})
    assert flickr(DAWN, nothing).description.endswith(f"{SHOOTING}\nRF-S 18-45mm")


def test_visibility_is_the_persons():
    rules = Rules(visibility={"flickr": "friends", "pixelfed": "unlisted"})
    assert "friends" == flickr(DAWN, rules).visibility
    assert "unlisted" == pixelfed(DAWN, rules).visibility
    assert "public" == pixelfed(DAWN, Rules(visibility={})).visibility


FULL = pixelfed(DAWN).caption
FIRST = "Dawn over the lake -- The fog lifts (Taken 19 March 2024)"


@pytest.mark.parametrize(
    ("most", "expected", "left_out"),
    [
        (len(FULL), FULL, ()),
        (len(FULL) - 1, f"{FIRST}\n\n{TAGS}\n\n{SHOOTING}", ("camera line",)),
        (
            len(f"{FIRST}\n\n{TAGS}"),
            f"{FIRST}\n\n{TAGS}",
            ("camera line", "shooting line"),
        ),
        (
            len(f"{FIRST}\n\n{TAGS}") - 1,
            f"{FIRST}\n\n{TAGS.removesuffix(' #photography')}",
            ("camera line", "shooting line", "#photography"),
        ),
        (
            len(f"{FIRST}\n\n#Nature #Water"),
            f"{FIRST}\n\n#Nature #Water",
            (
                "camera line",
                "shooting line",
                "#photography",
                "#Landscapephotography",
                "#Landscape",
                "#Lake",
            ),
        ),
    ],
)
def test_fitting_drops_camera_shooting_line_and_hashtags_in_this_order(most, expected, left_out):
    text = pixelfed(DAWN, most=most)
    assert expected == text.caption
    assert left_out == text.left_out
    assert text.tags == tuple(word[1:] for word in expected.split() if word.startswith("#"))
    assert 6 == text.tags_before_cut


def test_a_caption_of_500_letters_fits_and_one_of_501_does_not():
    rest = len(pixelfed(replace(DAWN, title=""), most=None).caption)
    photo = replace(DAWN, title="🌅" * (500 - rest - len(" -- ")))
    assert 500 == letters(pixelfed(photo).caption)
    assert () == pixelfed(photo).left_out
    longer = pixelfed(replace(photo, title=photo.title + "🌅"))
    assert ("camera line",) == longer.left_out


def test_what_was_made_harmless_counts():
    photo = replace(DAWN, headline="@a" * 100)
    caption = pixelfed(photo, most=None).caption
    assert () == pixelfed(photo, most=len(caption)).left_out
    assert ("camera line",) == pixelfed(photo, most=len(caption) - 1).left_out


def test_when_nothing_helps_the_whole_sentence_stays():
    text = pixelfed(DAWN, most=20)
    assert text.caption == FIRST
    assert () == text.tags
    assert 8 == len(text.left_out)


def test_only_parts_that_were_there_are_named_as_left_out():
    photo = replace(DAWN, camera="", lens="")
    assert ("shooting line",) == pixelfed(photo, most=150).left_out


def test_no_limit_known_means_no_fitting():
    assert len(pixelfed(replace(DAWN, title="long " * 1000), most=None).caption) > 5000


def test_every_text_is_a_template():
    rules = Rules(
        templates={
            "flickr_title": "{{ title | upper }}",
            "flickr_description": "{{ date }}, {{ camera_line }}; {{ shooting_line }}",
            "pixelfed_caption": "{{ title }}\n\n{{ hashtags }}",
            "pixelfed_alt_text": "{{ headline }} {{ alt_text }}",
            "date": "{{ year }}",
            "shooting_line": "{{ aperture }}",
            "camera_line": "{{ model }}{% if lens %} + {{ lens }}{% endif %}",
        }
    )
    assert set(DEFAULT_TEMPLATES) == set(rules.templates)
    assert "DAWN OVER THE LAKE" == flickr(DAWN, rules).title
    assert "2024, Canon EOS R50 + RF-S 18-45mm; f/6.3" == flickr(DAWN, rules).description
    assert f"Dawn over the lake\n\n{TAGS}" == pixelfed(DAWN, rules).caption
    assert "The fog lifts" == pixelfed(DAWN, rules).alt_text


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ lens }}\n\n{{ title }}", "Dawn"),
        ("{{ title }}\n\n{{ lens }}\n\n{{ headline }}", "Dawn\n\nFog"),
        ("{{ title }}\n{{ lens }}\n{{ headline }}", "Dawn\nFog"),
        ("{{ title }}\n{{ lens }}\n\n{{ headline }}", "Dawn\n\nFog"),
        ("{{ title }}\n\n\n\n{{ headline }}", "Dawn\n\nFog"),
        ("{{ title }}\n{% if lens %}\nmore\n{% endif %}\n{{ headline }}", "Dawn\nFog"),
        ("A\n{% for word in tags %}\n* {{ word }}\n{% endfor %}\nB", "A\n* Lake\n* Reed\nB"),
        ("  {{ title }}  \n\n", "Dawn"),
        ("{{ description }}", "One\n\n\n\n  Two"),
        ("{{ description | replace('One', '1') }}\r\n{{ lens }}", "1\n\n\n\n  Two"),
        ("{{ 'with ' ~ lens if lens }}", ""),
        ("{# a remark #}{{ circa }}{{ circa_date }}{{ day }}{{ month }}{{ year }}", ""),
    ],
)
def test_lines_that_came_out_empty_vanish_but_a_text_is_never_touched(template, expected):
    photo = Photo(
        file_id="1",
        name="a.jpg",
        path="a.jpg",
        format="JPEG",
        title="Dawn",
        headline="Fog",
        description="One\n\n\n\n  Two",
        keywords=("Lake|Reed",),
    )
    rules = Rules(templates={"flickr_description": template})
    assert expected == flickr(photo, rules).description


@pytest.mark.parametrize(
    "template",
    [
        "{{ titel }}",
        "{{ title",
        "{% if title %}",
        "{{ title.__class__.__mro__ }}",
        "{{ title | nothing }}",
        "{{ title + 1 }}",
        "{{ 1 / 0 }}",
        "{{ 'x' * 1000000000 }}",
        "{{ 10 ** 10 ** 10 }}",
        "{{ '%999999999d' % 3 }}",
        "{{ '%999999999d' | format(3) }}",
        "{{ title.center(999999999) }}",
        "{{ title.format(3) }}",
        "{{ range(1000000) }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% include 'secret' %}",
        "{% for a in headline %}{% for b in headline %}{% for c in headline %}x"
        "{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in tags recursive %}{{ loop(tags) }}{% endfor %}",
        "{{ latitude }}",
        "{{ path }}",
    ],
)
def test_a_template_that_fails_is_an_error_that_names_it(template):
    rules = Rules(templates={"flickr_description": template})
    with pytest.raises(SettingsError, match="flickr_description") as caught:
        flickr(replace(DAWN, headline="x" * 500), rules)
    assert "`flickr_description` under [text.templates] in settings.toml" in caught.value.hint


def test_a_template_for_the_other_platform_is_checked_too():
    with pytest.raises(SettingsError, match="pixelfed_caption"):
        flickr(DAWN, Rules(templates={"pixelfed_caption": "{{ "}))


def test_a_template_nobody_knows_is_an_error():
    with pytest.raises(SettingsError, match="flickr_titel") as caught:
        check_templates(Rules(templates={"flickr_titel": "x"}))
    assert "under [text.templates] in settings.toml" in caught.value.hint
    assert "flickr_title" in caught.value.hint


def test_a_huge_description_is_the_photos_problem_not_the_templates():
    text = flickr(replace(DAWN, description="word " * 300_000)).description
    assert len(text) > 1_500_000


def test_control_characters_and_half_characters_do_not_leave():
    photo = replace(DAWN, title="a\x00b\x0bc\td\ud800", headline="\ufdd0x\ufdd1\u200b")
    assert "abc\td\ufffd" == flickr(photo).title
    assert flickr(photo).description.startswith("x\n\n")
