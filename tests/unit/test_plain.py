"""Records to JSON and back: every record, any values."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socials_lib import models
from socials_lib.models import (
    Account,
    AccountFacts,
    Act,
    Answer,
    Change,
    Circle,
    Limits,
    Outcome,
    Plan,
    PlanRow,
    Rules,
    UploadCopy,
    from_plain,
    to_plain,
)

RECORDS = sorted(
    (one for one in vars(models).values() if isinstance(one, type) and is_dataclass(one)),
    key=lambda one: one.__name__,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=-9, minutes=-30)), None])
PLAIN = {
    str: st.text(max_size=8),
    int: st.integers(),
    float: st.floats(allow_nan=False),
    bool: st.booleans(),
    datetime: st.datetimes(timezones=ZONES),
    Path: st.sampled_from(["Bilder/See 🌊.jpg", "a", "."]).map(Path),
    Any: JSON,
}


def values_of(kind: Any) -> st.SearchStrategy:
    """Any value of a field of this type."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind in PLAIN:
        return PLAIN[kind]
    if origin in (Union, types.UnionType):
        return st.one_of([st.none() if one is type(None) else values_of(one) for one in inner])
    if origin is Literal:
        return st.sampled_from(inner)
    if origin is tuple:
        return st.lists(values_of(inner[0]), max_size=2).map(tuple)
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(values_of(inner[0]), values_of(inner[1]), max_size=2)
    return records_of(kind)


def records_of(kind: type) -> st.SearchStrategy:
    """Any record of this class."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{one.name: values_of(hints[one.name]) for one in fields(kind)})


def there_and_back(record):
    return from_plain(type(record), json.loads(json.dumps(to_plain(record))))


def test_all_records_are_tried():
    assert {"Photo", "PlanRow", "Plan", "Act", "Outcome", "Run", "Rules", "LastSent"} <= {
        one.__name__ for one in RECORDS
    }


@pytest.mark.parametrize("kind", RECORDS, ids=lambda one: one.__name__)
def test_every_record_comes_back_as_it_was(kind):
    @settings(max_examples=12, deadline=None, database=None)
    @given(records_of(kind))
    def comes_back(record):
        assert record == there_and_back(record)

    comes_back()


def needed(kind):
    """The least that makes a record."""
    hints = get_type_hints(kind)
    plain = {str: "x", int: 1, float: 1.0, bool: True, datetime: "2026-11-22T12:00:00+00:00"}
    plain |= {Path: "x", Any: None}

    def value(hint):
        if hint in plain:
            return plain[hint]
        if is_dataclass(hint):
            return needed(hint)
        if get_origin(hint) is Literal:
            return get_args(hint)[0]
        if type(None) in get_args(hint):
            return None
        return [] if get_origin(hint) is tuple else {}

    return {
        one.name: value(hints[one.name])
        for one in fields(kind)
        if one.default is MISSING and one.default_factory is MISSING
    }


@pytest.mark.parametrize("kind", RECORDS, ids=lambda one: one.__name__)
def test_missing_members_take_their_default_and_unknown_ones_are_ignored(kind):
    least = needed(kind)

    record = from_plain(kind, {**least, "added_by_a_newer_version": [1]})

    assert record == from_plain(kind, least)
    for one in fields(kind):
        if one.default is not MISSING:
            assert one.default == getattr(record, one.name)


@pytest.mark.parametrize("kind", RECORDS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("value", [None, 7, "x", [], [{}]], ids=str)
def test_what_is_no_object_is_no_record(kind, value):
    with pytest.raises(ValueError, match="cannot be read"):
        from_plain(kind, value)


@pytest.mark.parametrize("kind", RECORDS, ids=lambda one: one.__name__)
def test_a_record_without_what_it_needs_is_refused(kind):
    for name in needed(kind):
        with pytest.raises(ValueError, match=f"without {name}|cannot be read"):
            least = needed(kind)
            del least[name]
            from_plain(kind, least)


@pytest.mark.parametrize(
    ("kind", "bad"),
    [
        (Change, {"field": 3}),
        (Change, {"before": ["x"]}),
        (Change, {"field": None}),
        (Circle, {"latitude": "48"}),
        (Circle, {"latitude": True}),
        (Limits, {"max_bytes": 1.5}),
        (Limits, {"max_bytes": True}),
        (Limits, {"title_is_soft": 1}),
        (Limits, {"formats": "JPEG"}),
        (Limits, {"formats": [1]}),
        (Rules, {"visibility": ["flickr"]}),
        (Rules, {"tag_rules": [{}]}),
        (Outcome, {"state": "perhaps"}),
        (Outcome, {"platform": None}),
        (Answer, {"not_before": "yesterday"}),
        (Answer, {"not_before": 7}),
        (UploadCopy, {"path": 7}),
        (PlanRow, {"upload": []}),
        (Plan, {"rows": {}}),
        (Plan, {"accounts": {"flickr": None}}),
    ],
)
def test_a_value_of_another_type_is_refused(kind, bad):
    with pytest.raises(ValueError, match=r"cannot be read|is none of|without|Invalid isoformat"):
        from_plain(kind, {**needed(kind), **bad})


def test_null_where_a_field_knows_no_null_is_a_missing_value():
    found = from_plain(Account, {"id": "1", "name": "demo", "url": None})

    assert Account(id="1", name="demo") == found


def test_null_where_a_field_knows_null_stays():
    assert from_plain(Change, {"field": "title", "before": None, "after": None}).before is None


def test_whole_numbers_may_stand_for_degrees():
    found = from_plain(Circle, {"latitude": 48, "longitude": 11, "radius": 500})

    assert (48.0, float) == (found.latitude, type(found.latitude))


def test_params_of_an_act_are_whatever_json_knows():
    act = Act(platform="flickr", kind="upload", params={"tags": ["a"], "last": None, "n": 1.5})

    assert act == there_and_back(act)


def test_plain_values_are_json():
    facts = AccountFacts(
        platform="flickr",
        account=Account(id="1@N01", name="demo"),
        limits=Limits(max_bytes=5),
        read_at=datetime(2026, 11, 22, tzinfo=UTC),
        details={"seen": {3}, "path": Path("a")},
    )

    found = to_plain(facts)

    assert "2026-11-22T00:00:00+00:00" == found["read_at"]
    assert ({"seen": [3], "path": "a"}, ["JPEG", "PNG", "GIF"]) == (
        found["details"],
        found["limits"]["formats"],
    )
