"""The log file: one line an event, no secrets, never in the way."""

import logging
import re
from datetime import UTC, datetime, timedelta

import pytest

from socials_lib import logs
from socials_lib.models import Event, Note, Outcome

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
log = logging.getLogger("socials_lib.sync.run")


@pytest.fixture(autouse=True)
def levels_and_handlers_as_before():
    names = ("socials_lib", *logs.QUIET)
    before = {name: logging.getLogger(name).level for name in names}
    yield
    logs.close()
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def path(tmp_path):
    """The log of a data folder, set up."""
    return logs.set_up(tmp_path, redact=lambda text: text.replace("tok-4711", "***"))


def lines(path):
    return path.read_text(encoding="utf-8").splitlines()


def event(step="row", state="started", **more):
    return Event(**{"at": AT, "run": "r-1", "step": step, "state": state, **more})


def ended(state, **more):
    values = {"file_id": "1201", "name": "a.jpg", "platform": "flickr", "action": "add"}
    how = Outcome(**values, state=state, **more)
    return event(state=state, platform="flickr", file_id="1201", title="Dawn", outcome=how)


def test_setting_up_writes_nothing_and_makes_no_folder(tmp_path, path):
    assert tmp_path / "logs" / "socials.log" == path
    assert [] == list(tmp_path.iterdir())


def test_a_line_has_time_with_zone_level_run_and_words(path):
    logs.heard(event("run", "started", total=37))
    logs.heard(event("upload", "sending", platform="flickr", file_id="1201", title="Dawn"))
    logs.heard(ended("done", remote_id="54012345678"))
    logs.heard(event("run", "done"))
    start = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d INFO    r-1 "
    found = lines(path)
    assert all(re.match(start, one) for one in found)
    assert [
        "run started, 37 rows",
        "flickr 1201 “Dawn”: upload sending",
        "flickr 1201 “Dawn”: add done; 54012345678",
        "run done",
    ] == [re.sub(start, "", one) for one in found]


def test_what_failed_is_a_warning_with_code_fact_and_notes(path):
    notes = (Note(code="group_full", message="full today"),)
    logs.heard(ended("failed", code="refused", message="No.", warnings=notes, repeated=("twice",)))
    [line] = lines(path)
    assert " WARNING r-1 " in line
    assert line.endswith("add failed; refused; No.; note group_full: full today; twice")


def test_events_are_handed_to_nobody_else(path):
    """Other handlers (of the command line, of a notebook) hear of warnings only."""
    told = []
    other = logging.Handler()
    other.emit = told.append
    logging.getLogger().addHandler(other)
    try:
        logs.heard(ended("failed"))
        log.warning("a warning")
    finally:
        logging.getLogger().removeHandler(other)
    assert ["a warning"] == [one.getMessage() for one in told]


def test_a_wait_says_until_when_and_why(path):
    logs.heard(event("wait", "waiting", until=AT + timedelta(minutes=15), message="pause"))
    assert lines(path)[0].endswith("wait waiting until 2026-11-22T12:15:00+00:00 (pause)")


def test_the_steps_of_an_upload_are_not_logged(path):
    for sent in range(100):
        logs.heard(event("upload", "sending", bytes_sent=sent, bytes_total=100))
    assert not path.exists()


def test_lines_of_other_rooms_carry_the_run_while_it_goes_on(path):
    logs.heard(event("run", "started"))
    log.info("group full")
    logs.heard(event("run", "done"))
    log.info("later")
    assert " r-1 sync.run: group full" in lines(path)[1]
    assert " - sync.run: later" in lines(path)[3]


def test_secrets_are_taken_out_of_words_values_and_tracebacks(path):
    log.info("token tok-4711")
    log.warning("token %s", "tok-4711")
    try:
        raise ValueError("tok-4711 is wrong")
    except ValueError:
        log.exception("failed")
    text = path.read_text(encoding="utf-8")
    assert "tok-4711" not in text
    assert 4 == text.count("***")  # the line of code in the traceback as well


