"""Presses that reach their button although a page has come and gone.

A page that opens on a living kernel asks for the state of all widgets on a channel of its own, with
a thread of the kernel (a subshell) of its own, and ends both at once.  ipykernel 7.4.0 answers a
comm where it last spoke: it remembers the subshell of the message that was the newest when the
widget was painted.  What a thread of ours painted in that moment (the end of a run, a plan that
arrived) was from then on reached in a subshell that is no more, and every press on that button was
dropped with `Cannot handle comm_msg …: Unknown subshell_id` in the server's log (seen 2026-11-22
with JupyterLab 4.6.6: "Run all" at once after a reload does it nearly each time).

So a comm whose subshell has ended is reached where the page itself asks for it.  Older kernels, and
those that keep no such memory, are left alone.
"""

from __future__ import annotations

from typing import Any

_ROUTE = "_reply_subshell_for"


def keep_reachable(comm: Any) -> None:
    """Let the kernel's comms of this kind forget subshells that have ended; once is enough."""
    kind = next((one for one in type(comm).__mro__ if _ROUTE in vars(one)), None)
    if kind is None or getattr(vars(kind)[_ROUTE], "looks_first", False):
        return
    remembered = vars(kind)[_ROUTE]

    def route(self: Any, data: Any, default: str | None) -> str | None:
        """The subshell that handles a message: the remembered one, if there still is one."""
        found: str | None = remembered(self, data, default)
        return found if found is None or _is_there(self, found) else default

    route.looks_first = True  # type: ignore[attr-defined]  # a function may carry a mark
    setattr(kind, _ROUTE, route)


def _is_there(comm: Any, subshell: str) -> bool:
    """True if the kernel has this subshell, or cannot be asked."""
    thread = getattr(getattr(comm, "kernel", None), "shell_channel_thread", None)
    asked = getattr(getattr(thread, "manager", None), "list_subshell", None)
    return asked is None or subshell in asked()
