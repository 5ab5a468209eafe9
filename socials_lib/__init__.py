"""IMatch to Socials: keeps the photos of an IMatch database, Flickr and Pixelfed in step.

    from socials_lib import Workbench
    wb = Workbench.open()

The rooms and the way data flow through them
    IMatch --records--> Photo --formatting, validation--> PhotoText, Problems --plan--> Plan
    Plan --sync--> Platform --> RemoteRef --> journal, IMatch write-back --> Outcomes
    Outcomes --frames--> DataFrame --> widgets

`import socials_lib` is quick: everything heavy is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

__all__ = ["Workbench"]


def __getattr__(name: str) -> Any:
    if name == "Workbench":
        from socials_lib.workbench import Workbench

        return Workbench
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
