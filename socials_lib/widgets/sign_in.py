"""Signing in: Flickr by a code from its own page, Pixelfed by a token that is pasted.

Codes and tokens are taken out of their field and the field is emptied in one step; they are never
shown, kept in a trait or written to a log.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from socials_lib.errors import SocialsError
from socials_lib.models import PlatformName
from socials_lib.widgets import base, markup, messages, theme, words

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench


class SignIn(base.View):
    """The sign-in of one platform; `inside` another view it brings no style sheet of its own.

    `after` is called when somebody has signed in: what others show of the accounts is old then.
    """

    def __init__(
        self,
        wb: Workbench,
        platform: PlatformName,
        *,
        inside: bool = False,
        after: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(f"sign-in-{platform}")
        if inside:
            self.remove_class("soc")
            self.children = (self.trouble, self.body)
        self.wb, self.platform, self._after = wb, platform, after
        self._why_unknown: messages.Message | None = None
        self.worker = base.Worker("sign-in", on_error=self._failed)
        self.head = w.HTML()
        self.result = w.HTML()
        self.first = w.HTML()
        self.note = w.HTML(_muted(_note(platform, wb.mode)))
        parts = self._flickr() if platform == "flickr" else self._pixelfed()
        code = () if inside else (markup.as_code(_CODE[platform]),)
        self.body.children = (self.head, self.first, *parts, self.result, *code)
        self.look()

    # how it stands

    def look(self) -> None:
        """Ask in the background who is signed in, anew if that goes on; nothing is changed."""
        self._head(theme.WAITING, "checking", "mute")
        self.worker.ask(lambda _stop: self._look())

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is known."""
        return self.worker.wait(timeout)

    def _look(self) -> None:
        if self.platform == "pixelfed" and not self.server.value:
            self.server.value = self.wb.settings.pixelfed.url
        problem = self.wb.credentials.keyring_problem
        base.set_if_new(self.note, value=_muted(_note(self.platform, self.wb.mode, problem)))
        base.set_if_new(self.first, value=_in_a_terminal(self.platform, self.wb.mode, problem))
        if self.platform not in self.wb.platforms:
            self._head(theme.FAILED, "Not signed in", "err")
        else:
            facts = self.wb.account(self.platform)
            more = f"as {facts.account.name}{_more(facts.details)}"
            self._head(theme.DONE, "Signed in", "ok", more)
        if self.trouble.message is self._why_unknown:  # else it is about what the person did since
            self.show_message(None)

    def _head(self, sign: str, word: str, tone: str, more: str = "") -> None:
        pill = theme.pill(sign, word, tone)
        name = f"<b>{words.platform(self.platform)}</b>"
        base.set_if_new(self.head, value=f"{name} {pill} {theme.text(more)}")

    def _failed(self, error: BaseException) -> None:
        self._head(theme.FAILED, "Not signed in", "err")
        self.show_error(error)
        self._why_unknown = self.trouble.message

    # Flickr

    def _flickr(self) -> tuple[Any, ...]:
        self.begin = base.button(_BEGIN, "begin")
        self.begin.on_click(self.safely(lambda _: self._begin()))
        self.page = w.HTML()
        self.code = w.Text(description="Code", placeholder="123-456-789", layout=_FIELD)
        self.code.add_class("code")
        self.finish = base.button("Finish sign-in", "go", "finish")
        self.finish.disabled = True
        self.why = w.HTML(_muted(f"First press “{_BEGIN}”."))
        self.finish.on_click(self.safely(lambda _: self._finish()))
        return (
            base.row(w.HTML("1"), self.begin, self.page, w.HTML("and allow access there")),
            base.row(w.HTML("2 &nbsp;Flickr shows nine digits."), self.code),
            base.row(w.HTML("3"), self.finish, self.why),
            self.note,
        )

    def _begin(self) -> None:
        self.show_message(None)
        address = self.wb.begin_flickr_sign_in()
        self.page.value = theme.link(address, "Open Flickr's permission page")
        self.finish.disabled, self.why.value = False, ""
        self.code.focus()

    def _finish(self) -> None:
        code, self.code.value = self.code.value.strip(), ""
        if not code:
            self.code.focus()
            self.result.value = _muted("Type the nine digits that Flickr shows.")
            return
        digits = len(re.findall(r"\d", code))
        if digits != _DIGITS or re.search(r"[^\d\s-]", code):
            self.code.focus()  # Flickr is not asked: a wrong code would use up its page
            self.result.value = markup.alert(_muted(_not_a_code(digits)))
            return
        self.result.value = ""
        try:
            name = self.wb.finish_flickr_sign_in(code)
        except SocialsError as error:
            again = f"Press “{_BEGIN}” again: each page gives one code."
            self.finish.disabled, self.why.value = True, _muted(again)
            self.page.value = ""
            shown = error.code == "wrong_code"
            self.show_message(messages.say("M10") if shown else messages.from_error(error))
            self.begin.focus()
            return
        self._signed_in(name)

    # Pixelfed

    def _pixelfed(self) -> tuple[Any, ...]:
        self.server = w.Text(
            description="Server", placeholder="https://pixelfed.social", layout=_WIDE
        )
        self.where = w.HTML(_pixelfed_page(""))
        self.server.observe(
            lambda change: base.set_if_new(self.where, value=_pixelfed_page(change["new"])), "value"
        )
        self.token = w.Password(description="Token", layout=_WIDE)
        self.token.add_class("token")
        self.keep = base.button("Check and keep", "go", "keep")
        self.keep.on_click(self.safely(lambda _: self._keep()))
        return (
            base.row(w.HTML("1"), self.server, self.where),
            w.HTML("2 &nbsp;Create a token there with read and write."),
            base.row(w.HTML("3"), self.token, self.keep),
            self.note,
        )

    def _keep(self) -> None:
        token, self.token.value = self.token.value.strip(), ""
        if not token:
            self.token.focus()
            self.result.value = _muted("Paste the token first.")
            return
        self.show_message(None)
        self._signed_in(self.wb.keep_pixelfed_token(token, self.server.value))

    def _signed_in(self, name: str) -> None:
        self.show_message(None)
        said = f"Signed in as {name}. {self.wb.sign_in_words}"
        self.result.value = markup.alert(f'<span class="ok">{theme.DONE}</span> {theme.text(said)}')
        self.look()
        self._after()


