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
from pathlib import Path
from typing import Any
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
_SECRETS = ("apikey", "api_key", "apisecret", "api_secret", "token", "token_secret", "password")

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
    close = difflib.get_close_matches(bare, ours, n=1, cutoff=0.4 if known_section else 0.8)
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


# -- settings.toml


def from_file(path: Path) -> Iterator[tuple[tuple[str, str], Value]]:
    """The settings of `settings.toml`; no file, no settings."""
    for section, table in _read(path).items():
        if section not in SECTIONS:
            raise _unknown(path, f"section [{section}]", section, [*SECTIONS])
        if not isinstance(table, dict):
            raise SettingsError(
                f"{path.name}: {section} stands alone; expected a section [{section}].",
                hint=f"Correct {path}.",
            )
        for name, found in table.items():
            key = BY_NAME.get((section, name))
            if key is None:
                known = [one.key for one in KEYS if one.section == section]
                raise _unknown(path, f"setting [{section}] {name}", name, known)
            value = checked(key, found, path.name)
            yield (section, name), Value(value=value, source=path.name)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))  # Notepad writes a BOM
    except (FileNotFoundError, NotADirectoryError):  # a file where a folder must be: the doctor's
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path.name} cannot be read: {error}.",
            hint=f"Correct {path}; it must be TOML in UTF-8.",
        ) from error
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be opened: {error.strerror}.",
            hint="Check who may read it, or set SOCIALS_HOME to another folder.",
        ) from error


def _unknown(path: Path, what: str, name: str, known: list[str]) -> SettingsError:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    meant = f"; did you mean {close[0]}?" if close else "."
    hint = f"Correct {path}. Known here: {', '.join(known)}."
    if name in _SECRETS:
        hint = (
            f"Secrets never stand in {path.name}: take it out, and sign in from 00_start_here or"
            " use the environment."
        )
        meant = "."
    return SettingsError(f"{path.name}: there is no {what}{meant}", hint=hint)


# -- checks


def checked(key: Key, found: Any, source: str) -> Any:
    """The value in the type of the setting, or a `SettingsError`."""
    try:
        value = _READERS[key.kind](found)
    except (ValueError, TypeError, OverflowError) as error:
        raise _wrong(key, found, source, why=str(error)) from None
    if key.choices:
        value = _chosen(key, value, found, source)
    if key.least is not None and value is not None:
        numbers = value if isinstance(value, tuple) else (value,)
        if any(number < key.least for number in numbers):
            raise _wrong(key, found, source)
    try:
        return _CHECKS[key.check](value) if key.check and value else value
    except (ValueError, OSError) as error:
        raise _wrong(key, found, source, why=str(error)) from None


def _chosen(key: Key, value: Any, found: Any, source: str) -> Any:
    chosen = tuple(one.strip().lower() for one in ((value,) if key.kind == "str" else value))
    for one in chosen:
        if one not in key.choices:
            why = "a direct post is shown to nobody" if one == "direct" else ""
            raise _wrong(key, found, source, why=why)
    return chosen[0] if key.kind == "str" else chosen


def _wrong(key: Key, found: Any, source: str, *, why: str = "") -> SettingsError:
    shown = found if isinstance(found, str) else repr(found)
    if key.check in ("service", "imatch"):  # people paste keys into addresses
        shown = re.sub(r"^([^/]*//)?[^/@]*@", r"\g<1>***@", shown).partition("?")[0]
    return SettingsError(
        f"{source}: [{key.section}] {key.key} is “{shown[:80]}”, expected {key.expected}"
        f"{f' ({why})' if why else ''}.",
        hint=f"{key.meaning} Correct it in: {source}.",
    )


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


def _circle(found: Any) -> Circle:
    given = dict(_table(found))
    _only(given, Circle)
    circle = Circle(
        name=_str(given.pop("name", "")),
        **{name: _float(given.get(name)) for name in ("latitude", "longitude", "radius")},
    )
    if abs(circle.latitude) > 90 or abs(circle.longitude) > 180 or circle.radius <= 0:
        raise ValueError("latitude to ±90, longitude to ±180, radius over 0")
    return circle


def _tag_rule(found: Any) -> TagRule:
    given = _table(found)
    _only(given, TagRule)
    last = given.get("last")
    return TagRule(
        source=_str(given.get("source")),
        first=_int(given.get("first", 0)),
        last=None if last is None else _int(last),
        suffix=_str(given.get("suffix", "")),
        suffix_not_for=_strs(given.get("suffix_not_for", [])),
    )


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
    "tuple[Circle, ...]": lambda found: tuple(_circle(one) for one in _list(found)),
    "tuple[TagRule, ...]": lambda found: tuple(_tag_rule(one) for one in _list(found)),
}


def service_address(value: str) -> str:
    """An address of a platform: https, or http on this very computer; no trailing slash."""
    return _address(value, otherwise="https", plain_anywhere=False)


def _imatch_address(value: str) -> str:
    return _address(value, otherwise="http", plain_anywhere=True)


def _address(value: str, *, otherwise: str, plain_anywhere: bool) -> str:
    value = value.strip().rstrip("/")
    parts = urlsplit(value if "://" in value else f"{otherwise}://{value}")
    _port = parts.port  # raises for nonsense
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in value:
        raise ValueError("an address like https://example.social")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("an address without user, password or query")
    if parts.scheme == "http" and not plain_anywhere and not is_this_computer(parts.hostname):
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
