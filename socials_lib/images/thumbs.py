"""Small pictures for tables and previews, made once and kept on the disk."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from socials_lib.errors import PhotoError
from socials_lib.images import exif
from socials_lib.images.facts import jpeg_header
from socials_lib.images.files import Source, openable, opened, read_head, suffix_of, words_of
from socials_lib.images.fitting import plain, turned
from socials_lib.images.opening import RAW, load, picture, sniff
from socials_lib.images.parts import Damaged

if TYPE_CHECKING:
    from PIL import Image, ImageFile

#: Goes into the key: raise it when thumbnails change.
_EDITION = 1
_GROUND = (255, 255, 255)
#: Formats without a fast way to a small picture are not unpacked beyond this.
_MOST_PIXELS = 200_000_000


def thumbnail(path: str, *, box: tuple[int, int] = (192, 144), quality: int = 80) -> bytes:
    """The whole picture, the right way up, as a JPEG that fits into `box`.

    Raises `PhotoError` whose message are the words for the placeholder: `Off-line`,
    `File not found`, `No preview for CR3`, `Not a picture`; its details say more.
    """
    try:
        with opened(path) as source:
            return _jpeg(_small(source, box), quality)
    except PhotoError as err:
        if err.code != "file_not_found":
            raise
        words = words_of(err)
        raise PhotoError(words, code=err.code, hint=err.hint, details=err.details) from err
    except (Damaged, ArithmeticError, LookupError, OSError, TypeError, ValueError) as err:
        raise PhotoError("Not a picture", code="not_an_image", details=f"{err}. {path}") from err
    except MemoryError as err:
        raise _no_preview(suffix_of(path), "too large for the memory of this computer") from err


def _no_preview(kind: str, why: str) -> PhotoError:
    return PhotoError(f"No preview for {kind}", code="invalid_format", details=why)


def _small(source: Source, box: tuple[int, int]) -> Image.Image:
    format = sniff(read_head(source, 64), source.path)
    kind = suffix_of(source.path)
    if format in RAW or format in ("HEIF", "JXL") or (not format and kind in RAW):
        raise _no_preview(format or kind, "this format cannot be opened here")
    if not format:
        raise Damaged("unknown content")
    orientation = jpeg_header(source)[1].orientation if format == "JPEG" else 1
    source.stream.seek(0)
    shown = picture(source.stream, format)
    if format == "JPEG":
        return _shrunk(shown, box, orientation)
    if shown.width * shown.height > _MOST_PIXELS:
        raise _no_preview(format, f"{shown.width:,} x {shown.height:,} pixels are too many")
    if format in ("WEBP", "AVIF"):
        orientation = exif.parse(shown.info.get("exif", b"").removeprefix(b"Exif\0\0")).orientation
    return _shrunk(shown, box, orientation)


def _shrunk(shown: ImageFile.ImageFile, box: tuple[int, int], orientation: int) -> Image.Image:
    from PIL import Image

    lying = box[::-1] if orientation >= 5 else box
    shown.draft(None, (lying[0] * 2, lying[1] * 2))  # a JPEG is decoded in 1/2, 1/4 or 1/8
    load(shown)
    profile = shown.info.get("icc_profile")
    small: Image.Image = shown if shown.mode in ("L", "RGB", "CMYK") else plain(shown)
    small.thumbnail(lying, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return turned(_on_ground(_in_screen_colours(small, profile)), orientation)


def _in_screen_colours(small: Image.Image, profile: bytes | None) -> Image.Image:
    """sRGB, so that the profile can be left out; colours stay as they are if that fails."""
    if not profile or small.mode not in ("RGB", "CMYK"):
        return small
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        screen = ImageCms.createProfile("sRGB")
        turned_to = ImageCms.profileToProfile(small, source, screen, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return small
    return turned_to or small


def _on_ground(small: Image.Image) -> Image.Image:
    """A picture without transparency and without notes (Pillow would carry a comment along)."""
    from PIL import Image

    ground = Image.new("RGB", small.size, _GROUND)
    alpha = small.getchannel("A") if small.mode in ("LA", "RGBA") else None
    ground.paste(small.convert("RGB"), None, alpha)
    return ground


def _jpeg(small: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    small.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


class ThumbnailCache:
    """Thumbnails in a folder; several threads and processes may use it at once.

    A changed file (time or size) gets a new thumbnail.  A cache that cannot be written is only
    slow, never an error.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, path: str, box: tuple[int, int] = (192, 144)) -> bytes:
        """The thumbnail, from the cache if there is one; raises what `thumbnail` raises."""
        place = self._place(path, box)
        if place is None:
            return thumbnail(path, box=box)
        with contextlib.suppress(OSError):
            kept = place.read_bytes()
            if kept.startswith(b"\xff\xd8") and kept.endswith(b"\xff\xd9"):
                return kept
        made = thumbnail(path, box=box)
        with contextlib.suppress(OSError):
            _write(place, made)
        return made

    def _place(self, path: str, box: tuple[int, int]) -> Path | None:
        try:
            status = openable(path).stat()
        except (OSError, ValueError):
            return None
        key = f"{_EDITION}|{path}|{status.st_mtime_ns}|{status.st_size}|{box[0]}x{box[1]}"
        name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return openable(str(self.folder)) / name[:2] / f"{name}.jpg"


def _write(place: Path, data: bytes) -> None:
    """All or nothing: written beside, then renamed."""
    place.parent.mkdir(parents=True, exist_ok=True)
    number, part = tempfile.mkstemp(prefix=".thumb-", dir=place.parent)
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(data)
        Path(part).replace(place)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(part).unlink()
        raise
