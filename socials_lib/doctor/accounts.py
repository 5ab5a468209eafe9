"""The accounts: who is signed in, what the token may do, what the service allows, what is left."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from socials_lib.credentials import PARTS
from socials_lib.doctor.patient import Patient, failed
from socials_lib.errors import SocialsError
from socials_lib.models import AccountFacts, Check, PlatformName
from socials_lib.platforms.base import PoolFacts

#: A token that ends within this is worth a word.
SOON = timedelta(days=30)
#: A free account that has fewer photos left than this, is nearly full.
NEARLY_FULL = 25
#: Posts that take no more edits than this are named.
FEW_EDITS = 2
#: Pixelfed versions whose answers were studied; the first that takes edits of posts.
_FIRST_WITH_EDITS, _NEWEST_KNOWN = (0, 11, 8), (0, 14, 1)
#: Keys and addresses that IMatch's variables may hold.
_IN_IMATCH = frozenset(
    {"pixelfed_url"} | {key for keys in PARTS.values() for key, names in keys.items() if names}
)
_EVERY = {"day": "a day", "week": "a week", "month": "a month"}


def account_checks(patient: Patient, name: PlatformName, *, is_set_up: bool) -> Iterator[Check]:
    """All lines of one platform."""
    title = name.capitalize()
    if not is_set_up:
        yield _not_set_up(name, title, patient.missing(name))
        return
    try:
        facts = patient.account(name)
    except SocialsError as error:
        yield failed(name, title, error)
        return
    yield Check(group=name, name=title, state="ok", found=_who(facts))
    if name == "flickr":
        yield _flickr_rights(facts)
        yield _photos_left(facts)
        yield _limits(facts)
        yield from _groups(patient)
    else:
        yield from _pixelfed_rights(facts)
        yield _version(facts)
        yield _limits(facts)
        yield from _edits(patient)


def _not_set_up(name: PlatformName, title: str, lacking: Sequence[str]) -> Check:
    """Nothing at all is a choice; a key or a server without a sign-in was left half way."""
    if not is_begun(lacking):
        return Check(
            group=name,
            name=title,
            state="ok",
            found=f"not set up (missing: {', '.join(lacking)})",
            hint=f"If you want to publish on {title}: the list in 00_start_here says what to create"
            " in IMatch; then sign in there.",
        )
    has = "the key is there" if name == "flickr" else "the server is known"
    return Check(
        group=name,
        name=title,
        state="warning",
        found=f"{has}, but nobody is signed in",
        hint=f"Sign in to {title} in the notebook 00_start_here, if you want to publish there.",
    )


def is_begun(lacking: Iterable[str]) -> bool:
    """True if at least the key or the server of a platform is there, signed in or not."""
    return {"flickr_apikey", "flickr_apisecret", "pixelfed_url"}.isdisjoint(lacking)


def is_unsure(lacking: Sequence[str]) -> bool:
    """True if what a platform lacks may lie in IMatch; for when IMatch cannot be asked."""
    return not _IN_IMATCH.isdisjoint(lacking)


def not_known(group: str, name: str) -> Check:
    """Nobody can tell now whether there is a sign-in."""
    return Check(
        group=group,
        name=name,
        state="warning",
        found="not known: keys may be in IMatch, which does not answer",
        hint="Start IMatch and open your database, then look again.",
    )


def nobody_set_up() -> Check:
    """No platform at all: there is nothing this program could do."""
    return Check(
        group="accounts",
        name="Accounts",
        state="failed",
        found="neither Flickr nor Pixelfed is set up",
        hint="Sign in to at least one of them in the notebook 00_start_here.",
    )


def _who(facts: AccountFacts) -> str:
    details = facts.details
    words = [f"signed in as {facts.account.name}"]
    if details.get("upload_count") is not None:
        words.append(f"{details['upload_count']:,} photos")
    if details.get("version"):
        words.append(f"server {details['version']}")
    return ", ".join(words)


# -- Flickr


def _flickr_rights(facts: AccountFacts) -> Check:
    details = facts.details
    may = bool(details.get("can_delete"))
    return Check(
        group="flickr",
        name="Flickr rights",
        state="ok" if may else "warning" if details.get("can_write") else "failed",
        found="may add, change and delete" if may else f"may only {details.get('perms')}",
        hint="" if may else "Sign in again and allow deleting, or deletes will wait.",
    )


def _photos_left(facts: AccountFacts) -> Check:
    """Free accounts have room for a number of photos; Flickr names it only for them."""
    most, used = facts.details.get("upload_limit"), facts.details.get("upload_count") or 0
    if not most:
        who = "Pro account: no limit" if facts.details.get("pro") else "no limit told"
        return Check(group="flickr", name="Photos left", state="ok", found=who)
    left = max(0, most - used)
    state = facts.details.get("upload_limit_status") or "below_limit"
    is_fine = left >= NEARLY_FULL and state == "below_limit"
    return Check(
        group="flickr",
        name="Photos left",
        state="ok" if is_fine else "warning",
        found=f"{left:,} of {most:,} ({used:,} used)",
        hint="" if is_fine else "Beyond it Flickr refuses uploads: delete some, or go Pro.",
    )


def _groups(patient: Patient) -> Iterator[Check]:
    try:
        pools = tuple(patient.pools())
    except SocialsError as error:
        yield failed("flickr", "Flickr groups", error)
        return
    if not pools:
        return
    closed = [one for one in pools if one.problem or not one.is_member or one.mode == "disabled"]
    yield Check(
        group="flickr",
        name="Flickr groups",
        state="warning" if closed else "ok",
        found="; ".join(_group(one) for one in pools),
        hint=f"They take no photo of yours: {', '.join(one.name for one in closed)}. Join them, or"
        " delete their categories."
        if closed
        else "",
        copy="\n".join(one.group_id for one in closed),
    )


def _group(one: PoolFacts) -> str:
    """`Daily three: 1 of 3 a day left, moderated`."""
    if one.problem:
        return f"{one.name}: {one.problem}"
    words = "no limit"
    if one.mode in _EVERY and one.count is not None:
        left = one.count if one.remaining is None else one.remaining
        words = f"{left:,} of {one.count:,} {_EVERY[one.mode]} left"
    elif one.mode not in ("", "none"):
        words = "closed" if one.mode == "disabled" else f"throttle {one.mode}"
    words += ", moderated" if one.is_moderated else ""
    return f"{one.name}: {words}{'' if one.is_member else ', not a member'}"


# -- Pixelfed


def _pixelfed_rights(facts: AccountFacts) -> Iterator[Check]:
    details = facts.details
    may = details.get("can_write", True)
    scopes = ", ".join(str(one) for one in details.get("scopes") or ())
    yield Check(
        group="pixelfed",
        name="Pixelfed rights",
        state="ok" if may else "failed",
        found=("may read and write" if may else "may only read")
        + (f" (scopes: {scopes})" if scopes else ""),
        hint="" if may else "Make a new token with read and write.",
    )
    if isinstance(details.get("token_ends"), str):
        yield _token_end(datetime.fromisoformat(details["token_ends"]))


def _token_end(ends: datetime) -> Check:
    left = ends - datetime.now(UTC)
    return Check(
        group="pixelfed",
        name="Pixelfed token",
        state="ok" if left > SOON else "warning",
        found=f"ends {ends.day} {ends:%B %Y}",
        hint="" if left > SOON else "Make a new one with read and write in good time.",
    )


def _version(facts: AccountFacts) -> Check:
    """What this server can do, by its version (`facts/pixelfed.md` 13)."""
    said = str(facts.details.get("version") or "")
    numbers = tuple(int(one) for one in re.findall(r"\d+", said)[:3])
    found, hint = f"{said}: edits of posts and alt texts", ""
    if not numbers:
        found, hint = f"{said or 'not told'}: taken for a newer one", "Write it into a bug report."
    elif numbers < _FIRST_WITH_EDITS:
        found = f"{said}: no edits of posts"
        hint = "Before 0.11.8 a post cannot be changed: only new posts and deletes work."
    elif numbers > _NEWEST_KNOWN:
        found, hint = f"{said}: newer than what was tried", "If something is odd, report it."
    return Check(
        group="pixelfed",
        name="Pixelfed version",
        state="warning" if hint else "ok",
        found=found,
        hint=hint,
    )


def _edits(patient: Patient) -> Iterator[Check]:
    try:
        left = patient.edits_left()
    except SocialsError as error:
        yield failed("pixelfed", "Pixelfed edits", error)
        return
    few = sorted((count, post) for post, count in left.items() if count <= FEW_EDITS)
    if not left:
        return
    words = "; ".join(f"post {post}: {count}" for count, post in few[:5])
    yield Check(
        group="pixelfed",
        name="Pixelfed edits",
        state="warning" if few else "ok",
        found=f"few edits left: {words}" + ("; …" if len(few) > 5 else "")
        if few
        else f"{min(left.values())} or more left for each of {len(left):,} marked for a change",
        hint="Pixelfed takes nine edits of a post: change those texts once, and rightly."
        if few
        else "",
        copy="\n".join(post for _, post in few),
    )


# -- both


def _limits(facts: AccountFacts) -> Check:
    limits = facts.limits
    words = [f"{limits.max_bytes / 1_048_576:,.1f} MB a picture", "/".join(limits.formats)]
    if limits.max_caption:
        words.append(f"{limits.max_caption:,} letters")
    if limits.max_tags:
        words.append(f"{limits.max_tags} tags")
    return Check(
        group=facts.platform,
        name=f"{facts.platform.capitalize()} limits",
        state="ok",
        found=", ".join(words),
    )
