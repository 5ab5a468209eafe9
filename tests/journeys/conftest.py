"""A fresh small world for every journey."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rig import Rig


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """Stand-ins, a few photos to come, a workbench."""
    made = Rig(tmp_path)
    yield made
    made.stop()
