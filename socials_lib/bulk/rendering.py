"""Templates of recipes: the sandbox of `formatting`, with the photo's fields as variables.

    title headline description alt_text circa_date      as far as the recipe has come
    keywords categories                                 tuples of texts, levels joined with `|`
    file_id name path format camera lens                as in IMatch
    size width height iso aperture shutter_speed focal_length latitude longitude    as in IMatch
    date_time day month year                            `2024-03-19T06:41:07`, 19, `March`, 2024

What IMatch does not know is "".  Lines that came out empty vanish, as in the texts for Flickr.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from socials_lib import formatting
from socials_lib.bulk.fields import FIELDS, Value
from socials_lib.errors import RecipeError, SettingsError
from socials_lib.formatting.templates import render
from socials_lib.models import Photo, Rules

_DATE = ("day", "month", "year")
NAMES = (*FIELDS, *_DATE)
#: The template is run under this name of `formatting`, whose layout rules it shares.
_AS = "flickr_description"

#: A place for a text or number; lists are left to the sandbox.
_PLACE = re.compile(r"\{\{[ \t]*([a-z_]+)[ \t]*\}\}")
_PLAIN_NAMES = frozenset(NAMES) - {"keywords", "categories"}
_BREAK = "\ufdd1"

Render = Callable[[Callable[[str], Value], Photo], str]


def renderer(source: str) -> Render:
    """A function that makes the text of a photo; raises `RecipeError` for a bad template."""
    rules = Rules(templates={_AS: source})
    _run(lambda: formatting.check_templates(rules))
    return _simple(source) or _sandboxed(source, rules)


def _simple(source: str) -> Render | None:
    """The same in a tenth of the time for words and `{{ names }}` on one line; None otherwise."""
    words = _PLACE.split(source)  # words, name, words, name, …, words
    names = words[1::2]
    is_plain = not any(set(one) & set("{}#\n\r") for one in words[::2])
    if not is_plain or not all(name in _PLAIN_NAMES for name in names):
        return None
    with_date = any(name in _DATE for name in names)

    def rendered(get: Callable[[str], Value], photo: Photo) -> str:
        date = _date(photo) if with_date else {}
        made = words.copy()
        made[1::2] = [str(date[one] if one in date else get(one)) for one in names]
        # only the layout's own blanks go: line breaks of a photo's texts stay
        return "".join(made).replace("\n", _BREAK).strip().replace(_BREAK, "\n")

    return rendered


def _sandboxed(source: str, rules: Rules) -> Render:
    used = [name for name in NAMES if re.search(rf"\b{name}\b", source)]
    with_date = any(name in _DATE for name in used)
    names = [name for name in used if name not in _DATE]

    def rendered(get: Callable[[str], Value], photo: Photo) -> str:
        values: dict[str, Any] = {name: get(name) for name in names}
        if with_date:
            values |= _date(photo)
        return str(_run(lambda: render(_AS, rules, values)))

    return rendered


def _date(photo: Photo) -> Mapping[str, Any]:
    taken = photo.date_time
    if taken is None:
        return dict.fromkeys(_DATE, "")
    month = formatting.date_in_words(taken.date()).split()[1]
    return {"day": taken.day, "month": month, "year": taken.year}


def _run(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except SettingsError as error:  # it would name a setting that the person never wrote
        raise RecipeError(
            f"The template cannot be used: {error.__cause__ or error}.",
            hint=f"Variables are {', '.join(NAMES)}.",
        ) from error
