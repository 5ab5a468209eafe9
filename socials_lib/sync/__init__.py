"""Carrying out a plan: photos to the platforms, ids to IMatch, everything through the journal.

Promises
    - Only approved rows are carried out, exactly as the plan shows them.
    - Each outside call is in the journal before it leaves and after it came back; a process that
      dies at any point loses no id and repeats no upload.
    - After an unclear end the program looks first (`Platform.look`), adopts or repeats.
    - One bad photo never stops the others; trouble of the whole run (signed out, IMatch gone, too
      many refusals, an act whose end is unknown) stops at least the deletes.
    - The remote id is on the disk before anything else is called, then in the IMatch attribute.

Rooms
    `approval`  which rows are done, which need consent (pure)
    `perform`   one act: journal, send, retry, look
    `rows`      one row: checks, copy, acts, write-back
    `settle`    what earlier runs left open
    `run`       a whole run

Decided here, where the design is silent:
    - Stop ends after the act in flight. If that act published the photo, its id is still written
      to IMatch (a local call); what is left of the row is continued by `resume` or the next run.
    - An act whose end is unclear is looked for even while stopping: leaving it unclear would be
      worse than a few more seconds.
    - The copy that is sent is made again when a row is continued; stamps keep the first hash.
"""

from socials_lib.sync.approval import Approvals, Choice, choose
from socials_lib.sync.outcome import exit_code, run_to_json, summary
from socials_lib.sync.run import Sync, SyncSettings

__all__ = [
    "Approvals",
    "Choice",
    "Sync",
    "SyncSettings",
    "choose",
    "exit_code",
    "run_to_json",
    "summary",
]
