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

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from IPython.core.getipython import get_ipython
from IPython.display import HTML, display

from socials_lib.models import PLATFORMS, Pending, Plan, PlatformName
from socials_lib.widgets.base import KEYBOARD_GUARD
from socials_lib.widgets.checklist import Checklist
from socials_lib.widgets.delete import DeleteView
from socials_lib.widgets.fixes import Fixes, FixesModel
from socials_lib.widgets.header import Header, HeaderModel
from socials_lib.widgets.past import History, Resume
from socials_lib.widgets.picker import PickerModel
from socials_lib.widgets.pictures import Thumbnails
from socials_lib.widgets.preview import PreviewView
from socials_lib.widgets.preview_model import PreviewModel
from socials_lib.widgets.results import Results
from socials_lib.widgets.setting_up import ModeCard, SetupList
from socials_lib.widgets.sign_in import SignIn
from socials_lib.widgets.sources import source_of
from socials_lib.widgets.step import StepView
from socials_lib.widgets.step_words import STEPS
from socials_lib.widgets.table import Picker

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

_shelves: dict[tuple[str, str], dict[str, Any]] = {}


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
    shelf = _shelf(wb)
    view = shelf.get("fixes")
    if not isinstance(view, Fixes) or view.model.picker is not picker.model:
        view = shelf["fixes"] = Fixes(FixesModel(picker.model), picker.thumbnails)
    return view


def preview(wb: Workbench, source: Picker | Plan) -> PreviewView:
    """What people will see, made from the files that are sent; `source` a picker or a plan."""
    shelf = _shelf(wb)
    wanted = source.model if isinstance(source, Picker) else source
    view = shelf.get("preview")
    if not isinstance(view, PreviewView) or view.model.source is not wanted:
        view = shelf["preview"] = PreviewView(PreviewModel(wb, wanted))
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
    shelf = _shelf(wb)
    view = shelf.get("results")
    if not isinstance(view, Results):
        view = shelf["results"] = Results(wb, _thumbnails(wb))
    view.wb = wb
    view.paint()
    return view


def doctor(wb: Workbench) -> Checklist:
    """The checklist: is everything in place, and what exactly to do where it is not."""
    shelf = _shelf(wb)
    view = shelf.get("doctor")
    if not isinstance(view, Checklist):
        view = shelf["doctor"] = Checklist(wb)
        return view
    view.wb = wb
    view.look()
    return view


def sign_in(wb: Workbench, platform: PlatformName) -> SignIn:
    """The sign-in of `flickr` or `pixelfed`; codes and tokens are never shown or kept here."""
    if platform not in PLATFORMS:
        raise ValueError(f"Sign in to one of {', '.join(PLATFORMS)}, not {platform!r}.")
    shelf = _shelf(wb)
    view = shelf.get(f"sign-in-{platform}")
    if not isinstance(view, SignIn):
        view = shelf[f"sign-in-{platform}"] = SignIn(wb, platform)
        return view
    view.wb = wb
    view.look()
    return view


def setup_list(wb: Workbench) -> SetupList:
    """Categories, attributes and variables that you create in IMatch, each to copy."""
    _shelf(wb)
    return SetupList(wb)


def mode(wb: Workbench) -> ModeCard:
    """Demo or live, where your data are, and in demo a fresh start."""
    _shelf(wb)
    return ModeCard(wb)


def history(wb: Workbench) -> History:
    """All runs, newest first."""
    shelf = _shelf(wb)
    view = shelf.get("history")
    if not isinstance(view, History):
        view = shelf["history"] = History(wb)
        return view
    view.wb = wb
    view.look()
    return view


def resume(wb: Workbench) -> Resume:
    """The run that did not end, with the button that finishes it."""
    shelf = _shelf(wb)
    view = shelf.get("resume")
    if not isinstance(view, Resume):
        view = shelf["resume"] = Resume(wb)
        return view
    view.wb = wb
    view.look()
    return view


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
