"""Statuses: what posting does, and how posts are shown and listed."""

import pytest
from pixelfed_calls import Caller, Clock, photo

from socials_lib.demo.pixelfed import PixelfedStandIn, legacy, recent

# -- posting


def test_a_post_is_public_unless_said_otherwise_and_language_is_ignored() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        made = caller.publish("auf Deutsch", language="de")

        assert ("public", "en") == (made["visibility"], made["language"])
        assert caller.status(made["id"])["language"] is None
        assert f"{pixelfed.url}/p/demo/{made['id']}" == made["url"]


def test_ids_are_texts_beyond_the_reach_of_floats() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        made = caller.publish("words")

        assert isinstance(made["id"], str)
        assert int(made["id"]) > 2**53
        assert "1" == made["media_attachments"][0]["id"]


def test_ids_tell_the_time_by_pixelfeds_own_formula() -> None:
    clock = Clock()
    with PixelfedStandIn(legacy(), clock=clock) as pixelfed, Caller(pixelfed) as caller:
        ids = [int(caller.publish("words")["id"]) for _ in range(3)]

    for number in ids:
        assert abs((number >> 22) + 1549756800000 - clock() * 1000) < 10
        assert 1 <= (number >> 17) % 32
        assert 1 <= (number >> 12) % 32
    assert sorted(ids) == ids


def test_a_key_is_refused_when_it_comes_again_even_after_a_failure() -> None:
    clock = Clock()
    with PixelfedStandIn(legacy(), clock=clock) as pixelfed, Caller(pixelfed) as caller:
        used = {"Idempotency-Key": "used"}
        failed = caller("POST", "/api/v1/statuses", data={"status": "no media"}, headers=used)
        body = {"status": "x", "media_ids[]": caller.media()}
        again = caller("POST", "/api/v1/statuses", data=body, headers=used)
        clock.wait(3601)
        later = caller("POST", "/api/v1/statuses", data=body, headers=used)

        assert [403, 400, 200] == [one.status_code for one in (failed, again, later)]
        assert {"error": "Duplicate idempotency key."} == again.json()


def test_a_key_survives_a_failed_validation_and_belongs_to_one_account() -> None:
    with PixelfedStandIn(recent()) as pixelfed:
        key = {"Idempotency-Key": "mine"}
        with Caller(pixelfed) as caller:
            long = {"status": "x" * 501, "media_ids[]": caller.media()}
            assert 422 == caller("POST", "/api/v1/statuses", data=long, headers=key).status_code
            good = {**long, "status": "x"}
            assert 200 == caller("POST", "/api/v1/statuses", data=good, headers=key).status_code
        with Caller(pixelfed, pixelfed.backend.issue_token("other")) as other:
            good = {"status": "x", "media_ids[]": other.media()}
            assert 200 == other("POST", "/api/v1/statuses", data=good, headers=key).status_code


def test_good_media_before_a_bad_one_vanish_in_a_hidden_draft() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        good, after = caller.media(), caller.media()
        first = caller.post("/api/v1/statuses", media_ids=[good, "999", after])
        again = caller.post("/api/v1/statuses", media_ids=[good])
        rest = caller.post("/api/v1/statuses", media_ids=[after])

        assert {"error": "No query results for model [App\\Media] 999"} == first.json()
        assert {"error": "Invalid media_ids"} == again.json()
        assert 200 == rest.status_code
        draft = next(one for one in pixelfed.backend.statuses.values() if one.scope == "draft")
        assert [good] == draft.media_ids
        assert 404 == caller.get(f"/api/v1/statuses/{draft.id}").status_code


def test_the_same_picture_twice_in_a_post_swallows_it() -> None:
    with PixelfedStandIn(recent()) as pixelfed, Caller(pixelfed) as caller:
        media = caller.media()

        assert 404 == caller.post("/api/v1/statuses", media_ids=[media, media]).status_code
        assert 400 == caller.post("/api/v1/statuses", media_ids=[media]).status_code


def test_repeats_without_a_key_are_simply_more_posts() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        assert caller.publish("same")["id"] != caller.publish("same")["id"]


def test_albums_keep_the_order_and_know_their_limit() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        ids = [caller.media(f"number {number}") for number in range(5)]
        made = caller.post("/api/v1/statuses", media_ids=ids[3::-1]).json()
        refused = caller.post("/api/v1/statuses", media_ids=ids)

        assert ids[3::-1] == [one["id"] for one in made["media_attachments"]]
        assert "photo:album" == caller.status(made["id"], _pe=1)["pf_type"]
        assert "The media ids may not have more than 4 items." == refused.json()["message"]


def test_captions_count_characters_after_trimming() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        assert "\N{CAMERA}" * 500 == caller.publish("  " + "\N{CAMERA}" * 500 + "\n")["content"]
        media = caller.media()
        assert 500 == caller.post("/api/v1/statuses", status="x" * 501).status_code
        assert "" == caller.post("/api/v1/statuses", media_ids=[media]).json()["content"]


