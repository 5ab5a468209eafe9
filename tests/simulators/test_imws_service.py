"""IMWS over HTTP: signing in, saying no, being told to fail, starting afresh."""

import json
import threading
import time

import pytest
import requests
from imws_calls import BARE, DUSK, HARBOUR, Caller, known, small_library

from socials_lib.demo.imws import ImwsBackend, ImwsStandIn
from socials_lib.demo.seed import Seed, SeedCategory, SeedFile

READS = [
    "/v1/files",
    "/v1/files/relations",
    "/v1/files/categories",
    "/v1/files/collections",
    "/v1/categories",
    "/v1/imatch/appvar",
    "/v1/imatch/commands/list",
    "/v1/imatch/favorites/list",
    "/v1/discover",
]
WRITES = ["/v1/categories/assign", "/v1/categories/unassign", "/v1/metadata"]
BOTH = ["/v1/attributes", "/v1/collections"]


class TestSigningIn:
    def test_parameters_may_stand_in_the_query_or_in_the_form(self, imws):
        given = {"id": "anna", "password": "", "appid": ""}
        for where in ("params", "data"):
            answer = requests.post(f"{imws.url}/v1/authenticate", **{where: given})
            assert 200 == answer.status_code
            assert "anna" == answer.json()["user"]["id"]

    def test_every_call_gives_another_token_and_all_of_them_work(self, ask):
        first, ask.token = ask.token, ask.sign_in()
        assert first != ask.token
        for token in (first, ask.token):
            ask.token = token
            ask.get("/v1/discover")

    @pytest.mark.parametrize(
        ("given", "status"),
        [
            ({"id": "", "password": ""}, 400),
            ({"password": ""}, 400),
            ({"id": "anna", "password": "secret"}, 401),
        ],
    )
    def test_a_user_is_needed_and_a_password_is_wrong(self, imws, given, status):
        answer = requests.post(f"{imws.url}/v1/authenticate", data=given)
        assert status == answer.status_code
        assert isinstance(answer.json()["error"]["code"], int)

    @pytest.mark.parametrize("path", READS + BOTH)
    def test_reading_needs_a_token(self, imws, path):
        for params in ({}, {"auth_token": ""}, {"auth_token": "guessed"}):
            answer = requests.get(imws.url + path, params=params)
            assert 401 == answer.status_code
            assert isinstance(answer.json()["error"]["code"], int)

    @pytest.mark.parametrize("path", WRITES + BOTH)
    def test_writing_needs_a_token(self, imws, path):
        before = imws.backend.snapshot()
        answer = requests.post(imws.url + path, data={"path": "Socials|flickr", "fileid": BARE})
        assert 401 == answer.status_code
        assert before == imws.backend.snapshot()

    def test_the_token_of_a_post_may_stand_in_the_query(self, imws, ask):
        answer = requests.post(
            f"{imws.url}/v1/categories/assign",
            params={"auth_token": ask.token, "path": "Socials|pixelfed", "fileid": BARE},
        )
        assert "ok" == answer.json()["result"]

    def test_tokens_can_be_expired(self, imws, ask):
        imws.expire_tokens()
        assert 401 == ask.refused("GET", "/v1/discover")
        ask.token = ask.sign_in()
        ask.get("/v1/discover")

    def test_a_restart_forgets_all_tokens_and_nothing_else(self):
        imws = ImwsStandIn(small_library())
        with imws:
            ask = Caller(imws)
            ask.post("/v1/categories/assign", path="Socials|pixelfed", fileid=BARE)
        with imws:
            ask.url = imws.url
            assert 401 == ask.refused("GET", "/v1/discover")
            assert [DUSK, BARE] == imws.backend.files_in("Socials|pixelfed")

    def test_the_request_log_holds_no_token(self, imws, ask):
        ask.get("/v1/categories", path="Socials", fields="path")
        ask.post("/v1/categories/assign", path="Socials|pixelfed", fileid=BARE)
        assert ["POST /v1/authenticate", "GET /v1/categories", "POST /v1/categories/assign"] == (
            imws.operations()
        )
        assert ask.token not in str(imws.requests)


