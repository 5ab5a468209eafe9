"""How the two error layers say what went wrong (facts, section 3)."""

import pytest
from pixelfed_calls import ANY, JSON, Caller, Clock, photo

from socials_lib.demo.pixelfed import PixelfedStandIn, legacy, recent

VERIFY = "/api/v1/accounts/verify_credentials"
LAYERS = {"legacy": legacy, "recent": recent}
INVALID = {
    "message": "The status may not be greater than 500 characters.",
    "errors": {"status": ["The status may not be greater than 500 characters."]},
}


def row(layer: str, model: str, number: str) -> str:
    prefix = "App\\" if layer == "legacy" else "App\\Models\\"
    return f"No query results for model [{prefix}{model}] {number}"


#: cause -> what is asked, then the answer per layer and Accept; None stands for a web page
CAUSES = {
    "bad token": {
        ("legacy", ANY): (302, None),
        ("legacy", JSON): (500, {"error": "Unauthenticated."}),
        ("recent", ANY): (401, {"message": "Unauthenticated."}),
        ("recent", JSON): (401, {"error": "Unauthenticated."}),
    },
    "validation": {
        ("legacy", ANY): (302, None),
        ("legacy", JSON): (500, INVALID),
        ("recent", ANY): (422, INVALID),
        ("recent", JSON): (422, INVALID),
    },
    "media missing": {
        ("legacy", ANY): (404, None),
        ("legacy", JSON): (500, {"error": row("legacy", "Media", "77")}),
        ("recent", ANY): (404, {"message": row("recent", "Media", "77")}),
        ("recent", JSON): (404, {"error": row("recent", "Media", "77")}),
    },
    "delete missing": {
        ("legacy", ANY): (404, None),
        ("legacy", JSON): (500, {"error": row("legacy", "Status", "77")}),
        ("recent", ANY): (404, {"message": row("recent", "Status", "77")}),
        ("recent", JSON): (404, {"error": row("recent", "Status", "77")}),
    },
    "get missing": {
        ("legacy", ANY): (404, None),
        ("legacy", JSON): (404, {"error": ""}),
        ("recent", ANY): (404, {"message": ""}),
        ("recent", JSON): (404, {"error": ""}),
    },
    "edit missing": {
        ("legacy", ANY): (403, None),
        ("legacy", JSON): (500, {"error": "This action is unauthorized."}),
        ("recent", ANY): (403, {"message": "This action is unauthorized."}),
        ("recent", JSON): (403, {"error": "This action is unauthorized."}),
    },
    "unknown route": {
        ("legacy", ANY): (404, None),
        ("legacy", JSON): (
            404,
            {"error": "The route api/v1/statuses/7/source could not be found."},
        ),
        ("recent", ANY): (
            404,
            {"message": "The route api/v1/statuses/7/source could not be found."},
        ),
        ("recent", JSON): (
            404,
            {"error": "The route api/v1/statuses/7/source could not be found."},
        ),
    },
    "scope missing": {
        ("legacy", ANY): (403, None),
        ("legacy", JSON): (403, {"error": ""}),
        ("recent", ANY): (403, {"message": ""}),
        ("recent", JSON): (403, {"error": ""}),
    },
    "no media": {
        ("legacy", ANY): (403, None),
        ("legacy", JSON): (403, {"error": "Empty statuses are not allowed"}),
        ("recent", ANY): (403, {"message": "Empty statuses are not allowed"}),
        ("recent", JSON): (403, {"error": "Empty statuses are not allowed"}),
    },
    "media unknown": {
        ("legacy", ANY): (400, None),
        ("legacy", JSON): (400, {"error": "Invalid media_ids"}),
        ("recent", ANY): (400, {"message": "Invalid media_ids"}),
        ("recent", JSON): (400, {"error": "Invalid media_ids"}),
    },
    "album edit without ids": {
        ("legacy", ANY): (500, None),
        ("legacy", JSON): (500, {"error": 'Undefined array key "media_ids"'}),
        ("recent", ANY): (500, {"message": "Server Error"}),
        ("recent", JSON): (500, {"error": 'Undefined array key "media_ids"'}),
    },
}


