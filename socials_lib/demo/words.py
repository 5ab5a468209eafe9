"""What a world says to people when it is ready, and when it cannot start."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator, Mapping
from typing import Any


def ready(described: Mapping[str, Any]) -> str:
    """Addresses, variables to set, and what of the person's own pictures is not in it."""
    lines = [
        "The practice world is running: IMatch, Flickr and Pixelfed, nothing of it is real.",
        *(f"  {name:9}{described[f'{name}_url']}" for name in ("imatch", "flickr", "pixelfed")),
        f"  {'side door':10}{described['side_url']}",
        f"  {'home':10}{described['home']}",
        *(f"  {'page':10}{address}" for address in described.get("pages", ())),
        *(f"! Your pictures: {note}." for note in described.get("notes", ())),
        "",
        "To use it, set these variables in another window:",
        *assignments(described["env"]),
        "",
        "Press Ctrl-C to end it.",
    ]
    return "\n".join(lines) + "\n"


def assignments(env: Mapping[str, str], *, windows: bool = os.name == "nt") -> Iterator[str]:
    """The variables in the words of the shells of this system."""
    if not windows:
        yield from (f"export {name}={shlex.quote(value)}" for name, value in env.items())
        return
    yield "Command prompt:"
    yield from (f'set "{name}={value}"' for name, value in env.items())
    yield "PowerShell:"
    for name, value in env.items():
        doubled = value.replace("'", "''")
        yield f"$env:{name} = '{doubled}'"


def failure(err: OSError, *, as_json: bool) -> str:
    """Why there is no world, and what to do."""
    message = err.strerror or str(err)
    if err.filename:
        message = f"{message}: {err.filename}"
    hint = _way_out(err)
    if as_json:
        problem = {"code": "world_not_started", "message": message, "hint": hint}
        return json.dumps({"error": problem}) + "\n"
    return f"The practice world did not start: {message}\n{hint}\n"


def _way_out(err: OSError) -> str:
    if isinstance(err, FileExistsError):
        return "Choose another folder for its things, a new or empty one."
    if isinstance(err, (NotADirectoryError, FileNotFoundError)) and not err.filename:
        return "Say --photos with a folder that holds pictures, or leave it out for the sample."
    return "Choose another port or folder, or leave them out."
