"""Checklist, sign-in, set-up list, demo or live, results, history: what they show and what not."""

import functools
import html
import os
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from step_rig import PATIENCE, Rig, Steps

from socials_lib.errors import SettingsError, SignedOut
from socials_lib.widgets import show, sign_in
from socials_lib.workbench import Workbench, upkeep


class Ring:
    """A keyring in memory."""

    def __init__(self):
        self.kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


def markup(view):
    """All HTML of a view."""
    found = [getattr(view, "value", "")]
    for child in getattr(view, "children", ()):
        found.append(markup(child))
    return " ".join(one for one in found if isinstance(one, str))


def text(widget):
    """The words of an HTML widget."""
    return html.unescape(re.sub(r"<[^>]+>", "", widget.value))


# the doctor


def test_the_checklist_has_a_line_for_each_check_and_paths_to_copy(rig):
    rig.photo("One", flickr=True)
    view = show.doctor(rig.wb)
    assert view.wait(PATIENCE)

    assert view.checks
    assert f"of {len(view.checks)} ready" in view.head.value
    assert len(view.checks) == view.lines.value.count('class="check ')
    assert "data-copy=" in view.lines.value
    assert view is show.doctor(rig.wb)
    assert view.wait(PATIENCE)


def test_the_checklist_says_what_is_missing(rig):
    rig.photo("One", flickr=True)
    rig.imws.stop()
    rig.anew()
    view = show.doctor(rig.wb)
    assert view.wait(PATIENCE)

    assert not view.is_healthy
    assert "✕" in view.head.value
    rig.imws.start()


def test_the_head_and_the_checklist_count_the_same_photos(rig):
    rig.photo("One", flickr=True)
    rig.photo("Only flagged", flags=["flickr|_update"])
    head, check = show.header(rig.wb), show.doctor(rig.wb)
    assert head.model.wait(PATIENCE)
    assert check.wait(PATIENCE)

    assert "2 photos in Socials" == head.model.line("IMatch").found
    assert "2 photos in Socials" in check.lines.value


# signing in


def test_flickr_is_signed_in_by_a_pasted_code_that_is_never_shown(rig):
    view = show.sign_in(rig.wb, "flickr")
    assert view.wait(PATIENCE)
    assert "Signed in" in view.head.value
    view.begin.click()
    address = view.page.value
    token = address.split("oauth_token=")[1].split("&")[0]
    code = rig.flickr.backend.authorize(token, "delete")
    view.code.value = code
    before = rig.wb.environ["SOCIALS_FLICKR_TOKEN"]
    view.finish.click()
    assert view.wait(PATIENCE)

    assert "" == view.code.value
    assert code not in markup(view)
    assert "Signed in as demo." in view.result.value
    assert before != rig.wb.environ["SOCIALS_FLICKR_TOKEN"]
    assert "demo" == rig.wb.account("flickr", fresh=True).account.name


def test_a_wrong_code_is_told_and_the_field_is_empty(rig):
    view = show.sign_in(rig.wb, "flickr")
    view.begin.click()
    view.code.value = "000-000-000"
    view.finish.click()

    assert "" == view.code.value
    assert "Flickr did not take this code." in view.trouble.message.fact
    assert view.finish.disabled
    assert view.wait(PATIENCE)


@pytest.mark.parametrize(
    ("typed", "digits"), [("123-456", "6 digits"), ("1", "1 digit"), ("123-456-7890", "10 digits")]
)
def test_a_code_without_nine_digits_is_not_sent_and_flickrs_page_stays(rig, typed, digits):
    view = show.sign_in(rig.wb, "flickr")
    assert view.wait(PATIENCE)
    view.begin.click()
    address, asked = view.page.value, len(rig.flickr.requests)
    view.code.value = typed
    view.finish.click()

    assert f"A code has nine digits, like 123-456-789; this has {digits}." in text(view.result)
    assert (address, asked) == (view.page.value, len(rig.flickr.requests))
    assert ("", False) == (view.code.value, view.finish.disabled)
    token = address.split("oauth_token=")[1].split("&")[0]
    view.code.value = rig.flickr.backend.authorize(token, "delete")
    view.finish.click()
    assert view.wait(PATIENCE)
    assert "Signed in as demo." in view.result.value


def test_the_hint_of_a_used_code_names_the_button(rig):
    view = show.sign_in(rig.wb, "flickr")
    assert view.begin.description in text(view.why)
    view.begin.click()
    view.code.value = "000-000-000"
    view.finish.click()

    assert f"Press “{view.begin.description}” again" in text(view.why)
    assert view.wait(PATIENCE)


