"""The doctor: each check says what it found and what to do; none stops another, none changes."""

from __future__ import annotations

import http.server
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from socials_lib import validation
from socials_lib.demo.imws import ImwsStandIn
from socials_lib.demo.seed import Seed, SeedFile, attribute_sets
from socials_lib.doctor import Patient, computer, examine, is_healthy, required_paths, to_json
from socials_lib.errors import SettingsError, SignedOut, Unreachable
from socials_lib.imatch import ImwsClient, Library
from socials_lib.journal import Journal
from socials_lib.models import DEFAULT_LIMITS, Account, AccountFacts

BOTH = ("flickr", "pixelfed")
DETAILS = {
    "flickr": {"perms": "delete", "can_delete": True, "can_write": True, "upload_count": 1_204},
    "pixelfed": {"version": "0.11.13", "can_write": True, "token_ends": None},
}


def seed(*, leaves: bool = True) -> Seed:
    made = Seed(
        files=[SeedFile(file_id=one, path=rf"D:\Photos\{one}.jpg", size=10) for one in (1, 2, 3)],
        attribute_sets={name: dict(columns) for name, columns in attribute_sets().items()},
        variables={"flickr_apikey": "canary-key", "pixelfed_token": "canary-token"},
    )
    for name in BOTH:
        for path in (*required_paths(name), *(validation.leaf_paths(name) if leaves else ())):
            made.category(path)
    made.category("Socials|flickr").files += [1]
    made.category("Socials|pixelfed|_delete").files += [1, 2]
    return made


@pytest.fixture
def imws() -> Iterator[ImwsStandIn]:
    with ImwsStandIn(seed()) as running:
        yield running


def facts(name, **details) -> AccountFacts:
    return AccountFacts(
        platform=name,
        account=Account(id="1", name="lighthouse"),
        limits=DEFAULT_LIMITS[name],
        details={**DETAILS[name], **details},
    )


def patient(imws, home, **more) -> Patient:
    client = ImwsClient(base_url=imws.url, user="demo", sleep=lambda seconds: None)
    values = {
        "mode": "live",
        "home": home,
        "settings_file": home / "settings.toml",
        "imatch_url": imws.url,
        "library": Library(client),
        "journal": Journal(home / "journal.sqlite"),
        "platforms": lambda: BOTH,
        "missing": lambda name: (f"{name}_token",),
        "account": facts,
        "keyring": "Windows",
    }
    return Patient(**{**values, **more})


def found(checks, name):
    return [one for one in checks if one.name == name]


def the(checks, name):
    [one] = found(checks, name)
    return one


def test_a_healthy_setup_is_all_green(imws, tmp_path):
    checks = examine(patient(imws, tmp_path))

    assert [] == [one for one in checks if one.state != "ok"]
    assert is_healthy(checks)
    assert [] == [one.name for one in checks if one.hint]


def test_the_doctor_changes_nothing_in_imatch(imws, tmp_path):
    before = imws.backend.snapshot()
    examine(patient(imws, tmp_path))

    assert before == imws.backend.snapshot()
    assert {"GET", "POST /v1/authenticate"} >= {
        one.operation if one.method == "POST" else one.method for one in imws.requests
    }


def test_all_photos_below_socials_are_counted_once(imws, tmp_path):
    assert the(examine(patient(imws, tmp_path)), "IMatch answers").found.endswith(
        ", 2 photos in Socials"
    )


def test_one_photo_is_one_photo(imws, tmp_path):
    imws.backend.assign("Socials|pixelfed|_delete", [2], put_in=False)

    assert the(examine(patient(imws, tmp_path)), "IMatch answers").found.endswith(
        ", 1 photo in Socials"
    )


def test_the_settings_file_is_named_whether_it_is_there_or_not(imws, tmp_path):
    path = tmp_path / "settings.toml"
    check = the(examine(patient(imws, tmp_path)), "Settings file")
    assert ("ok", f"none; it would be {path}", str(path)) == (check.state, check.found, check.copy)

    path.write_text("", encoding="utf-8")
    assert str(path) == the(examine(patient(imws, tmp_path)), "Settings file").found


