"""One API call and the table of all methods: name, needed permission, what answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from socials_lib.demo.flickr.backend import FlickrBackend
from socials_lib.demo.flickr.records import LEVELS, Perms, Photo, Refusal, User
from socials_lib.demo.flickr.text import php_int
from socials_lib.demo.flickr.tree import Node


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call as its method sees it; `base` is the stand-in's own address for links."""

    backend: FlickrBackend
    params: Mapping[str, str]
    user: User | None
    token: str
    base: str

    @property
    def me(self) -> User:
        """The calling user (methods with a permission always have one)."""
        if self.user is None:
            raise Refusal(99, "User not logged in / Insufficient permissions")
        return self.user

    def text(self, name: str) -> str:
        """A parameter, empty if it was not sent."""
        return self.params.get(name, "")

    def flag(self, name: str) -> int:
        """A 0/1 parameter as PHP reads it: `True` is 0."""
        return 1 if php_int(self.params.get(name)) else 0

    def own_photo(self) -> Photo:
        """The photo of `photo_id`, which must be the caller's."""
        return self.backend.own_photo(self.me, self.text("photo_id"))

    def seen_photo(self) -> Photo:
        """The photo of `photo_id`, which the caller must be allowed to see."""
        photo = self.backend.photos.get(self.text("photo_id"))
        if photo is None or not self.backend.sees(self.user, photo):
            raise Refusal(1, "Photo not found")
        return photo

    def user_of(self, name: str = "user_id") -> User | None:
        """The user a parameter names; `me` and a missing parameter mean the caller."""
        ref = self.text(name)
        if ref in ("", "me"):
            return self.user
        return self.backend.users.get(ref)


Answer = Node | Sequence[Node] | None
Handler = Callable[[Call], Answer]


@dataclass(frozen=True, kw_only=True)
class Method:
    """A method of the API."""

    name: str
    perms: Perms
    handler: Handler


METHODS: dict[str, Method] = {}


def method(name: str, perms: Perms = "none") -> Callable[[Handler], Handler]:
    """Register the function that answers `flickr.<name>`."""

    def register(handler: Handler) -> Handler:
        full = f"flickr.{name}"
        METHODS[full] = Method(name=full, perms=perms, handler=handler)
        return handler

    return register


def find_method(name: str) -> Method:
    """The method, or Flickr's code 112."""
    found = METHODS.get(name)
    if found is None:
        raise Refusal(112, f'Method "{name}" not found')
    return found


def check_permission(needed: Perms, granted: Perms) -> None:
    """Flickr's code 99 with its real text if the token may too little."""
    if LEVELS.index(granted) < LEVELS.index(needed):
        raise Refusal(
            99,
            f"Insufficient permissions. Method requires {needed} privileges; {granted} granted.",
        )


def run(found: Method, call: Call) -> list[Node]:
    """Call the method; its answer as the elements below `rsp`."""
    answer = found.handler(call)
    if answer is None:
        return []
    return [answer] if isinstance(answer, Node) else list(answer)
