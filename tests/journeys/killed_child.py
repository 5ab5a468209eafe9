"""A process that carries out a plan or resumes a run, and halts at one write of its journal.

It reads one line of JSON (see `killing.Child`), says `here <label>` when it has come to the point
and waits there to be killed, or says `done` if it never got there.  With `when` = `before` the
write has not happened yet, with `after` it is on the disk.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from socials_lib.journal import Journal
from socials_lib.workbench import Workbench

#: The writes of the journal that belong to a run, in the words of `Journal`.
WRITES = ("begin", "reopen", "set_row", "plan_acts", "sent", "answered", "set_act", "replan")
WRITES += ("remember", "forget", "keep", "set_outcome", "end")

Hook = Callable[[str, str], None]


def watched(hook: Hook) -> Callable[[], None]:
    """Call `hook(label, "before"|"after")` around every write; returns how to undo it."""
    true = {name: getattr(Journal, name) for name in WRITES}

    def wrap(name: str) -> Any:
        def write(self: Journal, *args: Any, **named: Any) -> Any:
            label = label_of(self, name, args, named)
            hook(label, "before")
            result = true[name](self, *args, **named)
            hook(label, "after")
            return result

        return write

    for name in WRITES:
        setattr(Journal, name, wrap(name))

    def undo() -> None:
        for name, method in true.items():
            setattr(Journal, name, method)

    return undo


def label_of(journal: Journal, name: str, args: tuple[Any, ...], named: dict[str, Any]) -> str:
    """`set_act imatch_leave done`: the write, the kind of act, its new state."""
    words = [name]
    if name in ("sent", "answered", "set_act", "replan"):
        with journal._read() as db:
            words.append(db.execute("SELECT kind FROM acts WHERE id = ?", args[:1]).fetchone()[0])
    if name in ("set_act", "set_row"):
        words.append(str(args[1]))
    if name == "end":
        words.append(str(named.get("state", "")))
    return " ".join(words)


def main() -> None:
    """One order, then the end."""
    from socials_lib.platforms.flickr import FlickrPlatform  # noqa: F401  # imported ahead: warm
    from socials_lib.platforms.pixelfed import PixelfedPlatform  # noqa: F401  # the same

    order = json.loads(sys.stdin.readline())
    count = 0

    def hook(label: str, when: str) -> None:
        nonlocal count
        count += when == "before"
        if count == order["at"] and when == order["when"]:
            print(f"here {label}", flush=True)  # noqa: T201  # the parent waits for it
            threading.Event().wait()

    watched(hook)
    wb = Workbench.open(environ=order["environ"])
    if order["plan"]:
        wb.apply(wb.read_plan(Path(order["plan"])), **order["consent"])
    else:
        wb.resume()
    print("done", flush=True)  # noqa: T201  # the parent waits for it


if __name__ == "__main__":
    main()
