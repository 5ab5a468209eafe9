"""The recipes of docs/schedule.md are commands that exist, and safe to leave alone."""

import re
import shlex
from pathlib import Path

import pytest

from socials_lib.cli.arguments import parser

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "schedule.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.+?)```", TEXT, flags=re.DOTALL)
LINES = [(kind, line) for kind, block in BLOCKS for line in block.strip().splitlines()]
CRON = [line for kind, line in LINES if kind == "cron"]


def commands():
    """What follows the program's name in every recipe, up to a redirection."""
    for _, line in LINES:
        found = re.search(r"socials(?:\.exe\" -Argument ')? ?(sync [^'>]*|doctor [^'>]*)", line)
        if found:
            yield shlex.split(found[1])


def test_every_recipe_is_a_command_that_is_understood():
    found = [parser().parse_args(one) for one in commands()]

    assert len(found) >= 6
    assert {"sync"} == {one.command for one in found}


def test_no_recipe_deletes_and_all_take_a_few_at_a_time():
    for words in commands():
        options = parser().parse_args(words)
        assert options.approve_deletes is None, words
        assert options.max_photos, words
        assert options.yes or options.dry_run, words


def test_options_that_are_only_named_exist_too():
    shown = parser().parse_args(
        ["sync", "--category", "Coast|2024", "--ids", "1201,1202", "--ids-file", "chosen.txt"]
    )
    assert ["Coast|2024"] == shown.category
    for option in re.findall(r"`(--[a-z-]+)", TEXT):
        assert option in _help("sync") + _help("doctor"), option


def _help(command):
    action = next(one for one in parser()._actions if one.dest == "command")
    return action.choices[command].format_help()


@pytest.mark.parametrize("line", CRON)
def test_a_cron_line_has_five_times_and_a_plain_command(line):
    minute, hour, day, month, weekday, command = line.split(" ", 5)

    assert 0 <= int(minute) < 60 and 0 <= int(hour) < 24
    assert ("*", "*", "*") == (day, month, weekday)
    assert "%" not in command, "cron takes a bare % for a line end"
    assert 0 == command.count('"') % 2
    assert shlex.split(command)
    assert "cd " in command and "2>&1" in command


def test_the_powershell_lines_are_whole():
    blocks = [block for kind, block in BLOCKS if kind == "powershell"]
    text = "\n".join(blocks)

    assert blocks
    assert 0 == text.count("'") % 2 == text.count('"') % 2
    assert text.count("(") == text.count(")")
    assert 1 == text.count("Register-ScheduledTask -TaskName 'IMatch to Socials'")
    assert "$folder\\.venv\\Scripts\\socials.exe" in text
    assert "-WorkingDirectory $folder" in text


def test_both_systems_are_shown_the_same_first_step():
    first = [words for words in commands() if "--dry-run" in words]

    assert 2 == len(first)
    assert first[0] == first[1]


def test_the_exit_codes_are_those_of_the_program():
    from socials_lib import cli

    assert ["0", "1", "2", "3", "4", "5"] == re.findall(r"^\| (\d) \|", TEXT, flags=re.MULTILINE)
    for number in range(6):
        assert re.search(rf"^ +{number}  \w", cli.__doc__ or "", flags=re.MULTILINE)
