"""The system's keyring: which one is used, how secrets are filed there, and long ones in parts.

Entries are named by mode, platform and host.  Backends that keep plain text are refused.

Windows' Credential Manager takes 2,560 bytes an entry, as UTF-16: 1,280 letters.  Flickr's keys and
tokens are short, but a token of Pixelfed is a signed document of about a thousand letters that
grows with the server's key.  A longer secret is kept in parts (`pixelfed_token.1`, `.2`, …), and
the entry itself says how many there are and what their hash is: parts of two tokens never mix.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

from socials_lib.errors import SettingsError
from socials_lib.models import PlatformName
from socials_lib.settings import Settings

#: Letters of one entry: 2,400 of the 2,560 bytes that Windows' Credential Manager takes.
LONGEST_ENTRY = 1_200
_PARTS_MARK = "in parts:"
#: Names of the secrets of a platform, and the IMatch variables that may hold them.
PARTS: Mapping[PlatformName, Mapping[str, tuple[str, ...]]] = {
    "flickr": {
        "flickr_apikey": ("flickr_apikey", "flickr_api_key"),
        "flickr_apisecret": ("flickr_apisecret", "flickr_api_secret"),
        "flickr_token": (),
        "flickr_token_secret": (),
    },
    "pixelfed": {"pixelfed_token": ("pixelfed_token",)},
}


class Keyring(Protocol):
    """What is used of a keyring backend."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


def host_in(url: str) -> str:
    """Host and port of an address, with or without its scheme."""
    return urlsplit(url.strip() if "://" in url else f"https://{url.strip()}").netloc.lower()


def host_of(settings: Settings, platform: PlatformName) -> str:
    """The host that the secrets of a platform belong to, "" if none is set."""
    if platform == "flickr":
        return host_in(settings.flickr.url or "https://www.flickr.com")
    return host_in(settings.pixelfed.url) if settings.pixelfed.url else ""


def service_name(settings: Settings, platform: PlatformName) -> str:
    """What keyring entries are filed under: mode, platform and host; the user name is the part."""
    return f"imatch-to-socials {settings.mode} {platform} {host_of(settings, platform)}"


NO_KEYRING = (
    "Keep the secrets in the environment instead: SOCIALS_FLICKR_TOKEN and"
    " SOCIALS_FLICKR_TOKEN_SECRET, SOCIALS_PIXELFED_TOKEN."
)


def safe_keyring(given: Keyring | None = None) -> Keyring:
    """The system's keyring, or a `SettingsError` if there is none that keeps secrets secret."""
    ring: Any = given
    if ring is None:
        import keyring  # here: only where secrets are kept, it looks for backends when imported

        with _translated("looked for"):
            ring = keyring.get_keyring()
    backends = list(getattr(ring, "backends", ())) if _module(ring).endswith(".chainer") else [ring]
    for backend in backends:
        if not _is_nothing(backend) and not _is_plain_text(backend):
            return backend  # type: ignore[no-any-return]
    if any(_is_plain_text(backend) for backend in backends):
        raise SettingsError(
            "The keyring of this computer keeps secrets as plain text, so it is not used.",
            hint=NO_KEYRING,
            code="plain_text_keyring",
        )
    raise SettingsError(
        "This computer has no keyring.",
        hint=NO_KEYRING,
        code="no_keyring",
    )


def _module(backend: object) -> str:
    return type(backend).__module__


def _is_nothing(backend: object) -> bool:
    return _module(backend) in ("keyring.backends.fail", "keyring.backends.null")


def _is_plain_text(backend: object) -> bool:
    """keyrings.alt writes files, some plain, some with a password it would ask for."""
    return (
        _module(backend).startswith("keyrings.alt") or "plaintext" in type(backend).__name__.lower()
    )


def store_flickr_token(
    settings: Settings, *, token: str, token_secret: str, keyring: Keyring | None = None
) -> None:
    """Keep a sign-in to Flickr for the next sessions."""
    values = {"flickr_token": token, "flickr_token_secret": token_secret}
    _store(settings, "flickr", values, keyring)


def store_flickr_key(
    settings: Settings, *, key: str, secret: str, keyring: Keyring | None = None
) -> None:
    """Keep the API key, for those who do not want it in an IMatch variable."""
    _store(settings, "flickr", {"flickr_apikey": key, "flickr_apisecret": secret}, keyring)


def store_pixelfed_token(settings: Settings, *, token: str, keyring: Keyring | None = None) -> None:
    """Keep the token for the server of the settings."""
    _store(settings, "pixelfed", {"pixelfed_token": token}, keyring)


def forget(settings: Settings, platform: PlatformName, *, keyring: Keyring | None = None) -> None:
    """Take everything about this platform out of the keyring; fine if nothing is there."""
    ring = safe_keyring(keyring)
    service = service_name(settings, platform)
    for name in PARTS[platform]:
        with _translated("given up"):
            for entry in (*_names_of_parts(ring, service, name), name):
                if ring.get_password(service, entry) is not None:
                    ring.delete_password(service, entry)


def _store(
    settings: Settings,
    platform: PlatformName,
    values: Mapping[str, str],
    keyring: Keyring | None,
) -> None:
    if not host_of(settings, platform):
        raise SettingsError(
            "No Pixelfed server is set, so a token has nowhere to belong to.",
            hint="Set [pixelfed] url, SOCIALS_PIXELFED_URL or the IMatch variable pixelfed_url.",
        )
    ring = safe_keyring(keyring)
    service = service_name(settings, platform)
    for name, value in values.items():
        with _translated("kept"):
            _put(ring, service, name, value.strip())
            kept = kept_secret(ring, service, name)
        if kept != value.strip():
            raise SettingsError(
                f"The keyring of this computer did not keep {name}.", hint=NO_KEYRING
            )


def _put(ring: Keyring, service: str, name: str, value: str) -> None:
    """Keep a secret, a long one in parts; parts of an older one that are too many go."""
    before = _names_of_parts(ring, service, name)
    parts = [value[at : at + LONGEST_ENTRY] for at in range(0, len(value), LONGEST_ENTRY)]
    if len(parts) < 2:
        ring.set_password(service, name, value)
        parts = []
    else:
        for number, part in enumerate(parts, 1):
            ring.set_password(service, f"{name}.{number}", part)
        ring.set_password(service, name, f"{_PARTS_MARK}{len(parts)}:{_sum(value)}")
    for entry in before[len(parts) :]:
        ring.delete_password(service, entry)


def kept_secret(ring: Keyring, service: str, name: str) -> str:
    """A kept secret, "" if there is none or its parts do not belong together."""
    value = ring.get_password(service, name) or ""
    if not value.startswith(_PARTS_MARK):
        return value
    entries = _names_of_parts(ring, service, name)
    joined = "".join(ring.get_password(service, entry) or "" for entry in entries)
    return joined if value.rpartition(":")[2] == _sum(joined) else ""


def _names_of_parts(ring: Keyring, service: str, name: str) -> tuple[str, ...]:
    mark, _, rest = (ring.get_password(service, name) or "").partition(_PARTS_MARK)
    count = rest.partition(":")[0]
    if mark or not count.isdigit():
        return ()
    return tuple(f"{name}.{number}" for number in range(1, int(count) + 1))


def _sum(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:16]


class _translated:
    """Whatever a backend raises becomes a `SettingsError`; its text may hold the value."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        if kind is None or not issubclass(kind, Exception):
            return
        raise SettingsError(
            f"The secret could not be {self.what} by the keyring of this computer.",
            hint=NO_KEYRING,
            details=kind.__name__,
        ) from None
