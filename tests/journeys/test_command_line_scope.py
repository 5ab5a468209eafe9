"""The scope of a command: `--ids`, `--ids-file`, `--category`, `--only`, `--max-photos`."""

from __future__ import annotations

import codecs
import json

import pytest
from command_line_kit import check_plan, check_run

LEAF = "Socials|flickr|__errors|missing description"


def three(rig):
    """Three photos for Flickr, by id."""
    return [rig.photo(title, flickr=True) for title in ("One", "Two", "Three")]


def planned(done):
    return [row["file_id"] for row in done.document["rows"]]


# by number


def test_numbers_are_the_scope_of_plan_and_sync(rig, run):
    one, _, three_ = three(rig)
    plan = run("plan", "--ids", f"{one}, {three_}", "--json")
    check_plan(plan.document)
    assert ([one, three_], {"flickr": 1, "pixelfed": 0}) == (planned(plan), plan.document["left"])

    done = run("sync", "--ids", one, "--ids", three_, "--yes", "--json")
    check_run(done.document)
    assert (0, ["One", "Three"]) == (done.code, rig.flickr_titles())


@pytest.mark.parametrize(
    "content",
    [
        b"1001\n1003\n",
        b"# from the file window\r\n1001, 1003 # both\r\n\r\n",
        codecs.BOM_UTF8 + b"1001;1003",
        codecs.BOM_UTF16_LE + "1001\r\n1003\r\n".encode("utf-16-le"),
    ],
    ids=["lines", "comments", "Notepad", "PowerShell"],
)
def test_numbers_may_stand_in_a_file(rig, run, tmp_path, content):
    three(rig)
    file = tmp_path / "chosen photos ü.txt"
    file.write_bytes(content)

    assert ["1001", "1003"] == planned(run("plan", "--ids-file", str(file), "--json"))


@pytest.mark.parametrize("content", [None, b"dawn.jpg\n", b"12 \xff\xff"])
def test_a_file_without_numbers_is_told_and_nothing_is_sent(rig, run, tmp_path, content):
    three(rig)
    file = tmp_path / "ids.txt"
    if content is not None:
        file.write_bytes(content)
    done = run("sync", "--ids-file", str(file), "--yes", "--json")

    assert (1, "file", []) == (done.code, done.error["code"], rig.flickr_titles())
    assert str(file) in done.error["message"]


def test_an_empty_list_never_means_all(rig, run, tmp_path):
    three(rig)
    (tmp_path / "none.txt").write_text("# nobody\n", encoding="utf-8")
    done = run("sync", "--ids-file", str(tmp_path / "none.txt"), "--yes", "--json")

    assert (0, [], []) == (done.code, done.document["outcomes"], rig.flickr_titles())
    assert (1, "usage") == (
        run("sync", "--ids", "", "--yes", "--json").code,
        run("sync", "--ids", ",", "--yes", "--json").error["code"],
    )


def test_numbers_that_are_not_in_the_plan_are_named(rig, run):
    one, two, _ = three(rig)
    rig.unflag(two, "flickr")
    done = run("plan", "--ids", f"{one},{two},77")

    assert 2 == done.code
    assert f"! Nothing is pending for {two}.\n! IMatch has no file 77.\n" == done.err


@pytest.mark.parametrize("arguments", [["--ids", "dawn"], ["--category", "Coast||2024"]])
def test_what_is_no_number_and_no_category_is_refused(run, arguments):
    done = run("plan", *arguments, "--json")

    assert (1, "usage") == (done.code, done.error["code"])


# by category


def test_a_category_is_the_scope_with_all_below_it(rig, run):
    one, two, three_ = three(rig)
    rig.put(int(one), "Coast|2024")
    rig.put(int(three_), "Coast|2024|Winter")
    rig.put(int(two), "Coast")
    rig.reload()
    done = run("sync", "--category", "Coast | 2024", "--yes", "--json")

    assert (0, ["One", "Three"]) == (done.code, rig.flickr_titles())
    assert [two] == planned(run("plan", "--json"))


