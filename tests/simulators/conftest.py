"""The stand-ins: each is started once for a module, and as after its start in every test."""

from collections.abc import Iterator

import flickr_calls
import imws_calls
import pytest
from flickr_calls import CLOCK, jpeg
from library_calls import one_picture

from socials_lib.demo.flickr import FlickrOptions, FlickrStandIn
from socials_lib.demo.flickr.records import Photo
from socials_lib.demo.imws import ImwsStandIn
from socials_lib.demo.world import World


@pytest.fixture(scope="module")
def flickr_server() -> Iterator[FlickrStandIn]:
    with FlickrStandIn(clock=CLOCK) as one:
        yield one


@pytest.fixture
def flickr(flickr_server: FlickrStandIn) -> FlickrStandIn:
    """Flickr on a Monday, without photos, with its usual options."""
    CLOCK.set_back()
    flickr_server.backend.options = FlickrOptions()
    flickr_server.reset()
    return flickr_server


@pytest.fixture
def call(flickr: FlickrStandIn) -> flickr_calls.Caller:
    """A caller of Flickr."""
    return flickr_calls.Caller(flickr)


@pytest.fixture
def photos(flickr: FlickrStandIn) -> list[str]:
    """Five own photos on Flickr."""
    return [flickr.backend.add_photo(jpeg(), title=f"P{number}") for number in range(5)]


@pytest.fixture
def photo(flickr: FlickrStandIn) -> Photo:
    """An own public photo on Flickr with two tags."""
    photo_id = flickr.backend.add_photo(
        jpeg(taken="2024:03:19 06:41:07"), title="Dawn", description="Fog", tags=["Wood Duck", "x"]
    )
    CLOCK.pass_by(60)
    return flickr.backend.photos[photo_id]


@pytest.fixture
def foreign(flickr: FlickrStandIn) -> Photo:
    """A stranger's public photo on Flickr."""
    return flickr.backend.photos[flickr.backend.add_photo(jpeg(), owner="lighthouse")]


@pytest.fixture(scope="module")
def imws_server() -> Iterator[ImwsStandIn]:
    with ImwsStandIn(imws_calls.small_library()) as one:
        yield one


@pytest.fixture
def imws(imws_server: ImwsStandIn) -> ImwsStandIn:
    """IMatch with the small library."""
    imws_server.reset()
    return imws_server


@pytest.fixture
def ask(imws: ImwsStandIn) -> imws_calls.Caller:
    """A caller of IMatch."""
    return imws_calls.Caller(imws)


@pytest.fixture(scope="module")
def small_world() -> Iterator[World]:
    with World(photos=one_picture()) as one:
        yield one


@pytest.fixture
def quick(small_world: World) -> World:
    """A world of one picture: for what has nothing to do with the sample."""
    small_world.reset()
    return small_world
