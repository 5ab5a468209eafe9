"""Secrets: where they come from, where they are kept, and how they stay out of everything else.

Order: environment, the system's keyring, IMatch variables.  Keyring entries are named by mode, host
and platform, so that a rehearsal never sees the real sign-in, and a token goes only to the host it
was made for.  Backends that keep secrets as plain text are refused, both for storing and reading.

A `Secret` shows as `***` wherever it is printed, formatted, logged, pickled or dumped; only
`.reveal()` gives the value, to be called where a request is made and nowhere else.
"""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote, quote_plus, urlsplit

from socials_lib.errors import SettingsError
from socials_lib.models import PlatformName
from socials_lib.settings import Settings, Variable

log = logging.getLogger(__name__)

MASK = "***"
#: Header and parameter forms in which services and libraries write secrets.
_FORMS = re.compile(
    r"((?:auth_token|oauth_token|oauth_token_secret|oauth_signature|oauth_verifier|access_token"
    r"|client_secret|api_secret|password)[\"']?\s*[=:]\s*[\"']?|Bearer\s+)[^&\s,;\"'<>]+",
    re.IGNORECASE,
)


class Secret(str):
    """Text that shows as `***`; `.reveal()` gives what it is.

    To `str`, `json`, `pickle` and every format it *is* the three stars: the value hangs beside it.
    """

    __slots__ = ("_value",)
    _value: str

    def __new__(cls, value: str) -> Secret:
        made = super().__new__(cls, MASK)
        object.__setattr__(made, "_value", value)
        return made

    def reveal(self) -> str:
        """The value itself: only for the request that needs it."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret('{MASK}')"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(("Secret", self._value))

    def __bool__(self) -> bool:
        return bool(self._value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a secret does not change")

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, _memo: object) -> Secret:
        return self

    def __reduce_ex__(self, _protocol: object) -> tuple[Any, ...]:
        return (str, (MASK,))


@dataclass(frozen=True, kw_only=True)
class FlickrKey:
    """The API key of this installation; enough to start a sign-in."""

    key: Secret
    secret: Secret


@dataclass(frozen=True, kw_only=True)
class FlickrCredentials:
    """All that Flickr wants to see."""

    key: Secret
    secret: Secret
    token: Secret
    token_secret: Secret


@dataclass(frozen=True, kw_only=True)
class PixelfedCredentials:
    """The server and the token that was made there."""

    url: str
    token: Secret


class Keyring(Protocol):
    """What is used of a keyring backend."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


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


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What this session may sign in with; platforms nobody set up are None.

    `flickr_key` is there before the first sign-in; `keyring_problem` says in words why the
    system's keyring could not be used, "" if it could.
    """

    flickr: FlickrCredentials | None = None
    pixelfed: PixelfedCredentials | None = None
    flickr_key: FlickrKey | None = None
    keyring_problem: str = ""
    _missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _secrets: tuple[Secret, ...] = field(default=(), repr=False)

    @classmethod
    def load(
        cls,
        settings: Settings,
        environ: Mapping[str, str],
        variable: Variable | None = None,
        keyring: Keyring | None = None,
    ) -> Credentials:
        """Collect the secrets; keyring and IMatch are asked only for what is still missing."""
        source = _Sources(settings, environ, variable, keyring)
        flickr = {name: source.find("flickr", name) for name in PARTS["flickr"]}
        token = source.find("pixelfed", "pixelfed_token")
        url = settings.pixelfed.url
        lacking = {
            "flickr": tuple(name for name, secret in flickr.items() if secret is None),
            "pixelfed": tuple(
                name
                for name, value in (("pixelfed_url", url), ("pixelfed_token", token))
                if not value
            ),
        }
        key, secret = flickr["flickr_apikey"], flickr["flickr_apisecret"]
        own, own_secret = flickr["flickr_token"], flickr["flickr_token_secret"]
        return cls(
            flickr_key=FlickrKey(key=key, secret=secret) if key and secret else None,
            flickr=FlickrCredentials(key=key, secret=secret, token=own, token_secret=own_secret)
            if key and secret and own and own_secret
            else None,
            pixelfed=PixelfedCredentials(url=url, token=token) if url and token else None,
            keyring_problem=source.problem,
            _missing=lacking,
            _secrets=tuple(one for one in (*flickr.values(), token) if one),
        )

    def missing(self, platform: PlatformName) -> tuple[str, ...]:
        """Names of what is lacking: `flickr_apikey`, …; as IMatch variables, or in the
        environment with `SOCIALS_` before them, in capitals."""
        return self._missing.get(platform, ())

    def redact(self, text: str) -> str:
        """The text without any secret of this session, in whatever form services write them."""
        forms = {form for secret in self._secrets for form in _forms(secret.reveal())}
        for form in sorted(forms, key=len, reverse=True):
            text = text.replace(form, MASK)
        return _FORMS.sub(rf"\g<1>{MASK}", text)


def _forms(value: str) -> Iterable[str]:
    """As it is, in URLs, and as base64; very short values would mask half of every text."""
    if len(value) < 4:
        return ()
    plain = {value, quote(value), quote(value, safe=""), quote_plus(value)}
    return plain | {base64.b64encode(value.encode()).decode()}


class RedactingFilter(logging.Filter):
    """Masks secrets in log lines; belongs on handlers, where lines of all loggers pass.

    Arguments and exceptions are turned to text here, or a formatter would do it after the mask.
    """

    def __init__(self, redact: Callable[[str], str]) -> None:
        super().__init__()
        self._redact = redact

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self._redact(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text, record.exc_info = self._redact(record.exc_text), None
        if record.stack_info:
            record.stack_info = self._redact(record.stack_info)
        return True


# -- where secrets come from


class _Sources:
    def __init__(
        self,
        settings: Settings,
        environ: Mapping[str, str],
        variable: Variable | None,
        keyring: Keyring | None,
    ) -> None:
        self.settings = settings
        self.environ = environ
        self.variable = variable
        self.problem = ""
        self._given = keyring

    def find(self, platform: PlatformName, name: str) -> Secret | None:
        found = self.environ.get(f"SOCIALS_{name.upper()}", "").strip()
        found = found or self._from_keyring(platform, name)
        found = found or self._from_imatch(platform, PARTS[platform][name])
        return Secret(found) if found else None

    def _from_keyring(self, platform: PlatformName, name: str) -> str:
        if self.problem or not host_of(self.settings, platform):
            return ""
        service = service_name(self.settings, platform)
        try:
            return safe_keyring(self._given).get_password(service, name) or ""
        except SettingsError as error:
            self.problem = str(error)
        except Exception as error:  # backends raise what their system raises
            log.warning("the keyring does not answer: %s", type(error).__name__)
            self.problem = f"The keyring of this computer does not answer ({type(error).__name__})."
        return ""

    def _from_imatch(self, platform: PlatformName, names: Iterable[str]) -> str:
        if self.variable is None or (platform == "pixelfed" and not self._token_belongs_here()):
            return ""
        found = (self.variable(name) for name in names)
        return next((str(one).strip() for one in found if one is not None), "")

    def _token_belongs_here(self) -> bool:
        """IMatch's token is for IMatch's `pixelfed_url`; another server must not see it."""
        url = self.variable("pixelfed_url") if self.variable else None
        if not self.settings.pixelfed.url:
            return False
        return url is None or _host(str(url)) == _host(self.settings.pixelfed.url)


def _host(url: str) -> str:
    return urlsplit(url.strip() if "://" in url else f"https://{url.strip()}").netloc.lower()


def host_of(settings: Settings, platform: PlatformName) -> str:
    """The host that the secrets of a platform belong to, "" if none is set."""
    if platform == "flickr":
        return _host(settings.flickr.url or "https://www.flickr.com")
    return _host(settings.pixelfed.url) if settings.pixelfed.url else ""


def service_name(settings: Settings, platform: PlatformName) -> str:
    """What keyring entries are filed under: mode, platform and host; the user name is the part."""
    return f"imatch-to-socials {settings.mode} {platform} {host_of(settings, platform)}"


# -- the keyring


_NO_KEYRING = (
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
            hint=_NO_KEYRING,
            code="plain_text_keyring",
        )
    raise SettingsError(
        "This computer has no keyring.",
        hint=_NO_KEYRING,
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
            if ring.get_password(service, name) is not None:
                ring.delete_password(service, name)


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
            ring.set_password(service, name, value.strip())
            kept = ring.get_password(service, name)
        if kept != value.strip():
            raise SettingsError(
                f"The keyring of this computer did not keep {name}.", hint=_NO_KEYRING
            )


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
            hint=_NO_KEYRING,
            details=kind.__name__,
        ) from None
