"""Texts that services change on the way, in any number and always the same.

Entities, things that look like tags, addresses, `@` and `#` before words, line ends, emoji, marks
that combine, blanks of all kinds, very long and very short ones.
"""

from __future__ import annotations

import random

PIECES = (
    "Boats & cranes",
    "&amp; as typed",
    "5<6 and 7>3",
    "I <3 you",
    "a < b > c",
    "<b>bold</b> <i>words</i>",
    '<a href="https://example.org/x">a link</a>',
    "<script>alert(1)</script>z",
    "x <-- y",
    "tag <foo bar",
    "unclosed <",
    "https://example.org/?a=1&b=2#c",
    "http://example.org/a/very/long/path/that/is/cut/because/it/has/more/than/sixty/letters.html",
    "mail@example.org",
    "@somebody said",
    "#notatag and # alone",
    "“quotes” \"straight\" 'single'",
    "l1\r\nl2\rl3\nl4",
    "tab\there",
    "no\u00a0break\u2009thin\u3000wide",
    "zero\u200bwidth\u200djoiner",
    "dawn 🌅 flag 🇩🇪 family 👨‍👩‍👧",
    "e\u0301te\u0301 à côté, Ålesund, Straße, ﬁ",
    "日本の夜明け",
    "שלום עולם",
    "Ελλάδα Ψ",
    "100 % & 50 %",
    "back\\slash | pipe || pipes",
    "{{ title }} {% raw %}",
    "control\x07bell",
    "  many   blanks  ",
    "-- double -- dash --",
    "&lt;escaped&gt; &copy; &#39;",
    "end.",
    "[link](https://example.org)",
    "©®™ ½ ²",
)
KEYWORDS = (
    "Wood Duck",
    "São Paulo",
    "black-and-white",
    "C++",
    "B&W",
    "2024",
    "50mm f/1.8",
    "日本",
    "🌅",
    "O'Neill",
    'a "quoted" word',
    "comma, inside",
    "dc:title=machine",
    "under_score",
    "ALL CAPS",
    "ﬁne",
    "e\u0301te\u0301",
)


def text(number: int, *, most: int = 4, salt: str = "") -> str:
    """A text made of one to `most` pieces; the same for the same number and salt."""
    dice = random.Random(f"{salt}:{number}")
    joints = (" ", ", ", "\n", "\r\n\r\n", " – ")
    words = [dice.choice(PIECES) for _ in range(dice.randint(1, most))]
    made = words[0]
    for word in words[1:]:
        made += dice.choice(joints) + word
    return made


def metadata(number: int) -> dict[str, object]:
    """All texts of a photo; every one of them is there, the title tells the photos apart."""
    dice = random.Random(number)
    words = dice.sample(KEYWORDS, dice.randint(1, 6))
    return {
        "title": f"{number}: {text(number, most=2, salt='title')}",
        "headline": text(number, most=2, salt="headline"),
        "description": text(number, most=6, salt="description"),
        "hierarchicalkeywords": [
            f"Nature|{word}" if dice.random() < 0.5 else word for word in words
        ],
    }
