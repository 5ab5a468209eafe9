"""No secret in anything that the product writes: canaries are planted everywhere and looked for.

The search itself is tested first: it must find what is there.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import traceback
import zipfile

import pytest
from canaries import RING, command_lines, forms, found_in, written_below
from command_line_kit import begun, finished, press_ctrl_c, socials, socials_here

from socials_lib.credentials import SECRET_NAMES
from socials_lib.errors import SocialsError
from socials_lib.settings import Settings
from socials_lib.workbench import Workbench

CANARY = "canary-0815-sings"
NOWHERE = "http://127.0.0.1:1"


# the search can find


def test_the_search_finds_a_canary_in_every_place(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "report.html").write_text(f"<p>{CANARY}</p>", encoding="utf-8")
    (home / "quoted.log").write_text("token=canary%2F0815", encoding="utf-8")
    (home / "utf-16.txt").write_text(CANARY, encoding="utf-16")
    with zipfile.ZipFile(home / "bundle.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("logs/socials.log", f"{CANARY}\n" * 50)
    db = sqlite3.connect(home / "journal.sqlite")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("CREATE TABLE facts (value TEXT)")
    db.execute("INSERT INTO facts VALUES (?)", (CANARY,))
    db.commit()
    places = written_below(home)
    db.close()

    found = {name.rpartition("/")[2] for name, _ in found_in(places, [CANARY, "canary/0815"])}
    assert {"report.html", "quoted.log", "utf-16.txt", "socials.log"} <= found
    assert any("journal.sqlite" in one for one in found)
    assert [] == found_in(places, ["another-canary"])


def test_the_search_finds_a_canary_in_base64():
    basic = {"header": b"Authorization: Basic dXNlcjpjYW5hcnktMDgxNS1zaW5ncw=="}

    assert found_in(basic, ["user:canary-0815-sings"])
    assert all(forms(CANARY))


@pytest.mark.skipif(not os.path.exists("/proc/self/cmdline"), reason="no process list in files")  # noqa: PTH110 - a place of the kernel, not a file
def test_the_search_finds_a_canary_in_the_process_list():
    child = subprocess.Popen([sys.executable, "-c", "input()", CANARY], stdin=subprocess.PIPE)
    try:
        assert found_in(command_lines([os.getpid()]), [CANARY])
    finally:
        child.communicate(b"\n", timeout=30)


# planted everywhere


def planted(rig, tmp_path):
    """Keys in IMatch's variables, tokens in the keyring; the environment as in real life.

    Everything works with them: a run that is refused would write less.
    """
    environ = {**rig.environ}
    variables, ring = rig.imws.backend.variables, {}
    settings = Settings.load(environ=environ)
    from socials_lib.credentials import service_name

    variables["flickr_apikey"] = environ.pop("SOCIALS_FLICKR_APIKEY")
    variables["flickr_apisecret"] = environ.pop("SOCIALS_FLICKR_APISECRET")
    for platform, name in (
        ("flickr", "flickr_token"),
        ("flickr", "flickr_token_secret"),
        ("pixelfed", "pixelfed_token"),
    ):
        ring[f"{service_name(settings, platform)}|{name}"] = environ.pop(f"SOCIALS_{name.upper()}")
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "canary_ring.py").write_text(RING, encoding="utf-8")
    (modules / "ring.json").write_text(json.dumps(ring), encoding="utf-8")
    environ |= {
        "PYTHON_KEYRING_BACKEND": "canary_ring.Ring",
        "CANARY_RING": str(modules / "ring.json"),
        "PYTHONPATH": str(modules),
    }
    return environ


def secrets_of(rig):
    """All secrets of the small world, IMatch's own session tokens too."""
    return [*(rig.environ[name] for name in SECRET_NAMES), *map(str, rig.imws.backend.tokens)]


def silent(rig, outputs, *more):
    """Assert that no canary is in the outputs or in any file of the data folder."""
    places = {f"output {number}": one.encode() for number, one in enumerate(outputs)}
    places |= written_below(rig.folder / "home")
    assert [] == found_in(places, [*secrets_of(rig), *more])
    return places


