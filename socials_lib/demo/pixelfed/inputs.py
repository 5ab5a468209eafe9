"""What a request brought, the way the framework hands it to a controller."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from werkzeug.wrappers import Request

from socials_lib.demo.pixelfed.text import trim

_TRUE = frozenset({"1", "true", "on", "yes"})


class Inputs(Mapping[str, Any]):
    """Query, form or JSON of a request as one mapping: trimmed, empty texts are None.

    `media_ids[]=1` makes lists, `location[id]=1` mappings; the body wins over the query.  All
    three kinds of bodies are equal, and so are parameters in the query of a PUT or POST.
    """

    def __init__(self, request: Request) -> None:
        self._values: dict[str, Any] = {}
        _fill(self._values, request.args.items(multi=True))
        body: dict[str, Any] = {}
        if request.mimetype == "application/json":
            body = _cleaned(_json(request.get_data()))
        else:
            _fill(body, request.form.items(multi=True))
        self._values |= body
        self.file = _file(request)

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def filled(self, name: str) -> bool:
        """True if the field came with something in it."""
        return self.get(name) not in (None, "", [], {})

    def boolean(self, name: str) -> bool:
        """The framework's idea of true: 1, true, on, yes."""
        return str(self.get(name, "")).lower() in _TRUE

    def texts(self, name: str) -> list[str]:
        """A list field as texts (ids come as numbers or texts)."""
        value = self.get(name)
        return [str(one) for one in value] if isinstance(value, list) else []


def _file(request: Request) -> bytes | None:
    """The bytes of the upload; read once per request, then all its files are closed."""
    kept: bytes | None = request.environ.get("pixelfed.file")
    for name, file in request.files.items(multi=True):
        if not file.stream.closed:
            kept = file.stream.read() if name == "file" else kept
            file.close()
    request.environ["pixelfed.file"] = kept
    return kept


def _json(data: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(data or b"{}")
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return trim(value) or None
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {key: _cleaned(one) for key, one in value.items()}
    return value


def _fill(values: dict[str, Any], pairs: Iterable[tuple[str, str]]) -> None:
    for key, raw in pairs:
        name, *inner = re.findall(r"[^\[\]]+|\[\]", key)
        value = _cleaned(raw)
        if not inner:
            values[name] = value
        elif inner[0] == "[]" or inner[0].isdigit():
            target = values.setdefault(name, [])
            if isinstance(target, list):
                target.append(value)
        else:
            target = values.setdefault(name, {})
            if isinstance(target, dict):
                target[inner[0]] = value
