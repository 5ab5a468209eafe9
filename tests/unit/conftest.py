"""A small world for the tests of widgets, and a journal."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from journal_kit import new_journal
from rig import Rig

from socials_lib.journal import Journal


@pytest.fixture
def rig(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Rig]:
    """Stand-ins and a workbench, with the settings that a module asks for in `ENV`."""
    made = Rig(tmp_path, **getattr(request.module, "ENV", {}))
    yield made
    made.stop()


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """A journal in a folder that is not there yet."""
    return new_journal(tmp_path)