def songs(rig):
    """Each service and the secrets that it is sent."""
    own = [rig.environ[name] for name in SECRET_NAMES]
    return (rig.flickr, own[:4]), (rig.pixelfed, own[4:])


def said(*done):
    return [text for one in done for text in (one.out, one.err)]


def test_canaries_are_silent_while_everything_works(rig, tmp_path):
    """From the keyring and from IMatch, through plan, run, history, audit, report and bundle."""
    rig.photo("Dawn", flickr=True, pixelfed=True)
    environ, home = planted(rig, tmp_path), rig.folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    plan, bundle = home / "plan.json", home / "bundle.zip"
    outputs = []
    for command in (
        ["plan", "--out", str(plan), "--json"],
        ["apply", str(plan), "--yes", "--verbose"],
        ["history", "--json"],
        ["audit", "--html", str(home / "audit.html")],
        ["doctor", "--bundle", str(bundle)],
    ):
        done = socials(environ, *command)
        assert done.code in (0, 2), done.err
        outputs += said(done)

    assert ["Dawn"] == rig.flickr_titles()
    places = silent(rig, outputs)
    kinds = ("plan.json", "report.html", "outcomes.csv", "status.json", "socials.log")
    for name in (*kinds, "journal.sqlite!dump", "bundle.zip!checks.json", "bundle.zip!logs"):
        assert any(name in one for one in places), name


def test_canaries_are_silent_in_the_middle_of_a_run_and_after_ctrl_c(rig, tmp_path):
    """The process list, the status file and the journal while a photo is on its way."""
    for number in range(3):
        rig.photo(f"Photo {number}", flickr=True)
    environ = planted(rig, tmp_path)
    rig.wb.account("flickr")
    rig.flickr.latency = 0.15
    with begun(environ, "sync", "--yes", "--json") as process:
        assert b"1 of 3" in process.stderr.readline()
        places = command_lines([process.pid]) | written_below(rig.folder / "home")
        press_ctrl_c(process)
        done = finished(process)
    rig.flickr.latency = 0.0

    assert [] == found_in(places, secrets_of(rig))
    assert any(name.endswith("status.json") for name in places)
    silent(rig, said(done))


@pytest.mark.parametrize("status", [200, 400, 401, 403, 429, 500])
@pytest.mark.parametrize("skip", [0, 4], ids=["at once", "in the middle"])
def test_canaries_are_silent_when_services_sing_them(rig, status, skip):
    """Servers repeat what they were sent, in pages and in JSON, in headers and URLs."""
    rig.photo("One", flickr=True, pixelfed=True)
    for service, secrets in songs(rig):
        verses = " ".join(f"oauth_token={one}&sig={one} Bearer {one} “{one}”" for one in secrets)
        body = json.dumps({"error": verses, "message": verses, "stat": "fail", "code": 98})
        service.fail_next("*", status=status, body=body.encode(), skip=skip, times=-1)
    home = rig.folder / "home"
    outputs = []
    for command in (
        ["sync", "--yes", "--verbose", "--json"],
        ["audit"],
        ["doctor", "--bundle", str(home / "bundle.zip")],
    ):
        outputs += said(socials_here(rig.environ, *command))

    silent(rig, outputs)


def test_canaries_are_silent_in_outcomes_journal_and_report(rig):
    """A photo that is refused keeps the service's own words for good."""
    rig.photo("One", flickr=True)
    rig.photo("Two", pixelfed=True)
    (_, own), (_, [token]) = songs(rig)
    verses = " ".join(f"token {one}" for one in own)
    xml = f'<rsp stat="fail"><err code="5" msg="{verses}"/></rsp>'
    rig.flickr.fail_next("/services/upload/", status=200, body=xml.encode(), times=-1)
    words = json.dumps({"errors": {"status": [f"token {token}"]}, "message": f"token {token}"})
    rig.pixelfed.fail_next("POST /api/v1/statuses", status=422, body=words.encode(), times=-1)
    done = socials_here(rig.environ, "sync", "--yes", "--json")
    again = socials_here(rig.environ, "history")

    assert 3 == done.code
    assert {"failed"} == {one["state"] for one in done.document["outcomes"]}
    places = silent(rig, said(done, again))
    dump = next(data for name, data in places.items() if "journal.sqlite!dump" in name)
    assert b"token ***" in dump + done.out.encode(), "else the words were not kept at all"


