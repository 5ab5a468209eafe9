"""One function for each part of a notebook; every one shows and asks, none of them sends.

    show.header(wb)                     demo or live, who is signed in, the last run
    picker = show.pending(wb, pending)  the table; `picker.rows`, `.plan`, `.ticked`
    show.fixes(wb, pending)             what stands in the way
    show.preview(wb, picker)            what people will see

A view is kept on the shelf of the workbench, so that a cell that runs again shows the same ticks,
filters and page.  In a notebook a new workbench for the same home takes over the shelf of the one
before it: the first cell may run again as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from IPython.core.getipython import get_ipython
from IPython.display import HTML, display

from socials_lib.models import Pending, Plan
from socials_lib.widgets.base import KEYBOARD_GUARD
from socials_lib.widgets.fixes import Fixes, FixesModel
from socials_lib.widgets.header import Header, HeaderModel
from socials_lib.widgets.picker import PickerModel
from socials_lib.widgets.preview import PreviewView
from socials_lib.widgets.preview_model import PreviewModel
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


def _tell_header(wb: Workbench, picker: Picker) -> None:
    card = wb.shelf.get("header")
    if isinstance(card, Header):
        card.model.pending = picker.model.pending_count


def _shelf(wb: Workbench) -> dict[str, Any]:
    """The shelf of the workbench; in a notebook that of the last one for the same home."""
    if get_ipython() is not None:
        wb.shelf = _shelves.setdefault((wb.mode, str(wb.home)), wb.shelf)
    return wb.shelf
