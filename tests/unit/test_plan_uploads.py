"""Which file is sent for a photo."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plan_kit import ACCOUNTS, only_row, outcome, pending, photo, raw

from socials_lib.models import FLICKR_LIMITS, FileFacts, RelatedFile
from socials_lib.plan import candidate_paths, choose_upload


def version(file_id, size=1000, image_format="JPEG"):
    return RelatedFile(
        file_id=file_id,
        name=f"{file_id}.x",
        path=f"D:\\{file_id}.x",
        format=image_format,
        size=size,
    )


def chosen(one, limits=FLICKR_LIMITS, files=None):
    found = choose_upload(one, limits, files or {})
    return found.file_id if found else None


@pytest.mark.parametrize("name", ["JPEG", "jpg", "JPE", " Jpeg ", "PNG", "gif"])
def test_the_categorised_file_is_sent_if_its_format_is_accepted(name):
    one = photo("7", format=name, versions=(version("8", 10**6),))

    assert "7" == chosen(one)
    assert (one.path,) == candidate_paths(one, FLICKR_LIMITS.formats)


@pytest.mark.parametrize(
    ("versions", "best"),
    [
        ((version("1", 9, "PNG"), version("2", 1)), "2"),
        ((version("1", 1), version("2", 3), version("3", 2)), "2"),
        ((version("10", 3), version("9", 3)), "9"),
        ((version("1", 209_715_201), version("2", 5)), "2"),
        ((version("1", 209_715_200), version("2", 5)), "1"),
        ((version("1", 5, "TIFF"), version("2", 5, "DNG")), None),
        ((version("1", 5, "TIFF"), version("2", None, "GIF")), "2"),
        ((), None),
    ],
)
def test_else_its_best_version_is_sent(versions, best):
    one = photo("7", format="CR3", versions=versions)

    assert best == chosen(one)
    assert (best is None) == (candidate_paths(one, FLICKR_LIMITS.formats) == ())


def test_a_version_of_a_format_that_this_account_does_not_take_is_not_sent():
    one = photo("7", format="CR3", versions=(version("1", 9, "PNG"), version("2", 5, "GIF")))

    assert "2" == chosen(one, replace(FLICKR_LIMITS, formats=("GIF",)))


def test_the_size_is_the_larger_of_imatch_s_and_the_disk_s():
    versions = (version("1", 5), version("2", 4))
    one = photo("7", format="CR3", versions=versions)
    files = {"D:\\2.x": FileFacts(path="D:\\2.x", size=6, mtime_ns=3)}

    found = choose_upload(one, FLICKR_LIMITS, files)

    assert found is not None
    assert ("2", 6, 3, "JPEG") == (found.file_id, found.bytes, found.mtime_ns, found.format)


def test_a_photo_that_has_no_file_to_send_is_blocked():
    row = only_row(pending(raw("1401")))

    assert ("add", "invalid_format", True) == outcome(row)
    assert row.upload is None


def test_the_account_decides_what_is_accepted():
    png = photo("1", format="PNG", name="1.png", path="D:\\1.png")
    limits = replace(ACCOUNTS["pixelfed"].limits, formats=("JPEG",))
    accounts = {"pixelfed": replace(ACCOUNTS["pixelfed"], limits=limits)}

    row = only_row(pending(png, "pixelfed"), accounts=accounts)

    assert "invalid_format" == row.reason
