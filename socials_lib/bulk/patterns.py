"""Regular expressions that people type: with a time limit, and no text without end.

The package `regex` can be interrupted, `re` cannot.  One look at one text may take a fifth of a
second, all looks of one pattern in one preview five seconds: the first one that takes longer ends
the preview with a clear message instead of a frozen notebook.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import regex

from socials_lib.errors import RecipeError

#: Seconds for one text, and for all texts of one pattern in one preview.
ONE_TEXT, ALL_TEXTS = 0.2, 5.0
#: The longest pattern or replacement, and the longest text that may come out.
MOST_PATTERN, MOST_LETTERS = 1_000, 100_000


class Pattern:
    """A compiled pattern with its budget of time; raises `RecipeError` if it cannot be used."""

    def __init__(
        self,
        pattern: str,
        *,
        ignore_case: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.pattern = pattern
        self._compiled = _compiled(pattern, ignore_case)
        self._clock = clock
        self._left = ALL_TEXTS

    def found_in(self, text: str) -> bool:
        """True if the pattern matches somewhere in the text."""
        return self._timed(lambda: self._compiled.search(text, timeout=ONE_TEXT)) is not None

    def replaced(self, text: str, replacement: str) -> str:
        r"""The text with every match replaced; `\1` and `\g<name>` stand for groups."""
        check_length("replacement", replacement)
        if not text:
            return text
        size = 0

        def expanded(match: Any) -> str:
            nonlocal size
            found: str = match.expand(replacement)
            size += len(found)
            if size > MOST_LETTERS:
                raise RecipeError(f"The pattern “{self._shown}” makes too long a text.")
            return found

        return str(self._timed(lambda: self._compiled.sub(expanded, text, timeout=ONE_TEXT)))

    @property
    def _shown(self) -> str:
        return self.pattern if len(self.pattern) <= 60 else f"{self.pattern[:59]}…"

    def _timed(self, work: Callable[[], Any]) -> Any:
        begun = self._clock()
        try:
            found = work()
        except TimeoutError:
            raise self._too_slow() from None
        except (IndexError, regex.error) as error:  # no such group
            raise RecipeError(
                f"The replacement for “{self._shown}” cannot be used: {error}.",
                hint=r"`\1` is the first group in round brackets, `\g<name>` a named one.",
            ) from error
        except (MemoryError, RecursionError) as error:
            raise self._too_slow() from error
        self._left -= self._clock() - begun
        if self._left < 0:
            raise self._too_slow()
        return found

    def _too_slow(self) -> RecipeError:
        return RecipeError(
            f"The pattern “{self._shown}” takes too long, so it was stopped.",
            hint="Repeats inside repeats, as in `(a+)+`, are the usual reason. Make it simpler.",
            code="pattern_too_slow",
        )


def check_length(what: str, text: str) -> None:
    """Raise `RecipeError` for a pattern or replacement that nobody types."""
    if len(text) > MOST_PATTERN:
        raise RecipeError(
            f"The {what} has {len(text):,} letters, at most {MOST_PATTERN:,} are possible."
        )


@lru_cache(maxsize=64)
def _compiled(pattern: str, ignore_case: bool) -> Any:
    check_length("pattern", pattern)
    if not pattern:
        raise RecipeError("The pattern is empty.", hint="Type what is to be looked for.")
    flags = regex.IGNORECASE if ignore_case else 0
    try:
        return regex.compile(pattern, flags)
    except (regex.error, RecursionError, OverflowError, MemoryError) as error:
        shown = pattern if len(pattern) <= 60 else f"{pattern[:59]}…"
        words = str(error) if isinstance(error, regex.error) else "it is nested too deeply"
        raise RecipeError(
            f"The pattern “{shown}” cannot be used: {words}.",
            hint=r"A sign with a meaning of its own, such as ( or ?, needs a backslash: \(.",
        ) from error
