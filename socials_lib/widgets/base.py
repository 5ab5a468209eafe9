"""What all widgets share: models, views, painting, background work, small markup.

Callbacks may come on any thread (it depends on the ipykernel version) and must not block: long
work goes into a `Worker`.  The server drops widget messages above 1,000 a second, the last one too,
so what changes often is painted by a `Painter`, at most five times a second, its last state always.
"""

from __future__ import annotations

import functools
import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Self

import ipywidgets as w
import traitlets as t

from socials_lib.models import PlatformName
from socials_lib.widgets import messages, theme
from socials_lib.widgets.comms import keep_reachable
from socials_lib.widgets.markup import (
    alert,
    as_code,
    copy_button,
    csv_link,
    csv_text,
    loading,
    path_with_copy,
    progress_words,
    status,
)

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

__all__ = [
    "EVERY",
    "KEYBOARD_GUARD",
    "STATES",
    "STATE_WORDS",
    "Painter",
    "StepModel",
    "View",
    "Worker",
    "alert",
    "as_code",
    "button",
    "copy_button",
    "csv_link",
    "csv_text",
    "loading",
    "path_with_copy",
    "progress_words",
    "row",
    "set_class",
    "set_if_new",
    "state_line",
    "status",
    "this_notebook",
]

log = logging.getLogger(__name__)

#: Seconds between two paintings.
EVERY = 0.2
STATES = (
    "not ready",
    "ready",
    "running",
    "waiting",
    "stopping",
    "stopped",
    "done",
    "failed",
)
#: state -> sign and word, as they stand beside a widget's name
STATE_WORDS = {
    "not ready": (theme.NOT_READY, "Not ready"),
    "ready": (theme.READY, "Ready"),
    "running": (theme.RUNNING, "Running"),
    "waiting": (theme.WAITING, "Waiting"),
    "stopping": (theme.STOPPED, "Stopping"),
    "stopped": (theme.STOPPED, "Stopped"),
    "done": (theme.DONE, "Done"),
    "failed": (theme.FAILED, "Failed"),
}

#: JupyterLab takes letters and arrows as its own shortcuts while a list, tick box or button of ours
#: has the focus (`x` cuts the cell).  Keys with Ctrl, Alt, Meta, Escape and Shift+Enter stay its
#: own.  With the focus on a photo of the preview Left, Right, Home and End turn over.  Displayed
#: once by the header; a second copy does nothing.
KEYBOARD_GUARD = (
    "<script>(function(){if(window.socialsGuard)return;window.socialsGuard=true;"
    "document.body.addEventListener('keydown',function(e){"
    "if(!(e.target instanceof Element)||!e.target.closest('.soc'))return;"
    "if(e.ctrlKey||e.altKey||e.metaKey||e.key==='Escape'||(e.shiftKey&&e.key==='Enter'))return;"
    "e.stopPropagation();"
    "if(!e.target.matches('.flip-area'))return;var v=e.target.closest('.soc'),"
    "b=v.querySelector({ArrowLeft:'.flip-previous',ArrowRight:'.flip-next'}[e.key]||'.none'),"
    "n=v.querySelector('.flip-number input');"
    "if(b&&!b.disabled)b.click();"
    "else if(n&&(e.key==='Home'||e.key==='End')){n.value=e.key==='Home'?1:n.max||999999;"
    "n.dispatchEvent(new Event('change',{bubbles:true}));}else if(!b)return;"
    "e.preventDefault();});})();</script>"
)


class StepModel(t.HasTraits):
    """What is known and decided, without any view: testable without a browser.

    `blockers` are the reasons, in words, why the main button cannot be pressed; `message` is what
    stands in the message area (None: nothing).
    """

    state = t.Enum(STATES, default_value="not ready")
    blockers = t.Tuple(())
    message = t.Instance(messages.Message, allow_none=True)

    @property
    def is_ready(self) -> bool:
        """True if nothing stands in the way of the main button."""
        return not self.blockers and self.state in ("ready", "stopped", "done")


class PlatformModel(StepModel):
    """What is known of one platform, shared by all widgets of a workbench."""

    def __init__(self, wb: Workbench, platform: PlatformName) -> None:
        super().__init__()
        self.wb, self.platform = wb, platform

    @classmethod
    def of(cls, wb: Workbench, platform: PlatformName) -> Self:
        """The model of this platform, made on first use."""
        name = f"{cls.__name__}-{platform}"
        found = wb.shelf.get(name)
        if not isinstance(found, cls):
            found = wb.shelf[name] = cls(wb, platform)
        found.wb = wb
        return found


