"""What stands in the way of a photo: `Photo` + `PhotoText` + facts -> all `Problem`s; pure.

`validate` reports everything that one photo alone can have; `plan` adds with `problem` what needs
the other photos or the journal (flags, doubled and lost ids, unclear acts).  The table of design 3
stands in `table`.  Decisions made here (2026-11-22):

- Titles, headlines and descriptions are missed as IMatch fields, whatever a template makes of them.
  An alt text does not replace the headline, which the caption needs.
- Warning codes made errors by `[validation] errors` block add, update and metadata; missing
  keywords and genre hold back deletes too, like the other missing texts.
- The size that counts is the larger of IMatch's and the disk's; with `fit = true` it is no problem.
- The title that is too long for Flickr only warns, and so do tags beyond 255 letters: both limits
  are assumptions (facts/flickr.md 6).
- A repost is an add and a delete: what blocks either blocks it.
- Private words match as whole words, whatever the case, also inside joined hashtags and with other
  separators (`Anna Schmidt`: `anna-schmidt`, `#AnnaSchmidt`); words of scripts without capitals
  match anywhere.  A private branch is kept out of the tags, so it matches where its words (from the
  branch's own last level down) still occur, or where the photo would go into an album or group of
  the branch.  A circle matches the photo's position, sent or not.
"""

from __future__ import annotations

from socials_lib.validation.checks import GENRE, validate
from socials_lib.validation.table import (
    CODES,
    LEAVES,
    blocks,
    details_for,
    is_releasable,
    leaf_paths,
    problem,
    sign_for,
    size_in_words,
    words_for,
)

__all__ = [
    "CODES",
    "GENRE",
    "LEAVES",
    "blocks",
    "details_for",
    "is_releasable",
    "leaf_paths",
    "problem",
    "sign_for",
    "size_in_words",
    "validate",
    "words_for",
]
