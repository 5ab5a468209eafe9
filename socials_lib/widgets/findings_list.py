"""The findings of one platform: compared with IMatch, filtered, in pages."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

import traitlets as t

from socials_lib import audit
from socials_lib.models import Finding, PlatformName, RemotePhoto
from socials_lib.widgets import base, messages, words
from socials_lib.widgets.audit_words import FindingKey, key_of
from socials_lib.widgets.inventory import InventoryModel
from socials_lib.widgets.pair_pictures import Wanted
from socials_lib.workbench.auditing import Audited

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

PAGE = 10
_ORDER = {code: place for place, code in enumerate(audit.CODES)}


class FindingsList(base.PlatformModel):
    """What was found on one platform; `edition` rises whenever rows may have changed."""

    ticked = t.Instance(frozenset, args=())
    kind = t.Unicode("")
    find = t.Unicode("")
    page = t.Int(1)
    edition = t.Int(0)
    progress = t.Unicode("")

    def __init__(self, wb: Workbench, platform: PlatformName) -> None:
        super().__init__(wb, platform)
        self.list = InventoryModel.of(wb, platform)
        self.audited: Audited | None = None
        self._online: dict[str, RemotePhoto] = {}
        self._pages = ""
        self.rows: tuple[Finding, ...] = ()
        self.by_key: dict[FindingKey, Finding] = {}
        self.error: BaseException | None = None
        self._lock = threading.RLock()
        self._list_came = False
        self.worker = base.Worker(f"compare-{platform}", on_error=self._on_error)
        self.list.observe(self._on_list, "edition")
        self.list.observe(self._on_list_begins, "state")
        self.observe(self._on_filter, ["kind", "find"])

    # comparing

    def begin(self) -> None:
        """Compare with the list of before; without one the list comes first."""
        self.list.look()
        if not self.list.is_listing:
            self.compare()

    @property
    def why_nothing(self) -> str:
        """`Flickr was not compared: the connection to Flickr broke off.`"""
        service, message = words.platform(self.platform), self.message
        return f"{service} was not compared. {message.fact if message is not None else ''}".strip()

    @property
    def is_busy(self) -> bool:
        """True while it compares or carries out."""
        return bool(self.state == "running")

    def compare(self) -> bool:
        """Compare IMatch with the list of what is online, in the background; False if busy."""
        if self.is_busy or not self.list.is_set_up:
            return False
        self.state, self.progress, self.message = "running", "Comparing", None
        self.worker.ask(lambda _stop: self._compare_all())
        return True

    def list_again(self) -> bool:
        """A new list; comparing follows by itself."""
        return not self.is_busy and self.list.list_again()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until listing and comparing have ended."""
        return self.list.wait(timeout) and self.worker.wait(timeout)

    def look_again(self) -> bool:
        """Try once more what failed: listing, else comparing."""
        return self.list_again() if self.list.state == "failed" else self.compare()

    def _on_list(self, _change: object) -> None:
        """A list has come; or it could not be had, and the reason stands here too."""
        if self.list.state == "done":
            with self._lock:
                self._list_came = is_busy = self.is_busy
            if not is_busy:
                self.compare()
        elif self.list.state == "failed":
            self.message = self.list.message

    def _on_list_begins(self, change: dict[str, object]) -> None:
        if change["new"] == "running":
            self.message = None

    def _compare_all(self) -> None:
        """As often as a newer list came meanwhile: the last one is the one that is shown."""
        while True:
            self._list_came = False
            found = self.wb.audited(self.platform, fresh=False, progress=self._tell)
            with self._lock:
                if not self._list_came:
                    self.take(found)
                    return

    def _tell(self, done: int, total: int) -> None:
        if total:
            self.progress = base.progress_words("Reading", done, total) + " from IMatch"

    def take(self, found: Audited) -> None:
        """Show these findings; ticks and filter that still hold are kept."""
        with self._lock:
            self.audited = found
            known = self.wb.known_account(self.platform)
            self._pages = known.account.url.rstrip("/") if known is not None else ""
            self._online = {one.ref.remote_id: one for one in found.known.inventory.photos}
            order = {file_id: place for place, file_id in enumerate(found.photos)}
            self.rows = tuple(
                sorted(found.findings, key=lambda one: order.get(one.file_id, len(order)))
            )
            self.by_key = {key_of(one): one for one in self.rows}
            self.ticked = frozenset(one for one in self.ticked if one in self.by_key)
            self.progress, self.state = "", "done"
            if self.kind not in self.kinds:
                self.kind = ""
            self._renew()

    def _on_error(self, error: BaseException) -> None:
        self.error = error
        self.progress, self.state = "", "failed"
        self.message = messages.from_error(error)
        self._renew()

    # what is shown

    @property
    def kinds(self) -> dict[str, int]:
        """Code -> number of findings, in the order of the table of codes."""
        counts = Counter(one.code for one in self.rows)
        return {code: counts[code] for code in sorted(counts, key=lambda one: _ORDER.get(one, 99))}

    @property
    def counts(self) -> dict[str, int]:
        """Published photos by how they stand."""
        none = dict.fromkeys(("published", "same", "differing", "decided", "waiting"), 0)
        return self.audited.counts if self.audited is not None else none

    @property
    def shown(self) -> tuple[Finding, ...]:
        """The findings that the filters show."""
        return tuple(one for one in self.rows if self._passes(one))

    def _passes(self, one: Finding) -> bool:
        if self.kind and one.code != self.kind:
            return False
        wanted = self.find.casefold().split()
        return not wanted or all(word in self._words(one) for word in wanted)

    def _words(self, one: Finding) -> str:
        parts = (self.title(one), self.name(one), one.imatch, one.remote, one.remote_id)
        return "\n".join(part or "" for part in parts).casefold()

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-len(self.shown) // PAGE))

    @property
    def page_rows(self) -> tuple[Finding, ...]:
        """The findings of the page."""
        first = (self.page - 1) * PAGE
        return self.shown[first : first + PAGE]

    def go_to(self, page: int) -> None:
        """Show a page; the nearest there is."""
        self.page = min(max(1, page), self.pages)

    def choose_kind(self, code: str) -> None:
        """Show the findings of one kind; the same again shows all."""
        self.kind = "" if code == self.kind else code

    def _on_filter(self, _change: object) -> None:
        self.page, self.handed = 1, None
        self._renew()

    def _renew(self) -> None:
        self.page = min(self.page, self.pages)
        self.edition += 1

    # a finding

    def title(self, one: Finding) -> str:
        """The title of the photo, else its file name, else what stands online."""
        photo = self.audited.photos.get(one.file_id) if self.audited is not None else None
        if photo is not None:
            return photo.title or photo.name
        return (one.remote or one.imatch or one.remote_id) if not one.file_id else one.file_id

    def name(self, one: Finding) -> str:
        """The file name, "" for what is only online."""
        photo = self.audited.photos.get(one.file_id) if self.audited is not None else None
        return photo.name if photo is not None else ""

    def url(self, one: Finding) -> str:
        """The address of its page, "" if it is not online or nobody knows."""
        remote = self._remote(one)
        if remote is None:
            return ""
        return remote.ref.url or (f"{self._pages}/{one.remote_id}/" if self._pages else "")

    def pictures(self, one: Finding) -> tuple[Wanted | None, Wanted | None]:
        """The picture of IMatch and the one online."""
        photo = self.audited.photos.get(one.file_id) if self.audited is not None else None
        remote, title = self._remote(one), self.title(one)
        here = Wanted(side="imatch", source=photo.path, title=title) if photo is not None else None
        url = remote.picture_url if remote is not None else ""
        return here, Wanted(side="online", source=url, title=title) if url else None

    def _remote(self, one: Finding) -> RemotePhoto | None:
        return self._online.get(one.remote_id)

    def tick(self, keys: Iterable[FindingKey], on: bool = True) -> None:
        """Tick findings, or untick them."""
        wanted = frozenset(one for one in keys if one in self.by_key)
        self.ticked = self.ticked | wanted if on else self.ticked - wanted
