"""Every picture that README and docs show is there, and small."""

import re
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PICTURES = sorted((ROOT / "docs" / "pictures").glob("*.png"))
_SHOWN = re.compile(r"!\[[^\]]*\]\(([^)\s]+)|<img[^>]*\bsrc=[\"']([^\"']+)")


def shown_in(page):
    text = page.read_text(encoding="utf-8")
    return ["".join(found) for found in _SHOWN.findall(text)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_picture_of_a_page_is_there(page):
    for address in shown_in(page):
        assert not address.startswith(("http:", "https:")), "pictures come with the project"
        assert (page.parent / address).is_file(), address


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.name)
def test_a_picture_is_small_enough_for_a_page(path):
    assert path.stat().st_size < 250_000
    with Image.open(path) as image:
        assert image.width <= 1280
        assert "PNG" == image.format
