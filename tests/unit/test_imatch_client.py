"""The IMWS client against the stand-in (real HTTP), and against things that are not IMatch."""

import json
import logging
import socket
from collections.abc import Iterator

import pytest
import requests
from pytest_httpserver import HTTPServer

from socials_lib.demo.imws import ImwsStandIn
from socials_lib.demo.seed import Seed, SeedFile, attribute_sets
from socials_lib.errors import (
    ImatchBusy,
    ImatchError,
    ImatchSignInRefused,
    ImatchUnreachable,
    SocialsError,
)
from socials_lib.imatch import ImwsClient
from socials_lib.imatch.client import MAX_URL

LEAVE = "POST /v1/categories/unassign"


def seed() -> Seed:
    made = Seed(
        files=[SeedFile(file_id=1201, path=r"D:\Photos\dawn.jpg", size=10)],
        attribute_sets=dict(attribute_sets()),
    )
    made.category("Socials|flickr").files.append(1201)
    return made


@pytest.fixture
def imws() -> Iterator[ImwsStandIn]:
    with ImwsStandIn(seed()) as running:
        yield running


@pytest.fixture
def naps() -> list[float]:
    return []


@pytest.fixture
def client(imws: ImwsStandIn, naps: list[float]) -> Iterator[ImwsClient]:
    made = ImwsClient(base_url=imws.url, user="anna", timeout=2, sleep=naps.append)
    yield made
    made.close()


def client_of(url: str) -> ImwsClient:
    return ImwsClient(base_url=url, user="anna", timeout=0.3, sleep=lambda _seconds: None)


def address_of(server: HTTPServer) -> str:
    return f"http://127.0.0.1:{server.port}"


def address_without_service() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def read(client: ImwsClient) -> list[int]:
    answer = client.get("/v1/files", {"id": "1201", "fields": "id"})
    return [row["id"] for row in answer["files"]]


def leave(client: ImwsClient) -> dict[str, object]:
    return client.post("/v1/categories/unassign", {"path": "Socials|flickr", "fileid": "1201"})


def test_nothing_is_asked_before_the_first_call(client, imws):
    assert [] == imws.requests

    read(client)
    read(client)

    assert 1 == imws.count("/v1/authenticate")


def test_an_ended_token_is_renewed_once_and_the_call_made_again(client, imws):
    read(client)
    imws.backend.expire_tokens()

    assert [1201] == read(client)
    assert 2 == imws.count("/v1/authenticate")


def test_a_token_that_is_refused_even_when_new_is_a_refused_sign_in(client, imws):
    imws.fail_next("GET /v1/files", status=403, times=-1, body=b'{"error":{"code":7}}')

    with pytest.raises(ImatchSignInRefused) as caught:
        read(client)

    assert (403, 7) == (caught.value.status, caught.value.service_code)
    assert 2 == imws.count("GET /v1/files")


def test_imatch_that_was_restarted_is_signed_in_to_again(client, imws):
    read(client)
    imws.fail_next("GET /v1/files", reset=True)

    assert [1201] == read(client)
    assert 2 == imws.count("/v1/authenticate")


@pytest.mark.parametrize("how", [{"reset": True}, {"truncate": True}, {"drop_answer": True}])
def test_a_read_that_broke_off_is_made_once_more(client, imws, how):
    imws.fail_next("GET /v1/files", **how)

    assert [1201] == read(client)


def test_a_read_that_keeps_breaking_off_says_that_imatch_does_not_answer(client, imws):
    imws.fail_next("GET /v1/files", reset=True, times=-1)

    with pytest.raises(ImatchUnreachable) as caught:
        read(client)

    assert f"IMatch does not answer at {client.address}." == str(caught.value)
    assert not caught.value.unclear
    assert 2 == imws.count("GET /v1/files")


def test_a_read_that_times_out_is_made_once_more(client, imws):
    read(client)
    client.timeout = 1.0
    imws.fail_next("GET /v1/files", delay=2.0)

    assert [1201] == read(client)


def test_a_write_that_times_out_is_not_repeated_and_unclear(client, imws):
    read(client)
    client.timeout = 0.5
    imws.fail_next(LEAVE, delay=1.5, when="after")

    with pytest.raises(ImatchError) as caught:
        leave(client)

    assert caught.value.unclear
    assert 1 >= imws.count(LEAVE)


