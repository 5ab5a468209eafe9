"""The stand-in's web folder: pages of apps, substitutes of IMatch's libraries, `processRun`."""

import json
import os
import sys

import pytest
import requests
from PIL import Image

from socials_lib.demo.imws import ImwsStandIn, Processes, Webroot
from socials_lib.demo.imws.processes import split
from socials_lib.demo.imws.webroot import PROCESS_RUN
from socials_lib.demo.world import World

CARD = {
    "type": "app",
    "id": "4f0f4c5e-6d0a-4c1b-9a57-2f9c1e6b7d31",
    "name": {"": "Hello"},
    "icon": {"": "icon.svg"},
    "defaultDocument": "index.html",
    "runAs": "",
}
HELLO = [sys.executable, "-c", "import sys; print('moin', *sys.argv[1:])"]


def put_app(webroot, at="hello", **changes):
    folder = webroot / "user" / at
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("<h1>Hello</h1>", encoding="utf-8")
    (folder / "icon.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "app.json").write_text(json.dumps({**CARD, **changes}), encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path):
    put_app(tmp_path / "webroot")
    return tmp_path / "webroot"


def serving(folder, **how):
    return ImwsStandIn(webroot=Webroot(folder, Processes(HELLO, lambda: os.environ, **how)))


def get(imws, path):
    return requests.get(imws.url + path, timeout=10)


def token(imws):
    answer = requests.post(f"{imws.url}/v1/authenticate?id=demo&password=&appid=", timeout=10)
    return answer.json()["auth_token"]


def run(imws, call, **how):
    form = {"call": json.dumps(call), "auth_token": how.pop("token", None) or token(imws)}
    headers = {"Origin": imws.url, **how.pop("headers", {})}
    return requests.post(imws.url + PROCESS_RUN, data=form, headers=headers, timeout=60)


def call(*words, **more):
    executable, *rest = [f'"{one}"' if " " in one else one for one in (*HELLO, *words)]
    return {
        "executable": executable,
        "parameters": " ".join(rest),
        "showwindow": False,
        "timeout": 300,
        **more,
    }


# -- pages


def test_pages_of_apps_are_served(folder):
    with serving(folder) as imws:
        answer = get(imws, "/user/hello/index.html")
        assert (200, "<h1>Hello</h1>") == (answer.status_code, answer.text)
        assert "text/html; charset=utf-8" == answer.headers["Content-Type"]
        assert "image/svg+xml" == get(imws, "/user/hello/icon.svg").headers["Content-Type"]
        assert 405 == requests.post(f"{imws.url}/user/hello/index.html", timeout=10).status_code


def test_an_app_put_there_later_needs_a_restart(folder):
    with serving(folder) as imws:
        put_app(folder, "later")
        assert 404 == get(imws, "/user/later/index.html").status_code
        imws.stop()
        imws.start()
        assert 200 == get(imws, "/user/later/index.html").status_code


@pytest.mark.parametrize(
    "path",
    [
        "/user/hello/",
        "/user/hello",
        "/user/other/index.html",
        "/user/hello/../../secret.html",
        "/user/hello/..%2f..%2fsecret.html",
        "/user/hello/..%5c..%5csecret.html",
        "/user/hello/notes.txt",
        "/system/jquery/jquery.js",
        "/system/",
    ],
)
def test_nothing_else_is_served(folder, path):
    (folder / "secret.html").write_text("secret", encoding="utf-8")
    (folder / "user" / "hello" / "notes.txt").write_text("notes", encoding="utf-8")
    with serving(folder) as imws:
        request = requests.Request("GET", imws.url).prepare()
        request.url = imws.url + path  # as it is: `requests` would take the dots out
        assert 404 == requests.Session().send(request, timeout=10).status_code


def test_without_a_web_folder_there_are_no_pages():
    with ImwsStandIn() as imws:
        assert 404 == get(imws, "/system/imws/imwslib.js").status_code
        assert 401 == requests.get(f"{imws.url}/v1/files?id=1", timeout=10).status_code


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "App"},
        {"id": ""},
        {"name": "Hello"},
        {"name": {"de": "Hallo"}},
        {"runAs": "window"},
        {"author": "me"},
        {"defaultDocument": "start.html"},
        {"icon": {"": "none.svg"}},
        {"windowSizing": {"width": "600"}},
    ],
)
def test_a_card_that_imatch_would_not_take_is_named(tmp_path, changes):
    put_app(tmp_path, **changes)
    pages = Webroot(tmp_path)
    pages.restart()
    assert ([], ["hello"]) == (list(pages.apps), list(pages.faults))


def test_a_card_that_is_no_json_is_named(tmp_path):
    (put_app(tmp_path) / "app.json").write_bytes(b'{"type": "app", "name": "\xfc"}')
    pages = Webroot(tmp_path)
    pages.restart()
    assert "app.json cannot be read" in pages.faults["hello"]


# -- libraries


