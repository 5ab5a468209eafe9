"""A widget's presses find a living subshell of the kernel."""

from types import SimpleNamespace

import ipywidgets as w
import pytest

from socials_lib.widgets.comms import keep_reachable


def kernel(*subshells):
    manager = SimpleNamespace(list_subshell=lambda: list(subshells))
    return SimpleNamespace(shell_channel_thread=SimpleNamespace(manager=manager))


@pytest.fixture
def comm():
    """A comm as ipykernel 7.4 has it: it answers in the subshell where it last spoke."""

    class Comm:
        kernel = None
        spoke_in = None

        def _reply_subshell_for(self, data, default):
            return self.spoke_in

    made = Comm()
    keep_reachable(made)
    return made


def test_a_press_goes_where_the_page_asks_if_the_widget_spoke_in_a_subshell_that_has_ended(comm):
    comm.kernel, comm.spoke_in = kernel("page"), "ended"

    assert "page" == comm._reply_subshell_for({}, "page")


def test_a_press_goes_where_the_widget_spoke_while_that_subshell_is_there(comm):
    comm.kernel, comm.spoke_in = kernel("page", "other"), "other"

    assert "other" == comm._reply_subshell_for({}, "page")


def test_the_main_shell_is_always_there(comm):
    comm.kernel, comm.spoke_in = kernel("page"), None

    assert comm._reply_subshell_for({}, "page") is None


def test_a_kernel_that_cannot_be_asked_is_left_alone(comm):
    comm.spoke_in = "unknown"

    assert "unknown" == comm._reply_subshell_for({}, "page")


def test_it_is_done_once(comm):
    before = type(comm)._reply_subshell_for
    keep_reachable(comm)

    assert before is type(comm)._reply_subshell_for


def test_a_widget_without_a_kernel_is_left_alone():
    keep_reachable(w.Button().comm)