def test_it_always_says_demo_or_live(imws, tmp_path):
    assert the(examine(patient(imws, tmp_path)), "Mode").found.startswith("LIVE")
    assert the(examine(patient(imws, tmp_path, mode="demo")), "Mode").found.startswith("DEMO")


@pytest.mark.parametrize("path", [*required_paths("flickr")[1:], *required_paths("pixelfed")[1:]])
def test_a_missing_category_fails_with_its_exact_path(imws, tmp_path, path):
    made = seed()
    made.categories = [one for one in made.categories if one.path != path]
    imws.load(made)
    check = the(examine(patient(imws, tmp_path)), "Category missing")

    assert ("failed", path, path) == (check.state, check.found, check.copy)
    assert f"under `{path.rpartition('|')[0]}`" in check.hint
    assert [] == found(examine(patient(imws, tmp_path)), "Categories")


def test_a_category_in_other_case_is_named(imws, tmp_path):
    made = seed()
    for one in made.categories:
        one.path = one.path.replace("Socials|flickr|_update", "Socials|flickr|_Update")
    imws.load(made)
    check = the(examine(patient(imws, tmp_path)), "Category missing")

    assert "Socials|flickr|_update" == check.found
    assert "`Socials|flickr|_Update`" in check.hint


def test_missing_error_categories_only_warn_and_all_are_listed(imws, tmp_path):
    imws.load(seed(leaves=False))
    checks = examine(patient(imws, tmp_path))
    check = the(checks, "Error categories")
    wanted = [path for name in BOTH for path in validation.leaf_paths(name)]

    assert ("warning", f"0 of {len(wanted)} exist") == (check.state, check.found)
    assert wanted == check.copy.splitlines()
    assert is_healthy(checks)


def test_a_platform_that_nobody_set_up_needs_no_categories_and_is_not_red(imws, tmp_path):
    made = seed()
    made.categories = [one for one in made.categories if "pixelfed" not in one.path]
    imws.load(made)
    lacking = {
        "platforms": lambda: ("flickr",),
        "missing": lambda name: (f"{name}_url", f"{name}_token"),
    }
    checks = examine(patient(imws, tmp_path, **lacking))

    assert is_healthy(checks)
    check = the(checks, "Pixelfed")
    assert ("ok", "not set up (missing: pixelfed_url, pixelfed_token)") == (
        check.state,
        check.found,
    )
    assert "the list in 00_start_here says what to create in IMatch" in check.hint
    assert [] == found(checks, "Attribute set pixelfed")


@pytest.mark.parametrize("lacking", [("flickr_token",), ("flickr_apikey", "pixelfed_url")])
def test_before_a_sign_in_what_imatch_lacks_is_told_as_a_warning(imws, tmp_path, lacking):
    made = seed()
    made.categories = [one for one in made.categories if one.path != "Socials|flickr|_update"]
    made.attribute_sets.pop("flickr")
    imws.load(made)
    before = {"platforms": tuple, "missing": lambda name: lacking}
    checks = examine(patient(imws, tmp_path, **before))

    category, attributes = the(checks, "Category missing"), the(checks, "Attribute set flickr")
    assert ("warning", "Socials|flickr|_update") == (category.state, category.found)
    assert ("warning", "missing") == (attributes.state, attributes.found)
    assert category.hint.endswith("Leave it out if you do not use Flickr.")
    assert {"Accounts"} == {one.name for one in checks if one.state == "failed"}


@pytest.mark.parametrize(
    ("platform", "lacking", "said"),
    [
        ("Flickr", ("flickr_token", "flickr_token_secret"), "the key is there"),
        ("Pixelfed", ("pixelfed_token",), "the server is known"),
    ],
)
def test_a_sign_in_that_was_left_half_way_is_not_called_ready(
    imws, tmp_path, platform, lacking, said
):
    rest = {"platforms": tuple, "missing": lambda name: lacking}
    check = the(examine(patient(imws, tmp_path, **rest)), platform)

    assert ("warning", f"{said}, but nobody is signed in") == (check.state, check.found)
    assert f"Sign in to {platform} in the notebook 00_start_here" in check.hint