class Painter:
    """Calls `paint` at most once in `every` seconds, and once more for what came in between.

    `ask` may be called from any thread, as often as one likes.
    """

    def __init__(self, paint: Callable[[], None], *, every: float = EVERY) -> None:
        self._paint, self._every = paint, every
        self._lock = threading.Lock()
        self._last = float("-inf")
        self._timer: threading.Timer | None = None

    def ask(self) -> None:
        """Paint now, or as soon as it is time again."""
        with self._lock:
            if self._timer is not None:
                return
            wait = self._last + self._every - time.monotonic()
            if wait > 0:
                self._timer = threading.Timer(wait, self.now)
                self._timer.daemon = True
                self._timer.start()
                return
        self.now()

    def now(self) -> None:
        """Paint at once, whatever was painted before (the end of a run must be seen)."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = None
            self._last = time.monotonic()
        try:
            self._paint()
        except Exception:  # a view must never end the work that it shows
            log.exception("painting failed")


class Filling:
    """True while this thread fills fields: what changes then, no person has changed.

        with self._filling: field.value = "…"        # and in the observer: if not self._filling: …

    What a person does meanwhile comes in another thread, and counts.
    """

    def __init__(self) -> None:
        self._here = threading.local()

    def __enter__(self) -> None:
        self._here.depth = getattr(self._here, "depth", 0) + 1

    def __exit__(self, *_: object) -> None:
        self._here.depth -= 1

    def __bool__(self) -> bool:
        return getattr(self._here, "depth", 0) > 0


class Worker:
    """One piece of long work at a time in a thread of its own; a second start is refused.

    `work` gets an Event that asks it to end early; an error goes to `on_error`, whatever it is,
    since an exception in a thread would be seen nowhere.
    """

    def __init__(self, name: str, *, on_error: Callable[[BaseException], None]) -> None:
        self._name, self._on_error = name, on_error
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._is_running = False
        self._next: Callable[[threading.Event], None] | None = None

    @property
    def is_running(self) -> bool:
        """True while the work goes on."""
        return self._is_running

    def start(self, work: Callable[[threading.Event], None]) -> bool:
        """Begin; False if earlier work still goes on."""
        with self._lock:
            if self._is_running:
                return False
            self._begin(work)
            return True

    def ask(self, work: Callable[[threading.Event], None]) -> None:
        """Begin; if earlier work still goes on, as soon as it ends.  Only the last one asked."""
        with self._lock:
            if self._is_running:
                self._next = work
            else:
                self._begin(work)

    def _begin(self, work: Callable[[threading.Event], None]) -> None:
        self._stop, self._is_running = threading.Event(), True
        self._thread = threading.Thread(
            target=self._run, args=(work, self._stop), name=self._name, daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Ask the work to end."""
        self._stop.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end; True if it has ended.  The work itself may ask, and gets True."""
        with self._lock:
            thread = self._thread
        if thread is None or thread is threading.current_thread():
            return True
        thread.join(timeout)
        return not thread.is_alive()

    def _run(self, work: Callable[[threading.Event], None] | None, stop: threading.Event) -> None:
        while work is not None:
            try:
                work(stop)
            except BaseException as error:  # also SystemExit: shown, not lost with the thread
                self._tell_of(error)
            with self._lock:
                work, self._next = self._next, None
                self._is_running = work is not None

    def _tell_of(self, error: BaseException) -> None:
        try:
            self._on_error(error)
        except Exception:  # a view that cannot show it must not keep the work from ending
            log.exception("an error of %s could not be shown", self._name)


class View(w.VBox):
    """A top-level view: it carries the style sheet, a message area, and `soc-<name>` as its handle.

    Subclasses fill `body`; callbacks are registered through `safely`, so that no error is lost.
    """

    def __init__(self, name: str, *, extra_style: str = "") -> None:
        self.name = name
        self.trouble = messages.MessageArea()
        self.body = w.VBox([])
        self.body.add_class("body")
        super().__init__([theme.style(extra_style), self.trouble, self.body])
        keep_reachable(self.comm)
        self.add_class("soc")
        self.add_class(f"soc-{name}")

    def safely(self, callback: Callable[..., None]) -> Callable[..., None]:
        """The callback, with every error shown in the message area instead of nowhere."""

        @functools.wraps(callback)
        def wrapped(*args: Any, **kwargs: Any) -> None:
            try:
                callback(*args, **kwargs)
            except Exception as error:
                self.show_error(error)

        return wrapped

    def show_error(self, error: BaseException) -> None:
        """Show an error as a fact and a hint."""
        if not isinstance(error, Exception):
            log.error("a widget ended with %r", error)
        self.show_message(messages.from_error(error))

    def show_message(self, message: messages.Message | None) -> None:
        """Show a message, or none."""
        self.trouble.show(message)


def set_if_new(widget: Any, **traits: Any) -> None:
    """Set traits that differ, so that nothing is sent twice and open details stay open."""
    for name, value in traits.items():
        if getattr(widget, name) != value:
            setattr(widget, name, value)


def set_class(widget: Any, name: str, on: bool) -> None:
    """Give a widget a class, or take it away."""
    if on != (name in widget._dom_classes):
        (widget.add_class if on else widget.remove_class)(name)


def button(words_: str, *classes: str, tip: str = "") -> w.Button:
    """A button with its words and, as its tooltip, what it does (else the words themselves)."""
    made = w.Button(description=words_, tooltip=tip or words_, layout=w.Layout(width="auto"))
    for name in classes:
        made.add_class(name)
    return made


def this_notebook() -> str:
    """The name of the notebook that runs this, as runs are named after it; else `notebook`.

    Jupyter Server tells each kernel the path of its notebook (`JPY_SESSION_NAME`).
    """
    path = PurePath(os.environ.get("JPY_SESSION_NAME", ""))
    return path.stem if path.suffix == ".ipynb" else "notebook"


def row(*children: Any) -> w.HBox:
    """Controls beside each other that wrap where the page is narrow."""
    made = w.HBox(list(children))
    made.add_class("wrap")
    return made


def state_line(name: str, state: str, more: str = "") -> str:
    """`Add to Flickr  ◐ Running`; `more` takes the place of the word (`Waiting until 14:45`)."""
    sign, word = STATE_WORDS[state]
    tone = {"done": "ok", "failed": "err", "waiting": "warn"}.get(state, "accent")
    return f"<b>{theme.esc(name)}</b> {theme.pill(sign, more or word, tone)}"
