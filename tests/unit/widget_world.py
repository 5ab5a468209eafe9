"""A small workbench for widget tests: no IMatch, no platform, no disk; and rows made to order."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from ipywidgets import Box, Widget
from PIL import Image

from socials_lib.errors import PhotoError
from socials_lib.models import (
    FLICKR_LIMITS,
    PIXELFED_LIMITS,
    Account,
    AccountFacts,
    Album,
    Pending,
    Photo,
    PhotoText,
    Plan,
    PlanRow,
    UploadCopy,
    UploadFile,
)
from socials_lib.validation import problem
from socials_lib.workbench import Preview
from socials_lib.workbench.selections import Selection

NOW = datetime(2026, 11, 22, 14, 2, tzinfo=UTC)
LIMITS = {"flickr": FLICKR_LIMITS, "pixelfed": PIXELFED_LIMITS}


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (12, 8), "teal").save(out, "JPEG")
    return out.getvalue()


def row(number, title=None, *, platform="flickr", action="add", codes=(), **more):
    """A plan row; `codes` are problems, the first one that blocks the action stops it."""
    name = f"IMG_{number}.jpg"
    problems = tuple(problem(code, platform, found="nothing") for code in codes)
    stops = [one for one in problems if action in one.blocks]
    title = f"Photo {number}" if title is None else title
    text = PhotoText(
        platform=platform,
        title=title,
        caption=title,
        alt_text="A lake",
        tags=("lake",),
        date_taken=f"2024-03-{number % 28 + 1:02}T06:41:07",
    )
    made = {
        "file_id": str(number),
        "name": name,
        "path": rf"D:\Photos\{name}",
        "platform": platform,
        "action": action,
        "reason": stops[0].code if stops else {"add": "new"}.get(action, f"flag_{action}"),
        "blocked": bool(stops),
        "approved": not stops and action != "delete",
        "problems": problems,
        "text": text,
        "upload": UploadFile(
            file_id=str(number),
            name=name,
            path=rf"D:\Photos\{name}",
            format="JPEG",
            bytes=1_048_576 * (number % 9 + 1),
        ),
        "calls": 2,
    }
    return PlanRow(**(made | more))


def album(name):
    return Album(name=name, album_id="1", category=f"Socials|flickr|albums|{name}")


def mixed() -> tuple[PlanRow, ...]:
    """Rows of every kind: 4 add, 2 update, 1 metadata, 2 delete, 4 blocked, and three apart."""
    return (
        *(row(n) for n in range(1, 4)),
        row(4, platform="pixelfed"),
        row(5, action="update", albums=(album("Coast"),)),
        row(6, action="update", codes=("missing_genre",)),
        row(7, action="metadata"),
        row(8, action="delete"),
        row(9, action="delete"),
        row(10, codes=("missing_title", "missing_description")),
        row(11, platform="pixelfed", codes=("missing_headline",)),
        row(12, action="delete", codes=("missing_title",)),
        row(13, codes=("file_not_found",)),
        row(14, action="metadata", suggested=True, approved=False, reason="differs"),
        row(15, action="skip", reason="not_published"),
        row(16, action="none", codes=("missing_keywords",), reason="published"),
    )


class FakeWorkbench:
    """What the widgets ask of a workbench; `rows` is what IMatch would give next."""

    def __init__(self, rows: Sequence[PlanRow] = (), *, home: Path = Path()) -> None:
        self.rows_next = tuple(rows)
        self.mode = "demo"
        self.home = home
        self.shelf: dict[str, object] = {}
        self.is_dry_run = False
        self.settings = SimpleNamespace(pace=SimpleNamespace(flickr_per_hour=3000))
        self.platforms = {"flickr": SimpleNamespace(budget="f"), "pixelfed": object()}
        self.journal = SimpleNamespace(used=lambda *_: 412)
        self.lock = SimpleNamespace(owner=lambda: None)
        self.imatch = SimpleNamespace(below=lambda path: frozenset({"1", "2"}))
        self.plans = 0
        self.error: Exception | None = None
        self.pictures: dict[str, str] = {}
        self.online: dict = {}
        self.refreshed: list[str] = []
        self.selections: tuple[Selection, ...] = ()

    def handed_over(self) -> tuple[Selection, ...]:
        return self.selections

    def load_pending(self, *names, progress: Callable[[int, int], None] | None = None):
        if self.error:
            raise self.error
        if progress:
            progress(len(self.rows_next), len(self.rows_next))
        return pendings(self.rows_next)

    def plan(self, pending=None):
        self.plans += 1
        return plan(self.rows_next, name=f"plan-{self.plans}")

    def thumbnail(self, path: str, *, box=(192, 144)) -> bytes:
        name = path.rpartition("\\")[2]
        if name in self.pictures:
            raise PhotoError(self.pictures[name])
        return jpeg()

    def preview(self, one: PlanRow) -> Preview:
        place = self.home / f"{one.platform}-{one.file_id}.jpg"
        place.write_bytes(jpeg())
        copy = UploadCopy(
            path=place,
            format="JPEG",
            bytes=place.stat().st_size,
            width=2048,
            height=1365,
            sha="0" * 16,
            picture_sha="0" * 16,
            removed=("place", "keywords"),
        )
        return Preview(row=one, copy=copy)

    def refresh(self, rows):
        self.refreshed += [one.file_id for one in rows]
        return {one.key: self.online.get(one.key) for one in rows}

    def account(self, name, *, fresh=False):
        who = Account(id="1", name="demo", url="http://127.0.0.1/demo")
        return AccountFacts(platform=name, account=who, limits=LIMITS[name])

    def history(self, *, limit=100):
        return ()

    def open_runs(self):
        return ()


def pendings(rows: Sequence[PlanRow]) -> tuple[Pending, ...]:
    return tuple(
        Pending(
            photo=Photo(
                file_id=one.file_id,
                name=one.name,
                path=one.path,
                format="JPEG",
                keywords=("Nature|Lake",),
            ),
            platform=one.platform,
            in_platform=True,
        )
        for one in rows
    )


def plan(rows: Sequence[PlanRow], *, name: str = "plan-1") -> Plan:
    accounts = {one: Account(id="1", name="demo") for one in ("flickr", "pixelfed")}
    return Plan(plan_id=name, created=NOW, mode="demo", accounts=accounts, rows=tuple(rows))


def everything(widget: Widget) -> list[Widget]:
    """The widget and all that it holds."""
    found = [widget]
    if isinstance(widget, Box):
        for one in widget.children:
            found += everything(one)
    return found


@contextmanager
def messages_sent():
    """Counts what would go to the browser: a list that grows by one for each widget message."""
    sent: list[object] = []
    lock = threading.Lock()
    send = Widget._send

    def counted(self, message, buffers=None):
        with lock:
            sent.append(message)
        return send(self, message, buffers)

    with patch.object(Widget, "_send", counted):
        yield sent
