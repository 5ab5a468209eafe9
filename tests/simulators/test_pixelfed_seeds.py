"""Filling the stand-in by hand, comparing its state, starting afresh, and its web pages."""

import base64
import io
import json
import re

import pytest
import requests
from PIL import Image
from pixelfed_calls import MORNING, Caller, Clock, photo

from socials_lib.demo.pixelfed import PixelfedBackend, PixelfedStandIn, legacy, recent

YEAR_AGO = MORNING - 365 * 86400


def test_a_seeded_status_looks_as_if_it_had_been_posted_long_ago() -> None:
    with PixelfedStandIn(recent(), clock=Clock()) as pixelfed, Caller(pixelfed) as caller:
        made = pixelfed.backend.add_status(
            photo(90, 60),
            caption="Old <b>dawn</b> #Dawn",
            alt_text="A lake",
            visibility="unlisted",
            created_at=YEAR_AGO,
            likes=3,
            replies=2,
            reblogs=1,
        )
        shown = caller.status(made)

        assert [] == pixelfed.backend.jobs, "nothing waits"
        assert ["Dawn"] == [tag["name"] for tag in shown["tags"]]
        assert shown["content"].startswith("Old dawn ")
        assert "2025-11-21T08:00:00.000Z" == shown["created_at"]
        assert "unlisted" == shown["visibility"]
        assert (3, 2, 1) == (
            shown["favourites_count"],
            shown["replies_count"],
            shown["reblogs_count"],
        )
        picture = shown["media_attachments"][0]
        assert pixelfed.backend.statuses[made].media_ids == [picture["id"]]
        assert ("A lake", 90) == (picture["description"], picture["meta"]["original"]["width"])
        assert 1 == shown["account"]["statuses_count"]
        assert 6 == len(caller.get("/api/v1/notifications").json())


def test_older_seeds_sort_below_newer_ones_and_other_jobs_go_on_waiting() -> None:
    with PixelfedStandIn(recent(), clock=Clock()) as pixelfed, Caller(pixelfed) as caller:
        waiting = caller.media()
        new = pixelfed.backend.add_status(photo(), created_at=MORNING - 10)
        old = pixelfed.backend.add_status(photo(), created_at=YEAR_AGO)
        path = f"/api/v1/accounts/{pixelfed.backend.account('demo').id}/statuses"

        assert [new, old] == [one["id"] for one in caller.get(path).json()]
        assert [waiting] == [job.about for job in pixelfed.backend.jobs]


def test_seeds_may_belong_to_somebody_else() -> None:
    backend = PixelfedBackend()
    made = backend.add_status(photo(), account="other")

    assert backend.account("other").id == backend.statuses[made].account_id
    with pytest.raises(KeyError):
        backend.add_status(photo(), account="nobody")
    with pytest.raises(ValueError, match="visibility"):
        backend.add_status(photo(), visibility="direct")
    with pytest.raises(ValueError, match="already"):
        backend.add_account("demo")


def test_a_token_looks_like_the_real_thing() -> None:
    clock = Clock()
    backend = PixelfedBackend(clock=clock)
    head, claims, signature = (
        base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        for part in backend.issue_token("demo", ["read"]).split(".")
    )

    assert {"typ": "JWT", "alg": "RS256"} == json.loads(head)
    said = json.loads(claims)
    assert ["read"] == said["scopes"]
    assert 365 * 86400 == said["exp"] - said["iat"]
    assert backend.account("demo").id == said["sub"]
    assert len(signature) == 512


def test_reading_leaves_the_snapshot_alone_and_every_write_changes_it() -> None:
    clock = Clock()
    with PixelfedStandIn(legacy(), clock=clock) as pixelfed, Caller(pixelfed) as caller:
        made = caller.publish("words", pictures=2)
        before = pixelfed.backend.snapshot()
        assert before == json.loads(json.dumps(before))

        clock.wait(5 * 3600)
        for path in (
            "/api/v1/accounts/verify_credentials",
            f"/api/v1/statuses/{made['id']}",
            f"/api/v1/accounts/{made['account']['id']}/statuses",
            "/api/v1/notifications",
            "/",
        ):
            caller.get(path)
        assert before == pixelfed.backend.snapshot()

        media = made["media_attachments"][0]["id"]
        writes = [
            lambda: caller.media(),
            lambda: caller.put(f"/api/v1/media/{media}", description="x"),
            lambda: caller.put(f"/api/v1/statuses/{made['id']}", status="no ids"),
            lambda: caller.post(f"/api/v1.1/archive/add/{made['id']}"),
            lambda: caller.delete(f"/api/v1/statuses/{made['id']}"),
            lambda: pixelfed.backend.add_collection("new"),
        ]
        for write in writes:
            before = pixelfed.backend.snapshot()
            write()
            assert before != pixelfed.backend.snapshot()


def test_a_reset_empties_the_server_but_keeps_the_token() -> None:
    with PixelfedStandIn(legacy()) as pixelfed:
        token = pixelfed.token
        with Caller(pixelfed) as caller:
            caller.publish("words")
            pixelfed.reset()

            assert {} == pixelfed.backend.statuses
            assert [] == pixelfed.requests
            assert 200 == caller.get("/api/v1/accounts/verify_credentials").status_code
        assert token == pixelfed.token


