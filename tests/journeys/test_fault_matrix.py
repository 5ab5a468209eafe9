"""Each fault of `fault_table.md` × each kind of act: outcome, remote objects, IMatch as it says."""

import pytest
from faults import Cell, cells, violations


@pytest.mark.parametrize("cell", cells(every=False), ids=str)
def test_a_fault_ends_as_the_table_says(cell: Cell):
    assert [] == violations(cell)
