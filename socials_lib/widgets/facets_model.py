"""Facets over the photos of a source: what is chosen in each, what is left, the counts.

Choices outlive other photos: a source that is read again keeps them.  The counts of a facet leave
its own choice out, so that they say what another choice would give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import traitlets as t

from socials_lib import bulk
from socials_lib.errors import RecipeError
from socials_lib.models import Photo
from socials_lib.widgets import base
from socials_lib.widgets.bulk_source_model import SourceModel

#: What is offered at first; the others are added by hand.
SHOWN = ("title", "headline", "description", "keywords", "categories", "date_time")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What is chosen in a facet; `least` and `most` as they were typed."""

    values: frozenset[str] = frozenset()
    text: str = ""
    least: str = ""
    most: str = ""
    present: bool | None = None
    exclude: bool = False

    @property
    def is_empty(self) -> bool:
        """True if it leaves all photos."""
        return replace(self, exclude=False) == _NOTHING


_NOTHING = Choice()


class FacetsModel(base.StepModel):
    """`edition` counts whenever photos, choices or the shown facets have changed."""

    edition = t.Int(0)

    def __init__(self, source: SourceModel) -> None:
        super().__init__()
        self.source = source
        self.shown: tuple[str, ...] = SHOWN
        self.choices: dict[str, Choice] = {}
        self.expression = ""
        self.errors: dict[str, RecipeError] = {}
        self._facets = bulk.Facets(source.photos)
        self._photos: tuple[Photo, ...] | None = None
        source.observe(lambda _: self._renew(), "edition")

    # -- choosing

    def choose(self, name: str, **changes: Any) -> None:
        """Change what is chosen in a facet (members of `Choice`)."""
        self.choices[name] = replace(self.choices.get(name, _NOTHING), **changes)
        self._changed()

    def tick(self, name: str, value: str, on: bool = True) -> None:
        """Tick or untick a value."""
        values = self.choices.get(name, _NOTHING).values
        self.choose(name, values=values | {value} if on else values - {value})

    def express(self, expression: str) -> None:
        """The condition over all fields; "" is none."""
        self.expression = expression.strip()
        self._changed()

    def clear(self, name: str | None = None) -> None:
        """Choose nothing in this facet, or in any."""
        if name is None:
            self.choices, self.expression = {}, ""
        else:
            self.choices.pop(name, None)
        self._changed()

    def show(self, name: str, on: bool = True) -> None:
        """Offer a facet, or take it away with what is chosen in it."""
        bulk.Facet(field=name)
        rest = tuple(one for one in self.shown if one != name)
        self.shown = (*rest, name) if on else rest
        if not on:
            self.choices.pop(name, None)
        self._changed()

    # -- what comes of it

    @property
    def total(self) -> int:
        """How many photos the source has."""
        return len(self._facets.photos)

    @property
    def facets(self) -> tuple[bulk.Facet, ...]:
        """What is chosen, as the library takes it; what cannot be used is left out (`errors`)."""
        return tuple(one for name, one in self._all() if name not in self.errors)

    @property
    def photos(self) -> tuple[Photo, ...]:
        """The photos that are left."""
        if self._photos is None:
            self._photos = self._facets.select(self.facets)
        return self._photos

    def counts(self, name: str, *, limit: int = 60) -> bulk.Counts:
        """What the field holds, among the photos that the other facets leave."""
        return self._facets.counts(name, self.facets, limit=limit)

    @property
    def code(self) -> str:
        """The line that selects the same photos."""
        shown = ", ".join(map(_call, self.facets))
        return f"chosen = bulk.Facets(photos).select([{shown}])"

    def _all(self) -> list[tuple[str, bulk.Facet]]:
        found = [
            (name, _facet(name, one)) for name, one in self.choices.items() if not one.is_empty
        ]
        if self.expression:
            found.append(("", bulk.Facet(expression=self.expression)))
        return found

    def _renew(self) -> None:
        self._facets = bulk.Facets(self.source.photos)
        self._changed()

    def _changed(self) -> None:
        """Try each choice once: one that cannot be used must not take the others with it."""
        self._photos = None
        self.errors = {}
        for name, one in self._all():
            try:
                self._facets.count([one])
            except RecipeError as error:
                self.errors[name] = error
        self.edition += 1


def _facet(name: str, one: Choice) -> bulk.Facet:
    return bulk.Facet(
        field=name,
        values=tuple(sorted(one.values)),
        text=one.text.strip(),
        least=one.least.strip() or None,
        most=one.most.strip() or None,
        present=one.present,
        exclude=one.exclude,
    )


def _call(facet: bulk.Facet) -> str:
    plain: Mapping[str, Any] = vars(facet)
    default = vars(bulk.Facet())
    given = (f"{name}={value!r}" for name, value in plain.items() if value != default[name])
    return f"bulk.Facet({', '.join(given)})"
