"""A recipe in the making: steps as forms, what is wrong with them, and what they do to five photos.

Recipes are kept as `recipes/<name>.json` in the data folder.  One step that cannot be used stops
the whole recipe: what was meant is not known, so nothing is guessed.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets as t

from socials_lib import bulk
from socials_lib.errors import RecipeError, SocialsError
from socials_lib.models import Photo
from socials_lib.widgets import base
from socials_lib.widgets.facets_model import FacetsModel
from socials_lib.widgets.recipe_forms import BY_HAND, FORMS, Form, typed_of

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

#: Photos of the live sample, and how many are tried to find some that change.
SAMPLE, TRIED = 5, 200
_OUT = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A step as it is typed; `ident` stays whatever is changed or moved."""

    ident: int
    kind: str
    typed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def form(self) -> Form:
        """Its form."""
        return FORMS[self.kind]

    def step(self) -> bulk.Step:
        """The step; raises `RecipeError` if what was typed cannot be used."""
        made = self.form.build(self.typed)
        made.ready()
        return made


@dataclass(frozen=True, kw_only=True)
class Sampled:
    """A photo of the live sample and the cells that the recipe would change."""

    photo: Photo
    cells: tuple[bulk.Cell, ...] = ()


class RecipeModel(base.StepModel):
    """`edition` counts whenever the steps or the chosen photos have changed."""

    edition = t.Int(0)

    def __init__(self, wb: Workbench, facets: FacetsModel) -> None:
        super().__init__()
        self.wb, self.facets = wb, facets
        self.name = ""
        self.drafts: tuple[Draft, ...] = ()
        self.errors: dict[int, RecipeError] = {}
        self.sample: tuple[Sampled, ...] = ()
        self.sample_error: RecipeError | None = None
        self._ids = itertools.count(1)
        facets.observe(lambda _: self._changed(), "edition")
        self._changed()

    def call(self, name: str) -> None:
        """Name the recipe; nothing is tried anew for that."""
        self.name = name

    # -- steps

    def add(self, kind: str, **typed: Any) -> Draft:
        """A new step at the end."""
        blank = FORMS[kind].blank
        if "base" in blank:
            blank["base"] = self._page_of(typed.get("platform", blank["platform"]))
        made = Draft(ident=next(self._ids), kind=kind, typed={**blank, **typed})
        self.drafts = (*self.drafts, made)
        self._changed()
        return made

    def change(self, ident: int, **typed: Any) -> None:
        """Other parameters for a step."""
        self.drafts = tuple(
            replace(one, typed={**one.typed, **typed}) if one.ident == ident else one
            for one in self.drafts
        )
        self._changed()

    def remove(self, ident: int) -> None:
        """Take a step out."""
        self.drafts = tuple(one for one in self.drafts if one.ident != ident)
        self._changed()

    def move(self, ident: int, by: int) -> None:
        """Move a step up (-1) or down (1)."""
        rows = list(self.drafts)
        at = next((n for n, one in enumerate(rows) if one.ident == ident), None)
        if at is None or not 0 <= at + by < len(rows):
            return
        rows.insert(at + by, rows.pop(at))
        self.drafts = tuple(rows)
        self._changed()

    def use(self, recipe: bulk.Recipe, *, add: bool = False) -> None:
        """The steps of a recipe, in place of those that are there or behind them."""
        made = []
        for step in recipe.steps:
            kind, typed = typed_of(step)
            made.append(Draft(ident=next(self._ids), kind=kind, typed=typed))
        self.drafts = (*(self.drafts if add else ()), *made)
        self.name = self.name if add and self.name else recipe.name
        self._changed()

    # -- values by hand

    def edit(self, file_id: str, name: str, text: str) -> None:
        """Give one cell a value by hand, after all other steps."""
        values = {one: dict(cells) for one, cells in self.by_hand.items()}
        values.setdefault(file_id, {})[name] = text
        self._keep_by_hand(values)

    def unedit(self, file_id: str, name: str) -> None:
        """Forget a value by hand."""
        values = {one: dict(cells) for one, cells in self.by_hand.items()}
        values.get(file_id, {}).pop(name, None)
        self._keep_by_hand({one: cells for one, cells in values.items() if cells})

    @property
    def by_hand(self) -> Mapping[str, Mapping[str, str]]:
        """The values by hand of the last step: file id -> field -> text."""
        last = self.drafts[-1] if self.drafts else None
        return last.typed["values"] if last is not None and last.kind == BY_HAND else {}

    def _keep_by_hand(self, values: Mapping[str, Mapping[str, str]]) -> None:
        drafts = self.drafts
        if drafts and drafts[-1].kind == BY_HAND:
            drafts = drafts[:-1]
        made = Draft(ident=next(self._ids), kind=BY_HAND, typed={"values": values})
        self.drafts = (*drafts, made) if values else drafts
        self._changed()

    # -- the recipe

    @property
    def recipe(self) -> bulk.Recipe:
        """The recipe; raises the error of the first step that cannot be used."""
        for error in self.errors.values():
            raise error
        return bulk.Recipe(name=self.name.strip(), steps=tuple(one.step() for one in self.drafts))

    @property
    def photos(self) -> tuple[Photo, ...]:
        """The photos that it works on."""
        return self.facets.photos

    @property
    def code(self) -> str:
        """The Python that proposes the same changes."""
        if self.errors:
            return "# a step cannot be used yet"
        return bulk.as_python(self.recipe)

    def _changed(self) -> None:
        self.errors = {}
        for one in self.drafts:
            try:
                one.step()
            except RecipeError as error:
                self.errors[one.ident] = error
            except ValueError as error:  # what no form foresaw: it must not stop the others
                self.errors[one.ident] = RecipeError(f"This cannot be used: {error}")
        self._try()
        self.edition += 1

    def _try(self) -> None:
        """The live sample: photos that change, if there are any among the first few hundred."""
        self.sample, self.sample_error = (), None
        photos = _spread(self.photos, TRIED)
        if self.errors or not photos:
            return
        try:
            found = bulk.propose(photos, self.recipe)
        except RecipeError as error:
            self.sample_error = error
            return
        cells: dict[str, list[bulk.Cell]] = {}
        for cell in found.cells:
            cells.setdefault(cell.file_id, []).append(cell)
        changing = [one for one in photos if one.file_id in cells]
        shown = _spread(changing or photos, SAMPLE)
        self.sample = tuple(
            Sampled(photo=one, cells=tuple(cells.get(one.file_id, ()))) for one in shown
        )

    def _page_of(self, platform: Any) -> str:
        """The account's own page, as far as it is known; nobody is asked."""
        try:
            settings = self.wb.settings.flickr.page_url if platform == "flickr" else ""
            known = self.wb.known_account(platform)
        except SocialsError:
            return ""
        return settings or (known.account.url if known is not None else "")

    # -- kept recipes

    @property
    def folder(self) -> Path:
        """Where recipes are kept."""
        return self.wb.home / "recipes"

    @property
    def kept(self) -> tuple[str, ...]:
        """Names of the files there."""
        return tuple(sorted(one.stem for one in self.folder.glob("*.json")))

    def save(self, name: str) -> Path:
        """Keep the recipe under this name; an older one of the same name is replaced."""
        plain = _OUT.sub("-", name.strip()).strip("-.")[:60]
        if not plain:
            raise RecipeError("The recipe has no name.", hint="Type a name, then save it.")
        self.name = name.strip()
        path = bulk.save(self.recipe, self.folder / f"{plain}.json")
        self._changed()
        return path

    def load(self, name: str) -> None:
        """Take up a kept recipe in place of the steps that are there."""
        found = bulk.load(self.folder / f"{name}.json")
        self.use(replace(found, name=found.name or name))


def _spread(photos: Sequence[Photo], count: int) -> tuple[Photo, ...]:
    """So many photos, evenly out of all."""
    if len(photos) <= count:
        return tuple(photos)
    return tuple(photos[at * len(photos) // count] for at in range(count))
