"""What is online, by listing: how many, how old the list is, and a button that lists again.

The list of before is shown at once; without one it is made as soon as the cell runs, since looking
changes nothing.  Findings, reconnecting and charts follow this list: they share the model.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import ipywidgets as w
import traitlets as t

from socials_lib.errors import Stopped
from socials_lib.models import Inventory, PlatformName
from socials_lib.widgets import audit_words, base, messages, theme, words
from socials_lib.widgets.jobs import Jobs

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

#: After so many days the age of the list is a warning.
OLD_DAYS = 7


class InventoryModel(base.PlatformModel):
    """The list of one platform; `progress` are the words of the listing under way."""

    progress = t.Unicode("")
    edition = t.Int(0)

    def __init__(self, wb: Workbench, platform: PlatformName) -> None:
        super().__init__(wb, platform)
        self.found: Inventory | None = None
        self.is_set_up = True
        self._stop = threading.Event()
        self._ended_waits = False
        self.worker = base.Worker(f"list-{platform}", on_error=self._on_error)

    @property
    def is_listing(self) -> bool:
        """True while the platform is being listed."""
        return self.state in ("running", "stopping")

    def look(self) -> None:
        """The list of before; a new one if there is none."""
        self.is_set_up = audit_words.is_set_up(self.wb, self.platform)
        if not self.is_set_up or self.is_listing:
            return
        kept = self.wb.kept_inventory(self.platform)
        if kept is None:
            self.list_again()
        elif kept != self.found:
            self._has(kept)

    def list_again(self) -> bool:
        """Ask the platform for everything, in the background; False if it is being asked."""
        if self.is_listing:
            return False
        self._stop = threading.Event()
        self.message, self.state = None, "running"
        self.progress = f"Listing {words.platform(self.platform)}"
        self.worker.ask(lambda _stop: self._list())
        return True

    def stop(self) -> None:
        """End the listing; the list of before stays."""
        if self.state != "running":
            return
        self.state = "stopping"
        self._stop.set()
        if not Jobs.of(self.wb).is_running and not self._is_another_listing:
            self._ended_waits = True
            self.wb.stop.set()  # ends a wait for the service, too: every wait there is

    @property
    def _is_another_listing(self) -> bool:
        """True while another platform is listed: nobody asked that one to stop."""
        models = (one for one in self.wb.shelf.values() if isinstance(one, InventoryModel))
        return any(one.is_listing for one in models if one is not self)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end of the listing."""
        return self.worker.wait(timeout)

    def _list(self) -> None:
        try:
            found = self.wb.inventory(self.platform, fresh=True, progress=self._tell)
        except Stopped:
            self.progress, self.state = "", "stopped"
            self.edition += 1
            return
        finally:
            if self._ended_waits:
                self._ended_waits = False
                self.wb.stop.clear()
        self._has(found)

    def _tell(self, done: int, _total: int) -> None:
        if self._stop.is_set():
            raise Stopped("The listing was stopped.")
        self.progress = f"Listing {words.platform(self.platform)}, {words.count(done, 'photo')}"

    def _has(self, found: Inventory) -> None:
        self.found = found
        self.progress, self.state = "", "done"
        self.edition += 1

    def _on_error(self, error: BaseException) -> None:
        self.progress, self.state = "", "failed"
        self.message = messages.from_error(error)
        self.edition += 1

    @property
    def calls(self) -> int:
        """About how many calls a new list takes."""
        return self.wb.calls_to_list(self.platform)


class InventoryView(base.View):
    """One line about the list, with its buttons."""

    def __init__(self, model: InventoryModel) -> None:
        super().__init__("inventory")
        self.add_class(f"soc-inventory-{model.platform}")
        self.model = model
        self._lock = threading.RLock()
        self.line, self.status = w.HTML(), w.HTML()
        self.again = base.button("List again", "again")
        self.stop = base.button("Stop", "stop", tip="The list of before stays")
        self.again.on_click(self.safely(lambda _: self._list_again()))
        self.stop.on_click(self.safely(lambda _: self.model.stop()))
        self.trouble.handlers = {"Check again": self._list_again, "Go on": self._list_again}
        self.code = base.as_code(f'wb.inventory("{model.platform}", fresh=True)')
        self._painter = base.Painter(self.paint)
        model.observe(lambda _: self._painter.now(), ["state", "edition"])
        model.observe(lambda _: self._painter.ask(), "progress")
        model.observe(lambda change: self.show_message(change["new"]), "message")
        self.paint()

    @property
    def inventory(self) -> Inventory:
        """The list; waits for it, and raises what stood in the way."""
        self.model.wait()
        return self.model.wb.inventory(self.model.platform)

    def use(self, wb: Workbench) -> None:
        """The cell ran again."""
        self.model.wb = wb
        self.model.look()
        self.paint()

    def _list_again(self) -> None:
        self.stop.focus()
        self.model.list_again()

    def paint(self) -> None:
        """The line as it is now; any thread may ask."""
        with self._lock:
            self._paint_all()

    def _paint_all(self) -> None:
        model = self.model
        if not model.is_set_up:
            self.body.children = (w.HTML(audit_words.not_set_up(model.platform)),)
            return
        base.set_if_new(self.line, value=_line(model.found, model.platform))
        base.set_if_new(self.status, value=_status(model))
        base.set_if_new(self.again, **_again(model))
        base.set_if_new(self.stop, disabled=model.state != "running")
        children = (base.row(self.line, self.again, self.stop), self.status, self.code)
        if len(self.body.children) != len(children):
            self.body.children = children


def _line(found: Inventory | None, platform: PlatformName) -> str:
    service = words.platform(platform)
    if found is None:
        return f'<span class="mute">{service} was not listed yet.</span>'
    if not found.photos:
        return f"{theme.SKIPPED} Nothing of yours is online on {service}."
    members = found.members
    more = [words.count(len(members.albums), "album")] if members.albums else []
    more += [words.count(len(members.groups), "group")] if members.groups else []
    inside = f", {' and '.join(more)} looked at" if more else ""
    return f"<b>{words.number(len(found.photos))} online</b> on {service}{inside}"


def _status(model: InventoryModel) -> str:
    if model.state == "stopping":
        return base.loading("Stopping")
    if model.is_listing:
        return base.loading(model.progress, spoken=False)
    found = model.found
    stopped = f"{theme.STOPPED} Stopped. " if model.state == "stopped" else ""
    if found is None:
        return f'<p class="mute">{stopped}</p>' if stopped else ""
    said = f"{stopped}listed {words.moment(found.read_at)}"
    days = (datetime.now(UTC) - found.read_at).days
    if days >= OLD_DAYS:
        old = f"{theme.WARNING} {said}, {words.count(days, 'day')} ago: list again first"
        return f'<p class="warn">{old}</p>'
    return f'<p class="mute">{said}</p>'


def _again(model: InventoryModel) -> dict[str, object]:
    calls = model.calls if model.found is not None else 0
    about = f": about {words.count(calls, 'call')}" if calls else ""
    return {
        "description": f"List again{about}" if model.found is not None else "List what is online",
        "tooltip": "Asks the platform for all your photos; nothing is changed",
        "disabled": model.is_listing,
    }
