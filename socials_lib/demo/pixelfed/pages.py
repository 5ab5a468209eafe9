"""The web pages: the stream, a page per post, the pictures, sign-in.

They are read by people who follow a published link in the demo, and by clients that were
redirected (`/` after a failed validation, `/login` after a bad token).  A visitor is taken for the
owner of `demo`: unlisted and private posts of that account show, with a word that says so.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import UTC, datetime

from werkzeug.wrappers import Response

from socials_lib.demo.pixelfed import lexer, text
from socials_lib.demo.pixelfed.answers import html_answer, redirect
from socials_lib.demo.pixelfed.calls import Call, route
from socials_lib.demo.pixelfed.errors import Abort
from socials_lib.demo.pixelfed.records import LISTED_SCOPES, Media, Status

_PER_PAGE = 48
_SCOPE_WORDS = {"public": "Public", "unlisted": "Unlisted", "private": "Followers only"}
_STYLE = """
:root { color-scheme: light dark; --paper: #fbfaf8; --ink: #22201d; --soft: #6f6a63;
  --line: #e3dfd8; --card: #fff; --accent: #a8324a; }
@media (prefers-color-scheme: dark) { :root { --paper: #161514; --ink: #ece9e4;
  --soft: #a29c93; --line: #35322e; --card: #1f1d1b; --accent: #f0879b; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, "Segoe UI", sans-serif; }
a { color: var(--accent); }
header, main, footer { max-width: 66rem; margin: 0 auto; padding: 1rem 1.25rem; }
header { display: flex; gap: .75rem; align-items: baseline; border-bottom: 1px solid var(--line); }
header a { font-weight: 650; font-size: 1.15rem; text-decoration: none; color: inherit; }
header span, footer, .soft { color: var(--soft); font-size: .9rem; }
h1 { font-size: 1.3rem; margin: .5rem 0 1rem; }
.stream { list-style: none; margin: 0; padding: 0; display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); }
.stream a { display: block; color: inherit; text-decoration: none; background: var(--card);
  border: 1px solid var(--line); border-radius: .6rem; overflow: hidden; height: 100%; }
.stream img { display: block; width: 100%; aspect-ratio: 1; object-fit: cover; }
.stream p { margin: .5rem .7rem .7rem; font-size: .9rem; overflow: hidden; display: -webkit-box;
  -webkit-line-clamp: 2; -webkit-box-orient: vertical; }
figure { margin: 0 0 1rem; }
figure img { display: block; max-width: 100%; max-height: 78vh; margin: 0 auto;
  border-radius: .4rem; }
figcaption { margin-top: .5rem; color: var(--soft); font-size: .9rem; white-space: pre-line; }
.caption { white-space: pre-line; overflow-wrap: anywhere; }
.badge { display: inline-block; border: 1px solid var(--line); border-radius: 1rem;
  padding: .05rem .6rem; font-size: .85rem; font-weight: 400; }
.tags a { margin-right: .6rem; }
"""


@route("GET", "/", open=True)
def home(call: Call) -> Response:
    """Everything that was posted, newest first."""
    return _stream(call, "Latest posts", _seen(call))


@route("GET", "/login", open=True)
def login(call: Call) -> Response:
    """Where a client with a bad token ends up."""
    words = "<p>This is a rehearsal server: nobody signs in here. Programs use a token.</p>"
    return _page(call, "Sign in", f"<h1>Sign in</h1>{words}")


@route("GET", "/i/verify-email", open=True)
def verify_email(call: Call) -> Response:
    """Where a client of an unconfirmed account ends up, on its way to the sign-in."""
    return redirect(f"{call.base}/login")


@route("GET", "/discover/tags/:tag", open=True)
def tagged(call: Call) -> Response:
    """The posts with a hashtag."""
    slug = lexer.slug(call.args["tag"])
    name = call.backend.hashtags.get(slug, call.args["tag"])
    return _stream(call, f"#{name}", [one for one in _seen(call) if slug in one.tags])


@route("GET", "/storage/*path", open=True)
def stored_file(call: Call) -> Response:
    """A picture or its thumbnail; gone with its post."""
    found = call.backend.file(call.args["path"])
    if found is None:
        raise Abort(404)
    data, mime = found
    return Response(data, content_type=mime)


@route("GET", "/p/:username/:id", open=True)
def post_page(call: Call) -> Response:
    """One post: pictures with their alt text, caption, date, who may see it."""
    status = next((one for one in _seen(call) if one.id == call.args["id"]), None)
    if status is None or call.backend.accounts[status.account_id].username != call.args["username"]:
        raise Abort(404)
    author = call.backend.accounts[status.account_id]
    figures = "".join(_figure(call, call.backend.media[one]) for one in status.media_ids)
    tags = "".join(
        f'<a href="/discover/tags/{_e(slug)}">#{_e(call.backend.hashtags[slug])}</a>'
        for slug in status.tags
    )
    likes, replies = len(status.likes), len(call.backend.replies(status))
    edited = f" &middot; edited {_time(status.edited_at)}" if status.edited_at else ""
    body = (
        f"<article>{figures}"
        f'<h1><a href="/{_e(author.username)}">{_e(author.display_name)}</a> '
        f'<span class="badge">{_SCOPE_WORDS[status.scope]}</span></h1>'
        f'{_warning(status)}<p class="caption">{_e(_caption(status))}</p>'
        f'<p class="tags">{tags}</p>'
        f'<p class="soft">{_time(status.created_at)}{edited} &middot; {likes} likes '
        f"&middot; {replies} comments &middot; {len(status.reblogs)} shares</p></article>"
    )
    return _page(call, f"{author.display_name}: {_caption(status)[:60]}", body)


@route("GET", "/:username", open=True)
def profile_page(call: Call) -> Response:
    """The posts of one account."""
    name = call.args["username"]
    named = [one for one in call.backend.accounts.values() if one.username == name]
    if not named:
        raise Abort(404)
    posts = [one for one in _seen(call) if one.account_id == named[0].id]
    return _stream(call, named[0].display_name, posts)


def _seen(call: Call) -> list[Status]:
    """What the owner of `demo` sees, newest first."""
    me = call.backend.account(None)
    found = [
        one
        for one in call.backend.statuses.values()
        if one.scope in LISTED_SCOPES
        and one.in_reply_to is None
        and (one.scope == "public" or one.account_id == me.id)
    ]
    return sorted(found, key=lambda one: int(one.id), reverse=True)


def _stream(call: Call, title: str, posts: Sequence[Status]) -> Response:
    asked = call.request.args.get("page", 1, type=int)
    number = max(1, asked)
    shown = posts[_PER_PAGE * (number - 1) : _PER_PAGE * number]
    cards = "".join(_card(call, one) for one in shown) or "<li>Nothing here yet.</li>"
    older = ""
    if len(posts) > _PER_PAGE * number:
        older = f'<p><a href="?page={number + 1}">Older posts</a></p>'
    body = f'<h1>{_e(title)}</h1><ul class="stream">{cards}</ul>{older}'
    return _page(call, title, body)


def _card(call: Call, status: Status) -> str:
    author = call.backend.accounts[status.account_id]
    picture = ""
    if status.media_ids:
        media = call.backend.media[status.media_ids[0]]
        source = media.thumbnail_path or media.path
        alt = _e(html.unescape(media.description or ""))
        picture = f'<img src="/storage/{_e(source)}" alt="{alt}" loading="lazy">'
    words = _e(_caption(status) or "(no caption)")
    mark = ""
    if status.scope != "public":
        mark = f'<p><span class="badge">{_SCOPE_WORDS[status.scope]}</span></p>'
    address = f"/p/{_e(author.username)}/{status.id}"
    return f'<li><a href="{address}">{picture}<p>{words}</p>{mark}</a></li>'


def _figure(call: Call, media: Media) -> str:
    alt = _e(html.unescape(media.description or ""))
    words = f"Alt text: {alt}" if alt else "No alt text."
    source = f"/storage/{_e(media.path)}"
    return f'<figure><img src="{source}" alt="{alt}"><figcaption>{words}</figcaption></figure>'


def _warning(status: Status) -> str:
    if not status.sensitive:
        return ""
    words = status.spoiler_text or "Sensitive content"
    return f'<p class="soft">Content warning: {_e(html.unescape(words))}</p>'


def _caption(status: Status) -> str:
    """The words as somebody wrote them, whichever way they were stored."""
    return html.unescape(text.strip_tags(status.caption or ""))


def _time(moment: float) -> str:
    at = datetime.fromtimestamp(int(moment), UTC)
    return f'<time datetime="{at.isoformat()}">{at.day} {at:%B %Y, %H:%M} UTC</time>'


def _page(call: Call, title: str, body: str) -> Response:
    server = _e(call.options.title)
    return html_answer(
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_e(title)} &ndash; {server}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<header><a href="/">{server}</a><span>rehearsal, not the real Pixelfed</span></header>\n'
        f"<main>{body}</main>\n"
        f"<footer>Nothing here leaves this computer.</footer>\n</body>\n</html>\n"
    )


def _e(words: str) -> str:
    return html.escape(words, quote=True)