def test_no_platform_at_all_fails(imws, tmp_path):
    checks = examine(patient(imws, tmp_path, platforms=tuple))

    check = the(checks, "Accounts")
    assert ("failed", False) == (check.state, is_healthy(checks))
    assert "00_start_here" in check.hint


def test_a_missing_attribute_set_names_its_columns(imws, tmp_path):
    made = seed()
    del made.attribute_sets["pixelfed"]
    imws.load(made)
    check = the(examine(patient(imws, tmp_path)), "Attribute set pixelfed")

    assert "failed" == check.state
    columns = "posted (Date), media_id (Text), status_id (Text), url (Hyperlink)"
    assert columns == check.copy
    assert columns in check.hint


def test_attribute_sets_cannot_be_asked_without_a_photo(imws, tmp_path):
    made = seed()
    for one in made.categories:
        one.files.clear()
    imws.load(made)
    check = the(examine(patient(imws, tmp_path)), "Attribute set flickr")

    assert ("warning", "cannot be asked: no photo in Socials") == (check.state, check.found)


def test_without_imatch_the_rest_is_still_checked(imws, tmp_path):
    client = ImwsClient(base_url="http://127.0.0.1:1", user="demo", sleep=lambda seconds: None)
    checks = examine(patient(imws, tmp_path, library=Library(client)))

    assert "IMatch does not answer at 127.0.0.1:1." == the(checks, "IMatch answers").found
    assert "Start IMatch" in the(checks, "IMatch answers").hint
    assert [] == found(checks, "Categories") + found(checks, "Category missing")
    assert "ok" == the(checks, "Flickr").state


@pytest.mark.parametrize(
    ("name", "lacking"),
    [
        ("Flickr", ("flickr_apikey", "flickr_apisecret")),
        ("Flickr", ("flickr_apisecret", "flickr_token")),
        ("Pixelfed", ("pixelfed_url", "pixelfed_token")),
        ("Pixelfed", ("pixelfed_token",)),
    ],
)
def test_keys_that_imatch_may_hold_are_not_called_missing_while_it_is_closed(
    tmp_path, name, lacking
):
    checks = examine(closed(tmp_path, missing=lambda _: lacking))

    for one in (the(checks, name), the(checks, "Accounts")):
        assert "warning" == one.state
        assert "not known: keys may be in IMatch, which does not answer" == one.found
        assert "Start IMatch" in one.hint
    assert not is_healthy(checks)


def test_a_sign_in_that_imatch_cannot_hold_is_called_missing_while_it_is_closed(tmp_path):
    lacking = {"flickr": ("flickr_token",), "pixelfed": ("pixelfed_token",)}
    checks = examine(closed(tmp_path, missing=lambda name: lacking[name]))

    assert "the key is there, but nobody is signed in" == the(checks, "Flickr").found
    assert "not known" in the(checks, "Accounts").found, "Pixelfed's token may be there"


def closed(tmp_path, **more) -> Patient:
    """Nothing is set up as far as anybody can tell, and IMatch does not answer."""
    client = ImwsClient(base_url="http://127.0.0.1:1", user="demo", sleep=lambda seconds: None)
    server = SimpleNamespace(url="http://127.0.0.1:1")
    return patient(server, tmp_path, **{"library": Library(client), "platforms": tuple, **more})


def test_variables_are_named_and_never_shown(imws, tmp_path):
    checks = examine(patient(imws, tmp_path))

    found = the(checks, "Variables").found
    assert found.startswith("set in IMatch: flickr_apikey, pixelfed_token; not set: flickr_apis")
    assert "pixelfed_url" in the(checks, "Variables").copy.splitlines()
    assert "canary" not in repr(checks)


