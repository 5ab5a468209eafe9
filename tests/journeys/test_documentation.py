"""What README and `docs/` show really runs: Python, command lines, documents of the contract."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import document_claims as claims
import documents
import pytest
import world as named
from command_line_kit import (
    ERROR,
    MODE,
    check_plan,
    check_run,
    checked,
    moment,
    one_of,
    or_null,
    socials_here,
    words,
)
from documents import Block, Documents, Page

from socials_lib.demo.world import World
from socials_lib.workbench import Workbench

ROOT = Path(__file__).resolve().parents[2]
DOCS = Documents(ROOT)
#: The addresses and keys of a world, and where its things are.
WORLD = {
    "imatch_url": words,
    "flickr_url": words,
    "pixelfed_url": words,
    "home": words,
    "env": dict,
}
CHECK = {"name": words, "state": one_of("ok", "warning", "failed"), "found": words}
CHECK |= {"hint": or_null(words)}
RUN = {
    "run": words,
    "started": moment,
    "ended": or_null(moment),
    "state": one_of("running", "done", "stopped", "halted", "broken"),
    "mode": MODE,
    "summary": dict,
}
_TEXT = or_null(words)
FINDING = {
    "file_id": _TEXT,
    "platform": one_of("flickr", "pixelfed"),
    "remote_id": _TEXT,
    "code": one_of(*claims.FINDING_CODES),
    "field": _TEXT,
    "imatch": or_null(str),
    "remote": or_null(str),
    "base": or_null(str),
    "suggestion": _TEXT,
}
STOP = {"stopping": bool, "run": str, "origin": str, "done": int, "total": int}
CONTRACT: Mapping[str, Callable[[Any], None]] = {
    "plan": check_plan,
    "run": check_run,
    "world": lambda found: checked("world", found, WORLD),
    "doctor": lambda found: checked("doctor", found, {"ok": bool, "checks": [CHECK]}),
    "history": lambda found: checked("history", found, {"runs": [RUN]}),
    "audit": lambda found: checked("audit", found, {"findings": [FINDING]}),
    "stop": lambda found: checked("stop", found, STOP),
    "error": lambda found: checked("error", found, {"error": ERROR}),
}


@pytest.fixture(scope="module")
def the_world() -> Iterator[World]:
    with World(pictures=named.pictures()) as made:
        yield made


@pytest.fixture
def fresh(the_world: World) -> World:
    """The rehearsal world as after its start."""
    if any(one.requests for one in the_world.services.values()):
        the_world.reset()
    return the_world


# what can be wrong


def json_trouble(block: Block) -> str:
    """Why a block is not the document that it says it is."""
    check = CONTRACT.get(block.words)
    if check is None:
        return f"{block.where}: no document is called “{block.words}”"
    try:
        check(json.loads(block.text))
    except (AssertionError, ValueError, KeyError) as error:
        return f"{block.where}: {error}"
    return ""


def python_trouble(page: Page, environ: Mapping[str, str]) -> str:
    """Why the Python of a page does not run, block after block in one namespace with `wb`."""
    names: dict[str, Any] = {"wb": Workbench.open(environ=environ)}
    for block in runnable(page, "python"):
        try:
            with redirect_stdout(io.StringIO()):
                exec(compile(block.text, block.where, "exec"), names)
        except Exception as error:
            return f"{block.where}: {type(error).__name__}: {error}"
    return ""


def shell_trouble(page: Page, environ: Mapping[str, str]) -> str:
    """Why the command lines of a page do not do what they say, one after the other."""
    for block in runnable(page, "sh"):
        for line, code in documents.command_lines(block):
            command, *rest = documents.arguments(line)
            if command != "socials":
                return f"{block.where}: not ours: {line}"
            done = socials_here(environ, *rest)
            if done.code != code:
                return f"{block.where}: {line}: exit {done.code}, not {code}: {done.err}"
    return ""


def runnable(page: Page, language: str) -> list[Block]:
    """The blocks of a page that are to be run."""
    marks = {"python": "", "sh": "run"}
    return [one for one in page.blocks if (one.language, one.words) == (language, marks[language])]


def pages(language: str) -> list[str]:
    """The pages with something to run."""
    return [name for name, page in DOCS.pages.items() if runnable(page, language)]


# the project's pages


@pytest.mark.parametrize("block", DOCS.of("json"), ids=lambda block: f"{block.where}-{block.words}")
def test_a_document_has_the_members_of_the_contract(block):
    assert "" == json_trouble(block)


def test_every_document_of_the_contract_is_shown():
    assert set(CONTRACT) == {block.words for block in DOCS.of("json")}


@pytest.mark.parametrize("name", pages("python"))
def test_the_python_of_a_page_runs(name, fresh):
    assert "" == python_trouble(DOCS[name], fresh.env)


@pytest.mark.parametrize("name", pages("sh"))
def test_the_commands_of_a_page_end_as_they_say(name, fresh, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert "" == shell_trouble(DOCS[name], fresh.env)


def test_the_commands_of_the_readme_work_against_a_rehearsal_world(fresh, tmp_path, monkeypatch):
    """Word for word, but for the place of the program; deletes that need consent make it 4."""
    monkeypatch.chdir(tmp_path)
    block = next(one for one in DOCS["README.md"].blocks if "socials doctor" in one.text)
    codes = {}
    for line, _ in documents.command_lines(block):
        _, *rest = documents.arguments(line)
        codes[rest[0]] = socials_here(fresh.env, *rest).code

    assert {"doctor": 0, "plan": 2, "sync": 4, "history": 0} == codes


def test_every_line_that_the_doctor_writes_is_explained(fresh):
    text = DOCS["docs/when-something-breaks.md"].section("What the doctor says")
    written = [one.name for one in Workbench.open(environ=fresh.env).doctor()]

    assert [] == [name for name in written if f"`{name}`" not in text]


def test_the_wall_has_all_that_a_platform_has():
    from socials_lib.platforms.base import Platform

    members = {name for name in vars(Platform) if not name.startswith("_")} | {"name"}
    page = DOCS["docs/add-a-platform.md"]
    listed = set(documents.table(page.section("What the members promise"), "member"))
    code = "\n".join(block.text for block in runnable(page, "python"))

    assert members - {"name"} == listed
    assert [] == [
        one for one in sorted(members) if f"def {one}(" not in code and f"    {one} =" not in code
    ]


# they can fail


def page_of(folder: Path, text: str) -> Page:
    return Page(path=folder / "page.md", name="page.md", text=text)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("```python\nwb.no_such_method()\n```", "page.md:1: AttributeError"),
        ("```python\nassert wb.mode == 'live'\n```", "page.md:1: AssertionError"),
        ("```python\nkept = 1\n```\n\n```python\nprint(lost)\n```", "page.md:5: NameError"),
    ],
)
def test_python_that_does_not_run_is_found(text, complaint, the_world, tmp_path):
    assert python_trouble(page_of(tmp_path, text), the_world.env).startswith(complaint)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("```sh run\nsocials history     # exit 2\n```", "exit 0, not 2"),
        ("```sh run\nsocials plan\n```", "exit 2, not 0"),
        ("```sh run\nrm report.zip\n```", "not ours"),
    ],
)
def test_a_command_that_ends_otherwise_is_found(text, complaint, the_world, tmp_path):
    assert complaint in shell_trouble(page_of(tmp_path, text), the_world.env)


@pytest.mark.parametrize(
    "text",
    [
        '```json error\n{"error": {"code": "x"}}\n```',
        '```json doctor\n{"ok": "yes", "checks": []}\n```',
        '```json doctor\n{"ok": true,}\n```',
        "```json letter\n{}\n```",
    ],
)
def test_a_document_that_breaks_the_contract_is_found(text, tmp_path):
    [block] = page_of(tmp_path, text).blocks

    assert json_trouble(block)
