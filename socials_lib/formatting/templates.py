"""The default texts as templates, and how a template becomes a text.

Rendering marks two things while Jinja2 runs: line breaks that came out of a variable, and places
where `{{ }}` or `{% %}` stood.  So the layout afterwards can drop lines that came out empty without
touching a single letter of the photographer's own texts (rejected: dropping blank lines by regular
expression, which also joined paragraphs of descriptions).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from jinja2 import StrictUndefined, Template, Undefined, meta, nodes
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.sandbox import ImmutableSandboxedEnvironment

from socials_lib.errors import SettingsError
from socials_lib.models import Rules

T = TypeVar("T")

DEFAULT_TEMPLATES: Mapping[str, str] = {
    "date": "{{ day }} {{ month }} {{ year }}",
    "shooting_line": '{{ [iso, shutter, aperture, focal_length] | select | join(" | ") }}',
    "camera_line": '{{ [camera, lens] | select | join(" | ") }}',
    "flickr_title": "{{ title }}",
    "flickr_description": """\
{{ headline }}

{{ description }}

{{ "Taken ca. " ~ date ~ "." if circa and date }}

{{ shooting_line }}
{{ camera_line }}""",
    "pixelfed_caption": """\
{{ [title, headline] | select | join(" -- ") }} \
{{ "(Taken " ~ [circa, date] | select | join(" ") ~ ")" if date }}

{{ hashtags }}

{{ shooting_line }}
{{ camera_line }}""",
    "pixelfed_alt_text": "{{ alt_text or headline }}",
}

#: Where the person's own templates stand.
_PLACE = "[text.templates] in settings.toml"
#: A place where template signs stood; a line break out of a variable.
_SIGN, _BREAK = "\ufdd0", "\ufdd1"
#: Every turn of a loop is a step; the longest description Flickr takes has 65,000 bytes.
_MAX_STEPS, _MAX_LETTERS = 50_000, 100_000
#: They gather output before handing it on, or run without end.
_REFUSED = (
    nodes.Macro,
    nodes.CallBlock,
    nodes.FilterBlock,
    nodes.AssignBlock,
    nodes.Extends,
    nodes.Include,
    nodes.Import,
    nodes.FromImport,
)
#: A width as argument makes a text of any length out of nothing.
_WIDE = ("center", "ljust", "rjust", "zfill", "expandtabs", "format", "format_map", "translate")
_WIDE_FILTERS = ("center", "format", "indent", "batch", "slice")


#: Lines that many photos of a library share: same day, same camera, same exposure.  What they come
#: to is kept; with that a plan of 5,000 photos renders 10,000 texts instead of 25,000.
_SHARED = ("date", "shooting_line", "camera_line")
_KEPT = 4096


def render(name: str, rules: Rules, values: Mapping[str, Any]) -> str:
    """The text that template `name` makes of `values`; `SettingsError` if it cannot."""
    source = _source(name, rules)
    if name in _SHARED:
        used = _used(name, source)
        if all(type(values.get(one)) in (str, int) for one in used):
            return _shared(name, source, tuple((one, values[one]) for one in used))
    return _run(name, _template(name, source), values)


@lru_cache(maxsize=_KEPT)
def _shared(name: str, source: str, values: tuple[tuple[str, Any], ...]) -> str:
    return _run(name, _template(name, source), dict(values))


@lru_cache(maxsize=256)
def _used(name: str, source: str) -> tuple[str, ...]:
    """The variables of a template."""
    tree = _translated(name, lambda: _environment().parse(source))
    return tuple(sorted(meta.find_undeclared_variables(tree)))


def check_templates(rules: Rules) -> None:
    """Raise `SettingsError` for a template that has no such name or cannot be read."""
    for name in rules.templates:
        if name not in DEFAULT_TEMPLATES:
            names = ", ".join(sorted(DEFAULT_TEMPLATES))
            raise SettingsError(
                f"There is no text template “{name}”.",
                hint=f"Correct its name under {_PLACE}. There are {names}.",
            )
        _template(name, rules.templates[name])


class _MarkSigns(Extension):
    """Puts a marker behind every `{% %}`; `{{ }}` get theirs from `_finalize`."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            yield token
            if token.type == "block_end":
                yield Token(token.lineno, "data", _SIGN)


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset(["*", "**", "%"])

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return attr not in _WIDE and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """No `str.format` at all: the sandbox would allow its widths."""

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        plain = all(isinstance(side, (int, float)) for side in (left, right))
        if operator == "**" or not plain:
            raise TypeError(f"“{operator}” cannot be used here")
        return super().call_binop(context, operator, left, right)


def _finalize(value: Any) -> str:
    # A plain Undefined is what `{{ x if y }}` gives without `else`; a strict one raises in str().
    text = "" if value is None or type(value) is Undefined else str(value)
    return _SIGN + text.replace("\n", _BREAK)


@lru_cache(maxsize=1)
def _environment() -> _Sandbox:
    environment = _Sandbox(
        undefined=StrictUndefined,
        finalize=_finalize,
        extensions=[_MarkSigns],
        autoescape=False,  # texts for APIs; HTML is escaped where it is made
    )
    environment.globals.clear()
    for one in _WIDE_FILTERS:
        del environment.filters[one]
    return environment


def _source(name: str, rules: Rules) -> str:
    return rules.templates.get(name, DEFAULT_TEMPLATES[name])


@lru_cache(maxsize=256)
def _template(name: str, source: str) -> Template:
    return _translated(name, lambda: _compile(source))


def _compile(source: str) -> Template:
    environment = _environment()
    tree = environment.parse(source)
    for refused in tree.find_all(_REFUSED):
        raise TypeError(f"“{type(refused).__name__.lower()}” is not for texts")
    for loop in tree.find_all(nodes.For):
        if loop.recursive:
            raise TypeError("a loop cannot be recursive")
    return environment.from_string(tree)


def _run(name: str, template: Template, values: Mapping[str, Any]) -> str:
    return _translated(name, lambda: _lay_out(_gather(template, values)))


def _translated(name: str, work: Callable[[], T]) -> T:
    try:
        return work()
    except Exception as err:  # a template can raise anything that Python can
        raise SettingsError(
            f"The text template “{name}” cannot be used: {err}",
            hint=f"Correct `{name}` under {_PLACE}, or take it out there.",
            details=type(err).__name__,
        ) from err


def _gather(template: Template, values: Mapping[str, Any]) -> str:
    pieces: list[str] = []
    size = 0
    # A huge description is the photo's fault, not the template's: validation reports it.
    most = _MAX_LETTERS + 10 * sum(len(value) for value in values.values() if type(value) is str)
    for piece in template.generate(values):
        pieces.append(piece)
        size += len(piece)
        if len(pieces) > _MAX_STEPS or size > most:
            raise ValueError("it makes too long a text")
    return "".join(pieces)


def _lay_out(marked: str) -> str:
    kept: list[str] = []
    for line in marked.split("\n"):
        text = line.replace(_SIGN, "").strip()
        vanishes = not text and _SIGN in line
        # A blank line at the start, or after another one, is what a vanished part left behind.
        if text or (not vanishes and kept and kept[-1]):
            kept.append(text)
    return "\n".join(kept).strip().replace(_BREAK, "\n")
