"""How it looks: colours, the one style sheet, signs, escaping, pictures, word differences.

Every view carries `style()`, so that a cell looks right alone.  All of it is scoped to `.soc`; dark
follows JupyterLab's `data-jp-theme-light`.  Classes for buttons: `go` (main), `del` (armed delete),
`title` and `num` (flat), `mod-active` (chosen).  The stock button and bar styles are never used:
several of their colours fail the contrast rules.
"""

from __future__ import annotations

import base64
import difflib
import html
import re
from collections.abc import Mapping

import ipywidgets as w

#: token -> light, dark
TOKENS: Mapping[str, tuple[str, str]] = {
    "panel": ("#FFFFFF", "#111111"),
    "soft": ("#F3F6F6", "#2A2D2E"),
    "hair": ("#D5DCDC", "#3C4345"),
    "ink": ("#1F2426", "#E8ECEC"),
    "mute": ("#566166", "#A7B1B3"),
    "line": ("#7C888C", "#7F8A8D"),
    "accent": ("#0A6B62", "#5CC8BC"),
    "on-accent": ("#FFFFFF", "#062320"),
    "tint": ("#E2F1EF", "#15322F"),
    "ok": ("#1B6E36", "#6CCB84"),
    "ok-soft": ("#E4F3E8", "#15301D"),
    "warn": ("#855600", "#E8B84A"),
    "warn-soft": ("#FBF0DA", "#3A2C0C"),
    "err": ("#B3261E", "#FF8F85"),
    "on-err": ("#FFFFFF", "#2B0704"),
    "err-soft": ("#FBE7E5", "#431B18"),
    "live": ("#8F3B00", "#FFB27A"),
    "live-soft": ("#FDEADD", "#40240E"),
    "add": ("#0F5A2A", "#9BE3AE"),
    "add-soft": ("#DDF3E3", "#12351F"),
    "cut": ("#8C1D18", "#FFB8B1"),
    "cut-soft": ("#FBE1DF", "#451A18"),
}

NOT_READY, READY, RUNNING, WAITING, STOPPED = "○", "●", "◐", "…", "■"
DONE, WARNING, FAILED, UNCLEAR, CHANGED, SKIPPED = "✓", "!", "✕", "?", "≠", "–"
#: U+FE0E asks for the plain glyph, not the coloured picture.
OPENS = "↗\ufe0e"