def test_spoiler_text_is_kept_only_behind_a_warning() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        without = caller.publish("x", spoiler_text="cw")
        behind = caller.publish("x", spoiler_text="cw & <b>", sensitive="true")

        assert ("", False) == (without["spoiler_text"], without["sensitive"])
        assert ("cw & <b>", True) == (behind["spoiler_text"], behind["sensitive"])


@pytest.mark.parametrize(
    ("flags", "asked", "given"),
    [
        ({"locked": True}, "public", "private"),
        ({"locked": True}, "unlisted", "private"),
        ({"unlisted": True}, "public", "unlisted"),
        ({"unlisted": True}, "private", "private"),
    ],
)
def test_some_accounts_get_less_than_they_ask_for(
    flags: dict[str, bool], asked: str, given: str
) -> None:
    with PixelfedStandIn(legacy()) as pixelfed:
        pixelfed.backend.add_account("shy", **flags)
        with Caller(pixelfed, pixelfed.backend.issue_token("shy")) as caller:
            made = caller.publish("words", visibility=asked)

    assert given == made["visibility"]


def test_direct_is_invalid_on_old_and_not_available_on_new_servers() -> None:
    for options, code, words in (
        (legacy(), 500, "The selected visibility is invalid."),
        (recent(), 400, "Direct visibility is not available."),
    ):
        with PixelfedStandIn(options) as pixelfed, Caller(pixelfed) as caller:
            answer = caller.post("/api/v1/statuses", visibility="direct", media_ids=["1"])
            said = answer.json()

            assert code == answer.status_code
            assert words == said.get("error", said.get("message"))


def test_hashtags_are_written_by_the_queue_and_fixed_at_creation() -> None:
    with PixelfedStandIn(recent()) as pixelfed, Caller(pixelfed) as caller:
        first = caller.publish("#Sunset and #nature_photo")
        assert [] == first["tags"]
        pixelfed.backend.run_queue()
        second = caller.publish("#SUNSET #sunset")
        pixelfed.backend.run_queue()
        caller.put(f"/api/v1/statuses/{first['id']}", status="#Other")
        pixelfed.backend.run_queue()

        assert [
            {"name": "Sunset", "url": f"{pixelfed.url}/discover/tags/sunset"},
            {"name": "nature_photo", "url": f"{pixelfed.url}/discover/tags/nature-photo"},
        ] == caller.status(first["id"])["tags"]
        assert ["Sunset"] == [one["name"] for one in caller.status(second["id"])["tags"]]
        assert "Sunset" == caller.get("/api/v1/tags/SUNSET").json()["name"]
        assert 404 == caller.get("/api/v1/tags/Other").status_code


def test_a_mention_reaches_a_stranger_and_an_edit_does_not_take_it_back() -> None:
    with PixelfedStandIn(legacy()) as pixelfed:
        with Caller(pixelfed) as caller:
            made = caller.publish("with @other and @nobody")
            caller.put(f"/api/v1/statuses/{made['id']}", status="without")
            shown = caller.status(made["id"])
        with Caller(pixelfed, pixelfed.backend.issue_token("other")) as other:
            notes = other.get("/api/v1/notifications").json()

        assert ["other"] == [one["username"] for one in shown["mentions"]]
        assert [("mention", "demo")] == [(one["type"], one["account"]["acct"]) for one in notes]


def test_a_day_has_room_for_1000_statuses() -> None:
    clock = Clock()
    server = PixelfedStandIn(legacy(statuses_per_day=2), clock=clock)
    with server as pixelfed, Caller(pixelfed) as caller:
        for _ in range(2):
            caller.publish("fits")
        media = caller.media()
        assert 429 == caller.post("/api/v1/statuses", media_ids=[media]).status_code
        clock.wait(86400 + 1)
        caller.publish("next day")
    assert 1000 == legacy().statuses_per_day


# -- reading


def test_line_feeds_are_raw_in_the_first_answers_of_old_servers() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        made = caller.publish("one\ntwo")
        assert "one\ntwo" == made["content"] == caller.status(made["id"])["content"]
        media = made["media_attachments"][0]["id"]
        caller.put(f"/api/v1/media/{media}", description="changed")
        assert "one<br />\ntwo" == caller.status(made["id"])["content"]


def test_the_cached_answer_ends_after_six_hours() -> None:
    clock = Clock()
    with PixelfedStandIn(legacy(), clock=clock) as pixelfed, Caller(pixelfed) as caller:
        made = caller.publish("one\ntwo")
        clock.wait(6 * 3600)

        assert "one<br />\ntwo" == caller.status(made["id"])["content"]


def test_new_servers_break_lines_always() -> None:
    with PixelfedStandIn(recent()) as pixelfed, Caller(pixelfed) as caller:
        assert "one<br />\ntwo" == caller.publish("one\ntwo")["content"]


