"""Validation with the framework's rules and its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from socials_lib.demo.pixelfed import pictures
from socials_lib.demo.pixelfed.errors import Invalid
from socials_lib.demo.pixelfed.inputs import Inputs
from socials_lib.demo.pixelfed.options import PixelfedOptions

_MOST_INT = 2**63 - 1
_MOST_PLACE = 128_769


class Rules:
    """Collects what is wrong with the inputs; `enforce` raises if anything was."""

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self._errors: dict[str, list[str]] = {}

    def enforce(self) -> None:
        """Raise Invalid with all texts collected."""
        if self._errors:
            raise Invalid(self._errors)

    def say(self, field: str, words: str) -> None:
        """Add a text, `words` with the field's name for `{}`."""
        name = field.replace("_", " ")
        self._errors.setdefault(field, []).append(f"The {words.format(name)}")

    def text(self, field: str, most: int | None = None, *, nullable: bool = True) -> None:
        """A text of at most so many characters (code points)."""
        if field not in self._inputs:
            return
        value = self._inputs[field]
        if value is None and nullable:
            return
        if not isinstance(value, str):
            self.say(field, "{} must be a string.")
        elif most is not None:
            self.at_most(field, most)

    def at_most(self, field: str, most: int) -> None:
        """Not longer than `most` characters; numbers and lists count in their own way."""
        value = self._inputs.get(field)
        if value is not None and len(value if isinstance(value, str) else str(value)) > most:
            self.say(field, f"{{}} may not be greater than {most} characters.")

    def array(self, field: str, most: int, *, nullable: bool = False) -> None:
        """A list of at most so many."""
        if field not in self._inputs or (nullable and self._inputs[field] is None):
            return
        value = self._inputs[field]
        if not isinstance(value, list):
            self.say(field, "{} must be an array.")
        elif len(value) > most:
            self.say(field, f"{{}} may not have more than {most} items.")

    def one_of(self, field: str, choices: Sequence[str]) -> None:
        """One of these words, letter by letter."""
        if field not in self._inputs:
            return
        value = self._inputs[field]
        if not isinstance(value, str):
            self.say(field, "{} must be a string.")
        if value not in choices:
            self.say(field, "selected {} is invalid.")

    def integer(self, field: str, least: int, most: int = _MOST_INT) -> None:
        """A whole number between the two; nothing at all is fine."""
        value = self._inputs.get(field)
        if value is None:
            return
        try:
            number = int(str(value))
        except ValueError:
            self.say(field, "{} must be an integer.")
            return
        if number < least:
            self.say(field, f"{{}} must be at least {least}.")
        elif number > most:
            self.say(field, f"{{}} may not be greater than {most}.")

    def boolean(self, field: str) -> None:
        """Strictly true, false, 1, 0, "1" or "0"."""
        if field in self._inputs and not _is_boolean(self._inputs[field]):
            self.say(field, "{} field must be true or false.")


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool) or value in (0, 1, "0", "1")


def check_upload(inputs: Inputs, options: PixelfedOptions) -> None:
    """`POST media`: the type is sniffed from the bytes, the size counts in units of 1024."""
    rules = Rules(inputs)
    if inputs.file is None and not inputs.filled("file"):
        rules.say("file", "{} field is required when file.* is not present.")
    else:
        data = inputs.file or b""
        if pictures.sniff(data) not in options.media_types:
            rules.say("file", f"{{}} must be a file of type: {', '.join(options.media_types)}.")
        if len(data) > options.max_photo_size_kb * 1024:
            rules.say(
                "file", f"{{}} may not be greater than {options.max_photo_size_kb} kilobytes."
            )
    rules.text("filter_name", 24)
    rules.text("filter_class", 24)
    rules.text("description", options.max_altext_length)
    rules.enforce()


def check_description(inputs: Inputs, options: PixelfedOptions) -> None:
    """`PUT media`."""
    rules = Rules(inputs)
    rules.text("description", options.max_altext_length)
    rules.enforce()


def check_new_status(inputs: Inputs, options: PixelfedOptions) -> None:
    """`POST statuses`; from 0.12.6 on `direct` passes here and is refused afterwards."""
    rules = Rules(inputs)
    rules.text("status", options.max_caption_length)
    rules.array("media_ids", options.max_album_length)
    scopes = ["private", "unlisted", "public"]
    rules.one_of("visibility", [*scopes, "direct"] if options.direct == "refused" else scopes)
    rules.at_most("spoiler_text", options.max_spoiler_length)
    rules.integer("place_id", 1, _MOST_PLACE)
    rules.array("collection_ids", 3)
    rules.boolean("comments_disabled")
    rules.enforce()


def check_edit(inputs: Inputs, options: PixelfedOptions) -> None:
    """`PUT statuses/:id`, all but the ownership of the media."""
    rules = Rules(inputs)
    rules.at_most("status", options.max_caption_length)
    rules.text("spoiler_text", options.max_spoiler_length)
    rules.boolean("sensitive")
    if not inputs.filled("media_ids") and not inputs.filled("status"):
        rules.say("media_ids", "{} field is required when status is not present.")
    rules.array("media_ids", options.max_album_length, nullable=True)
    _check_place(rules, inputs.get("location"))
    rules.enforce()


def _check_place(rules: Rules, place: Any) -> None:
    if not isinstance(place, dict) or place.get("id") is None:
        return
    number = str(place["id"])
    if not number.isdigit() or not 1 <= int(number) <= _MOST_PLACE:
        rules.say("location.id", "{} must be an integer.")
    for part in ("country", "name"):
        if not place.get(part):
            rules.say(f"location.{part}", "{} field is required when location.id is present.")


def check_page(inputs: Inputs, options: PixelfedOptions) -> None:
    """`GET accounts/:id/statuses`; `since_id` is looked at here and nowhere else."""
    rules = Rules(inputs)
    if "media_type" in inputs:
        rules.one_of("media_type", ("photo", "video"))
    for name in ("max_id", "since_id", "min_id"):
        rules.integer(name, 0)
    rules.integer("limit", 1, options.page_limit if options.page_limit_refused else _MOST_INT)
    rules.enforce()


def check_limit(inputs: Inputs) -> None:
    """Lists that only know a `limit` (cut, never refused, above their most)."""
    rules = Rules(inputs)
    rules.integer("limit", 1)
    for name in ("max_id", "since_id", "min_id"):
        rules.integer(name, 1)
    rules.enforce()


def check_collection(inputs: Inputs) -> None:
    """`POST collections/update/:id`."""
    rules = Rules(inputs)
    rules.text("title", 50)
    rules.text("description", 500)
    rules.one_of("visibility", ("public", "private", "draft"))
    rules.enforce()
