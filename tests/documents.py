"""Reading README and `docs/`, and everything that can be wrong with them.

A check takes `Documents` and gives complaints, one line each, [] if all is well; so the same check
looks at the project and at a copy with a planted fault.

Blocks of the pages carry a language, and after it what a test does with them:

    sh, powershell        our commands in them are read by the real argument parser
    sh run                they are carried out against a rehearsal world; `# exit 2` behind one says
                          how it ends (else 0)
    python                runs in a workbench of a rehearsal world; `not-run: why` leaves it out
    json NAME             a document of the contract: plan, run, doctor, history, audit, world, …
    toml                  settings that can be loaded; `toml template` is rendered, and the block
                          `text NAME` behind it is what template NAME then makes
    text                  trees and drawings
"""

from __future__ import annotations

import argparse
import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from socials_lib.cli.arguments import parser
from socials_lib.errors import SocialsError

LANGUAGES = ("sh", "powershell", "cron", "python", "json", "toml", "text")
SHELLS = ("sh", "powershell", "cron")
#: How a line of a shell begins that hands the rest to our argument parser.
_OURS = re.compile(
    r"^(?:& )?(?:socials|\.venv/bin/socials|\.venv\\Scripts\\socials(?:\.exe)?"
    r"|(?:python|py|\.venv/bin/python|\.venv\\Scripts\\python) -m socials_lib) (.+)$"
)
_START = re.compile(r"^(?:python|py|python3) start\.py\b(.*)$")
_EXIT = re.compile(r"\s+# exit ([0-5])\b.*$")
_COMMENT = re.compile(r"\s+# .*$")
_REDIRECTED = re.compile(r"\s\d?>{1,2}\s*(?:\"[^\"]*\"|[^\s'\"]+)")
_FENCE = re.compile(r"^(\s*)```(.*)$")
CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
_MACHINE = re.compile(
    r"(?<![\w.])/(?:work|root|tmp|home|Users)/\w|\b[A-Z]:\\Users\\(?!you\\)\w|/opt/|localhost:\d",
    re.IGNORECASE,
)
_SYNOPSIS = {"FILE": "x.json", "DIR": "x", "RUN": "x", "N": "5", "ID,…": "1201", "PATH": "Coast"}
_SYNOPSIS |= {
    "COMMAND": "doctor",
    "ORDER": "hello",
    "ACTION,…": "add",
    "ID": "1201",
    "PLATFORM": "flickr",
    "…": "",
}


@dataclass(frozen=True, kw_only=True)
class Block:
    """A fenced block: `words` is what follows the language, `line` the number of its fence."""

    page: str
    line: int
    language: str
    words: str
    text: str

    @property
    def where(self) -> str:
        """For complaints: `docs/index.md:12`."""
        return f"{self.page}:{self.line}"


@dataclass(frozen=True, kw_only=True)
class Page:
    """A Markdown file: `prose` is its text with fenced blocks blanked out, line by line."""

    path: Path
    name: str
    text: str

    @cached_property
    def _read(self) -> tuple[str, tuple[Block, ...]]:
        prose, blocks, inside, since, info = [], [], None, 0, ""
        for number, line in enumerate(self.text.splitlines(), 1):
            fence = _FENCE.match(line)
            if inside is None and fence:
                inside, since, info = [], number, fence[1] + fence[2]
            elif inside is not None and fence and not fence[2].strip():
                language, _, words = info.partition(" ")
                text = "\n".join(inside)
                blocks.append(
                    Block(page=self.name, line=since, language=language, words=words, text=text)
                )
                inside = None
            elif inside is not None:
                inside.append(line)
            prose.append("" if fence or inside is not None else line)
        if inside is not None:
            blocks.append(Block(page=self.name, line=since, language="", words="", text=""))
        return "\n".join(prose), tuple(blocks)

    @property
    def prose(self) -> str:
        return self._read[0]

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self._read[1]

    @cached_property
    def anchors(self) -> frozenset[str]:
        """Headings as GitHub makes addresses of them."""
        found: dict[str, int] = {}
        for heading in re.findall(r"^#{1,6} +(.+?) *$", self.prose, flags=re.MULTILINE):
            plain = _LINK.sub(r"\2", heading).replace("`", "").lower()
            slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
            count = found.get(slug, -1) + 1
            found[slug] = count
            if count:
                found[f"{slug}-{count}"] = 0
        return frozenset(found)

    @property
    def codes(self) -> list[str]:
        """What stands between backticks in the prose; `\\|` of tables is `|`."""
        return [one.replace("\\|", "|") for one in CODE.findall(self.prose)]

    def section(self, heading: str) -> str:
        """The text below a heading, up to the next one of its level; KeyError if there is none."""
        lines, marks = self.text.splitlines(), self.prose.splitlines()
        start = next(
            (n for n, line in enumerate(marks) if line[:1] == "#" and line.lstrip("# ") == heading),
            None,
        )
        if start is None:
            raise KeyError(heading)
        level = len(lines[start]) - len(lines[start].lstrip("#"))
        until = re.compile(rf"^#{{1,{level}}} ")
        rest = range(start + 1, len(lines))
        end = next((n for n in rest if until.match(marks[n])), len(lines))
        return "\n".join(lines[start + 1 : end])


