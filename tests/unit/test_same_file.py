"""Is a file of IMatch the one that the journal means?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from socials_lib.models import FileFacts, LastSent, OpenAct, Remembered, UploadFile, likeness

HERE, OTHER = "D:\\Photos\\lake.jpg", "E:\\Club\\lake.jpg"
SENT = LastSent(
    remote_id="53",
    file_id="7",
    path=HERE,
    upload_path=HERE,
    upload_size=100,
    upload_mtime_ns=5,
    picture_sha="aa",
)
#: As an older program kept it, and as it stands after a picture that could not be replaced.
BARE = LastSent(remote_id="53", file_id="7", path=HERE)
UNTOUCHED = FileFacts(path=OTHER, size=100, mtime_ns=5)
WRITTEN = FileFacts(path=OTHER, size=120, mtime_ns=9)


def like(then, path=OTHER, *, file_id="7", files=(), ids=()):
    return likeness(then, file_id=file_id, path=path, files=files, ids=ids)


@pytest.mark.parametrize("then", [SENT, BARE])
@pytest.mark.parametrize("path", [HERE, "d:/photos/LAKE.JPG"])
def test_the_same_id_at_the_same_path_is_the_same_file(then, path):
    assert "same" == like(then, path)


@pytest.mark.parametrize("then", [SENT, BARE])
def test_another_id_at_another_path_is_another_file_whatever_it_holds(then):
    assert "other" == like(then, file_id="8", files=[UNTOUCHED], ids={"53"})


@pytest.mark.parametrize("path", [OTHER, "D:\\Photos\\renamed.jpg", "E:\\Club\\renamed.jpg"])
@pytest.mark.parametrize(
    "proof",
    [
        {"files": [UNTOUCHED]},
        {"files": [FileFacts(path="D:\\raw.dng", size=3, mtime_ns=3), UNTOUCHED]},
        {"files": [replace(WRITTEN, picture_sha="aa")]},
        {"ids": {"53"}},
    ],
)
def test_a_file_that_moved_is_known_by_what_was_sent_or_by_its_record(path, proof):
    assert "same" == like(SENT, path, **proof)


@pytest.mark.parametrize("file_id", ["7", "8"])
def test_another_picture_is_another_file_though_id_or_path_are_the_same(file_id):
    path = OTHER if file_id == "7" else HERE

    assert "other" == like(SENT, path, file_id=file_id, files=[replace(WRITTEN, picture_sha="bb")])


@pytest.mark.parametrize("then", [SENT, BARE])
@pytest.mark.parametrize("files", [(), [WRITTEN]])
def test_a_name_alone_is_no_proof(then, files):
    assert "perhaps" == like(then, files=files)
    assert "perhaps" == like(then, HERE, file_id="8", files=files)
    assert "other" == like(then, "E:\\Club\\pier.jpg", files=files)


def test_a_file_time_that_nobody_knows_proves_nothing():
    then = replace(SENT, upload_size=0, upload_mtime_ns=0, picture_sha="")

    assert "perhaps" == like(then, files=[FileFacts(path=OTHER)])


def test_an_open_act_is_known_by_the_file_it_was_to_send():
    upload = UploadFile(
        file_id="7", name="lake.jpg", path=HERE, format="JPEG", bytes=100, mtime_ns=5
    )
    act = OpenAct(
        platform="flickr", file_id="7", action="add", state="open", path=HERE, upload=upload
    )

    assert "same" == like(act, files=[UNTOUCHED])
    assert "perhaps" == like(act, files=[WRITTEN])
    assert "perhaps" == like(replace(act, path="", upload=None), HERE)


def test_the_journal_is_asked_by_id_and_by_path_and_proof_comes_first():
    stranger = replace(BARE, remote_id="54", path=OTHER)
    journal = Remembered({"7": stranger, "8": replace(SENT, file_id="8")})

    assert (replace(SENT, file_id="8"), "same") == journal.of(
        "7", HERE, files=[replace(UNTOUCHED, path=HERE)]
    )
    assert (stranger, "perhaps") == journal.of("7", "F:\\lake.jpg")
    assert None is journal.of("9", "F:\\lake.jpg")