def test_several_categories_add_up_and_numbers_narrow_them(rig, run):
    one, two, three_ = three(rig)
    for file_id, path in ((one, "Coast"), (two, "Hills"), (three_, "Towns")):
        rig.put(int(file_id), path)
    rig.reload()
    both = ("--category", "Coast", "--category", "Hills")

    assert [one, two] == planned(run("plan", *both, "--json"))
    assert [two] == planned(run("plan", *both, "--ids", f"{two},{three_}", "--json"))


SPELLING = "Check the spelling: upper and lower case count, levels are separated by `|`."


def test_a_category_that_does_not_exist_is_a_wrong_argument_and_nothing_is_sent(rig, run):
    three(rig)
    done = run("sync", "--category", "Coast|2042", "--yes", "--json")

    assert (1, "usage", []) == (done.code, done.error["code"], rig.flickr_titles())
    assert "IMatch has no category `Coast|2042`." == done.error["message"]
    assert SPELLING == done.error["hint"]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("coast", "Coast"),
        ("Coast/2024", "Coast|2024"),
        ("Coast\\2024", "Coast|2024"),
        ("coast|2024", "Coast|2024"),
        ('"Coast|2024"', "Coast|2024"),
        ("'Coast|2024'", "Coast|2024"),
        ("Coast|winter trip", "Coast|Winter trip"),
        ("Socials|Flickr", "Socials|flickr"),
    ],
)
def test_a_mistyped_category_is_told_the_one_that_was_meant(rig, run, given, meant):
    one, two, _ = three(rig)
    rig.put(int(one), "Coast|2024")
    rig.put(int(two), "Coast|Winter trip")
    rig.reload()
    done = run("plan", "--category", given, "--json")

    assert (1, "usage") == (done.code, done.error["code"])
    assert f"{SPELLING} IMatch has `{meant}`." == done.error["hint"]


# the first so many


def test_the_first_by_number_are_done_and_the_rest_is_told(rig, run):
    three(rig)
    first = run("sync", "--max-photos", "2", "--yes", "--json")
    check_run(first.document)

    assert (0, ["One", "Two"]) == (first.code, rig.flickr_titles())
    assert {"flickr": 1} == first.document["left"]
    second = run("sync", "--max-photos", "2", "--yes")
    assert "Left" not in second.out
    assert ["One", "Three", "Two"] == rig.flickr_titles()


def test_the_summary_for_people_says_what_was_left(rig, run):
    for number in range(3):
        rig.photo(f"Photo {number}", flickr=True, pixelfed=True)
    done = run("sync", "--max-photos", "1", "--yes")

    assert "Left for the next run: 2 photos (Flickr 2, Pixelfed 2).\n" in done.out


def test_photos_that_failed_come_after_the_others(rig, run):
    three(rig)
    body = b'<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="fail">\n\t'
    body += b'<err code="5" msg="Filetype was not recognised" />\n</rsp>\n'
    rig.flickr.fail_next("/services/upload/", body=body, content_type="text/xml")
    assert 3 == run("sync", "--max-photos", "1", "--yes").code

    for online in (["Two"], ["Three", "Two"], ["One", "Three", "Two"]):
        assert 0 == run("sync", "--max-photos", "1", "--yes").code
        assert online == rig.flickr_titles()


def test_numbers_count_as_numbers(rig, run):
    rig._next = 998
    nine, ten = rig.photo("999", flickr=True), rig.photo("1000", flickr=True)

    assert ("999", "1000") == (nine, ten)
    assert [nine] == planned(run("plan", "--max-photos", "1", "--json"))


def test_deletes_count_too(rig, run):
    old = rig.photo("Old", flickr=True, flags=["flickr|_delete"])
    rig.online("flickr", old, title="Old")
    rig.photo("New", flickr=True)
    plan = run("plan", "--max-photos", "1", "--json")
    done = run("sync", "--max-photos", "1", "--approve-deletes", "1", "--yes", "--json")

    assert ["delete"] == [row["action"] for row in plan.document["rows"]]
    assert (0, []) == (done.code, rig.flickr_titles())


