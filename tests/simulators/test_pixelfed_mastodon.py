"""Mastodon.py against the stand-in, by the recipe that works with real servers."""

import warnings
from collections.abc import Callable, Iterator

import pytest
import requests
from mastodon import (
    Mastodon,
    MastodonAPIError,
    MastodonInternalServerError,
    MastodonNotFoundError,
    MastodonRatelimitError,
    MastodonUnauthorizedError,
)
from pixelfed_calls import Clock, photo

from socials_lib.demo.pixelfed import PixelfedOptions, PixelfedStandIn, legacy, recent

Make = Callable[..., PixelfedOptions]


class Recipe:
    """A client with its own session, and the last answer it saw."""

    def __init__(self, pixelfed: PixelfedStandIn, token: str = "") -> None:
        self.last: requests.Response | None = None
        self.session = requests.Session()
        self.session.headers["Accept"] = "application/json"
        self.session.hooks["response"] = [self._keep]
        self.api = Mastodon(
            access_token=token or pixelfed.token,
            api_base_url=pixelfed.url,
            session=self.session,
            mastodon_version="3.5.3",
            ratelimit_method="throw",
            request_timeout=20,
        )

    def _keep(self, answer: requests.Response, *_more: object, **_others: object) -> None:
        self.last = answer

    def post(self, words: str, pictures: int = 1, **how: object) -> object:
        media = [
            self.api.media_post(photo(), "image/jpeg", description=f"alt {number}")
            for number in range(pictures)
        ]
        return self.api.status_post(words, media_ids=media, **how)


@pytest.fixture(params=[legacy, recent])
def make(request: pytest.FixtureRequest) -> Make:
    chosen: Make = request.param
    return chosen


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pixelfed(make: Make, clock: Clock) -> Iterator[PixelfedStandIn]:
    with warnings.catch_warnings(), PixelfedStandIn(make(), clock=clock) as server:
        yield server


@pytest.fixture
def recipe(pixelfed: PixelfedStandIn) -> Iterator[Recipe]:
    made = Recipe(pixelfed)
    yield made
    made.session.close()


def test_the_life_of_a_photo(pixelfed: PixelfedStandIn, recipe: Recipe) -> None:
    api = recipe.api
    me = api.account_verify_credentials()
    media = api.media_post(photo(), "image/jpeg", description="Dawn")
    made = api.status_post("Dawn over the lake\n\n#dawn", media_ids=media, visibility="public")
    pixelfed.backend.run_queue()
    api.media_update(media, description="Dawn & mist")
    api.status_update(
        made, "Dawn & mist", sensitive=False, spoiler_text="", media_ids=[media["id"]]
    )
    shown = api.status(made)

    assert "demo" == me.acct
    assert "Dawn &amp; mist" == shown.content
    assert "Dawn &amp; mist" == shown.media_attachments[0].description
    assert ["dawn"] == [tag.name for tag in shown.tags]
    assert [made.id] == [one.id for one in api.account_statuses(me, limit=40)]
    assert 2 == len(api.status_history(made))
    assert "Dawn &amp; mist" == api.status_delete(made).text
    pixelfed.backend.run_queue()
    with pytest.raises(MastodonNotFoundError):
        api.status(made)
    assert "POST /api/v1/media" in pixelfed.operations(), "the recipe never asks for the version"
    assert not [one for one in pixelfed.operations() if "instance" in one]


def test_an_album_needs_its_ids(recipe: Recipe) -> None:
    made = recipe.post("two", pictures=2)

    with pytest.raises(MastodonInternalServerError) as caught:
        recipe.api.status_update(made, "changed")
    assert 'Undefined array key "media_ids"' == caught.value.args[3]
    ids = [media.id for media in made.media_attachments]
    assert "changed" == recipe.api.status_update(made, "changed", media_ids=ids).content_text


def test_an_unlisted_edit_cannot_be_parsed_but_is_done(recipe: Recipe) -> None:
    made = recipe.post("before", visibility="unlisted")

    with pytest.raises(MastodonAPIError, match="Could not parse response as JSON"):
        recipe.api.status_update(made, "after")
    assert "after" == recipe.api.status(made).content


