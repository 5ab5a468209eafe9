"""Uploads: what is taken, what becomes of the picture, alt text, limits."""

import io

import pytest
import requests
from PIL import Image
from pixelfed_calls import Caller, Clock, photo

from socials_lib.demo.pixelfed import PixelfedStandIn, legacy, recent

PLACEHOLDER = "U4Rfzst8?bt7ogayj[j[~pfQ9Goe%Mj[WBay"


def exif_photo(orientation: int = 1, **size: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Canon"
    exif.get_ifd(0x8825)[1] = "N"
    return photo(**size, exif=exif, icc_profile=b"profile of a camera")


def file_of(url: str) -> bytes:
    answer = requests.get(url, timeout=20)
    assert 200 == answer.status_code
    return answer.content


def test_the_bytes_received_are_kept_for_inspection() -> None:
    data = exif_photo()
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        media = caller.upload(data, "words").json()["id"]

        assert data == pixelfed.backend.media[media].received
        assert data != pixelfed.backend.media[media].stored


def test_version_1_has_an_address_at_once_and_version_2_has_none() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        first, second = caller.upload(version=1), caller.upload(version=2)

        assert (200, 202) == (first.status_code, second.status_code)
        assert first.json()["url"] == first.json()["preview_url"]
        assert "?v=" in first.json()["url"]
        assert second.json()["url"] is None
        for answer in (first, second):
            assert "meta" not in answer.json()
            assert PLACEHOLDER == answer.json()["blurhash"]


def test_before_the_worker_came_the_original_is_public() -> None:
    data = exif_photo(width=300, height=200)
    with PixelfedStandIn(legacy(queue="delayed")) as pixelfed, Caller(pixelfed) as caller:
        media = caller.upload(data).json()["id"]
        waiting = caller.get(f"/api/v1/media/{media}").json()
        assert "meta" not in waiting
        assert PLACEHOLDER == waiting["blurhash"]
        assert waiting["url"] == waiting["preview_url"]
        assert data == file_of(waiting["url"])

        assert 1 == pixelfed.backend.run_queue()
        done = caller.get(f"/api/v1/media/{media}").json()
        assert {"width": 300, "height": 200, "size": "300x200", "aspect": 1.5} == (
            done["meta"]["original"]
        )
        assert PLACEHOLDER != done["blurhash"]
        assert done["preview_url"].endswith("_thumb.jpg")
        assert data != file_of(done["url"])


def test_a_post_made_before_the_worker_came_has_no_meta() -> None:
    with PixelfedStandIn(recent()) as pixelfed, Caller(pixelfed) as caller:
        made = caller.publish("fresh")

        assert made["media_attachments"][0]["meta"] is None
        pixelfed.backend.run_queue()
        assert caller.status(made["id"])["media_attachments"][0]["meta"] is not None


@pytest.mark.parametrize(
    ("sent", "kept", "orientation"),
    [
        ((6000, 4000), (1620, 1080), "landscape"),
        ((4000, 6000), (900, 1350), "portrait"),
        ((3000, 3000), (1080, 1080), "square"),
        ((1600, 1067), (1600, 1067), "landscape"),
        ((30, 20), (30, 20), "landscape"),
    ],
)
def test_pictures_are_fitted_and_never_enlarged(
    sent: tuple[int, int], kept: tuple[int, int], orientation: str
) -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        media = caller.upload(photo(*sent)).json()["id"]
        status = caller.post("/api/v1/statuses", media_ids=[media]).json()
        shown = caller.status(status["id"], _pe=1)["media_attachments"][0]

        original = shown["meta"]["original"]
        assert kept == (original["width"], original["height"])
        assert orientation == shown["orientation"]
        with Image.open(io.BytesIO(file_of(shown["url"]))) as picture:
            assert kept == picture.size


def test_the_picture_is_turned_and_all_metadata_is_gone() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        media = caller.upload(exif_photo(orientation=6, width=90, height=60)).json()["id"]
        url = caller.get(f"/api/v1/media/{media}").json()["url"]

        with Image.open(io.BytesIO(file_of(url))) as picture:
            assert (60, 90) == picture.size
            assert not picture.getexif()
            assert "icc_profile" not in picture.info


def test_newer_servers_keep_the_colour_profile() -> None:
    with PixelfedStandIn(recent(queue="sync")) as pixelfed, Caller(pixelfed) as caller:
        media = caller.upload(exif_photo()).json()["id"]
        url = caller.get(f"/api/v1/media/{media}").json()["url"]

        with Image.open(io.BytesIO(file_of(url))) as picture:
            assert b"profile of a camera" == picture.info["icc_profile"]
            assert not picture.getexif()


def test_with_optimising_off_the_original_stays_public() -> None:
    data = exif_photo()
    with PixelfedStandIn(legacy(optimize_images=False)) as pixelfed, Caller(pixelfed) as caller:
        media = caller.upload(data).json()["id"]
        shown = caller.get(f"/api/v1/media/{media}").json()

        assert data == file_of(shown["url"])
        assert "meta" not in shown
        assert shown["preview_url"].endswith("_thumb.jpg")


def test_a_gif_is_left_alone() -> None:
    data = photo(format="GIF")
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        media = caller.upload(data).json()["id"]
        shown = caller.get(f"/api/v1/media/{media}").json()

        assert "meta" not in shown
        assert data == file_of(shown["url"])


@pytest.mark.parametrize("format", ["WEBP", "AVIF"])
def test_newer_servers_take_more_formats(format: str) -> None:
    with PixelfedStandIn(recent(queue="sync")) as pixelfed, Caller(pixelfed) as caller:
        media = caller.upload(photo(format=format)).json()["id"]
        shown = caller.get(f"/api/v1/media/{media}").json()

    assert shown["url"].endswith(".webp" if format == "WEBP" else ".jpg")


def test_the_type_comes_from_the_bytes_not_from_the_name() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        hidden = {"file": ("notes.txt", photo(), "application/octet-stream")}
        pretended = {"file": ("photo.jpg", photo(format="BMP"), "image/jpeg")}

        assert 202 == caller("POST", "/api/v2/media", files=hidden).status_code
        refused = caller("POST", "/api/v2/media", files=pretended)
        assert (
            "The file must be a file of type: image/jpeg, image/png, image/gif."
            == (refused.json()["message"])
        )


def test_the_size_limit_is_15000_times_1024_bytes() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        assert 202 == caller.upload(photo(pad_to=15_360_000)).status_code
        refused = caller.upload(photo(pad_to=15_360_001))
        assert "The file may not be greater than 15000 kilobytes." == refused.json()["message"]


def test_no_file_is_said_so() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        answer = caller.post("/api/v2/media", description="words")

    assert {"file": ["The file field is required when file.* is not present."]} == (
        answer.json()["errors"]
    )


def test_the_alt_text_limit_counts_characters() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        assert 202 == caller.upload(description="\N{CAMERA}" * 1000).status_code
        refused = caller.upload(description="x" * 1001)
        assert (
            "The description may not be greater than 1000 characters."
            == (refused.json()["message"])
        )


def test_no_description_is_null_on_old_and_empty_on_new_servers() -> None:
    for options, expected in ((legacy(), None), (recent(), "")):
        with PixelfedStandIn(options) as pixelfed, Caller(pixelfed) as caller:
            assert expected == caller.upload().json()["description"]


def test_alt_text_is_raw_after_upload_and_purified_by_a_put() -> None:
    words = 'I <3 "it" & <b>more</b>\n  second  line'
    for options, expected in (
        (legacy(), 'I &lt;3 "it" &amp; more\n  second  line'),
        (recent(), 'I &lt;3 "it" &amp; more second line'),
    ):
        with PixelfedStandIn(options) as pixelfed, Caller(pixelfed) as caller:
            media = caller.upload(description=words).json()
            changed = caller.put(f"/api/v1/media/{media['id']}", description=words).json()

            assert words == media["description"]
            assert expected == changed["description"]


def test_a_put_without_description_wipes_it() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        media = caller.media("words")

        assert "" == caller.put(f"/api/v1/media/{media}", focus="0,0").json()["description"]


def test_the_official_app_writes_alt_text_in_the_query() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        media = caller.media("words")
        answer = caller("PUT", f"/api/v1/media/{media}", params={"description": "new words"})

        assert "new words" == answer.json()["description"]


def test_alt_text_of_a_posted_picture_can_be_changed_and_is_no_edit() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        made = caller.publish("words")
        media = made["media_attachments"][0]["id"]
        answer = caller.put(f"/api/v1/media/{media}", description="after posting")
        shown = caller.status(made["id"])

        assert 200 == answer.status_code
        assert "after posting" == shown["media_attachments"][0]["description"]
        assert shown["edited_at"] is None
        assert [] == caller.get(f"/api/v1/statuses/{made['id']}/history").json()
        gone = caller.get(f"/api/v1/media/{media}")
        assert {"error": f"No query results for model [App\\Media] {media}"} == gone.json()


def test_other_peoples_media_are_not_there() -> None:
    with PixelfedStandIn(recent()) as pixelfed:
        with Caller(pixelfed) as caller:
            media = caller.media()
        with Caller(pixelfed, pixelfed.backend.issue_token("other")) as stranger:
            assert 404 == stranger.get(f"/api/v1/media/{media}").status_code
            assert 404 == stranger.put(f"/api/v1/media/{media}", description="x").status_code
            assert 400 == stranger.post("/api/v1/statuses", media_ids=[media]).status_code


@pytest.mark.parametrize("make", [legacy, recent])
def test_alt_text_may_be_changed_ten_times_a_minute(make: type) -> None:
    clock = Clock()
    server = PixelfedStandIn(make(), clock=clock)
    with server as pixelfed, Caller(pixelfed, accept="*/*") as caller:
        media = caller.media()
        codes = []
        for number in range(12):
            answer = caller.put(f"/api/v1/media/{media}", description=f"number {number}")
            codes.append(answer.status_code)
            clock.wait(1)

        assert [200] * 10 + [429] * 2 == codes
        assert {"error": "Too many attempts. Try again in a few minutes."} == answer.json()
        assert "Retry-After" not in answer.headers
        assert "X-RateLimit-Reset" not in answer.headers
        assert "number 9" == pixelfed.backend.media[media].description
        clock.wait(47)
        assert 429 == caller.put(f"/api/v1/media/{media}", description="x").status_code
        clock.wait(1)
        assert 200 == caller.put(f"/api/v1/media/{media}", description="x").status_code


def test_unknown_media_do_not_use_up_the_minute() -> None:
    with PixelfedStandIn(legacy(), clock=Clock()) as pixelfed, Caller(pixelfed) as caller:
        media = caller.media()
        for _ in range(12):
            caller.put("/api/v1/media/999", description="x")

        assert 200 == caller.put(f"/api/v1/media/{media}", description="x").status_code


def test_unused_uploads_are_collected_after_two_hours() -> None:
    clock = Clock()  # 08:00
    with PixelfedStandIn(legacy(), clock=clock) as pixelfed, Caller(pixelfed) as caller:
        clock.wait(600)  # 08:10
        unused, used = caller.media(), caller.publish("kept")["media_attachments"][0]["id"]
        clock.wait(7200 - 1)  # 10:09, the collector came at 10:05: too early
        assert 200 == caller.get(f"/api/v1/media/{unused}").status_code
        clock.wait(3600 - 240)  # 11:05
        assert 500 == caller.get(f"/api/v1/media/{unused}").status_code
        refused = caller.post("/api/v1/statuses", media_ids=[unused])
        assert {"error": "Invalid media_ids"} == refused.json()
        assert used in pixelfed.backend.media


def test_a_day_has_room_for_1250_uploads() -> None:
    clock = Clock()
    server = PixelfedStandIn(legacy(media_per_day=3), clock=clock)
    with server as pixelfed, Caller(pixelfed) as caller:
        for _ in range(3):
            caller.publish("kept")
        full = caller.upload()
        assert (429, {"error": ""}) == (full.status_code, full.json())
        pixelfed.options.media_per_day = 1250
        clock.wait(14 * 60)
        assert 429 == caller.upload().status_code, "the answer is cached for 15 minutes"
        clock.wait(61)
        assert 202 == caller.upload().status_code
        pixelfed.options.media_per_day = 4
        assert 429 == caller.upload().status_code
        clock.wait(86400)
        assert 202 == caller.upload().status_code
    assert 1250 == legacy().media_per_day


def test_an_account_can_be_full() -> None:
    with PixelfedStandIn(legacy(max_account_size_kb=1)) as pixelfed, Caller(pixelfed) as caller:
        answer = caller.upload()

    assert (403, {"error": "Account size limit reached."}) == (answer.status_code, answer.json())


def test_an_upload_can_replace_one_that_is_not_used_yet() -> None:
    clock = Clock()
    options = legacy(queue="delayed", queue_delay=1)
    with PixelfedStandIn(options, clock=clock) as pixelfed, Caller(pixelfed) as caller:
        old = caller.media()
        files = {"file": ("a.jpg", photo())}
        caller("POST", "/api/v2/media", data={"replace_id": old}, files=files)
        clock.wait(14 * 60)
        assert 200 == caller.get(f"/api/v1/media/{old}").status_code
        clock.wait(61)
        assert 500 == caller.get(f"/api/v1/media/{old}").status_code


def test_a_brand_new_account_gets_an_empty_list() -> None:
    with PixelfedStandIn(recent()) as pixelfed:
        backend = pixelfed.backend
        for name in ("first", "second"):
            backend.add_account(name, active=False)
        with Caller(pixelfed, backend.issue_token("first")) as caller:
            answers = [caller.upload(version=2) for _ in range(2)]
            assert [(200, [])] * 2 == [(one.status_code, one.json()) for one in answers]
            caller.get("/api/v1/accounts/verify_credentials")
            assert 202 == caller.upload().status_code
        with Caller(pixelfed, backend.issue_token("second")) as caller:
            status = caller.post("/api/v1/statuses", status="x", media_ids=["1"])
            assert (200, []) == (status.status_code, status.json())
            assert [] == caller.upload(version=1).json()
            assert "id" in caller.upload(version=1).json()
