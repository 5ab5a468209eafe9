"""The web pages, so that a published link opens: photo, photostream, album, pool, permission page.

Plain HTML with nothing from elsewhere; everything that came from a photo is escaped.  The visitor
is the owner of the default account: own private photos are shown, strangers' are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from socials_lib.demo.flickr.backend import FlickrBackend
from socials_lib.demo.flickr.records import Album, Group, Photo, User
from socials_lib.demo.flickr.rows import photo_page, shown_description
from socials_lib.demo.flickr.sizes import image_url, size_secret

_CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "mp4": "video/mp4"}
_IMAGE = re.compile(r"/static/\w+/(\d+)_([0-9a-f]+)(?:_(\w+))?\.(\w+)")

_STYLE = """
:root { color-scheme: light dark; --edge: light-dark(#d9d9de, #3a3a40); }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 68rem; padding: 1rem; }
header { border-bottom: 1px solid var(--edge); margin-bottom: 1.5rem; padding-bottom: .5rem; }
a { color: light-dark(#0b57d0, #8ab4f8); }
.grid { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); }
.grid img { aspect-ratio: 4/3; object-fit: cover; width: 100%; border-radius: 4px; }
figure { margin: 0; }
.photo img { max-width: 100%; max-height: 75vh; display: block; margin: 0 auto 1rem; }
.note { border: 1px dashed var(--edge); border-radius: 4px; padding: .25rem .75rem; }
dt { font-weight: 600; } dd { margin: 0 0 .5rem; }
.tag { border: 1px solid var(--edge); border-radius: 1rem; padding: .1rem .6rem; }
ul.tags { display: flex; flex-wrap: wrap; gap: .4rem; list-style: none; padding: 0; }
.code { font-size: 2.5rem; letter-spacing: .1em; }
"""


def page(title: str, body: str) -> str:
    """A whole page; `title` is plain text, `body` HTML."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        '<header class="note">Practice Flickr: nothing here is on the internet.</header>'
        f"<main>{body}</main></body></html>\n"
    )


def image(backend: FlickrBackend, path: str) -> tuple[bytes, str] | None:
    """The stored bytes of an image address and their type; None if the address is dead.

    All sizes give the bytes as received: old secrets die with a replace, all with a delete.
    """
    found = _IMAGE.fullmatch(path)
    if found is None:
        return None
    photo = backend.photos.get(found.group(1))
    if photo is None or found.group(2) != size_secret(photo, found.group(3) or ""):
        return None
    return photo.data, _CONTENT_TYPES.get(photo.format, "application/octet-stream")


def find_page(backend: FlickrBackend, path: str, base: str) -> str | None:
    """The page of an address, None if there is none."""
    parts = [part for part in path.split("/") if part]
    if not parts:
        return _home(backend, base)
    if parts[0] == "groups":
        return _group_page(backend, parts[1:], base)
    if parts[0] not in ("photos", "people") or len(parts) < 2:
        return None
    user = _user(backend, parts[1])
    if user is None:
        return None
    return _user_page(backend, user, parts[2:], base)


def _user(backend: FlickrBackend, ref: str) -> User | None:
    return next((one for one in backend.users.values() if ref in (one.nsid, one.path)), None)


def _user_page(backend: FlickrBackend, user: User, parts: list[str], base: str) -> str | None:
    if not parts:
        return _stream(backend, user, base)
    if parts[0] in ("albums", "sets"):
        if len(parts) == 1:
            return _album_list(backend, user, base)
        album = backend.albums.get(parts[1])
        return _album(backend, album, base) if album and album.owner == user.nsid else None
    photo = backend.photos.get(parts[0])
    if photo is None or photo.owner != user.nsid or not backend.sees(backend.me, photo):
        return None
    if parts[1:2] not in ([], ["sizes"]):
        return None
    return _photo(backend, photo, base)


def _home(backend: FlickrBackend, base: str) -> str:
    streams = "".join(
        f"<li>{_link(f'{base}/photos/{one.path}/', one.username)}</li>"
        for one in backend.users.values()
    )
    pools = "".join(
        f"<li>{_link(f'{base}/groups/{one.path}/pool/', one.name)}</li>"
        for one in backend.groups.values()
    )
    body = f"<h1>Practice Flickr</h1><h2>Photostreams</h2><ul>{streams}</ul>"
    return page("Practice Flickr", f"{body}<h2>Groups</h2><ul>{pools}</ul>")


def _stream(backend: FlickrBackend, user: User, base: str) -> str:
    photos = [one for one in backend.photos_of(user) if backend.sees(backend.me, one)]
    albums = _link(f"{base}/photos/{user.path}/albums/", "Albums")
    head = (
        f"<h1>{escape(user.realname or user.username)}</h1><p>{len(photos)} photos · {albums}</p>"
    )
    return page(f"Photos of {user.username}", head + _grid(backend, photos, base))


def _album_list(backend: FlickrBackend, user: User, base: str) -> str:
    rows = "".join(
        f"<li>{_album_link(backend, one, base)} ({len(one.photos)})</li>"
        for one in backend.albums_of(user)
    )
    stream = _link(f"{base}/photos/{user.path}/", user.username)
    return page(f"Albums of {user.username}", f"<h1>Albums</h1><p>{stream}</p><ul>{rows}</ul>")


def _album(backend: FlickrBackend, album: Album, base: str) -> str:
    photos = [backend.photos[one] for one in album.photos]
    text = shown_description(backend, album.description)
    head = f"<h1>{escape(album.title)}</h1><p>{_lines(text)}</p>"
    return page(album.title, head + _grid(backend, photos, base))


def _group_page(backend: FlickrBackend, parts: list[str], base: str) -> str | None:
    group = backend.group(parts[0]) if parts else None
    if group is None:
        return None
    photos = [backend.photos[one.photo_id] for one in group.pool]
    waiting = f"<p>{len(group.pending)} waiting for a moderator.</p>" if group.pending else ""
    head = f"<h1>{escape(group.name)}</h1><p>Group pool</p>{waiting}"
    return page(group.name, head + _grid(backend, photos, base))


def _grid(backend: FlickrBackend, photos: Iterable[Photo], base: str) -> str:
    cards = "".join(
        f'<figure><a href="{escape(photo_page(backend.users[one.owner], one, base))}">'
        f'<img loading="lazy" src="{escape(image_url(one, "n", base))}" alt="{escape(one.title)}">'
        f"</a><figcaption>{escape(one.title) or 'Untitled'}{_badge(one)}</figcaption></figure>"
        for one in photos
    )
    return f'<div class="grid">{cards}</div>' if cards else "<p>No photos yet.</p>"


def _photo(backend: FlickrBackend, photo: Photo, base: str) -> str:
    owner = backend.users[photo.owner]
    groups = backend.groups.values()
    facts = {
        "Taken": "unknown" if photo.taken_unknown else escape(photo.taken),
        "Visible to": _visibility(photo),
        "Albums": _joined(
            _album_link(backend, one, base)
            for one in backend.albums.values()
            if photo.id in one.photos
        ),
        "Groups": _joined(_group_link(one, base) for one in groups if one.entry(photo.id)),
        "Waiting in": _joined(_group_link(one, base) for one in groups if one.waiting(photo.id)),
        "Views": str(photo.views),
        "Favourites": str(len(photo.favourites)),
        "Comments": str(len(photo.comments)),
    }
    rows = "".join(f"<dt>{name}</dt><dd>{text}</dd>" for name, text in facts.items() if text)
    tags = "".join(f'<li class="tag">{escape(tag.raw)}</li>' for tag in photo.tags)
    text = _lines(shown_description(backend, photo.description))
    comments = "".join(
        f"<p><b>{escape(backend.users[one.author].username)}</b> {escape(one.text)}</p>"
        for one in photo.comments
    )
    body = (
        f'<div class="photo"><img src="{escape(image_url(photo, "b", base))}"'
        f' alt="{escape(photo.title)}">'
        f"<h1>{escape(photo.title) or 'Untitled'}</h1>"
        f"<p>by {_link(f'{base}/photos/{owner.path}/', owner.realname or owner.username)}</p>"
        f'<div class="description">{text}</div><ul class="tags">{tags}</ul>'
        f"<dl>{rows}</dl>{comments}</div>"
    )
    return page(photo.title or "Untitled", body)


def _lines(html: str) -> str:
    """Line ends of an HTML fragment made visible; the fragment keeps only Flickr's own markup."""
    return html.replace("\n", "<br>\n")


def _joined(links: Iterable[str]) -> str:
    return ", ".join(links)


def _link(address: str, text: str) -> str:
    return f'<a href="{escape(address)}">{escape(text)}</a>'


def _album_link(backend: FlickrBackend, album: Album, base: str) -> str:
    user = backend.users[album.owner]
    return _link(f"{base}/photos/{user.path}/albums/{album.id}", album.title)


def _group_link(group: Group, base: str) -> str:
    return _link(f"{base}/groups/{group.path}/pool/", group.name)


def _visibility(photo: Photo) -> str:
    if photo.is_public:
        return "everybody"
    circles = [
        name for name, sees in (("friends", photo.is_friend), ("family", photo.is_family)) if sees
    ]
    return " and ".join(circles) or "only you"


def _badge(photo: Photo) -> str:
    return "" if photo.is_public else f" · {_visibility(photo)}"


def granted_page(verifier: str) -> str:
    """What `oob` shows after the grant: nine digits to copy."""
    body = (
        "<h1>You have allowed access</h1><p>Type this code into the program:</p>"
        f'<p class="code">{escape(verifier)}</p>'
    )
    return page("Access allowed", body)


def refused_page() -> str:
    """The permission page for a token that is unknown or already used."""
    return page("Not a valid token", "<h1>Oops!</h1><p>This is not a valid token.</p>")
