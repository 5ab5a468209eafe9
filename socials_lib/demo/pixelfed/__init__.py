"""A stand-in of Pixelfed: the client API as servers really answer it, and plain web pages.

    with PixelfedStandIn(legacy()) as pixelfed:
        requests.get(pixelfed.url + "/api/v1/accounts/verify_credentials",
                     headers={"Authorization": f"Bearer {pixelfed.token}"})

It is built from the facts about Pixelfed and from recorded answers of 0.11.13, and knows nothing
of the rest of `socials_lib`.  `legacy()` and `recent()` are two servers from both sides of the
divide between HTTP 500 for everything and true status codes.

Rooms
    `options`     what admins, versions and workers change
    `text`, `lexer`, `pictures`, `ids`   what happens to words, links, images, numbers
    `records`     the rows; `store`, `uploads`, `statuses`, `backend` what is done with them
    `errors`, `answers`   what goes wrong, and how a client gets to see it
    `inputs`, `rules`     what a request brought, and validation
    `entities`, `about`   the JSON shapes
    `calls`, `writing`, `reading`, `collecting`, `pages`   routes and endpoints
    `server`      the stand-in itself

Where the facts are silent: a second id in the same millisecond is always the larger one (tests
stop the clock); the person at the web pages is the owner of `demo`; likes, comments and shares
come from made-up visitors of the same server; `label` and `liked_by` of liked posts are guessed.
"""

from socials_lib.demo.pixelfed.backend import PixelfedBackend
from socials_lib.demo.pixelfed.options import PixelfedOptions, legacy, recent
from socials_lib.demo.pixelfed.server import PixelfedStandIn

__all__ = ["PixelfedBackend", "PixelfedOptions", "PixelfedStandIn", "legacy", "recent"]
