"""The published sample library and questions about it, for the tests of library and world."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

import requests
import world
from PIL import Image

from socials_lib.demo import library
from socials_lib.demo.flickr.backend import FlickrBackend
from socials_lib.demo.imws import ImwsBackend
from socials_lib.demo.library import texts
from socials_lib.demo.pixelfed.backend import PixelfedBackend

PLATFORMS = ("flickr", "pixelfed")
FLAGS = ("_update", "_metadata", "_delete")
ID_COLUMN = {"flickr": "photo_id", "pixelfed": "status_id"}


class Everything:
    """The published sample with its three backends, and questions about it."""

    def __init__(self) -> None:
        self.flickr, self.pixelfed = FlickrBackend(), PixelfedBackend()
        self.sample = library.sample(world.pictures())
        self.seed = library.publish(self.sample, self.flickr, self.pixelfed)
        self.imatch = ImwsBackend(self.seed)

    def file(self, named):
        return self.seed.file(named.file_id)

    def said(self, named, tag):
        return self.file(named).metadata.get(tag, "")

    def path(self, named):
        return self.sample.paths[named.file_id]

    def flags(self, named, platform):
        paths = self.imatch.categories_of(named.file_id)
        return {f for f in FLAGS if f"Socials|{platform}|{f}" in paths}

    def is_in(self, named, platform):
        return f"Socials|{platform}" in self.imatch.categories_of(named.file_id)

    def records(self, named, platform):
        return self.imatch.records(platform, named.file_id)

    def remote_ids(self, named, platform):
        found = self.records(named, platform)
        return [one[ID_COLUMN[platform]] for one in found if ID_COLUMN[platform] in one]

    def photo(self, named):
        (photo_id,) = self.remote_ids(named, "flickr")
        return self.flickr.photos[photo_id]

    def status(self, named):
        (status_id,) = self.remote_ids(named, "pixelfed")
        return self.pixelfed.statuses[status_id]

    def relatives(self, named):
        return {
            one.version if one.master == named.file_id else one.master
            for one in self.seed.relations
            if named.file_id in (one.master, one.version)
        }

    def is_published(self, named, platform):
        related = [world.Named(file_id=one, why="") for one in self.relatives(named)]
        return any(self.remote_ids(one, platform) for one in (named, *related))


@cache
def everything():
    """One for all tests, which only look."""
    return Everything()


@cache
def one_picture():
    """A folder as of somebody who has one picture: a world of it is ready at once."""
    folder = Path(tempfile.mkdtemp(prefix="socials-one-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "one.gif").write_bytes(next(world.pictures().rglob("*.gif")).read_bytes())
    return folder


def picture(path):
    with Image.open(path) as opened:
        opened.load()
        return opened


def ids(some):
    return {one.file_id for one in some}


def caption_of(all_of_it, named):
    shot = next(s for s in all_of_it.sample.shots if s.file_id == named.file_id)
    return texts.pixelfed_caption(shot)


def side(one, path, *, how="get", **more):
    """A request at the side door of a world."""
    return getattr(requests, how)(one.side_door.url + path, timeout=10, **more)


def imatch_files(one, path):
    """The files directly in a category, asked over HTTP."""
    answer = requests.post(
        f"{one.imatch.url}/v1/authenticate",
        params={"id": "demo", "password": "", "appid": ""}, timeout=10,
    )  # fmt: skip
    found = requests.get(
        f"{one.imatch.url}/v1/categories",
        params={"auth_token": answer.json()["auth_token"], "path": path, "fields": "directfiles"},
        timeout=10,
    )
    return found.json()["categories"][0]["directFiles"]