def test_the_libraries_know_process_run_only_where_programs_may_be_run(folder):
    for processes, known in ((Processes(HELLO, lambda: os.environ), True), (None, False)):
        pages = Webroot(folder, processes)
        with ImwsStandIn(webroot=pages) as imws:
            assert known == ("processRun" in get(imws, "/system/imatch/imatchlib.js").text)
            assert "class IMWS" in get(imws, "/system/imws/imwslib.js").text


# -- processRun


def test_a_program_is_run_and_answers_at_its_end(folder):
    with serving(folder, limit=60.0) as imws:
        answer = run(imws, call("a b", "c"))
        assert 200 == answer.status_code
        found = answer.json()
        assert ("ok", 0, "") == (found["result"], found["exitCode"], found["errorOutput"])
        assert "moin a b c" == found["output"].strip()


def test_what_a_program_writes_is_read_by_a_code_page(folder):
    with serving(folder, code_page="cp850") as imws:
        assert "ü" != run(imws, call("ü")).json()["output"].strip().removeprefix("moin ")


def test_only_the_allowed_program_is_run(folder):
    with serving(folder, limit=60.0) as imws:
        other = {"executable": sys.executable, "parameters": '-c "print(1)"'}
        assert 403 == run(imws, other).status_code
        assert 403 == run(imws, {"executable": "cmd.exe", "parameters": "/c dir"}).status_code


def test_only_a_page_of_this_server_that_signed_in_may_run_it(folder):
    with serving(folder, limit=60.0) as imws:
        for origin in ("http://example.org", "null", ""):
            assert 403 == run(imws, call(), headers={"Origin": origin}).status_code
        assert 401 == run(imws, call(), token="guessed").status_code
        assert 405 == get(imws, PROCESS_RUN).status_code
        assert [] == imws.webroot.processes.lines


def test_without_permission_nothing_is_run(folder):
    with ImwsStandIn(webroot=Webroot(folder)) as imws:
        assert 404 == run(imws, call()).status_code
    with pytest.raises(ValueError, match="nothing may be run"):
        Processes([], lambda: os.environ)


@pytest.mark.parametrize(
    "wrong",
    [
        {"parameter": "x"},
        {"executable": ""},
        {"showwindow": "no"},
        {"timeout": "300"},
        {"parameters": ["x"]},
    ],
)
def test_a_call_with_mistyped_members_is_refused(folder, wrong):
    with serving(folder, limit=60.0) as imws:
        assert 400 == run(imws, call(**wrong)).status_code


def test_a_call_that_is_no_object_is_refused(folder):
    with serving(folder, limit=60.0) as imws:
        assert 400 == run(imws, [1]).status_code


def test_a_program_that_takes_too_long_is_ended(tmp_path):
    words = [sys.executable, "-c", "import time; time.sleep(60)"]
    put_app(tmp_path)
    pages = Webroot(tmp_path, Processes(words, lambda: os.environ, limit=0.3))
    with ImwsStandIn(webroot=pages) as imws:
        asked = {"executable": words[0], "parameters": f'-c "{words[2]}"'}
        answer = run(imws, asked)
        assert (500, True) == (answer.status_code, "ended after 0.3" in answer.text)


def test_an_executable_with_blanks_needs_quotes_or_the_other_way(tmp_path):
    line = r"C:\Program Files\python.exe"
    assert [r"C:\Program", r"Files\python.exe", "-P"] == split(f"{line} -P")
    assert [line, "-P"] == split(f'"{line}" -P')
    bare = Processes([line], dict, split=False)
    assert [line, "-P", "a b"] == bare._words(line, '-P "a b"')


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (r'"a b" c', ["a b", "c"]),
        (r'a "b c" d', ["a", "b c", "d"]),
        (r'a b"c d"e', ["a", "bc de"]),
        (r'a \\nas\x "\\nas\a b\\" c', ["a", r"\\nas\x", "\\\\nas\\a b\\", "c"]),
        (r"a \"b\" \\\"c", ["a", '"b"', '\\"c']),
        (r'a "" b', ["a", "", "b"]),
        ("  ", []),
        ("a b\\", ["a", "b\\"]),
    ],
)
def test_command_lines_are_taken_apart_as_windows_does(line, words):
    assert words == split(line)


# -- the world


def pictures(folder):
    """A library of one picture: the sample library takes its time."""
    (folder / "own").mkdir()
    Image.new("RGB", (8, 6)).save(folder / "own" / "one.jpg")
    return folder / "own"


def test_a_world_serves_no_pages_unless_told(tmp_path):
    with World(photos=pictures(tmp_path)) as world:
        assert "pages" not in world.describe()
        assert 404 == get(world.imatch, "/user/hello/index.html").status_code


def test_a_program_of_a_page_sees_the_world(tmp_path, folder):
    words = [sys.executable, "-c", "import os; print(os.environ['SOCIALS_IMATCH_URL'])"]
    asked = {"executable": words[0], "parameters": f'-c "{words[2]}"'}
    with World(webroot=folder, may_run=words, photos=pictures(tmp_path)) as world:
        [page] = world.describe()["pages"]
        assert 200 == requests.get(page, timeout=10).status_code
        assert world.imatch.url == run(world.imatch, asked).json()["output"].strip()
