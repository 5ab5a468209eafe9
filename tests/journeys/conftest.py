"""A fresh small world for every journey."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command_line_kit import Done, socials_here
from rig import Rig


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """Stand-ins, a few photos to come, a workbench."""
    made = Rig(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def run(rig: Rig) -> Callable[..., Done]:
    """A command in the small world; keywords are more environment."""

    def command(*arguments: str, **environ: str) -> Done:
        return socials_here({**rig.environ, **environ}, *arguments)

    return command
