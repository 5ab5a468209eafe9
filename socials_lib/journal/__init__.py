"""The journal: what was sent, what came back, what is still open. SQLite in the data folder.

Promises
    - An act is `sent` on the disk before its request leaves, and its answer (the remote id above
      all) is on the disk before anything else is called.
    - Nothing is ever overwritten without a trace: every run, row and act stays readable.
    - Rows carry account, file id and path; another account or IMatch database never matches.
    - Any process may read, add pace marks and cache account facts at any time; only the holder of
      the run lock carries out (`lock`).

States of an act: planned -> sent -> answered -> recorded -> done; or `waiting` (try again not
before a time), `refused` (tried again when the person changed something), `failed` (a definite no),
`unknown` (its end could not be found out), `dropped` (not needed any more).  What is failed or
dropped is planned again when its row is carried out once more.

Rooms: `file` (the SQLite file), `schema`, `stored` (records), `memory` (what is online, pace,
facts), `store` (runs, rows, acts), `changes` (change sets of bulk fixes), `lock`.
"""

from socials_lib.journal.changes import ChangeSetRun, NewCell, StoredCell
from socials_lib.journal.lock import RunLock
from socials_lib.journal.store import Journal
from socials_lib.journal.stored import StoredAct, StoredRow

__all__ = [
    "ChangeSetRun",
    "Journal",
    "NewCell",
    "RunLock",
    "StoredAct",
    "StoredCell",
    "StoredRow",
]
