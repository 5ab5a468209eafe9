"""The sample library: real files with real metadata, and a database that fits them."""

import io
import time
from collections import Counter
from pathlib import Path

import pytest
from library_calls import FLAGS, PLATFORMS, everything, ids, picture, world
from PIL import ExifTags, Image, ImageOps, IptcImagePlugin

from socials_lib.demo import library
from socials_lib.demo.library import embed, scenes, texts
from socials_lib.demo.library.database import GROUPS
from socials_lib.demo.library.reading import read
from socials_lib.demo.seed import ALT_TEXT


@pytest.fixture(scope="module")
def all_of_it():
    return everything()


# the files


def test_there_are_at_least_sixty_jpeg_files_and_some_of_every_other_kind(all_of_it):
    kinds = Counter(path.suffix.lower() for path in all_of_it.sample.paths.values())

    assert kinds[".jpg"] >= 60
    assert {".png", ".gif", ".tif", ".cr3", ".dng"} < set(kinds)


def test_every_picture_opens_and_has_the_size_that_imatch_says(all_of_it):
    for file in all_of_it.seed.files:
        is_picture = file.format in ("JPEG", "PNG", "GIF", "TIFF")
        if is_picture and file.file_id not in ids((world.OFFLINE, world.NOT_AN_IMAGE)):
            opened = picture(file.path)
            assert (file.width, file.height) == opened.size, file.path
            assert file.format == opened.format


def test_the_whole_library_is_small(all_of_it):
    total = sum(p.stat().st_size for p in all_of_it.sample.folder.rglob("*") if p.is_file())

    assert total < 30_000_000


def test_the_same_photo_is_the_same_file_every_time():
    assert scenes.paint("lake", seed=3).tobytes() == scenes.paint("lake", seed=3).tobytes()
    small = scenes.paint("city", palette="night").resize((60, 40))
    what = embed.Embedded(title="City", icc=True)
    assert embed.jpeg(small, what) == embed.jpeg(small, what)


@pytest.mark.parametrize("scene", sorted(scenes.SCENES))
def test_every_scene_can_be_painted_upright_too(scene):
    assert scenes.SHAPES["tall"] == scenes.paint(scene, palette="dusk", form="tall").size


def test_painting_a_picture_takes_a_fraction_of_a_second():
    begun = time.process_time()
    for scene in scenes.SCENES:
        scenes.paint(scene)

    # about 0.07 s each; 100 pictures have to be there within a few seconds
    assert (time.process_time() - begun) / len(scenes.SCENES) < 0.5


def test_a_folder_that_is_complete_is_not_painted_again(all_of_it):
    path = all_of_it.path(world.DAWN)
    before = path.stat().st_mtime_ns

    library.sample(all_of_it.sample.folder)

    assert before == path.stat().st_mtime_ns


def test_a_picture_that_is_missing_is_painted_again(tmp_path, monkeypatch):
    few = [shot for shot in library.shots() if shot.key in ("GIF", "NOT_AN_IMAGE")]
    library.write_files(few, tmp_path)
    (gif,) = tmp_path.rglob("*.gif")
    gif.unlink()

    library.write_files(few, tmp_path)

    assert gif.exists()


# what is inside the files


def test_exif_is_really_inside(all_of_it):
    tags = picture(all_of_it.path(world.PRIVATE_INSIDE)).getexif()
    camera = tags.get_ifd(ExifTags.IFD.Exif)
    base = ExifTags.Base

    assert "Canon" == tags[base.Make]
    assert "Canon EOS R6m2" == tags[base.Model]
    assert "RF100-500mm F4.5-7.1 L IS USM" == camera[base.LensModel]
    date_time = all_of_it.file(world.PRIVATE_INSIDE).date_time
    assert date_time.replace("-", ":").replace("T", " ") == camera[base.DateTimeOriginal]
    assert "+02:00" == camera[base.OffsetTimeOriginal]
    assert b"Seestr. 12" in camera[base.MakerNote]
    said = all_of_it.file(world.PRIVATE_INSIDE).metadata
    assert float(said["aperture"]) == float(camera[base.FNumber])
    assert said["iso"] == str(camera[base.ISOSpeedRatings])
    assert said["focallength"] == f"{float(camera[base.FocalLength]):.1f} mm"
    assert camera[base.ExposureTime] > 0


