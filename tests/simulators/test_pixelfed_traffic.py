"""Rate limits in front of everything, and what the server announces about itself."""

from pixelfed_calls import Caller, Clock

from socials_lib.demo.pixelfed import PixelfedStandIn, legacy, recent


def test_recent_servers_count_512_requests_a_minute() -> None:
    clock = Clock()
    options = recent(requests_per_minute=3)
    with PixelfedStandIn(options, clock=clock) as pixelfed, Caller(pixelfed) as caller:
        first = caller.get("/api/v1/preferences")
        assert ("3", "2") == (
            first.headers["X-RateLimit-Limit"],
            first.headers["X-RateLimit-Remaining"],
        )
        assert "X-RateLimit-Reset" not in first.headers
        clock.wait(10)
        missing = caller.get("/api/v1/statuses/77")
        assert (404, "1") == (missing.status_code, missing.headers["X-RateLimit-Remaining"])
        caller.get("/api/v1/preferences")
        refused = caller.get("/api/v1/preferences")
        assert (429, {"error": "Too Many Attempts."}) == (refused.status_code, refused.json())
        assert ("50", "0") == (
            refused.headers["Retry-After"],
            refused.headers["X-RateLimit-Remaining"],
        )
        assert str(int(clock() + 50)) == refused.headers["X-RateLimit-Reset"]
        assert 200 == caller.get("/").status_code, "web pages are not counted"
        clock.wait(50)
        assert 200 == caller.get("/api/v1/preferences").status_code
    assert 512 == recent().requests_per_minute


def test_legacy_servers_send_no_rate_headers() -> None:
    with PixelfedStandIn(legacy()) as pixelfed, Caller(pixelfed) as caller:
        answer = caller.get("/api/v1/preferences")

    assert not [name for name in answer.headers if "ratelimit" in name.lower()]


def test_limits_are_announced_as_they_are_set() -> None:
    options = recent(max_caption_length=2000, max_album_length=20, max_altext_length=1500)
    with PixelfedStandIn(options) as pixelfed, Caller(pixelfed) as caller:
        for path in ("/api/v1/instance", "/api/v2/instance/"):
            said = caller.get(path).json()["configuration"]
            assert 2000 == said["statuses"]["max_characters"]
            assert 20 == said["statuses"]["max_media_attachments"]
            assert 15_360_000 == said["media_attachments"]["image_size_limit"]
            assert "image/webp" in said["media_attachments"]["supported_mime_types"]
        settings = caller.get("/api/v1.1/compose/settings").json()
        assert "1500" == settings["max_altext_length"]
        made = caller.publish("x" * 1900)
        assert 1900 == len(made["content"])


def test_the_version_says_which_mastodon_it_is_like() -> None:
    assert "2.7.2 (compatible; Pixelfed 0.11.9)" == legacy(version="0.11.9").mastodon_version
    assert "3.5.3 (compatible; Pixelfed 0.11.13)" == legacy().mastodon_version
    glitch = recent(version="0.12.6+glitch.1.12.1").mastodon_version
    assert "3.5.3 (compatible; Pixelfed 0.12.6+glitch.1.12.1)" == glitch
