"""What the documents say is true: links resolve, settings and commands are complete."""

import re
from pathlib import Path

import pytest

from socials_lib.cli.arguments import parser
from socials_lib.settings import KEYS, reference

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_inside_the_project_resolves(path):
    text = path.read_text(encoding="utf-8")
    targets = [one for one in re.findall(r"\]\(([^)#]+)", text) if "://" not in one]
    assert [] == [one for one in targets if not (path.parent / one).exists()]


def test_the_settings_reference_is_the_one_of_the_code():
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert reference().strip() in text
    assert all(f"`{key.key}`" in text for key in KEYS)


def test_every_command_stands_in_the_readme():
    action = next(one for one in parser()._actions if one.dest == "command")
    assert [] == [name for name in action.choices if f"`socials {name}" not in README]


def test_the_commands_of_the_readme_are_understood():
    lines = re.findall(r"^\.venv/bin/socials (.+)$", README, flags=re.MULTILINE)
    assert lines
    for line in lines:
        parser().parse_args(line.split())