def test_places_are_really_inside(all_of_it):
    gps = picture(all_of_it.path(world.AT_HOME)).getexif().get_ifd(ExifTags.IFD.GPSInfo)

    assert "N" == gps[ExifTags.GPS.GPSLatitudeRef]
    assert (47.0, 46.0) == tuple(float(part) for part in gps[ExifTags.GPS.GPSLatitude][:2])
    with_gps = [one for one in all_of_it.seed.files if "gpslatitude" in one.metadata]
    assert len(with_gps) >= 4


def test_private_keywords_are_in_xmp_and_iptc_but_not_in_imatch(all_of_it):
    opened = picture(all_of_it.path(world.DAWN))
    iptc = IptcImagePlugin.getiptcinfo(opened)

    assert b"Seestra\xc3\x9fe 12" in iptc[(2, 25)]
    assert b"Dawn over the lake" == iptc[(2, 5)]
    assert b"Private|Home|Seestra\xc3\x9fe 12" in opened.info["xmp"]
    for file in all_of_it.seed.files:
        assert not any("Seestra" in word for word in file.metadata.get("hierarchicalkeywords", []))


def test_the_texts_are_inside_as_well(all_of_it):
    found = read(all_of_it.path(world.MARKUP))

    assert all_of_it.said(world.MARKUP, "title") == found.title
    assert all_of_it.said(world.MARKUP, "headline") == found.headline
    assert all_of_it.said(world.MARKUP, "description") == found.description
    assert all_of_it.said(world.MARKUP, ALT_TEXT) == found.alt_text
    assert set(all_of_it.said(world.MARKUP, "hierarchicalkeywords")) < set(found.keywords)


@pytest.mark.parametrize(
    ("named", "flag"), [(world.FIRST_SNOW, 6), (world.CITY_LIGHTS, 8), (world.DAWN, 1)]
)
def test_turned_pictures_stand_upright_by_their_flag(all_of_it, named, flag):
    opened = picture(all_of_it.path(named))
    upright = ImageOps.exif_transpose(opened)

    assert flag == opened.getexif()[ExifTags.Base.Orientation]
    assert (upright.height > upright.width) == (flag in (6, 8))
    # sky above, snow or dark water below: not upside down
    shot = all_of_it.sample.shot(next(key for key, value in world.NAMED.items() if value == named))
    painted = scenes.paint(shot.scene, palette=shot.palette, seed=shot.file_id, form=shot.form)
    expected = painted.resize((8, 8), Image.Resampling.BOX).getpixel((1, 6))
    found = upright.resize((8, 8), Image.Resampling.BOX).getpixel((1, 6))
    assert all(abs(a - b) < 12 for a, b in zip(expected, found, strict=True))


def test_one_file_goes_on_behind_the_end_of_its_picture(all_of_it):
    data = all_of_it.path(world.TRAILING_BYTES).read_bytes()

    assert not data.endswith(b"\xff\xd9")
    assert b"hidden film" in data[data.index(b"ftypmp42") :]


def test_some_have_a_colour_profile_and_a_maker_note(all_of_it):
    assert picture(all_of_it.path(world.DAWN)).info["icc_profile"] == embed.srgb()
    notes = [
        named
        for named in (world.FIRST_SNOW, world.TRAILING_BYTES, world.PRIVATE_INSIDE)
        if ExifTags.Base.MakerNote
        in picture(all_of_it.path(named)).getexif().get_ifd(ExifTags.IFD.Exif)
    ]
    assert 3 == len(notes)