def test_a_write_whose_answer_was_lost_is_not_repeated_and_unclear(client, imws):
    read(client)
    imws.fail_next(LEAVE, drop_answer=True)

    with pytest.raises(ImatchUnreachable) as caught:
        leave(client)

    assert caught.value.unclear
    assert 1 == imws.count(LEAVE)


def test_a_locked_object_is_tried_again_after_growing_pauses(client, imws, naps):
    imws.backend.lock_next(3)

    assert "ok" == leave(client)["result"]
    assert [0.5, 1.0, 2.0] == naps


def test_an_object_that_stays_locked_is_busy(client, imws):
    imws.backend.lock_next(99)

    with pytest.raises(ImatchBusy) as caught:
        leave(client)

    assert 4 == imws.count(LEAVE)
    assert "cannot lock object" in caught.value.details
    assert [1201] == imws.backend.files_in("Socials|flickr")


def test_words_that_only_contain_lock_are_no_lock(httpserver: HTTPServer):
    httpserver.expect_request("/v1/authenticate").respond_with_json({"auth_token": "t"})
    httpserver.expect_request("/v1/x").respond_with_json(
        {"error": {"code": 1, "message": "the clock is blocked"}}, status=400
    )
    with pytest.raises(ImatchError) as caught:
        client_of(address_of(httpserver)).post("/v1/x", {})

    assert not isinstance(caught.value, ImatchBusy)


def test_a_write_that_is_not_ok_is_an_error(client, imws):
    imws.backend.result_not_ok_next()

    with pytest.raises(ImatchError) as caught:
        leave(client)

    assert caught.value.unclear


def test_an_error_keeps_code_status_and_words_of_imatch(client):
    with pytest.raises(ImatchError) as caught:
        client.get("/v1/attributes", {"set": "nowhere", "id": "1201"})

    assert 400 == caught.value.status
    assert isinstance(caught.value.service_code, int)
    assert "nowhere" in caught.value.details


@pytest.mark.parametrize(
    "body", [b"", b"<html>oops</html>", b"[1, 2]", b'{"error": "no"}', b"\xff"]
)
def test_an_error_without_json_is_an_error_all_the_same(client, imws, body):
    imws.fail_next("GET /v1/files", status=500, body=body)

    with pytest.raises(ImatchError) as caught:
        read(client)

    assert 500 == caught.value.status


def test_a_page_where_json_was_due_is_not_imatch(client, imws):
    imws.fail_next("GET /v1/files", status=200, body=b"<!doctype html>", times=-1)

    with pytest.raises(ImatchUnreachable, match="but it is not IMatch"):
        read(client)


def test_imatch_that_does_not_run_has_a_way_out():
    url = address_without_service()

    with pytest.raises(ImatchUnreachable) as caught:
        read(client_of(url))

    assert f"IMatch does not answer at {url.removeprefix('http://')}." == str(caught.value)
    assert "SOCIALS_IMATCH_URL" in caught.value.hint
    assert not caught.value.unclear


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "<html>Router</html>"),
        (404, "<html>Not found</html>"),
        (404, '{"error": {"code": 404}}'),
        (200, '{"hello": "world"}'),
        (302, ""),
        (503, ""),
        (200, "[]"),
        (400, '{"error": "bad request"}'),
    ],
)
def test_another_service_at_the_port_is_named_as_such(httpserver: HTTPServer, status, body):
    httpserver.expect_request("/v1/authenticate").respond_with_data(body, status=status)

    with pytest.raises(ImatchUnreachable) as caught:
        read(client_of(address_of(httpserver)))

    address = f"127.0.0.1:{httpserver.port}"
    assert f"Something answers at {address}, but it is not IMatch." == str(caught.value)


def test_a_user_imatch_does_not_know_is_refused_by_name(httpserver: HTTPServer):
    httpserver.expect_request("/v1/authenticate").respond_with_json(
        {"error": {"code": 12, "message": "unknown user"}}, status=401
    )
    with pytest.raises(ImatchSignInRefused) as caught:
        read(client_of(address_of(httpserver)))

    assert "IMatch does not let “anna” in." == str(caught.value)
    assert "SOCIALS_IMATCH_USER" in caught.value.hint
    assert ("unknown user", 12) == (caught.value.details, caught.value.service_code)