class Documents:
    """README, CHANGELOG and the pages of `docs/` below a root."""

    def __init__(self, root: Path) -> None:
        self.root = root
        paths = [root / "README.md", root / "CHANGELOG.md", *sorted((root / "docs").glob("*.md"))]
        self.pages = {
            path.relative_to(root).as_posix(): Page(
                path=path,
                name=path.relative_to(root).as_posix(),
                text=path.read_text(encoding="utf-8"),
            )
            for path in paths
        }

    def __getitem__(self, name: str) -> Page:
        return self.pages[name]

    @property
    def blocks(self) -> list[Block]:
        return [block for page in self.pages.values() for block in page.blocks]

    def of(self, *languages: str) -> list[Block]:
        """The blocks of these languages."""
        return [block for block in self.blocks if block.language in languages]


# links, pictures, form


def broken_links(docs: Documents) -> list[str]:
    """Links to files, pictures and anchors that are not there; nothing is fetched."""
    return [
        f"{page.name}: {target}"
        for page in docs.pages.values()
        for _, _, target in _LINK.findall(page.prose)
        if not _resolves(docs, page, target)
    ]


def _resolves(docs: Documents, page: Page, target: str) -> bool:
    if "://" in target:
        return target.startswith("https://")
    name, _, anchor = target.partition("#")
    path = (page.path.parent / name).resolve() if name else page.path.resolve()
    if not path.exists():
        return False
    there = next((one for one in docs.pages.values() if one.path.resolve() == path), None)
    return not anchor or (there is not None and anchor in there.anchors)


def pictures_without_words(docs: Documents) -> list[str]:
    """Pictures that say nothing to those who cannot see them."""
    return [
        f"{page.name}: {target}"
        for page in docs.pages.values()
        for bang, words, target in _LINK.findall(page.prose)
        if bang and len(words.split()) < 3
    ]


def unlabelled_blocks(docs: Documents) -> list[str]:
    """Blocks without a language, indented, or never closed."""
    return [one.where for one in docs.blocks if one.language not in LANGUAGES]


def crooked_boxes(docs: Documents) -> list[str]:
    """Drawings whose right-hand edges do not run straight down from `┐` to `┘`."""
    return [
        f"{block.where}: line {number}"
        for block in docs.of("text")
        for number in _crooked(block.text.splitlines())
    ]


def _crooked(lines: list[str]) -> Iterator[int]:
    for top, line in enumerate(lines):
        for column in (at for at, sign in enumerate(line) if sign == "┐"):
            below = [one[column : column + 1] for one in lines[top + 1 :]]
            end = below.index("┘") if "┘" in below else len(below)
            yield from (top + 2 + n for n, one in enumerate(below[:end]) if one not in _EDGES)
            if end == len(below):
                yield top + 1


_EDGES = ("│", "├", "┤")


def unlinked_pages(docs: Documents) -> list[str]:
    """Pages that nobody finds from the README or the index."""
    found = {
        (page.path.parent / target.partition("#")[0]).resolve()
        for page in (docs["README.md"], docs["docs/index.md"])
        for _, _, target in _LINK.findall(page.prose)
    }
    return [
        name for name, page in docs.pages.items() if page.path.resolve() not in found | _self(docs)
    ]


def _self(docs: Documents) -> set[Path]:
    return {docs["README.md"].path.resolve()}


def machine_paths(docs: Documents) -> list[str]:
    """Paths of somebody's computer."""
    return [
        f"{page.name}: {found[0]}"
        for page in docs.pages.values()
        for found in _MACHINE.finditer(page.text)
    ]


# command lines


