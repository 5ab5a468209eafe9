"""What is said about a photo: `Photo` + `Rules` -> `PhotoText`; pure.

Every text is a Jinja2 template (`DEFAULT_TEMPLATES`); the settings `[text]` replace any of them.
Variables of all templates, each of them text and "" if IMatch has nothing, unless said otherwise:

    title headline description alt_text   as in IMatch, outer white space taken off
    file_id name format                   the file; name with extension
    keywords                              the hierarchical keywords, a tuple, levels joined with `|`
    tags                                  the tags in rule order, a tuple (private branches are out)
    circa_date, circa                     the IPTC circa field as it is; `ca.` if it is set
    iso shutter aperture focal_length     ready for the shooting line: `ISO 3200`, `1/100 sec`, …
    model, camera, lens                   the model as in IMatch; the same by `[text.camera_names]`
    day month year                        of the file's date: 19, `March`, 2024 (template `date`)

and in every template but `date`, `shooting_line` and `camera_line` what these three gave:

    date shooting_line camera_line        `19 March 2024` and the two lines about the camera
    hashtags                              `#lake #dawn #photography` ("" outside Pixelfed)

**Empty parts vanish.**  A line of a template that holds `{{ }}` or `{% %}` and came out empty goes,
and the blank line that follows it with it; several blank lines of a template become one; lines of
a template lose their outer blanks.  What comes out of a variable is never touched by this: blank
lines in a description stay.  Separators vanish because the default templates join what is there
(`select | join`).  So, decided here (2026-11-22), the first paragraph of a Pixelfed caption is

    title, headline, date      Dawn -- Fog lifts over the lake (Taken 19 March 2024)
    one of the two texts       Dawn (Taken ca. 19 March 2024)
    no date                    Dawn -- Fog lifts over the lake
    only a date                (Taken 19 March 2024)

and Flickr's `Taken ca. <date>.` needs both the circa field and a date.  Other decisions:

- All texts: CRLF and CR become LF, control characters but tab go (PHP drops NUL, XML takes none),
  half characters (lone surrogates) become U+FFFD, outer white space goes.
- A private branch takes its whole keyword or category out of the tags, also the levels above it.
- A genre that ends in `photography` gets no second `… photography`.
- `#photography` stands at the end, an earlier `Photography` makes way: no doubles.
- A letter with a combining mark is composed (NFC) before hashtags are made; marks without a
  composed form go, since the server ends a hashtag there.  Hashtags over 124 letters are left out:
  the server does not index them.
- Fitting is by code points, after `<` and `@` were made harmless; it stops at the first step that
  fits.  With a template of the person's own a step counts as left out only if it changed the text.
- An alt text is kept raw by an upload, but an edit drops what looks like a tag: there `<` becomes
  `‹` only before a letter, `/`, `!` or `?`, and `<3` stays.  It gets no U+2060: nobody is notified
  by an alt text, and screen readers should meet plain words.

Templates run sandboxed: no macros, includes or loops without end, no functions, no huge texts;
whatever goes wrong in one is a `SettingsError` that names it.  Positions and paths are no
variables: they are nobody's business online.
"""

from __future__ import annotations

from socials_lib.formatting.pools import (
    album_from_category,
    albums,
    group_from_category,
    groups,
)
from socials_lib.formatting.tagging import (
    clean_tag,
    flickr_tags,
    hashtags,
    parse_stamp,
    quote_tags,
    stamp_tags,
    tags,
)
from socials_lib.formatting.templates import DEFAULT_TEMPLATES, check_templates
from socials_lib.formatting.texts import photo_text
from socials_lib.formatting.words import (
    aperture,
    date_in_words,
    iso,
    letters,
    pixelfed_alt_text,
    pixelfed_caption,
    shorten_at_word,
    shutter,
    tidy,
)

__all__ = [
    "DEFAULT_TEMPLATES",
    "album_from_category",
    "albums",
    "aperture",
    "check_templates",
    "clean_tag",
    "date_in_words",
    "flickr_tags",
    "group_from_category",
    "groups",
    "hashtags",
    "iso",
    "letters",
    "parse_stamp",
    "photo_text",
    "pixelfed_alt_text",
    "pixelfed_caption",
    "quote_tags",
    "shorten_at_word",
    "shutter",
    "stamp_tags",
    "tags",
    "tidy",
]
