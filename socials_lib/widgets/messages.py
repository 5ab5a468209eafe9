"""What went wrong or is to be known: a fact, a hint, buttons, and details with secrets masked.

    say("M15", title="Pier at dusk", path=r"D:\\Photos\\pier.jpg")
    from_error(error)              # every error of ours knows its fact and its hint

Codes, servers' words and times stand only under `> Details`.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import ipywidgets as w

from socials_lib.errors import (
    AnotherRun,
    CategoryMissing,
    ImatchBusy,
    ImatchError,
    ImatchUnreachable,
    SignedOut,
    SocialsError,
    Stopped,
    Unreachable,
)
from socials_lib.widgets import theme
from socials_lib.widgets.markup import copy_button
from socials_lib.widgets.message_table import TEXTS

_SIGNS = {"err": theme.FAILED, "warn": theme.WARNING, "ok": theme.DONE, "": theme.READY}
#: error class -> buttons; the first class that fits
_BUTTONS: tuple[tuple[type[SocialsError], tuple[str, ...]], ...] = (
    (AnotherRun, ("Watch it", "Ask it to stop")),
    (ImatchBusy, ("Go on",)),
    (CategoryMissing, ("Check again",)),
    (ImatchUnreachable, ("Check again",)),
    (ImatchError, ("Check again",)),
    (SignedOut, ("Sign in again",)),
    (Unreachable, ("Check again",)),
)
_NAMES = (
    r"oauth_token_secret|oauth_token|oauth_signature|oauth_verifier|oauth_consumer_key|api_?key"
    r"|api_?sig|api_?secret|access_token|refresh_token|client_secret|auth_token|token_secret"
    r"|flickr_token|pixelfed_token|authorization|password|secret|token"
)
#: Secrets as they stand in addresses, headers, JSON and settings.
_SECRETS = (
    re.compile(
        rf"(?i)((?:{_NAMES})[\"']?\s*[=:]\s*[\"']?(?:(?:bearer|oauth|basic)\s+)?)[^\s&\"',;}}]+"
    ),
    re.compile(r"(?i)(\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}"),
    re.compile(r"()\b7215\d{13}-[0-9a-f]{16}\b"),
    re.compile(r"()\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_.-]+"),
)
_HIDDEN = "•••"


@dataclass(frozen=True, kw_only=True, eq=False)
class Message:
    """A message of the table, filled in.  `values` are plain texts; escaping happens in `html`.

    Said twice it is two messages, so that a trait tells of the second one too: the first may have
    been put away by then.

    `copies` are label and text of copy buttons, `links` words and address.
    """

    code: str
    tone: str
    template: str
    hint_template: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    details: str = ""
    buttons: tuple[str, ...] = ()
    copies: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()

    @property
    def fact(self) -> str:
        """The fact as plain text."""
        return self.template.format_map(self.values)

    @property
    def hint(self) -> str:
        """The way out as plain text."""
        return self.hint_template.format_map(self.values)

    @property
    def html(self) -> str:
        """The message as markup, without its buttons."""
        shown = {name: _shown(name, value) for name, value in self.values.items()}
        fact = _prose(self.template).format_map(shown)
        hint = _prose(self.hint_template).format_map(shown)
        sign = f'<span class="{self.tone}">{_SIGNS[self.tone]}</span>'
        more = [f'<p class="hint">{hint}</p>'] if hint else []
        more += [theme.link(address, words) for words, address in self.links]
        return f'<p role="alert">{sign} {fact}</p>' + "".join(more) + _details(self.details)


def say(
    code: str,
    *,
    details: str = "",
    copies: tuple[tuple[str, str], ...] = (),
    links: tuple[tuple[str, str], ...] = (),
    **values: object,
) -> Message:
    """The message with this code of `message_table.TEXTS`; a missing value raises `KeyError`."""
    text = TEXTS[code]
    plain = {name: str(value) for name, value in values.items()}
    made = Message(
        code=code,
        tone=text.tone,
        template=text.fact,
        hint_template=text.hint,
        values=plain,
        details=details,
        buttons=tuple(one.format_map(plain) for one in text.buttons),
        copies=copies,
        links=links,
    )
    _ = made.fact, made.hint  # fails here, where it was said, not when it is painted
    return made


def note(fact: str, hint: str = "", *, tone: str = "", details: str = "") -> Message:
    """A message of one's own words."""
    values = {"fact": fact, "hint": hint}
    return Message(
        code="",
        tone=tone,
        template="{fact}",
        hint_template="{hint}" if hint else "",
        values=values,
        details=details,
    )


