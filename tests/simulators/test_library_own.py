"""Libraries from a person's own pictures, and libraries of any size."""

import os
from pathlib import Path

import pytest

from socials_lib.demo import library
from socials_lib.demo.flickr.backend import FlickrBackend
from socials_lib.demo.imws import ImwsBackend
from socials_lib.demo.library import embed, scenes
from socials_lib.demo.library import own as own_room
from socials_lib.demo.library.reading import read
from socials_lib.demo.pixelfed.backend import PixelfedBackend
from socials_lib.demo.seed import ALT_TEXT

# a person's own pictures


@pytest.fixture
def own(tmp_path):
    """A folder as people have them: one picture with metadata, bare ones, rubbish."""
    (tmp_path / "Urlaub 🏖️").mkdir()
    small = scenes.paint("sea", palette="noon").resize((300, 200))
    what = embed.Embedded(
        title="The sea", headline="Very blue", description="Two lines\nof text",
        keywords=("Nature|Sea",), alt_text="Blue", taken="2021:06:05 04:03:02", make="Canon",
        model="Canon EOS R50", lens="A lens", exposure=(1, 250), aperture=5.6, iso=200,
        focal_length=35, gps=(-33.5, 151.25),
    )  # fmt: skip
    (tmp_path / "a_full one.jpg").write_bytes(embed.jpeg(small, what))
    small.save(tmp_path / "Urlaub 🏖️" / "IMG_0815.JPG", "JPEG")
    small.save(tmp_path / "b.png")
    small.save(tmp_path / "c.gif")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe1\x00")
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / ".hidden.jpg").write_bytes(b"")
    return tmp_path


def test_own_pictures_become_a_database_with_what_they_say(own):
    seed = library.from_folder(own)
    full = seed.files[0]

    assert ["a_full one.jpg", "b.png", "broken.jpg", "c.gif", "IMG_0815.JPG"] == [
        Path(one.path).name for one in seed.files
    ]
    assert ["JPEG", "PNG", "JPEG", "GIF", "JPEG"] == [one.format for one in seed.files]
    assert [] == seed.notes
    assert "2021-06-05T04:03:02" == full.date_time
    assert {
        "title": "The sea", "headline": "Very blue", "description": "Two lines\nof text",
        "hierarchicalkeywords": ["Nature|Sea"], ALT_TEXT: "Blue", "make": "Canon",
        "model": "Canon EOS R50", "cameraname": "Canon EOS R50", "lens": "A lens", "iso": "200",
        "shutterspeed": "1/250", "aperture": 5.6, "focallength": "35.0 mm",
        "gpslatitude": -33.5, "gpslongitude": 151.25,
    } == full.metadata  # fmt: skip


def test_own_pictures_that_say_nothing_can_be_published_all_the_same(own):
    seed = library.from_folder(own)
    bare = next(one for one in seed.files if one.path.endswith("IMG_0815.JPG"))

    assert "IMG 0815" == bare.metadata["title"]
    assert {"description", "headline", "hierarchicalkeywords"} < set(bare.metadata)
    for path in ("Socials|flickr", "Socials|pixelfed"):
        assert [one.file_id for one in seed.files] == seed.category(path).files


def test_own_pictures_are_never_written(own):
    def state():
        return {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in own.rglob("*") if p.is_file()}

    before = state()
    library.from_folder(own)

    assert before == state()


def test_only_so_many_of_own_pictures_are_taken_and_it_is_said(own):
    seed = library.from_folder(own, limit=2)

    assert 2 == len(seed.files)
    assert ["only the first 2 pictures are taken, in the order of their names"] == seed.notes
    assert [] == library.from_folder(own, limit=5).notes


@pytest.mark.parametrize("content", [b"", b"a text\n", b"\xff\xd8\xff\xe1\x00"])
def test_a_file_that_is_no_picture_is_in_the_database_as_it_would_be_in_imatch(tmp_path, content):
    (tmp_path / "kaputt.jpeg").write_bytes(content)
    (one,) = library.from_folder(tmp_path).files

    assert ("JPEG", "kaputt") == (one.format, one.metadata["title"])


def test_pictures_of_other_kinds_are_left_out_with_a_word(own):
    for name in ("d.CR3", "e.cr3", "f.heic", "g.mov", ".h.heic"):
        (own / name).write_bytes(b"x")

    assert ["left out, as only JPEG, PNG and GIF are taken: 2 CR3, 1 HEIC"] == (
        library.from_folder(own).notes
    )


def test_a_folder_that_cannot_be_read_is_named(own, monkeypatch):
    true = os.walk

    def walk(top, onerror):
        yield from true(top)
        onerror(PermissionError(13, "Permission denied", str(own / "locked")))

    monkeypatch.setattr(own_room.os, "walk", walk)

    assert [f"the folder {own / 'locked'} cannot be read"] == library.from_folder(own).notes


@pytest.mark.skipif(os.name == "nt", reason="making links needs rights on Windows")
def test_a_link_that_leads_nowhere_is_passed_over(own):
    (own / "gone.jpg").symlink_to(own / "nothing.jpg")

    assert 5 == len(library.from_folder(own).files)


def test_a_file_is_not_taken_for_a_folder(own):
    with pytest.raises(NotADirectoryError, match="notes.txt is a file, not a folder"):
        library.from_folder(own / "notes.txt")


def test_a_folder_that_is_not_there_is_said_to_be_so(tmp_path):
    with pytest.raises(NotADirectoryError, match="nowhere"):
        library.from_folder(tmp_path / "nowhere")


def test_a_folder_without_a_picture_is_said_to_be_so(tmp_path):
    (tmp_path / "raw.cr3").write_bytes(b"not for this")
    with pytest.raises(OSError, match=r"there is no JPEG, PNG or GIF in .*are taken: 1 CR3"):
        library.from_folder(tmp_path)


def test_real_camera_files_can_be_read():
    folder = Path(__file__).parents[3] / "shared" / "photos"
    if not folder.is_dir():
        pytest.skip("the camera files for tests are not here")
    found = {path.name: read(path) for path in sorted(folder.glob("*.jpg"))}

    assert all(found.values())
    assert (43.467448, 11.885127) == found["DSCN0010.jpg"].gps
    assert ("XMP", "Blue Square") == found["BlueSquare.jpg"].keywords[:2]
    assert "Enduring Freedom" == found["long_description.jpg"].headline
    assert "1/160" == found["Canon_40D.jpg"].shutter


# libraries of any size


def test_a_library_of_any_size_shares_a_few_files(tmp_path):
    seed = library.bulk(tmp_path, 250, flag="_metadata", published=True, with_masters=True)

    assert 250 == len(seed.category("Socials|flickr|_metadata").files)
    assert 500 == len(seed.files)
    assert 250 == len(seed.relations)
    assert 500 == len({(one.set, one.file_id) for one in seed.records})
    assert 4 == len(list(tmp_path.glob("*.jpg")))
    ImwsBackend(seed)


def test_bulk_photos_can_be_put_online_for_real(tmp_path):
    flickr, pixelfed = FlickrBackend(), PixelfedBackend()

    seed = library.bulk(
        tmp_path, 3, published=True, albums=("Harbours",), flickr=flickr, pixelfed=pixelfed
    )

    assert list(flickr.photos) == [
        one.values["photo_id"] for one in seed.records if one.set == "flickr"
    ]
    assert set(pixelfed.statuses) == {
        one.values["status_id"] for one in seed.records if one.set == "pixelfed"
    }
    assert 3 == len(seed.category("Socials|flickr|albums|Harbours").files)
