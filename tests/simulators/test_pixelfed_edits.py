"""Statuses: editing, deleting, archiving, collecting."""

from collections.abc import Callable

import pytest
from pixelfed_calls import Caller, Clock

from socials_lib.demo.pixelfed import PixelfedOptions, PixelfedStandIn, legacy, recent

BOTH = pytest.mark.parametrize("make", [legacy, recent])
Make = Callable[..., PixelfedOptions]


# -- editing


@BOTH
def test_an_edit_replaces_and_never_patches(make: Make) -> None:
    with PixelfedStandIn(make(queue="sync")) as pixelfed, Caller(pixelfed) as caller:
        made = caller.publish("before", sensitive="1", spoiler_text="cw")
        path = f"/api/v1/statuses/{made['id']}"
        media = made["media_attachments"][0]["id"]

        after = caller.put(path, status="after & more").json()
        assert ("after &amp; more", True, "") == (
            after["content_text"],
            after["sensitive"],
            after["spoiler_text"],
        )
        wiped = caller.put(path, media_ids=[media]).json()
        assert pixelfed.options.wiped_content == wiped["content"]
        off = caller.put(path, status="x", sensitive="0", spoiler_text="dropped").json()
        assert (False, "") == (off["sensitive"], off["spoiler_text"])
        assert ("public", None) == (off["visibility"], off["favourited"])


@BOTH
def test_an_edit_of_an_unlisted_or_private_post_answers_with_nothing(make: Make) -> None:
    with PixelfedStandIn(make()) as pixelfed, Caller(pixelfed) as caller:
        for scope in ("unlisted", "private"):
            made = caller.publish("before", visibility=scope)
            answer = caller.put(f"/api/v1/statuses/{made['id']}", status="after")

            assert (200, b"") == (answer.status_code, answer.content)
            assert answer.headers["Content-Type"].startswith("text/html")
            assert "after" == caller.status(made["id"])["content"]


@BOTH
def test_a_post_can_be_edited_nine_times(make: Make) -> None:
    with PixelfedStandIn(make()) as pixelfed, Caller(pixelfed) as caller:
        path = f"/api/v1/statuses/{caller.publish('number 0')['id']}"
        codes = [caller.put(path, status="same words").status_code for _ in range(11)]

        assert [200] * 9 + [400] * 2 == codes
        refused = caller.put(path, status="x").json()
        assert {"error": "You cannot edit your post more than 10 times."} == refused
        assert 10 == len(caller.get(path + "/history").json())


def test_history_is_newest_first_and_empty_before_the_first_edit() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        made = caller.publish("first")
        path = f"/api/v1/statuses/{made['id']}"
        assert [] == caller.get(path + "/history").json()
        caller.put(path, status='second <a href="https://example.org/x">link</a>')
        caller.put(path, status="third")

        said = [one["content"] for one in caller.get(path + "/history").json()]
        assert ["third", "second link", "first"] == said
        private = caller.publish("hidden", visibility="private")["id"]
        assert 403 == caller.get(f"/api/v1/statuses/{private}/history").status_code


def test_albums_must_repeat_all_ids() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        made = caller.publish("three", pictures=3)
        path = f"/api/v1/statuses/{made['id']}"
        one, two, three = (media["id"] for media in made["media_attachments"])

        failed = caller.put(path, status="no ids")
        assert (500, 'Undefined array key "media_ids"') == (
            failed.status_code,
            failed.json()["error"],
        )
        assert "three" == caller.status(made["id"])["content"]
        assert 1 == len(caller.get(path + "/history").json()), "the failure left a row"

        turned = caller.put(path, status="turned", media_ids=[three, two, one]).json()
        assert [three, two, one] == [media["id"] for media in turned["media_attachments"]]

        free = caller.media()
        less = caller.put(path, status="less", media_ids=[free, two, one]).json()
        assert [two, one] == [media["id"] for media in less["media_attachments"]]
        assert three not in pixelfed.backend.media, "what is left out is destroyed"
        assert pixelfed.backend.media[free].status_id is None, "nothing is added"

        last = caller.put(path, status="last", media_ids=[one]).json()
        assert "photo:album" == last["pf_type"]
        assert 200 == caller.put(path, status="no album any more").status_code


def test_ids_of_an_edit_may_be_numbers_and_must_be_own() -> None:
    with PixelfedStandIn(recent()) as pixelfed, Caller(pixelfed) as caller:
        made = caller.publish("two", pictures=2)
        path = f"/api/v1/statuses/{made['id']}"
        numbers = [int(media["id"]) for media in made["media_attachments"]]
        taken = int(caller.publish("else")["media_attachments"][0]["id"])

        answer = caller("PUT", path, json={"status": "as JSON", "media_ids": numbers[::-1]})
        assert 200 == answer.status_code
        bad = caller("PUT", path, json={"status": "x", "media_ids": [*numbers, taken, 999]})
        assert (
            f"No query results for model [App\\Models\\Media] {taken}, 999" == (bad.json()["error"])
        )


def test_media_attributes_are_ignored() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        made = caller.publish("words")
        media = made["media_attachments"][0]["id"]
        attributes = [{"id": media, "description": "changed"}]
        body = {"status": "x", "media_ids": [media], "media_attributes": attributes}
        answer = caller("PUT", f"/api/v1/statuses/{made['id']}", json=body)

        assert "alt 0" == answer.json()["media_attachments"][0]["description"]


