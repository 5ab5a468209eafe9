"""Pixelfed through Mastodon.py: the only package that imports it.

    client      the `Platform`: who we are, and what the others do
    acts        a row of the plan -> ordered acts; pure
    sending     an act -> one changing request and its meaning; what became of a lost one
    reading     account and limits, single posts, all posts
    answers     answers -> errors and records; pure
    texts       what the server makes of texts; pure
    wire        Mastodon.py by the recipe of the facts, paced, bound to one host

Decisions, 2026-11-22: reads go through Mastodon.py where it has a method and past it where it has
none (`_pe=1`, compose settings).  A post with our upload is ours, a post with the same text and
another upload is not: the caption is compared only if no media id is known.  `note` acts carry
warnings that belong to no request.
"""

from socials_lib.platforms.pixelfed.client import PixelfedPlatform

__all__ = ["PixelfedPlatform"]
