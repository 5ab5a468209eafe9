"""A plan of 5,000 calls against a stand-in with Flickr's limit, in simulated time.

    python -m benchmarks.pace [--calls 5000]

Two kernels, restarted now and then, share one budget of 3,000 calls an hour through the journal;
the stand-in refuses beyond 3,600.  Prints calls, refusals (must be 0), the most calls in an hour.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from paces import spend


def main(words: list[str] | None = None) -> int:
    """0 if nothing was refused."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--calls", type=int, default=5000)
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        paced = spend(Path(home), calls=options.calls, per_hour=3000, limit=3600)
    print(f"calls {paced.calls}, refused {paced.refused}, most in an hour {paced.most}")
    print(f"simulated hours {paced.hours:.1f}")
    return 1 if paced.refused else 0


if __name__ == "__main__":
    sys.exit(main())