def test_a_dry_run_by_imatch_is_told(imws, tmp_path):
    made = seed()
    made.variables["imatch_to_socials_testing"] = 1
    imws.load(made)
    checks = examine(patient(imws, tmp_path))

    assert "imatch_to_socials_testing = 1: nothing is ever sent" == the(checks, "Dry run").found
    assert is_healthy(checks)


@pytest.mark.parametrize(
    "error",
    [
        SignedOut("Flickr no longer accepts the sign-in.", hint="Sign in again."),
        Unreachable("Flickr cannot be reached.", hint="Check the connection."),
    ],
)
def test_an_account_that_fails_does_not_hide_the_other(imws, tmp_path, error):
    def account(name):
        if name == "flickr":
            raise error
        return facts(name)

    checks = examine(patient(imws, tmp_path, account=account))

    check = the(checks, "Flickr")
    assert ("failed", str(error), error.hint) == (check.state, check.found, check.hint)
    assert "ok" == the(checks, "Pixelfed").state


def test_settings_that_cannot_be_read_are_one_failed_line(imws, tmp_path):
    def platforms():
        raise SettingsError("pixelfed_visibility is “direct”.", hint="Use public.")

    checks = examine(patient(imws, tmp_path, platforms=platforms))

    assert "pixelfed_visibility is “direct”." == the(checks, "Accounts").found
    assert not is_healthy(checks)


@pytest.mark.parametrize(
    ("details", "state", "said"),
    [
        ({}, "ok", "may add, change and delete"),
        ({"can_delete": False, "perms": "write"}, "warning", "may only write"),
        (
            {"can_delete": False, "can_write": False, "perms": "read"},
            "failed",
            "may only read",
        ),
    ],
)
def test_rights_on_flickr(imws, tmp_path, details, state, said):
    checks = examine(patient(imws, tmp_path, account=lambda name: facts(name, **details)))

    check = the(checks, "Flickr rights")
    assert (state, said) == (check.state, check.found)
    assert bool(check.hint) == (state != "ok")


def test_a_pixelfed_token_that_only_reads_fails(imws, tmp_path):
    account = {"can_write": False}
    checks = examine(patient(imws, tmp_path, account=lambda name: facts(name, **account)))

    assert "failed" == the(checks, "Pixelfed rights").state


@pytest.mark.parametrize(("days", "state"), [(6, "warning"), (300, "ok")])
def test_a_token_that_ends_soon_is_worth_a_word(imws, tmp_path, days, state):
    ends = datetime.now(UTC) + timedelta(days=days)
    details = {"token_ends": ends.isoformat()}
    checks = examine(patient(imws, tmp_path, account=lambda name: facts(name, **details)))

    check = the(checks, "Pixelfed token")
    assert (state, f"ends {ends.day} {ends:%B %Y}") == (check.state, check.found)


def test_the_limits_of_the_accounts_are_told(imws, tmp_path):
    checks = examine(patient(imws, tmp_path))

    assert "200.0 MB a picture, JPEG/PNG/GIF, 75 tags" == the(checks, "Flickr limits").found
    assert "15.0 MB a picture, JPEG/PNG/GIF, 500 letters" == the(checks, "Pixelfed limits").found
    assert "signed in as lighthouse, 1,204 photos" == the(checks, "Flickr").found