def test_the_same_seed_gives_the_same_server() -> None:
    first, second = (PixelfedBackend(clock=Clock()) for _ in range(2))
    for backend in (first, second):
        backend.add_status(photo(), caption="words", likes=1)

    assert first.snapshot() == second.snapshot()
    assert first.token == second.token


def test_jobs_wait_for_the_clock_or_for_the_worker() -> None:
    clock = Clock()
    backend = PixelfedBackend(legacy(queue="delayed", queue_delay=10), clock=clock)
    media = backend.keep_media(backend.account("demo"), photo(), description=None)
    clock.wait(9)
    backend.tick()
    assert not media.processed
    clock.wait(1)
    backend.tick()
    assert media.processed

    never = PixelfedBackend(legacy(queue="delayed"), clock=clock)
    never.keep_media(never.account("demo"), photo(), description=None)
    clock.wait(10**6)
    never.tick()
    assert 1 == len(never.jobs)
    assert 1 == never.run_queue()
    assert 0 == never.run_queue()


# -- web pages

NASTY = '<script>alert("caption")</script> & "quotes" \' <img src=x onerror=alert(1)>'


def page(pixelfed: PixelfedStandIn, path: str) -> requests.Response:
    return requests.get(pixelfed.url + path, timeout=20)


def test_a_published_link_opens_a_page_with_everything_on_it() -> None:
    with PixelfedStandIn(legacy(), clock=Clock()) as pixelfed:
        with Caller(pixelfed) as caller:
            made = caller.publish("Dawn & mist\n#Dawn", pictures=2, visibility="private")
        answer = requests.get(made["url"], timeout=20)

        assert (200, "text/html; charset=UTF-8") == (
            answer.status_code,
            answer.headers["Content-Type"],
        )
        for words in (
            "Dawn &amp; mist",
            "Alt text: alt 0",
            "Alt text: alt 1",
            "Followers only",
            "21 November 2026",
            'href="/discover/tags/dawn"',
        ):
            assert words in answer.text
        sources = re.findall(r'<img src="([^"]+)"', answer.text)
        assert 2 == len(sources)
        for source in sources:
            picture = page(pixelfed, source)
            assert "image/jpeg" == picture.headers["Content-Type"]
            with Image.open(io.BytesIO(picture.content)) as opened:
                assert (60, 40) == opened.size


def test_whatever_is_written_pages_show_it_as_words() -> None:
    with PixelfedStandIn(legacy(title="<i>Title</i>")) as pixelfed, Caller(pixelfed) as caller:
        made = caller.publish("plain", sensitive="1", spoiler_text=NASTY)
        media = made["media_attachments"][0]["id"]
        caller.upload(description=NASTY)
        pixelfed.backend.media[media].description = NASTY
        pixelfed.backend.statuses[made["id"]].caption = "&lt;script&gt;alert(2)&lt;/script&gt;"
        pixelfed.backend.account("demo").display_name = NASTY

        for path in ("/", "/demo", f"/p/demo/{made['id']}", "/login", "/discover/tags/<script>"):
            text = page(pixelfed, path).text
            assert "<script" not in text
            assert "<img src=x" not in text
            assert "<i>" not in text
            assert 'src="http' not in text, "self-contained"


def test_the_stream_shows_pages_of_posts_newest_first() -> None:
    with PixelfedStandIn(legacy(), clock=Clock()) as pixelfed:
        data = photo()
        for number in range(50):
            pixelfed.backend.add_status(
                data, caption=f"post {number:02}", created_at=YEAR_AGO + number
            )
        pixelfed.backend.add_status(data, caption="a secret of theirs", account="other",
                                    visibility="private")  # fmt: skip
        first, second = page(pixelfed, "/").text, page(pixelfed, "/?page=2").text

        assert first.index("post 49") < first.index("post 02")
        assert "post 01" in second
        assert "post 01" not in first
        assert "Older posts" in first
        assert "Older posts" not in second
        assert "a secret of theirs" not in first + second


def test_pages_that_are_not_there_say_so() -> None:
    with PixelfedStandIn(recent()) as pixelfed:
        made = pixelfed.backend.add_status(photo(), caption="words")
        gone = ("/p/demo/77", f"/p/other/{made}", "/nobody", "/storage/m/x.jpg", "/a/b/c")
        for path in gone:
            answer = page(pixelfed, path)
            assert 404 == answer.status_code
            assert answer.headers["Content-Type"].startswith("text/html")
        assert 200 == page(pixelfed, "/discover/tags/nothing").status_code


def test_a_picture_can_be_asked_for_its_head_alone() -> None:
    with PixelfedStandIn(legacy()) as pixelfed:
        made = pixelfed.backend.add_status(photo())
        path = pixelfed.backend.media[pixelfed.backend.statuses[made].media_ids[0]].path
        answer = requests.head(f"{pixelfed.url}/storage/{path}", timeout=20)

        assert (200, b"") == (answer.status_code, answer.content)
        assert int(answer.headers["Content-Length"]) > 100