def test_png_and_gif_hold_private_things_too(all_of_it):
    assert "Seestraße 12" in picture(all_of_it.path(world.NO_CAMERA)).info["Comment"]
    assert "Seestraße 12".encode() in picture(all_of_it.path(world.GIF)).info["comment"]


def test_what_was_sent_earlier_has_nothing_private_and_the_same_picture(all_of_it):
    sent = all_of_it.photo(world.PUBLISHED).data
    original = all_of_it.path(world.PUBLISHED)

    with Image.open(io.BytesIO(sent)) as opened:
        assert not {"exif", "xmp", "photoshop"} & set(opened.info)
        assert picture(original).tobytes() == opened.tobytes()
    assert b"Private" not in sent


# the names


def test_the_named_photos_are_the_library_and_say_the_same_reasons(all_of_it):
    expected = {shot.key: (shot.file_id, shot.why) for shot in all_of_it.sample.shots}

    assert expected == {name: (one.file_id, one.why) for name, one in world.NAMED.items()}
    assert len(expected) == len({file_id for file_id, _ in expected.values()})


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_plan_of_the_tests_covers_the_work_list_and_nothing_else(all_of_it, platform):
    work = set(all_of_it.imatch.files_in(f"Socials|{platform}"))
    for flag in FLAGS:
        work |= set(all_of_it.imatch.files_in(f"Socials|{platform}|{flag}"))
    planned = [ids(photos) for photos in world.PLAN[platform].values()]
    planned.append(set().union(*(ids(some) for some in world.BLOCKED[platform].values())))

    assert work == set().union(*planned)
    assert len(work) == sum(len(some) for some in planned), "a photo is in two places"
    assert not work & ids(world.BYSTANDERS)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_each_row_of_the_decision_table_is_there(all_of_it, platform):
    expected = {
        "add": (False, [set()]),
        "update": (True, [{"_update"}, {"_update", "_metadata"}]),
        "metadata": (True, [{"_metadata"}]),
        "delete": (True, [{"_delete"}]),
        "skip": (False, [{"_delete"}]),
        "none": (True, [set()]),
    }
    for action, photos in world.PLAN[platform].items():
        published, flags = expected[action]
        for one in photos:
            if one is world.ID_FROM_URL:
                continue  # published too, but it takes a look at the address to know
            assert published == all_of_it.is_published(one, platform), one
            assert all_of_it.flags(one, platform) in flags, one
        assert photos


@pytest.mark.parametrize("platform", PLATFORMS)
def test_there_is_plenty_to_do(platform):
    least = {"flickr": (20, 4, 5, 4), "pixelfed": (14, 4, 5, 4)}[platform]
    plan = world.PLAN[platform]

    assert len(world.CLEAN_ADDS[platform]) >= least[0]
    assert [
        len(plan[name]) >= n
        for name, n in zip(("update", "metadata", "delete"), least[1:], strict=True)
    ] == [True] * 3
    assert len(ids(world.CLEAN_ADDS["flickr"]) & ids(world.CLEAN_ADDS["pixelfed"])) >= 6


@pytest.mark.parametrize("platform", PLATFORMS)
def test_clean_photos_have_everything_that_is_asked_for(all_of_it, platform):
    for one in world.CLEAN_ADDS[platform]:
        file = all_of_it.file(one)
        assert {"title", "headline", "description", "hierarchicalkeywords"} <= set(file.metadata)
        assert file.format in ("JPEG", "PNG", "GIF")
        assert file.size is None and not file.raw and Path(file.path).exists()
        paths = all_of_it.imatch.categories_of(one.file_id)
        assert any(path.startswith("Image Characteristics|Genre|") for path in paths)
        assert f"Socials|{platform}" in paths


def test_captions_fit_but_for_the_ones_that_show_the_fitting(all_of_it):
    too_long = set()
    for one in (*world.PLAN["pixelfed"]["add"], *world.PLAN["pixelfed"]["update"]):
        shot = next(s for s in all_of_it.sample.shots if s.file_id == one.file_id)
        if len(texts.pixelfed_caption(shot)) > 500:
            too_long.add(one.file_id)

    assert ids((world.FORTY_KEYWORDS, world.CAPTION_JUST_OVER)) == too_long


