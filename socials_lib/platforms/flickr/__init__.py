"""Flickr through flickrapi: the only package (with its `signin`) that imports it.

    client      the `Platform`: who we are, reading, and what the others do
    acts        a row of the plan -> ordered acts; pure
    sending     an act -> one changing request and its meaning; `refusals` the code tables
    looking     did it happen?  listings, the photo of a lost upload
    answers     bytes -> replies, elements -> records; pure
    texts       clean tags, quoting, the equivalences of texts; pure
    wire        flickrapi, paced, bound to its hosts, answers read by ourselves
    signin      the out-of-band sign-in

Decisions, 2026-11-22: follow-ups (date, albums, groups) of an add never fail the row; in update and
metadata rows the texts, tags, date and privacy are what the row is about and do.  A group's full
period is waited for until the midnight (UTC) after it.  With the stamp on, a lost upload is adopted
by its machine tags only, never by its title.
"""

from socials_lib.platforms.flickr.client import FlickrPlatform
from socials_lib.platforms.flickr.signin import FlickrSignIn

__all__ = ["FlickrPlatform", "FlickrSignIn"]
