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
from typing import Any
from urllib.parse import quote, quote_plus

from socials_lib.credentials.ring import (
    NO_KEYRING,
    PARTS,
    Keyring,
    forget,
    host_in,
    host_of,
    kept_secret,
    safe_keyring,
    service_name,
    store_flickr_key,
    store_flickr_token,
    store_pixelfed_token,
)
from socials_lib.errors import SettingsError
from socials_lib.models import PlatformName
from socials_lib.settings import Settings, Variable

__all__ = [
    "MASK",
    "NO_KEYRING",
    "PARTS",
    "SECRET_NAMES",
    "Credentials",
    "FlickrCredentials",
    "FlickrKey",
    "Keyring",
    "PixelfedCredentials",
    "RedactingFilter",
    "Secret",
    "environment_masked",
    "forget",
    "host_of",
    "safe_keyring",
    "service_name",
    "store_flickr_key",
    "store_flickr_token",
    "store_pixelfed_token",
]

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


#: The variables of the environment that hold a secret.
SECRET_NAMES = tuple(f"SOCIALS_{name.upper()}" for parts in PARTS.values() for name in parts)


def environment_masked(text: str, environ: Mapping[str, str], *, shortest: int = 4) -> str:
    """The text without the secrets of an environment, which need not have been read yet.

    Secrets of less than `shortest` letters stay: they would mask words of whole documents.
    """
    secrets = (environ.get(name, "").strip() for name in SECRET_NAMES)
    forms = {form for secret in secrets if len(secret) >= shortest for form in _forms(secret)}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, MASK)
    return text


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
            return kept_secret(safe_keyring(self._given), service, name)
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
        return url is None or host_in(str(url)) == host_in(self.settings.pixelfed.url)