class TestSayingNo:
    @pytest.mark.parametrize("path", READS + BOTH)
    def test_reads_are_get_only(self, imws, ask, path):
        method = "PUT" if path in BOTH else "POST"
        answer = ask.send(method, path, {"id": "1"})
        assert 405 == answer.status_code
        assert "GET" in answer.headers["Allow"]
        assert answer.json()["error"]["message"]

    @pytest.mark.parametrize("path", WRITES)
    def test_writes_are_post_only(self, ask, path):
        assert 405 == ask.refused("GET", path)

    @pytest.mark.parametrize("path", ["/", "/discover", "/v1/thumbnails", "/v1/files/", "/files"])
    def test_unknown_paths_are_404_with_or_without_token(self, imws, ask, path):
        assert 404 == ask.refused("GET", path)
        assert 404 == ask.refused("POST", path)
        assert 404 == requests.get(imws.url + path).status_code

    def test_json_and_multipart_bodies_are_refused(self, imws, ask):
        given = {"auth_token": ask.token, "path": "Socials|pixelfed", "fileid": str(BARE)}
        where = f"{imws.url}/v1/categories/assign"
        assert 415 == requests.post(where, json=given).status_code
        assert (
            415 == requests.post(where, files={k: (None, v) for k, v in given.items()}).status_code
        )
        assert [DUSK] == imws.backend.files_in("Socials|pixelfed")

    def test_the_connection_lives_on_after_a_refused_body(self, imws, ask):
        with requests.Session() as session:
            for _ in range(3):
                refused = session.post(f"{imws.url}/v1/categories/assign", json={"a": "x" * 5000})
                assert 415 == refused.status_code
            fine = session.get(f"{imws.url}/v1/discover", params={"auth_token": ask.token})
        assert 200 == fine.status_code

    def test_addresses_have_at_most_8000_characters(self, imws, ask):
        def status(length: int) -> int:
            url = f"{imws.url}/v1/categories?auth_token={ask.token}&path="
            return requests.get(url + "x" * (length - len(url))).status_code

        assert 200 == status(8_000)
        assert 414 == status(8_001)

    def test_long_lists_go_into_the_body_of_a_post(self, ask):
        ids = ",".join([str(BARE)] * 5_000)
        ask.post("/v1/categories/assign", path="Socials|pixelfed", fileid=ids)

    @pytest.mark.parametrize("path", READS[:4])
    @pytest.mark.parametrize("value", ["", " ", "abc", "1;2", "-1", "1,,2", "[1]", "9" * 5_000])
    def test_ids_are_a_comma_list_of_numbers(self, ask, path, value):
        assert 400 == ask.refused("GET", path, id=value, type="versions")


class TestAnswers:
    def test_every_answer_has_a_member_nobody_knows(self, imws, ask):
        one, two = ask.get("/v1/discover"), ask.get("/v1/discover")
        assert one["someOtherMember"] != two["someOtherMember"]
        assert "someOtherMember" in requests.get(f"{imws.url}/v1/files").json()
        assert "someOtherMember" in ask.category("Socials", "path")

    def test_answers_are_utf_8_json(self, ask):
        answer = ask.send("GET", "/v1/files", {"id": HARBOUR, "fields": "filename"})
        assert "application/json" == answer.headers["Content-Type"]
        assert "Häfen".encode() in answer.content

    def test_discover_lists_what_is_simulated(self, ask):
        found = ask.get("/v1/discover")["endpoints"]
        assert {"GET /v1/files", "POST /v1/attributes", "GET /v1/attributes"} <= {
            f"{one['method']} {one['path']}" for one in found
        }
        assert {*READS, *WRITES, *BOTH, "/v1/authenticate"} == {one["path"] for one in found}

    def test_commands_and_favourites_have_the_documented_members(self, ask):
        (command,) = ask.get("/v1/imatch/commands/list")["commands"]
        (favourite,) = ask.get("/v1/imatch/favorites/list")["favorites"]
        assert {"id", "text", "displayText", "hotKey", "helpText"} == set(command)
        assert {"id", "type", "name", "description", "textColor", "backgroundColor"} == (
            set(favourite)
        )


class TestVariables:
    def test_text_stays_text_and_numbers_are_numbers(self, ask):
        def value(name: str) -> object:
            return ask.get("/v1/imatch/appvar", name=name)["value"]

        assert "key" == value("flickr_apikey")
        assert 1 == value("flickr_is_public")
        assert 0 == value("imatch_to_socials_testing")

    def test_a_missing_one_is_404_or_by_switch_200_without_or_with_empty_value(self, imws, ask):
        assert 404 == ask.refused("GET", "/v1/imatch/appvar", name="flickr_api_key")
        imws.missing_variable_style = "no value"
        assert {} == known(ask.get("/v1/imatch/appvar", name="flickr_api_key"))
        imws.missing_variable_style = "empty"
        assert "" == ask.get("/v1/imatch/appvar", name="flickr_api_key")["value"]
        assert 400 == ask.refused("GET", "/v1/imatch/appvar")


