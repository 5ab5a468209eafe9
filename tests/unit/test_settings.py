"""Settings: sources and their order, checks, and what is made of them."""

from pathlib import Path

import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socials_lib.errors import SettingsError
from socials_lib.imatch import ALT_TEXT_EXPRESSION, CIRCA_EXPRESSION
from socials_lib.models import DEFAULT_TAG_RULES, Circle, Rules, TagRule
from socials_lib.settings import KEYS, Settings, reference
from socials_lib.transport import Retry, Timeouts


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def load(home: Path, toml: str | bytes = "", **environ: str) -> Settings:
    home.mkdir(exist_ok=True)
    if toml:
        (home / "settings.toml").write_bytes(toml if isinstance(toml, bytes) else toml.encode())
    return Settings.load(environ={"SOCIALS_HOME": str(home), **environ})


class Variables:
    """IMatch variables that note who asked for what."""

    def __init__(self, **values: str | int) -> None:
        self.values = values
        self.asked: list[str] = []

    def __call__(self, name: str) -> str | int | None:
        self.asked.append(name)
        return self.values.get(name)


# -- defaults


def test_without_anything_the_defaults_hold(home):
    settings = load(home)

    assert "live" == settings.mode
    assert home == settings.home
    assert 3000 == settings.pace.flickr_per_hour
    assert (10.0, 30.0, 120.0) == settings.recovery.look_waits
    assert "http://127.0.0.1:50519" == settings.imatch.url
    assert settings.imatch.user, "the user who is logged on"
    assert Rules() == settings.rules
    assert not settings.dry_run
    assert {} == settings.sources


def test_defaults_agree_with_the_rooms_that_use_them():
    settings = Settings.load(environ={})

    assert (ALT_TEXT_EXPRESSION, CIRCA_EXPRESSION) == (
        settings.imatch.alt_text,
        settings.imatch.circa,
    )
    seconds, retry = settings.timeouts, settings.retry
    assert Timeouts() == Timeouts(connect=seconds.connect, read=seconds.read, upload=seconds.upload)
    assert Retry() == Retry(first_wait=retry.first_wait, attempts=retry.attempts)
    assert DEFAULT_TAG_RULES == settings.text.tag_rules


def test_demo_and_live_never_share_a_home(monkeypatch, tmp_path):
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *_a, **_k: tmp_path / "data")

    homes = [Settings.load(environ={"SOCIALS_MODE": mode}).home for mode in ("demo", "live")]

    assert [tmp_path / "data" / "demo", tmp_path / "data"] == homes


def test_loading_makes_no_folder(tmp_path):
    Settings.load(environ={"SOCIALS_HOME": str(tmp_path / "new")})

    assert [] == list(tmp_path.iterdir())


# -- sources


def test_the_environment_goes_before_the_file_and_the_file_before_imatch(home):
    settings = load(
        home,
        '[pixelfed]\nurl = "https://file.example"\nvisibility = "unlisted"\n',
        SOCIALS_PIXELFED_VISIBILITY="private",
    )
    variables = Variables(
        pixelfed_url="https://imatch.example",
        pixelfed_visibility="public",
        flickr_url="f.example/me",
    )
    settings = settings.with_variables(variables)

    assert "https://file.example" == settings.pixelfed.url
    assert "private" == settings.pixelfed.visibility
    assert "https://f.example/me" == settings.flickr.page_url
    assert {
        "pixelfed.visibility": "environment SOCIALS_PIXELFED_VISIBILITY",
        "pixelfed.url": "settings.toml",
        "flickr.page_url": "IMatch variable flickr_url",
    } == settings.sources
    assert not {"pixelfed_url", "pixelfed_visibility"} & {*variables.asked}


