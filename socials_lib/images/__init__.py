"""Pictures on the disk: look at them, make the copy that is sent, show them small.

The original is opened for reading only, once, and never changed.  What goes out is an *upload
copy*: segments, chunks or blocks of the picture copied to the byte, everything else left out
(`jpeg`, `png`, `gif`, `exif`, `xmp`: our own readers).  Before anybody sees the copy a *witness*
reads the finished file again with other code (Pillow, and a reader of its own that shares nothing
with ours) and finds only what is allowed, or the copy is deleted and the photo blocked
(`private_content`).

Decisions, November 2026
- `picture_sha` is that of the *source's* picture data, also for a smaller copy: it is what the
  journal and the stamp compare.  Turning a JPEG by its orientation flag does not change it; the
  flag is remembered beside it, so that a turned picture counts as changed all the same.
- Size limits are judged by the finished copy: a file that is too large only because of what is left
  out is sent as it is.
- Place and texts (`keep_gps`, `keep_texts`) are kept in JPEG only.
- Nothing of a GIF or PNG is turned, shown or sent by an EXIF orientation: no browser does.
- A picture without its end, with two pictures in one, or with tables that do not fill their segment
  is `not_an_image`; things behind the data of a PNG are `private_content`.
"""

from __future__ import annotations

from socials_lib.images.copies import make_copy
from socials_lib.images.facts import inspect, picture_sha
from socials_lib.images.thumbs import ThumbnailCache, thumbnail

__all__ = ["ThumbnailCache", "inspect", "make_copy", "picture_sha", "thumbnail"]
