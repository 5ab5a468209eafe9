"""Every setting once: its section, name, type, default and meaning.

The dataclasses are the only place where a setting stands; `KEYS`, the checks and the printed
reference are read off them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, TypeVar

from socials_lib.models import DEFAULT_TAG_RULES, Circle, TagRule

T = TypeVar("T")

FLICKR_VISIBILITIES = ("public", "friends", "family", "friends+family", "private")
PIXELFED_VISIBILITIES = ("public", "unlisted", "private")
#: Warnings of the validation table that `[validation] errors` may turn into errors.
WARNINGS = ("missing_keywords", "missing_genre", "too_many_tags", "album_without_id")


def key(default: T, meaning: str, **how: Any) -> T:
    """A setting: `least` and `choices` limit it, `check` names a further check of `sources`."""
    return field(default=default, metadata={"meaning": meaning, **how})


def table(meaning: str, **how: Any) -> Any:
    """A setting that is a table of texts, empty by default."""
    return field(default_factory=dict, metadata={"meaning": meaning, **how})


@dataclass(frozen=True, kw_only=True)
class RunKeys:
    """`[run]`"""

    workers: int = key(1, "Photos sent at the same time.", least=1)


@dataclass(frozen=True, kw_only=True)
class PaceKeys:
    """`[pace]`"""

    flickr_per_hour: int = key(3000, "Calls to Flickr in any hour, over all programs.", least=1)
    pixelfed_alt_per_minute: int = key(10, "Changes of alt texts in any minute.", least=1)


@dataclass(frozen=True, kw_only=True)
class TimeoutKeys:
    """`[timeouts]`"""

    connect: float = key(10.0, "Seconds to wait for a connection.", least=0.01)
    read: float = key(60.0, "Seconds to wait for an answer.", least=0.01)
    upload: float = key(300.0, "Seconds to wait for the answer to an upload.", least=0.01)


@dataclass(frozen=True, kw_only=True)
class RecoveryKeys:
    """`[recovery]`"""

    look_waits: tuple[float, ...] = key(
        (10.0, 30.0, 120.0),
        "Seconds before each look for a photo whose upload had no clear end.",
        least=0,
    )


@dataclass(frozen=True, kw_only=True)
class RetryKeys:
    """`[retry]`"""

    first_wait: float = key(1.0, "Seconds before a harmless call is repeated; doubled.", least=0)
    attempts: int = key(5, "How often a harmless call is made at most.", least=1)


@dataclass(frozen=True, kw_only=True)
class ImageKeys:
    """`[images]`"""

    fit: bool = key(False, "Make a smaller copy of a picture that is too large.")
    keep_gps: bool = key(False, "Leave the position in the uploaded copy.")
    keep_texts: bool = key(False, "Leave title and description in the uploaded copy.")


@dataclass(frozen=True, kw_only=True)
class FlickrKeys:
    """`[flickr]`"""

    url: str = key("", "Address that replaces Flickr's own (for rehearsals).", check="service")
    page_url: str = key("", "Base of the photo pages; empty: the account's own.", check="service")
    stamp: bool = key(True, "Give each upload two machine tags by which it is found again.")
    is_public: bool = key(True, "Everybody sees new photos; off if family or friends is set.")
    is_family: bool = key(False, "Family sees new photos.")
    is_friend: bool = key(False, "Friends see new photos.")


@dataclass(frozen=True, kw_only=True)
class PixelfedKeys:
    """`[pixelfed]`"""

    url: str = key("", "Address of your Pixelfed server.", check="service")
    visibility: str = key("public", "Who sees new posts.", choices=PIXELFED_VISIBILITIES)


@dataclass(frozen=True, kw_only=True)
class DeleteKeys:
    """`[delete]`"""

    allow_faulty: bool = key(False, "Delete photos that have validation errors, too.")
    most: int | None = key(
        None,
        "Most photos a typed count may delete; unset: the larger of 25 and 10 % of those"
        " published.",
        least=0,
    )


@dataclass(frozen=True, kw_only=True)
class ValidationKeys:
    """`[validation]`"""

    errors: tuple[str, ...] = key((), "Warnings to be treated as errors.", choices=WARNINGS)


@dataclass(frozen=True, kw_only=True)
class PrivateKeys:
    """`[private]`"""

    circles: tuple[Circle, ...] = key(
        (), "Private places: latitude, longitude, radius in metres, name."
    )
    branches: tuple[str, ...] = key((), "Keyword and category branches that are never sent.")
    words: tuple[str, ...] = key((), "Words that are never sent.")
    patterns: bool = key(False, "Warn of coordinates, e-mail addresses and phone numbers.")


@dataclass(frozen=True, kw_only=True)
class TextKeys:
    """`[text]`"""

    templates: Mapping[str, str] = table("Jinja2 texts that replace ours, by name.")
    camera_names: Mapping[str, str] = table("Words that replace a camera model.")
    tag_rules: tuple[TagRule, ...] = key(
        DEFAULT_TAG_RULES, "Where tags come from: source, first, last, suffix, suffix_not_for."
    )
    final_hashtag: str = key("photography", "The hashtag that ends each list; empty: none.")
    zone: str = key(
        "", "Time zone of `posted`, as Europe/Berlin; empty: this computer's.", check="zone"
    )


@dataclass(frozen=True, kw_only=True)
class ImatchKeys:
    """`[imatch]`"""

    url: str = key(
        "http://127.0.0.1:50519",
        "Address of IMatch's web service; without a port: 50519.",
        check="imatch",
    )
    user: str = key("", "User to sign in to IMatch with; empty: the one who is logged on.")
    write_metadata: bool = key(False, "Allow bulk fixes to write metadata into IMatch.")
    alt_text: str = key(
        r"{File.MD.XMP::iptcCore\AltTextAccessibility\AltTextAccessibility\0}",
        "IMatch variable of the alt text; empty: there is none.",
    )
    circa: str = key(
        r"{File.MD.XMP::iptcExt\CircaDateCreated\CircaDateCreated\0}",
        "IMatch variable of the circa date; empty: there is none.",
    )


SECTIONS: Mapping[str, type] = {
    "run": RunKeys,
    "pace": PaceKeys,
    "timeouts": TimeoutKeys,
    "recovery": RecoveryKeys,
    "retry": RetryKeys,
    "images": ImageKeys,
    "flickr": FlickrKeys,
    "pixelfed": PixelfedKeys,
    "delete": DeleteKeys,
    "validation": ValidationKeys,
    "private": PrivateKeys,
    "text": TextKeys,
    "imatch": ImatchKeys,
}

KINDS: Mapping[str, str] = {
    "bool": "true or false",
    "int": "a whole number",
    "int | None": "a whole number",
    "float": "a number",
    "str": "text",
    "tuple[float, ...]": "a list of numbers",
    "tuple[str, ...]": "a list of texts",
    "Mapping[str, str]": "a table of texts",
    "tuple[Circle, ...]": "a list of tables",
    "tuple[TagRule, ...]": "a list of tables",
}

#: IMatch application variables that stand for a setting.
VARIABLES: Mapping[tuple[str, str], str] = {
    ("flickr", "page_url"): "flickr_url",
    ("flickr", "is_public"): "flickr_is_public",
    ("flickr", "is_family"): "flickr_is_family",
    ("flickr", "is_friend"): "flickr_is_friend",
    ("pixelfed", "url"): "pixelfed_url",
    ("pixelfed", "visibility"): "pixelfed_visibility",
}


@dataclass(frozen=True, kw_only=True)
class Key:
    """A setting as the reference lists it; `type` in words, `variable` its name in IMatch."""

    section: str
    key: str
    type: str
    default: Any
    meaning: str
    kind: str
    least: float | None = None
    choices: tuple[str, ...] = ()
    check: str = ""
    variable: str = ""

    @property
    def environment(self) -> str:
        """`SOCIALS_PACE_FLICKR_PER_HOUR`."""
        return f"SOCIALS_{self.section}_{self.key}".upper()

    @property
    def expected(self) -> str:
        """What a value must be, in words."""
        words = self.type
        if self.choices:
            words = " or ".join(self.choices) if self.kind == "str" else f"{words}"
            if self.kind != "str":
                words += f" out of {', '.join(self.choices)}"
        if self.least is not None:
            words += f", at least {self.least:g}"
        return words


def _key_of(section: str, one: Field[Any]) -> Key:
    default = one.default_factory() if one.default_factory is not MISSING else one.default
    kind = str(one.type)
    return Key(
        section=section,
        key=one.name,
        type=KINDS[kind],
        kind=kind,
        default=default,
        variable=VARIABLES.get((section, one.name), ""),
        **one.metadata,
    )


KEYS: tuple[Key, ...] = tuple(
    _key_of(section, one) for section, kind in SECTIONS.items() for one in fields(kind)
)
