"""Flickr and Pixelfed behind one protocol (`base.Platform`)."""
