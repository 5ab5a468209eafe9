"""What the server says about itself: instance, nodeinfo, compose settings, preferences."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from socials_lib.demo.pixelfed.backend import PixelfedBackend
from socials_lib.demo.pixelfed.options import PixelfedOptions
from socials_lib.demo.pixelfed.records import Account

_WORDS = "Pixelfed is an image sharing platform, an ethical alternative to centralized platforms."
_HEADER = "/storage/headers/default.jpg"


def instance_v1(backend: PixelfedBackend, base: str) -> dict[str, Any]:
    """`GET /api/v1/instance`: no alt-text limit among the limits."""
    options = backend.options
    return {
        "uri": urlsplit(base).hostname,
        "title": options.title,
        "short_description": _WORDS,
        "description": _WORDS,
        "email": None,
        "version": options.mastodon_version,
        "urls": {"streaming_api": None},
        "stats": {
            "user_count": len(backend.accounts),
            "status_count": _posts(backend),
            "domain_count": 0,
        },
        "thumbnail": _HEADER,
        "languages": ["en"],
        "registrations": True,
        "approval_required": False,
        "contact_account": None,
        "rules": [],
        "configuration": _configuration_v1(options),
    }


def _configuration_v1(options: PixelfedOptions) -> dict[str, Any]:
    bytes_limit = options.max_photo_size_kb * 1024
    return {
        "media_attachments": {
            "image_matrix_limit": 16777216,
            "image_size_limit": bytes_limit,
            "supported_mime_types": list(options.media_types),
            "video_frame_rate_limit": 120,
            "video_matrix_limit": 2304000,
            "video_size_limit": bytes_limit,
        },
        "polls": {
            "max_characters_per_option": 50,
            "max_expiration": 2629746,
            "max_options": 4,
            "min_expiration": 300,
        },
        "statuses": {
            "characters_reserved_per_url": 23,
            "max_characters": options.max_caption_length,
            "max_media_attachments": options.max_album_length,
        },
    }


def instance_v2(backend: PixelfedBackend, base: str) -> dict[str, Any]:
    """`GET /api/v2/instance`."""
    options = backend.options
    return {
        "domain": urlsplit(base).hostname,
        "title": options.title,
        "version": options.mastodon_version,
        "source_url": "https://github.com/pixelfed/pixelfed",
        "description": _WORDS,
        "usage": {"users": {"active_month": len(backend.accounts)}},
        "thumbnail": {
            "url": _HEADER,
            "blurhash": "UzJR]l{wHZRjM}R%XRkCH?X9xaWEjZj]kAjt",
            "versions": {"@1x": _HEADER, "@2x": _HEADER},
        },
        "languages": ["en"],
        "configuration": _configuration_v2(options),
        "registrations": {
            "enabled": True,
            "approval_required": False,
            "message": None,
            "url": None,
        },
        "contact": {"email": None, "account": None},
        "rules": [],
    }


def _configuration_v2(options: PixelfedOptions) -> dict[str, Any]:
    return {
        "urls": {"streaming": None, "status": None},
        "vapid": {"public_key": None},
        "accounts": {"max_featured_tags": 0},
        "statuses": {
            "max_characters": options.max_caption_length,
            "max_media_attachments": options.max_album_length,
            "characters_reserved_per_url": 23,
        },
        "media_attachments": {
            "supported_mime_types": list(options.media_types),
            "image_size_limit": options.max_photo_size_kb * 1024,
            "image_matrix_limit": 3686400,
            "video_size_limit": options.max_photo_size_kb * 1024,
            "video_frame_rate_limit": 240,
            "video_matrix_limit": 3686400,
        },
        "polls": {
            "max_options": 0,
            "max_characters_per_option": 0,
            "min_expiration": 0,
            "max_expiration": 0,
        },
        "translation": {"enabled": False},
    }


def nodeinfo_links(base: str) -> dict[str, Any]:
    """`GET /.well-known/nodeinfo`."""
    schema = "http://nodeinfo.diaspora.software/ns/schema/2.0"
    return {"links": [{"href": f"{base}/api/nodeinfo/2.0.json", "rel": schema}]}


def nodeinfo(backend: PixelfedBackend) -> dict[str, Any]:
    """`GET /api/nodeinfo/2.0.json`."""
    people = len(backend.accounts)
    covid = {
        "enabled": True,
        "org": "visit the WHO website",
        "url": "https://www.who.int/emergencies/diseases/novel-coronavirus-2019/advice-for-public",
    }
    return {
        "metadata": {
            "nodeName": backend.options.title,
            "software": {
                "homepage": "https://pixelfed.org",
                "repo": "https://github.com/pixelfed/pixelfed",
            },
            "config": {
                "features": {
                    "timelines": {"local": True, "network": True},
                    "mobile_apis": True,
                    "stories": False,
                    "video": False,
                    "import": {"instagram": False, "mastodon": False, "pixelfed": False},
                    "label": {"covid": covid},
                    "hls": {"enabled": False},
                }
            },
        },
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "software": {"name": "pixelfed", "version": backend.options.version},
        "usage": {
            "localPosts": _posts(backend),
            "localComments": 0,
            "users": {"total": people, "activeHalfyear": people, "activeMonth": people},
        },
        "version": "2.0",
        "openRegistrations": True,
    }


def compose_settings(backend: PixelfedBackend, account: Account) -> dict[str, Any]:
    """`GET /api/v1.1/compose/settings`: the only place that tells the alt-text limit, as text."""
    return {
        "default_license": account.license,
        "media_descriptions": False,
        "max_altext_length": str(backend.options.max_altext_length),
        "default_scope": "public",
    }


def preferences(account: Account) -> dict[str, Any]:
    """`GET /api/v1/preferences`."""
    return {
        "posting:default:visibility": "private" if account.locked else "public",
        "posting:default:sensitive": False,
        "posting:default:language": None,
        "reading:expand:media": "default",
        "reading:expand:spoilers": False,
    }


def _posts(backend: PixelfedBackend) -> int:
    return sum(status.in_lists for status in backend.statuses.values())
