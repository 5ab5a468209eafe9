"""Recipes: steps in a row, with a name; saved as JSON, shown as the Python that does the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, cast

from socials_lib.bulk.catalogue import STEPS
from socials_lib.bulk.steps import Doing, Step, Work
from socials_lib.errors import RecipeError
from socials_lib.models import Photo, from_plain, to_plain

_FORMAT = 1
_MOST_BYTES = 50_000_000
_NAMES = {kind: name for name, kind in STEPS.items()}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Steps that are done one after the other, each on what the one before made."""

    steps: tuple[Step, ...] = ()
    name: str = ""

    def ready(self) -> Callable[[Photo], Work]:
        """The function that works on a photo; raises `RecipeError` naming the bad step."""
        doings = [_ready(number, step) for number, step in enumerate(self.steps, 1)]

        def work_on(photo: Photo) -> Work:
            work = Work(photo)
            for number, doing in enumerate(doings, 1):
                try:
                    doing(work)
                except RecipeError as error:
                    shown = photo.title.strip() or photo.name
                    raise _at(f"Step {number}, at “{shown[:60]}”", error) from error
            return work

        return work_on

    def then(self, *steps: Step) -> Recipe:
        """The recipe with more steps at its end."""
        return Recipe(name=self.name, steps=(*self.steps, *steps))


def _ready(number: int, step: Step) -> Doing:
    try:
        return step.ready()
    except RecipeError as error:
        raise _at(f"Step {number}", error) from error


def _at(where: str, error: RecipeError) -> RecipeError:
    return RecipeError(f"{where}: {error}", hint=error.hint, code=error.code, details=error.details)


def to_json(recipe: Recipe) -> dict[str, Any]:
    """The recipe as a JSON value."""
    steps = [{"step": _NAMES[type(one)], **to_plain(one)} for one in recipe.steps]
    return {"recipe": _FORMAT, "name": recipe.name, "steps": steps}


def from_json(value: Any) -> Recipe:
    """The recipe that `to_json` wrote; raises `RecipeError` if it is none."""
    if not isinstance(value, Mapping) or not isinstance(value.get("steps"), list):
        raise RecipeError("This is no recipe.", hint="A recipe is a JSON object with `steps`.")
    if value.get("recipe") != _FORMAT:
        raise RecipeError(
            "This recipe was written by another version of this program.",
            hint="Update IMatch to Socials.",
        )
    steps = [_step(number, one) for number, one in enumerate(value["steps"], 1)]
    return Recipe(name=str(value.get("name") or ""), steps=tuple(steps))


def _step(number: int, value: Any) -> Step:
    name = value.get("step") if isinstance(value, Mapping) else None
    kind = STEPS.get(str(name))
    if kind is None:
        raise RecipeError(f"Step {number}: there is no step “{name}”.", hint=f"Use {_list()}.")
    unknown = sorted(set(value) - {"step", *(one.name for one in fields(kind))})
    if unknown:  # a word that was misspelt must not be a step that does something else
        raise RecipeError(f"Step {number}: “{name}” knows no {', '.join(unknown)}.")
    try:
        return cast("Step", from_plain(kind, value))
    except ValueError as error:
        raise RecipeError(f"Step {number}: “{name}” cannot be read: {error}.") from error


def _list() -> str:
    return ", ".join(STEPS)


def save(recipe: Recipe, path: Path) -> Path:
    """Write the recipe as a JSON file; the path."""
    text = json.dumps(to_json(recipe), ensure_ascii=False, indent=1)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise RecipeError(
            f"The recipe cannot be saved as {path}.", hint="Check the folder.", details=str(error)
        ) from error
    return path


def load(path: Path) -> Recipe:
    """A saved recipe; raises `RecipeError` if the file holds none."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise RecipeError(f"{path} is too large for a recipe.")
        return from_json(json.loads(path.read_text(encoding="utf-8-sig")))
    except (OSError, ValueError, RecursionError) as error:
        raise RecipeError(f"{path} cannot be read as a recipe.", details=str(error)) from error


def as_python(recipe: Recipe) -> str:
    """The lines of Python that propose the same changes; `bulk` is `socials_lib.bulk`."""
    steps = "".join(f"\n        {_call(step)}," for step in recipe.steps)
    named = f"\n    name={recipe.name!r}," if recipe.name else ""
    inner = f"{named}\n    steps=({steps}\n    ),\n" if steps else f"{named}\n" if named else ""
    return f"recipe = bulk.Recipe({inner})\nchange_set = wb.propose(photos, recipe)"


def _call(step: Any) -> str:
    given = (
        (one.name, getattr(step, one.name)) for one in fields(step) if not _is_default(step, one)
    )
    return f"bulk.{type(step).__name__}({', '.join(f'{name}={value!r}' for name, value in given)})"


def _is_default(step: Any, one: Any) -> bool:
    value = getattr(step, one.name)
    made = one.default_factory() if one.default_factory is not MISSING else one.default
    return made is not MISSING and bool(made == value)
