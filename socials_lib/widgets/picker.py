"""The model of the table of pending photos: what is planned, filtered, sorted, ticked.

Ticks are keys (`(platform, file_id)`), never positions, so they outlive page, filter, sort and
reading again.  A row is of one kind: `blocked`, else `suggested`, else its action; the kinds of
`PENDING` add up to the number of pending rows.  Suggested and skipped rows, and published photos
that only carry warnings (`none`), are counted apart and shown when asked for.

Decided here (2026-11-22): ticking a suggested row is the consent to it; without any tick `rows`
are all ready rows; ticks of photos that have left the work list go when IMatch is read again.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import traitlets as t

from socials_lib.models import Pending, Plan, PlanRow, id_order
from socials_lib.widgets import base, messages, pills, table_columns, words
from socials_lib.widgets.entries import PENDING, Entry, Key, kind_filters, make_entry
from socials_lib.widgets.pills import Pill
from socials_lib.widgets.table_draft import DRAFT_FROM, draft
from socials_lib.widgets.table_filtering import passes

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

PAGE_ROWS = 25


@dataclass(frozen=True, kw_only=True)
class Ticked:
    """What is ticked, and where: `here` on this page, `elsewhere` on other pages."""

    total: int = 0
    here: int = 0
    elsewhere: int = 0
    hidden: int = 0
    blocked: int = 0


@dataclass
class _Marks:
    """Pills and links that a run has set, by key, and who wants to know."""

    pills: dict[Key, Pill] = field(default_factory=dict)
    links: dict[Key, str] = field(default_factory=dict)
    listeners: list[Callable[[Key], None]] = field(default_factory=list)


class PickerModel(base.StepModel):
    """What is known about the pending photos and which of them are chosen.

    `edition` rises whenever the rows to show may have changed; `current` is the key of the photo
    that the preview shows, `focus` that of the row to come back to; `progress` are the words of
    the reading under way.
    """

    ticked = t.Instance(frozenset, args=())
    skipped = t.Instance(frozenset, args=())
    released = t.Instance(frozenset, args=())
    find = t.Unicode("")
    action = t.Unicode("")
    state_filter = t.Unicode("")
    problem = t.Unicode("")
    album = t.Unicode("")
    sort = t.Unicode("taken")
    descending = t.Bool(False)
    columns = t.Tuple(table_columns.DEFAULT)
    page = t.Int(1)
    edition = t.Int(0)
    frozen = t.Bool(False)
    progress = t.Unicode("")
    current = t.Any(None)
    focus = t.Any(None)

    FILTERS = ("find", "action", "state_filter", "problem", "album")

    def __init__(self, wb: Workbench) -> None:
        super().__init__()
        self.wb = wb
        self.plan: Plan | None = None
        self.pending: tuple[Pending, ...] | None = None
        self.given: Sequence[Pending] | None = None
        self.error: BaseException | None = None
        self.read_at: datetime | None = None
        self.per_hour = 3000
        self.entries: tuple[Entry, ...] = ()
        self.draft: tuple[Entry, ...] = ()
        self.by_key: dict[Key, Entry] = {}
        self.shown: tuple[Entry, ...] = ()
        self._marks = _Marks()
        self._lock = threading.RLock()
        self._is_setting = False
        self.version = 0
        self._runs = 0
        self._counted: dict[str, tuple[int, Any]] = {}
        self.worker = base.Worker("read-imatch", on_error=self._on_trouble)
        self.observe(self._on_filter, [*self.FILTERS, "sort", "descending"])
        self.observe(lambda _: self._touch(), ["skipped", "released"])
        self.observe(self._on_frozen, "frozen")

    # reading

    def load(self, pending: Sequence[Pending] | None = None) -> bool:
        """Read IMatch (unless `pending` is given) and plan, in the background; False if busy."""
        if self.frozen:
            return False
        started = self.worker.start(lambda stop: self._load(pending))
        self.given = pending if started else self.given
        return started

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until reading and planning have ended."""
        return self.worker.wait(timeout)

    def _load(self, pending: Sequence[Pending] | None) -> None:
        runs = self._runs
        self.state, self.progress = "running", "Reading IMatch"
        found = tuple(pending) if pending is not None else self.wb.load_pending(progress=self._tell)
        self.progress = f"Checking {words.count(len(found), 'row')}"
        if self.plan is None and len(found) >= DRAFT_FROM:
            self._take_draft(found)
        plan = self.wb.plan(found)
        self.per_hour = self.wb.settings.pace.flickr_per_hour
        self.message = None
        if self.plan is None or runs == self._runs:
            self.take(found, plan)
        else:  # what was read does not know what that run has done meanwhile
            fact = "A run began while IMatch was being read, so the table stays as it was."
            self.message = messages.note(fact, "Read IMatch again when the run has ended.")
        self.progress, self.state = "", "ready"

    def _on_frozen(self, change: Any) -> None:
        self._runs += bool(change["new"])

    def _tell(self, done: int, total: int) -> None:
        self.progress = base.progress_words("Reading", done, total) + " from IMatch"

    def _on_trouble(self, error: BaseException) -> None:
        """The last good table stays."""
        self.error = error
        if self.draft:
            self._drop_draft()
        self.progress, self.state = "", "failed"
        self.message = messages.from_error(error)

    def _take_draft(self, pending: Sequence[Pending]) -> None:
        """Rows to look at until the plan is there."""
        with self._lock:
            self.draft = draft(pending)
            self.by_key = {one.key: one for one in self.draft}
            self.read_at = datetime.now(UTC)
            self._touch()
            self._filter()

    def _drop_draft(self) -> None:
        """There will be no plan: rows that nobody checked must not stay."""
        with self._lock:
            self.draft, self.by_key, self.read_at = (), {}, None
            self.ticked = frozenset()
            self._touch()
            self._filter()

    def take(self, pending: Iterable[Pending], plan: Plan) -> None:
        """Show this plan; ticks, filters and the page are kept."""
        with self._lock:
            self.pending, self.plan = tuple(pending), plan
            photos = {one.key: one.photo for one in self.pending}
            self.entries = tuple(make_entry(row, photos.get(row.key)) for row in plan.rows)
            self.draft = ()
            self.by_key = {one.key: one for one in self.entries}
            self._marks.pills.clear()
            self._marks.links.clear()
            for name in ("ticked", "skipped", "released"):
                kept = frozenset(one for one in getattr(self, name) if one in self.by_key)
                setattr(self, name, kept)
            self.read_at = datetime.now(UTC)
            held = (key for key in self.released if pills.is_held_back(self.by_key[key].row))
            self.released = frozenset(held)  # a row may have become another action
            self._touch()
            self._filter()

    @property
    def listed(self) -> tuple[Entry, ...]:
        """All rows there are; before the first plan those that are just being checked."""
        return self.entries or self.draft

    # choosing

    def tick(self, keys: Iterable[Key], on: bool = True) -> None:
        """Tick rows, or untick them; keys that are not in the plan are left out."""
        with self._lock:
            wanted = frozenset(one for one in keys if one in self.by_key)
            self.ticked = self.ticked | wanted if on else self.ticked - wanted
            if on:
                self.skipped = self.skipped - wanted

    def skip(self, key: Key, on: bool = True) -> None:
        """Leave a photo out of this session: not ticked, not among `rows`."""
        with self._lock:
            self.skipped = self.skipped | {key} if on else self.skipped - {key}
            if on:
                self.ticked = self.ticked - {key}
        self._changed(key)

    def release(self, key: Key, on: bool = True) -> None:
        """Let a delete go that only faults hold back; other rows are not released."""
        entry = self.by_key.get(key)
        if entry is None or not pills.is_held_back(entry.row):
            return
        with self._lock:
            self.released = self.released | {key} if on else self.released - {key}
        self._changed(key)

    def can_go(self, row: PlanRow) -> bool:
        """True if the row can be carried out: not blocked (or released), not only suggested."""
        if row.blocked:
            return row.key in self.released and pills.is_held_back(row)
        return not row.suggested and row.action not in ("none", "skip")

    @property
    def ready(self) -> tuple[PlanRow, ...]:
        """All rows that can be carried out and are not left out."""
        found: tuple[PlanRow, ...] = self.counted("ready", self._ready)
        return found

    def _ready(self) -> tuple[PlanRow, ...]:
        skipped = self.skipped
        rows = (one.row for one in self.entries if one.key not in skipped)
        return tuple(row for row in rows if self.can_go(row))

    @property
    def rows(self) -> tuple[PlanRow, ...]:
        """The ticked rows (blocked ones among them), else all ready ones, in the plan's order."""
        if not self.ticked:
            return self.ready
        return tuple(one.row for one in self.entries if one.key in self.ticked)

    @property
    def approved_ids(self) -> frozenset[str]:
        """`platform:file_id` of released deletes and ticked suggestions: `apply(approve=…)`."""
        agreed = set(self.released)
        agreed |= {key for key in self.ticked if self.by_key[key].row.suggested}
        return frozenset(f"{platform}:{file_id}" for platform, file_id in agreed)

    # counting

    def kind(self, row: PlanRow) -> str:
        """`skip` if left out here, else `blocked`, else `suggested`, else the action."""
        if row.key in self.skipped:
            return "skip"
        if row.blocked and row.key not in self.released:
            return "blocked"
        return "suggested" if row.suggested else row.action

    def kinds(self) -> Counter[str]:
        """How many rows there are of each kind."""
        found: Counter[str] = self.counted(
            "kinds", lambda: Counter(self.kind(one.row) for one in self.entries)
        )
        return found

    def counted(self, name: str, count: Callable[[], Any]) -> Any:
        """What `count` gives, counted once as long as the rows and their states are the same.

        Filters, sorting and pages change none of it; with 5,000 rows counting anew at each would
        be felt.
        """
        version, found = self._counted.get(name, (-1, None))
        if version != self.version:
            version = self.version
            found = count()
            self._counted[name] = (version, found)
        return found

    def _touch(self) -> None:
        """Rows or their states have changed: what was counted holds no longer."""
        self.version += 1

    @property
    def pending_count(self) -> int:
        """How many rows are pending: the sum of the kinds of `PENDING`; -1 before the plan."""
        if self.plan is None:
            return -1
        kinds = self.kinds()
        return sum(kinds[name] for name in PENDING)

    @property
    def published_count(self) -> int:
        """How many photos of the work lists are online with nothing to do."""
        waiting = {one.row.key for one in self.entries if one.row.action != "none"}
        rest = {one.file_id for one in self.pending or () if one.key not in waiting}
        return len(rest)

    def ticks(self) -> Ticked:
        """Where the ticks are; here + elsewhere + hidden = total."""
        shown = {one.key for one in self.shown}
        here = {one.key for one in self.page_entries} & self.ticked
        blocked = [key for key in self.ticked if self.kind(self.by_key[key].row) == "blocked"]
        visible = shown & self.ticked
        return Ticked(
            total=len(self.ticked),
            here=len(here),
            elsewhere=len(visible) - len(here),
            hidden=len(self.ticked) - len(visible),
            blocked=len(blocked),
        )

    # filtering and pages

    @property
    def is_filtered(self) -> bool:
        """True if any filter is set."""
        return any(getattr(self, name) for name in self.FILTERS)

    def clear_filters(self) -> None:
        """All filters off."""
        self.choose()

    def choose(self, **filters: str) -> None:
        """Set these filters and clear the others, in one step."""
        self._set({name: filters.get(name, "") for name in self.FILTERS})

    def choose_kind(self, kind: str) -> None:
        """Show the rows of one kind; the same again shows all."""
        wanted = kind_filters(kind)
        chosen = {name: getattr(self, name) for name in self.FILTERS if getattr(self, name)}
        self.choose(**({} if chosen == wanted else wanted))

    def sort_by(self, column: str) -> None:
        """Sort by a column, the same again turns it round; not while a run goes on."""
        if self.frozen:
            return
        turned = self.sort == column and not self.descending
        self._set({"sort": column, "descending": turned})

    def choose_columns(self, names: Iterable[str]) -> None:
        """Show these columns beside title, where, action and state; `ValueError` for others."""
        self.columns = table_columns.chosen(names)

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-len(self.shown) // PAGE_ROWS))

    @property
    def page_entries(self) -> tuple[Entry, ...]:
        """The rows of the page."""
        first = (self.page - 1) * PAGE_ROWS
        return self.shown[first : first + PAGE_ROWS]

    def go_to(self, page: int) -> None:
        """Show a page; the nearest there is."""
        with self._lock:
            self.page = min(max(1, page), self.pages)

    def go_back_to(self, key: Key) -> None:
        """Show the page with this row, if the filters show it, and ask for the focus on it."""
        keys = [one.key for one in self.shown]
        if key in keys:
            self.go_to(keys.index(key) // PAGE_ROWS + 1)
        self.focus = None
        self.focus = key

    def _set(self, traits: Mapping[str, Any]) -> None:
        """Set several filters, but filter once."""
        with self._lock:
            self._is_setting = True
            try:
                for name, value in traits.items():
                    setattr(self, name, value)
            finally:
                self._is_setting = False
            self._filter()

    def _on_filter(self, _change: Any) -> None:
        with self._lock:
            if not self._is_setting:
                self._filter()

    def _filter(self) -> None:
        found = [one for one in self.listed if passes(self, one)]
        found.sort(key=lambda one: id_order(one.row.file_id))
        order = table_columns.COLUMNS[self.sort].order
        found.sort(key=lambda one: order(one, self), reverse=self.descending)
        self.shown = tuple(found)
        self.page = min(self.page, self.pages)
        self.edition += 1

    # the state of a row

    def pill(self, key: Key) -> Pill:
        """The pill of a row: as a run marked it, else skipped, else as planned."""
        marked = self._marks.pills.get(key)
        if marked is not None:
            return marked
        if key in self.skipped:
            return pills.SKIPPED
        if self.plan is None:
            return pills.CHECKING
        return pills.for_row(self.by_key[key].row, released=key in self.released)

    def url(self, key: Key) -> str:
        """The address of the row's photo online, "" if it is not."""
        return self._marks.links.get(key) or self.by_key[key].row.url

    def mark(self, key: Key, pill: Pill, url: str = "") -> None:
        """Set the pill (and link) of a row while a run goes on; other rows do not move."""
        self._marks.pills[key] = pill
        if url:
            self._marks.links[key] = url
        self._changed(key)

    def on_mark(self, listener: Callable[[Key], None]) -> None:
        """Call `listener` with the key of each row whose pill changes, on any thread."""
        self._marks.listeners.append(listener)

    def _changed(self, key: Key) -> None:
        self._touch()
        for listener in tuple(self._marks.listeners):
            listener(key)