def test_without_a_keyring_the_line_for_a_terminal_stands_before_the_first_step(rig, monkeypatch):
    problem = "This computer has no keyring."
    monkeypatch.setattr(Workbench, "mode", "live")
    keys = replace(rig.wb.credentials, keyring_problem=problem)
    monkeypatch.setattr(Workbench, "credentials", keys)
    view = show.sign_in(rig.wb, "flickr")
    assert view.wait(PATIENCE)

    assert f"! {problem} A sign-in here is for this notebook only" in text(view.first)
    assert f'data-copy="{html.escape(sign_in.terminal_line())}"' in view.first.value
    assert [view.head, view.first] == list(view.body.children[:2])


def test_the_line_for_a_terminal_signs_in_and_prints_the_two_values(rig):
    code = sign_in.terminal_line().partition(' -c "')[2].removesuffix('"')
    assert '"' not in code
    environ = {**os.environ, **rig.environ, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", code]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environ, stdin=pipe, stdout=pipe, text=True) as process:
        page = process.stdout.readline()
        token = page.split("oauth_token=")[1].split("&")[0]
        printed, _ = process.communicate(rig.flickr.backend.authorize(token, "delete"), timeout=60)

    lines = printed.removeprefix("Code: ").splitlines()
    assert [2, 2] == [len(one.split()) for one in lines]
    names = ["SOCIALS_FLICKR_TOKEN", "SOCIALS_FLICKR_TOKEN_SECRET"]
    assert names == [one.split()[0] for one in lines]


def test_in_demo_or_with_a_keyring_nothing_stands_before_the_first_step(rig):
    for name in ("flickr", "pixelfed"):
        view = show.sign_in(rig.wb, name)
        assert view.wait(PATIENCE)
        assert "" == view.first.value


def test_after_a_sign_in_the_header_the_checks_and_the_list_follow(rig):
    token = rig.pixelfed.token
    wb = rig.anew(SOCIALS_PIXELFED_TOKEN="")
    others = (show.header(wb).model, show.doctor(wb), show.setup_list(wb))
    assert all(one.wait(PATIENCE) for one in others)
    head, check, setup = others
    assert "not set up" == head.line("Pixelfed").state
    view = show.sign_in(wb, "pixelfed")
    assert view.wait(PATIENCE)
    view.token.value = token
    view.keep.click()

    assert all(one.wait(PATIENCE) for one in others)
    assert "signed in" == head.line("Pixelfed").state
    assert "signed in as demo" in next(o.found for o in check.checks if o.name == "Pixelfed")
    assert {True} == {one.needed for one in setup.items if one.group == "category"}
    assert view.wait(PATIENCE)


def test_without_a_keyring_the_variables_are_named(rig, monkeypatch):
    def none(*_args, **_more):
        raise SettingsError("This computer has no keyring.")

    monkeypatch.setattr(upkeep, "store_flickr_token", none)
    monkeypatch.setattr(Workbench, "mode", "live")
    said = upkeep.finish_flickr(rig.wb, "token", "secret")

    assert "This computer has no keyring. It is used in this notebook only." in said
    assert "SOCIALS_FLICKR_TOKEN and SOCIALS_FLICKR_TOKEN_SECRET" in said


def test_without_a_keyring_nobody_is_told_that_it_is_kept_there(tmp_path):
    kept = "Kept in the keyring of this computer"
    note = functools.partial(sign_in._note, "flickr", "live")
    assert kept in note()
    assert kept not in note("This computer has no keyring.")
    assert "This computer has no keyring." in note("This computer has no keyring.")


def test_a_live_sign_in_is_kept_in_the_keyring(tmp_path, monkeypatch):
    from socials_lib.credentials import ring as of_this_computer

    ring = Ring()
    monkeypatch.setattr(of_this_computer, "safe_keyring", lambda given=None: ring)
    rig = Rig(tmp_path, SOCIALS_MODE="live")
    try:
        said = upkeep.finish_flickr(rig.wb, "token-1", "secret-1")
    finally:
        rig.stop()

    assert said.startswith("Kept in the keyring")
    assert {"token-1", "secret-1"} == set(ring.kept.values())


def test_a_pixelfed_token_is_tried_and_used(rig):
    view = show.sign_in(rig.wb, "pixelfed")
    assert view.wait(PATIENCE)
    assert rig.pixelfed.url == view.server.value
    token = rig.pixelfed.token
    view.token.value = token
    view.keep.click()
    assert view.wait(PATIENCE)

    assert "" == view.token.value
    assert token not in markup(view)
    assert "Signed in as demo." in view.result.value


def test_a_wrong_token_leaves_the_sign_in_as_it_was(rig):
    view = show.sign_in(rig.wb, "pixelfed")
    assert view.wait(PATIENCE)
    view.token.value = "not-a-token"
    view.keep.click()
    assert view.wait(PATIENCE)

    host = rig.pixelfed.url.removeprefix("http://")
    said = f"{host} does not accept this token. The sign-in of before stays in use."
    assert said == view.trouble.message.fact
    assert "Signed in" in view.head.value
    assert "not-a-token" not in markup(view)
    assert rig.pixelfed.token == rig.wb.environ["SOCIALS_PIXELFED_TOKEN"]
    assert "demo" == rig.wb.account("pixelfed", fresh=True).account.name


def test_a_wrong_token_without_a_sign_in_of_before_promises_none(rig):
    wb = rig.anew(SOCIALS_PIXELFED_TOKEN="")
    with pytest.raises(SignedOut, match=r"does not accept this token\.$"):
        wb.keep_pixelfed_token("not-a-token", rig.pixelfed.url)


def test_what_is_no_address_is_refused(rig):
    with pytest.raises(SettingsError, match="no address"):
        rig.wb.keep_pixelfed_token("token", "ftp://somewhere")


def test_without_a_key_no_sign_in_begins(rig):
    for name in ("SOCIALS_FLICKR_APIKEY", "SOCIALS_FLICKR_APISECRET"):
        rig.environ.pop(name)
    wb = rig.anew()
    with pytest.raises(SignedOut, match="flickr_apikey"):
        wb.begin_flickr_sign_in()
    with pytest.raises(SignedOut, match="not begun"):
        wb.finish_flickr_sign_in("123")


def test_only_the_two_platforms_can_be_signed_in(rig):
    with pytest.raises(ValueError, match="flickr, pixelfed"):
        show.sign_in(rig.wb, "elsewhere")


# set-up, demo or live


def test_the_setup_list_offers_every_path_to_copy(rig):
    rig.photo("One", flickr=True, pixelfed=True)
    view = show.setup_list(rig.wb)
    assert view.wait(PATIENCE)

    texts = {one.text for one in view.items}
    assert {"Socials|flickr|_update", "photo_id", "flickr_apikey", "status_id"} <= texts
    assert 'data-copy="Socials|flickr|_delete"' in view.lists.value
    assert all(one.is_there for one in view.items if one.group == "category")
    assert False in {one.is_there for one in view.items if one.group == "error category"}


def test_a_variable_whose_value_is_known_from_elsewhere_is_not_to_be_created(rig):
    view = show.setup_list(rig.wb)
    assert view.wait(PATIENCE)
    variables = [one for one in view.items if one.group == "variable"]
    assert {False} == {one.needed for one in variables}
    assert "not there, not needed" in view.lists.value

    wb = rig.anew(SOCIALS_FLICKR_TOKEN="", SOCIALS_PIXELFED_TOKEN="")
    needed = {one.text for one in wb.setup_list() if one.group == "variable" and one.needed}
    assert {"pixelfed_token"} == needed


def test_what_a_platform_needs_is_listed_before_anybody_signs_in(rig):
    names = ("APIKEY", "APISECRET", "TOKEN", "TOKEN_SECRET")
    wb = rig.anew(**{f"SOCIALS_FLICKR_{one}": "" for one in names})
    assert ["pixelfed"] == list(wb.platforms)
    view = show.setup_list(wb)
    assert view.wait(PATIENCE)

    flickr = [one for one in view.items if one.platform == "flickr"]
    assert {"Socials|flickr|_update", "photo_id", "flickr_apikey"} <= {one.text for one in flickr}
    assert {False} == {one.needed for one in flickr}
    assert "Leave out what you do not use." in view.hint.value


def test_values_of_variables_are_never_listed(rig):
    rig.seed.variables["flickr_apikey"] = "very-secret-value"
    rig.reload()
    view = show.setup_list(rig.wb)
    assert view.wait(PATIENCE)

    assert "very-secret-value" not in view.lists.value
    assert next(one for one in view.items if one.text == "flickr_apikey").is_there


def test_demo_or_live_is_said_in_words(rig):
    view = show.mode(rig.wb)

    assert "DEMO" in view.words.value
    assert "python start.py --live" in view.words.value
    assert str(rig.wb.home) in view.folders.value


def test_the_demo_is_reset_through_the_side_door_after_a_question(rig, httpserver):
    rig.photo("One", flickr=True)
    rig.sync("flickr")
    httpserver.expect_ordered_request("/reset", method="POST").respond_with_json({"ok": True})
    wb = rig.anew(SOCIALS_WORLD_URL=httpserver.url_for("/").replace("localhost", "127.0.0.1"))
    wb.shelf["something"] = "old"
    view = show.mode(wb)
    view.reset.click()
    assert [] == httpserver.log
    view.yes.click()
    assert view.wait(PATIENCE)

    assert 1 == len(httpserver.log)
    assert "as on the first day" in view.trouble.message.fact
    assert {} == wb.shelf
    assert len(wb.history()) >= 0


def test_there_is_nothing_to_reset_without_a_practice_world(rig):
    with pytest.raises(SettingsError, match="no practice world"):
        rig.wb.reset_demo()


def test_only_a_world_on_this_computer_is_reset(rig):
    wb = rig.anew(SOCIALS_WORLD_URL="http://example.com/")
    with pytest.raises(SettingsError, match="no practice world"):
        wb.reset_demo()


# results


def test_results_show_each_photo_with_link_and_what_imatch_got(rig):
    rig.photo("Dawn <i>", flickr=True)
    steps = Steps(rig)
    view = show.results(rig.wb)
    assert "Nothing has been sent yet." in view.head.value
    steps.press(steps.pane("add"))
    view.thumbnails.wait(PATIENCE)
    view.paint()

    assert "Flickr: 1 added" in view.head.value
    assert "Dawn &lt;i&gt;" in view.list.value
    assert "Open in the demo Flickr" in view.list.value
    assert 'rel="noopener noreferrer"' in view.list.value
    assert "posted, photo_id, url" in view.list.value
    assert "Copy 1 link" in view.foot.value
    assert "What changed in IMatch (1 record" in view.changed.value


def test_results_follow_what_was_done_by_code(rig):
    rig.photo("Dawn", pixelfed=True)
    rig.sync("pixelfed")
    view = show.results(rig.wb)

    assert "Pixelfed: 1 added" in view.head.value


def test_what_needs_a_look_can_be_shown_alone(rig):
    rig.photo("Good", flickr=True, taken="2024-01-02T10:00:00")
    rig.photo("Bad", flickr=True, taken="2024-01-01T10:00:00")
    body = b'<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="fail">\n\t'
    body += b'<err code="4" msg="Filesize was zero" />\n</rsp>\n'
    rig.flickr.fail_next("upload", body=body, content_type="text/xml")
    rig.sync("flickr")
    view = show.results(rig.wb)
    both = [view.row(one).title for one in view.shown]
    view.show_failed.click()

    assert ["Bad", "Good"] == both
    assert ["Bad"] == [view.row(one).title for one in view.shown]
    assert "Show all" == view.show_failed.description


# history and resume


def test_history_lists_runs_and_shows_their_photos(rig):
    rig.photo("Dawn", flickr=True)
    rig.sync("flickr")
    view = show.history(rig.wb)
    view.rows.children[0].children[1].click()

    assert 1 == len(view.rows.children)
    assert "1 added" in view.rows.children[0].children[0].value
    assert "“<bdi" in view.details.value
    assert "Dawn" in view.details.value


def test_history_without_any_run_says_so(rig):
    assert "No run yet." in show.history(rig.wb).rows.children[0].value


def test_nothing_open_is_said(rig):
    assert "Nothing is open." in show.resume(rig.wb).nothing.value


def test_a_run_that_died_can_be_finished_from_the_history(rig):
    for name in ("One", "Two"):
        rig.photo(name, flickr=True)
    steps = Steps(rig)
    pane = steps.pane("add")
    with steps.uploading(pane):
        pane.stop.click()
    steps.end(pane)
    rig.anew()
    view = show.resume(rig.wb)
    assert "did not end" in view.trouble.message.fact
    assert 1 == len(rig.flickr_titles())
    view.trouble._press("Finish this run")
    assert view.jobs.wait(PATIENCE)
    view.painter.now()

    assert ["One", "Two"] == rig.flickr_titles()
    assert "Nothing is open." in view.nothing.value


def test_the_report_is_written_and_opened_outside(rig, monkeypatch):
    opened = []
    monkeypatch.setattr("socials_lib.workbench.runs.open_in_browser", opened.append)
    rig.photo("Dawn", flickr=True)
    rig.sync("flickr")
    view = show.results(rig.wb)
    view.open_report.click()
    assert view.worker.wait(PATIENCE)

    assert 1 == len(opened)
    assert opened[0].exists()
    assert str(opened[0].name) in view.report_path.value
