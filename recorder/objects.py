"""Recordings on an S3-compatible object store, besides the disk: where it is, and what of a recording is there.

`remote.json` in a recording's folder says how far it is; losing it uploads again what never changes.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from recorder.manifest import Manifest, piece_name, read_index
from recorder.storage import INDEX, MANIFEST, write_atomic
from recorder.tap_messages import NAME

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from obstore.store import S3Config

STATE = "remote.json"
REQUEST = timedelta(seconds=20)
FOREVER = "private, max-age=31536000, immutable"
SUFFIXES = {"mp4": ".m4s", "webm": ".webm"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the objects are. `url`: s3://bucket/prefix; `keep_hours`: how long pieces stay on the disk as well."""

    url: str
    endpoint: str | None
    region: str
    key_id: str | None
    secret: str | None
    keep_hours: float

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Place | None:
        """From the settings in the environment (server/settings.py), None for the disk alone."""
        url = environ.get("TONGKE_STORAGE")
        if not url:
            return None
        return cls(
            url,
            environ.get("TONGKE_STORAGE_ENDPOINT"),
            environ.get("TONGKE_STORAGE_REGION", "us-east-1"),
            environ.get("TONGKE_STORAGE_KEY_ID"),
            environ.get("TONGKE_STORAGE_SECRET"),
            float(environ.get("TONGKE_STORAGE_KEEP_HOURS", "168")),
        )

    def connect(self) -> S3Store:
        """The store; nothing is asked yet. Without a key the machine's own credentials are used."""
        config: S3Config = {"region": self.region}
        if self.key_id and self.secret:
            config["access_key_id"], config["secret_access_key"] = self.key_id, self.secret
        if self.endpoint:
            config["endpoint"] = self.endpoint
        return S3Store.from_url(
            self.url,
            client_options={"allow_http": True, "timeout": REQUEST, "connect_timeout": timedelta(seconds=5)},
            retry_config={"max_retries": 1, "retry_timeout": REQUEST},
            config=config,
        )


@dataclass(slots=True)
class State:
    """How much of a recording is on the store. `closed_at_ns`: of the manifest that is there as a whole."""

    tracks: dict[str, int] = field(default_factory=dict)  # the last piece uploaded
    closed_at_ns: int | None = None
    freed: bool = False

    @classmethod
    def read(cls, folder: Path) -> State:
        """From the folder; what cannot be read is a state of nothing done."""
        try:
            return cls(**json.loads((folder / STATE).read_bytes()))
        except (OSError, ValueError, TypeError):
            return cls()

    def write(self, folder: Path) -> None:
        """Raises OSError."""
        write_atomic(folder / STATE, json.dumps(asdict(self)).encode())


async def delete_all(store: S3Store, folder: str) -> int:
    """Delete every object under `{folder}/`, until the store lists none; how many. Raises BaseError."""
    count = 0
    while found := await obstore.list(store, folder).collect_async():
        await obstore.delete_async(store, [item["path"] for item in found])
        count += len(found)
    return count


def restore(root: Path, lesson_id: str, place: Place | None) -> int:
    """Bring the pieces that left the disk back to it, for those who read files; how many.

    Raises OSError when the store does not give them: a job is then tried again.
    """
    if place is None or not NAME.fullmatch(lesson_id) or not (root / lesson_id / STATE).exists():
        return 0
    try:
        return _restore(root, lesson_id, place.connect())
    except BaseError as error:
        raise OSError(f"object store: {error}") from None


def _restore(root: Path, lesson_id: str, store: S3Store) -> int:
    folder = root / lesson_id
    state = State.read(folder)
    if not state.freed:
        return 0
    count = 0
    for entry in manifest_of(folder).tracks:
        try:
            pieces, _ = read_index((folder / entry.id / INDEX).read_bytes())
        except FileNotFoundError:
            continue
        for piece in pieces:
            path = folder / entry.id / piece_name(piece.n, SUFFIXES[entry.container])
            if not path.exists():
                write_atomic(path, bytes(obstore.get(store, path.relative_to(root).as_posix()).bytes()))
                count += 1
    # kept for the same time again: whoever needed it may need it soon
    state.freed, state.closed_at_ns = False, None
    state.write(folder)
    return count


def manifest_of(folder: Path) -> Manifest:
    """Raises OSError, BadManifest."""
    return Manifest.parse((folder / MANIFEST).read_bytes())
