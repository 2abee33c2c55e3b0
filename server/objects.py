"""The object store that recordings may be on, as the web process sees it: addresses to send readers to, and bytes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

if TYPE_CHECKING:
    from obstore.store import S3Config

    from server.settings import Settings

# An address given out is good for so long; browsers are told to ask again a little earlier.
GOOD_FOR = timedelta(minutes=15)


class S3Objects:
    """`server.live.recordings.Objects` on an S3-compatible store."""

    def __init__(self, store: S3Store) -> None:
        self._store = store

    @classmethod
    def of(cls, settings: Settings) -> S3Objects | None:
        """As configured; None for the disk alone."""
        if settings.storage is None:
            return None
        config: S3Config = {"region": settings.storage_region}
        if settings.storage_key_id is not None and settings.storage_secret is not None:
            config["access_key_id"] = settings.storage_key_id
            config["secret_access_key"] = settings.storage_secret.get_secret_value()
        if settings.storage_endpoint is not None:
            config["endpoint"] = settings.storage_endpoint
        store = S3Store.from_url(
            settings.storage,
            client_options={"allow_http": True},
            config=config,
        )
        return cls(store)

    @property
    def origin(self) -> str:
        """Scheme, host and port of the addresses: pages must be allowed to read from there."""
        address = urlsplit(self.address("x"))
        return f"{address.scheme}://{address.netloc}"

    def address(self, key: str) -> str:
        """A signed address of an object, good for `GOOD_FOR`."""
        return str(obstore.sign(self._store, "GET", key, GOOD_FOR))

    def read(self, key: str, offset: int, length: int) -> bytes:
        """Blocking. Raises OSError when the store does not give it."""
        try:
            return bytes(obstore.get_range(self._store, key, start=offset, length=length))
        except BaseError as error:
            raise OSError(f"object store: {error}") from None