_RULES = """
.soc{container:soc/inline-size;box-sizing:border-box;width:100%;padding:8px;overflow:hidden;
background:var(--panel);color:var(--ink);font:13px/1.45 var(--jp-ui-font-family,sans-serif);
font-variant-numeric:tabular-nums;--jp-widgets-inline-height:32px;--jp-widgets-font-size:13px;
--jp-widgets-color:var(--ink);--jp-widgets-label-color:var(--ink);
--jp-widgets-input-color:var(--ink);--jp-widgets-input-background-color:var(--panel);
--jp-widgets-input-border-color:var(--line);--jp-widgets-input-focus-border-color:var(--accent)}
.soc .widget-html-content,.soc .widget-html{font-size:13px;line-height:1.45;height:auto}
.soc .widget-html-content{color:var(--ink)}
.soc .wrap{flex-flow:row wrap;align-items:center;gap:4px 8px;overflow:visible}
.soc .wrap>*{margin:0;flex:0 0 auto}.soc .wrap .widget-checkbox{width:auto}
.soc .body{gap:8px;overflow:visible}.soc .body>*{margin:0}
.soc .jupyter-button{height:32px;line-height:30px;width:auto;padding:0 12px;border-radius:6px;
border:1px solid var(--line);background:var(--panel);color:var(--ink);font-size:13px;
box-shadow:none!important}
.soc .jupyter-button:hover:enabled{background:var(--soft)}
.soc .jupyter-button:disabled{opacity:1;border-style:dashed;color:var(--mute);
background:var(--panel)}
.soc .jupyter-button.go:enabled{background:var(--accent);border-color:var(--accent);
color:var(--on-accent);font-weight:600}
.soc .jupyter-button.del:enabled{background:var(--err);border-color:var(--err);
color:var(--on-err);font-weight:600}
.soc .jupyter-button.title,.soc .jupyter-button.num{background:none;padding:0 4px;
border-color:transparent;color:var(--accent);text-align:left}
.soc .jupyter-button.title{color:var(--ink);font-weight:600}
.soc .jupyter-button.mute{color:var(--mute)}
.soc .jupyter-button.title:hover,.soc .jupyter-button.num:hover{text-decoration:underline}
.soc .jupyter-button.mod-active{background:var(--tint);border-color:var(--accent);
color:var(--accent)}
.soc :focus-visible{outline:2px solid var(--accent)!important;outline-offset:-2px}
.soc .widget-label{color:var(--ink);width:auto}
.soc input,.soc select,.soc textarea{border-radius:6px;accent-color:var(--accent);
font-family:inherit}
.soc .wrap .widget-checkbox label{display:flex;align-items:center;height:32px}
.soc .wrap .widget-checkbox input{margin:0 6px 0 0;height:16px;width:16px}
.soc .wrap .widget-checkbox span{line-height:32px}
.soc select{color:var(--ink);background-color:var(--panel)}
.soc .widget-dropdown select{appearance:auto;background-image:none}
.soc .progress{background:var(--soft);border-radius:6px;overflow:hidden}
.soc .progress-bar{background:var(--accent)!important;transition:none}
.soc a{color:var(--accent);text-decoration:underline}
.soc p{margin:0}
.soc .mute{color:var(--mute)}.soc .ok{color:var(--ok)}
.soc .warn{color:var(--warn)}.soc .err{color:var(--err)}.soc .accent{color:var(--accent)}
.soc code{font:12px var(--jp-code-font-family,monospace);background:var(--soft);color:var(--ink);
padding:1px 4px;border-radius:4px;overflow-wrap:anywhere}
.soc .t{unicode-bidi:isolate}
.soc .cut{display:inline-block;max-width:60ch;overflow:hidden;text-overflow:ellipsis;
white-space:nowrap;vertical-align:bottom}
.soc .pill{display:inline-block;max-width:100%;box-sizing:border-box;overflow:hidden;
text-overflow:ellipsis;white-space:nowrap;font-size:12px;line-height:20px;padding:0 8px;
border-radius:10px;background:var(--soft);color:var(--ink);vertical-align:middle}
.soc .pill.ok{background:var(--ok-soft);color:var(--ok)}
.soc .pill.warn{background:var(--warn-soft);color:var(--warn)}
.soc .pill.err{background:var(--err-soft);color:var(--err)}
.soc .pill.accent{background:var(--tint);color:var(--accent)}
.soc .pill.live{background:var(--live-soft);color:var(--live);font-weight:700}
.soc .pill.demo{background:var(--tint);color:var(--accent);font-weight:700}
.soc .pill.mute{color:var(--mute)}
.soc .card{border:1px solid var(--hair);border-radius:8px;padding:8px 12px}
.soc .note{border-left:3px solid var(--line);background:var(--soft);padding:8px 12px;
border-radius:6px}
.soc .note.err{border-color:var(--err);background:var(--err-soft);color:var(--ink)}
.soc .note.warn{border-color:var(--warn);background:var(--warn-soft);color:var(--ink)}
.soc .note.ok{border-color:var(--ok);background:var(--ok-soft);color:var(--ink)}
.soc .note .hint{color:var(--ink)}
.soc .trouble{overflow:visible}.soc .trouble>*{margin:0 0 8px}
.soc .box{display:flex;align-items:center;justify-content:center;overflow:hidden;
background:var(--soft);color:var(--mute);border-radius:4px;font-size:12px;text-align:center}
.soc .box img{max-width:100%;max-height:100%;object-fit:contain;margin:0;display:block}
.soc button.copy{font:inherit;font-size:12px;height:24px;margin:2px 0;padding:0 8px;
border-radius:6px;border:1px solid var(--line);background:var(--panel);color:var(--ink);
cursor:pointer}
.soc details{color:var(--mute)}.soc summary{cursor:pointer}
.soc ins,.soc ins *{color:var(--add);background:var(--add-soft);text-decoration:underline}
.soc del,.soc del *{color:var(--cut);background:var(--cut-soft);text-decoration:line-through}
.soc del+ins{margin-left:3px}
.soc pre.log{height:160px;overflow:auto;display:flex;flex-direction:column-reverse;margin:0;
background:var(--soft);color:var(--ink);border-radius:6px;padding:8px;font-size:12px}
"""


def _variables(theme: int) -> str:
    return ";".join(f"--{name}:{both[theme]}" for name, both in TOKENS.items())


def _sheet() -> str:
    """The style sheet; about 5 KB with both sets of colours."""
    rules = re.sub(r"\n", "", _RULES)
    dark = f'[data-jp-theme-light="false"] .soc{{{_variables(1)};color-scheme:dark}}'
    return f"<style>.soc{{{_variables(0)};color-scheme:light}}{dark}{rules}</style>"