def test_values_of_the_environment_are_toml(home):
    settings = load(
        home,
        SOCIALS_RECOVERY_LOOK_WAITS="[0, 0.2]",
        SOCIALS_IMAGES_FIT="true",
        SOCIALS_RUN_WORKERS="5",
        SOCIALS_TIMEOUTS_READ="2",
        SOCIALS_TEXT_FINAL_HASHTAG="true",
        SOCIALS_TEXT_CAMERA_NAMES='{"X-T5" = "my camera"}',
        SOCIALS_PRIVATE_CIRCLES="[{latitude = 1, longitude = 2.5, radius = 300}]",
        SOCIALS_IMATCH_URL="127.0.0.1:4711",
        SOCIALS_IMATCH_USER="anna",
        SOCIALS_FLICKR_URL="http://127.0.0.1:4712/",
    )
    assert (0.0, 0.2) == settings.recovery.look_waits
    assert (True, 5, 2.0) == (settings.images.fit, settings.run.workers, settings.timeouts.read)
    assert "true" == settings.text.final_hashtag
    assert {"X-T5": "my camera"} == settings.text.camera_names
    assert (Circle(latitude=1, longitude=2.5, radius=300),) == settings.private.circles
    assert ("http://127.0.0.1:4711", "anna") == (settings.imatch.url, settings.imatch.user)
    assert "http://127.0.0.1:4712" == settings.flickr.url


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("localhost", "http://localhost:50519"),
        ("http://192.168.1.7/", "http://192.168.1.7:50519"),
        ("[::1]", "http://[::1]:50519"),
        ("127.0.0.1:80", "http://127.0.0.1:80"),
        ("http://localhost:4711", "http://localhost:4711"),
        ("studio:4711", "http://studio:4711"),  # a computer of one's own network
        ("localhost/imatch", "http://localhost:50519/imatch"),
        ("https://photos.example", "https://photos.example"),
    ],
)
def test_imatch_without_a_port_is_asked_at_its_own(home, given, url):
    assert url == load(home, SOCIALS_IMATCH_URL=given).imatch.url


def test_a_word_is_no_address_of_imatch(home):
    with pytest.raises(SettingsError) as caught:
        load(home, SOCIALS_IMATCH_URL="foo")

    assert (
        "environment SOCIALS_IMATCH_URL: [imatch] url is “foo”, expected text"
        " (an address like http://127.0.0.1:50519)."
    ) == str(caught.value)


@pytest.mark.parametrize("given", ["pixelfed.social", "https://pixelfed", "[2001:db8::1]"])
def test_a_name_without_scheme_and_a_short_name_with_one_are_addresses(home, given):
    assert load(home, SOCIALS_PIXELFED_URL=given).pixelfed.url.endswith(given)


def test_true_in_capitals_is_answered_with_how_to_write_it(home):
    with pytest.raises(SettingsError, match="line 2") as caught:
        load(home, "[flickr]\nis_public = False\n")

    assert "true and false in small letters" in caught.value.hint


def test_every_setting_can_be_given_in_the_environment(home):
    for one in KEYS:
        default = one.default
        if one.kind == "str":
            text = default or "x.example"
            text = "Europe/Berlin" if one.check == "zone" else text
        elif one.kind == "bool":
            text = str(default).lower()
        elif isinstance(default, (int, float)):
            text = str(default)
        else:
            text = {"int | None": "3", "Mapping[str, str]": '{a = "b"}'}.get(one.kind, "[]")
        assert load(home, **{one.environment: text}).sources, one.environment


def test_other_names_in_the_environment_are_not_settings(home):
    settings = load(
        home,
        SOCIALS_FLICKR_APIKEY="k",
        SOCIALS_FLICKR_TOKEN_SECRET="s",
        SOCIALS_PIXELFED_TOKEN="t",
        SOCIALS_MODE="demo",
        SOCIALS_WORLD_ADDRESS="x",
        SOCIALS_WORLD_URL="http://127.0.0.1:5",
        SOCIALS_WORLD_PARENT="5",
        SOCIALS_COMMAND="x",
        SOCIALS_PICTURES="1",
        SOCIALS_DB_HOST="x",
        SOCIALS_PIXELFED_VISIBILITY="",
        PATH="/bin",
    )
    assert {} == settings.sources
    assert "demo" == settings.mode


def test_a_file_written_by_notepad_is_read(home):
    assert 4 == load(home, b"\xef\xbb\xbf[run]\r\nworkers = 4\r\n").run.workers


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_file_written_by_powershell_is_read(home, encoding):
    toml = "\ufeff[text]\r\nfinal_hashtag = 'Ünlü'\r\n".encode(encoding)

    assert "Ünlü" == load(home, toml).text.final_hashtag


