"""The dry-run switch, privacy and private words count from the moment they are set."""

import pytest
from rig import states

from socials_lib.errors import SettingsError

TESTING = "imatch_to_socials_testing"


def say(rig, name, value):
    """The person sets an application variable in the running IMatch."""
    rig.imws.backend.variables[name] = value


def write_settings(rig, text):
    """The person saves `settings.toml` while the notebook is open."""
    path = rig.wb.settings_file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def stopped_at_once(rig, **how):
    def listen(event):
        if (event.step, event.state) == ("run", "started"):
            rig.wb.stop.set()

    return rig.sync("flickr", listen=listen, **how)


def public(rig):
    """The titles of photos that everybody sees on Flickr, and of those that nobody does."""
    found = rig.flickr_photos().items()
    return tuple([title for title, one in found if one["is_public"] == flag] for flag in (1, 0))


# -- dry run


def test_a_run_that_was_left_does_not_go_on_in_a_dry_run(rig):
    rig.photo("One", flickr=True)
    stopped_at_once(rig)
    say(rig, TESTING, 1)
    rig.anew()

    with pytest.raises(SettingsError, match="nothing is sent") as error:
        rig.wb.resume()

    assert ("dry_run", []) == (error.value.code, rig.flickr_titles())


def test_a_delete_that_was_approved_before_does_not_go_on_in_a_dry_run(rig):
    one = rig.photo("One", flickr=True)
    rig.sync("flickr")
    rig.flag(one, "flickr|_delete")
    stopped_at_once(rig, deletes=1)
    say(rig, TESTING, 1)

    with pytest.raises(SettingsError, match="nothing is sent"):
        rig.wb.resume()

    assert ["One"] == rig.flickr_titles()
    say(rig, TESTING, 0)
    rig.wb.resume()
    assert [] == rig.flickr_titles()


def test_nothing_is_settled_in_a_dry_run(rig):
    rig.photo("One", flickr=True)
    rig.imws.backend.result_not_ok_next(times=1)
    rig.sync("flickr")
    sent = len(rig.flickr.requests)
    say(rig, TESTING, 1)

    with pytest.raises(SettingsError):
        rig.wb.resume()

    assert sent == len(rig.flickr.requests)


def test_a_dry_run_that_is_switched_on_while_the_notebook_is_open_counts_at_once(rig):
    one = rig.photo("One", flickr=True)
    rig.sync("flickr")
    rig.flag(one, "flickr|_delete")
    plan = rig.plan("flickr")
    say(rig, TESTING, 1)

    with pytest.raises(SettingsError, match="nothing is sent"):
        rig.wb.apply(plan, approve_deletes=1)

    assert (["One"], True) == (rig.flickr_titles(), rig.wb.is_dry_run)


def test_a_dry_run_that_is_switched_off_ends_at_once(rig):
    rig.photo("One", flickr=True)
    say(rig, TESTING, 1)
    plan = rig.plan("flickr")
    assert rig.wb.is_dry_run
    say(rig, TESTING, 0)

    assert ["done"] == states(rig.wb.apply(plan))


# -- privacy


def test_a_privacy_that_is_set_while_the_notebook_is_open_counts_for_the_next_plan(rig):
    rig.photo("One", flickr=True)
    assert ["public"] == [row.text.visibility for row in rig.plan("flickr").rows]
    say(rig, "flickr_is_public", 0)

    plan = rig.plan("flickr")
    rig.wb.apply(plan)

    assert ["private"] == [row.text.visibility for row in plan.rows]
    assert ([], ["One"]) == public(rig)


def test_a_plan_from_before_shows_nothing_to_people_whom_the_privacy_leaves_out_now(rig):
    rig.photo("One", flickr=True)
    plan = rig.plan("flickr")
    say(rig, "flickr_is_public", 0)

    run = rig.wb.apply(plan)

    assert (["stale"], []) == (states(run), rig.flickr_titles())
    assert "the privacy setting has changed since this plan was made" in run.outcomes[0].message
    assert "Make a new plan." == run.outcomes[0].hint


def test_a_pixelfed_post_is_no_more_open_than_the_settings_of_now(rig):
    rig.photo("One", pixelfed=True)
    plan = rig.plan("pixelfed")
    say(rig, "pixelfed_visibility", "unlisted")

    run = rig.wb.apply(plan)

    assert (["stale"], []) == (states(run), rig.statuses())


def test_a_plan_from_before_keeps_its_privacy_where_more_would_be_allowed_now(rig):
    """What the person saw is what is done."""
    rig.photo("One", flickr=True)
    say(rig, "flickr_is_public", 0)
    plan = rig.plan("flickr")
    say(rig, "flickr_is_public", 1)

    run = rig.wb.apply(plan)

    assert (["done"], ([], ["One"])) == (states(run), public(rig))


