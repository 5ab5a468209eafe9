"""What is online, kept texts, the shared pace and cached facts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from journal_kit import ACCOUNT, PLATFORM, again, row_for
from plan_kit import ACCOUNTS, NOW

from socials_lib.models import LastSent


def last(file_id="1201", remote_id="5301", path=None, **more):
    return LastSent(
        remote_id=remote_id, file_id=file_id, path=path or f"D:\\Photos\\{file_id}.jpg", **more
    )


def test_what_was_sent_is_remembered_until_it_is_forgotten(journal):
    sent = last(text=row_for().text, albums=("721",), sent_at=NOW, upload_mtime_ns=2**62)
    journal.remember(PLATFORM, ACCOUNT, last(remote_id="1"))
    journal.remember(PLATFORM, ACCOUNT, sent)
    assert {"1201": sent} == again(journal).last_sent(PLATFORM, ACCOUNT)

    journal.forget(PLATFORM, ACCOUNT, "1201", "D:\\elsewhere.jpg")
    assert {"1201": sent} == again(journal).last_sent(PLATFORM, ACCOUNT)

    journal.forget(PLATFORM, ACCOUNT, "1201", sent.path)
    assert {} == again(journal).last_sent(PLATFORM, ACCOUNT)


def test_another_account_or_platform_remembers_nothing_of_it(journal):
    journal.remember(PLATFORM, ACCOUNT, last())

    assert {} == journal.last_sent(PLATFORM, "2@N02")
    assert {} == journal.last_sent("pixelfed", ACCOUNT)
    journal.forget(PLATFORM, "2@N02", "1201", last().path, remote_id="5301")
    assert ["1201"] == [*journal.last_sent(PLATFORM, ACCOUNT)]


def test_two_databases_with_the_same_file_id_do_not_hide_each_other(journal):
    here, there = last(), last(remote_id="9", path="E:\\Other\\1.jpg")
    journal.remember(PLATFORM, ACCOUNT, here)
    journal.remember(PLATFORM, ACCOUNT, there)

    for one in (here, there):
        paths = {"1201": one.path, "77": "D:\\77.jpg"}
        assert {"1201": one} == journal.last_sent(PLATFORM, ACCOUNT, paths=paths)
    assert {"1201": there} == journal.last_sent(PLATFORM, ACCOUNT)


def test_a_renamed_file_is_remembered_once(journal):
    old, new = last(), last(path="D:\\Photos\\renamed.jpg")
    journal.remember(PLATFORM, ACCOUNT, old)
    journal.remember(PLATFORM, ACCOUNT, new)

    found = journal.last_sent(PLATFORM, ACCOUNT, paths={"1201": old.path})

    assert {"1201": new} == found


def test_an_id_that_is_gone_is_forgotten_for_every_file(journal):
    journal.remember(PLATFORM, ACCOUNT, last("1512"))
    journal.remember(PLATFORM, ACCOUNT, last("1513", "5302"))

    journal.forget(PLATFORM, ACCOUNT, "1511", "D:\\RAW\\1511.CR3", remote_id="5301")

    assert ["1513"] == [*journal.last_sent(PLATFORM, ACCOUNT)]


def test_what_is_overwritten_online_is_kept(journal):
    for why, values in (("edited", {"title": "Old 🌊", "tags": ""}), ("deleted", {"title": "New"})):
        journal.keep(PLATFORM, ACCOUNT, file_id="1", remote_id="5301", values=values, why=why)

    found = again(journal).kept("5301")

    assert [("title", "Old 🌊", "edited"), ("tags", "", "edited"), ("title", "New", "deleted")] == [
        (one["field"], one["value"], one["why"]) for one in found
    ]
    assert all(datetime.fromisoformat(one["at"]).tzinfo for one in found)
    assert () == journal.kept("5302")


# -- pace and facts


def test_calls_are_marked_until_the_window_is_full(journal):
    waits = [journal.reserve("k", 1000.0 + second, 60.0, 3) for second in range(5)]

    assert [0.0, 0.0, 0.0, 57.0, 56.0] == waits
    assert 3 == again(journal).used("k", 1004.0, 60.0)


def test_marks_leave_the_window_one_by_one_and_keys_do_not_mix(journal):
    for second in (0.0, 30.0):
        journal.reserve("k", second, 60.0, 2)

    assert 0.0 == journal.reserve("other", 31.0, 60.0, 1)
    assert 1.0 == journal.reserve("k", 59.0, 60.0, 2)
    assert 0.0 == journal.reserve("k", 60.0, 60.0, 2)
    assert 30.0 == journal.reserve("k", 60.0, 60.0, 2)


def test_a_clock_that_was_far_ahead_does_not_stop_us_for_ever(journal):
    journal.reserve("k", 10_000_000.0, 60.0, 1)

    assert 0.0 == journal.reserve("k", 1000.0, 60.0, 1)


def test_a_budget_of_nothing_always_waits(journal):
    assert 60.0 == journal.reserve("k", 1000.0, 60.0, 0)


def test_a_pace_mark_is_never_given_twice_to_two_threads(journal):
    def knock(_number):
        return sum(again(journal).reserve("k", 1000.0, 60.0, 25) == 0.0 for _ in range(10))

    with ThreadPoolExecutor(4) as pool:
        assert 25 == sum(pool.map(knock, range(4)))


def test_facts_are_kept_with_their_time(journal):
    assert journal.fact("account") is None
    journal.set_fact("account", ACCOUNTS["flickr"])
    journal.set_fact("account", {"a": [1, None, "ü"]})

    value, at = again(journal).fact("account")

    assert {"a": [1, None, "ü"]} == value
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)
