"""What a step says: its button, its forecast, how far it is, how it ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from socials_lib import plan as planning
from socials_lib.errors import AnotherRun
from socials_lib.models import Outcome, PlanRow, PlatformName, Run
from socials_lib.widgets import messages, theme, words
from socials_lib.widgets.jobs import Job
from socials_lib.widgets.messages import Message

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

#: step -> its verb, what is done then, the word before the platform
STEPS = {
    "add": ("Add", "added", "to"),
    "update": ("Update", "updated", "on"),
    "delete": ("Delete", "deleted", "from"),
}
#: step -> the actions of a plan that it carries out
ACTIONS = {
    "add": ("add",),
    "update": ("update", "metadata"),
    "delete": ("delete", "skip"),
}
_SAFE = "Nothing is sent twice."
_SEEN = {
    "public": "Everybody can see them.",
    "unlisted": "Whoever has the link can see them.",
    "friends": "Your friends can see them.",
    "family": "Your family can see them.",
    "friends+family": "Your friends and family can see them.",
    "private": "Only you can see them.",
}


def name_of(step: str, platform: PlatformName) -> str:
    """`Add to Flickr`."""
    verb, _, word = STEPS[step]
    return f"{verb} {word} {words.platform(platform)}"


def button(step: str, platform: PlatformName, count: int, hidden: int = 0) -> str:
    """`Add 37 photos to Flickr`, `… (2 hidden by the filter)`."""
    verb, _, word = STEPS[step]
    photos = words.count(count, "photo") if count else "photos"
    more = f" ({hidden} hidden by the filter)" if hidden else ""
    return f"{verb} {photos} {word} {words.platform(platform)}{more}"


def forecast(
    rows: Sequence[PlanRow], used: int, allowed: int, window: int, *, is_bound: bool = False
) -> str:
    """`37 photos · 118 calls · 214 MB · about 6 min, done about 14:32`.

    `is_bound`: the size is only known to be at most that.
    """
    made = planning.forecast(rows, used=used, allowed=allowed, window=window)
    parts = [words.count(made.photos, "photo"), words.count(made.calls, "call")]
    most = "at most " if is_bound else ""
    parts += [f"{most}{words.size(made.bytes)}"] if made.bytes else []
    return " · ".join([*parts, words.rest(made.seconds)])


def kinds(rows: Iterable[PlanRow]) -> str:
    """For the update step: `3 get picture and text, 9 text only`."""
    rows = tuple(rows)
    both = sum(planning.bytes_of(row) > 0 for row in rows)
    parts = [f"{both:,} get picture and text"] if both else []
    if len(rows) > both:
        parts.append(f"{len(rows) - both:,} text only")
    return ", ".join(parts)


def budget(calls: int, used: int, allowed: int, window: int) -> str:
    """`Calls this hour 412 of 3,000: enough.`"""
    span = "hour" if window >= 3600 else "minute"
    left = max(0, allowed - used)
    verdict = "enough" if calls <= left else "not enough at once; the run waits by itself"
    return f"Calls this {span} {used:,} of {allowed:,}: {verdict}."


def question(step: str, platform: PlatformName, rows: Sequence[PlanRow], account: str) -> str:
    """What is asked before anything is sent to a real account."""
    photos, service = words.count(len(rows), "photo"), words.platform(platform)
    if step == "add":
        seen = {row.text.visibility for row in rows if row.text}
        who = _seen_by(seen.pop(), platform) if len(seen) == 1 else ""
        return f"Send {photos} to the real {service} account “{account}”? {who}".strip()
    both = sum(planning.bytes_of(row) > 0 for row in rows)
    more = ""
    if both:
        gets = "gets a new picture" if both == 1 else "get a new picture"
        more = f" {both:,} {gets}; picture links on other sites break."
    return f"Change {photos} on the real {service} account “{account}”?{more}"


def _seen_by(visibility: str, platform: PlatformName) -> str:
    if (visibility, platform) == ("private", "pixelfed"):
        return "Your followers can see them."
    return _SEEN.get(visibility, "")


def yes(step: str, count: int) -> str:
    """`Yes, add 37 photos`."""
    return f"Yes, {STEPS[step][0].lower()} {words.count(count, 'photo')}"


# -- while it goes on


_DOING = {"add": "sending", "update": "updating", "delete": "deleting"}


def progress(job: Job) -> str:
    """`18 of 37 · 2 failed · 6 a minute`."""
    parts = [f"{job.done:,} of {job.total:,}"]
    parts += [f"{job.failed:,} failed"] if job.failed else []
    parts += [words.rate(job.rate)] if job.rate and job.done > 1 else []
    return " · ".join(parts)


def at_work(job: Job) -> str:
    """`about 3 min left · sending “Heath in bloom”, 64 %`, as markup."""
    sent = f", {words.percent(job.sent, job.size)}" if job.size else ""
    if job.state == "stopping":
        after = f" after {theme.quoted(job.title)}{f' ({sent[2:]} sent)' if sent else ''}"
        return f"Stopping{after if job.title else ''}…"
    if job.state == "waiting":
        until = f" Going on by itself at {words.clock(job.until)}." if job.until else ""
        return f"… {theme.esc(job.why.capitalize())}.{until}"
    rest = job.rest if job.done > 1 else None
    parts = [f"{words.duration(rest)} left"] if rest is not None else []
    doing = _DOING.get(job.step, "working on")
    parts += [f"{doing} {theme.quoted(job.title)}{sent}"] if job.title else []
    return " · ".join(parts)


# -- how it ended


def counted(outcomes: Iterable[Outcome], *, done: str = "") -> str:
    """`35 added, 2 failed`; `done` replaces the word of what went well."""
    named = Counter(ended_word(one, done) for one in outcomes)
    order = {word: place for place, word in enumerate(_ORDER)}
    found = sorted(named.items(), key=lambda one: order.get(one[0], 0))
    return ", ".join(f"{n:,} {word}" for word, n in found) or "nothing to do"


_ORDER: tuple[str, ...] = (
    "added",
    "updated",
    "posted again",
    "deleted",
    "tidied",
    "not deleted",
    "changed since",
)
_ORDER += ("unclear", "failed", "not started")
_DONE = {"add": "added", "update": "updated", "metadata": "updated", "delete": "deleted"}
_DONE |= {"repost": "posted again", "skip": "tidied", "none": "tidied"}
_ENDED = {
    "failed": "failed",
    "unknown": "unclear",
    "stale": "changed since",
    "untouched": "not started",
    "skipped": "tidied",
}


def ended_word(one: Outcome, done: str = "") -> str:
    """`added`, `failed`, …: one word for how a row ended."""
    if one.state == "done":
        was_gone = any(note.code == "already_gone" for note in one.warnings)
        return "tidied" if was_gone else done or _DONE[one.action]
    if one.state == "blocked":
        return "not deleted" if one.action in ("delete", "repost") else "blocked"
    return _ENDED[one.state]


def done_line(job: Job) -> str:
    """`✓ Done 14:31. 35 added, 2 failed.`"""
    run = job.run
    when = words.clock(job.ended or job.started)
    sign, word = {"stopped": ("■", "Stopped"), "failed": ("✕", "Stopped")}.get(
        job.state, ("✓", "Done")
    )
    return f"{sign} {word} {when}. {counted(run.outcomes if run else ()).capitalize()}."


def end_message(wb: Workbench, job: Job) -> Message | None:
    """The message that stands there once a run has ended; None if all went well."""
    if isinstance(job.error, AnotherRun):
        return other_run(wb) or messages.from_error(job.error)
    if job.error is not None:
        return messages.from_error(job.error)
    run = job.run
    if run is None:
        return messages.note("There is nothing left to do.", tone="ok")
    if run.state in ("stopped", "halted"):
        return _stopped(wb, job, run)
    return _unclear(run) or _full(run) or _stale(run)


def _unclear(run: Run) -> Message | None:
    """M26 for the first photo of which nobody knows whether it arrived."""
    one = next((one for one in run.outcomes if one.state == "unknown"), None)
    if one is None:
        return None
    return messages.say("M26", platform=words.platform(one.platform), title=one.name)


def _full(run: Run) -> Message | None:
    """The account takes no more photos."""
    left = [one for one in run.outcomes if one.code == "account_full"]
    if not left:
        return None
    service = words.platform(left[0].platform)
    done = sum(one.state == "done" for one in run.outcomes)
    fact = f"Your {service} account is full. {done:,} added, {len(left):,} not started."
    return messages.note(fact, "Updates and deletes still work.", tone="err")


def _stopped(wb: Workbench, job: Job, run: Run) -> Message | None:
    left = wb.left_of(run).left
    if run.state == "stopped":
        if not left:
            return None
        done = sum(one.state == "done" for one in run.outcomes)
        word = STEPS[job.step][1] if job.step in STEPS else "done"
        title = job.last_title or "–"
        return messages.say("M35", title=title, done=done, word=word, left=f"{left:,}")
    return _halted(run, job, left)


def _halted(run: Run, job: Job, left: int) -> Message:
    """Trouble of the whole run, in the words of the table where it has some."""
    platform: PlatformName = next((one.platform for one in run.outcomes), "flickr")
    service = words.platform(platform)
    if run.stopped_by == "breaker":
        return messages.say("M34", platform=service, left=f"{left:,}", details=run.hint)
    if run.stopped_by == "imatch_unreachable":
        online = sum(
            bool(one.remote_id) and one.action == "add"
            for one in run.outcomes
            if (one.state not in ("done", "untouched"))
        )
        safe = f"{online:,} id is" if online == 1 else f"{online:,} ids are"
        return messages.say("M5", photos=words.count(left, "photo"), ids=safe)
    if run.stopped_by == "unreachable":
        tried = words.duration(job.trying).removeprefix("about ")
        return _unreachable(run, service, tried)
    hint = run.hint if _SAFE in run.hint else f"{run.hint} {_SAFE}".strip()
    made = messages.note(run.message, hint, tone="err")
    return replace(made, buttons=(*(("Sign in here",) if _is_sign_in(run) else ()), "Go on"))


def _unreachable(run: Run, service: str, tried: str) -> Message:
    """M14; the photo that was on its way when the line broke is looked for first."""
    done = sum(one.state == "done" for one in run.outcomes)
    unclear = sum(one.state == "unknown" for one in run.outcomes)
    ready = f"{done:,} {'is' if done == 1 else 'are'}"
    rest = f"{sum(one.state == 'untouched' for one in run.outcomes):,}"
    made = messages.say("M14", platform=service, time=tried, done=ready, left=rest)
    if not unclear:
        return made
    these = (
        "one photo is unclear and is" if unclear == 1 else f"{unclear:,} photos are unclear and are"
    )
    hint = f"{these.capitalize()} looked for first. {made.hint_template}"
    return replace(made, hint_template=hint)


def _is_sign_in(run: Run) -> bool:
    return run.stopped_by in ("signed_out", "rights_too_small")


def _stale(run: Run) -> Message | None:
    stale = [one for one in run.outcomes if one.state == "stale"]
    if not stale:
        return None
    more = f" {len(stale) - 1:,} more as well." if len(stale) > 1 else ""
    made = messages.note(
        f"{stale[0].message}{more}", "[Plan again] shows the new state.", tone="warn"
    )
    return replace(made, buttons=("Plan again",))


def other_run(wb: Workbench) -> Message | None:
    """M27 with the numbers of the run that another process carries out; None if there is none."""
    other = wb.other_run()
    if other is None:
        return None
    numbers = f", {other.done:,} of {other.total:,}" if other.total else ""
    since = words.moment(other.since) if other.since else words.DASH
    return messages.say("M27", origin=other.origin, since=since, progress=numbers)


def open_run(wb: Workbench, run: Run) -> Message:
    """M25: a run that did not end."""
    left = wb.left_of(run)
    services = " and ".join(words.platform(one) for one in left.platforms) or "Flickr"
    made = messages.say(
        "M25",
        when=words.moment(run.started),
        done=f"{left.done:,}",
        unclear=f"{left.unclear:,}",
        left=f"{left.not_started:,}",
        platform=services,
    )
    return made if left.unclear == 1 else replace(made, hint_template=_looked_for(left.unclear))


def not_yet(why: str) -> Message:
    """A run that did not end cannot be finished at this moment; the button stays."""
    made = messages.note(f"Not yet: {why}.", "The run waits. Try it again then.", tone="warn")
    return replace(made, buttons=("Finish this run", "Show it"))


def _looked_for(unclear: int) -> str:
    """What happens to photos of which nobody knows, if there is not just one."""
    if not unclear:
        return "Nothing is sent twice; the others go as you approved them then."
    return "The unclear photos are looked for on {platform} first; nothing is sent twice."
