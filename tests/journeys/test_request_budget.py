"""What a plan costs (design 7): requests to IMatch as counts, none to the platforms."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from socials_lib.demo.flickr import FlickrStandIn
from socials_lib.demo.imws import ImwsStandIn
from socials_lib.demo.library.many import bulk
from socials_lib.demo.pixelfed import PixelfedStandIn
from socials_lib.workbench import Workbench

BOTH = ("flickr", "pixelfed")
#: Per 100 files and platform; with relatives; and what a plan costs in any case.
PLAIN, WITH_RELATIVES, ANY = 7, 12, 30


class Desk:
    """A workbench on a library of many photos; the account facts are known already."""

    def __init__(self, imws, flickr, pixelfed, home):
        self.imws, self.flickr, self.pixelfed = imws, flickr, pixelfed
        self.wb = Workbench.open(
            environ={
                "SOCIALS_MODE": "demo",
                "SOCIALS_HOME": str(home),
                "SOCIALS_IMATCH_URL": imws.url,
                "SOCIALS_IMATCH_USER": "demo",
                "SOCIALS_FLICKR_URL": flickr.url,
                "SOCIALS_FLICKR_APIKEY": flickr.api_key,
                "SOCIALS_FLICKR_APISECRET": flickr.api_secret,
                "SOCIALS_FLICKR_TOKEN": flickr.token,
                "SOCIALS_FLICKR_TOKEN_SECRET": flickr.token_secret,
                "SOCIALS_PIXELFED_URL": pixelfed.url,
                "SOCIALS_PIXELFED_TOKEN": pixelfed.token,
            }
        )

    def planned(self, *platforms):
        """A plan, after whatever is asked only once."""
        for name in platforms:
            self.wb.account(name)
        self.forget()
        return self.wb.plan(platforms=platforms)

    def forget(self):
        for one in (self.imws, self.flickr, self.pixelfed):
            one.requests.clear()

    @property
    def cost(self):
        """How often IMatch was asked what."""
        return Counter(one.operation for one in self.imws.requests)


@contextmanager
def desk(seed, home) -> Iterator[Desk]:
    with ImwsStandIn(seed) as imws, FlickrStandIn() as flickr, PixelfedStandIn() as pixelfed:
        yield Desk(imws, flickr, pixelfed, home)


def budget(files, platforms, each):
    return each * math.ceil(files / 100) * platforms + ANY


@pytest.mark.parametrize("platforms", [("flickr",), ("pixelfed",), BOTH], ids=" ".join)
@pytest.mark.parametrize(("files", "first_id"), [(1, 10_001), (100, 10_001), (250, 1_000_000_001)])
def test_loading_and_classifying_stays_in_its_budget(tmp_path, platforms, files, first_id):
    seed = bulk(tmp_path / "pictures", files, platforms=platforms, first_id=first_id, pictures=2)
    with desk(seed, tmp_path / "home") as one:
        plan = one.planned(*platforms)

        assert files * len(platforms) == len(plan.rows)
        assert {"add"} == {row.action for row in plan.rows}
        assert sum(one.cost.values()) <= budget(files, len(platforms), PLAIN), one.cost


@pytest.mark.parametrize("platforms", [("flickr",), BOTH], ids=" ".join)
def test_relatives_cost_a_little_more(tmp_path, platforms):
    seed = bulk(tmp_path / "pictures", 250, platforms=platforms, with_masters=True, pictures=2)
    with desk(seed, tmp_path / "home") as one:
        plan = one.planned(*platforms)

        assert {False} == {row.blocked for row in plan.rows}
        assert sum(one.cost.values()) <= budget(250, len(platforms), WITH_RELATIVES), one.cost


def test_published_photos_with_albums_and_groups_stay_in_the_budget(tmp_path):
    seed = bulk(
        tmp_path / "pictures", 250, flag="_update", published=True, pictures=2,
        albums=("Harbours", "Lakes and shores"), groups=("Open Landscapes",),
    )  # fmt: skip
    with desk(seed, tmp_path / "home") as one:
        plan = one.planned(*BOTH)

        assert {"update"} == {row.action for row in plan.rows}
        assert sum(one.cost.values()) <= budget(250, 2, PLAIN), one.cost


def test_no_platform_is_asked_while_a_plan_is_made(tmp_path):
    seed = bulk(tmp_path / "pictures", 40, flag="_update", published=True, pictures=2)
    with desk(seed, tmp_path / "home") as one:
        one.planned(*BOTH)

        assert ([], []) == (one.flickr.requests, one.pixelfed.requests)


def test_only_the_account_is_asked_when_nothing_is_known_yet(tmp_path):
    seed = bulk(tmp_path / "pictures", 40, flag="_update", published=True, pictures=2)
    with desk(seed, tmp_path / "home") as one:
        one.wb.plan()

        asked = {request.operation for request in one.flickr.requests}
        assert asked <= {
            "flickr.test.login",
            "flickr.auth.oauth.checkToken",
            "flickr.people.getUploadStatus",
            "flickr.people.getInfo",
        }
        assert len(one.flickr.requests) <= 4
        assert len(one.pixelfed.requests) <= 4


def test_no_single_question_is_too_long_for_imatch(tmp_path):
    seed = bulk(tmp_path / "pictures", 250, first_id=1_000_000_001, pictures=2)
    with desk(seed, tmp_path / "home") as one:
        one.planned(*BOTH)

        for request in one.imws.requests:
            ids = request.params.get("id", request.params.get("fileid", ""))
            assert len(ids.split(",")) <= 100
            written = sum(len(name) + len(value) + 2 for name, value in request.params.items())
            assert written <= 2_000, request.params


def test_a_second_plan_asks_imatch_anew_and_costs_the_same(tmp_path):
    """IMatch may have changed in between; what was read is not kept."""
    seed = bulk(tmp_path / "pictures", 120, pictures=2)
    with desk(seed, tmp_path / "home") as one:
        first = one.planned(*BOTH), one.cost
        second = one.planned(*BOTH), one.cost

        assert sum(second[1].values()) <= sum(first[1].values())
        assert [row.key for row in first[0].rows] == [row.key for row in second[0].rows]
