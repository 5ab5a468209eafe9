"""The checks of the documents can fail: each finds the one fault planted in a copy of the pages."""

import shutil
from pathlib import Path

import document_claims as claims
import documents
import pytest
from documents import Documents

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def copy(tmp_path):
    """README, CHANGELOG and the pages, to be spoiled."""
    for name in ("README.md", "CHANGELOG.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    return tmp_path


def plant(root, name, old, new):
    """Replace a text, once; a text that is not there would plant nothing."""
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{name} does not hold {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def found_by(check, root, name, old, new):
    """The complaints that the fault adds."""
    before = check(Documents(root))
    plant(root, name, old, new)
    return [one for one in check(Documents(root)) if one not in before]


@pytest.mark.parametrize(
    ("check", "name", "old", "new", "complaint"),
    [
        (
            documents.broken_links,
            "README.md",
            "(docs/sign-in.md)",
            "(docs/sign-on.md)",
            "docs/sign-on.md",
        ),
        (
            documents.broken_links,
            "docs/sign-in.md",
            "## Check it",
            "[Keys](#where-keys-lie)\n\n## Check it",
            "#where-keys-lie",
        ),
        (
            documents.broken_links,
            "docs/index.md",
            "## Words",
            "![The table of photos](pictures/no-such.png)\n\n## Words",
            "pictures/no-such.png",
        ),
        (
            documents.broken_links,
            "docs/index.md",
            "## Words",
            "[Elsewhere](http://pages.example)\n\n## Words",
            "http://pages.example",
        ),
        (
            documents.pictures_without_words,
            "docs/index.md",
            "## Words",
            "![picture](index.md)\n\n## Words",
            "index.md",
        ),
        (
            documents.crooked_boxes,
            "README.md",
            "photo, texts,  │",
            "photo, texts,   │",
            "README.md:",
        ),
        (documents.unlabelled_blocks, "README.md", "```sh\n", "```\n", "README.md:"),
        (documents.unlabelled_blocks, "docs/index.md", "## Words", "```sh\nend", "docs/index.md:"),
        (
            documents.machine_paths,
            "docs/index.md",
            "## Words",
            "/" + "home/somebody/photos\n\n## Words",
            "/home/s",
        ),
        (
            documents.machine_paths,
            "README.md",
            "C:\\Pictures",
            "C:\\" + "Users\\somebody",
            "C:\\Users\\s",
        ),
        (
            documents.misunderstood_commands,
            "README.md",
            "--approve-deletes 10",
            "--aprove-deletes 10",
            "--aprove-deletes",
        ),
        (
            documents.misunderstood_commands,
            "README.md",
            "`socials history`",
            "`socials historian`",
            "historian",
        ),
        (
            documents.misunderstood_commands,
            "docs/first-real-sync.md",
            "py start.py --live",
            "py start.py --alive",
            "--alive",
        ),
        (
            documents.misunderstood_commands,
            "docs/schedule.md",
            "-Argument 'sync --yes",
            "-Argument 'sync --yess",
            "--yess",
        ),
        (
            documents.misunderstood_commands,
            "docs/schedule.md",
            "&& .venv/bin/socials sync --yes --quiet --only",
            "&& .venv/bin/socials sync --yes --quite --only",
            "--quite",
        ),
        (
            documents.misunderstood_commands,
            "docs/schedule.md",
            "socials sync --yes --json",
            "socials sync --yes --jason",
            "--jason",
        ),
        (
            documents.unquoted_signs,
            "docs/command-line.md",
            '--ids "1201,1202"',
            "--ids 1201,1202",
            "--ids 1201,1202",
        ),
        (
            claims.python_that_cannot_run,
            "docs/how-it-works.md",
            "wb.doctor() ",
            "wb.doctor( ",
            "docs/how-it-works.md:",
        ),
        (
            claims.python_that_cannot_run,
            "docs/sign-in.md",
            "not-run: asks",
            "not-run asks",
            "no reason",
        ),
        (
            claims.unknown_settings,
            "docs/when-something-breaks.md",
            "`[delete] allow_faulty`",
            "`[delete] allow_all`",
            "[delete] allow_all",
        ),
        (
            claims.unknown_settings,
            "docs/sign-in.md",
            "`SOCIALS_FLICKR_TOKEN`",
            "`SOCIALS_FLICKR_TICKET`",
            "SOCIALS_FLICKR_TICKET",
        ),
        (
            claims.undescribed_settings,
            "docs/settings.md",
            "| `[run]` | `workers` |",
            "| `[run]` | `helpers` |",
            "[run] workers",
        ),
        (
            claims.unknown_code,
            "docs/bulk-fix-and-audit.md",
            "`wb.forget_decisions(",
            "`wb.forget_everything(",
            "wb.forget_everything",
        ),
        (
            claims.unknown_code,
            "docs/add-a-platform.md",
            "`socials_lib.transport.Pacer`",
            "`socials_lib.transport.Racer`",
            "socials_lib.transport.Racer",
        ),
        (
            claims.incomplete_commands,
            "docs/command-line.md",
            "| `--dry-run` | only show the plan |\n",
            "",
            "--dry-run is not described",
        ),
        (
            claims.incomplete_commands,
            "docs/command-line.md",
            "| `--most N` |",
            "| `--most N`, `--least N` |",
            "there is no --least",
        ),
        (
            claims.incomplete_commands,
            "docs/command-line.md",
            "## socials audit",
            "## Auditing",
            "no section: socials audit",
        ),
    ],
)
def test_a_planted_fault_is_found(check, name, old, new, complaint, copy):
    [found] = found_by(check, copy, name, old, new)

    assert complaint in found


def test_a_page_that_nobody_links_is_found(copy):
    (copy / "docs" / "forgotten.md").write_text("# Forgotten\n", encoding="utf-8")

    assert ["docs/forgotten.md"] == documents.unlinked_pages(Documents(copy))


def test_a_setting_that_cannot_be_loaded_is_found(copy, tmp_path):
    plant(copy, "docs/first-real-sync.md", 'visibility = "private"', 'visibility = "direct"')

    [found] = claims.unloadable_settings(Documents(copy), tmp_path / "homes")

    assert "[pixelfed] visibility" in found


def test_a_name_that_is_not_mentioned_is_found(copy):
    names = ("changed_here", "orphan")
    page = "docs/bulk-fix-and-audit.md"
    assert [] == claims.unmentioned(Documents(copy), page, names)
    plant(copy, page, "| `orphan` |", "| orphan |")

    assert [f"{page}: orphan"] == claims.unmentioned(Documents(copy), page, names)


def test_a_code_that_lost_its_explanation_is_found(copy):
    plant(copy, "docs/when-something-breaks.md", "| `not_an_image` |", "| `no_image` |")
    text = Documents(copy)["docs/when-something-breaks.md"].section("A photo is held back")

    assert ["not_an_image"] == [one for one in claims.PROBLEMS if f"`{one}`" not in text]


def test_a_new_line_of_the_doctor_is_found(tmp_path):
    room = tmp_path / "socials_lib" / "doctor"
    room.mkdir(parents=True)
    source = 'Check(group="computer", name="Weather", state="ok", found="fine")\n'
    (room / "weather.py").write_text(
        source + 'failed("imatch", "Tide", error)\nCheck(name=f"{title} mood")\n', encoding="utf-8"
    )

    lines = claims.doctor_lines(tmp_path)

    assert ["Flickr mood", "Pixelfed mood", "Tide", "Weather"] == lines


def test_headings_become_the_addresses_that_links_use(copy):
    path = copy / "docs" / "index.md"
    path.write_text(
        "# A `b` – c & d\n\n## Twice\n\n## Twice\n\n```sh\n# no heading\n```\n", "utf-8"
    )

    assert {"a-b--c--d", "twice", "twice-1"} == Documents(copy)["docs/index.md"].anchors