@pytest.mark.parametrize("accept", [ANY, JSON])
@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("cause", CAUSES)
def test_every_cause_has_its_answer_per_layer_and_accept(
    cause: str, layer: str, accept: str
) -> None:
    with PixelfedStandIn(LAYERS[layer](queue="sync")) as pixelfed:
        token = ""
        if cause == "bad token":
            token = "made-up"
        if cause == "scope missing":
            token = pixelfed.backend.issue_token("demo", ["read"])
        with Caller(pixelfed, token, accept) as caller:
            answer = {
                "bad token": lambda: caller.get(VERIFY),
                "validation": lambda: caller.post("/api/v1/statuses", status="x" * 501),
                "media missing": lambda: caller.get("/api/v1/media/77"),
                "delete missing": lambda: caller.delete("/api/v1/statuses/77"),
                "get missing": lambda: caller.get("/api/v1/statuses/77"),
                "edit missing": lambda: caller.put("/api/v1/statuses/77", status="x"),
                "unknown route": lambda: caller.get("/api/v1/statuses/7/source"),
                "scope missing": lambda: caller.post("/api/v1/statuses", status="x"),
                "no media": lambda: caller.post("/api/v1/statuses", status="x"),
                "media unknown": lambda: caller.post("/api/v1/statuses", media_ids=["77"]),
                "album edit without ids": lambda: caller.put(
                    f"/api/v1/statuses/{caller.publish('two', pictures=2)['id']}", status="x"
                ),
            }[cause]()
        code, body = CAUSES[cause][layer, accept]

        assert code == answer.status_code
        if body is None:
            assert "text/html; charset=UTF-8" == answer.headers["Content-Type"]
        else:
            assert "application/json" == answer.headers["Content-Type"]
            assert body == answer.json()


def test_a_legacy_client_that_follows_redirects_sees_two_friendly_pages() -> None:
    with PixelfedStandIn(legacy()) as pixelfed:
        with Caller(pixelfed, "made-up", ANY) as caller:
            signed_out = caller("GET", VERIFY, allow_redirects=True)
        with Caller(pixelfed, accept=ANY) as caller:
            invalid = caller(
                "POST", "/api/v1/statuses", data={"status": "x" * 501}, allow_redirects=True
            )

        assert [302] == [one.status_code for one in signed_out.history]
        assert (200, f"{pixelfed.url}/login") == (signed_out.status_code, signed_out.url)
        assert [302] == [one.status_code for one in invalid.history]
        assert pixelfed.url == invalid.history[0].headers["Location"]
        assert (200, pixelfed.url) == (invalid.status_code, invalid.url.rstrip("/"))
        for page in (signed_out, invalid):
            assert page.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("accept", "is_json"),
    [
        ("application/json", True),
        ("application/json, text/plain, */*", True),
        ("application/activity+json", True),
        ("text/html, application/json", False),
        ("*/*, application/json", False),
        ("text/html;q=0.5, application/json;q=0.9", True),
    ],
)
def test_json_must_be_what_the_client_likes_best(accept: str, is_json: bool) -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed, None, accept) as caller:
        answer = caller.get(VERIFY)

    assert (500 if is_json else 302) == answer.status_code


def test_a_token_ends_by_the_clock() -> None:
    clock = Clock()
    with PixelfedStandIn(recent(), clock=clock) as pixelfed:
        short = pixelfed.backend.issue_token("demo", ["read"], clock() + 60)
        with Caller(pixelfed, short) as caller:
            assert 200 == caller.get(VERIFY).status_code
            clock.wait(60)
            assert 401 == caller.get(VERIFY).status_code
        with Caller(pixelfed) as caller:
            clock.wait(365 * 86400 - 61)
            assert 200 == caller.get(VERIFY).status_code
            clock.wait(1)
            assert 401 == caller.get(VERIFY).status_code