@pytest.mark.parametrize(
    "toml",
    [
        "[text]\nfinal_hashtag = 'Ünlü'".encode("cp1252"),
        "[run]\nworkers = 2".encode("utf-16-le"),
        b"\xff\xfe[",
    ],
    ids=["ANSI", "without a mark", "cut off"],
)
def test_a_file_in_another_encoding_is_refused_with_the_way_out(home, toml):
    with pytest.raises(SettingsError) as caught:
        load(home, toml)

    assert "settings.toml cannot be read: it is not saved as UTF-8." == str(caught.value)
    hint = f"Save {home / 'settings.toml'} as UTF-8 (Notepad: File > Save as > Encoding)."
    assert hint == caught.value.hint


def test_tables_of_the_file_become_records(home):
    settings = load(
        home,
        """
        [text]
        final_hashtag = ""
        zone = "Australia/Hobart"
        tag_rules = [{source = "keywords"}, {source = "A|b", first = 2, suffix_not_for = ["x"]}]
        [text.templates]
        flickr_title = "{{ title }}"
        [private]
        branches = ["Family"]
        [validation]
        errors = ["missing_genre"]
        """,
    )
    assert (
        Rules(
            templates={"flickr_title": "{{ title }}"},
            tag_rules=(
                TagRule(source="keywords"),
                TagRule(source="A|b", first=2, suffix_not_for=("x",)),
            ),
            final_hashtag="",
            errors=("missing_genre",),
            branches=("Family",),
        )
        == settings.rules
    )


# -- what is refused


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[pace]\nflickr_per_our = 1", "[pace] flickr_per_our; did you mean flickr_per_hour?"),
        ("[pixelfeed]\nurl = 'x'", "section [pixelfeed]; did you mean pixelfed?"),
        (
            "[run]\nworkers = 'two'",
            "settings.toml: [run] workers is “two”, expected a whole number",
        ),
        ("[run]\nworkers = 0", "expected a whole number, at least 1"),
        ("[run]\nworkers = true", "is “True”"),
        ("[images]\nfit = 1", "expected true or false"),
        ("[timeouts]\nread = nan", "expected a number"),
        ("[recovery]\nlook_waits = [1, 'x']", "expected a list of numbers"),
        ("[recovery]\nlook_waits = [-1]", "expected a list of numbers, at least 0"),
        ("[recovery]\nlook_waits = 5", "expected a list of numbers"),
        ("[private]\nwords = 'secret'", "expected a list of texts"),
        ("[private]\ncircles = [{latitude = 99, longitude = 0, radius = 1}]", "latitude to ±90"),
        ("[private]\ncircles = [{latitude = 9, longitude = 0}]", "[private] circles"),
        ("[private]\ncircles = [{latitud = 9}]", "there is no latitud"),
        ("[text]\ntag_rules = [{first = 1}]", "[text] tag_rules"),
        ("[text]\nzone = 'Mars/Base'", "a name like Europe/Berlin"),
        ("[text]\ncamera_names = {a = 1}", "a table of texts"),
        ("[validation]\nerrors = ['missing_gender']", "missing_genre"),
        ("[pixelfed]\nurl = 'http://example.social'", "https, so that nobody"),
        ("[pixelfed]\nurl = 'https://me:pw@example.social'", "without user"),
        ("[pixelfed]\nurl = 'ftp://example.social'", "expected text"),
        (
            "[pixelfed]\nurl = 'notaurl'",
            "[pixelfed] url is “notaurl”, expected text (an address like https://example.social)",
        ),
        ("[pixelfed]\nvisibility = 'direct'", "public or unlisted or private"),
        ("[pixelfed]\nvisibility = 'everyone'", "public or unlisted or private"),
        ("run = 3", "run stands alone"),
        ("[run\nworkers = 1", "settings.toml cannot be read"),
        (b"[run]\nx = '\xff'", "settings.toml cannot be read"),
    ],
)
def test_what_cannot_be_used_is_named(home, toml, words):
    with pytest.raises(SettingsError) as caught:
        load(home, toml)

    assert words in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SOCIALS_PIXELFED_VISIBILTY", "private", "mean SOCIALS_PIXELFED_VISIBILITY?"),
        ("SOCIALS_PIXELFEED_VISIBILITY", "private", "mean SOCIALS_PIXELFED_VISIBILITY?"),
        ("SOCIALS_HOEM", "x", "There is no setting SOCIALS_HOEM; did you mean SOCIALS_HOME?"),
        ("SOCIALS_MDOE", "demo", "mean SOCIALS_MODE?"),
        ("SOCIALS_PACE_XYZ", "1", "There is no setting SOCIALS_PACE_XYZ"),
        ("SOCIALS_RUN_WORKERS", "two", "environment SOCIALS_RUN_WORKERS: [run] workers is “two”"),
        ("SOCIALS_RUN_WORKERS", "1\n[run]", "[run] workers"),
        ("SOCIALS_IMAGES_FIT", "yes", "expected true or false"),
        ("SOCIALS_PIXELFED_VISIBILITY", "direct", "shown to nobody"),
        ("SOCIALS_MODE", "Demo", "SOCIALS_MODE is “Demo”, expected demo or live"),
    ],
)
def test_a_wrong_environment_is_named(home, name, value, words):
    with pytest.raises(SettingsError) as caught:
        load(home, **{name: value})

    assert words in str(caught.value)