def test_every_problem_code_has_its_photo_on_every_platform_it_belongs_to():
    both = {
        "missing_title", "missing_description", "file_too_large", "invalid_format",
        "file_not_found", "not_an_image", "text_too_long", "missing_keywords", "missing_genre",
        "conflicting_flags", "not_in_platform_category", "same_picture_twice",
        "duplicate_remote_id", "lost_remote_id", "malformed_record",
    }  # fmt: skip
    shown = {p: set(world.BLOCKED[p]) | set(world.WARNED[p]) for p in PLATFORMS}

    assert both | {"too_many_tags", "album_without_id"} == shown["flickr"]
    assert both | {"missing_headline"} == shown["pixelfed"]


# IMatch and the platforms


def test_published_photos_that_do_not_differ_are_online_as_they_are_in_imatch(all_of_it):
    shot = all_of_it.sample.shot("PUBLISHED")
    photo, status = all_of_it.photo(world.PUBLISHED), all_of_it.status(world.PUBLISHED)

    assert shot.title == photo.title
    assert texts.flickr_description(shot) == photo.description
    assert texts.flickr_tags(shot) == [tag.raw for tag in photo.tags]
    assert shot.date_time.replace("T", " ") == photo.taken
    assert texts.pixelfed_caption(shot) == status.caption
    assert "A blue lake at noon" == all_of_it.pixelfed.media[status.media_ids[0]].description


def test_albums_have_their_ids_in_the_first_line_of_the_description(all_of_it):
    first = {
        one.path.rpartition("|")[2]: one.description.partition("\n")[0]
        for one in all_of_it.seed.categories
        if one.path.startswith("Socials|flickr|albums|")
    }

    assert "72157700000000001" == first["Harbours"]
    assert first["Lakes and shores"].endswith("/albums/72157700000000002")
    assert {"72157700000000001", "72157700000000002"} < set(all_of_it.flickr.albums)
    assert first["Old ideas"] not in all_of_it.flickr.albums
    assert "72157700000000009" in all_of_it.flickr.albums
    assert "72157700000000009" not in "".join(first.values())


def test_groups_are_open_throttled_moderated_and_refusing(all_of_it):
    groups = {one.name: one for one in all_of_it.flickr.groups.values()}

    assert ("day", 1) == groups["One a Day"].throttle
    assert len(all_of_it.imatch.files_in("Socials|flickr|groups|One a Day")) == 3
    assert groups["Curated Light"].moderated
    assert groups["Only Birds"].refuse == 8
    assert [all_of_it.photo(world.HAND_MADE).id] == [
        one.photo_id for one in groups["Old Friends"].pool
    ]
    for name, group_id in GROUPS.items():
        assert group_id == groups[name].nsid
        assert group_id == all_of_it.seed.category(f"Socials|flickr|groups|{name}").description


def test_some_error_leaves_are_missing_for_the_doctor_to_list(all_of_it):
    paths = {one.path for one in all_of_it.seed.categories}

    for platform in PLATFORMS:
        assert f"Socials|{platform}|__errors|missing title" in paths
        assert f"Socials|{platform}|__errors|private content" not in paths
    assert "Socials|pixelfed|__errors|missing headline" in paths


def test_variables_are_those_of_the_setup_notes_without_secrets(all_of_it):
    expected = {
        "flickr_is_public": 1, "flickr_is_family": 0, "flickr_is_friend": 0,
        "pixelfed_visibility": "public", "imatch_to_socials_testing": 0,
    }  # fmt: skip

    assert expected == all_of_it.seed.variables


def test_a_second_sample_starts_unpublished(all_of_it):
    fresh = library.sample(all_of_it.sample.folder)

    assert [] == fresh.seed.records
    assert all_of_it.seed.records