def test_a_data_folder_that_cannot_be_written_is_told(imws, tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    home = tmp_path / "file" / "home"
    checks = examine(patient(imws, home))

    check = the(checks, "Data folder")
    assert ("failed", str(home)) == (check.state, check.copy)
    assert "SOCIALS_HOME" in check.hint
    assert "failed" == the(checks, "Run journal").state


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_read_only_data_folder_is_told(imws, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o500)
    try:
        assert "failed" == the(examine(patient(imws, home)), "Data folder").state
    finally:
        home.chmod(0o700)


def test_little_space_is_a_warning(imws, tmp_path, monkeypatch):
    monkeypatch.setattr(computer, "free_bytes", lambda path: 10 * 1_048_576)
    check = the(examine(patient(imws, tmp_path)), "Data folder")

    assert ("warning", f"{tmp_path}, 10 MB free") == (check.state, check.found)


def test_a_missing_package_fails(imws, tmp_path, monkeypatch):
    monkeypatch.setattr(computer, "PACKAGES", ("pandas", "no-such-package"))
    check = the(examine(patient(imws, tmp_path)), "Versions")

    assert "failed" == check.state
    assert "no-such-package" in check.hint
    assert "pandas " in check.found


# the clock


@pytest.fixture
def page() -> Iterator[tuple[str, list[str]]]:
    """A page whose answers carry the Date that the list names."""
    dates: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_response_only(404)
            if dates[0]:
                self.send_header("Date", dates[0])
            self.end_headers()

        def log_message(self, *_args):
            """Nothing on the console."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", dates
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("minutes", "state"), [(0, "ok"), (10, "warning"), (-10, "warning")])
def test_the_clock_is_compared_with_the_platform(imws, tmp_path, page, minutes, state):
    address, dates = page
    dates.append(format_datetime(datetime.now(UTC) + timedelta(minutes=minutes), usegmt=True))
    checks = examine(patient(imws, tmp_path, addresses=lambda: {"flickr": address}))

    check = the(checks, "Clock")
    assert state == check.state
    assert check.found.endswith(" s apart from Flickr")
    assert is_healthy(checks)


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Foo 2026 10:00:00 GMT"])
def test_a_server_that_tells_no_time_is_passed_over(imws, tmp_path, page, date):
    address, dates = page
    dates.append(date)

    assert [] == found(
        examine(patient(imws, tmp_path, addresses=lambda: {"flickr": address})), "Clock"
    )


@pytest.mark.parametrize("address", ["", "http://127.0.0.1:1", "ftp://127.0.0.1", "file:///etc"])
def test_a_clock_that_cannot_be_read_is_passed_over(imws, tmp_path, address):
    pages = {"flickr": address, "pixelfed": address}

    assert [] == found(examine(patient(imws, tmp_path, addresses=lambda: pages)), "Clock")


# the document


def test_the_document_is_the_contract(imws, tmp_path):
    imws.load(seed(leaves=False))
    document = to_json(examine(patient(imws, tmp_path)))

    assert {"ok", "checks"} == set(document)
    assert document["ok"] is True
    for one in document["checks"]:
        assert {"name", "state", "found", "hint"} <= set(one)
        assert one["state"] in ("ok", "warning", "failed")
        assert isinstance(one["name"], str) and one["name"]
        assert isinstance(one["found"], str) and one["found"]
        assert one["hint"] is None or one["hint"]


def test_the_order_of_the_lines_never_changes(imws, tmp_path):
    first = [one.name for one in examine(patient(imws, tmp_path))]

    assert first == [one.name for one in examine(patient(imws, tmp_path))]
    assert "Mode" == first[0]


def test_required_paths_are_the_platform_and_its_three_actions():
    assert (
        "Socials|flickr",
        "Socials|flickr|_update",
        "Socials|flickr|_metadata",
        "Socials|flickr|_delete",
    ) == required_paths("flickr")


def test_the_workbench_hands_itself_over(tmp_path):
    """The whole thing from the outside: nothing is set up, IMatch is not there."""
    from socials_lib.workbench import Workbench

    home = Path(tmp_path)
    wb = Workbench.open(
        environ={
            "SOCIALS_MODE": "demo",
            "SOCIALS_HOME": str(home),
            "SOCIALS_IMATCH_URL": "http://127.0.0.1:1",
        }
    )
    checks = wb.doctor()

    assert "failed" == the(checks, "IMatch answers").state
    assert "warning" == the(checks, "Accounts").state, "the keys may lie in IMatch"
    assert not is_healthy(checks)
