"""Every fault × every act: outcome, remote objects and IMatch as `fault_table.md` says.

    python -m benchmarks.fault_matrix [--only "429"]

The tests try one act of each column per fault; this tries all of them.  Prints cells tried,
violations (must be 0) and minutes.
"""

from __future__ import annotations

import argparse
import sys
import time

from faults import Cell, cells, violations


def main(words: list[str] | None = None) -> int:
    """0 if every cell is as the table says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--only", default="", help="faults whose name contains these words")
    options = parser.parse_args(words)
    begun = time.monotonic()
    tried = [one for one in cells(every=True) if options.only in one.fault]
    bad = 0
    for cell in tried:  # one at a time: some faults are patched into the journal
        lines = _try(cell)
        bad += bool(lines)
        if lines:
            print(f"VIOLATION {cell}")
            print("\n".join(f"    {line[:400]}" for line in lines))
    print(f"cells tried {len(tried)}, acts {len({one.operation for one in tried})}")
    print(f"violations {bad}")
    print(f"minutes {(time.monotonic() - begun) / 60:.1f}")
    return 1 if bad else 0


def _try(cell: Cell) -> list[str]:
    try:
        return violations(cell)
    except Exception as error:  # a crash is a violation like any other
        return [f"{type(error).__name__}: {error}"]


if __name__ == "__main__":
    sys.exit(main())
