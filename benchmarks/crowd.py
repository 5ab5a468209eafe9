"""A thousand new photos while one upload in a hundred fails: a thousand photos, a thousand ids.

    python -m benchmarks.crowd [--photos 1000] [--share 0.01] [--workers 1]

Prints photos online, ids in IMatch, faults that struck, photos whose repeats the report names.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from crowds import publish, report


def main(words: list[str] | None = None) -> int:
    """0 if every photo is there once, with its id."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--photos", type=int, default=1000)
    parser.add_argument("--share", type=float, default=0.01)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args(words)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        crowd = publish(
            Path(home),
            count=options.photos,
            share=options.share,
            seed=1,
            SOCIALS_RUN_WORKERS=str(options.workers),
        )
    print(report(crowd))
    print(f"minutes {(time.monotonic() - begun) / 60:.1f}")
    whole = len(crowd.titles) == len(set(crowd.titles)) == len(crowd.ids) == options.photos
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
