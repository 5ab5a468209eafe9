"""From photos to a plan: what is to be done, and why. Pure.

A photo is *published* on platform P if an attribute record of set P holds its remote id (on the
file itself or on a relative), or a usable `url`.  The decision table:

    published  _delete  _update/_metadata     result
    any        yes      yes                   blocked `conflicting_flags`
    no         no       any                   add, if directly in `Socials|P`, else blocked
    no         yes      no                    skip `not_published` (leaves `_delete` and P)
    yes        no       _update               update (picture and text)
    yes        no       _metadata             metadata (text, tags, albums, groups)
    yes        yes      no                    delete
    yes        no       no                    none; *suggested* if it differs from what was sent

Decided here, where the design is silent:
    - A master and its version that are both categorised, unpublished, and would each send their
      own file: the version is `same_picture_twice` (the master acts, as for published ones).
      Publishing both would be the harm that a relation rule that copies categories does.
    - A photo without own record whose relatives carry two different ids is `duplicate_remote_id`:
      nobody can say which of them it is.
    - A row that only waits (a group's period, a moderator) has nothing to do and is `none`.
"""

from socials_lib.plan.build import build, choose_upload
from socials_lib.plan.document import from_json, read, row_to_json, save, summary, to_json
from socials_lib.plan.publication import Publication, publication

__all__ = [
    "Publication",
    "build",
    "choose_upload",
    "from_json",
    "publication",
    "read",
    "row_to_json",
    "save",
    "summary",
    "to_json",
]