def test_editing_can_be_off_on_old_servers() -> None:
    for options, code in ((legacy(pue=False), 404), (recent(pue=False), 200)):
        with PixelfedStandIn(options) as pixelfed, Caller(pixelfed) as caller:
            made = caller.publish("words")
            answer = caller.put(f"/api/v1/statuses/{made['id']}", status="x")

            assert code == answer.status_code


def test_nobody_edits_what_is_not_theirs_or_not_shown() -> None:
    with PixelfedStandIn(recent()) as pixelfed, Caller(pixelfed) as caller:
        made = caller.publish("words")["id"]
        with Caller(pixelfed, pixelfed.backend.issue_token("other")) as other:
            assert 403 == other.put(f"/api/v1/statuses/{made}", status="x").status_code
            assert 404 == other.delete(f"/api/v1/statuses/{made}").status_code
        caller.post(f"/api/v1.1/archive/add/{made}")
        assert 403 == caller.put(f"/api/v1/statuses/{made}", status="x").status_code


def test_a_place_needs_all_three_parts_and_can_be_taken_off() -> None:
    with PixelfedStandIn(recent()) as pixelfed, Caller(pixelfed) as caller:
        made = caller.publish("words", place_id=7)["id"]
        assert 7 == pixelfed.backend.statuses[made].place_id
        path = f"/api/v1/statuses/{made}"
        half = caller("PUT", path, json={"status": "x", "location": {"id": 1}})
        assert ["location.country", "location.name"] == list(half.json()["errors"])
        whole = {"location[id]": 9, "location[name]": "A", "location[country]": "B"}
        assert 200 == caller.put(path, status="x", **whole).status_code
        assert 9 == pixelfed.backend.statuses[made].place_id
        caller("PUT", path, json={"status": "x", "location": []})
        assert pixelfed.backend.statuses[made].place_id is None


# -- deleting, archiving


def test_a_delete_waits_for_the_worker() -> None:
    clock = Clock()
    options = legacy(queue="delayed", queue_delay=30)
    with PixelfedStandIn(options, clock=clock) as pixelfed, Caller(pixelfed) as caller:
        made = caller.publish("short #lived")
        clock.wait(30)
        path = f"/api/v1/statuses/{made['id']}"
        picture = caller.status(made["id"])["media_attachments"][0]

        first, second = caller.delete(path), caller.delete(path)
        assert [200, 200] == [first.status_code, second.status_code]
        assert picture["id"] == first.json()["media_attachments"][0]["id"]
        assert 'class="u-url hashtag"' in first.json()["text"]
        assert "content" not in first.json()
        assert 200 == caller.get(path).status_code

        clock.wait(30)
        assert 404 == caller.get(path).status_code
        assert 500 == caller.delete(path).status_code
        assert picture["id"] not in pixelfed.backend.media
        stored = picture["url"].removeprefix(pixelfed.url)
        assert 404 == caller.get(stored).status_code
        assert [] == caller.get(f"/api/v1/accounts/{made['account']['id']}/statuses").json()


def test_with_a_sync_queue_the_answer_shows_what_is_left() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        made = caller.publish("gone #at once")
        answer = caller.delete(f"/api/v1/statuses/{made['id']}").json()

        assert ([], []) == (answer["media_attachments"], answer["tags"])
        assert 0 == answer["account"]["statuses_count"]


def test_archived_looks_like_deleted_but_comes_back() -> None:
    with PixelfedStandIn(recent()) as pixelfed, Caller(pixelfed) as caller:
        made = caller.publish("words", visibility="unlisted")["id"]
        assert [200] == caller.post(f"/api/v1.1/archive/add/{made}").json()
        assert 404 == caller.get(f"/api/v1/statuses/{made}").status_code
        assert 404 == caller.get(f"/p/demo/{made}").status_code
        assert [200] == caller.post(f"/api/v1.1/archive/remove/{made}").json()
        assert "unlisted" == caller.status(made)["visibility"]


def test_collections_are_filled_but_not_made() -> None:
    with PixelfedStandIn(recent(queue="sync")) as pixelfed, Caller(pixelfed) as caller:
        root = "/api/v1.1/collections"
        made = pixelfed.backend.add_collection("Lakes")
        post = caller.publish("a lake", collection_ids=[made])["id"]
        more = caller.publish("another")["id"]

        assert 405 == caller.post(f"{root}/view/{made}").status_code
        assert 200 == caller.post(f"{root}/add", collection_id=made, post_id=more).status_code
        items = caller.get(f"{root}/items/{made}").json()
        assert [post, more] == [one["id"] for one in items]
        assert 2 == caller.get(f"{root}/view/{made}").json()["post_count"]
        removed = caller.post(f"{root}/remove", collection_id=made, post_id=more)
        assert "200" == removed.text
        last = caller.post(f"{root}/remove", collection_id=made, post_id=post)
        assert "You cannot delete the only post of a collection!" == last.json()["error"]
        caller.delete(f"/api/v1/statuses/{post}")
        assert [] == caller.get(f"{root}/items/{made}").json()
        caller.delete(f"{root}/delete/{made}")
        assert 404 == caller.get(f"{root}/view/{made}").status_code