def test_the_number_of_deletes_is_that_of_all_photos_in_scope(rig, run):
    """Else a job that takes a few photos a night would delete a whole library, night by night."""
    for title in ("Old", "Older", "Oldest"):
        file_id = rig.photo(title, flickr=True, flags=["flickr|_delete"])
        rig.online("flickr", file_id, title=title)
    done = run("sync", "--max-photos", "1", "--approve-deletes", "1", "--yes", "--json")

    assert (4, 3) == (done.code, len(rig.flickr_titles()))
    assert ["not_approved"] == [one["code"] for one in done.document["outcomes"]]
    assert "3 photos would be deleted" in done.document["outcomes"][0]["message"]


def test_the_plan_shows_exactly_what_sync_does(rig, run):
    for number in range(4):
        rig.photo(f"Photo {number}", flickr=True, pixelfed=True)
    how = ("--max-photos", "1", "--only", "add")
    plan = run("sync", "--dry-run", *how, "--json")
    done = run("sync", *how, "--yes", "--json")

    keys = sorted((row["platform"], row["file_id"]) for row in plan.document["rows"])
    assert (2, ["flickr", "pixelfed"]) == (plan.code, [platform for platform, _ in keys])
    assert keys == sorted((one["platform"], one["file_id"]) for one in done.document["outcomes"])
    assert "3 photos left for a later run (--max-photos 1)." in plan.document["warnings"]


# a part that is saved


def test_a_saved_part_is_applied_like_a_whole_plan(rig, run, tmp_path):
    three(rig)
    file = tmp_path / "part.json"
    saved = run("plan", "--only", "add", "--max-photos", "2", "--out", str(file), "--json")
    assert saved.document == json.loads(file.read_text(encoding="utf-8"))

    assert 0 == run("apply", str(file), "--yes").code
    assert ["One", "Two"] == rig.flickr_titles()


def test_a_saved_plan_may_be_applied_in_parts(rig, run, tmp_path):
    three(rig)
    file = tmp_path / "plan.json"
    run("plan", "--out", str(file))
    for online in (["One"], ["One", "Two"], ["One", "Three", "Two"]):
        assert 0 == run("apply", str(file), "--max-photos", "1", "--yes").code
        assert online == rig.flickr_titles()


def test_error_leaves_of_photos_outside_the_scope_stay_as_they_are(rig, run, tmp_path):
    faulty = rig.photo("Faulty", flickr=True, description=None)
    fine = rig.photo("Fine", flickr=True)
    rig.flag(fine, "flickr|__errors|missing description")  # of an earlier run
    rig.flag(faulty, "flickr|__errors|missing title")
    run("sync", "--ids", fine, "--yes")

    assert LEAF not in rig.imws.backend.categories_of(int(fine))
    stale = "Socials|flickr|__errors|missing title"
    assert stale in rig.imws.backend.categories_of(int(faulty))
    run("sync", "--yes")
    found = rig.imws.backend.categories_of(int(faulty))
    assert (True, False) == (LEAF in found, stale in found)


def test_a_version_in_the_scope_is_seen_beside_its_master(rig, run):
    """A scope that hid the master would publish the same picture twice."""
    master, version = rig.photo("Harbour", flickr=True), rig.photo("Harbour", flickr=True)
    rig.relate(master, version)
    done = run("sync", "--ids", version, "--yes", "--json")

    assert [] == rig.flickr_titles()
    assert [] == done.document["outcomes"]


# how loud


def test_verbose_tells_every_step_and_quiet_none(rig, run):
    rig.photo(flickr=True)
    loud = run("sync", "--yes", "--verbose")
    assert 0 == loud.code
    assert "“Dawn over the lake”: upload" in loud.err
    rig.photo("Two", flickr=True)
    quiet = run("sync", "--yes", "--quiet")
    assert (0, "") == (quiet.code, quiet.err)
    both = run("sync", "--yes", "--quiet", "--verbose", "--json")
    assert (1, "usage") == (both.code, both.error["code"])
