"""Media: taking uploads in, the image job, alt text."""

from __future__ import annotations

import math

from socials_lib.demo.pixelfed import ids, pictures, text
from socials_lib.demo.pixelfed.errors import Abort, RowMissing
from socials_lib.demo.pixelfed.records import Account, Media
from socials_lib.demo.pixelfed.store import DAY, HOUR, MINUTE, Store


class Uploads(Store):
    """The media half of the backend."""

    def upload(
        self,
        account: Account,
        data: bytes,
        *,
        description: str | None = None,
        filter_name: str | None = None,
        filter_class: str | None = None,
        replaces: str | None = None,
    ) -> Media:
        """Take a validated file in; nobody looks whether the same bytes were there before."""
        if self.daily_stop("media", account.id, lambda: self._day_media(account), self._media_cap):
            raise Abort(429)
        size_kb = math.ceil(len(data) / 1000)
        if account.storage_kb + size_kb >= self.options.max_account_size_kb:
            raise Abort(403, "Account size limit reached.")
        mime = pictures.sniff(data)
        if mime not in self.options.media_types:
            raise Abort(403, "Invalid or unsupported mime type.")
        if replaces:
            self._replace_later(account, replaces)
        account.storage_kb += size_kb
        return self.keep_media(
            account,
            data,
            description=self.options.missing_alt_text if description is None else description,
            filter_name=filter_name,
            filter_class=filter_class,
        )

    def keep_media(
        self,
        account: Account,
        data: bytes,
        *,
        description: str | None,
        created_at: float | None = None,
        filter_name: str | None = None,
        filter_class: str | None = None,
    ) -> Media:
        """Store a file as it came and hand it to the image job (an upload, or a seed)."""
        moment = self.clock() if created_at is None else created_at
        mime = pictures.sniff(data)
        extension = pictures.EXTENSIONS.get(mime, "bin")
        self._last_media += 1
        media = Media(
            id=str(self._last_media),
            account_id=account.id,
            received=data,
            stored=data,
            mime=mime,
            path=ids.storage_path(account.id, extension, moment, self.chance),
            created_at=moment,
            description=description,
            filter_name=filter_name,
            filter_class=filter_class,
            license=account.license if account.license != 1 else None,
        )
        self.media[media.id] = media
        self.enqueue("process", media.id, lambda: self._process(media.id))
        return media

    def own_media(self, account: Account, media_id: str, *, unattached: bool = False) -> Media:
        """A media row of the account; what belongs to somebody else is not there."""
        media = self.media.get(media_id)
        if media is None or media.account_id != account.id or (unattached and media.status_id):
            raise RowMissing("Media", media_id)
        return media

    def describe(self, account: Account, media_id: str, description: str | None) -> Media:
        """`PUT media`: the alt text through the purifier, attached or not, ten times a minute.

        No description wipes the alt text.  It is no edit of the status: neither counted nor dated.
        """
        media = self.own_media(account, media_id)
        if self.attempt("alt", account.id, self.options.put_media_per_minute) is None:
            raise Abort(429, "Too many attempts. Try again in a few minutes.", plain_json=True)
        clean = text.purify_collapsed if self.options.collapse_alt_text else text.purify
        cleaned = clean(description)
        if cleaned != media.description:
            media.description = cleaned
            if media.status_id in self.statuses:
                self.statuses[media.status_id].late_breaks = False
        return media

    def file(self, path: str) -> tuple[bytes, str] | None:
        """The bytes and type behind an address under `/storage/`; None once they are deleted."""
        for media in self.media.values():
            if path == media.path:
                return media.stored, media.mime
            if path == media.thumbnail_path and media.thumbnail is not None:
                return media.thumbnail, media.mime
        return None

    @property
    def _media_cap(self) -> int:
        return self.options.media_per_day

    def _day_media(self, account: Account) -> int:
        since = self.clock() - DAY
        rows = self.media.values()
        return sum(one.account_id == account.id and one.created_at > since for one in rows)

    def _replace_later(self, account: Account, media_id: str) -> None:
        """`replace_id`: an own upload of the last two hours that no status uses goes."""
        old = self.media.get(media_id)
        fresh = old is not None and old.created_at > self.clock() - 2 * HOUR
        if old is None or old.account_id != account.id or old.status_id or not fresh:
            return

        def go() -> None:
            if old.status_id is None:
                self.media.pop(media_id, None)

        self.enqueue("replace", media_id, go, after=15 * MINUTE)

    def _process(self, media_id: str) -> None:
        """The image job; with optimising off only the thumbnail is made, the original stays."""
        media = self.media.get(media_id)
        if media is None:
            return
        media.processed = True
        made = pictures.process(
            media.received,
            media.mime,
            quality=self.options.image_quality,
            keep_icc=self.options.keep_icc,
        )
        if made is None:
            return
        stem, _, extension = media.path.rpartition(".")
        if self.options.optimize_images:
            extension = pictures.EXTENSIONS[made.mime]
            media.stored, media.mime, media.path = made.picture, made.mime, f"{stem}.{extension}"
            media.width, media.height = made.width, made.height
            media.orientation = made.orientation
        media.thumbnail, media.thumbnail_path = made.thumbnail, f"{stem}_thumb.{extension}"
        media.blurhash = made.blurhash
