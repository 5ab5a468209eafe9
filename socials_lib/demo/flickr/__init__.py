"""A stand-in of Flickr: the API (REST, upload, replace, OAuth 1.0a), images, plain web pages.

    with FlickrStandIn() as flickr:
        flickr.url, flickr.api_key, flickr.api_secret, flickr.token, flickr.token_secret

It follows recorded answers and documents of the real service and knows nothing of our client.

Rooms (each imports only rooms above it)
    `options`   what is unknown about Flickr, as switches; limits and lags
    `records`   users, photos, albums, groups, tickets, tokens
    `tree`      one answer -> XML and JSON
    `text`      descriptions, tags, dates
    `pictures`  what Flickr reads out of a file
    `tokens`    request tokens, verifiers, access tokens
    `state`     the state and its rules;  `snapshot` the same as JSON
    `backend`   `FlickrBackend`: state + seeding + what other people do
    `uploads`   the upload and replace services
    `oauth`     who is calling
    `calls`     the table of methods;  `sizes`, `rows` shared parts of answers
    `methods`   the methods by subject
    `web`       pages and images
    `faults`    ready-made faults
    `standin`   `FlickrStandIn`: HTTP in, HTTP out
"""

from socials_lib.demo.flickr.backend import FlickrBackend
from socials_lib.demo.flickr.options import FlickrOptions
from socials_lib.demo.flickr.records import Refusal
from socials_lib.demo.flickr.standin import FlickrStandIn

__all__ = ["FlickrBackend", "FlickrOptions", "FlickrStandIn", "Refusal"]
