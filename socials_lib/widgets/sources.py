"""Where a step takes its rows from: the table of pending photos, or a saved plan.

Both look alike to a step: the rows that can go, those ticked among them, and a place to mark how
they get on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from socials_lib.models import Plan, PlanRow, PlatformName
from socials_lib.widgets.entries import Key
from socials_lib.widgets.picker import PickerModel
from socials_lib.widgets.pills import Pill

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench


class Source(Protocol):
    """What a step asks of the place its rows come from."""

    @property
    def plan(self) -> Plan | None:
        """The plan shown above the step; None while it is being made."""

    @property
    def is_reading(self) -> bool:
        """True while IMatch is read: another plan is about to take the place of this one."""

    @property
    def can_tick(self) -> bool:
        """True if single rows can be ticked."""

    @property
    def approved_ids(self) -> frozenset[str]:
        """`platform:file_id` of rows that the person released by name."""

    def rows(self, actions: Iterable[str], platform: PlatformName) -> tuple[PlanRow, ...]:
        """The rows of these actions that can go, in the order of the plan."""

    def ticked(self, actions: Iterable[str], platform: PlatformName) -> tuple[PlanRow, ...]:
        """Those ticked, suggested ones among them (ticking is the consent)."""

    def hidden(self, rows: Iterable[PlanRow]) -> int:
        """How many of these the filter of the table hides."""

    def blocked(self, actions: Iterable[str], platform: PlatformName) -> int:
        """How many rows of these actions need a fix first."""

    def mark(self, key: Key, pill: Pill, url: str) -> None:
        """Show how a row gets on."""

    def freeze(self, on: bool) -> None:
        """Keep the order of the rows while a run goes on."""

    def tick(self, keys: Iterable[Key]) -> None:
        """Tick exactly these rows of the step."""

    def reload(self) -> None:
        """Read IMatch and plan again."""

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call the listener whenever rows or ticks may have changed."""


class PickerSource:
    """The table of pending photos."""

    can_tick = True

    def __init__(self, picker: PickerModel) -> None:
        self.picker = picker

    @property
    def plan(self) -> Plan | None:
        """The plan of the table."""
        return self.picker.plan

    @property
    def is_reading(self) -> bool:
        """True while the table reads IMatch."""
        return bool(self.picker.state == "running")

    @property
    def approved_ids(self) -> frozenset[str]:
        """Released deletes and ticked suggestions."""
        return self.picker.approved_ids

    def rows(self, actions: Iterable[str], platform: PlatformName) -> tuple[PlanRow, ...]:
        """The rows that can go and are not left out; `skip` rows only tidy IMatch."""
        wanted, picker = set(actions), self.picker
        plan = picker.plan
        return tuple(
            row
            for row in (plan.rows if plan else ())
            if row.platform == platform
            and row.action in wanted
            and row.key not in picker.skipped
            and (picker.can_go(row) or _only_tidies(row))
        )

    def ticked(self, actions: Iterable[str], platform: PlatformName) -> tuple[PlanRow, ...]:
        """The ticked ones, with the ticked suggestions."""
        wanted, picker = set(actions), self.picker
        plan = picker.plan
        return tuple(
            row
            for row in (plan.rows if plan and picker.ticked else ())
            if row.platform == platform
            and row.action in wanted
            and row.key in picker.ticked
            and (picker.can_go(row) or _only_tidies(row) or (row.suggested and not row.blocked))
        )

    def hidden(self, rows: Iterable[PlanRow]) -> int:
        """How many the filter hides."""
        shown = {one.key for one in self.picker.shown}
        return sum(row.key not in shown for row in rows)

    def blocked(self, actions: Iterable[str], platform: PlatformName) -> int:
        """How many need a fix."""
        wanted, plan = set(actions), self.picker.plan
        return sum(
            row.platform == platform
            and row.action in wanted
            and row.blocked
            and row.key not in self.picker.released
            and row.key not in self.picker.skipped
            for row in (plan.rows if plan else ())
        )

    def mark(self, key: Key, pill: Pill, url: str) -> None:
        """The pill in the table."""
        if key in self.picker.by_key:
            self.picker.mark(key, pill, url)

    def freeze(self, on: bool) -> None:
        """Keep the order of the rows."""
        self.picker.frozen = on

    def tick(self, keys: Iterable[Key]) -> None:
        """Tick these and untick all others."""
        self.picker.ticked = frozenset()
        self.picker.tick(keys)

    def reload(self) -> None:
        """Read IMatch again."""
        self.picker.load()

    def on_change(self, listener: Callable[[], None]) -> None:
        """Ticks, filters, releases, a new plan."""

        def changed(_change: Any) -> None:
            listener()

        names = ["ticked", "skipped", "released", "edition", "state", "progress"]
        self.picker.observe(changed, names)


class PlanSource:
    """A plan that was saved or made by code: all its rows, no ticks."""

    can_tick = False
    is_reading = False
    approved_ids: frozenset[str] = frozenset()

    def __init__(self, wb: Workbench, plan: Plan) -> None:
        self._wb, self.plan = wb, plan
        self._listeners: list[Callable[[], None]] = []

    def rows(self, actions: Iterable[str], platform: PlatformName) -> tuple[PlanRow, ...]:
        """The rows that are neither blocked nor only suggested."""
        wanted = set(actions)
        return tuple(
            row
            for row in self.plan.rows
            if row.platform == platform
            and row.action in wanted
            and not row.blocked
            and not row.suggested
        )

    def ticked(self, actions: Iterable[str], platform: PlatformName) -> tuple[PlanRow, ...]:
        """None: a plan has no ticks."""
        return ()

    def hidden(self, rows: Iterable[PlanRow]) -> int:
        """None: a plan has no filter."""
        return 0

    def blocked(self, actions: Iterable[str], platform: PlatformName) -> int:
        """How many need a fix."""
        wanted = set(actions)
        return sum(
            row.platform == platform and row.action in wanted and row.blocked
            for row in self.plan.rows
        )

    def mark(self, key: Key, pill: Pill, url: str) -> None:
        """There is no table to mark."""

    def freeze(self, on: bool) -> None:
        """There is no table to freeze."""

    def tick(self, keys: Iterable[Key]) -> None:
        """There is nothing to tick."""

    def reload(self) -> None:
        """Plan again for the platforms of the plan."""
        self.plan = self._wb.plan(platforms=tuple(self.plan.accounts))
        for listener in self._listeners:
            listener()

    def on_change(self, listener: Callable[[], None]) -> None:
        """Only planning again changes anything."""
        self._listeners.append(listener)


def _only_tidies(row: PlanRow) -> bool:
    return row.action == "skip" and not row.blocked


def source_of(wb: Workbench, given: Any) -> Source:
    """The source behind the table's view or model, or behind a plan; else `TypeError`."""
    if isinstance(given, Plan):
        return PlanSource(wb, given)
    model = getattr(given, "model", given)
    if isinstance(model, PickerModel):
        return PickerSource(model)
    raise TypeError(
        "A step takes the table of `show.pending(wb, pending)` or a plan of `wb.plan(…)`,"
        f" not {type(given).__name__}."
    )


def planned_at(source: Source) -> datetime | None:
    """When the plan was made."""
    return source.plan.created if source.plan is not None else None
