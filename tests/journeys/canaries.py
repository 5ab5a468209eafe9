"""Secrets that sing: where they are planted, and the search through all that the product wrote."""

from __future__ import annotations

import base64
import io
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

#: A keyring of one file, for processes of their own: `PYTHON_KEYRING_BACKEND=canary_ring.Ring`.
RING = """
import json, os
from pathlib import Path
from keyring.backend import KeyringBackend

class Ring(KeyringBackend):
    priority = 9

    def _all(self):
        place = Path(os.environ["CANARY_RING"])
        return json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}

    def get_password(self, service, username):
        return self._all().get(f"{service}|{username}")

    def set_password(self, service, username, password):
        kept = {**self._all(), f"{service}|{username}": password}
        Path(os.environ["CANARY_RING"]).write_text(json.dumps(kept), encoding="utf-8")

    def delete_password(self, service, username):
        kept = self._all()
        kept.pop(f"{service}|{username}", None)
        Path(os.environ["CANARY_RING"]).write_text(json.dumps(kept), encoding="utf-8")
"""


def forms(secret: str) -> set[bytes]:
    """How a secret may stand somewhere: as it is, in a URL, as base64, as Windows' own text."""
    data = secret.encode()
    # only the letters that do not depend on what stands before and after
    packed = base64.b64encode(data)[:-4]
    return {data, quote(secret, safe="").encode(), packed, secret.encode("utf-16-le")}


def found_in(places: Mapping[str, bytes], secrets: Iterable[str]) -> list[tuple[str, str]]:
    """Place and canary of every one that was found."""
    wanted = {secret: forms(secret) for secret in secrets if len(secret) >= 4}
    return [
        (name, secret)
        for name, data in places.items()
        for secret, spellings in wanted.items()
        if any(one in data for one in spellings)
    ]


def written_below(folder: Path) -> dict[str, bytes]:
    """All files, by name; archives and databases also unpacked."""
    places: dict[str, bytes] = {}
    for path in folder.rglob("*"):
        places[f"name of {path.name}"] = path.name.encode("utf-8", "replace")
        if path.is_file():
            data = path.read_bytes()
            places[str(path)] = data
            places |= {f"{path}!{name}": one for name, one in _unpacked(path, data)}
    return places


def _unpacked(path: Path, data: bytes) -> Iterator[tuple[str, bytes]]:
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name, archive.read(name)
    if data.startswith(b"SQLite format 3"):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:  # the pages in the WAL too
            yield "dump", "\n".join(db.iterdump()).encode("utf-8", "replace")
        db.close()


def command_lines(pids: Iterable[int]) -> dict[str, bytes]:
    """What the process list shows of these and their children (Linux; elsewhere nothing)."""
    parents: dict[int, int] = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        parents[int(place.parent.name)] = int(fields[1])
    wanted = set(pids)
    for _ in range(5):
        wanted |= {pid for pid, parent in parents.items() if parent in wanted}
    places: dict[str, bytes] = {}
    for pid in wanted:
        try:
            places[f"process {pid}"] = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
    return places
