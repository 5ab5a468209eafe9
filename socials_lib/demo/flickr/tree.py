"""One answer, two spellings: an element tree that becomes Flickr's XML and Flickr's JSON.

Attributes and child elements are keys in JSON, element text is `_content`, repeated children are a
list under the child's name.  The same value has different types in JSON answers of different years
(`total` is "2" in 2013 and 2 in 2023); such a value is a `Varies`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

#: Characters that XML 1.0 cannot hold in any spelling.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Varies:
    """A value whose JSON type changed over the years; XML shows the new one as text."""

    old: Any
    new: Any


def count(number: int) -> Varies:
    """A count: text in 2013, number in 2023."""
    return Varies(str(number), number)


@dataclass
class Node:
    """An element; `lists` names the children that JSON gives as a list, even an empty one.

    `listed` marks an element that is one of a list of its parent without the parent knowing
    (`set` and `pool` directly below `rsp`: the key is absent when there is none).
    """

    name: str
    attrs: dict[str, Any] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    text: Any = None
    lists: tuple[str, ...] = ()
    listed: bool = False


def node(
    name: str,
    attrs: Mapping[str, Any] | None = None,
    children: Iterable[Node] = (),
    *,
    text: Any = None,
    lists: tuple[str, ...] = (),
    listed: bool = False,
) -> Node:
    """Make a `Node` (shorter to read in nested answers)."""
    return Node(name, dict(attrs or {}), list(children), text, lists, listed)


def text_node(name: str, text: Any, **attrs: Any) -> Node:
    """An element that holds text, `{"_content": …}` in JSON also when empty."""
    return Node(name, attrs, text=text)


def escape(text: str) -> str:
    """PHP's htmlspecialchars with quotes: what the recorded XML shows in text and attributes."""
    text = _NOT_XML.sub("", text)
    for plain, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(plain, entity)
    return text.replace("'", "&#039;")


def success_xml(payload: Sequence[Node]) -> str:
    """The XML envelope: the payload starts at the margin, what is inside it is tab-indented."""
    lines = [line for one in payload for line in _xml_lines(one, 0)]
    return _envelope("ok", lines)


def failure_xml(code: int, message: str, extra: Mapping[str, str]) -> str:
    """The XML envelope of an error; `extra` elements follow `err`."""
    lines = [f'\t<err code="{code}" msg="{escape(message)}" />']
    lines += [f"\t<{name}>{escape(text)}</{name}>" for name, text in extra.items()]
    return _envelope("fail", lines)


def success_json(payload: Sequence[Node], profile: str) -> str:
    """The JSON envelope; `stat` is the last key."""
    members = _members(payload, (), profile)
    return _dumps({**members, "stat": "ok"}, profile)


def failure_json(code: int, message: str, extra: Mapping[str, str], profile: str) -> str:
    """The JSON envelope of an error."""
    return _dumps({"stat": "fail", "code": code, "message": message, **extra}, profile)


def _envelope(stat: str, lines: list[str]) -> str:
    head = ['<?xml version="1.0" encoding="utf-8" ?>', f'<rsp stat="{stat}">']
    return "\n".join([*head, *lines, "</rsp>", ""])


def _xml_lines(one: Node, depth: int) -> list[str]:
    pad = "\t" * depth
    attrs = "".join(f' {name}="{escape(_plain(value))}"' for name, value in one.attrs.items())
    if one.children:
        inner = [line for child in one.children for line in _xml_lines(child, depth + 1)]
        return [f"{pad}<{one.name}{attrs}>", *inner, f"{pad}</{one.name}>"]
    text = escape(_plain(one.text))
    if text:
        return [f"{pad}<{one.name}{attrs}>{text}</{one.name}>"]
    return [f"{pad}<{one.name}{attrs} />"]


def _plain(value: Any) -> str:
    if isinstance(value, Varies):
        value = value.new
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    return str(value)


def _members(children: Sequence[Node], lists: tuple[str, ...], profile: str) -> dict[str, Any]:
    members: dict[str, Any] = {name: [] for name in lists}
    for child in children:
        if child.listed or child.name in lists:
            members.setdefault(child.name, []).append(_json_of(child, profile))
        else:
            members[child.name] = _json_of(child, profile)
    return members


def _json_of(one: Node, profile: str) -> dict[str, Any]:
    found = {name: _typed(value, profile) for name, value in one.attrs.items()}
    if one.text is not None:
        found["_content"] = _typed(one.text, profile)
    return {**found, **_members(one.children, one.lists, profile)}


def _typed(value: Any, profile: str) -> Any:
    if isinstance(value, Varies):
        return value.old if profile == "2013" else value.new
    return value


def _dumps(members: Mapping[str, Any], profile: str) -> str:
    """As PHP's json_encode writes it: ASCII only, slashes escaped; blanks after commas in 2013."""
    comma = ", " if profile == "2013" else ","
    return json.dumps(members, separators=(comma, ":")).replace("/", "\\/")
