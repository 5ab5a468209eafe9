"""IMatch through its web services: `ImwsClient` makes the calls, `Library` gives them sense."""

from socials_lib.imatch.categories import MirrorReport
from socials_lib.imatch.client import ImwsClient
from socials_lib.imatch.library import Flags, Library, Setup
from socials_lib.imatch.records import ALT_TEXT_EXPRESSION, CIRCA_EXPRESSION

__all__ = [
    "ALT_TEXT_EXPRESSION",
    "CIRCA_EXPRESSION",
    "Flags",
    "ImwsClient",
    "Library",
    "MirrorReport",
    "Setup",
]