def command_lines(block: Block) -> Iterator[tuple[str, int]]:
    """Our command lines in a block, without comments, and the exit code that they announce."""
    for line in block.text.splitlines():
        bare = line.strip()
        code = _EXIT.search(bare)
        bare = _REDIRECTED.sub("", _COMMENT.sub("", bare))
        if bare and not bare.startswith("#"):
            yield bare, int(code[1]) if code else 0


def misunderstood_commands(docs: Documents) -> list[str]:
    """Our command lines that the argument parser refuses, in blocks and in the prose."""
    lines = [(block.where, line) for block in docs.of(*SHELLS) for line, _ in command_lines(block)]
    lines += [
        (page.name, _synopsis(one))
        for page in docs.pages.values()
        for one in page.codes
        if (_OURS.match(one) or _START.match(one)) and not _is_name(one)
    ]
    return [f"{where}: {line}: {why}" for where, line in lines if (why := _refused(line))]


def _is_name(code: str) -> bool:
    """True for the name of a command alone."""
    return code.removeprefix("socials ") in parsers()


def _synopsis(code: str) -> str:
    """`socials apply FILE [--yes]` as a command line that somebody could type."""
    words = re.sub(r"[\[\]]", " ", code).split()
    return " ".join(_SYNOPSIS.get(word, word) for word in words)


def _refused(line: str) -> str:
    said = [_refused_alone(one) for one in (line, *_inside(line))]
    return next(filter(None, said), "")


def _inside(line: str) -> list[str]:
    """Our command lines behind `&&`, and in quotes for `cmd` or the Task Scheduler."""
    found = [one.strip() for one in re.split(r"&&|\|\|", line)[1:]]
    found += [one.strip() for one in re.findall(r"cmd /c '([^']+)'", line)]
    arguments_given = re.search(r"socials\.exe\" .*-Argument '([^']+)'", line)
    return [*found, f"socials {arguments_given[1]}"] if arguments_given else found


def _refused_alone(line: str) -> str:
    start = _START.match(line)
    if start:
        rest = [one for one in arguments(start[1]) if one not in ("--live", "--test")]
        known = "--test" in start[1] or not rest
        return "" if known else _unparsed(["lab", *rest])
    ours = _OURS.match(line)
    return _unparsed(arguments(ours[1])) if ours else ""


@cache
def _parser() -> argparse.ArgumentParser:
    return parser()


def commands() -> list[str]:
    """The commands of the argument parser."""
    return list(parsers())


def parsers() -> dict[str, object]:
    """Each command with its own parser."""
    action = next(one for one in _parser()._actions if one.dest == "command")
    return dict(action.choices)


def _unparsed(words: list[str]) -> str:
    try:
        _parser().parse_args(words)
    except SocialsError as error:
        return str(error)
    except SystemExit:  # -h
        return ""
    return ""


def arguments(text: str) -> list[str]:
    """The words of a command line; backslashes of Windows paths stay."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.escape, lexer.commenters = True, "", ""
    return list(lexer)


def unquoted_signs(docs: Documents) -> list[str]:
    """`,` and `|` outside quotes: PowerShell makes two words of `1201,1202`, a pipe of `|`."""
    found = []
    for block in docs.of(*SHELLS):
        for line, _ in command_lines(block):
            bare = re.sub(r"\"[^\"]*\"|'[^']*'", "", line)
            if _OURS.match(line) and re.search(r"[,|;]", bare):
                found.append(f"{block.where}: {line}")
    return found


# templates


def template_examples(page: Page) -> list[tuple[Block, list[Block]]]:
    """`toml template` blocks, each with the `text NAME` blocks that follow it."""
    found: list[tuple[Block, list[Block]]] = []
    for block in page.blocks:
        if (block.language, block.words) == ("toml", "template"):
            found.append((block, []))
        elif block.language == "text" and block.words and found:
            found[-1][1].append(block)
    return found


def table(text: str, heading: str) -> dict[str, str]:
    """The two columns of the table whose first heading is this; backticks are taken off."""
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith(f"| {heading} |"):
            next(lines)
            break
    found = {}
    for line in lines:
        if not line.startswith("|"):
            break
        cells = [one.strip() for one in re.split(r"(?<!\\)\|", line.strip("|"))]
        found[cells[0].strip("`")] = cells[1].replace("\\|", "|").strip("`")
    return found


def settings_of(block: Block) -> dict[str, object]:
    """What a `toml` block says."""
    return tomllib.loads(block.text)