class TestBeingToldToFail:
    def test_locked_objects_refuse_writes_as_often_as_told(self, imws, ask):
        imws.lock_next(times=2)
        ask.get("/v1/categories", path="Socials", fields="path")
        form = {"path": "Socials|pixelfed", "fileid": BARE}
        for _ in range(2):
            answer = ask.send("POST", "/v1/categories/assign", form)
            assert 409 == answer.status_code
            assert "cannot lock object" in answer.json()["error"]["message"]
        assert [DUSK] == imws.backend.files_in("Socials|pixelfed")
        ask.post("/v1/categories/assign", **form)
        assert [DUSK, BARE] == imws.backend.files_in("Socials|pixelfed")

    def test_a_result_may_be_other_than_ok(self, imws, ask):
        imws.result_not_ok_next()
        form = {"path": "Socials|pixelfed", "fileid": BARE}
        assert "ok" != ask.post("/v1/categories/assign", **form)["result"]
        assert [DUSK] == imws.backend.files_in("Socials|pixelfed")
        assert "ok" == ask.post("/v1/categories/assign", **form)["result"]

    def test_a_lost_answer_has_done_its_work(self, imws, ask):
        imws.fail_next("POST /v1/categories/assign", drop_answer=True)
        with pytest.raises(requests.ConnectionError):
            ask.post("/v1/categories/assign", path="Socials|pixelfed", fileid=BARE)
        assert [DUSK, BARE] == imws.backend.files_in("Socials|pixelfed")

    def test_an_error_page_may_be_html(self, imws, ask):
        imws.fail_next("/v1/files", status=500, body=b"<html>", times=1)
        answer = ask.send("GET", "/v1/files", {"id": HARBOUR})
        assert (500, "<html>") == (answer.status_code, answer.text)
        assert [HARBOUR] == [one["id"] for one in ask.files(id=HARBOUR)]

    def test_a_category_may_vanish_and_come_back(self, imws, ask):
        imws.remove_category("Socials|flickr|_update")
        form = {"path": "Socials|flickr|_update", "fileid": DUSK}
        assert 404 == ask.refused("POST", "/v1/categories/assign", **form)
        imws.add_category("Socials|flickr|_update")
        ask.post("/v1/categories/assign", **form)
        assert [DUSK] == imws.backend.files_in("Socials|flickr|_update")

    @pytest.mark.parametrize("switch", ["language", "missing_variable_style", "date_style"])
    def test_a_misspelt_switch_is_told(self, imws, switch):
        with pytest.raises(ValueError, match=switch):
            setattr(imws, switch, "no such choice")
        with pytest.raises(ValueError, match=switch):
            ImwsBackend(**{switch: "no such choice"})


