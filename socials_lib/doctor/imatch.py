"""IMatch: does it answer, and is everything there that only a person can create."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from socials_lib import validation
from socials_lib.credentials import PARTS
from socials_lib.doctor.patient import Patient, failed
from socials_lib.errors import SocialsError
from socials_lib.models import COLUMNS, PLATFORMS, Check, PlatformName, id_order, root_category
from socials_lib.settings import TESTING_VARIABLE
from socials_lib.settings.keys import VARIABLES

ACTION_LEAVES = ("_update", "_metadata", "_delete")
#: Records of so many photos are looked at to see which columns hold values.
_PROBES = 100


def imatch_checks(patient: Patient) -> Iterator[Check]:
    """Does IMatch answer, at that address, for this user; and which IMatch it is."""
    address = patient.imatch_url.removeprefix("http://")
    try:
        files = patient.library.below("Socials")
    except SocialsError as error:
        yield failed("imatch", "IMatch answers", error)
        return
    count = len(files or ())
    words = f"{count:,} photo{'' if count == 1 else 's'} in Socials"
    if files is None:
        words = "there is no category Socials yet"
    yield Check(group="imatch", name="IMatch answers", state="ok", found=f"{address}, {words}")
    yield Check(group="imatch", name="IMatch version", state="ok", found=imatch_version(patient))


def imatch_version(patient: Patient) -> str:
    """As far as the web service tells it: no call for it is known."""
    try:
        described = patient.library.discover()
    except SocialsError:
        described = None
    for name in ("version", "imatchVersion", "productVersion"):
        told = (described or {}).get(name)
        if isinstance(told, str | int | float) and str(told).strip():
            return str(told).strip()[:60]
    return "not told by its web service (in IMatch: Help > About)"


def variable_checks(patient: Patient) -> Iterator[Check]:
    """Which variables are set, by name; the values stay where they are."""
    secret = (one for parts in PARTS.values() for one in _first(parts))
    names = sorted({*VARIABLES.values(), *secret})
    try:
        found = [name for name in names if patient.library.variable(name) is not None]
        testing = str(patient.library.variable(TESTING_VARIABLE) or "0").strip() != "0"
    except SocialsError as error:
        yield failed("imatch", "Variables", error)
        return
    absent = [name for name in names if name not in found]
    words = f"set in IMatch: {', '.join(found)}" if found else "none is set in IMatch"
    words += f"; not set: {', '.join(absent)}" if found and absent else ""
    yield Check(group="imatch", name="Variables", state="ok", found=words, copy="\n".join(absent))
    if testing:
        yield Check(
            group="imatch",
            name="Dry run",
            state="warning",
            found=f"{TESTING_VARIABLE} = 1: nothing is ever sent",
            hint="Set that variable to 0 in IMatch to carry plans out.",
            copy=TESTING_VARIABLE,
        )


def _first(parts: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """One spelling of each variable that may hold a secret."""
    return (names[0] for names in parts.values() if names)


def setup_checks(
    patient: Patient, set_up: Sequence[PlatformName], begun: Sequence[PlatformName] = ()
) -> Iterator[Check]:
    """Categories, error leaves, attribute sets with their columns, albums and groups.

    Looked at is what is `set_up` or `begun`, else both; only what is set up can fail.
    """
    names = tuple(one for one in PLATFORMS if one in (*set_up, *begun)) or PLATFORMS
    wanted = {path: name for name in names for path in required_paths(name)}
    leaves = [path for name in names for path in validation.leaf_paths(name)]
    try:
        setup = patient.library.setup([*wanted, *leaves], names)
    except SocialsError as error:
        yield failed("imatch", "Categories", error)
        return
    for path in wanted:
        if not setup.categories.get(path):
            yield _softened(_missing_category(path, setup.similar), wanted[path], set_up)
    if all(setup.categories.get(path) for path in wanted) and wanted:
        yield Check(group="imatch", name="Categories", state="ok", found=f"all {len(wanted)} exist")
    yield from _leaves(leaves, setup.categories)
    for name in names:
        yield _softened(_attribute_set(patient, name, setup.sets.get(name)), name, set_up)
    if "flickr" in set_up:
        yield from _albums_and_groups(patient)


def _softened(check: Check, name: PlatformName, set_up: Sequence[PlatformName]) -> Check:
    """Before the sign-in nothing has failed: perhaps the platform is not wanted at all."""
    if check.state != "failed" or name in set_up:
        return check
    hint = f"{check.hint} Leave it out if you do not use {name.capitalize()}."
    return replace(check, state="warning", hint=hint)


def required_paths(name: PlatformName) -> tuple[str, ...]:
    """The categories a platform needs: itself and the three action categories."""
    root = root_category(name)
    return (root, *(f"{root}|{leaf}" for leaf in ACTION_LEAVES))


def _missing_category(path: str, similar: Mapping[str, str]) -> Check:
    near = similar.get(path)
    parent = path.rpartition("|")[0]
    return Check(
        group="imatch",
        name="Category missing",
        state="failed",
        found=path,
        hint=f"Rename `{near}`: upper and lower case count."
        if near
        else f"Create it in IMatch under `{parent}`; no program can.",
        copy=path,
    )


def _leaves(leaves: Sequence[str], exists: Mapping[str, bool]) -> Iterator[Check]:
    if not leaves:
        return
    missing = [path for path in leaves if not exists.get(path)]
    yield Check(
        group="imatch",
        name="Error categories",
        state="warning" if missing else "ok",
        found=f"{len(leaves) - len(missing)} of {len(leaves)} exist",
        hint="Create the missing ones if IMatch shall show these problems; they are reported here"
        " all the same."
        if missing
        else "",
        copy="\n".join(missing),
    )


def _attribute_set(patient: Patient, name: PlatformName, exists: bool | None) -> Check:
    columns = ", ".join(f"{column} ({_kind(column)})" for column in COLUMNS[name])
    title, hint = f"Attribute set {name}", f"`{name}` with {columns}."
    if exists:
        return Check(group="imatch", name=title, state="ok", found=_columns_in_use(patient, name))
    state: Literal["warning", "failed"] = "warning" if exists is None else "failed"
    return Check(
        group="imatch",
        name=title,
        state=state,
        found="cannot be asked: no photo in Socials" if exists is None else "missing",
        hint=f"Edit > Preferences > Edit Attributes: {hint}",
        copy=columns,
    )


def _kind(column: str) -> str:
    return {"posted": "Date", "url": "Hyperlink"}.get(column, "Text")


def _columns_in_use(patient: Patient, name: PlatformName) -> str:
    """A column without any value cannot be told from one that is not there: IMatch shows neither.

    So what is missing shows with the first photo, whose id is safe in the journal by then.
    """
    try:
        files = sorted(patient.library.below(root_category(name)) or (), key=id_order)
        found = patient.library.records(name, files[:_PROBES])
    except SocialsError:
        return "exists"
    used = {column for one in found for column in COLUMNS[name] if one.values.get(column)}
    if not used:
        return f"exists, no record yet; it needs {', '.join(COLUMNS[name])}"
    empty = [f"{column} ({_kind(column)})" for column in COLUMNS[name] if column not in used]
    words = f"exists, values in {', '.join(c for c in COLUMNS[name] if c in used)}"
    return words + (f"; none yet in {', '.join(empty)}" if empty else "")


def _albums_and_groups(patient: Patient) -> Iterator[Check]:
    try:
        lacking = tuple(patient.without_id())
    except SocialsError as error:
        yield failed("imatch", "Albums and groups", error)
        return
    if lacking:
        yield Check(
            group="imatch",
            name="Albums and groups",
            state="warning",
            found=f"{len(lacking):,} without a readable id: {', '.join(lacking[:5])}"
            + (", …" if len(lacking) > 5 else ""),
            hint="Write Flickr's id, or the address of the album or group, into the first line of"
            " the category's description.",
            copy="\n".join(lacking),
        )
