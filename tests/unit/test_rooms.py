"""The import table of the rooms: who may know whom."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "socials_lib"
EVERYWHERE = {"errors", "models"}

#: Room -> other rooms and packages it may import, besides `errors`, `models`, the standard library.
MAY_IMPORT = {
    "errors": set(),
    "models": set(),
    "system": set(),
    "formatting": {"jinja2"},
    "validation": {"formatting"},
    # `system`: a plan is written as a whole, also where others have the file open (Windows).
    "plan": {"formatting", "validation", "system"},
    "bulk": {"formatting", "validation", "plan", "regex"},
    "audit": {"plan", "formatting", "validation"},
    "settings": {"platformdirs"},
    "credentials": {"settings", "keyring"},
    "transport": {"requests", "urllib3"},
    "images": {"PIL"},
    "imatch": {"transport", "requests"},
    "platforms/base": {"transport"},
    "platforms/flickr": {
        "platforms/base",
        "transport",
        "images",
        "formatting",
        "flickrapi",
        "requests",
        "requests_oauthlib",
    },
    "platforms/pixelfed": {
        "platforms/base",
        "transport",
        "images",
        "formatting",
        "mastodon",
        "requests",
    },
    "journal": {"filelock"},
    "sync": {
        "formatting",
        "validation",
        "plan",
        "bulk",
        "images",
        "platforms/base",
        "imatch",
        "journal",
        "system",
    },
    "frames": {"plan", "audit", "bulk", "journal", "pandas"},
    "doctor": {
        "imatch",
        "platforms/base",
        "journal",
        "settings",
        "credentials",
        "frames",
        "system",
        "validation",
    },
    "reports": {"imatch", "platforms/base", "journal", "settings", "frames", "system", "images"},
    # The run that is under way, for other processes: is the one that wrote it still alive?
    "status": {"system"},
    # The log file: no line leaves without its secrets taken out.
    "logs": {"credentials"},
    # The page inside IMatch; `settings`: its light orders find the data folder by themselves.
    "imatch_app": {"workbench", "system", "status", "settings"},
    "demo": {"PIL", "werkzeug"},
}
#: Only this room may import the package.
OWNED = {
    "flickrapi": "platforms/flickr",
    "mastodon": "platforms/pixelfed",
    "pandas": "frames",
    "keyring": "credentials",
    "jinja2": "formatting",
    "filelock": "journal",
    "regex": "bulk",
}


def room_of(path: Path) -> str:
    parts = path.relative_to(LIBRARY).with_suffix("").parts
    if parts[0] == "platforms" and len(parts) > 1:
        return f"platforms/{parts[1]}" if parts[1] != "__init__" else "platforms/base"
    return parts[0]


def imported(path: Path) -> set[str]:
    """Rooms (of ours) and top-level packages that a module imports, at any level."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:  # relative: the own room
            module = node.module or ""
            found |= (
                {f"{module}.{alias.name}" for alias in node.names}
                if (module in ("socials_lib", "socials_lib.platforms"))
                else {module}
            )
    return {_name(one) for one in found}


def _name(module: str) -> str:
    parts = module.split(".")
    if parts[0] != "socials_lib":
        return parts[0]
    if len(parts) > 2 and parts[1] == "platforms":
        return f"platforms/{parts[2]}"
    return parts[1] if len(parts) > 1 else "socials_lib"


MODULES = sorted(LIBRARY.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(LIBRARY)))
def test_a_room_imports_only_what_the_table_allows(path):
    room = room_of(path)
    if room not in MAY_IMPORT:
        return
    own = {room, room.partition("/")[0]}
    allowed = MAY_IMPORT[room] | EVERYWHERE | own | set(sys.stdlib_module_names)
    if room == "demo":
        allowed -= EVERYWHERE  # an independent witness
    assert set() == imported(path) - allowed - {"__future__"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(LIBRARY)))
def test_a_package_is_imported_by_its_room_only(path):
    strangers = {
        package
        for package in imported(path) & set(OWNED)
        if not room_of(path).startswith(OWNED[package])
    }
    assert set() == strangers - ({"pandas"} if room_of(path) in ("workbench", "widgets") else set())


def test_the_library_can_be_imported_without_jupyter_up_to_frames():
    """Heavy packages are imported late: `import socials_lib` must stay quick."""
    import subprocess

    code = (
        "import sys, socials_lib.sync, socials_lib.plan;"
        "heavy = ('pandas', 'ipywidgets', 'jupyterlab', 'flickrapi');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert "[]" == done.stdout.strip()