def test_private_posts_are_for_followers() -> None:
    with PixelfedStandIn(legacy()) as pixelfed:
        hidden = pixelfed.backend.add_status(photo(), visibility="private")
        token = pixelfed.backend.issue_token("other")
        owner = pixelfed.backend.account("demo").id
        with Caller(pixelfed, token) as stranger:
            assert 403 == stranger.get(f"/api/v1/statuses/{hidden}").status_code
            assert [] == stranger.get(f"/api/v1/accounts/{owner}/statuses").json()
            pixelfed.backend.follow("other", "demo")
            assert 200 == stranger.get(f"/api/v1/statuses/{hidden}").status_code
            assert 1 == len(stranger.get(f"/api/v1/accounts/{owner}/statuses").json())


def test_a_locked_account_shows_strangers_nothing() -> None:
    for options, code in ((legacy(), 403), (recent(), 200)):
        with PixelfedStandIn(options) as pixelfed:
            shy = pixelfed.backend.add_account("shy", locked=True)
            pixelfed.backend.add_status(photo(), account="shy")
            with Caller(pixelfed) as stranger:
                answer = stranger.get(f"/api/v1/accounts/{shy.id}/statuses")

            assert code == answer.status_code
            assert answer.json() in ([], {"error": ""})


def test_pages_have_no_link_header_and_are_walked_with_max_id() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        path = f"/api/v1/accounts/{pixelfed.backend.account('demo').id}/statuses"
        ids = [pixelfed.backend.add_status(photo(), created_at=1.7e9 + n) for n in range(25)]
        newest_first = ids[::-1]

        def page(**params: object) -> list[str]:
            answer = caller.get(path, **params)
            assert "Link" not in answer.headers
            return [one["id"] for one in answer.json()]

        assert newest_first[:20] == page()
        assert newest_first[20:] == page(max_id=newest_first[19])
        assert newest_first[:2] == page(limit=2, min_id=ids[3]), "not the page just above"
        assert newest_first[:2] == page(limit=2, min_id=ids[3], max_id=ids[9]), "min_id wins"
        assert newest_first[:2] == page(limit=2, since_id=ids[24]), "since_id is ignored"
        assert newest_first == page(limit=40, only_media=1)


def test_a_larger_page_is_cut_or_refused() -> None:
    with PixelfedStandIn(legacy(page_limit=3)) as pixelfed, Caller(pixelfed) as caller:
        path = f"/api/v1/accounts/{pixelfed.backend.account('demo').id}/statuses"
        for _ in range(4):
            pixelfed.backend.add_status(photo())

        assert 3 == len(caller.get(path, limit=100).json())
        assert "The limit must be at least 1." == caller.get(path, limit=0).json()["message"]
        assert "The limit must be an integer." == caller.get(path, limit="all").json()["message"]
        pixelfed.options.page_limit_refused = True
        refused = caller.get(path, limit=4).json()["message"]
        assert "The limit may not be greater than 3." == refused


def test_lists_leave_out_replies_drafts_and_archived_posts() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        shown, away = caller.publish("shown")["id"], caller.publish("away")["id"]
        caller.post(f"/api/v1.1/archive/add/{away}")
        caller.post("/api/v1/statuses", status="my own comment", in_reply_to_id=shown)
        caller.post("/api/v1/statuses", media_ids=[caller.media(), "999"])
        path = f"/api/v1/accounts/{pixelfed.backend.account('demo').id}/statuses"

        assert [shown] == [one["id"] for one in caller.get(path).json()]


def test_engagement_can_be_seen() -> None:
    with PixelfedStandIn(recent(queue="sync")) as pixelfed, Caller(pixelfed) as caller:
        made = caller.publish("liked")["id"]
        pixelfed.backend.like(made)
        pixelfed.backend.like(made)
        pixelfed.backend.reblog(made)
        pixelfed.backend.reply(made, "Where is this?")
        shown = caller.status(made)

        counts = ("favourites_count", "reblogs_count", "replies_count")
        assert [1, 1, 1] == [shown[one] for one in counts]
        for what in ("favourited_by", "reblogged_by"):
            people = caller.get(f"/api/v1/statuses/{made}/{what}").json()
            assert ["other"] == [one["acct"] for one in people]
        comments = caller.get(f"/api/v1/statuses/{made}/context").json()["descendants"]
        assert [("Where is this?", made)] == [
            (one["content"], one["in_reply_to_id"]) for one in comments
        ]
        answer = caller.get("/api/v1/notifications", limit=2)
        assert ["mention", "reblog"] == [one["type"] for one in answer.json()]
        assert 'max_id=2>; rel="next"' in answer.headers["Link"]
        rest = caller.get("/api/v1/notifications", max_id=2).json()
        assert ["favourite"] == [one["type"] for one in rest]


def test_pixelfeds_own_shape_is_sent_where_the_compatible_one_is_off() -> None:
    with PixelfedStandIn(legacy(emc=False)) as pixelfed, Caller(pixelfed) as caller:
        made = caller.publish("words")

        assert ("words", "photo") == (made["content_text"], made["pf_type"])
