"""`settings.toml`: how it is read, and what is said of names that stand wrong in it."""

from __future__ import annotations

import codecs
import difflib
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from socials_lib.errors import SettingsError
from socials_lib.settings.keys import KEYS, SECTIONS, Key
from socials_lib.settings.sources import BY_NAME, Value, checked

_SECRETS = ("apikey", "api_key", "apisecret", "api_secret", "token", "token_secret", "password")


def from_file(path: Path) -> Iterator[tuple[tuple[str, str], Value]]:
    """The settings of `settings.toml`; no file, no settings."""
    for section, table in _read(path).items():
        if section not in SECTIONS:
            raise _unknown(path, f"section [{section}]", section, {one: one for one in SECTIONS})
        if not isinstance(table, dict):
            raise SettingsError(
                f"{path.name}: {section} stands alone; expected a section [{section}].",
                hint=f"Correct {path}.",
            )
        for name, found in table.items():
            key = BY_NAME.get((section, name))
            if key is None:
                known = {one.key: _as_written(one) for one in KEYS if one.section == section}
                raise _unknown(path, f"setting [{section}] {name}", name, known)
            value = checked(key, found, path.name, place=str(path))
            yield (section, name), Value(value=value, source=path.name)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_decoded(path.read_bytes()))
    except (FileNotFoundError, NotADirectoryError):  # a file where a folder must be: the doctor's
        return {}
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"{path.name} cannot be read: it is not saved as UTF-8.",
            hint=f"Save {path} as UTF-8 (Notepad: File > Save as > Encoding).",
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"{path.name} cannot be read: {error}.",
            hint=f"Correct {path}; it must be TOML: true and false in small letters, text in"
            " quotes.",
        ) from error
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be opened: {error.strerror}.",
            hint="Check who may read it, or set SOCIALS_HOME to another folder.",
        ) from error


def _decoded(data: bytes) -> str:
    """As `system.decoded` (this room imports no other); raises `UnicodeDecodeError`."""
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not is_wide and b"\0" in data:  # UTF-16 that lost its mark; TOML has no such character
        raise UnicodeDecodeError("utf-8", data, data.index(b"\0"), data.index(b"\0") + 1, "a zero")
    return data.decode("utf-16" if is_wide else "utf-8-sig")


def _as_written(key: Key) -> str:
    """`zone`, and `[text.templates]` for a table: its lines stand under that head."""
    is_table = key.kind == "Mapping[str, str]"
    return f"[{key.section}.{key.key}]" if is_table else key.key


def _unknown(path: Path, what: str, name: str, known: dict[str, str]) -> SettingsError:
    """`known` maps the names of this place to how they are written."""
    if name in _SECRETS:
        return SettingsError(
            f"{path.name}: there is no {what}.",
            hint=f"Secrets never stand in {path.name}: take it out, and sign in from 00_start_here"
            " or use the environment.",
        )
    homes = [f"[{one.section}]" for one in KEYS if one.key == name]
    if homes:
        return SettingsError(
            f"{path.name}: {name} belongs under {_either(homes)}, not where it stands.",
            hint=f"Move it there in {path}: a setting stands below the line with its section.",
        )
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    meant = f"; did you mean {close[0]}?" if close else "."
    hint = f"Correct {path}. Known here: {', '.join(known.values())}."
    return SettingsError(f"{path.name}: there is no {what}{meant}", hint=hint)


def _either(words: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
