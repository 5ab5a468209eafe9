"""Real camera files: what arrives on both platforms holds nothing private, read by Pillow."""

import io
from pathlib import Path

import pytest
from PIL import Image
from rig import states

PHOTOS = Path(__file__).resolve().parents[3] / "shared" / "photos"
NAMES = ("DSCN0010.jpg", "45-gps_ifd.jpg", "BlueSquare.jpg", "Canon_40D_photoshop_import.jpg")
GPS, EXIF, MAKER_NOTE, IMAGE_DESCRIPTION = 0x8825, 0x8769, 0x927C, 0x010E


@pytest.mark.skipif(not PHOTOS.exists(), reason="the camera files are not beside the project")
@pytest.mark.parametrize("name", NAMES)
def test_nothing_private_of_a_camera_file_arrives(rig, name):
    source = (PHOTOS / name).read_bytes()
    file_id = rig.photo(flickr=True, pixelfed=True)
    (rig.folder / f"photo-{file_id}.jpg").write_bytes(source)
    rig.reload()
    run = rig.sync()

    assert ["done", "done"] == states(run)
    [photo] = rig.flickr.backend.photos.values()
    [media] = rig.pixelfed.backend.media.values()
    for data in (photo.data, media.received):
        with Image.open(io.BytesIO(data)) as sent, Image.open(io.BytesIO(source)) as before:
            exif = sent.getexif()
            assert {} == dict(exif.get_ifd(GPS))
            assert MAKER_NOTE not in exif.get_ifd(EXIF)
            assert IMAGE_DESCRIPTION not in exif
            assert set() == {"xmp", "photoshop", "comment"} & set(sent.info)
            assert before.convert("RGB").tobytes() == sent.convert("RGB").tobytes()
