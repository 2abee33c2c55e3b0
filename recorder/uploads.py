"""Keeps the object store up to the disk: what is written is uploaded, what is thrown away is deleted there too.

The disk is the queue: pieces are uploaded as they close, when the store answers, however long it is away, by a
restarted process too. When a closed and verified recording is there as a whole, its pieces may leave the disk after a
while; index, manifest and everything small stay. What is thrown away leaves the disk last: its hidden folder is what
remembers to delete objects.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError

from recorder.films import Films
from recorder.manifest import BadManifest, piece_name, read_index
from recorder.objects import FOREVER, SUFFIXES, State, delete_all, manifest_of
from recorder.storage import INDEX, MANIFEST, Store, remove_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from obstore.store import S3Store

    from recorder.manifest import TrackEntry

log = logging.getLogger("tongke.recorder")

VERIFY = "verify.json"
LOOK_EVERY = 2.0  # s between two looks for closed pieces
FILMS_EVERY = 20.0  # s between two looks for films, which nobody waits for: they are served from the disk
PATIENCE = (2.0, 60.0)  # s to wait while the store is away: the first time, at most
FREE_EVERY = 600.0  # s


class Uploader:
    """Keeps the store up to the disk. `waiting`: closed pieces not there yet; `trouble`: why, or None.

    `discarded` is told of each recording that was deleted for good, and how many objects that were.
    """

    def __init__(
        self, root: Path, store: S3Store, keep_hours: float, discarded: Callable[[str, int], object] | None = None
    ) -> None:
        self._root = root
        self._store = store
        self._keep = keep_hours * 3600
        self._discarded = discarded
        self._done: dict[str, int] = {}  # recording → mtime (ns) of the manifest that is there as a whole
        self._films = Films(root, store, self._keep)
        self._freed_at = self._filmed_at = float("-inf")
        self.waiting = 0
        self.trouble: str | None = None

    async def run(self) -> None:
        """Until cancelled. The store may be away for days, the disk may be full: it is tried again."""
        patience = PATIENCE[0]
        while True:
            try:
                await self.look()
                if time.monotonic() - self._filmed_at > FILMS_EVERY:
                    await self._films.look()
                    self._filmed_at = time.monotonic()
                if self.trouble is not None:
                    log.warning("object store: uploading works again")
                self.trouble, patience = None, PATIENCE[0]
                if time.monotonic() - self._freed_at > FREE_EVERY:
                    self._freed_at = time.monotonic()
                    await asyncio.to_thread(self.free, time.time())
                    await asyncio.to_thread(self._films.free, time.time())
                await asyncio.sleep(LOOK_EVERY)
            except (BaseError, OSError) as error:
                if self.trouble is None:
                    log.error("object store: %s; pieces wait on the disk", str(error).splitlines()[0])
                self.trouble = str(error).splitlines()[0]
                await asyncio.sleep(patience)
                patience = min(2 * patience, PATIENCE[1])

    async def look(self) -> None:
        """Delete what was thrown away, upload what is closed and not there.

        Raises BaseError or OSError when that does not go.
        """
        await self._remove()
        pending = await asyncio.to_thread(self._pending)
        for name, stamp in pending:
            try:
                whole = await self._push(self._root / name)
            except FileNotFoundError:
                if (self._root / name).exists():
                    raise
                whole = False  # thrown away meanwhile
            if whole:
                self._done[name] = stamp
            else:
                self._done.pop(name, None)
        self.waiting = 0

    async def _remove(self) -> None:
        """Recordings first from the store, then from the disk; who is told last is told again after a crash."""
        for lesson_id, folder in await asyncio.to_thread(lambda: list(Store(self._root).hidden())):
            count = await delete_all(self._store, lesson_id)
            await asyncio.to_thread(remove_folder, folder)
            self._done.pop(lesson_id, None)
            log.info("recording %s is deleted, with %d objects", lesson_id, count)
            if self._discarded is not None:
                self._discarded(lesson_id, count)

    def free(self, now: float) -> int:
        """Remove pieces from the disk whose recording has been on the store long enough; how many. Raises OSError."""
        count = 0
        for name in list(self._done):
            folder = self._root / name
            state = State.read(folder)
            if state.freed or state.closed_at_ns is None or now - state.closed_at_ns / 1e9 < self._keep:
                continue
            for entry in manifest_of(folder).tracks:
                for path in (folder / entry.id).glob(f"[0-9]*{SUFFIXES[entry.container]}"):
                    path.unlink()
                    count += 1
            state.freed = True
            state.write(folder)
        return count

    def _pending(self) -> list[tuple[str, int]]:
        found: list[tuple[str, int]] = []
        if not self._root.is_dir():
            return found
        for folder in sorted(self._root.iterdir()):
            with contextlib.suppress(OSError):  # not a recording, or not yet
                stamp = (folder / MANIFEST).stat().st_mtime_ns
                if self._done.get(folder.name) != stamp:
                    found.append((folder.name, stamp))
        return found

    async def _push(self, folder: Path) -> bool:
        """One recording; whether it is there as a whole."""
        try:
            manifest = await asyncio.to_thread(manifest_of, folder)
        except BadManifest:
            return False
        state = State.read(folder)
        closed = manifest.state == "closed" and (folder / VERIFY).exists()
        if closed and state.closed_at_ns == manifest.closed_at_ns:
            return True
        for entry in manifest.tracks:
            await self._push_track(folder, entry, state)
        if not closed:
            return False
        for name in (VERIFY, MANIFEST):  # the manifest last: where it is, everything is
            await self._put(folder / name)
        state.closed_at_ns, state.freed = manifest.closed_at_ns, False
        await asyncio.to_thread(state.write, folder)
        log.info("recording %s is on the object store", folder.name)
        return True

    async def _push_track(self, folder: Path, entry: TrackEntry, state: State) -> None:
        track = folder / entry.id
        try:
            pieces, _ = read_index(await asyncio.to_thread((track / INDEX).read_bytes))
        except FileNotFoundError:
            return
        done = state.tracks.get(entry.id, 0)
        new = [piece.n for piece in pieces if piece.n > done]
        if not new:
            return
        self.waiting = len(new)
        if not done:
            await self._put(track / entry.init, f"{entry.kind}/{entry.container}")
        for number in new:
            await self._put(track / piece_name(number, SUFFIXES[entry.container]), f"{entry.kind}/{entry.container}")
            self.waiting -= 1
            state.tracks[entry.id] = number
        await self._put(track / INDEX)
        await asyncio.to_thread(state.write, folder)

    async def _put(self, path: Path, media: str | None = None) -> None:
        """`media`: the type of what never changes; readers are sent to it."""
        data = await asyncio.to_thread(path.read_bytes)
        kept = {"Content-Type": media, "Cache-Control": FOREVER} if media else {"Content-Type": "application/json"}
        key = path.relative_to(self._root).as_posix()
        await obstore.put_async(self._store, key, data, attributes=kept, use_multipart=False)
