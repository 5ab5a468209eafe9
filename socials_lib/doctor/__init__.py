"""The doctor: is everything in place, and what exactly is to be done where it is not.

Each check is one line: name, state (`ok`, `warning`, `failed`), what was found, a hint, and text
worth copying (an exact category path).  Checks never stop each other and change nothing.

Rooms: `computer` (versions, folder, keyring, clock), `imatch` (categories, attributes, variables),
`accounts` (rights, limits, what is left), `bundle` (a zip for bug reports).

Decisions 2026-11-22
    - IMatch's web service tells neither its version nor the columns of an attribute set.  The
      doctor says what it can see: columns that hold values in some record.
    - In IMatch a platform is set up first, then somebody signs in: what IMatch lacks for one whose
      key or server is there (for both, if there is none at all) is told before, as a warning.
    - What costs a call each is asked for a few only: 25 groups, and 10 of the posts on Pixelfed
      that are marked for a change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from socials_lib.doctor.accounts import (
    account_checks,
    is_begun,
    is_unsure,
    nobody_set_up,
    not_known,
)
from socials_lib.doctor.bundle import Bundle, write_bundle
from socials_lib.doctor.computer import clock_checks, computer_checks
from socials_lib.doctor.imatch import imatch_checks, required_paths, setup_checks, variable_checks
from socials_lib.doctor.patient import Patient, failed
from socials_lib.errors import SocialsError
from socials_lib.models import PLATFORMS, Check

__all__ = [
    "Bundle",
    "Patient",
    "examine",
    "is_begun",
    "is_healthy",
    "required_paths",
    "to_json",
    "write_bundle",
]


def examine(patient: Patient) -> tuple[Check, ...]:
    """All checks in a fixed order."""
    checks = [*computer_checks(patient), *imatch_checks(patient)]
    imatch_answers = not any(one.group == "imatch" and one.state == "failed" for one in checks)
    try:
        set_up = tuple(patient.platforms())
    except SocialsError as error:
        return (*checks, failed("accounts", "Accounts", error))
    if imatch_answers:
        begun = tuple(one for one in PLATFORMS if is_begun(patient.missing(one)))
        checks += [*setup_checks(patient, set_up, begun), *variable_checks(patient)]
    absent = () if imatch_answers else tuple(one for one in PLATFORMS if one not in set_up)
    unsure = tuple(one for one in absent if is_unsure(patient.missing(one)))
    for name in PLATFORMS:
        if name in unsure:
            checks.append(not_known(name, name.capitalize()))
        else:
            checks += account_checks(patient, name, is_set_up=name in set_up)
    if not set_up:
        checks.append(not_known("accounts", "Accounts") if unsure else nobody_set_up())
    checks += clock_checks(patient, set_up)
    return tuple(checks)


def is_healthy(checks: Iterable[Check]) -> bool:
    """True if no check failed (warnings are allowed)."""
    return all(one.state != "failed" for one in checks)


def to_json(checks: Sequence[Check]) -> dict[str, Any]:
    """The checks in the JSON contract of `socials doctor`."""
    return {
        "ok": is_healthy(checks),
        "checks": [
            {
                "name": one.name,
                "state": one.state,
                "found": one.found,
                "hint": one.hint or None,
                "group": one.group or None,
                "copy": one.copy or None,
            }
            for one in checks
        ],
    }
