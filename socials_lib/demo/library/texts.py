"""The texts that an earlier run left on Flickr and Pixelfed, for the photos that are online.

Written down once more from the design's words, without the program's own formatting: a witness.
"""

from __future__ import annotations

import re

from socials_lib.demo.library.shots import Shot

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def long_date(date_time: str | None) -> str:
    """`2024-03-19T06:41:07` -> `19 March 2024`; empty if unreadable."""
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)T", date_time or "")
    if found is None or not 1 <= int(found[2]) <= 12:
        return ""
    return f"{int(found[3])} {_MONTHS[int(found[2]) - 1]} {found[1]}"


def shooting_line(shot: Shot) -> str:
    """`ISO 3200 | 1/100 sec | f/6.3 | 45.0 mm`."""
    values = shot.shooting
    if not values:
        return ""
    return (
        f"ISO {values['iso']} | {values['shutterspeed']} sec | "
        f"f/{values['aperture']:.3g} | {values['focallength']}"
    )


def camera_line(shot: Shot) -> str:
    """`Canon EOS R50 | RF-S18-45mm F4.5-6.3 IS STM`."""
    if shot.camera is None:
        return ""
    return " | ".join(part for part in (shot.camera.model, shot.camera.lens) if part)


def keywords(shot: Shot) -> list[str]:
    """Keywords in the order of the rules, the first spelling of each."""
    words = [part for keyword in shot.keywords for part in keyword.split("|")]
    words += shot.location
    for genre in shot.genres:
        words.append(genre)
        if genre.lower() != "astrophotography":
            words.append(f"{genre} photography")
    if shot.event:
        words.append(shot.event.split("|")[-1])
    first: dict[str, str] = {}
    for word in words:
        first.setdefault(word.lower(), word)
    return list(first.values())


def flickr_tags(shot: Shot) -> list[str]:
    """The tags of a photo on Flickr."""
    return keywords(shot)


def flickr_description(shot: Shot) -> str:
    """The description of a photo on Flickr."""
    circa = f"Taken ca. {long_date(shot.date_time)}." if shot.circa else ""
    lines = "\n".join(line for line in (shooting_line(shot), camera_line(shot)) if line)
    return "\n\n".join(p for p in (shot.headline, shot.description, circa, lines) if p)


def hashtags(shot: Shot) -> list[str]:
    """The hashtags of a photo on Pixelfed."""
    tags: dict[str, str] = {}
    for word in [*keywords(shot), "photography"]:
        bare = re.sub(r"\W", "", word)
        if bare and not bare.isdigit():
            tags.setdefault(bare.lower(), f"#{bare}")
    # the fixed one comes last
    last = tags.pop("photography", "#photography")
    return [*tags.values(), last]


def pixelfed_caption(shot: Shot) -> str:
    """The caption of a photo on Pixelfed, not fitted to any limit."""
    circa = "ca. " if shot.circa else ""
    taken = long_date(shot.date_time)
    first = f"{shot.title} -- {shot.headline}" + (f" (Taken {circa}{taken})" if taken else "")
    lines = "\n".join(line for line in (shooting_line(shot), camera_line(shot)) if line)
    text = "\n\n".join(p for p in (first, " ".join(hashtags(shot)), lines) if p)
    return re.sub(r"<(?=\S)", "‹", re.sub(r"@(?=\w)", "@\u2060", text))


def alt_text(shot: Shot) -> str:
    """The alt text of a photo on Pixelfed."""
    return shot.alt_text or shot.headline
