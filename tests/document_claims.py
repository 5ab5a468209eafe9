"""What the pages claim, against the code: settings, names, commands, codes, lines of the doctor."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from documents import CODE, Documents, parsers

from socials_lib import validation
from socials_lib.audit import CODES as FINDINGS
from socials_lib.credentials import PARTS
from socials_lib.doctor import required_paths
from socials_lib.errors import SettingsError
from socials_lib.models import COLUMNS, PLATFORMS
from socials_lib.settings import KEYS, TESTING_VARIABLE, Settings
from socials_lib.settings.keys import VARIABLES
from socials_lib.settings.sources import BY_ENVIRONMENT, OTHER_NAMES
from socials_lib.sync.outcome import CONSENT, GUARDS, SETUP
from socials_lib.workbench import Workbench

# code and settings


def python_that_cannot_run(docs: Documents) -> list[str]:
    """Python blocks that are no Python, and those left out of the run without a reason."""
    found = []
    for block in docs.of("python"):
        if block.words and not re.fullmatch(r"not-run: \w.{9,}", block.words):
            found.append(f"{block.where}: no reason: {block.words}")
        try:
            ast.parse(block.text)
        except SyntaxError as error:
            found.append(f"{block.where}: {error.msg}")
    return found


def unloadable_settings(docs: Documents, folder: Path) -> list[str]:
    """`toml` blocks that are no settings."""
    found = []
    for number, block in enumerate(docs.of("toml")):
        home = folder / f"toml-{number}"
        home.mkdir(parents=True)
        (home / "settings.toml").write_text(block.text, encoding="utf-8")
        try:
            Settings.load(environ={"SOCIALS_HOME": str(home), "SOCIALS_MODE": "demo"})
        except SettingsError as error:
            found.append(f"{block.where}: {error}")
    return found


def unknown_settings(docs: Documents) -> list[str]:
    """`[section] key`, `SOCIALS_…` and IMatch variables in the prose that do not exist."""
    known = {f"[{one.section}] {one.key}" for one in KEYS} | {f"[{one.section}]" for one in KEYS}
    names = {*BY_ENVIRONMENT, *OTHER_NAMES, "SOCIALS_WORLD_URL", "SOCIALS_<SECTION>_<KEY>"}
    found = []
    for page in docs.pages.values():
        for code in page.codes:
            setting = re.match(r"(\[[a-z]+\](?: [a-z_]+)?)", code)
            if setting and code not in _SYNTAX and setting[1] not in known:
                found.append(f"{page.name}: {code}")
        for name in re.findall(r"SOCIALS_[A-Z_<>]+", page.text):
            if name.rstrip("_") not in names:
                found.append(f"{page.name}: {name}")
    return found


#: In backticks, in brackets, and no setting.
_SYNTAX = ("[flickr]", "[pixelfed]", "[flickr] [pixelfed]")


def undescribed_settings(docs: Documents) -> list[str]:
    """Settings that the reference does not have with their meaning."""
    text = docs["docs/settings.md"].text
    return [
        f"[{one.section}] {one.key}"
        for one in KEYS
        if f"| `[{one.section}]` | `{one.key}` |" not in text or one.meaning not in text
    ]


def unknown_code(docs: Documents) -> list[str]:
    """Modules, files and methods of the workbench that the pages name and nobody has."""
    found = []
    for page in docs.pages.values():
        for code in page.codes:
            if re.fullmatch(r"(?:socials_lib|tests|notebooks|benchmarks|docs)/[\w/.*-]*", code):
                exists = any(docs.root.glob(code.rstrip("/")))
            elif re.fullmatch(r"socials_lib(?:\.\w+)+", code):
                exists = _importable(code)
            elif method := re.match(r"wb\.(\w+)", code):
                exists = hasattr(Workbench, method[1]) or method[1] in _OF_INSTANCE
            else:
                continue
            if not exists:
                found.append(f"{page.name}: {code}")
    return found


#: Attributes that a workbench gets when it is made.
_OF_INSTANCE = ("stop", "journal", "lock", "runs", "shelf")


def _importable(name: str) -> bool:
    module, *rest = name, ""
    while module:
        try:
            found = importlib.import_module(module)
        except ModuleNotFoundError:
            module, _, last = module.rpartition(".")
            rest = [last, *rest]
            continue
        for part in filter(None, rest):
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


# completeness


def unmentioned(docs: Documents, page: str, names: Iterable[str]) -> list[str]:
    """Names that a page does not have between backticks."""
    codes = set(docs[page].codes)
    return [f"{page}: {name}" for name in names if name not in codes]


def incomplete_commands(docs: Documents) -> list[str]:
    """Commands without a section in the reference, and options that differ from the parser's."""
    page, found = docs["docs/command-line.md"], []
    for name, command in parsers().items():
        try:
            text = page.section(f"socials {name}")
        except KeyError:
            found.append(f"no section: socials {name}")
            continue
        given = {one for one in CODE.findall(text) for one in re.findall(r"--[a-z-]+", one)}
        real = {one for action in _actions(command) for one in action.option_strings}
        found += [
            f"socials {name}: the order {one} is not named"
            for one in _orders(command)
            if f"`{one}`" not in text
        ]
        real = {one for one in real if one.startswith("--")} - _EVERYWHERE
        found += [f"socials {name}: {one} is not described" for one in sorted(real - given)]
        found += [
            f"socials {name}: there is no {one}"
            for one in sorted(given - real - _EVERYWHERE)
            if f"not-here:{one}" not in text
        ]
    return found


