"""The steps of recipes as forms: which parameters they ask for, and how words become a step.

A form keeps what was typed, also where it cannot be used: the error stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from socials_lib import bulk
from socials_lib.errors import RecipeError
from socials_lib.models import PLATFORMS
from socials_lib.widgets.bulk_parts import label

Kind = Literal["choice", "text", "long", "flag"]
#: What was typed into a form, by parameter; flags are True or False.
Typed = Mapping[str, Any]

#: A number of letters with more digits is no length of a text.
_DIGITS = 6
_VALUES = (*bulk.METADATA, *bulk.ATTRIBUTES)
_SOURCES = tuple(name for name, one in bulk.FIELDS.items() if one.kind == "text")


@dataclass(frozen=True, kw_only=True)
class Param:
    """One parameter: `options` are words and value of a choice; `default` what stands there."""

    name: str
    label: str
    kind: Kind = "text"
    options: tuple[tuple[str, str], ...] = ()
    default: Any = ""
    placeholder: str = ""


@dataclass(frozen=True, kw_only=True)
class Form:
    """A kind of step: its words, its parameters, what makes the step of what was typed."""

    kind: str
    label: str
    params: tuple[Param, ...]
    build: Callable[[Typed], bulk.Step] = field(repr=False)

    @property
    def blank(self) -> dict[str, Any]:
        """The parameters as they stand at first."""
        return {one.name: one.default for one in self.params}


def _fields(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((label(name), name) for name in names)


def _field(names: tuple[str, ...] = _VALUES, *, name: str = "field", words: str = "") -> Param:
    shown = words or "Field"
    return Param(name=name, label=shown, kind="choice", options=_fields(names), default=names[0])


def _flag(name: str, words: str) -> Param:
    return Param(name=name, label=words, kind="flag", default=False)


def _text(name: str, words: str, *, placeholder: str = "", long: bool = False) -> Param:
    kind: Kind = "long" if long else "text"
    return Param(name=name, label=words, kind=kind, placeholder=placeholder)


_MISSING = _flag("only_missing", "Only where it is missing")
_CASE = _flag("ignore_case", "Whatever the case")
_PLATFORM = Param(
    name="platform",
    label="Platform",
    kind="choice",
    options=tuple((one.capitalize(), one) for one in PLATFORMS),
    default=PLATFORMS[0],
)
_CASES = (
    ("UPPER CASE", "upper"),
    ("lower case", "lower"),
    ("Every Word", "words"),
    ("First letter", "sentence"),
)


def _plainly(make: Callable[..., bulk.Step]) -> Callable[[Typed], bulk.Step]:
    """The parameters are those of the step."""
    return lambda typed: make(**typed)


def _shorten(typed: Typed) -> bulk.Step:
    letters = str(typed["letters"]).strip()
    if not letters.isdecimal() or len(letters) > _DIGITS:  # `²` is a digit, but no number
        raise RecipeError("Type how many letters may stay, as a number.")
    return bulk.Shorten(field=typed["field"], letters=int(letters))


def _map(typed: Typed) -> bulk.Step:
    table: dict[str, str] = {}
    for line in str(typed["table"]).split("\n"):
        old, sign, new = line.partition("=>")
        if line.strip() and not sign:
            raise RecipeError(f"The line “{line.strip()[:40]}” has no =>.", hint="old => new")
        if line.strip():
            table[old.strip()] = new.strip()
    if not table:
        raise RecipeError("The table is empty.", hint="One line for each value: old => new")
    return bulk.Map(field=typed["field"], table=table, ignore_case=typed["ignore_case"])


def _keywords(make: Callable[..., bulk.Step]) -> Callable[[Typed], bulk.Step]:
    def build(typed: Typed) -> bulk.Step:
        more = {name: value for name, value in typed.items() if name != "keywords"}
        return make(keywords=bulk.as_list(str(typed["keywords"])), **more)

    return build


def _edit(typed: Typed) -> bulk.Step:
    return bulk.Edit(values=typed["values"])


_FORMS = (
    Form(
        kind="copy",
        label="Copy field",
        params=(
            _field(_SOURCES),
            _field(bulk.TEXTS[1:] + bulk.TEXTS[:1], name="to", words="to"),
            _MISSING,
        ),
        build=_plainly(bulk.Copy),
    ),
    Form(
        kind="set",
        label="Set a value",
        params=(
            _field(),
            _text("value", "Value", placeholder="empty clears it; keywords with ;", long=True),
            _MISSING,
        ),
        build=_plainly(bulk.Set),
    ),
    Form(
        kind="template",
        label="Template",
        params=(
            _field(),
            _text("template", "Template", placeholder="{{ title }} in {{ year }}", long=True),
            _MISSING,
        ),
        build=_plainly(bulk.Template),
    ),
    Form(
        kind="replace",
        label="Find and replace",
        params=(
            _field(),
            _text("find", "Find"),
            _text("replace", "Replace with"),
            _CASE,
            _flag("whole_words", "Whole words"),
        ),
        build=_plainly(bulk.Replace),
    ),
    Form(
        kind="regex",
        label="Regular expression",
        params=(
            _field(),
            _text("pattern", "Pattern", placeholder=r"(\d+) of (\d+)"),
            _text("replace", "Replace with", placeholder=r"\2/\1"),
            _CASE,
        ),
        build=_plainly(bulk.Regex),
    ),
    Form(kind="trim", label="Trim blanks", params=(_field(),), build=_plainly(bulk.Trim)),
    Form(
        kind="case",
        label="Letter case",
        params=(
            _field(),
            Param(name="to", label="to", kind="choice", options=_CASES, default="sentence"),
        ),
        build=_plainly(bulk.Case),
    ),
    Form(
        kind="typography",
        label="Typography",
        params=(_field(),),
        build=_plainly(bulk.Typography),
    ),
    Form(
        kind="shorten",
        label="Shorten at a word",
        params=(_field(bulk.TEXTS), _text("letters", "to letters", placeholder="120")),
        build=_shorten,
    ),
    Form(
        kind="map",
        label="Map values by a table",
        params=(_field(), _text("table", "Table", placeholder="old => new", long=True), _CASE),
        build=_map,
    ),
    Form(
        kind="add_keywords",
        label="Add keywords",
        params=(_text("keywords", "Keywords", placeholder="Places|Coast; Light"),),
        build=_keywords(bulk.AddKeywords),
    ),
    Form(
        kind="remove_keywords",
        label="Remove keywords",
        params=(
            _text("keywords", "Keywords", placeholder="Places|Coast; Light"),
            _flag("branch", "With all below"),
        ),
        build=_keywords(bulk.RemoveKeywords),
    ),
    Form(
        kind="rename_keyword",
        label="Rename a keyword or branch",
        params=(_text("keyword", "Keyword"), _text("to", "to")),
        build=_plainly(bulk.RenameKeyword),
    ),
    Form(
        kind="assign",
        label="Put into a category",
        params=(_text("category", "Category", placeholder="Socials|flickr|albums|Coast"),),
        build=_plainly(bulk.Assign),
    ),
    Form(
        kind="unassign",
        label="Take out of a category",
        params=(
            _text("category", "Category", placeholder="Socials|flickr|_delete"),
            _flag("branch", "With all below"),
        ),
        build=_plainly(bulk.Unassign),
    ),
    Form(
        kind="id_from_url",
        label="Photo id out of the address",
        params=(
            _PLATFORM,
            Param(name="only_missing", label="Only where it is missing", kind="flag", default=True),
        ),
        build=_plainly(bulk.IdFromUrl),
    ),
    Form(
        kind="url_from_id",
        label="Address out of the photo id",
        params=(
            _PLATFORM,
            _text("base", "Your page", placeholder="https://www.flickr.com/photos/demo"),
            Param(name="only_missing", label="Only where it is missing", kind="flag", default=True),
        ),
        build=_plainly(bulk.UrlFromId),
    ),
    Form(
        kind="edit",
        label="Values by hand",
        params=(Param(name="values", label="Values", default={}),),
        build=_edit,
    ),
)
#: Kind of step -> its form, in the order they are offered.
FORMS: Mapping[str, Form] = {one.kind: one for one in _FORMS}
#: Made by editing, not by adding a step.
BY_HAND = "edit"


def typed_of(step: Any) -> tuple[str, dict[str, Any]]:
    """The form of a step and what would have to be typed for it."""
    kind = next(name for name, made in bulk.STEPS.items() if type(step) is made)
    typed = {one.name: getattr(step, one.name) for one in FORMS[kind].params}
    if kind == "map":
        typed["table"] = "\n".join(f"{old} => {new}" for old, new in step.table.items())
    if "keywords" in typed:
        typed["keywords"] = bulk.as_text(typed["keywords"])
    if kind == "shorten":
        typed["letters"] = str(step.letters)
    return kind, typed