def from_error(error: BaseException, *, title: str = "") -> Message:
    """An error as a message: ours say their fact and hint, all others are M41 with the details."""
    if isinstance(error, SocialsError):
        tone = "warn" if isinstance(error, (Stopped, AnotherRun)) else "err"
        made = note(str(error), error.hint, tone=tone, details=_said(error))
        buttons = next((some for kind, some in _BUTTONS if isinstance(error, kind)), ())
        return replace(made, code=error.code, buttons=buttons)
    trace = "".join(traceback.format_exception(error))
    copies = (("Copy details", mask(trace)),)
    if title:
        return say("M41", title=title, details=trace, copies=copies)
    return say("M41 alone", details=trace, copies=copies)


def mask(text: str) -> str:
    """The text with everything that looks like a secret replaced by `•••`."""
    for pattern in _SECRETS:
        text = pattern.sub(rf"\g<1>{_HIDDEN}", text)
    return text


class MessageArea(w.VBox):
    """A place for one message and its buttons; empty it takes no room.

    Numbers that go on leave the buttons in place, so that no press falls between two of them.

    `handlers` maps words of buttons to what they do; a button nobody handles is not shown.
    """

    def __init__(self, handlers: Mapping[str, Callable[[], None]] | None = None) -> None:
        self.handlers: dict[str, Callable[[], None]] = dict(handlers or {})
        self.message: Message | None = None
        self.text = w.HTML()
        self.buttons = w.HBox([])
        self.buttons.add_class("wrap")
        super().__init__([])
        self.add_class("trouble")

    def show(self, message: Message | None) -> None:
        """Show this message, or nothing; one that says the same sends nothing."""
        if _says_the_same(message, self.message):
            return
        self.message = message
        if message is None:
            self.children = ()
            return
        labels = [one for one in message.buttons if one in self.handlers]
        html = (message if labels else _without_buttons(message)).html
        self.text.value = f'<div class="note {message.tone}">{html}{_copies(message)}</div>'
        if labels != [one.description for one in self.buttons.children]:  # else a press stays one
            self.buttons.children = [self._button(one) for one in labels]
        shown = (self.text, *((self.buttons,) if labels else ()))
        if shown != self.children:
            self.children = shown

    def _button(self, label: str) -> w.Button:
        made = w.Button(description=label, tooltip=label, layout=w.Layout(width="auto"))
        made.on_click(lambda _: self._press(label))
        return made

    def _press(self, label: str) -> None:
        """Do what the button says; the message goes first, and comes back if it still holds."""
        shown = self.message
        self.show(None)
        try:
            self.handlers[label]()
        except Exception as error:
            self.show(from_error(error) if isinstance(error, Exception) else shown)


def _says_the_same(one: Message | None, other: Message | None) -> bool:
    """True for two messages with the same words and buttons, and for none and none."""
    if one is None or other is None:
        return one is other
    return vars(one) == vars(other)


def _said(error: SocialsError) -> str:
    """What stands under Details: the service's own words, and its code."""
    known = {
        "code": error.code,
        "service code": getattr(error, "service_code", None),
        "HTTP status": getattr(error, "status", None),
    }
    head = ", ".join(f"{name} {value}" for name, value in known.items() if value is not None)
    return f"{error.details}\n{head}".strip() if error.details else ""


def _without_buttons(message: Message) -> Message:
    """The hint does not end in `, then` where no button follows."""
    return replace(message, hint_template=re.sub(r",? (then|or)$", ".", message.hint_template))


def _details(details: str) -> str:
    if not details:
        return ""
    shown = theme.esc(mask(details))
    return f'<details><summary>Details</summary><pre class="t">{shown}</pre></details>'


def _copies(message: Message) -> str:
    return " ".join(copy_button(text, label) for label, text in message.copies)


def _prose(template: str) -> str:
    """Our own sentence as markup: escaped, words in backticks as code; `{…}` is left alone."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", theme.esc(template))


def _shown(name: str, value: str) -> str:
    if name in ("title", "album", "name"):
        return theme.cut(value)
    return _prose(value) if name in ("fact", "hint", "places") else theme.text(value)
