"""Runs, rows and outcomes for the tests of reports, and a reader for the page."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

from PIL import Image

from socials_lib import reports
from socials_lib.models import Act, Note, Outcome, PhotoText, PlanRow, Run
from socials_lib.reports import ImatchChange

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def row(file_id: str = "1201", title: str = "Dawn over the lake", **more: Any) -> PlanRow:
    """A row that adds a photo to Flickr."""
    platform = more.pop("platform", "flickr")
    values: dict[str, Any] = {
        "file_id": file_id,
        "name": f"IMG_{file_id}.jpg",
        "path": f"D:\\Photos\\IMG_{file_id}.jpg",
        "platform": platform,
        "action": "add",
        "text": PhotoText(platform=platform, title=title),
    }
    return PlanRow(**{**values, **more})


def outcome(of: PlanRow | None = None, state: str = "done", **more: Any) -> Outcome:
    """How a row ended."""
    of = of or row()
    values: dict[str, Any] = {
        "file_id": of.file_id,
        "name": of.name,
        "platform": of.platform,
        "action": of.action,
        "state": state,
    }
    return Outcome(**{**values, **more})


def a_run(*outcomes: Outcome, **more: Any) -> Run:
    """A run of six minutes."""
    values: dict[str, Any] = {
        "run": "20261122-120000-3f1a",
        "started": NOON,
        "ended": NOON + timedelta(minutes=6),
        "state": "done",
        "mode": "demo",
        "origin": "notebook",
        "plan_id": "20261122-a1",
        "outcomes": outcomes,
    }
    return Run(**{**values, **more})


def jpeg(_path: str = "", colour: tuple[int, int, int] = (40, 120, 110)) -> bytes:
    """A thumbnail."""
    out = io.BytesIO()
    Image.new("RGB", (192, 128), colour).save(out, "JPEG")
    return out.getvalue()


def page(run: Run, *rows: PlanRow, thumbnail: Any = jpeg, **more: Any) -> Page:
    """The page of a run, read."""
    names = more.pop("account_names", {"flickr": "demo"})
    made = reports.html(run, rows=rows, thumbnail=thumbnail, account_names=names, **more)
    return Page(made)


class Page(HTMLParser):
    """What a browser sees: tags with attributes, and the words between them."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.source = source
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._words: list[str] = []
        self._skipping = False
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._skipping = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._skipping = False
        if tag in ("div", "li", "h1", "h2", "p", "dt", "dd", "td", "bdi"):
            self._words.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self._words.append(data)

    @property
    def text(self) -> str:
        """All visible words, blanks joined."""
        return " ".join("".join(self._words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every such tag."""
        return [attrs for name, attrs in self.tags if name == tag]


def full_run() -> tuple[Run, list[PlanRow], list[ImatchChange]]:
    """A run in which everything that can be in a report has happened."""
    titles = {
        "1201": "Dawn over the lake",
        "1202": "Fog and gulls",
        "1203": "Storm over heath",
        "1204": "Pier at dusk",
        "1205": "Old harbour",
        "1206": "Heath in bloom",
        "1207": "Test chart",
    }
    rows = {key: row(key, title) for key, title in titles.items()}
    rows["1204"] = row("1204", titles["1204"], action="delete", remote_id="5401")
    rows["1207"] = row("1207", titles["1207"], action="skip")
    other = row("1201", titles["1201"], platform="pixelfed")
    url = "https://www.flickr.com/photos/demo/54012345678/"
    full = Note(code="group_full", message="The group “Tasmania” takes 3 photos a day from you.")
    run = a_run(
        outcome(rows["1201"], url=url, remote_id="54012345678"),
        outcome(other, url="https://pixels.example/p/demo/99", remote_id="99"),
        outcome(
            rows["1202"],
            url=url,
            warnings=(full,),
            repeated=("upload: found online, not sent again",),
        ),
        outcome(
            rows["1203"],
            "failed",
            code="refused",
            message="“Storm over heath”: Flickr did not recognise the file type.",
            hint="Export it as JPEG.",
        ),
        outcome(
            rows["1204"],
            "blocked",
            code="has_engagement",
            message="“Pier at dusk” has 1 comment and 2 favourites, so it stays.",
            hint="To delete it all the same: --approve flickr:1204",
        ),
        outcome(rows["1205"], "unknown", code="unclear_act", message="Flickr did not answer."),
        outcome(rows["1206"], "untouched", code="stopped", message="The run was stopped."),
        outcome(rows["1207"], "skipped", code="not_published", message="It was never published."),
        state="stopped",
        message="The run was stopped.",
        hint="Go on with `socials resume`.",
    )
    changes = [
        ImatchChange(
            file_id="1201",
            title=titles["1201"],
            platform="flickr",
            kind="written",
            what="posted, photo_id, url",
        ),
        ImatchChange(
            file_id="1207",
            title=titles["1207"],
            platform="flickr",
            kind="left",
            what="Socials|flickr|_delete",
        ),
    ]
    return run, [*rows.values(), other], changes


def act(kind: str, target: str = "") -> Act:
    """An act of Flickr."""
    return Act(platform="flickr", kind=kind, target=target, main=True)
