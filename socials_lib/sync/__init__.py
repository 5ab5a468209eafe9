"""Carrying out a plan: photos to the platforms, ids to IMatch, everything through the journal.

Promises
    - Only approved rows are carried out, exactly as the plan shows them.
    - Each outside call is in the journal before it leaves and after it came back; a process that
      dies at any point loses no id and repeats no upload.
    - After an unclear end the program looks first (`Platform.look`), adopts or repeats.
    - One bad photo never stops the others; trouble of the whole run (signed out, IMatch gone, too
      many refusals, an act whose end is unknown) stops at least the deletes.
    - The remote id is on the disk before anything else is called, then in the IMatch attribute.

    - Trouble that every further photo would meet (signed out, no line, asked to slow down for good,
      IMatch closed, no room on the disk) halts the run; its rows stay planned for `resume`.

Rooms
    `approval`  which rows are done, which need consent (pure)
    `perform`   one act: journal, send, retry, look
    `desk`      the tools of a platform's rows, small questions about acts
    `fresh`     is the photo still what the plan saw, and the one of then?
    `acting`    the acts of a row, one after the other, written back to IMatch
    `rows`      one row from check to outcome
    `sent`      what has been sent by now: the base of the next comparison (pure)
    `settle`    what earlier runs left open
    `crew`      the rows of a run, by one or several workers; `trouble` what keeps them waiting
    `run`       a whole run; `telling` its events, `mirror` the error leaves
    `changes`   carrying out a change set of `bulk`

Decided here, where the design is silent:
    - Stop ends after the act in flight. If that act published the photo, its id is still written
      to IMatch (a local call); what is left of the row is continued by `resume` or the next run.
    - A stop while an act waits for its turn leaves it planned: no request has left.  An act whose
      end is unclear is looked for even while stopping, but not sent again.
    - A new run brings to an end only what can be seen: a photo that is online, a delete that
      happened.  Media that nobody posted, and deletes that never left, need the new run's own
      consent; `resume` goes on with what was approved then, after checking it again.
    - A change (update, metadata) that broke off and whose photo was changed again in IMatch is
      closed, and the new plan decides; the journal keeps what it has sent (`sent.partly_sent`).
    - The copy that is sent is made again when a row is continued; looking goes by the copy that was
      sent, so a source file that changed meanwhile hides nothing.
    - Follow-ups of finished rows report as `metadata`, so that nothing is counted as added twice.
      A plan row whose only reason was such a follow-up is not carried out once more.
    - An IMatch that is closed is waited for as long as `[recovery] look_waits` says, then the run
      halts.  IMatch refusing one call fails one photo: its row stays open, its id is kept.
    - A picture that an account may not replace counts as unknown afterwards, so that an account
      that may one day sends it; nothing suggests it until then.
    - With several workers an album is asked for its size again before a photo leaves it: two rows
      at a time may both have seen an album of two.
    - A file with the id of then is the one of then if its path or its name is the same (moved), or
      size and time of the file that was to be sent (renamed).  Else it belongs to another IMatch
      database: half done it is left alone, not begun it is stale.
    - A row that never began belongs to the last run that has it: an older run that was stopped is
      not open any more once its photos were planned and carried out anew.
    - A photo whose end is unclear and that could not be looked at because nobody answers at all is
      trouble of its platform: the next one would end as unclear.  It stays `unknown`, the others
      are not started.
    - 2026-11-22: proved by `benchmarks.kill_matrix` (every write of the journal, both sides),
      `benchmarks.fault_matrix` (`tests/journeys/fault_table.md`), `benchmarks.random_runs`,
      `benchmarks.crowd` and `benchmarks.pace`; samples of each are journeys of the tests.
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
