"""Shared by all tests; this file puts its folder on the path, so that `import world` works.

`python start.py --test` shares the tests among processes: one has all that need the browser (two of
them would be in each other's way), the others take the files one after the other.
"""

import pytest


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Who gets which test, if several processes run them."""
    from xdist.scheduler import LoadScopeScheduling

    class ByPlace(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file = nodeid.partition("::")[0]
            return "browser" if "tests/browser/" in file else file

    return ByPlace(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable(config, report):
    """Half a surrogate pair in a log or message has no way from one process to the other."""
    return sendable((yield))


def sendable(value):
    """The same, with such halves as escapes."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {sendable(key): sendable(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(sendable, value))
    return value