#: What the buttons and the codes of Flickr are like.
_BEGIN, _DIGITS = "Get Flickr's permission page", 9
_CODE = {
    "flickr": "wb.begin_flickr_sign_in(); wb.finish_flickr_sign_in(input())",
    "pixelfed": "wb.keep_pixelfed_token(getpass.getpass(), 'https://…')",
}
_FIELD = w.Layout(width="220px")
_WIDE = w.Layout(width="420px")


def _muted(text: str) -> str:
    return f'<span class="mute">{theme.esc(text)}</span>'


def _note(platform: PlatformName, mode: str, problem: str = "") -> str:
    """What is asked for, and where it is kept; `problem` says why a keyring cannot be used."""
    asks = "Asks for add, change, delete. " if platform == "flickr" else ""
    if mode == "demo":
        return f"{asks}In demo you are signed in already; nothing is kept."
    if problem:
        return f"{asks}{problem} A sign-in here is for this notebook only."
    return f"{asks}Kept in the keyring of this computer, never in a notebook."


def _not_a_code(digits: int) -> str:
    said = words.count(digits, "digit")
    return f"A code has nine digits, like 123-456-789; this has {said}. Flickr's page stays valid."


def _in_a_terminal(platform: PlatformName, mode: str, problem: str) -> str:
    """Without a keyring: where a sign-in can be kept, said before anything is begun here."""
    if mode == "demo" or not problem:
        return ""
    only = f"{problem} A sign-in here is for this notebook only, and the other notebooks ask again."
    if platform == "pixelfed":
        keep = "To keep it, set SOCIALS_PIXELFED_URL and SOCIALS_PIXELFED_TOKEN before you start"
        return markup.alert(theme.esc(f"{theme.WARNING} {only} {keep}: docs/sign-in.md says how."))
    keep = (
        "To keep it, sign in with this line in a terminal. It prints two values, which are as good"
        " as a password; set them as docs/sign-in.md says, then start JupyterLab again."
    )
    said = theme.esc(f"{theme.WARNING} {only} {keep}")
    return markup.alert(f"{said}<br>{markup.path_with_copy(terminal_line())}")


def terminal_line() -> str:
    """The sign-in to Flickr for a terminal, by the Python that runs here.

    Only single quotes inside: PowerShell, `cmd` and `sh` all read it; with a blank in Python's
    path only PowerShell and `sh`, which differ in how such a program is called.
    """
    python = sys.executable
    if " " in python:
        python = f'& "{python}"' if os.name == "nt" else f'"{python}"'
    names = "('SOCIALS_FLICKR_TOKEN', 'SOCIALS_FLICKR_TOKEN_SECRET')"
    steps = (
        "from socials_lib import Workbench",
        "wb = Workbench.open()",
        "print(wb.begin_flickr_sign_in())",
        "wb.finish_flickr_sign_in(input('Code: '))",
        f"[print(name, wb.environ[name]) for name in {names}]",
    )
    return f'{python} -c "{"; ".join(steps)}"'


def _pixelfed_page(address: str) -> str:
    server = address.strip().rstrip("/")
    if server and "://" not in server:
        server = f"https://{server}"
    shown = theme.link(f"{server}/settings/applications", "Settings > Applications")
    return shown if server else "Settings > Applications on your server"


def _more(details: Any) -> str:
    rights = ", may add, change and delete" if details.get("can_delete") else ""
    ends = str(details.get("expires") or "")[:10]
    day = words.parse_local(ends)
    return rights + (f", the token ends {words.long_date(day)}" if day else "")
