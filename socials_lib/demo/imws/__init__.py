"""The stand-in of IMatch WebServices (IMWS): an IMatch database behind HTTP on the loopback.

    with ImwsStandIn(seed) as imws:
        requests.post(f"{imws.url}/v1/authenticate", params={"id": "anna", "password": ""})
        ...
        assert [1201] == imws.backend.files_in("Socials|flickr")

Real IMWS has no public reference.  What a real client does and what the maker says is followed to
the letter; the rest is the strict guess of `imws.md`, section 16, and can be changed by switches
(`language`, `missing_variable_style`, `date_style`) where clients have to stand both.

Rooms
    `backend`     state: files, relations, variables, id lists, tokens; what tests ask
    `categories`  the tree, with `@All` and the mirror of the keywords
    `attributes`  attribute sets and their records
    `metadata`    the operations of `/v1/metadata`; `tags`: names of tags
    `variables`   `{File.MD.iso|value:formatted}` under the user's Windows language
    `collection_table`  flags, dots, pins
    `answers`     one function per endpoint; `form`, `refusal`: what comes in, how it says no
    `service`     paths, methods, tokens, limits, the side door for tests
    `webroot`     pages of apps and substitutes of IMatch's libraries; `processes`: `processRun`
"""

from .backend import ImwsBackend
from .processes import Processes
from .service import ImwsStandIn
from .webroot import Webroot

__all__ = ["ImwsBackend", "ImwsStandIn", "Processes", "Webroot"]