@pytest.mark.parametrize("status", [400, 500])
def test_canaries_are_silent_when_imatch_sings_them(rig, monkeypatch, status):
    """The token of the session is in the address of each read, and in error texts then."""
    rig.photo("One", flickr=True, pixelfed=True)
    token = "canary-imws-token-4711"

    def sign_in() -> str:
        rig.imws.backend.tokens.add(token)
        return token

    monkeypatch.setattr(rig.imws.backend, "sign_in", sign_in)
    verses = json.dumps({"error": {"code": 1, "message": f"bad auth_token={token}: {token}"}})
    rig.imws.fail_next("GET /v1/files", status=status, body=verses.encode(), times=-1)
    outputs = []
    for command in (["plan", "--json"], ["sync", "--yes"], ["doctor", "--json"]):
        outputs += said(socials_here(rig.environ, *command))

    silent(rig, outputs, token)


FALSE = {name: f"canary-{number}-{name[-6:].lower()}" for number, name in enumerate(SECRET_NAMES)}


@pytest.mark.parametrize(
    "more",
    [
        FALSE,
        {**FALSE, "SOCIALS_IMATCH_URL": NOWHERE},
        {**FALSE, "SOCIALS_FLICKR_URL": NOWHERE, "SOCIALS_PIXELFED_URL": NOWHERE},
        {"SOCIALS_PIXELFED_URL": f"http://somebody:{CANARY}@127.0.0.1:1"},
        {"SOCIALS_IMATCH_URL": f"http://somebody:{CANARY}@127.0.0.1:1"},
        {"SOCIALS_FLICKR_URL": f"http://127.0.0.1:1/?token={CANARY}"},
    ],
    ids=["refused", "imatch down", "services down", "pixelfed url", "imatch url", "flickr url"],
)
def test_canaries_are_silent_when_something_is_wrong(rig, more):
    rig.photo("One", flickr=True, pixelfed=True)
    home = rig.folder / "home"
    outputs = []
    for command in (
        ["plan", "--json"],
        ["sync", "--yes"],
        ["doctor", "--bundle", str(home / "bundle.zip"), "--json"],
    ):
        done = socials_here({**rig.environ, **more}, *command)
        assert done.code, command
        outputs += said(done)

    silent(rig, outputs, *FALSE.values(), CANARY)


def test_canaries_are_silent_in_files_where_nobody_should_have_put_them(rig, tmp_path):
    home = rig.folder / "home"
    home.mkdir(exist_ok=True)
    (tmp_path / "keys.txt").write_text(f"{CANARY}\n", encoding="utf-8")
    wrong = socials_here(rig.environ, "plan", "--ids-file", str(tmp_path / "keys.txt"))
    settings = home / "settings.toml"
    outputs = said(wrong)
    for text in (
        f'[flickr]\napisecret = "{CANARY}"\n',
        f'[pixelfed]\nurl = "https://a:{CANARY}@example.social"\n',
        f'pixelfed_token = "{CANARY}"\n',
        f'[flickr\n"{CANARY}"\n',
    ):
        settings.write_text(text, encoding="utf-8")
        done = socials_here(rig.environ, "doctor", "--json")
        assert 5 == done.code, text
        outputs += said(done)
    settings.unlink()

    assert [] == found_in({str(n): one.encode() for n, one in enumerate(outputs)}, [CANARY])


