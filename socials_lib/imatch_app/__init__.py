"""The page inside IMatch: its installer, the short orders it gives, the worker that goes on alone.

    socials imatch-app install          puts the page into IMatch's own web folder
    page --processRun--> order --starts--> worker --status.json, job file--> order --> page

IMatch runs a program for a page (`IMatch.processRun`) and answers when the program has ended, after
at most 300 seconds.  So every press runs a short *order* that prints one JSON document and ends at
once; what takes longer (building a plan, carrying it out) is done by a *worker* that the order
starts, detached: closing the page, or IMatch, or the 300 seconds do not reach it.

Rooms
    `place`      where IMatch keeps its apps
    `command`    the command line that the page runs, and how it is quoted
    `installer`  what is put into the app's folder, checked, and taken out again
    `jobs`       what a worker was asked and how far it is, as files in the data folder
    `orders`     what the page can ask for
    `worker`     builds a plan or carries it out
    `overview`   a plan and a run in the few numbers and words that the page shows
    `arguments`  the orders as a command line, for `entry` and for `socials imatch-app`
    `entry`      the script that the page runs
    `page/`      the page itself

Decisions 2026-11-22
    - The page runs a script by its path, as the one program does that is known to work from an app.
      Neither the working folder (IMatch's own) nor an activated environment matters then.
    - IMatch seems to put `executable` and `parameters` together into one command line: the known
      program gives `python.exe <script>` as executable.  So paths with blanks are quoted in both.
      Should IMatch take the executable as a bare path, quotes would be wrong: the page tries the
      forms of `Command.forms` in turn with a question that changes nothing, and keeps what worked.
    - Documents for the page are ASCII: whatever code page IMatch reads them with, they arrive.
    - Progress is asked for by a light order every few seconds, not read from a file in the app's
      folder: that IMatch serves a file which changed after its start is not known, nor that every
      process may write there.  The status itself lies in the data folder, as for all others.
    - What is selected in IMatch's file window is read by the order through the web service, where
      the id list is documented, not by the page.  A plan is always built whole and then cut: that
      two photos are the same picture can only be seen in the whole.
    - A press carries out the plan that the page shows, with the same hash, never a new one.
    - A photo with comments stays: releasing it by name is done in JupyterLab or by `--approve`.
    - In live mode a `SOCIALS_HOME` of the shell that installs is written into the command: IMatch
      does not know that shell, and two data folders would be two journals.
"""

from __future__ import annotations

from socials_lib.imatch_app.command import Command
from socials_lib.imatch_app.installer import Installed, Removed, install, uninstall
from socials_lib.imatch_app.place import app_folder, has_neighbours

__all__ = [
    "Command",
    "Installed",
    "Removed",
    "app_folder",
    "has_neighbours",
    "install",
    "uninstall",
]