HOME_PLACE = "name = 'home', latitude = 47.4979, longitude = 19.0402"


@pytest.mark.parametrize(
    ("circles", "words"),
    [
        (f"[{{{HOME_PLACE}}}]", "circle 1 (home): radius is missing."),
        (f"[{{{HOME_PLACE}, radius = '500'}}]", "circle 1 (home): radius must be a number."),
        (f"[{{{HOME_PLACE}, radius = 0}}]", "latitude to ±90, longitude to ±180, radius over 0."),
        (f"[{{{HOME_PLACE}, radius = 9}}, 5]", "circle 2: must be a table."),
        ("[{latitude = 47.4979, name = 5}]", "circle 1: name must be text."),
        (f"[{{{HOME_PLACE}, radus = 9}}]", "circle 1 (home): there is no radus, only latitude, "),
        (f"{{{HOME_PLACE}, radius = 9}}", "expected a list of tables: its head has double"),
        ("'47.4979, 19.0402'", "expected a list of tables."),
    ],
)
def test_what_is_wrong_with_a_private_place_is_said_without_the_place(home, circles, words):
    for source in (
        {"toml": f"[private]\ncircles = {circles}"},
        {"SOCIALS_PRIVATE_CIRCLES": circles},
    ):
        with pytest.raises(SettingsError) as caught:
            load(home, **source)
        (home / "settings.toml").unlink(missing_ok=True)

        assert "[private] circles cannot be used: " in str(caught.value)
        assert words in str(caught.value)
        said = f"{caught.value}{caught.value.hint}{caught.value.details}"
        assert not any(number in said for number in ("47.4", "19.0"))


def test_a_private_word_is_not_shown_either(home):
    with pytest.raises(SettingsError) as caught:
        load(home, "[private]\nwords = 'Rosebud'")

    assert "[private] words cannot be used: expected a list of texts." in str(caught.value)
    assert "Rosebud" not in f"{caught.value}{caught.value.hint}{caught.value.details}"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("{first = 1}", "rule 2: source is missing."),
        ("{source = 5}", "rule 2: source must be text."),
        ("{source = 'Location', first = '1'}", "rule 2 (Location): first must be a whole number."),
        ("{source = 'Location', last = true}", "rule 2 (Location): last must be a whole number."),
        (
            "{source = 'A', suffix_not_for = 'x'}",
            "rule 2 (A): suffix_not_for must be a list of texts.",
        ),
    ],
)
def test_what_is_wrong_with_a_tag_rule_is_said(home, rule, words):
    with pytest.raises(SettingsError) as caught:
        load(home, f"[text]\ntag_rules = [{{source = 'keywords'}}, {rule}]")

    assert f"settings.toml: [text] tag_rules cannot be used: {words}" == str(caught.value)


@pytest.mark.parametrize(
    ("toml", "homes"),
    [
        ("visibility = 'private'", "[pixelfed]"),
        ("visibility = 'private'\n[pixelfed]\nurl = 'px.example'", "[pixelfed]"),
        ("url = 'px.example'", "[flickr], [pixelfed] or [imatch]"),
        ("[templates]\nflickr_title = 'x'", "[text]"),
        ("[flickr]\nvisibility = 'private'", "[pixelfed]"),
    ],
)
def test_a_setting_that_stands_in_the_wrong_place_is_told_its_section(home, toml, homes):
    name = "templates" if "templates" in toml else "url" if "flickr]," in homes else "visibility"
    with pytest.raises(SettingsError) as caught:
        load(home, toml)

    said = f"settings.toml: {name} belongs under {homes}, not where it stands."
    assert said == str(caught.value)
    assert str(home / "settings.toml") in caught.value.hint


