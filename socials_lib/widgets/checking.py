"""`Check only`: everything that a run does before it sends, for the rows of a step."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from socials_lib import plan as planning
from socials_lib.models import PlanRow, PlatformName
from socials_lib.widgets import markup, pills, theme, words

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

_MOST = 20
_WOULD = {"add": "added", "update": "updated", "metadata": "updated", "delete": "deleted"}


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a check found: `good` rows, titles of those that `changed`, problems by title."""

    total: int
    good: int
    word: str
    changed: tuple[str, ...] = ()
    wrong: tuple[tuple[str, str], ...] = ()
    stopped: bool = False

    @property
    def fact(self) -> str:
        """`Checked 37: 35 would be added, 2 have changed.`"""
        verb = "would be"
        parts = [f"{self.good:,} {verb} {self.word}"]
        if self.changed:
            have = "has" if len(self.changed) == 1 else "have"
            parts.append(f"{len(self.changed):,} {have} changed")
        if self.wrong:
            parts.append(f"{len(self.wrong):,} cannot be sent")
        head = "Stopped; checked" if self.stopped else "Checked"
        return f"{head} {self.total:,}: {', '.join(parts)}."

    @property
    def html(self) -> str:
        """The fact, and under it the photos that are not as planned."""
        sign = theme.DONE if not (self.changed or self.wrong) else theme.WARNING
        tone = "ok" if sign == theme.DONE else "warn"
        head = markup.alert(f'<span class="{tone}">{sign}</span> <b>{theme.esc(self.fact)}</b>')
        lines = [f"{theme.quoted(one)} has changed since the plan." for one in self.changed]
        lines += [f"{theme.quoted(title)}: {theme.esc(why)}" for title, why in self.wrong]
        if not lines:
            return head
        more = f"<li>and {len(lines) - _MOST:,} more</li>" if len(lines) > _MOST else ""
        shown = "".join(f"<li>{one}</li>" for one in lines[:_MOST])
        return f"{head}<details><summary>Show</summary><ul>{shown}{more}</ul></details>"


def check(
    wb: Workbench,
    rows: Sequence[PlanRow],
    platform: PlatformName,
    tell: Callable[[int], None],
    stop: threading.Event,
) -> Checked:
    """Plan anew, compare, and make the copy of each picture; nothing is sent."""
    fresh = {row.key: row for row in wb.plan(wb.load_pending(platform)).rows}
    changed, wrong, done = [], [], 0
    for row in rows:
        if stop.is_set():
            break
        now = fresh.get(row.key)
        if now is None or _is_other(row, now):
            changed.append(row.title)
        elif why := _why_not(wb, row, now):
            wrong.append((row.title, why))
        done += 1
        tell(done)
    return Checked(
        total=done,
        good=done - len(changed) - len(wrong),
        word=_WOULD.get(rows[0].action, "done") if rows else "done",
        changed=tuple(changed),
        wrong=tuple(wrong),
        stopped=done < len(rows),
    )


def _is_other(row: PlanRow, now: PlanRow) -> bool:
    """True if the run would call the row stale."""
    return (row.action, row.seen, row.upload) != (now.action, now.seen, now.upload)


def _why_not(wb: Workbench, row: PlanRow, now: PlanRow) -> str:
    """Why the row would be refused here, "" if it would be sent."""
    if now.blocked and not row.blocked:
        problem = pills.stopping(now)
        return pills.problem_words(problem) if problem else words.reason(now.reason)
    return wb.preview(now).problem if planning.bytes_of(now) else ""
