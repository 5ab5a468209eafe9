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
    - A file without an id of its own is published where a relative's record says so, also if it
      has an own record that lost its id.  An id that the journal knows, of the file or of a
      relative, and that stands in none of their records is `lost_remote_id`, whatever else they
      hold: else what is online under it would be forgotten, or published again.
    - So is an id, or an act under way, of what only may be this file (`models.likeness`): the photo
      waits until somebody says what it is.  One that has an id in IMatch waits for nothing.
    - Words in the id column that hold no id are `lost_remote_id` too, also beside a usable address.
    - Files of the list with one id are one photo: it is in the albums and groups of all of them.
    - A master and its version that are both categorised, unpublished, and would each send their
      own file: the version is `same_picture_twice` (the master acts, as for published ones).
      Publishing both would be the harm that a relation rule that copies categories does.
    - A photo without own record whose relatives carry two different ids is `duplicate_remote_id`
      (nobody can say which of them it is), but `same_picture_twice` if they are in the list too.
    - One id on a master and two of its versions: one family, one of the three acts.
    - A row that only waits (a group's period, a moderator) has nothing to do and is `none`; once
      its time has come it is `metadata`, reason `continue`: the photo is online, and whatever
      happens to the open act until then, a `metadata` row can never publish it again.
    - `conflicting_flags` are told before an open act goes on; that one is settled all the same.
    - Tags are compared without order and spelling, as Flickr does, so that sorting keywords in
      IMatch suggests nothing.  On Pixelfed a changed picture is neither suggested nor shown as a
      change of an update: nothing there can replace it.
"""

from socials_lib.plan.build import build
from socials_lib.plan.document import from_json, read, row_to_json, save, summary, to_json
from socials_lib.plan.forecast import MEGABYTE, Forecast, bytes_of, forecast, to_do
from socials_lib.plan.part import part, within
from socials_lib.plan.publication import Publication, publication
from socials_lib.plan.reposting import with_reposts
from socials_lib.plan.uploads import candidate_paths, choose_upload

__all__ = [
    "MEGABYTE",
    "Forecast",
    "Publication",
    "build",
    "bytes_of",
    "candidate_paths",
    "choose_upload",
    "forecast",
    "from_json",
    "part",
    "publication",
    "read",
    "row_to_json",
    "save",
    "summary",
    "to_do",
    "to_json",
    "with_reposts",
    "within",
]
