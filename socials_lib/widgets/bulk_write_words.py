"""What is said before, during and after writing into IMatch; pure."""

from __future__ import annotations

from collections.abc import Sequence

from socials_lib import bulk
from socials_lib.bulk import Cell
from socials_lib.journal import ChangeSetRun, StoredCell
from socials_lib.widgets import messages, theme, words
from socials_lib.widgets.bulk_parts import label, shown_value, what_changes

#: State of a stored cell -> its sign, words and tone, where it is not plain success.
CELL_STATES = {
    "planned": (theme.STOPPED, "Not started", ""),
    "written": (theme.UNCLEAR, "Unclear", "warn"),
    "verified": (theme.DONE, "Written", "ok"),
    "same": (theme.DONE, "Was there already", "ok"),
    "undone": (theme.DONE, "Put back", "ok"),
    "conflict": (theme.CHANGED, "Changed since", "warn"),
    "failed": (theme.FAILED, "Failed", "err"),
    "differs": (theme.FAILED, "Not kept", "err"),
}
_BAD = ("conflict", "failed", "differs")
_MOST = 100


def button(cells: Sequence[Cell]) -> str:
    """`Write 38 headlines to IMatch…`."""
    return f"Write {what_changes(cells)} to IMatch…" if cells else "Write values to IMatch…"


def question(cells: Sequence[Cell]) -> str:
    """`Write 38 headlines to IMatch? Old values are kept; 04_history can put them back.`"""
    return (
        f"Write {what_changes(cells)} to IMatch? Old values are kept; 04_history can put them back."
    )


def done_line(run: ChangeSetRun, *, verb: str = "written") -> str:
    """`1,000 written and read back. 4 have changed since and stay.`"""
    counts = run.counts
    parts = [f"{words.number(counts.get('verified', 0))} {verb} and read back"]
    if counts.get("same"):
        parts.append(f"{words.number(counts['same'])} were there already")
    if counts.get("failed"):
        parts.append(f"{words.number(counts['failed'])} failed")
    line = ", ".join(parts) + "."
    conflicts = counts.get("conflict", 0)
    if conflicts:
        stay = "has changed since and stays" if conflicts == 1 else "have changed since and stay"
        line += f" {words.number(conflicts)} {stay}."
    return line


def ended(run: ChangeSetRun) -> messages.Message | None:
    """What stopped it, if anything did: M31, the person, or IMatch."""
    if run.state == "halted":
        bad = next((one for one in run.cells if one.state == "differs"), None)
        return not_kept(run, bad) if bad is not None else _halted(run)
    if run.state == "stopped":
        fact = f"{run.message} Nothing is half done."
        return _with(messages.note(fact, tone="warn"), f"Go on with the {run.left:,}", "Leave it")
    return None


def not_kept(run: ChangeSetRun, bad: StoredCell) -> messages.Message:
    """M31."""
    written = sum(run.counts.get(one, 0) for one in ("verified", "differs"))
    return messages.say(
        "M31",
        field=bulk.FIELDS[bad.field].label,
        title=bad.title,
        wrote=shown_value(bad.new),
        reads=shown_value(bad.found),
        done=words.number(len(run.cells) - run.left),
        total=words.number(len(run.cells)),
        values=words.count(written, "value"),
    )


def _halted(run: ChangeSetRun) -> messages.Message:
    made = messages.note(run.message, run.hint, tone="err")
    return _with(made, f"Go on with the {run.left:,}", "Leave it") if run.left else made


def _with(message: messages.Message, *buttons: str) -> messages.Message:
    from dataclasses import replace

    return replace(message, buttons=buttons)


def open_set(run: ChangeSetRun) -> messages.Message:
    """M25 for a writing that did not end."""
    when, did = words.moment(run.started), "Putting back" if run.undoes else "Writing"
    done = sum(count for state, count in run.counts.items() if state not in ("planned", "written"))
    unclear = run.counts.get("written", 0)
    unsure = f", {unclear:,} unclear" if unclear else ""
    fact = (
        f"{did} {words.quoted(run.words)} of {when} did not end: {done:,} done{unsure},"
        f" {run.counts.get('planned', 0):,} not started."
    )
    hint = "What is unclear is looked up in IMatch first; nothing is written twice."
    return _with(messages.note(fact, hint, tone="warn"), "Finish it", "Show it")


def cells_html(cells: Sequence[StoredCell], *, only_bad: bool = True) -> str:
    """The cells that did not go as planned, or all: photo, field, values, reason."""
    shown = [one for one in cells if one.state in _BAD or not only_bad]
    if not shown:
        return ""
    over = len(shown) - _MOST
    more = f"<li>and {over:,} more</li>" if over > 0 else ""
    return f"<ul>{''.join(map(_cell, shown[:_MOST]))}{more}</ul>"


def _cell(one: StoredCell) -> str:
    sign, word, tone = CELL_STATES.get(one.state, (theme.UNCLEAR, one.state, ""))
    values = f"{shown_value(one.old)} → {shown_value(one.new)}"
    why = f" {theme.esc(one.message)}" if one.message else ""
    return (
        f"<li>{theme.pill(sign, word, tone)} {theme.quoted(one.title)} "
        f'<span class="mute">{theme.esc(label(one.field))}</span> {theme.text(values)}{why}</li>'
    )