def test_the_token_goes_in_the_query_of_reads_and_in_the_body_of_writes(httpserver: HTTPServer):
    httpserver.expect_request("/v1/authenticate").respond_with_json({"auth_token": "T0ken"})
    httpserver.expect_request("/v1/r", query_string="auth_token=T0ken&a=b").respond_with_json({})
    httpserver.expect_request("/v1/w", data="auth_token=T0ken&a=b").respond_with_json(
        {"result": "ok"}
    )
    client = client_of(address_of(httpserver))

    client.get("/v1/r", {"a": "b"})
    client.post("/v1/w", {"a": "b"})

    assert "" == httpserver.log[-1][0].query_string.decode()


def test_the_token_shows_up_in_no_error_and_no_log(httpserver: HTTPServer, caplog):
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="urllib3")  # the platforms' clients turn it down
    caplog.set_level(logging.DEBUG, logger="urllib3.connectionpool")
    httpserver.expect_request("/v1/authenticate").respond_with_json({"auth_token": "T0ken"})
    httpserver.expect_request("/v1/bad").respond_with_json(
        {"error": {"message": "bad call /v1/bad?auth_token=T0ken"}}, status=400
    )
    client = client_of(address_of(httpserver))
    caught: list[SocialsError] = []
    for path in ("/v1/bad", "/v1/gone"):
        try:
            client.get(path, {"id": "1"})
        except ImatchError as error:
            caught.append(error)
    client.base_url = address_without_service()
    try:
        client.get("/v1/bad", {"id": "1"})
    except ImatchError as error:
        caught.append(error)

    assert 3 == len(caught)
    for error in caught:
        assert error.__cause__ is None
        assert "T0ken" not in f"{error} {error.details} {error.hint} {error.__context__}"
    ours = [one.getMessage() for one in caplog.records if one.name != "werkzeug"]
    assert any("auth_token=***" in line for line in ours)
    assert not any("T0ken" in line for line in ours)


def test_no_proxy_and_no_redirect_gets_the_token(httpserver: HTTPServer, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    httpserver.expect_request("/v1/authenticate").respond_with_json({"auth_token": "t"})
    httpserver.expect_request("/v1/r").respond_with_data(
        "", status=302, headers={"Location": address_of(httpserver) + "/elsewhere"}
    )
    with pytest.raises(ImatchUnreachable, match="not IMatch"):
        client_of(address_of(httpserver)).get("/v1/r", {})

    assert "/elsewhere" not in [request.path for request, _ in httpserver.log]


def batches(client: ImwsClient, ids: list[str], columns: dict[str, str] | None):
    urls: list[str] = []
    send = client._session.request

    def noted(method: str, url: str, **how: object) -> requests.Response:
        urls.append(url)
        return send(method, url, **how)

    client._session.request = noted  # type: ignore[method-assign,assignment]
    list(client.get_batches("/v1/files", ids, {}, columns=columns))
    return [url for url in urls if "/v1/files" in url]


@pytest.mark.parametrize("first", [1, 1_000_000, 10**11])
@pytest.mark.parametrize("width", [10, 300, 1_500])
def test_batches_stay_within_a_hundred_ids_and_the_longest_url(client, first, width):
    ids = [str(first + n) for n in range(250)]
    wide = {"fields": "filename", "tagtitle": "title", "varwide": "x" * width, "variso": "i"}

    urls = batches(client, ids, wide)

    assert all(len(url) < MAX_URL for url in urls)
    for column in ("fields=id%2Cfilename", "tagtitle", "varwide", "variso"):
        asked = [url.partition("&id=")[2].partition("&")[0] for url in urls if column in url]
        assert ids == [one for part in asked for one in part.split("%2C")]
        assert all(part.count("%2C") < 100 for part in asked)


def test_no_ids_no_call(client, imws):
    assert [] == batches(client, [], {"fields": "name"})


def test_an_answer_in_other_letters_is_read_as_utf_8(httpserver: HTTPServer):
    httpserver.expect_request("/v1/authenticate").respond_with_json({"auth_token": "t"})
    httpserver.expect_request("/v1/r").respond_with_data(
        json.dumps({"a": "Müll – 🌅"}, ensure_ascii=False).encode(), content_type="text/plain"
    )
    assert {"a": "Müll – 🌅"} == client_of(address_of(httpserver)).get("/v1/r", {})
