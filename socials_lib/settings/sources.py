"""Where settings come from, and the checks that every value passes.

A value that cannot be used is an error that names its source, the setting, what was found and what
was expected.  A misspelt name is an error too: `SOCIALS_PIXELFED_VISIBILTY=private`, passed over in
silence, would publish for everybody.
"""

from __future__ import annotations

import difflib
import ipaddress
import math
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from socials_lib.errors import SettingsError
from socials_lib.models import Circle, TagRule
from socials_lib.settings.keys import KEYS, SECTIONS, Key

BY_NAME: Mapping[tuple[str, str], Key] = {(one.section, one.key): one for one in KEYS}
BY_ENVIRONMENT: Mapping[str, Key] = {one.environment: one for one in KEYS}
#: Read elsewhere: here and by `credentials`.
OTHER_NAMES = (
    "SOCIALS_MODE",
    "SOCIALS_HOME",
    "SOCIALS_FLICKR_APIKEY",
    "SOCIALS_FLICKR_APISECRET",
    "SOCIALS_FLICKR_TOKEN",
    "SOCIALS_FLICKR_TOKEN_SECRET",
    "SOCIALS_PIXELFED_TOKEN",
)

T = TypeVar("T")
_IMATCH_PORT = 50519
Variable = Callable[[str], str | int | None]


@dataclass(frozen=True, kw_only=True)
class Value:
    """A checked value and where it came from, in words."""

    value: Any
    source: str


Values = Mapping[tuple[str, str], Value]


# -- environment


def from_environment(environ: Mapping[str, str]) -> Iterator[tuple[tuple[str, str], Value]]:
    """The settings named in the environment; empty ones count as not set."""
    for name in sorted(environ):
        if not name.startswith("SOCIALS_") or name in OTHER_NAMES or not environ[name].strip():
            continue
        key = BY_ENVIRONMENT.get(name)
        if key is None:
            _refuse_misspelt(name)
            continue
        source = f"environment {name}"
        found = environ[name] if key.kind == "str" else _toml_value(key, environ[name], source)
        yield (key.section, key.key), Value(value=checked(key, found, source), source=source)


def _refuse_misspelt(name: str) -> None:
    """Other programs may have names of their own under `SOCIALS_`; near misses are ours."""
    ours = [one.removeprefix("SOCIALS_") for one in (*BY_ENVIRONMENT, *OTHER_NAMES)]
    bare = name.removeprefix("SOCIALS_")
    known_section = bare.partition("_")[0].lower() in SECTIONS
    close = difflib.get_close_matches(bare, ours, n=1, cutoff=0.4 if known_section else 0.75)
    if close or known_section:
        meant = f"; did you mean SOCIALS_{close[0]}?" if close else "."
        raise SettingsError(
            f"There is no setting {name}{meant}",
            hint="Correct the name of the environment variable, or take it away.",
        )


def _toml_value(key: Key, text: str, source: str) -> Any:
    try:
        parsed = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        parsed = {}
    if parsed.keys() != {"value"}:
        raise _wrong(key, text, source)
    return parsed["value"]


# -- checks


def checked(key: Key, found: Any, source: str, *, place: str = "") -> Any:
    """The value in the type of the setting, or a `SettingsError`; `place` says where to correct."""
    try:
        return _checked(key, found)
    except (ValueError, TypeError, OverflowError, OSError) as error:
        raise _wrong(key, found, source, why=str(error), place=place) from None


def _checked(key: Key, found: Any) -> Any:
    value = _READERS[key.kind](found)
    if key.choices:
        value = _chosen(key, value)
    if key.least is not None and value is not None:
        numbers = value if isinstance(value, tuple) else (value,)
        if any(number < key.least for number in numbers):
            raise ValueError
    return _CHECKS[key.check](value) if key.check and value else value


def _chosen(key: Key, value: Any) -> Any:
    chosen = tuple(one.strip().lower() for one in ((value,) if key.kind == "str" else value))
    for one in chosen:
        if one not in key.choices:
            raise ValueError("a direct post is shown to nobody" if one == "direct" else "")
    return chosen[0] if key.kind == "str" else chosen


def _wrong(key: Key, found: Any, source: str, *, why: str = "", place: str = "") -> SettingsError:
    words = f"is “{_shown(key, found)}”, expected {key.expected}{f' ({why})' if why else ''}"
    if key.section == "private" or key.kind in _RECORDS:  # not shown: where somebody lives
        words = f"cannot be used: {why or f'expected {key.expected}'}"
    return SettingsError(
        f"{source}: [{key.section}] {key.key} {words}.",
        hint=f"{key.meaning} Correct it in: {place or source}.",
    )


def _shown(key: Key, found: Any) -> str:
    shown = found if isinstance(found, str) else repr(found)
    if key.check in ("service", "imatch"):  # people paste keys into addresses
        shown = re.sub(r"^([^/]*//)?[^/@]*@", r"\g<1>***@", shown).partition("?")[0]
    return shown[:80]


def _bool(found: Any) -> bool:
    if not isinstance(found, bool):
        raise TypeError
    return found


def _int(found: Any) -> int:
    if isinstance(found, bool) or not isinstance(found, int):
        raise TypeError
    return found


def _float(found: Any) -> float:
    if isinstance(found, bool) or not isinstance(found, (int, float)) or not math.isfinite(found):
        raise TypeError
    return float(found)


def _str(found: Any) -> str:
    if not isinstance(found, str):
        raise TypeError
    return found


def _list(found: Any) -> list[Any]:
    if not isinstance(found, list):
        raise TypeError
    return found


