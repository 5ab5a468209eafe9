"""Counts, ratios and long proofs against the stand-ins; never part of the tests."""