def test_a_read_only_token_may_edit_but_not_post() -> None:
    with PixelfedStandIn(legacy()) as pixelfed:
        with Caller(pixelfed) as caller:
            made = caller.publish("before")
        with Caller(pixelfed, pixelfed.backend.issue_token("demo", ["read"])) as reader:
            edited = reader.put(f"/api/v1/statuses/{made['id']}", status="after")
            refused = reader.upload()

        assert (200, "after") == (edited.status_code, edited.json()["content"])
        assert (403, {"error": ""}) == (refused.status_code, refused.json())


def test_public_posts_need_a_token_and_the_instance_does_not() -> None:
    with PixelfedStandIn(recent()) as pixelfed:
        public = pixelfed.backend.add_status(photo(), caption="for all")
        with Caller(pixelfed, None) as caller:
            assert 401 == caller.get(f"/api/v1/statuses/{public}").status_code
            for path in ("/api/v1/instance/", "/api/v2/instance", "/api/v1/custom_emojis"):
                assert 200 == caller.get(path).status_code


def test_an_unconfirmed_account_is_sent_to_its_mailbox() -> None:
    with PixelfedStandIn(legacy()) as pixelfed:
        pixelfed.backend.add_account("new", verified=False)
        with Caller(pixelfed, pixelfed.backend.issue_token("new"), ANY) as caller:
            answer = caller("GET", VERIFY, allow_redirects=True)

        places = [one.headers["Location"] for one in answer.history]
        assert [f"{pixelfed.url}/i/verify-email", f"{pixelfed.url}/login"] == places


def test_disabled_and_restricted_accounts_are_refused() -> None:
    with PixelfedStandIn(legacy()) as pixelfed:
        backend = pixelfed.backend
        backend.add_account("gone", disabled=True)
        backend.add_account("child", restricted=True)
        with Caller(pixelfed, backend.issue_token("gone")) as caller:
            assert 403 == caller.get(VERIFY).status_code
        with Caller(pixelfed, backend.issue_token("child")) as caller:
            answer = caller.upload()

        assert 403 == answer.status_code
        assert {"error": "Invalid permissions for this action"} == answer.json()


def test_several_faults_of_one_request_are_counted_in_the_message() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        answer = caller.post(
            "/api/v1/statuses", status="x" * 501, visibility="Public", spoiler_text="y" * 141
        )

    assert (
        "The status may not be greater than 500 characters. (and 2 more errors)"
        == (answer.json()["message"])
    )
    assert ["status", "visibility", "spoiler_text"] == list(answer.json()["errors"])


def test_the_wrong_method_is_named() -> None:
    with PixelfedStandIn(recent()) as pixelfed, Caller(pixelfed) as caller:
        answer = caller.delete("/api/v1/media/7")

    assert 405 == answer.status_code
    assert "Supported methods: PUT, GET." in answer.json()["error"]


def test_faults_are_matched_by_operation_names() -> None:
    with PixelfedStandIn(recent()) as pixelfed, Caller(pixelfed) as caller:
        pixelfed.fail_next("PUT /api/v1/media/:id", status=503)
        media = caller.media()

        assert 503 == caller.put(f"/api/v1/media/{media}", description="x").status_code
        assert 200 == caller.put(f"/api/v1/media/{media}", description="x").status_code
        assert 2 == pixelfed.count("PUT /api/v1/media/:id")
        names = ["POST /api/v2/media", "PUT /api/v1/media/:id", "PUT /api/v1/media/:id"]
        assert names == pixelfed.operations()


def test_the_request_log_knows_the_fields_but_no_token() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        made = caller.publish("words")
        caller("PUT", f"/api/v1/statuses/{made['id']}", json={"status": "other words"})

        upload, post, edit = pixelfed.requests
        assert {"description": "alt 0", "file": f"{len(photo())} bytes"} == dict(upload.params)
        assert "words" == post.params["status"]
        assert {"status": "other words"} == dict(edit.params)
        assert pixelfed.token not in repr(pixelfed.requests)