def test_a_run_that_goes_on_shows_nothing_to_people_whom_the_privacy_leaves_out_now(rig):
    rig.photo("One", flickr=True)
    stopped_at_once(rig)
    say(rig, "flickr_is_public", 0)

    run = rig.wb.resume()

    assert (["stale"], []) == (states(run), rig.flickr_titles())


def test_a_photo_that_is_online_is_finished_whatever_the_privacy_says_now(rig):
    one = rig.photo("One", flickr=True)
    rig.imws.backend.result_not_ok_next(times=1)
    rig.sync("flickr")
    say(rig, "flickr_is_public", 0)

    run = rig.wb.resume()

    assert (["done"], True) == (states(run), bool(rig.ids("flickr", one)))


def test_a_delete_has_nothing_to_do_with_privacy(rig):
    one = rig.photo("One", flickr=True)
    rig.sync("flickr")
    rig.flag(one, "flickr|_delete")
    plan = rig.plan("flickr")
    say(rig, "flickr_is_public", 0)

    assert ["done"] == states(rig.wb.apply(plan, approve_deletes=1))


# -- settings.toml


def test_private_words_that_are_added_while_the_notebook_is_open_count_for_the_next_plan(rig):
    rig.photo("Secret villa", flickr=True)
    assert [False] == [row.blocked for row in rig.plan("flickr").rows]

    write_settings(rig, '[private]\nwords = ["villa"]\n')

    assert ["private_content"] == [row.reason for row in rig.plan("flickr").rows]
    rig.sync("flickr")
    assert [] == rig.flickr_titles()


def test_a_settings_file_that_is_taken_away_counts_no_more(rig):
    rig.photo("Secret villa", flickr=True)
    write_settings(rig, '[private]\nwords = ["villa"]\n')
    assert ["private_content"] == [row.reason for row in rig.plan("flickr").rows]

    rig.wb.settings_file.unlink()

    assert ["new"] == [row.reason for row in rig.plan("flickr").rows]


def test_settings_that_cannot_be_read_any_more_stop_everything_before_it_is_sent(rig):
    rig.photo("One", flickr=True)
    plan = rig.plan("flickr")
    write_settings(rig, "[private]\nword = 3\n")

    for attempt in (lambda: rig.plan("flickr"), lambda: rig.wb.apply(plan), rig.wb.resume):
        with pytest.raises(SettingsError, match=r"no setting \[private\] word; did you mean words"):
            attempt()

    assert [] == rig.flickr_titles()
    write_settings(rig, "")
    assert ["done"] == states(rig.wb.apply(plan))


def test_another_pace_counts_from_the_next_plan_on(rig):
    rig.photo("One", flickr=True)
    rig.plan("flickr")

    write_settings(rig, "[pace]\nflickr_per_hour = 7\n[flickr]\nstamp = false\n")
    rig.sync("flickr")

    (one,) = rig.flickr_photos().values()
    assert 7 == rig.wb.calls_used("flickr")[1]
    assert [] == [tag for tag in one["tags"] if "imatch" in str(tag)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[imatch]\nuser = "somebody else"\n', "The user of IMatch"),
        ('[imatch]\nurl = "http://127.0.0.1:1"\n', "The address of IMatch"),
        ('[flickr]\nurl = "http://127.0.0.1:1"\n', "The address that replaces Flickr's"),
        ('[pixelfed]\nurl = "https://other.example"\n', "The Pixelfed server"),
    ],
)
def test_another_address_or_user_needs_a_new_session(rig, text, words):
    """The rig names them in the environment, which is stronger; here the file alone does."""
    rig.photo("One", flickr=True)
    name = f"SOCIALS_{text[1 : text.index(']')]}_{text.split()[1]}".upper()
    here = rig.environ.pop(name)
    section, key = text.split("\n")[:2]
    write_settings(rig, f'{section}\n{key.split(" = ")[0]} = "{here}"\n')
    rig.anew()
    plan = rig.plan("flickr")
    write_settings(rig, text)

    for attempt in (lambda: rig.plan("flickr"), lambda: rig.wb.apply(plan), rig.wb.resume):
        with pytest.raises(SettingsError, match=words) as error:
            attempt()
        assert ("settings_changed", True) == (error.value.code, "Restart" in error.value.hint)

    assert [] == rig.flickr_titles()


def test_a_pixelfed_server_that_is_set_up_while_the_notebook_is_open_is_used(rig):
    server = rig.environ.pop("SOCIALS_PIXELFED_URL")
    rig.anew()
    rig.photo("One", flickr=True, pixelfed=True)
    assert {"flickr"} == set(rig.plan().accounts)

    say(rig, "pixelfed_url", server)

    assert {"flickr", "pixelfed"} == set(rig.plan().accounts)