def test_a_text_beside_the_table_of_templates_is_told_the_table(home):
    with pytest.raises(SettingsError, match="no setting .text. flickr_title") as caught:
        load(home, "[text]\nflickr_title = 'x'")

    assert "[text.templates], [text.camera_names]" in caught.value.hint


def test_a_wrong_value_is_told_with_the_whole_path_of_the_file(home):
    with pytest.raises(SettingsError) as caught:
        load(home, "[run]\nworkers = 'two'")

    assert caught.value.hint.endswith(f"Correct it in: {home / 'settings.toml'}.")


def test_a_secret_in_the_file_is_refused_and_not_shown(home):
    with pytest.raises(SettingsError) as caught:
        load(home, '[pixelfed]\ntoken = "sEcr3t"')

    assert "Secrets never stand in settings.toml" in caught.value.hint
    assert "sEcr3t" not in f"{caught.value}{caught.value.hint}{caught.value.details}"


@given(st.text(max_size=30))
def test_no_text_in_the_environment_is_more_than_a_settings_error(text):
    for one in KEYS:
        try:
            Settings.load(environ={"SOCIALS_HOME": "nowhere", one.environment: text})
        except SettingsError as error:
            assert one.key in str(error)


# -- IMatch variables


@pytest.mark.parametrize("value", [1, "1", "true", " TRUE "])
def test_testing_makes_every_run_a_dry_run(home, value):
    assert load(home).with_variables(Variables(imatch_to_socials_testing=value)).dry_run


@pytest.mark.parametrize("value", [0, "0", "false", ""])
def test_not_testing_sends(home, value):
    assert not load(home).with_variables(Variables(imatch_to_socials_testing=value)).dry_run


def test_testing_that_cannot_be_read_sends_nothing(home):
    with pytest.raises(SettingsError, match="imatch_to_socials_testing is “maybe”"):
        load(home).with_variables(Variables(imatch_to_socials_testing="maybe"))


def test_direct_in_imatch_is_refused_by_its_name(home):
    with pytest.raises(SettingsError, match="IMatch variable pixelfed_visibility"):
        load(home).with_variables(Variables(pixelfed_visibility="direct"))


def test_load_takes_the_variables_too(home):
    settings = Settings.load(
        environ={"SOCIALS_HOME": str(home)}, variable=Variables(pixelfed_url="px.example/")
    )
    assert "https://px.example" == settings.pixelfed.url


@pytest.mark.parametrize(
    ("toml", "variables", "word"),
    [
        ("", {}, "public"),
        ("", {"flickr_is_public": 1, "flickr_is_family": 1}, "public"),
        ("", {"flickr_is_public": 0}, "private"),
        ("", {"flickr_is_public": "0", "flickr_is_family": "1"}, "family"),
        (
            "",
            {"flickr_is_public": 0, "flickr_is_family": 1, "flickr_is_friend": 1},
            "friends+family",
        ),
        ("", {"flickr_is_friend": 1}, "friends"),
        ("is_family = true", {}, "family"),
        ("is_family = true", {"flickr_is_public": 1}, "family"),
        ("is_family = false", {"flickr_is_public": 0}, "private"),
        ("is_public = false", {"flickr_is_public": 1}, "private"),
        ("is_public = true", {"flickr_is_family": 1}, "public"),
    ],
)
def test_privacy_of_flickr_in_words(home, toml, variables, word):
    settings = load(home, f"[flickr]\n{toml}\n").with_variables(Variables(**variables))

    assert word == settings.rules.visibility["flickr"]


# -- the rest


@pytest.mark.parametrize(
    ("toml", "published", "most"), [("", 9, 25), ("", 1804, 180), ("5", 1804, 5)]
)
def test_how_many_may_be_deleted(home, toml, published, most):
    settings = load(home, f"[delete]\nmost = {toml}" if toml else "")

    assert most == settings.most_deletes(published)


def test_the_reference_lists_every_setting():
    lines = reference().splitlines()

    assert len(KEYS) + 2 == len(lines)
    for one, line in zip(KEYS, lines[2:], strict=True):
        assert one.key in line
        assert one.meaning.endswith("."), one
        assert 6 == line.replace("\\|", "").count("|")