class TestStartingAfresh:
    def test_reset_goes_back_to_the_library_as_loaded(self, imws, ask):
        before = imws.backend.snapshot(instance_ids=True)
        ask.post("/v1/categories/unassign", path="Socials|flickr", fileid=f"{HARBOUR},{DUSK}")
        ask.tasks(
            "/v1/attributes",
            [{"op": "delete", "instanceid": [4]}, {"op": "add", "data": {"photo_id": "9"}}],
            set="flickr",
            id=HARBOUR,
        )
        ask.post(
            "/v1/metadata",
            id=HARBOUR,
            tags=json.dumps(
                [
                    {"tag": "title", "op": "set", "value": "New"},
                    {"tag": "hierarchicalkeywords", "op": "add", "value": "A|B"},
                ]
            ),
        )
        imws.remove_category("Socials|flickr|albums")
        imws.language, imws.date_style = "en", "timestamp"
        imws.lock_next(5)
        assert before != imws.backend.snapshot(instance_ids=True)

        imws.reset()

        assert before == imws.backend.snapshot(instance_ids=True)
        assert ("de", "date") == (imws.language, imws.date_style)
        assert [] == imws.requests
        assert 401 == ask.refused("GET", "/v1/discover")
        ask.token = ask.sign_in()
        ask.post("/v1/categories/assign", path="Socials|flickr", fileid=BARE)

    def test_switches_given_at_the_start_outlive_a_reset(self):
        imws = ImwsStandIn(language="en", date_style="local", missing_variable_style="empty")
        imws.language = "de"
        imws.reset()
        assert ("en", "local", "empty") == (
            (imws.language, imws.date_style, imws.missing_variable_style)
        )

    def test_the_seed_is_copied(self, imws):
        seed = small_library()
        imws.load(seed)
        seed.files[1].metadata["title"] = "changed outside"
        seed.category("Socials|pixelfed").files.clear()
        imws.reset()
        assert 'Harbour & "pier"' == imws.backend.value(HARBOUR, "title")
        assert [DUSK] == imws.backend.files_in("Socials|pixelfed")
        imws.backend.set_value(HARBOUR, "hierarchicalkeywords", ["x"])
        assert ["Places|Coast|Harbour", "Light|Dusk"] == (
            seed.files[1].metadata["hierarchicalkeywords"]
        )
        imws.load(small_library())

    def test_another_library_can_be_loaded(self):
        imws = ImwsStandIn(small_library())
        imws.load(Seed(files=[SeedFile(file_id=5, path="a.jpg")]))
        assert ["5"] == list(imws.backend.snapshot()["metadata"])
        imws.reset()
        assert ["5"] == list(imws.backend.snapshot()["metadata"])

    def test_a_stand_in_without_library_is_an_empty_database(self):
        with ImwsStandIn() as imws:
            ask = Caller(imws)
            assert [] == ask.files(idlist="@IMWS.allfiles")
            assert [] == ask.get("/v1/categories", path="Socials", fields="path")["categories"]

    def test_two_files_with_one_id_are_a_mistake_of_the_library(self):
        with pytest.raises(ValueError, match="same id"):
            ImwsBackend(Seed(files=[SeedFile(file_id=1, path="a"), SeedFile(file_id=1, path="b")]))

    def test_a_snapshot_is_json_and_independent_of_the_state(self, imws):
        first = imws.backend.snapshot()
        text = json.dumps(first)
        imws.backend.set_value(HARBOUR, "title", "Other")
        imws.backend.assign("Socials|pixelfed", [BARE], put_in=True)
        assert text == json.dumps(first)
        assert [DUSK] == first["categories"]["Socials|pixelfed"]
        assert {"photo_id": "53000000002"} == first["attributes"]["flickr"][str(BARE)][0]
        assert {str(HARBOUR): [53]} == first["collections"]


def test_writers_come_one_after_the_other(imws, ask):
    """Forty threads add a record with the same unique id: one of them wins."""
    task = json.dumps([{"op": "add", "data": {"photo_id": "77"}}])
    form = {"set": "flickr", "id": DUSK, "tasks": task}
    states: list[int] = []

    def write() -> None:
        states.append(ask.send("POST", "/v1/attributes", form).status_code)

    threads = [threading.Thread(target=write) for _ in range(40)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [200] + [400] * 39 == sorted(states)
    assert [{"photo_id": "77"}] == imws.backend.records("flickr", DUSK)


def test_a_hundred_files_cost_the_same_in_a_large_library():
    """Measured: 14 ms, with twenty variables each, in one of 10,000 files."""
    assert _seconds_for_a_hundred(4_000) < 4 * _seconds_for_a_hundred(200)


def _seconds_for_a_hundred(size):
    """The best of eight tries."""
    metadata = {"title": "T", "headline": "h", "aperture": 6.3, "iso": 200.0, "lens": "L"}
    files = [
        SeedFile(
            file_id=n,
            path=rf"D:\{n}.jpg",
            size=1,
            metadata={**metadata, "hierarchicalkeywords": ["Light|Dusk", f"Day|{n % 100}"]},
        )
        for n in range(1, size + 1)
    ]
    category = SeedCategory(path="Socials|flickr", files=list(range(1, size)))
    params = {f"var{n}": "{File.MD.aperture|value:formatted}" for n in range(10)}
    params |= {f"varm{n}": "ISO {File.MD.iso} {File.MD.lens}" for n in range(10)}
    params |= {"id": ",".join(map(str, range(101, 201))), "fields": "id,size", "tagt": "title"}
    with ImwsStandIn(Seed(files=files, categories=[category])) as imws:
        ask = Caller(imws)
        seconds = []
        for _ in range(8):
            begun = time.perf_counter()
            assert 100 == len(ask.files(**params))
            seconds.append(time.perf_counter() - begun)
        assert size - 1 == len(ask.category("Socials|flickr", "files")["files"])
    return min(seconds)
