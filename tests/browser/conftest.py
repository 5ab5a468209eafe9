"""One practice world, one JupyterLab and one browser for all tests of this folder."""

import os

import pytest
from lab import FLAGS, HOW_TO_GET_ONE, Person, World, browser_path, running_lab, running_world


@pytest.fixture(scope="session")
def chromium():
    """A browser; without one the tests are skipped, on build machines (`CI`) they fail."""
    sync = pytest.importorskip("playwright.sync_api")
    path = browser_path()
    if path is None:
        assert not os.environ.get("CI"), HOW_TO_GET_ONE
        pytest.skip(HOW_TO_GET_ONE)
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def world(chromium, tmp_path_factory):
    """What the practice world printed: addresses and environment."""
    with running_world(tmp_path_factory.mktemp("world")) as described:
        yield described


@pytest.fixture(scope="module")
def lab(world, request, tmp_path_factory):
    """JupyterLab in demo mode, with the settings that a module asks for in `ENV`."""
    env = {**world["env"], **getattr(request.module, "ENV", {})}
    with running_lab(tmp_path_factory.mktemp("lab"), env) as running:
        yield running


@pytest.fixture
def door(world, lab):
    """The practice world afresh, and kernels that know nothing of what was before."""
    lab.end_kernels()
    found = World(world)
    found.reset()
    return found


@pytest.fixture
def person(chromium, lab):
    """Somebody at a browser; nothing may be asked outside, nothing may break."""
    somebody = Person(chromium, lab)
    yield somebody
    somebody.close()