def test_a_bad_token(pixelfed: PixelfedStandIn) -> None:
    recipe = Recipe(pixelfed, "made-up")
    expected = MastodonUnauthorizedError
    if pixelfed.options.error_layer == "legacy":
        expected = MastodonInternalServerError
    with pytest.raises(expected) as caught:
        recipe.api.account_verify_credentials()
    recipe.session.close()
    assert "Unauthenticated." == caught.value.args[3]


def test_the_library_hides_validation_texts_but_the_hook_sees_them(
    pixelfed: PixelfedStandIn, recipe: Recipe
) -> None:
    with pytest.raises(MastodonAPIError) as caught:
        recipe.post("x" * 501)

    assert caught.value.args[3] is None
    assert recipe.last is not None
    words = "The status may not be greater than 500 characters."
    assert {"status": [words]} == recipe.last.json()["errors"]


def test_a_second_delete_and_an_edit_of_nothing(pixelfed: PixelfedStandIn, recipe: Recipe) -> None:
    made = recipe.post("short")
    recipe.api.status_delete(made)
    pixelfed.backend.run_queue()

    old = pixelfed.options.error_layer == "legacy"
    with pytest.raises(MastodonInternalServerError if old else MastodonNotFoundError):
        recipe.api.status_delete(made)
    with pytest.raises(MastodonAPIError) as caught:
        recipe.api.status_update(made, "x")
    assert (500 if old else 403) == caught.value.args[1]
    assert "This action is unauthorized." == caught.value.args[3]


def test_a_repeated_key(recipe: Recipe) -> None:
    recipe.post("once", idempotency_key="key")

    with pytest.raises(MastodonAPIError, match="Duplicate idempotency key"):
        recipe.post("twice", idempotency_key="key")


def test_the_eleventh_alt_text_of_a_minute_is_thrown(clock: Clock, recipe: Recipe) -> None:
    media = recipe.api.media_post(photo(), "image/jpeg")
    for number in range(10):
        recipe.api.media_update(media, description=f"number {number}")

    with pytest.raises(MastodonRatelimitError):
        recipe.api.media_update(media, description="one more")
    clock.wait(60)
    assert "later" == recipe.api.media_update(media, description="later").description


def test_there_is_no_next_page(pixelfed: PixelfedStandIn, recipe: Recipe) -> None:
    for _ in range(3):
        pixelfed.backend.add_status(photo())
    me = recipe.api.account_verify_credentials()

    first = recipe.api.account_statuses(me, limit=2)
    assert recipe.api.fetch_next(first) is None
    rest = recipe.api.account_statuses(me, limit=2, max_id=first[-1].id)
    assert 1 == len(rest)
    assert [] == recipe.api.account_statuses(me, limit=2, max_id=rest[-1].id)


def test_status_source_does_not_exist(recipe: Recipe) -> None:
    made = recipe.post("words")

    with pytest.raises(MastodonNotFoundError):
        recipe.api.status_source(made)


def test_engagement_is_read_by_the_library(pixelfed: PixelfedStandIn, recipe: Recipe) -> None:
    status_id = pixelfed.backend.add_status(photo(), likes=2, replies=1, reblogs=1)
    shown = recipe.api.status(status_id)

    assert (2, 1, 1) == (shown.favourites_count, shown.replies_count, shown.reblogs_count)
    assert 2 == len(recipe.api.status_favourited_by(status_id))
    assert 1 == len(recipe.api.status_reblogged_by(status_id))
    assert 1 == len(recipe.api.status_context(status_id).descendants)
    kinds = {one.type for one in recipe.api.notifications()}
    assert {"favourite", "reblog", "mention"} == kinds


def test_without_the_recipe_a_legacy_server_sends_a_web_page(clock: Clock) -> None:
    with PixelfedStandIn(legacy(), clock=clock) as pixelfed, requests.Session() as session:
        api = Mastodon(
            access_token="made-up",
            api_base_url=pixelfed.url,
            session=session,
            mastodon_version="3.5.3",
        )
        with pytest.raises(MastodonAPIError, match="response code was 200"):
            api.account_verify_credentials()
