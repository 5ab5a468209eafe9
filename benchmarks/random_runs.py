"""Many random stories of photos, faults and kills; see `tests/journeys/random_runs.py`.

    python -m benchmarks.random_runs [--examples 300]

Prints stories tried and minutes; a story that breaks a promise is shown as small as possible.
"""

from __future__ import annotations

import argparse
import sys
import time

from hypothesis import HealthCheck, given, settings
from random_runs import Story, stories, violations


def main(words: list[str] | None = None) -> int:
    """0 if every promise held."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--examples", type=int, default=300)
    options = parser.parse_args(words)
    begun, count = time.monotonic(), 0

    @settings(
        max_examples=options.examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(story=stories)
    def tell(story: Story) -> None:
        nonlocal count
        count += 1
        assert [] == violations(story)

    try:
        tell()
    finally:
        print(f"stories tried {count}, minutes {(time.monotonic() - begun) / 60:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
