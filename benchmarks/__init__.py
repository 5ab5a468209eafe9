"""Counts, ratios and long proofs against the stand-ins; never part of the tests.

Run each as a module, `python -m benchmarks.pace`: then the helpers of the journeys, which are no
package, are found.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "journeys"))
