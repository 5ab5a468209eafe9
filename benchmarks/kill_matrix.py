"""Kill a run at every write of its journal, over all platforms and actions; then recover.

    python -m benchmarks.kill_matrix [--random N] [--seed N] [--only "flickr add"] [--workers 2]

For each job (`tests/journeys/jobs.py`) and each write of the journal (every act in each of its
states), a real process is killed once just before the write and once just after it.  `resume` and
a following sync must lead to the very state that an unbroken run leaves behind: on the platforms,
in IMatch and in the journal.  A random sample is killed a second time, while it resumes.
Prints points tried, violations (must be 0) and minutes (at most 30 on two cores).
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from jobs import JOBS
from killing import Child, Point, Unbroken, points, unbroken, violations


def main(words: list[str] | None = None) -> int:
    """0 if nothing was violated."""
    options = _options(words)
    begun = time.monotonic()
    jobs = [one for one in JOBS if options.only in ("", one.name)]
    known = {one.name: unbroken(one) for one in jobs}
    tried = [point for one in jobs for point in points(one, known[one.name])]
    tried += _twice(tried, known, options)
    with ThreadPoolExecutor(options.workers) as pool:
        found = list(pool.map(lambda point: _try(point, known[point.job]), tried))
    bad = [(point, lines) for point, lines in zip(tried, found, strict=True) if lines]
    for point, lines in bad:
        print(f"VIOLATION {point}")
        print("\n".join(f"    {line[:400]}" for line in lines))
    labels = {(point.job, point.label, point.when) for point in tried}
    minutes = (time.monotonic() - begun) / 60
    print(f"jobs {len(jobs)}, points tried {len(tried)}, of these distinct {len(labels)}")
    print(f"violations {len(bad)}")
    print(f"minutes {minutes:.1f}")
    return 1 if bad else 0


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--random", type=int, default=60, help="points that are killed twice")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="one job by its name")
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args(words)


def _twice(
    tried: list[Point], known: dict[str, Unbroken], options: argparse.Namespace
) -> list[Point]:
    """A random sample that is killed again while it resumes."""
    chance = random.Random(options.seed)
    chosen = chance.choices(tried, k=options.random) if tried else []
    return [
        Point(
            job=one.job,
            label=one.label,
            at=one.at,
            when=one.when,
            again=chance.randint(1, len(known[one.job].labels)),
        )
        for one in chosen
    ]


def _try(point: Point, known: Unbroken) -> list[str]:
    child, second = Child(), Child() if point.again else None
    try:
        return violations(point, known, child, second)
    except Exception as error:  # a crash of the recovery is a violation like any other
        return [f"{type(error).__name__}: {error}"]
    finally:
        child.close()
        if second is not None:
            second.close()


if __name__ == "__main__":
    sys.exit(main())
