"""`photo_text`: the templates applied to a photo, and the caption fitted to its limit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from socials_lib.formatting import tagging
from socials_lib.formatting.templates import check_templates, render
from socials_lib.formatting.words import (
    MONTHS,
    aperture,
    iso,
    letters,
    pixelfed_alt_text,
    pixelfed_caption,
    shutter,
    tidy,
)
from socials_lib.models import Limits, Photo, PhotoText, PlatformName, Rules

Values = Mapping[str, Any]


def photo_text(photo: Photo, platform: PlatformName, rules: Rules, limits: Limits) -> PhotoText:
    """Everything that is said about a photo on `platform`, fitted to `limits` where rules allow."""
    check_templates(rules)
    return _MAKERS[platform](photo, rules, limits, _values(photo, rules))


def _flickr(photo: Photo, rules: Rules, limits: Limits, values: Values) -> PhotoText:
    found = tagging.all_flickr_tags(values["tags"])
    return PhotoText(
        platform="flickr",
        title=render("flickr_title", rules, values),
        description=render("flickr_description", rules, values),
        tags=tagging.cut_tags(found, rules, limits),
        tags_before_cut=len(found),
        date_taken=_date_taken(photo.date_time),
        visibility=rules.visibility.get("flickr", "public"),
    )


def _pixelfed(photo: Photo, rules: Rules, limits: Limits, values: Values) -> PhotoText:
    hashtags = tagging.hashtags(photo, rules, limits)
    caption, left, left_out = _fit(rules, values, hashtags, limits.max_caption)
    return PhotoText(
        platform="pixelfed",
        title=tidy(photo.title),
        caption=caption,
        alt_text=pixelfed_alt_text(render("pixelfed_alt_text", rules, values)),
        tags=left,
        tags_before_cut=len(hashtags),
        date_taken=_date_taken(photo.date_time),
        visibility=rules.visibility.get("pixelfed", "public"),
        left_out=left_out,
    )


_MAKERS: Mapping[PlatformName, Callable[[Photo, Rules, Limits, Values], PhotoText]] = {
    "flickr": _flickr,
    "pixelfed": _pixelfed,
}


def _fit(
    rules: Rules, values: Values, hashtags: tuple[str, ...], limit: int | None
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Caption, hashtags that are in it, and what was dropped on the way, in order."""

    def caption(count: int) -> str:
        line = " ".join(f"#{word}" for word in hashtags[:count])
        return pixelfed_caption(render("pixelfed_caption", rules, {**values, "hashtags": line}))

    text = caption(len(hashtags))
    left_out: list[str] = []
    for part in ("camera_line", "shooting_line"):
        if limit is None or letters(text) <= limit:
            return text, hashtags, tuple(left_out)
        values, before = {**values, part: ""}, text
        text = caption(len(hashtags))
        left_out += [part.replace("_", " ")] if text != before else []
    count = _most_that_fit(caption, len(hashtags), limit)
    left_out += [f"#{word}" for word in reversed(hashtags[count:])]
    return caption(count), hashtags[:count], tuple(left_out)


def _most_that_fit(caption: Callable[[int], str], most: int, limit: int | None) -> int:
    """The largest number of hashtags that fits, by halving; none if nothing helps."""
    if limit is None or caption(most) == caption(0):
        return most
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if letters(caption(middle)) <= limit else (low, middle - 1)
    return low


def _values(photo: Photo, rules: Rules) -> Values:
    """The variables that the docstring of the package promises."""
    values: dict[str, Any] = {
        name: tidy(getattr(photo, name))
        for name in ("file_id", "name", "format", "title", "headline", "description", "alt_text")
    }
    values |= {
        "keywords": photo.keywords,
        "tags": tagging.tags(photo, rules),
        "circa_date": tidy(photo.circa_date),
        "circa": "ca." if tidy(photo.circa_date) else "",
        "iso": iso(tidy(photo.iso)),
        "shutter": shutter(tidy(photo.shutter_speed)),
        "aperture": aperture(photo.aperture),
        "focal_length": tidy(photo.focal_length),
        "model": tidy(photo.camera),
        "camera": _camera(tidy(photo.camera), rules.camera_names),
        "lens": tidy(photo.lens),
        **_date_values(photo.date_time),
    }
    derived = {name: render(name, rules, values) for name in ("shooting_line", "camera_line")}
    date = render("date", rules, values) if photo.date_time else ""
    return {**values, **derived, "date": date, "hashtags": ""}


def _date_values(taken: datetime | None) -> dict[str, Any]:
    if taken is None:
        return {"day": "", "month": "", "year": ""}
    return {"day": taken.day, "month": MONTHS[taken.month - 1], "year": taken.year}


def _camera(model: str, names: Mapping[str, str]) -> str:
    by_model = {name.casefold(): words for name, words in names.items()}
    return tidy(names.get(model, by_model.get(model.casefold(), model)))


def _date_taken(taken: datetime | None) -> str | None:
    """Local wall clock to the second; a zone would be somebody's guess."""
    return taken.replace(tzinfo=None).isoformat(timespec="seconds") if taken else None
