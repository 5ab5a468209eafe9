"""Numbers, dates, signs, escaping and messages."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from socials_lib.errors import AnotherRun, ImatchUnreachable, Refused, SettingsError
from socials_lib.models import Note, Outcome
from socials_lib.widgets import base, markup, messages, pills, theme, words
from socials_lib.widgets.message_table import TEXTS

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><b>",
    "&lt;b&gt;",
    "\u202eevil\u202c",
    "a\u200bb\ufeff",
)


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        ("0 photos", words.count(0, "photo")),
        ("1 photo", words.count(1, "photo")),
        ("2 photos", words.count(2, "photo")),
        ("40,112 photos", words.count(40_112, "photo")),
        ("2 photos are", words.count(2, "photo is", "photos are")),
        ("12.4 MB", words.size(13_002_342)),
        ("14.6 MB (15,000 KB)", words.size(15_360_000, with_kb=True)),
        ("3 KB", words.size(3000)),
        ("–", words.size(None)),
        ("64 %", words.percent(64, 100)),
        ("99 %", words.percent(999, 1000)),
        ("100 %", words.percent(0, 0)),
        ("487 of 500", words.letters("x" * 487, 500)),
        ("1 letter", words.letters("😀")),
        ("19 Mar 2024", words.short_date(date(2024, 3, 19))),
        ("19 March 2024", words.long_date(date(2024, 3, 19))),
        ("–", words.long_date(None)),
        ("less than 1 min", words.duration(20)),
        ("about 3 min", words.duration(185)),
        ("about 1 h 20 min", words.duration(4790)),
        ("about 13 h 20 min", words.duration(48_000)),
        ("about 2 h", words.duration(7150)),
        ("6 a minute", words.rate(0.1)),
        ("20 an hour", words.rate(20 / 3600)),
        ("friends and family", words.visibility("friends+family")),
        ("Everybody sees it", words.seen_by("public")),
        ("Your followers see it", words.seen_by("private", "pixelfed")),
        ("Alt text", words.field("alt_text")),
        ("“Dawn”", words.quoted("Dawn")),
    ],
)
def test_numbers_and_names_read_as_people_say_them(expected, value):
    assert expected == value


def test_a_moment_of_today_is_a_clock_and_any_other_has_its_day():
    here = datetime.now(UTC).astimezone().tzinfo
    now = datetime(2026, 11, 22, 20, 0, tzinfo=here)
    assert "18:42" == words.moment(datetime(2026, 11, 22, 18, 42, tzinfo=here), now)
    assert "21 Nov 2026, 18:42" == words.moment(datetime(2026, 11, 21, 18, 42, tzinfo=here), now)


def test_the_end_of_long_work_is_named_by_the_clock():
    here = datetime.now(UTC).astimezone().tzinfo
    now = datetime(2026, 11, 22, 14, 29, tzinfo=here)
    assert "about 3 min, done about 14:32" == words.rest(180, now)
    assert "done about 23 Nov 2026, 03:29" == words.done_about(13 * 3600, now)


def test_a_moment_is_shown_in_the_zone_of_this_computer():
    far = datetime(2026, 1, 1, 12, 0, tzinfo=timezone(timedelta(hours=9)))
    assert f"{far.astimezone():%H:%M}" == words.clock(far)


def test_a_day_that_cannot_be_read_is_none():
    assert words.parse_local("2024-02-31T25:61:00") is None
    assert words.parse_local(None) is None
    assert date(2024, 3, 19) == words.parse_local("2024-03-19T06:41:07")


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_stays_text_in_every_helper(title):
    made = (
        theme.text(title)
        + theme.cut(title)
        + theme.placeholder(title)
        + theme.picture(b"x", title)
        + theme.word_diff("dawn", title)
        + theme.lines(title)
        + theme.pill("●", title)
        + base.copy_button(title)
        + base.path_with_copy(title)
        + base.as_code(title).value
    )
    assert "<script" not in made
    assert "<img src=x" not in made
    assert "onerror=alert" not in made.replace("onerror=alert(1)&gt;", "")
    assert "onmouseover='" not in made
    assert "</style" not in made


def test_words_from_right_to_left_are_isolated_and_long_ones_whole_in_the_tooltip():
    assert theme.text("غروب").startswith("<bdi")
    long = "x" * 10_000
    assert f'title="{long}"' in theme.cut(long)
    assert len(theme.cut(long)) < 10_600


def test_only_addresses_of_the_web_become_links():
    assert "<a" not in theme.link("javascript:alert(1)", "Open on Flickr")
    made = theme.link("https://example.org/?a=1&b=<2>", "Open on Flickr")
    assert 'rel="noopener noreferrer"' in made
    assert 'target="_blank"' in made
    assert "&amp;b=&lt;2&gt;" in made
    assert "↗\ufe0e" in made


def test_a_difference_marks_the_words_that_went_and_came():
    made = theme.word_diff("lake in fog", "lake in gulls")
    assert "<del>fog</del>" in made
    assert "<ins>gulls</ins>" in made
    assert "lake in " in made


def test_texts_with_little_in_common_stand_one_after_the_other():
    made = theme.word_diff("The first light reaches the far shore", "Dawn over the <lake>, 2023")
    assert "<del>The first light reaches the far shore</del>" in made
    assert "<ins>Dawn over the &lt;lake&gt;, 2023</ins>" in made


def test_a_difference_of_very_long_texts_is_shown_without_comparing():
    made = theme.word_diff("a " * 5000, "b " * 5000)
    assert made.startswith("<del>")


def test_the_style_sheet_is_small_scoped_and_fetches_nothing():
    assert len(theme.STYLE) < 8000
    assert "url(" not in theme.STYLE
    assert "@import" not in theme.STYLE
    assert '[data-jp-theme-light="false"] .soc' in theme.STYLE


def _luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one, other):
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("side", [0, 1], ids=["light", "dark"])
def test_every_text_colour_can_be_read_on_every_ground(side):
    colour = {name: both[side] for name, both in theme.TOKENS.items()}
    pairs = [(text, ground) for text in ("ink", "mute", "accent") for ground in ("panel", "soft")]
    pairs += [(one, f"{one}-soft") for one in ("ok", "warn", "err", "live", "add", "cut")]
    pairs += [("on-accent", "accent"), ("on-err", "err"), ("accent", "tint")]
    worst = min((_contrast(colour[a], colour[b]), a, b) for a, b in pairs)
    assert worst[0] >= 4.5, worst


def test_pills_say_a_sign_and_a_word_of_at_most_22_letters():
    def outcome(**more):
        made = {"file_id": "1", "name": "a", "platform": "flickr", "action": "add", "state": "done"}
        return Outcome(**(made | more))

    notes = (Note(code="x", message="y"),)
    assert "✓ Added" == pills.for_outcome(outcome()).text
    assert "✓ Added, 1 note" == pills.for_outcome(outcome(warnings=notes)).text
    assert "? Unclear" == pills.for_outcome(outcome(state="unknown")).text
    assert "≠ Changed since" == pills.for_outcome(outcome(state="stale")).text
    assert "■ Not started" == pills.for_outcome(outcome(state="untouched")).text
    assert "◐ Sending 64 %" == pills.sending(64, 100).text
    for state in ("done", "failed", "unknown", "stale", "skipped", "untouched", "blocked"):
        for action in ("add", "update", "metadata", "delete", "skip"):
            made = pills.for_outcome(outcome(state=state, action=action, warnings=notes * 2))
            assert len(made.text) <= 22


def test_every_message_has_a_text_and_a_missing_value_is_noticed():
    for number in range(1, 42):
        assert f"M{number}" in TEXTS
    with pytest.raises(KeyError):
        messages.say("M15", title="Pier at dusk")


def test_a_message_says_fact_hint_and_buttons():
    made = messages.say("M15", title="Pier <b>", path=r"D:\pier.jpg")
    assert made.fact == r"“Pier <b>” is off-line: D:\pier.jpg cannot be opened."
    assert "Check again" in made.buttons
    assert "Pier &lt;b&gt;" in made.html
    assert "<b>" not in made.html
    assert "SOCIALS_IMATCH_URL</code>" in messages.say("M2", address="http://x").html


def test_an_error_of_ours_becomes_fact_hint_and_masked_details():
    error = Refused("Flickr says no.", hint="Wait.", details="oauth_token=7215abc&x=1", code="no")
    made = messages.from_error(error)
    assert "Flickr says no." == made.fact
    assert "Wait." == made.hint
    assert "7215abc" not in made.html
    assert "•••" in made.html


def test_an_unforeseen_error_is_m41_with_details_to_copy():
    made = messages.from_error(ValueError("token: abc123"), title="Pier")
    assert "M41" == made.code
    assert "“Pier”" in made.fact
    assert all("abc123" not in text for _, text in made.copies)
    assert "abc123" not in made.html


@pytest.mark.parametrize(
    "text",
    [
        "oauth_token=SECRET1234&a=1",
        "oauth_signature=SECRET1234",
        "Authorization: Bearer SECRET1234",
        '{"access_token": "SECRET1234"}',
        "api_key=SECRET1234",
        "flickr_apisecret = SECRET1234",
        "password: SECRET1234",
        "Bearer SECRET1234",
    ],
)
def test_secrets_never_stand_in_details(text):
    assert "SECRET1234" not in messages.mask(text)


def test_a_message_shows_only_buttons_that_the_view_can_press():
    pressed = []
    area = messages.MessageArea({"Check again": lambda: pressed.append(1)})
    area.show(messages.from_error(ImatchUnreachable("IMatch does not answer.", hint="Start it.")))
    assert ["Check again"] == [one.description for one in area.buttons.children]
    area.buttons.children[0].click()
    assert [1] == pressed
    assert area.message is None
    area.show(messages.from_error(AnotherRun("Another run is under way.")))
    assert () == area.buttons.children


def test_a_hint_does_not_end_in_then_where_no_button_follows():
    area = messages.MessageArea()
    area.show(messages.say("M1", published="3 photos are", places="Socials|flickr"))
    assert "then</p>" not in area.text.value
    assert "IMatch.</p>" in area.text.value


def test_a_button_that_fails_shows_why():
    def fail():
        raise SettingsError("A setting is wrong.")

    area = messages.MessageArea({"Check again": fail})
    area.show(messages.from_error(ImatchUnreachable("No answer.")))
    area.buttons.children[0].click()
    assert "A setting is wrong." in area.text.value


def test_a_csv_link_holds_the_table_and_no_formulas():
    text = markup.csv_text(("a", "b"), [("=1+1", "x,y"), ("Dawn", 'say "hi"')])
    assert 'a,b\r\n\'=1+1,"x,y"\r\nDawn,"say ""hi"""\r\n' == text
    made = markup.csv_link("p<.csv", ("a",), [("ü",)])
    assert 'download="p&lt;.csv"' in made
    assert "%EF%BB%BF" in made
    assert "%C3%BC" in made
