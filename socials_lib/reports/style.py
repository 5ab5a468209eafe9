"""How the report looks: the colours of the notebooks, light or dark as the reader's system is."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: token -> light, dark; the same values as in the notebooks (a test compares them)
TOKENS: Mapping[str, tuple[str, str]] = {
    "panel": ("#FFFFFF", "#111111"),
    "soft": ("#F3F6F6", "#2A2D2E"),
    "hair": ("#D5DCDC", "#3C4345"),
    "ink": ("#1F2426", "#E8ECEC"),
    "mute": ("#566166", "#A7B1B3"),
    "line": ("#7C888C", "#7F8A8D"),
    "accent": ("#0A6B62", "#5CC8BC"),
    "tint": ("#E2F1EF", "#15322F"),
    "ok": ("#1B6E36", "#6CCB84"),
    "ok-soft": ("#E4F3E8", "#15301D"),
    "warn": ("#855600", "#E8B84A"),
    "warn-soft": ("#FBF0DA", "#3A2C0C"),
    "err": ("#B3261E", "#FF8F85"),
    "err-soft": ("#FBE7E5", "#431B18"),
    "live": ("#8F3B00", "#FFB27A"),
    "live-soft": ("#FDEADD", "#40240E"),
}

_RULES = """
*{box-sizing:border-box}
html{background:var(--panel)}
body{max-width:1040px;margin:0 auto;padding:24px 16px 48px;background:var(--panel);
color:var(--ink);font:14px/1.45 system-ui,"Segoe UI",sans-serif;
font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
h1{font-size:18px;font-weight:600;margin:0}
h2{font-size:16px;font-weight:600;margin:32px 0 8px}
p,ul,dl,dd{margin:0}
a{color:var(--accent)}
a:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
bdi{unicode-bidi:isolate}
code{font:12px ui-monospace,Consolas,monospace;background:var(--soft);padding:1px 4px;
border-radius:4px}
summary{cursor:pointer}
.mute{color:var(--mute)}
.card{border:1px dashed var(--accent);border-radius:8px;padding:12px 16px}
.card.live{border:1px solid var(--live)}
.top{display:flex;flex-wrap:wrap;gap:4px 8px;align-items:center}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin-top:12px}
.facts dt{color:var(--mute)}
.counts{margin-top:16px;padding:0;list-style:none;font-size:15px}
.counts b{font-weight:600}
.note{border-left:3px solid var(--line);background:var(--soft);padding:8px 12px;
border-radius:6px;margin-top:12px}
.note.err{border-color:var(--err);background:var(--err-soft)}
.note.warn{border-color:var(--warn);background:var(--warn-soft)}
.rows{list-style:none;padding:0;border-top:1px solid var(--hair)}
.rows>li{display:flex;gap:16px;padding:8px 0;border-bottom:1px solid var(--hair)}
.rows>li>div:last-child{flex:1 1 0;min-width:0}
.box{display:flex;flex:0 0 96px;width:96px;height:72px;align-items:center;
justify-content:center;overflow:hidden;background:var(--soft);color:var(--mute);
border-radius:4px;font-size:12px;text-align:center}
.box img{max-width:100%;max-height:100%;object-fit:contain;display:block}
.title{font-weight:600}
.pill{display:inline-block;font-size:12px;line-height:20px;padding:0 8px;border-radius:10px;
background:var(--soft);color:var(--ink);white-space:nowrap}
.pill.ok{background:var(--ok-soft);color:var(--ok)}
.pill.warn{background:var(--warn-soft);color:var(--warn)}
.pill.err{background:var(--err-soft);color:var(--err)}
.pill.accent,.pill.demo{background:var(--tint);color:var(--accent)}
.pill.live{background:var(--live-soft);color:var(--live)}
.pill.demo,.pill.live{font-weight:700}
.pill.mute{color:var(--mute)}
table{border-collapse:collapse;width:100%;margin-top:8px}
th,td{text-align:left;vertical-align:top;padding:4px 16px 4px 0;
border-bottom:1px solid var(--hair)}
th{color:var(--mute);font-weight:400}
footer{margin-top:32px;color:var(--mute)}
@media print{body{max-width:none}.rows>li{break-inside:avoid}}
"""


def sheet() -> str:
    """The style sheet, about 3 KB."""
    rules = re.sub(r"\n", "", _RULES)
    light, dark = (
        ";".join(f"--{name}:{both[theme]}" for name, both in TOKENS.items()) for theme in (0, 1)
    )
    return (
        f":root{{{light};color-scheme:light dark}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}{rules}"
    )
