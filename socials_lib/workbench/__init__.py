"""The object a notebook holds: settings, IMatch, the platforms, the journal, in one hand.

    wb = Workbench.open()                   # demo or live, by the environment; nothing is asked yet
    pending = wb.load_pending()             # reads IMatch
    plan = wb.plan(pending)                 # changes nothing
    run = wb.apply(plan)                    # adds, updates, metadata; deletes only with a count

Everything is made when it is first needed, so that opening is quick and works without IMatch and
without accounts.  A workbench may be used from several threads; one run at a time is carried out,
over all processes (`RunLock`).

2026-11-22: account facts are cached in the journal for a day, keyed by mode, host and sign-in.  A
plan uses them without asking the platform; `apply` reads them fresh before its first act.

Layers, each a module: `services` (settings, IMatch, accounts), `plans`, `runs`, `changes` (bulk),
`audits`, `bench` (the whole).  What a layer does beyond a few lines stands in functions beside it:
`upkeep`, `checkup`, `fixing`, `auditing`, `deciding`, `taking`, `selections`, `online_pictures`.
"""

from socials_lib.workbench.bench import Workbench
from socials_lib.workbench.plans import Preview
from socials_lib.workbench.runs import Listener
from socials_lib.workbench.upkeep import OtherRun

__all__ = ["Listener", "OtherRun", "Preview", "Workbench"]
