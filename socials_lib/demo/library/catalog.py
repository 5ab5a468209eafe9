"""The sample library as one list of shots, in the order of their ids."""

from __future__ import annotations

from socials_lib.demo.library import texts
from socials_lib.demo.library.catalog_leaving import DELETE, UNTOUCHED
from socials_lib.demo.library.catalog_new import ORDINARY
from socials_lib.demo.library.catalog_odd import ODD_FILES, ODD_TEXTS
from socials_lib.demo.library.catalog_online import METADATA, UPDATE
from socials_lib.demo.library.catalog_records import BYSTANDERS, RECORDS
from socials_lib.demo.library.catalog_relatives import RELATIONS, RELATIVES
from socials_lib.demo.library.catalog_trouble import FILES, MISSING
from socials_lib.demo.library.shots import Shot

__all__ = ["RELATIONS", "shots"]

_EVERYTHING = (
    *(*ORDINARY, *ODD_TEXTS, *ODD_FILES),
    *(*UPDATE, *METADATA, *DELETE, *UNTOUCHED),
    *(*MISSING, *FILES, *RECORDS, *BYSTANDERS, *RELATIVES),
)

_LONG_STORY = (
    "It began with a wrong turn near the old sawmill and ended on the ridge, where the wind had "
    "swept the snow into long waves, and for the first time that winter nobody said a word because "
    "there was nothing left to add to what we saw above us, slow and green and silent, until the "
    "dog sneezed and all of us laughed, packed the tea away and walked back down by the light of "
    "the one torch that still worked, counting the bends"
)


def shots() -> list[Shot]:
    """Every file of the sample library."""
    masters = {relation.version: relation.master for relation in RELATIONS}
    every = [_with_headline(shot.with_(like=masters.get(shot.file_id, 0))) for shot in _EVERYTHING]
    return sorted(every, key=lambda shot: shot.file_id)


def _with_headline(shot: Shot) -> Shot:
    """The shot, with a headline that gives the caption the length it asks for."""
    if not shot.caption_length:
        return shot
    missing = shot.caption_length - len(texts.pixelfed_caption(shot))
    return shot.with_(headline=_LONG_STORY[: missing - 1] + "…")