def _actions(command: object) -> Iterator[object]:
    """The actions of a command, and of those of its own commands that people type."""
    for action in command._actions:  # type: ignore[attr-defined]  # argparse has no other way
        if isinstance(action.choices, dict):
            for name in _TYPED:
                yield from _actions(action.choices[name])
        else:
            yield action


def _orders(command: object) -> list[str]:
    """The commands of a command."""
    actions = command._actions  # type: ignore[attr-defined]  # argparse has no other way
    return [name for one in actions if isinstance(one.choices, dict) for name in one.choices]


#: The page inside IMatch gives the other orders.
_TYPED = ("install", "uninstall")
#: Options of every command, described once.
_EVERYWHERE = {"--help", "--json", "--quiet", "--verbose"}


def doctor_lines(root: Path) -> list[str]:
    """The names of all lines that the doctor can write, read off its source."""
    found: set[str] = set()
    for path in sorted((root / "socials_lib" / "doctor").glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call):
                found |= set(_line_names(call))
    return sorted(_spelled_out(found))


def _spelled_out(names: Iterable[str]) -> Iterator[str]:
    """`… limits` is a line of each platform."""
    for name in names:
        if name.startswith("… "):
            yield from (f"{one.capitalize()}{name[1:]}" for one in PLATFORMS)
        else:
            yield name


def _line_names(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "id", "")
    given = [one.value for one in call.keywords if one.arg == "name"] if name == "Check" else []
    given += call.args[1:2] if name == "failed" else []
    for node in given:
        if isinstance(node, ast.Constant):
            yield str(node.value)
        elif isinstance(node, ast.JoinedStr):
            tail = "".join(str(one.value) for one in node.values if isinstance(one, ast.Constant))
            head = isinstance(node.values[0], ast.FormattedValue)
            yield f"… {tail.strip()}" if head else f"{tail.strip()} …"


def setup_names() -> list[str]:
    """Everything that a person creates in IMatch, as the pages write it."""
    found = [path for name in PLATFORMS for path in required_paths(name)]
    found += [one for name in PLATFORMS for one in (name, *COLUMNS[name])]
    found += [*VARIABLES.values(), TESTING_VARIABLE]
    found += [one for parts in PARTS.values() for names in parts.values() for one in names]
    return list(dict.fromkeys(found))


LEAVES = sorted(
    {path.rpartition("|")[2] for name in PLATFORMS for path in validation.leaf_paths(name)}
)
#: Codes with which a command can end at a guard, for want of consent, or for want of a sign-in.
EXIT_CODES = sorted(GUARDS | CONSENT | SETUP | {"dry_run"})
PROBLEMS = validation.CODES
FINDING_CODES = tuple(FINDINGS)
