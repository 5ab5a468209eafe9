"""Signing in when something went wrong before: nothing of a failed try stays."""

import pytest
from step_rig import PATIENCE

from socials_lib.errors import SettingsError
from socials_lib.widgets import show
from socials_lib.workbench import upkeep

MISTYPED = ("pixelfed .social", "https://[", "https://pixelfed.social:port", "http://example.com")


def keep(view, server, token):
    """What a person does: server, token, the button."""
    view.server.value, view.token.value = server, token
    view.keep.click()
    assert view.wait(PATIENCE)


@pytest.mark.parametrize("server", MISTYPED)
def test_a_mistyped_server_is_refused_and_leaves_everything_as_it_was(rig, server):
    view = show.sign_in(rig.wb, "pixelfed")
    assert view.wait(PATIENCE)
    before = dict(rig.wb.environ)
    keep(view, server, "token-of-another-server")

    assert "This is no address of a server." == view.trouble.message.fact
    assert before == rig.wb.environ
    assert "demo" == rig.wb.account("pixelfed", fresh=True).account.name


def test_flickrs_sign_in_ends_well_after_a_mistyped_pixelfed_server(rig):
    view = show.sign_in(rig.wb, "pixelfed")
    assert view.wait(PATIENCE)
    keep(view, "pixelfed .social", "abc")
    said = upkeep.finish_flickr(rig.wb, rig.flickr.token, rig.flickr.token_secret)

    assert said.startswith("Used in this notebook only")


def test_an_environment_that_cannot_be_read_changes_nothing(rig):
    before = dict(rig.wb.environ)
    with pytest.raises(SettingsError, match="SOCIALS_PIXELFED_URL"):
        rig.wb.set_environ({**before, "SOCIALS_PIXELFED_URL": "pixelfed .social"})

    assert before == rig.wb.environ
    rig.wb.set_environ({**rig.wb.environ, "SOCIALS_FLICKR_TOKEN": "another"})
    assert "another" == rig.wb.environ["SOCIALS_FLICKR_TOKEN"]


def test_an_unforeseen_error_while_a_token_is_tried_brings_the_sign_in_of_before_back(
    rig, monkeypatch
):
    before = dict(rig.wb.environ)

    def breaks(*_args, **_more):
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(type(rig.wb), "account", breaks)
    with pytest.raises(RuntimeError):
        rig.wb.keep_pixelfed_token("token-of-nobody", rig.pixelfed.url)

    assert before == rig.wb.environ
