"""README and the pages of `docs/` say what is true, and say all of it.

What can be wrong with them stands in `documents`; `test_documentation_faults` plants each fault
once, `tests/journeys/test_documentation.py` runs what is said to run.
"""

import re
from pathlib import Path

import document_claims as claims
import documents
import pytest
from documents import Documents

from socials_lib.settings import reference
from socials_lib.widgets.message_table import TEXTS

ROOT = Path(__file__).resolve().parents[2]
DOCS = Documents(ROOT)
#: Buttons that the pages tell people to press.
BUTTONS = {
    "docs/sign-in.md": ("Get Flickr's permission page", "Finish sign-in", "Check and keep"),
    "docs/when-something-breaks.md": (
        "Finish this run",
        "Watch it",
        "Ask it to stop",
        "Write to IMatch…",
    ),
    "docs/inside-imatch.md": ("Show the plan", "Stop after this photo"),
}
WORDS_OF_THE_VIEWS = "".join(
    path.read_text(encoding="utf-8")
    for room, kinds in (("widgets", "*.py"), ("imatch_app/page", "*"))
    for path in sorted((ROOT / "socials_lib" / room).glob(kinds))
    if path.is_file()
)
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize(
    "check",
    [
        documents.broken_links,
        documents.pictures_without_words,
        documents.unlabelled_blocks,
        documents.crooked_boxes,
        documents.unlinked_pages,
        documents.machine_paths,
        documents.misunderstood_commands,
        documents.unquoted_signs,
        claims.python_that_cannot_run,
        claims.unknown_settings,
        claims.undescribed_settings,
        claims.unknown_code,
        claims.incomplete_commands,
    ],
    ids=lambda check: check.__name__,
)
def test_there_are_no(check):
    assert [] == check(DOCS)


def test_settings_that_are_shown_can_be_loaded(tmp_path):
    assert [] == claims.unloadable_settings(DOCS, tmp_path)


def test_the_settings_reference_is_the_one_of_the_code():
    assert reference().strip() in DOCS["docs/settings.md"].text


@pytest.mark.parametrize("page", ["README.md", "docs/index.md"])
def test_every_notebook_is_named(page):
    assert [] == claims.unmentioned(DOCS, page, NOTEBOOKS)


def test_no_page_names_a_notebook_that_is_not_there():
    named = {
        (page.name, code)
        for page in DOCS.pages.values()
        for code in page.codes
        if code[:2].isdigit() and code[2:3] == "_"
    }

    assert [] == sorted(one for one in named if one[1].removesuffix(".ipynb") not in NOTEBOOKS)


def test_every_command_stands_in_the_readme():
    text = DOCS["README.md"].text

    assert [] == [name for name in documents.commands() if f"`socials {name}" not in text]


def test_every_exit_code_is_explained():
    given = documents.table(DOCS["docs/command-line.md"].section("Exit codes"), "code")

    assert {"0", "1", "2", "3", "4", "5"} == set(given)


def test_every_code_that_ends_a_command_with_4_or_5_is_named_with_them():
    text = DOCS["docs/command-line.md"].section("Exit codes")

    assert [] == [one for one in claims.EXIT_CODES if f"`{one}`" not in text]


def test_every_problem_of_a_photo_is_explained():
    page = DOCS["docs/when-something-breaks.md"]
    text = page.section("A photo is held back")

    assert [] == [one for one in claims.PROBLEMS if f"`{one}`" not in text]


def test_every_error_category_is_listed():
    text = DOCS["docs/set-up-imatch.md"].section("Error categories")

    assert [] == [leaf for leaf in claims.LEAVES if f"| `{leaf}` |" not in text]


def test_every_category_attribute_and_variable_to_create_is_listed():
    assert [] == claims.unmentioned(DOCS, "docs/set-up-imatch.md", claims.setup_names())


def test_every_line_of_the_doctor_is_explained():
    text = DOCS["docs/when-something-breaks.md"].section("What the doctor says")

    assert [] == [one for one in claims.doctor_lines(ROOT) if f"`{one}`" not in text]


def test_every_finding_of_an_audit_is_explained():
    page = "docs/bulk-fix-and-audit.md"

    assert [] == claims.unmentioned(DOCS, page, claims.FINDING_CODES)


@pytest.mark.parametrize(
    ("page", "label"), [(page, label) for page, labels in BUTTONS.items() for label in labels]
)
def test_a_button_is_called_as_it_is(page, label):
    assert f"**{label}**" in DOCS[page].text
    assert label in WORDS_OF_THE_VIEWS


def test_symptoms_are_quoted_as_they_are_said():
    rows = documents.table(DOCS["docs/when-something-breaks.md"].text, "you see")
    quoted = [one for words in rows for one in re.findall('"([^"]+)"', words)]
    said = " ".join(one.fact for one in TEXTS.values())

    assert len(quoted) >= 6
    assert [] == [one for one in quoted if one not in said]


def test_the_readme_is_short():
    assert len(DOCS["README.md"].text.splitlines()) <= 200
