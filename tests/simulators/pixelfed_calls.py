"""A caller of the Pixelfed stand-in that uses plain `requests`, pictures for it, and a clock."""

import io
from collections.abc import Mapping
from typing import Any, Self

import requests
from PIL import Image

from socials_lib.demo.pixelfed import PixelfedStandIn

JSON = "application/json"
ANY = "*/*"

#: Saturday, 21 November 2026, 08:00 UTC
MORNING = 1795248000.0


class Clock:
    """A clock that only moves when told to."""

    def __init__(self, now: float = MORNING) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


def photo(
    width: int = 60, height: int = 40, *, format: str = "JPEG", pad_to: int = 0, **save: Any
) -> bytes:
    """A small picture with something to see in it; `pad_to` fills it up to so many bytes."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    image.paste((200, 60, 30), (0, 0, max(1, width // 3), max(1, height // 2)))
    target = io.BytesIO()
    image.save(target, format, **save)
    return target.getvalue().ljust(pad_to, b"\0")


class Caller:
    """Requests of one client: its token, its `Accept`; redirects are not followed."""

    def __init__(
        self, pixelfed: PixelfedStandIn, token: str | None = "", accept: str = JSON
    ) -> None:
        self.url = pixelfed.url
        self.session = requests.Session()
        self.session.headers["Accept"] = accept
        if token is not None:
            self.session.headers["Authorization"] = f"Bearer {token or pixelfed.token}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.session.close()

    def __call__(self, method: str, path: str, **how: Any) -> requests.Response:
        how.setdefault("allow_redirects", False)
        return self.session.request(method, self.url + path, timeout=20, **how)

    def get(self, path: str, **params: Any) -> requests.Response:
        return self("GET", path, params=params)

    def post(self, path: str, **fields: Any) -> requests.Response:
        return self("POST", path, data=_form(fields))

    def put(self, path: str, **fields: Any) -> requests.Response:
        return self("PUT", path, data=_form(fields))

    def delete(self, path: str) -> requests.Response:
        return self("DELETE", path)

    def upload(
        self, data: bytes | None = None, description: str | None = None, *, version: int = 2
    ) -> requests.Response:
        fields = {} if description is None else {"description": description}
        files = {"file": ("whatever.bin", photo() if data is None else data)}
        return self("POST", f"/api/v{version}/media", data=fields, files=files)

    def media(self, description: str | None = None) -> str:
        """The id of a fresh upload."""
        answer = self.upload(description=description)
        assert 202 == answer.status_code, answer.text
        return str(answer.json()["id"])

    def publish(self, caption: str = "", *, pictures: int = 1, **fields: Any) -> dict[str, Any]:
        """Upload and post in one go; the status as it was answered."""
        ids = [self.media(f"alt {number}") for number in range(pictures)]
        answer = self.post("/api/v1/statuses", status=caption, media_ids=ids, **fields)
        assert 200 == answer.status_code, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def status(self, status_id: str, **params: Any) -> dict[str, Any]:
        """A status as it is shown now."""
        answer = self.get(f"/api/v1/statuses/{status_id}", **params)
        assert 200 == answer.status_code, answer.text
        shown: dict[str, Any] = answer.json()
        return shown


def _form(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in fields.items():
        if isinstance(value, (list, tuple)):
            pairs += [(f"{key}[]", str(one)) for one in value]
        else:
            pairs.append((key, str(value)))
    return pairs