STYLE = _sheet()


def style(extra: str = "") -> w.HTML:
    """The style sheet as a widget without height; `extra` are rules of one view, scoped alike."""
    sheet = (
        STYLE if not extra else STYLE.replace("</style>", re.sub(r"\n\s*", "", extra) + "</style>")
    )
    return w.HTML(sheet, layout=w.Layout(display="none"))


#: Control characters but tab and line end; marks that turn the reading direction of what follows
#: (a file name could look like another one); halves of characters, which no message can carry.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def readable(text: str) -> str:
    """Somebody's words for a label: control characters as their pictures, turning marks as `�`."""
    if text.isprintable():
        return text  # nearly all
    shown = _CONTROLS.sub(lambda one: chr(0x2400 + ord(one[0])) if one[0] < " " else "\ufffd", text)
    return _TURNING.sub("\ufffd", shown)


def esc(text: object) -> str:
    """Text that is safe inside HTML and inside quoted attributes."""
    return html.escape(readable(str(text)), quote=True)


def text(value: str, classes: str = "") -> str:
    """Somebody's words as text: escaped, and right-to-left words cannot turn what is beside."""
    return f'<bdi class="t {classes}">{esc(value)}</bdi>'


def cut(title: str) -> str:
    """A title on one line: cut by the page at 60 letters, whole in the tooltip."""
    return f'<bdi class="t cut" title="{esc(title)}">{esc(title[:400])}</bdi>'


def quoted(title: str) -> str:
    """`“Dawn over the lake”`, cut like a title."""
    return f"“{cut(title)}”"


def pill(sign: str, words: str, tone: str = "") -> str:
    """A state as a sign and a word; `tone` is `ok`, `warn`, `err`, `accent`, `mute` or ""."""
    shown = esc(f"{sign} {words}".strip())
    return f'<span class="pill {tone}" title="{shown}">{shown}</span>'


def data_uri(data: bytes, kind: str = "image/jpeg") -> str:
    """Bytes as an address, so that nothing is fetched from anywhere."""
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


def picture(data: bytes, title: str, *, box: tuple[int, int] = (96, 72), kind: str = "") -> str:
    """The whole picture in a quiet box of this size, the title as `alt`."""
    address = data_uri(data, kind or "image/jpeg")
    return _box(f'<img src="{address}" alt="{esc(title)}">', box)


def placeholder(words: str, *, box: tuple[int, int] = (96, 72)) -> str:
    """A box of the same size with words: `Off-line`, `File not found`, …"""
    return _box(f"<span>{esc(words)}</span>", box)


def _box(inner: str, box: tuple[int, int]) -> str:
    return f'<div class="box" style="width:{box[0]}px;height:{box[1]}px">{inner}</div>'


def link(address: str, words: str) -> str:
    """A link to a new tab, `Open on Flickr ↗`; the words alone if the address is none of the web.

    Addresses come from IMatch and from servers: `javascript:` must not run here.
    """
    if not address.lower().startswith(("http://", "https://")):
        return esc(words)
    return (
        f'<a href="{esc(address)}" target="_blank" rel="noopener noreferrer">'
        f"{esc(words)} {OPENS}</a>"
    )


_WORD = re.compile(r"\s+|[^\s]+")


def word_diff(before: str, after: str) -> str:
    """What changed, word by word: removed struck through, added underlined; all escaped.

    Texts with little in common are shown one after the other, else old and new words alternate and
    neither can be read; so are very long ones (over 4,000 words): comparing takes too long.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    apart = f"<del>{_lines(before)}</del> <ins>{_lines(after)}</ins>"
    if len(old) + len(new) > 4000:
        return apart
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    same = sum(len("".join(old[a:b]).split()) for tag, a, b, _, _ in codes if tag == "equal")
    if before.strip() and after.strip() and 2 * same < min(len(before.split()), len(after.split())):
        return f'<bdi class="t">{apart}</bdi>'
    parts = []
    for tag, a, b, c, d in codes:
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        if tag == "equal":
            parts.append(_lines(gone))
        else:
            parts += [f"<del>{_lines(gone)}</del>"] if gone else []
            parts += [f"<ins>{_lines(come)}</ins>"] if come else []
    return f'<bdi class="t">{"".join(parts)}</bdi>'


def _lines(value: str) -> str:
    return esc(value).replace("\n", "<br>")


def lines(value: str) -> str:
    """A text of several lines, escaped, with its line ends kept."""
    return f'<bdi class="t">{_lines(value)}</bdi>'