def test_a_title_cannot_forge_a_line_or_turn_one_around(path):
    logs.heard(
        event("upload", "sending", title="Dawn\n2026-11-22 ERROR all is lost\r\u2028x\u202ey")
    )
    log.info("null\x00 escape\x1b[31m")
    assert 2 == len(lines(path))
    assert "Dawn\\n2026-11-22 ERROR all is lost\\r\\u2028x\\u202ey" in lines(path)[0]
    assert "null\\x00 escape\\x1b[31m" in lines(path)[1]


def test_tracebacks_follow_indented(path):
    try:
        raise ValueError("one\ntwo")
    except ValueError:
        log.exception("failed")
    first, *rest = lines(path)
    assert "failed" in first
    assert rest
    assert all(one.startswith("    | ") for one in rest)


def test_half_a_character_and_long_words_are_written(path):
    log.info("half \ud83d Über 🌫")
    log.info("x" * 50_000)
    assert "half \\ud83d Über 🌫" in lines(path)[0]
    assert 2_100 > len(lines(path)[1])


def test_details_for_programmers_stay_out(path):
    log.debug("a detail")
    assert not path.exists()


def test_five_files_of_a_megabyte_are_kept(path, monkeypatch):
    monkeypatch.setattr(logs, "MOST_BYTES", 1_000)
    logs.set_up(path.parents[1], redact=lambda text: text)
    for number in range(100):
        log.info("line %03d %s", number, "x" * 80)
    kept = sorted(one.name for one in path.parent.iterdir())
    assert ["socials.log", *(f"socials.log.{number}" for number in range(1, 5))] == kept
    assert all(one.stat().st_size <= 1_000 for one in path.parent.iterdir())
    assert "line 099" in lines(path)[-1]


def test_a_file_that_cannot_be_turned_over_is_gone_on_with(path, monkeypatch):
    """Windows refuses while another process writes its line."""
    monkeypatch.setattr(logs, "MOST_BYTES", 300)
    logs.set_up(path.parents[1], redact=lambda text: text)
    with monkeypatch.context() as patched:
        patched.setattr(logging.handlers.os, "rename", _refused)
        for number in range(10):
            log.info("line %d %s", number, "x" * 80)
    assert 10 == len(lines(path))
    log.info("the next")
    assert 1 == len(lines(path))


def _refused(*_paths):
    raise PermissionError("in use")


def test_the_file_is_closed_between_lines(path):
    log.info("one")
    path.replace(path.with_name("moved.log"))
    log.info("two")
    assert 1 == len(lines(path))


def test_a_folder_that_cannot_be_written_disturbs_nothing(tmp_path, capsys):
    (tmp_path / "home").write_text("a file is in the way", encoding="utf-8")
    logs.set_up(tmp_path / "home", redact=lambda text: text)
    log.warning("not written")
    logs.heard(event())
    assert ("", "") == capsys.readouterr()


def test_words_that_do_not_fit_their_values_disturb_nothing(tmp_path, capsys):
    logs.set_up(tmp_path, redact=lambda text: text)
    record = logging.LogRecord("socials_lib.x", logging.INFO, "x", 1, "%d", ("one",), None)
    for handler in logging.getLogger("socials_lib").handlers:
        handler.handle(record)
    assert ("", "") == capsys.readouterr()


def test_libraries_that_print_tokens_are_kept_quiet(path):
    assert logging.CRITICAL == logging.getLogger("flickrapi.core").getEffectiveLevel()
    assert logging.CRITICAL == logging.getLogger("requests_oauthlib.oauth1").getEffectiveLevel()
    assert logging.CRITICAL == logging.getLogger("oauthlib.oauth1").getEffectiveLevel()
    assert logging.WARNING == logging.getLogger("urllib3.connectionpool").getEffectiveLevel()


def test_a_second_data_folder_takes_the_log_over(tmp_path, path):
    other = logs.set_up(tmp_path / "other", redact=lambda text: text)
    log.info("one")
    assert not path.exists()
    assert 1 == len(lines(other))


def test_a_folder_set_up_twice_gets_each_line_once(tmp_path, path):
    logs.set_up(tmp_path, redact=lambda text: text)
    log.info("one")
    assert 1 == len(lines(path))


def test_a_level_that_the_person_chose_stays(tmp_path):
    logging.getLogger("socials_lib").setLevel(logging.DEBUG)
    path = logs.set_up(tmp_path, redact=lambda text: text)
    log.debug("a detail")
    assert 1 == len(lines(path))
