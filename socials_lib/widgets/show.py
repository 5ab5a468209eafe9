"""One function for each part of a notebook; every one shows and asks, none of them sends.

    show.header(wb)                     demo or live, who is signed in, the last run
    picker = show.pending(wb, pending)  the table; `picker.rows`, `.plan`, `.ticked`
    show.fixes(wb, pending)             what stands in the way
    show.preview(wb, picker)            what people will see
    show.step(wb, picker, "add")        a button that says what it will do
    show.results(wb)                    what happened

A view is kept on the shelf of the workbench, so that a cell that runs again shows the same ticks,
filters and page.  In a notebook a new workbench for the same home takes over the shelf of the one
before it: the first cell may run again as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from IPython.core.getipython import get_ipython
from IPython.display import HTML, display

from socials_lib.bulk import ChangeSet
from socials_lib.models import PLATFORMS, Pending, Photo, Plan, PlatformName
from socials_lib.widgets.base import KEYBOARD_GUARD, View
from socials_lib.widgets.before_after import BeforeAfterView
from socials_lib.widgets.before_after_model import BeforeAfterModel
from socials_lib.widgets.bulk_source import SourceView
from socials_lib.widgets.bulk_source_model import SourceModel
from socials_lib.widgets.bulk_write import WriteView
from socials_lib.widgets.bulk_write_model import Changes, Given, WriteModel
from socials_lib.widgets.charts import Charts, ChartsModel
from socials_lib.widgets.checklist import Checklist
from socials_lib.widgets.completeness import Completeness
from socials_lib.widgets.completeness_model import CompletenessModel
from socials_lib.widgets.delete import DeleteView
from socials_lib.widgets.facets import FacetsView
from socials_lib.widgets.facets_model import FacetsModel
from socials_lib.widgets.findings import Findings
from socials_lib.widgets.findings_model import FindingsModel
from socials_lib.widgets.fixes import Fixes, FixesModel
from socials_lib.widgets.header import Header, HeaderModel
from socials_lib.widgets.inventory import InventoryModel, InventoryView
from socials_lib.widgets.past import History, Resume
from socials_lib.widgets.picker import PickerModel
from socials_lib.widgets.pictures import Thumbnails
from socials_lib.widgets.preview import PreviewView
from socials_lib.widgets.preview_model import PreviewModel
from socials_lib.widgets.recipe import RecipeView
from socials_lib.widgets.recipe_model import RecipeModel
from socials_lib.widgets.reconnect import Reconnect
from socials_lib.widgets.reconnect_model import ReconnectModel
from socials_lib.widgets.results import Results
from socials_lib.widgets.setting_up import ModeCard, SetupList
from socials_lib.widgets.sign_in import SignIn
from socials_lib.widgets.sources import source_of
from socials_lib.widgets.step import StepView
from socials_lib.widgets.step_words import STEPS
from socials_lib.widgets.table import Picker
from socials_lib.widgets.undo import UndoView
from socials_lib.widgets.undo_model import UndoModel

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

V = TypeVar("V", bound=View)
_shelves: dict[tuple[str, str], dict[str, Any]] = {}


class Looking(Protocol):
    """A view that looks anew when its cell runs again."""

    wb: Workbench

    def look(self) -> None: ...


def header(wb: Workbench) -> Header:
    """The header card: demo or live, IMatch, the accounts, the last run.

    Displays the keyboard guard as well, which keeps JupyterLab's letters out of our controls.
    """
    shelf = _shelf(wb)
    if get_ipython() is not None:
        display(HTML(KEYBOARD_GUARD))  # type: ignore[no-untyped-call]  # IPython has no types
    view = shelf.get("header")
    if not isinstance(view, Header):
        view = shelf["header"] = Header(HeaderModel(wb))
    view.model.wb = wb
    view.model.look()
    return view


def pending(wb: Workbench, pending: Sequence[Pending] | None = None) -> Picker:
    """The table of the pending photos (read now if not given); it plans in the background."""
    shelf = _shelf(wb)
    view = shelf.get("picker")
    if not isinstance(view, Picker):
        view = shelf["picker"] = Picker(PickerModel(wb))
        view.model.observe(lambda _: _tell_header(wb, view), "edition")
    view.use(wb, pending)
    return view


def fixes(wb: Workbench, source: Picker | Sequence[Pending]) -> Fixes:
    """What stands in the way of the pending photos, with a remedy beside it."""
    picker = source if isinstance(source, Picker) else pending(wb, source)
    return _kept(
        wb,
        "fixes",
        Fixes,
        lambda: Fixes(FixesModel(picker.model), picker.thumbnails),
        fits=lambda view: view.model.picker is picker.model,
    )


def preview(wb: Workbench, source: Picker | Plan) -> PreviewView:
    """What people will see, made from the files that are sent; `source` a picker or a plan."""
    wanted = source.model if isinstance(source, Picker) else source
    view = _kept(
        wb,
        "preview",
        PreviewView,
        lambda: PreviewView(PreviewModel(wb, wanted)),
        fits=lambda view: view.model.source is wanted,
    )
    view.model.wb = wb
    return view


def step(wb: Workbench, source: Picker | Plan, action: str) -> StepView:
    """A step, `add`, `update` or `delete`: it says what it would do and waits for its button.

    `source` is the table or a plan.  A cell that runs again shows the run that is under way and
    never starts a second one.
    """
    if action not in STEPS:
        raise ValueError(f"A step is one of {', '.join(STEPS)}, not {action!r}.")
    shelf = _shelf(wb)
    view, wanted = shelf.get(f"step-{action}"), getattr(source, "model", source)
    if not isinstance(view, StepView) or view.given is not wanted:
        if isinstance(view, StepView):
            view.leave()
        thumbnails = source.thumbnails if isinstance(source, Picker) else _thumbnails(wb)
        kind = DeleteView if action == "delete" else StepView
        made = kind(wb, source_of(wb, source), action, thumbnails)
        made.given = wanted
        view = shelf[f"step-{action}"] = made
        return view
    view.use(wb)
    return view


def results(wb: Workbench) -> Results:
    """What happened, photo by photo, with links; it follows the runs of this notebook."""
    view = _kept(wb, "results", Results, lambda: Results(wb, _thumbnails(wb)))
    view.wb = wb
    view.paint()
    return view


def inventory(wb: Workbench, platform: PlatformName) -> InventoryView:
    """What is online: how many, how old the list is, a button that lists again; only looks."""
    name = _named("inventory", platform)
    view = _kept(wb, name, InventoryView, lambda: InventoryView(InventoryModel.of(wb, platform)))
    view.use(wb)
    return view


def findings(wb: Workbench, platform: PlatformName) -> Findings:
    """What differs from the last publication on either side, and what to do about it.

    Deciding changes nothing; a button carries out what was decided, after a question.
    """
    name = _named("findings", platform)
    view = _kept(wb, name, Findings, lambda: Findings(FindingsModel.of(wb, platform)))
    view.use(wb)
    return view


def reconnect(wb: Workbench, platform: PlatformName) -> Reconnect:
    """Photos online that IMatch no longer knows, side by side with the photos they may be."""
    name = _named("reconnect", platform)
    view = _kept(wb, name, Reconnect, lambda: Reconnect(ReconnectModel(wb, platform)))
    view.use(wb)
    return view


def completeness(wb: Workbench) -> Completeness:
    """What is missing in IMatch, field by field and platform by platform; asks no platform."""
    view = _kept(wb, "completeness", Completeness, lambda: Completeness(CompletenessModel(wb)))
    view.use(wb)
    return view


def charts(wb: Workbench) -> Charts:
    """Pictures of the data, drawn from the findings of this notebook."""
    view = _kept(wb, "charts", Charts, lambda: Charts(ChartsModel(wb)))
    view.use(wb)
    return view


def doctor(wb: Workbench) -> Checklist:
    """The checklist: is everything in place, and what exactly to do where it is not."""
    return _kept(wb, "doctor", Checklist, lambda: Checklist(wb), again=_looking(wb))


def sign_in(wb: Workbench, platform: PlatformName) -> SignIn:
    """The sign-in of `flickr` or `pixelfed`; codes and tokens are never shown or kept here."""
    name = _named("sign-in", platform)

    def made() -> SignIn:
        return SignIn(wb, platform, after=lambda: _after_sign_in(wb))

    return _kept(wb, name, SignIn, made, again=_looking(wb))


def setup_list(wb: Workbench) -> SetupList:
    """Categories, attributes and variables that you create in IMatch, each to copy."""
    return _kept(wb, "setup", SetupList, lambda: SetupList(wb), again=_looking(wb))


def mode(wb: Workbench) -> ModeCard:
    """Demo or live, where your data are, and in demo a fresh start."""
    _shelf(wb)
    return ModeCard(wb)


def history(wb: Workbench) -> History:
    """All runs, newest first."""
    return _kept(wb, "history", History, lambda: History(wb), again=_looking(wb))


def resume(wb: Workbench) -> Resume:
    """The run that did not end, with the button that finishes it."""
    return _kept(wb, "resume", Resume, lambda: Resume(wb), again=_looking(wb))


def source(wb: Workbench, photos: Iterable[Photo] | None = None) -> SourceView:
    """Where the photos of a bulk fix come from; read in the background.  Or these very photos."""
    view = _kept(wb, "source", SourceView, lambda: SourceView(SourceModel(wb)))
    if photos is not None and photos is not view.model.given:
        view.model.give(photos)
    view.use(wb)
    return view


def facets(wb: Workbench, photos: SourceView | Iterable[Photo]) -> FacetsView:
    """Narrow the photos down; the counts of each facet follow the others."""
    found = photos if isinstance(photos, SourceView) else source(wb, photos)
    return _kept(
        wb,
        "facets",
        FacetsView,
        lambda: FacetsView(FacetsModel(found.model)),
        fits=lambda view: view.model.source is found.model,
    )


def recipe(wb: Workbench, facets: FacetsView) -> RecipeView:
    """Say what to do with the chosen photos, step by step, on a live sample of five."""
    view = _kept(
        wb,
        "recipe",
        RecipeView,
        lambda: RecipeView(RecipeModel(wb, facets.model)),
        fits=lambda view: view.model.facets is facets.model,
    )
    view.model.wb = wb
    return view


def before_after(wb: Workbench, recipe: RecipeView) -> BeforeAfterView:
    """Only what changes, before and after; a tick for each value."""
    view = _kept(
        wb,
        "before-after",
        BeforeAfterView,
        lambda: BeforeAfterView(BeforeAfterModel(wb, recipe.model), Thumbnails(wb)),
        fits=lambda view: view.model.recipe is recipe.model,
    )
    view.model.wb = view.thumbnails.wb = wb
    return view


def write(wb: Workbench, change: BeforeAfterView | ChangeSet) -> WriteView:
    """The button that writes a change set into IMatch, after a question, and reads it back.

    A cell that runs again shows the writing that is under way and never starts it twice.
    """
    shelf = _shelf(wb)
    view = shelf.get("write")
    wanted = change.model if isinstance(change, BeforeAfterView) else change
    if not isinstance(view, WriteView) or view.given is not wanted:
        if isinstance(view, WriteView):
            view.model.leave()
        made: Changes = change.model if isinstance(change, BeforeAfterView) else Given(change)
        view = shelf["write"] = WriteView(WriteModel(wb, made))
        view.given = wanted
        return view
    view.use(wb)
    return view


def undo(wb: Workbench) -> UndoView:
    """The way back: written change sets, all of one or a part; what changed since stays."""
    return _kept(
        wb, "undo", UndoView, lambda: UndoView(UndoModel(wb)), again=lambda view: view.use(wb)
    )


def _kept(
    wb: Workbench,
    name: str,
    kind: type[V],
    make: Callable[[], V],
    *,
    fits: Callable[[V], bool] = lambda view: True,
    again: Callable[[V], object] = lambda view: None,
) -> V:
    """The view of this name on the shelf, made if none fits; `again` hears of a kept one."""
    shelf = _shelf(wb)
    view = shelf.get(name)
    if isinstance(view, kind) and fits(view):
        again(view)
        return view
    made = shelf[name] = make()
    return made


def _looking(wb: Workbench) -> Callable[[Looking], None]:
    """A cell that runs again looks anew; a new view has just looked."""

    def again(view: Looking) -> None:
        view.wb = wb
        view.look()

    return again


def _after_sign_in(wb: Workbench) -> None:
    """What stands in other cells about the accounts is looked at anew."""
    card = wb.shelf.get("header")
    if isinstance(card, Header):
        card.model.look()
    for name in ("doctor", "setup"):
        view = wb.shelf.get(name)
        if isinstance(view, (Checklist, SetupList)):
            view.look()


def _named(what: str, platform: PlatformName) -> str:
    if platform not in PLATFORMS:
        raise ValueError(f"A platform is one of {', '.join(PLATFORMS)}, not {platform!r}.")
    return f"{what}-{platform}"


def _thumbnails(wb: Workbench) -> Thumbnails:
    """The pictures of the table, if there is one: they are made already."""
    picker = wb.shelf.get("picker")
    return picker.thumbnails if isinstance(picker, Picker) else Thumbnails(wb)


def _tell_header(wb: Workbench, picker: Picker) -> None:
    card = wb.shelf.get("header")
    if isinstance(card, Header):
        card.model.pending = picker.model.pending_count


def _shelf(wb: Workbench) -> dict[str, Any]:
    """The shelf of the workbench; in a notebook that of the last one for the same home."""
    if get_ipython() is not None:
        wb.shelf = _shelves.setdefault((wb.mode, str(wb.home)), wb.shelf)
    return wb.shelf
