"""The notebooks: clean files, and every one runs from top to bottom without changing anything."""

import json
import urllib.request
from pathlib import Path

import nbformat
import pytest
import world as named
from nbclient import NotebookClient

from socials_lib.demo.world import World

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
#: What a step cell must never hold: the press belongs to a person.
PRESSES = (".click(", "wb.apply(", "wb.sync(", "wb.resume(", ".press(", "reset_demo(")

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def source(cell):
    return "".join(cell["source"])


# clean files


def test_the_notebooks_are_there():
    names = {path.stem for path in NOTEBOOKS}

    assert {"00_start_here", "01_sync", "02_audit", "03_bulk_fix", "04_history"} <= names


@each
def test_a_notebook_is_stored_without_anything_that_a_run_leaves(path):
    book = read(path)
    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]

    assert [] == [cell["id"] for cell in code if cell["outputs"] or cell["execution_count"]]
    assert {"kernelspec", "language_info"} == set(book["metadata"])
    assert "python3" == book["metadata"]["kernelspec"]["name"]
    assert {"name"} == set(book["metadata"]["language_info"])
    assert [{}] * len(book["cells"]) == [cell["metadata"] for cell in book["cells"]]


@each
def test_a_notebook_is_valid_and_its_cells_have_readable_names(path):
    nbformat.validate(nbformat.read(path, as_version=4))
    ids = [cell["id"] for cell in read(path)["cells"]]

    assert len(ids) == len(set(ids))
    assert all(one.replace("-", "").isalpha() for one in ids)


@each
def test_a_notebook_has_the_shape_that_readers_know(path):
    cells = read(path)["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]

    assert 8 <= len(cells) <= 25
    assert 0.35 <= len(code) / len(cells) <= 0.65
    assert "markdown" == cells[0]["cell_type"]
    assert source(cells[0]).startswith("# ")
    assert "wb = Workbench.open()" in source(code[0])
    assert "show.header(wb)" in source(code[0])
    assert "## Where next" in source(cells[-1])


@each
def test_cells_are_short_and_hold_no_program(path):
    code = [source(one) for one in read(path)["cells"] if one["cell_type"] == "code"]

    assert [] == [one for one in code if len(one.splitlines()) > 5]
    assert [] == [
        one for one in code for word in ("def ", "class ", "for ", "while ") if word in one
    ]
    assert [] == [one for one in code for word in PRESSES if word in one]


@each
def test_links_lead_to_notebooks_that_are_there(path):
    for cell in read(path)["cells"]:
        for part in source(cell).split("](")[1:]:
            target = part.split(")")[0]
            assert (path.parent / target).exists(), target


def test_the_start_says_first_how_to_run_it():
    first = source(read(ROOT / "notebooks" / "00_start_here.ipynb")["cells"][0])

    assert "Press the double arrow above, then Restart" in first


# running


@pytest.fixture(scope="module")
def world():
    with World(pictures=named.pictures()) as made:
        yield made


def ask(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.loads(answer.read())


def run(path, world, monkeypatch, extra):
    """Run a notebook with one cell more; what that cell printed."""
    for name, value in world.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(world.home / "ipython"))
    book = nbformat.read(path, as_version=4)
    book.cells.append(nbformat.v4.new_code_cell(extra))
    where = {"metadata": {"path": str(path.parent)}}
    NotebookClient(book, timeout=180, kernel_name="python3", resources=where).execute()
    return book, "".join(one.get("text", "") for one in book.cells[-1].outputs)


#: Everything that goes on in the background has ended.
SETTLED = {
    "03_bulk_fix": (
        "assert source.model.wait(60) and change.model.wait(60)\n"
        "view = show.write(wb, change); view.paint()\n"
        "print(len(facets.photos), view.go.disabled, len(wb.change_sets()))"
    ),
    "02_audit": (
        "views = [wb.shelf[f'{one}-{name}'] for one in ('inventory', 'findings', 'reconnect')"
        " for name in ('flickr', 'pixelfed')]\n"
        "views += [wb.shelf['completeness'], wb.shelf['charts']]\n"
        "print(all(one.model.wait(60) for one in views), {one.model.state for one in views})\n"
        "print(found.counts.value, len(wb.handed_over()))"
    ),
    "00_start_here": "assert check.wait(60); print(len(check.checks), check.is_healthy)",
    "01_sync": (
        "assert picker.model.wait(60)\n"
        "steps = [show.step(wb, picker, one) for one in ('add', 'update', 'delete')]\n"
        "looked = [pane.model.looker.wait(60) for pane in steps[2].panes.values()]\n"
        "print([pane.go.description for view in steps for pane in view.panes.values()], looked)"
    ),
}


@pytest.mark.notebook
@each
def test_a_notebook_runs_from_top_to_bottom_and_changes_nothing(path, world, monkeypatch):
    state = f"{world.side_door.url}/state"
    before = ask(state)
    book, said = run(path, world, monkeypatch, SETTLED.get(path.stem, "print(wb.mode)"))
    after = ask(state)

    assert before == after
    assert said.strip()
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert [] == [one for cell in code for one in cell.outputs if one.output_type == "error"]
    assert () == tuple(world.home.glob("run-owner*"))


@pytest.mark.notebook
def test_sync_offers_the_steps_with_their_numbers(world, monkeypatch):
    path = ROOT / "notebooks" / "01_sync.ipynb"
    _, said = run(path, world, monkeypatch, SETTLED["01_sync"])

    for verb in ("Add 3", "to Pixelfed", "Update 1", "Delete "):
        assert verb in said