def _table(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise TypeError
    return found


def _floats(found: Any) -> tuple[float, ...]:
    return tuple(_float(one) for one in _list(found))


def _strs(found: Any) -> tuple[str, ...]:
    return tuple(_str(one) for one in _list(found))


def _texts(found: Any) -> dict[str, str]:
    return {name: _str(text) for name, text in _table(found).items()}


def _circle(given: dict[str, Any]) -> Circle:
    circle = Circle(
        name=_member(given, "name", _str, default=""),
        latitude=_member(given, "latitude", _float),
        longitude=_member(given, "longitude", _float),
        radius=_member(given, "radius", _float),
    )
    if abs(circle.latitude) > 90 or abs(circle.longitude) > 180 or circle.radius <= 0:
        raise ValueError("latitude to ±90, longitude to ±180, radius over 0")
    return circle


def _tag_rule(given: dict[str, Any]) -> TagRule:
    return TagRule(
        source=_member(given, "source", _str),
        first=_member(given, "first", _int, default=0),
        last=_member(given, "last", _int, default=None),
        suffix=_member(given, "suffix", _str, default=""),
        suffix_not_for=_member(given, "suffix_not_for", _strs, default=()),
    )


_NEEDED: Any = object()
_MUST_BE: Mapping[Callable[[Any], Any], str] = {
    _str: "text",
    _int: "a whole number",
    _float: "a number",
    _strs: "a list of texts",
}


def _member(
    given: Mapping[str, Any], name: str, read: Callable[[Any], T], *, default: Any = _NEEDED
) -> T:
    """A member of a table; the errors name it and never show it."""
    if name not in given:
        if default is _NEEDED:
            raise ValueError(f"{name} is missing")
        return cast(T, default)
    try:
        return read(given[name])
    except (TypeError, OverflowError):
        raise ValueError(f"{name} must be {_MUST_BE[read]}") from None


def _records(
    word: str, kind: type, read: Callable[[dict[str, Any]], T]
) -> Callable[[Any], tuple[T, ...]]:
    """Reads a list of tables; `word` names one of them in errors: `circle 1 (home): …`."""

    def read_all(found: Any) -> tuple[T, ...]:
        if isinstance(found, dict):
            raise ValueError("expected a list of tables: its head has double brackets, [[…]]")
        made = []
        for number, one in enumerate(_list(found), 1):
            which = f"{word} {number}"
            if not isinstance(one, dict):
                raise ValueError(f"{which}: must be a table")
            name = one.get("name", one.get("source"))
            which += f" ({name[:40]})" if isinstance(name, str) and name else ""
            try:
                _only(one, kind)
                made.append(read(one))
            except ValueError as error:
                raise ValueError(f"{which}: {error}") from None
        return tuple(made)

    return read_all


def _only(given: Mapping[str, Any], kind: type) -> None:
    known = [one.name for one in fields(kind)]
    for name in given:
        if name not in known:
            raise ValueError(f"there is no {name}, only {', '.join(known)}")


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "bool": _bool,
    "int": _int,
    "int | None": _int,
    "float": _float,
    "str": _str,
    "tuple[float, ...]": _floats,
    "tuple[str, ...]": _strs,
    "Mapping[str, str]": _texts,
    "tuple[Circle, ...]": _records("circle", Circle, _circle),
    "tuple[TagRule, ...]": _records("rule", TagRule, _tag_rule),
}
_RECORDS = ("tuple[Circle, ...]", "tuple[TagRule, ...]")


_SERVICE = "https://example.social"


def service_address(value: str) -> str:
    """An address of a platform: https, or http on this very computer; no trailing slash."""
    return _address(value, otherwise="https", plain_anywhere=False, like=_SERVICE)


def _imatch_address(value: str) -> str:
    """Without a port IMatch's own is meant, not 80; behind https something else answers."""
    like = f"http://127.0.0.1:{_IMATCH_PORT}"
    parts = urlsplit(_address(value, otherwise="http", plain_anywhere=True, like=like))
    if parts.scheme == "http" and parts.port is None:
        parts = parts._replace(netloc=f"{parts.netloc.rstrip(':')}:{_IMATCH_PORT}")
    return parts.geturl()


def _address(value: str, *, otherwise: str, plain_anywhere: bool, like: str) -> str:
    """`pixelfed.social` and `studio:50519` are addresses, a word alone (`notaurl`) is none."""
    value = value.strip().rstrip("/")
    parts = urlsplit(value if "://" in value else f"{otherwise}://{value}")
    port = parts.port  # raises for nonsense
    host = parts.hostname or ""
    is_bare = "://" not in value and port is None and not set(".:") & set(host)
    is_word = is_bare and not is_this_computer(host)
    if parts.scheme not in ("http", "https") or not host or " " in value or is_word:
        raise ValueError(f"an address like {like}")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("an address without user, password or query")
    if parts.scheme == "http" and not plain_anywhere and not is_this_computer(host):
        raise ValueError("https, so that nobody on the way can read the token")
    return parts.geturl().rstrip("/")


def is_this_computer(host: str) -> bool:
    """True for loopback names and addresses."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("a name like Europe/Berlin") from None
    return value


_CHECKS: Mapping[str, Callable[[str], str]] = {
    "service": service_address,
    "imatch": _imatch_address,
    "zone": _zone,
}


# -- IMatch variables


def switch(value: str | int | None, name: str) -> bool:
    """1, "1", true, "true" and their opposites; IMatch keeps flags as numbers or text."""
    word = "" if value is None else str(value).strip().lower()
    if word in ("1", "true"):
        return True
    if word in ("", "0", "false"):
        return False
    raise SettingsError(
        f"The IMatch variable {name} is “{word[:40]}”, expected 1 or 0.",
        hint=f"Edit > Preferences > Variables: set {name} to 1 or 0.",
    )
