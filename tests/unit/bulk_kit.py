"""Photos for the tests of bulk fixes."""

from __future__ import annotations

from datetime import datetime

from socials_lib.models import Category, Photo


def photo(file_id: str = "1201", **more) -> Photo:
    """A photo that lacks nothing; `categories` may be given as paths."""
    values = {
        "file_id": file_id,
        "name": f"{file_id}.jpg",
        "path": f"D:\\Photos\\{file_id}.jpg",
        "format": "JPEG",
        "size": 6_000_000,
        "date_time": datetime.fromisoformat("2024-03-19T05:06:07"),
        "title": "Fog over the lake",
        "headline": "The fog lifts",
        "description": "The first morning of spring.",
        "keywords": ("Places|Coast|Harbour", "Light"),
        "categories": ("Socials|flickr", "Image Characteristics|Genre|Landscape"),
        **more,
    }
    values["categories"] = tuple(
        one if isinstance(one, Category) else Category(path=one) for one in values["categories"]
    )
    return Photo(**values)


def version(file_id: str = "1310", **more) -> Photo:
    """A photo whose title and keywords are its master's."""
    sources = {"title": "1300", "keywords": "1300"}
    return photo(file_id, **{"sources": sources, **more})


def paths(one: Photo) -> set[str]:
    """The categories of a photo."""
    return {category.path for category in one.categories}
