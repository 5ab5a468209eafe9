"""A plan as text for people, and the question before it is carried out.

Decisions 2026-11-22
    - What cannot be taken back comes first: deletes, then what is held back, what is warned of,
      updates, adds.  Deletes are listed whatever their number: nobody agrees to what was not shown.
    - A row that is held back is `blocked`, with the words and the way out that validation has.
    - A row that is skipped sends nothing, so the forecast leaves it out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from socials_lib import plan as planning
from socials_lib import validation
from socials_lib.cli.words import cut, photos
from socials_lib.models import Plan, PlanRow, PlatformName, Problem

#: What a row is called in selections: platform and file id.
Key = tuple[PlatformName, str]

_APART = {"suggested": "suggested", "skip": "skipped"}
_GOES = ("delete", "repost")
_ORDER = ("update", "metadata", "add", "skip", "none")
_NOT = {"add": "not added", "update": "not updated", "metadata": "texts not updated"}
_NOT |= {"delete": "not deleted", "repost": "not reposted"}
_SKIPPED = (
    "   skipped: marked for deletion, but not online; it only leaves its categories in IMatch"
)
_MEND = (
    "Held back: mend them in “2 Fix” of the notebook 01_sync (`socials lab`) or in IMatch, then"
    ' plan again; in `--json` they have "blocked": true.'
)
#: So many rows are listed besides the deletes; the rest is counted.
MOST_LINES = 40


def plan(
    plan: Plan,
    *,
    released: Collection[Key] = (),
    waiting: Collection[Key] = (),
    answers: Mapping[Key, str] | None = None,
    is_brief: bool = False,
) -> str:
    """Counts that add up, then the rows.

    `released` are carried out by the person's word, `waiting` lack it; `answers` is what people
    left under a photo, as far as known.  `is_brief` leaves out how to mend what is held back.
    """
    lines = [f"Plan {plan.plan_id}, {plan.mode.upper()}"]
    lines += [f"! {warning}" for warning in plan.warnings]
    counted = planning.summary(plan)
    lines += [_counts(name, counts) for name, counts in counted.items()]
    lines += [_SKIPPED] if any(counts["skip"] for counts in counted.values()) else []
    lines += [_forecast(name, plan) for name in plan.accounts if _sent(name, plan)]
    rows = [row for row in plan.rows if row.action != "none" or row.blocked]
    rows.sort(key=lambda row: _rank(row, released))
    gone = sum(not _rank(row, released) for row in rows)
    shown, rest = rows[: gone + MOST_LINES], rows[gone + MOST_LINES :]
    for row in shown:
        kind = _kind(row, released)
        if kind == "blocked":
            lines += _blocked_lines(row, is_brief=is_brief)
        else:
            lines.append(_line(row, released, row.key in waiting, (answers or {}).get(row.key, "")))
    lines += [_elided(rest, released)] if rest else []
    lines += (
        [_MEND] if not is_brief and any(_kind(row, released) == "blocked" for row in rows) else []
    )
    lines += [] if rows else ["Nothing is pending."]
    return "\n".join(lines)


def question(todo: Sequence[PlanRow], mode: str) -> str:
    """What a person on the terminal is asked before anything is sent."""
    sent = [row for row in todo if row.action != "skip"]
    gone = [row for row in todo if row.action in _GOES]
    is_one = len({row.platform for row in todo}) == 1
    said = [photos(len({row.file_id for row in sent}))]
    said += [] if is_one else [f": {', '.join(_on(sent))}"]
    said += [f", {len(todo) - len(sent):,} skipped"] if len(sent) < len(todo) else []
    leaving = photos(len(gone)) if is_one else " and ".join(_on(gone))
    said += [f" ({leaving} would leave for good)"] if gone else []
    where = "the real accounts" if mode == "live" else "the practice world"
    return f"Carry this out on {where}, {''.join(said)}? [y/N] "


def _on(rows: Iterable[PlanRow]) -> list[str]:
    """`54 on Flickr`, `38 on Pixelfed`."""
    counts = Counter(row.platform for row in rows)
    return [f"{n:,} on {name.capitalize()}" for name, n in sorted(counts.items())]


def _sent(platform: str, plan: Plan) -> list[PlanRow]:
    """The rows of which the platform will hear."""
    todo = planning.to_do(plan.rows)
    return [row for row in todo if row.platform == platform and row.action != "skip"]


def _forecast(platform: str, plan: Plan) -> str:
    """`Flickr: 37 photos, at most 118 calls, 214 MB, about 6 min`."""
    made = planning.forecast(_sent(platform, plan))
    size = f", {made.bytes / planning.MEGABYTE:,.1f} MB" if made.bytes else ""
    minutes = max(1, round(made.seconds / 60))
    return (
        f"{platform.capitalize()}: {photos(made.photos)}, at most {made.calls:,} calls{size},"
        f" about {minutes:,} min"
    )


def _counts(platform: str, counts: Mapping[str, int]) -> str:
    """`Flickr: 75 pending = 35 add + 40 blocked    (1 skipped)`; rows that do nothing are none."""
    active = {word: n for word, n in counts.items() if n and word not in (*_APART, "none")}
    terms = " + ".join(f"{n:,} {word}" for word, n in active.items()) or "0"
    apart = [f"{counts[word]:,} {name}" for word, name in _APART.items() if counts.get(word)]
    line = f"{platform.capitalize()}: {sum(active.values()):,} pending = {terms}"
    return line + (f"    ({', '.join(apart)})" if apart else "")


def _kind(row: PlanRow, released: Collection[Key]) -> str:
    """The word of a row: what is done with it, or that it is held back."""
    return "blocked" if row.blocked and row.key not in released else row.action


def _rank(row: PlanRow, released: Collection[Key]) -> int:
    """The place in the listing, 0 for what leaves for good."""
    kind = _kind(row, released)
    if kind in _GOES:
        return 0
    if kind == "blocked":
        return 1
    if row.suggested and row.key not in released:
        return 3 + len(_ORDER)
    return 2 if row.problems else 3 + _ORDER.index(row.action)


def _elided(rows: Iterable[PlanRow], released: Collection[Key]) -> str:
    """`… and 98 more: 60 add, 38 metadata`."""
    counts = Counter(_kind(row, released) for row in rows)
    kinds = ", ".join(f"{n:,} {kind}" for kind, n in counts.items())
    all_of_them = "`socials plan --json` or `--out FILE` has all"
    return f"   … and {counts.total():,} more: {kinds} ({all_of_them})"


def _head(row: PlanRow, kind: str) -> str:
    return f"   {row.platform:<9} {kind:<9} {row.file_id:>8}  {cut(row.title)}"


def _line(row: PlanRow, released: Collection[Key], waits: bool, answers: str) -> str:
    """A row that is or could be carried out, with what there is to know about it."""
    notes = [
        "waits for --approve-deletes" if waits else "",
        answers and f"{answers} when last listed",
        "suggested" if row.suggested and row.key not in released else "",
        _listed(row.problems),
    ]
    said = ", ".join(filter(None, notes))
    return _head(row, row.action) + (f"  ! {said}" if said else "")


def _blocked_lines(row: PlanRow, *, is_brief: bool) -> Iterator[str]:
    """A row that is held back, what was found and what helps."""
    stopping = [one for one in row.problems if one.severity == "error"]
    what = f"{_NOT[row.action]}: " if row.action in _NOT else ""
    yield f"{_head(row, 'blocked')}  ✕ {what}{_listed(stopping) or row.reason}"
    if not is_brief:
        yield from _ways_out(stopping)


def _listed(problems: Iterable[Problem]) -> str:
    return ", ".join(dict.fromkeys(map(validation.words_for, problems)))


def _ways_out(problems: Sequence[Problem]) -> Iterator[str]:
    """Each once; of several problems it says which one it is about."""
    for one in dict.fromkeys(problems):
        found = ". ".join(filter(None, (validation.details_for(one), one.suggestion)))
        about = f"{validation.words_for(one)}: " if len(problems) > 1 else ""
        if found:
            yield f"             {about}{found}"
