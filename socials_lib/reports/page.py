"""The report as one page of HTML that needs nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from socials_lib.errors import PhotoError
from socials_lib.models import Note, Outcome, PlanRow, PlatformName, Run, State
from socials_lib.reports import words
from socials_lib.reports.imatch import ImatchChange
from socials_lib.reports.markup import esc, link, picture, pill, placeholder, sentence, text
from socials_lib.reports.style import sheet

#: So many pictures are on a page at most.
MOST_PICTURES = 500
#: Rows that need a person, in this order.
_TROUBLE: tuple[State, ...] = ("failed", "unknown", "blocked", "stale")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_VERBS = {"written": "record written", "removed": "record removed", "left": "left"}

Key = tuple[PlatformName, str]


def html(
    run: Run,
    *,
    rows: Sequence[PlanRow],
    thumbnail: Callable[[str], bytes],
    account_names: Mapping[str, str],
    changes: Sequence[ImatchChange] = (),
) -> str:
    """The page: head with counts, what needs a person, done, repeated, changes in IMatch.

    `thumbnail` gives the JPEG for an IMatch path, or raises `PhotoError` whose message are the
    words for its place; `account_names` are by platform.
    """
    page = _Page(run, rows, thumbnail)
    parts = [
        _head(run, account_names),
        page.section("Needs a look", _TROUBLE, empty="Nothing failed, nothing is unclear."),
        page.section("Done", ("done",), empty="Nothing was done."),
        page.section("Left for later", ("untouched",)),
        page.section("Skipped", ("skipped",)),
        page.repeated(),
        _imatch(changes),
        f"<footer>Made {esc(words.moment(datetime.now(UTC)))} by IMatch to Socials. The same as a"
        " table: <code>outcomes.csv</code> beside this file.</footer>",
    ]
    return _document(f"Run of {words.moment(run.started)}", "\n".join(filter(None, parts)))


def _document(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{esc(title)}</title>\n<style>{sheet()}</style></head>\n"
        f"<body><main>\n{body}\n</main></body></html>\n"
    )


# -- the head


def _head(run: Run, account_names: Mapping[str, str]) -> str:
    label, sentence = words.MODES[run.mode]
    facts = "".join(f"<dt>{esc(name)}</dt><dd>{value}</dd>" for name, value in _facts(run))
    accounts = "".join(
        f"<dt>{esc(words.PLATFORMS.get(name, name))} account</dt><dd>{text(account)}</dd>"
        for name, account in account_names.items()
    )
    lines = "".join(
        f"<li><b>{words.PLATFORMS[name]}</b>: {esc(line)}</li>"
        for name, line in words.counts(run.outcomes).items()
    )
    return (
        f'<header class="card {run.mode}"><div class="top">'
        f"<h1>Run of {esc(words.moment(run.started))}</h1>"
        f'<span class="pill {run.mode}">{label}</span> <span>{esc(sentence)}</span></div>'
        f'<dl class="facts">{facts}{accounts}</dl></header>{_trouble(run)}\n'
        f'<ul class="counts">{lines or "<li>Nothing was to be done.</li>"}</ul>'
    )


def _facts(run: Run) -> Iterator[tuple[str, str]]:
    when = f"{words.moment(run.started)} ({words.zone(run.started)})"
    if run.ended is not None:
        when += f" to {words.moment(run.ended)}, {words.duration(run)}"
    yield "When", esc(when)
    yield "How it ended", pill(*words.run_state(run))
    if run.origin:
        yield "Started from", text(run.origin)
    names = [("run", run.run), ("plan", run.plan_id)]
    shown = ", ".join(f"{word} <code>{esc(name)}</code>" for word, name in names if name)
    if shown:
        yield "Names", shown


def _trouble(run: Run) -> str:
    """Why the run did not go on, and what to do."""
    if not run.message and not run.hint:
        return ""
    tone = words.run_state(run)[0]
    return f'\n<div class="note {tone}">{_paragraphs(run.message, run.hint)}</div>'


# -- the rows


class _Page:
    """The rows of a run with their pictures; pictures are counted over all sections."""

    def __init__(
        self, run: Run, rows: Sequence[PlanRow], thumbnail: Callable[[str], bytes]
    ) -> None:
        self._run = run
        self._rows: dict[Key, PlanRow] = {row.key: row for row in rows}
        self._thumbnail = thumbnail
        self._pictures = 0

    def section(self, heading: str, states: Sequence[State], *, empty: str = "") -> str:
        """The rows that ended in these states, in the order of the states; "" if there are none.

        With `empty` the section is there without rows, too.
        """
        found = [one for state in states for one in self._run.outcomes if one.state == state]
        if not found and not empty:
            return ""
        lines = "\n".join(map(self._line, found))
        body = f'<ul class="rows">\n{lines}\n</ul>' if found else f"<p>{esc(empty)}</p>"
        return f"<section><h2>{esc(heading)} ({len(found):,})</h2>{body}</section>"

    def repeated(self) -> str:
        """What was sent again, or found online and not sent again."""
        lines = [
            f"<tr><td>{text(self._title(one))}</td><td>{words.PLATFORMS[one.platform]}</td>"
            f"<td>{text(words.repeated(line))}</td></tr>"
            for one in self._run.outcomes
            for line in one.repeated
        ]
        if not lines:
            return ""
        return (
            f"<section><h2>Repeated ({len(lines):,})</h2>"
            "<p>The answer had been lost or refused for a moment. Photos are looked for before"
            " they are sent again, so none is online twice.</p>"
            f"{_table(('Photo', 'Where', 'What'), lines)}</section>"
        )

    def _line(self, one: Outcome) -> str:
        where = " · ".join(
            filter(None, (words.PLATFORMS[one.platform], words.ACTIONS[one.action], one.name))
        )
        facts = f'<span class="mute">{text(where)} · file <code>{esc(one.file_id)}</code></span>'
        code = f' <span class="mute"><code>{esc(one.code)}</code></span>' if one.code else ""
        return (
            f"<li>{self._picture(one)}<div>"
            f'<div class="top">{text(self._title(one), "title")}</div>'
            f'<div class="top">{pill(*words.row_state(one))}{code} {facts}</div>'
            f"{_paragraphs(one.message, one.hint)}{_notes(one.warnings)}{self._link(one)}"
            "</div></li>"
        )

    def _title(self, one: Outcome) -> str:
        row = self._rows.get(one.key)
        return words.visible(row.title if row else "", one.name)

    def _link(self, one: Outcome) -> str:
        """The page of a photo that is online."""
        if one.state == "done" and one.action == "delete":
            return ""
        demo = "the demo " if self._run.mode == "demo" else ""
        made = link(one.url, f"Open on {demo}{words.PLATFORMS[one.platform]}")
        return f"<p>{made}</p>" if made else ""

    def _picture(self, one: Outcome) -> str:
        row = self._rows.get(one.key)
        if row is None:
            return placeholder("Of an earlier run")
        if self._pictures >= MOST_PICTURES:
            return placeholder(f"No picture after {MOST_PICTURES}")
        try:
            data = self._thumbnail(row.upload.path if row.upload else row.path)
        except PhotoError as error:
            return placeholder(str(error))
        except (OSError, ValueError):
            return placeholder("No preview")
        if not data.startswith(b"\xff\xd8\xff"):
            return placeholder("No preview")
        self._pictures += 1
        return picture(data, self._title(one))


def _paragraphs(*sentences: str) -> str:
    return "".join(f"<div>{sentence(one)}</div>" for one in sentences if one)


def _notes(notes: Iterable[Note]) -> str:
    return "".join(f"<div>! {sentence(note.message)}</div>" for note in notes)


def _table(heads: Sequence[str], lines: Sequence[str]) -> str:
    head = "".join(f'<th scope="col">{esc(one)}</th>' for one in heads)
    body = "\n".join(lines)
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>"


# -- IMatch


def _imatch(changes: Sequence[ImatchChange]) -> str:
    if not changes:
        return (
            "<section><h2>Changed in IMatch (0)</h2>"
            "<p>No change of a record or category is on record for this run.</p></section>"
        )
    lines = [
        f"<tr><td>{text(one.title)}</td><td><code>{esc(one.file_id)}</code></td>"
        f"<td>{esc(words.PLATFORMS[one.platform])}</td><td>{_what(one)}</td></tr>"
        for one in changes
    ]
    return (
        f"<section><h2>Changed in IMatch ({len(changes):,})</h2><details>"
        f"<summary>{esc(_in_numbers(changes))}</summary>"
        f"{_table(('Photo', 'File', 'For', 'Change'), lines)}</details></section>"
    )


def _what(one: ImatchChange) -> str:
    if one.kind == "left":
        return f"left <code>{esc(one.what)}</code>"
    return _VERBS[one.kind] + (f": {esc(one.what)}" if one.what else "")


def _in_numbers(changes: Sequence[ImatchChange]) -> str:
    """`47 records written, 2 records removed, 5 times a category left`."""
    number = {kind: sum(one.kind == kind for one in changes) for kind in _VERBS}
    parts = (
        (number["written"], f"{words.count(number['written'], 'record')} written"),
        (number["removed"], f"{words.count(number['removed'], 'record')} removed"),
        (number["left"], f"{words.count(number['left'], 'category', 'categories')} left"),
    )
    return ", ".join(said for count, said in parts if count)
