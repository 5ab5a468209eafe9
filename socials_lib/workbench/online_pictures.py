"""The pictures that are online, fetched by this process, small, and kept in the data folder.

A notebook never lets the browser ask a platform: pages work without any resource from outside, and
no cookie travels.  No key or token is sent along, nothing but pictures is taken, and none above a
size; what was fetched once is not fetched again (a replaced picture has a new address).  Flickr's
picture servers answer 429 after some twenty quick downloads: then nothing is asked for a minute.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import requests

from socials_lib import images
from socials_lib.errors import PhotoError
from socials_lib.system import write_whole
from socials_lib.transport import is_loopback

log = logging.getLogger(__name__)

#: Bytes of a picture at most: lists name pictures of 320 to 640 pixels.
MOST_BYTES = 8_000_000
#: Seconds without any request after a 429 without `Retry-After`.
PAUSE = 60.0
_TIMEOUT = (10.0, 30.0)
_MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"RIFF")


class OnlinePictures:
    """Fetches and keeps; several threads may ask at once."""

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.folder, self._clock = folder, clock
        self._thumbnails = images.ThumbnailCache(folder / "small")
        self._lock = threading.Lock()
        self._until: dict[str, float] = {}

    def get(self, url: str, *, box: tuple[int, int]) -> bytes:
        """The picture as a JPEG that fits into `box`; raises `PhotoError` with the reason."""
        place = self._place(url)
        if not place.exists():
            _keep(place, self._fetched(url))
        try:
            return self._thumbnails.get(str(place), box)
        except PhotoError:
            place.unlink(missing_ok=True)
            raise

    def _place(self, url: str) -> Path:
        name = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return self.folder / name[:2] / f"{name}.img"

    def _fetched(self, url: str) -> bytes:
        host = urlsplit(url).netloc
        if not _is_web(url):
            raise PhotoError("No picture", code="file_not_found", details=url)
        with self._lock:
            if self._clock() < self._until.get(host, 0.0):
                raise PhotoError("Not now", code="file_not_found", details=f"{host} wants a pause")
        try:
            with requests.Session() as session:
                session.auth = _nobody  # else requests looks for passwords in a .netrc
                session.trust_env = not is_loopback(url)  # no proxy for this very computer
                with session.get(url, stream=True, timeout=_TIMEOUT) as answer:
                    return self._read(answer, host)
        except (requests.RequestException, OSError) as error:
            raise PhotoError("Not reachable", code="file_not_found", details=str(error)) from error

    def _read(self, answer: requests.Response, host: str) -> bytes:
        if answer.status_code == 429:
            with self._lock:
                self._until[host] = self._clock() + PAUSE
            raise PhotoError("Not now", code="file_not_found", details=f"{host} wants a pause")
        if answer.status_code != 200:
            details = f"HTTP {answer.status_code} of {host}"
            raise PhotoError("No picture", code="file_not_found", details=details)
        data = b""
        for part in answer.iter_content(65_536):
            data += part
            if len(data) > MOST_BYTES:
                raise PhotoError("Too large to show", code="file_too_large", details=host)
        if not data.startswith(_MAGIC):
            raise PhotoError("Not a picture", code="not_an_image", details=host)
        return data


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Nothing is added to the request."""
    return request


def _is_web(url: str) -> bool:
    """Plain http only to this computer."""
    scheme = urlsplit(url).scheme
    return scheme == "https" or (scheme == "http" and is_loopback(url))


def _keep(place: Path, data: bytes) -> None:
    try:
        write_whole(place, data)
    except OSError as error:
        raise PhotoError("No room to keep it", code="file_not_found", details=str(error)) from error
