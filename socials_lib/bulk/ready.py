"""Ready-made recipes: what the fix-it list offers, by the problem they mend."""

from __future__ import annotations

from collections.abc import Mapping

from socials_lib import formatting
from socials_lib.bulk import fields
from socials_lib.bulk.recipes import Recipe
from socials_lib.bulk.steps import Assign, Copy, Shorten, Template, Typography, Unassign
from socials_lib.errors import RecipeError
from socials_lib.models import (
    PLATFORMS,
    Limits,
    Photo,
    PlatformName,
    Rules,
    root_category,
)


def _leaf(platform: PlatformName, leaf: str) -> str:
    return f"{root_category(platform)}|{leaf}"


def _for_platform(platform: PlatformName) -> Mapping[str, Recipe]:
    name = platform.capitalize()
    flags = tuple(Unassign(category=_leaf(platform, one)) for one in ("_update", "_metadata"))
    return {
        f"queue_metadata:{platform}": Recipe(
            name=f"Queue for _metadata on {name}",
            steps=(Assign(category=_leaf(platform, "_metadata")),),
        ),
        f"queue_update:{platform}": Recipe(
            name=f"Queue for _update on {name}",
            steps=(Assign(category=_leaf(platform, "_update")),),
        ),
        f"out_of_delete:{platform}": Recipe(
            name=f"Take out of _delete on {name}",
            steps=(Unassign(category=_leaf(platform, "_delete")),),
        ),
        f"only_delete:{platform}": Recipe(
            name=f"Take out of _update and _metadata on {name}", steps=flags
        ),
        f"into_platform:{platform}": Recipe(
            name=f"Put into {root_category(platform)}",
            steps=(Assign(category=root_category(platform)),),
        ),
    }


#: Recipes by name; those with a platform end in `:flickr` or `:pixelfed`.
READY: Mapping[str, Recipe] = {
    "title_as_headline": Recipe(
        name="Use the title as headline",
        steps=(Copy(field="title", to="headline", only_missing=True),),
    ),
    "headline_as_title": Recipe(
        name="Use the headline as title",
        steps=(
            Copy(field="headline", to="title", only_missing=True),
            Shorten(field="title", letters=255),
        ),
    ),
    "headline_as_description": Recipe(
        name="Use the headline as description",
        steps=(Copy(field="headline", to="description", only_missing=True),),
    ),
    "title_as_description": Recipe(
        name="Use the title as description",
        steps=(Copy(field="title", to="description", only_missing=True),),
    ),
    "headline_as_alt_text": Recipe(
        name="Use the headline as alt text",
        steps=(Copy(field="headline", to="alt_text", only_missing=True),),
    ),
    "file_name_as_title": Recipe(
        name="Use the file name as title",
        steps=(
            Template(
                field="title",
                template="{{ (name.rsplit('.', 1)[0]).replace('_', ' ') }}",
                only_missing=True,
            ),
        ),
    ),
    "shorten_title": Recipe(
        name="Shorten the title to 255 letters", steps=(Shorten(field="title", letters=255),)
    ),
    "shorten_alt_text": Recipe(
        name="Shorten alt text and headline to 1,000 letters",
        steps=(Shorten(field="alt_text", letters=1000), Shorten(field="headline", letters=1000)),
    ),
    "tidy_typography": Recipe(
        name="Set quotes and dashes as printed",
        steps=tuple(Typography(field=name) for name in ("title", "headline", "description")),
    ),
    **{name: made for one in PLATFORMS for name, made in _for_platform(one).items()},
}

_HELPS: Mapping[str, tuple[str, ...]] = {
    "missing_headline": ("title_as_headline",),
    "missing_title": ("headline_as_title", "file_name_as_title"),
    "missing_description": ("headline_as_description", "title_as_description"),
    "conflicting_flags": ("out_of_delete:{p}", "only_delete:{p}"),
    "not_in_platform_category": ("into_platform:{p}",),
}
_SHORTENS = {"title": "shorten_title", "alt_text": "shorten_alt_text"}


def named(recipe: Recipe | str) -> Recipe:
    """The recipe itself, or the one of this name in `READY`; raises `RecipeError` that lists them.

    So a ready one can be named where a recipe is due.
    """
    if isinstance(recipe, Recipe):
        return recipe
    if isinstance(recipe, str) and recipe in READY:
        return READY[recipe]
    raise RecipeError(
        f"There is no ready recipe {recipe!r}.",
        hint=f"Ready are: {', '.join(READY)}. Or make one: `bulk.Recipe(steps=(…,))`.",
        code="unknown_recipe",
    )


def ready_for(code: str, platform: PlatformName, *, field: str = "") -> tuple[str, ...]:
    """Names in `READY` that may mend a problem, the best first; none if only IMatch can.

    A caption that is too long needs `shorten_to_fit`: how far depends on the photo.
    """
    if code == "text_too_long":
        return tuple(filter(None, [_SHORTENS.get(field, "")]))
    return tuple(one.format(p=platform) for one in _HELPS.get(code, ()))


def shorten_to_fit(
    photo: Photo, platform: PlatformName, *, rules: Rules, limits: Limits
) -> Recipe | None:
    """Shorten the headline at a word so far that the Pixelfed caption fits.

    None if the caption fits already, or if no headline that has a word left would help.
    """
    most = limits.max_caption
    if platform != "pixelfed" or most is None:
        return None
    over = len(formatting.photo_text(photo, platform, rules, limits).caption) - most
    if over <= 0:
        return None
    letters = len(photo.headline.strip()) - over
    if letters < 1:
        return None
    shorter = formatting.shorten_at_word(photo.headline, letters)
    trial = fields.with_value(photo, "headline", shorter)
    if len(formatting.photo_text(trial, platform, rules, limits).caption) > most:
        return None
    return Recipe(
        name=f"Shorten the headline to {letters} letters",
        steps=(Shorten(field="headline", letters=letters),),
    )