def test_canaries_are_silent_in_a_sign_in(rig):
    """The code that Flickr shows, the tokens it is exchanged for, and a pasted token."""
    wb, told = rig.wb, []
    told.append(wb.begin_flickr_sign_in())
    for call in (
        lambda: wb.finish_flickr_sign_in(CANARY),
        lambda: wb.keep_pixelfed_token(CANARY, rig.pixelfed.url),
        lambda: wb.keep_pixelfed_token(CANARY, f"https://a:{CANARY}@127.0.0.1"),
    ):
        try:
            call()
        except SocialsError as error:
            told += [str(error), error.hint, repr(error), error.details]
            told.append("".join(traceback.format_exception(error)))
    told.append(wb.sign_in_words)

    silent(rig, told[1:], CANARY)


def test_canaries_are_silent_in_what_a_notebook_shows(rig):
    rig.photo("Dawn", flickr=True, pixelfed=True)
    wb = Workbench.open(environ=rig.environ)
    plan = wb.plan()
    run = wb.apply(plan)
    shown = [
        wb,
        wb.settings,
        wb.credentials,
        wb.imatch.client,
        wb.platforms,
        plan,
        run,
        wb.doctor(),
    ]
    texts = [repr(one) for one in shown] + [str(one) for one in shown]
    for value in (plan, run, wb.doctor(), wb.history()):
        texts.append(wb.frame(value).to_html())
    with contextlib.suppress(TypeError):
        texts.append(json.dumps(vars(wb.credentials), default=str))

    silent(rig, texts)


# the bundle holds no photo


def test_the_bundle_holds_no_text_and_no_name_of_a_photo(rig):
    title, words = "Kestrel above Quoin Rock", "Nobody may read this sentence."
    rig.photo(title, flickr=True, pixelfed=True, description=words)
    rig.photo(f"{title} again", flickr=True, description=None)
    home = rig.folder / "home"
    socials_here(rig.environ, "sync", "--yes", "--verbose")
    body = f"<p>{title}: {words}</p>".encode()
    rig.flickr.fail_next("*", status=400, body=body, skip=4, times=-1)
    socials_here(rig.environ, "sync", "--yes")
    rig.flickr.faults.clear()
    log = (home / "logs" / "socials.log").read_text(encoding="utf-8")
    done = socials_here(rig.environ, "doctor", "--bundle", str(home / "bundle.zip"), "--json")

    assert title in log, "else there is nothing to find"
    listed = done.document["bundle"]["contents"]
    with zipfile.ZipFile(home / "bundle.zip") as archive:
        assert listed == archive.namelist()
        places = {name: archive.read(name) for name in listed}
    texts = [title, words, "photo-1001.jpg", "The lake lay still", "seen from the pier"]
    assert [] == found_in(places, texts)
    assert b"add done" in places["logs/socials.log"]
    runs = json.loads(places["journal.json"])["runs"]
    assert {"flickr add done": 1, "pixelfed add done": 1} == {
        key: count for key, count in runs[-1]["outcomes"].items() if "add done" in key
    }
    assert "endpoints" in json.loads(places["discover.json"])


def test_the_bundle_shortens_the_folders_of_a_person(rig, monkeypatch):
    monkeypatch.setattr("pathlib.Path.home", lambda: rig.folder)
    home = rig.folder / "home"
    (home).mkdir(exist_ok=True)
    (home / "settings.toml").write_text(
        '[private]\nwords = ["Grandmother"]\nbranches = ["People|Family"]\n', encoding="utf-8"
    )
    socials_here(rig.environ, "doctor", "--bundle", str(home / "bundle.zip"))
    with zipfile.ZipFile(home / "bundle.zip") as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}

    assert [] == [name for name, text in texts.items() if str(rig.folder) in text]
    settings = json.loads(texts["settings.json"])
    assert "~/home" == settings["home"].replace("\\", "/")
    assert "1 (not shown)" == settings["private.words"]["value"]
    assert [] == [name for name, text in texts.items() if "Grandmother" in text]
    assert [] == [name for name, text in texts.items() if "People|Family" in text]
