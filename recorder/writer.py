"""Carries operations to the disk in a few threads, each track's in their order, and goes on when the disk is full.

What could not be written stays in memory and is tried again every second; meanwhile nothing is acknowledged, the
worker keeps what it can, and beyond `MAX_WAITING` new frames are refused rather than old ones lost.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from recorder.cutter import Write
from recorder.storage import MANIFEST, TrackFiles

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from concurrent.futures import Executor
    from pathlib import Path

    from recorder.cutter import Operation
    from recorder.recording import Recording
    from recorder.storage import Store
    from recorder.tracks import RecordedTrack

log = logging.getLogger("tongke.recorder")

MAX_WAITING = 48 << 20  # bytes of one recorder process that may wait for the disk
RETRY = 1.0  # s


class Trouble:
    """Whether the disk takes what is given to it; tells of each lesson when that changes, once."""

    def __init__(self, tell: Callable[[str, str, bool], None]) -> None:
        self._tell = tell
        self._troubled: dict[str, set[str]] = {}  # lesson → what of it could not be written
        self._details: dict[str, str] = {}

    @property
    def text(self) -> str | None:
        """What is wrong now, for people."""
        return next(iter(self._details.values()), None)

    def failed(self, lesson_id: str, what: str, error: OSError) -> None:
        """A write of this part of a lesson's recording failed and will be tried again."""
        self._troubled.setdefault(lesson_id, set()).add(what)
        detail = f"录像写入失败：{error.strerror or error}，正在重试"
        if self._details.get(lesson_id) != detail:
            self._details[lesson_id] = detail
            log.error("recording %s, %s: %s", lesson_id, what, error)
            self._tell(lesson_id, detail, False)

    def worked(self, lesson_id: str, what: str) -> None:
        """A write of this part worked."""
        parts = self._troubled.get(lesson_id)
        if parts is None:
            return
        parts.discard(what)
        if not parts:
            del self._troubled[lesson_id], self._details[lesson_id]
            log.warning("recording %s: writing works again", lesson_id)
            self._tell(lesson_id, "录像写入已恢复", True)


class TrackWriter:
    """One track's way to the disk."""

    def __init__(
        self,
        track: RecordedTrack,
        lesson_id: str,
        folder: Path,
        pool: Executor,
        trouble: Trouble,
        announced: Callable[[], Awaitable[None]],
    ) -> None:
        self._track = track
        self._lesson_id = lesson_id
        self._folder = folder
        self._pool = pool
        self._trouble = trouble
        self._announced = announced  # waits until the manifest on disk knows the track
        self._files: TrackFiles | None = None
        self._waiting: list[Operation] = []
        self._batch: list[Operation] = []
        self._pins: list[tuple[int, int]] = []
        self._task: asyncio.Task[None] | None = None
        self.bytes = 0  # waiting, the batch under way included

    def collect(self) -> None:
        """Take what the track has ready and see that it is written."""
        operations = self._track.take()
        self._waiting += operations
        self.bytes += sum(len(operation.data) for operation in operations if isinstance(operation, Write))
        if self._waiting and self._task is None:
            self._task = asyncio.create_task(self._run(), name="recording writer")

    async def drain(self) -> None:
        """Wait until everything collected is durable."""
        while self._task is not None:
            await asyncio.shield(self._task)

    def oldest(self, epoch: int) -> int | None:
        """The lowest record number of the epoch that is not durable yet."""
        waiting = (pin for operation in self._waiting if isinstance(operation, Write) for pin in operation.pins)
        numbers = [number for owner, number in (*self._pins, *waiting) if owner == epoch]
        return min(numbers, default=None)

    async def close(self) -> None:
        """Give up what is not written and close the file."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._files is not None:
            self._files.close()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                self._batch, self._waiting = self._waiting, []
                writes = [operation for operation in self._batch if isinstance(operation, Write)]
                self._pins = [pin for operation in writes for pin in operation.pins]
                await self._announced()
                await self._persist(loop)
                self.bytes -= sum(len(operation.data) for operation in writes)
                self._pins = []
        finally:
            self._task = None

    async def _persist(self, loop: asyncio.AbstractEventLoop) -> None:
        entry, cutter = self._track.entry, self._track.cutter
        assert entry is not None
        assert cutter is not None
        if self._files is None:
            suffix, size = cutter.container.suffix, self._track.resume.size
            self._files = TrackFiles(self._folder / entry.id, suffix, entry.init, self._track.init, size)
        while True:
            try:
                await loop.run_in_executor(self._pool, self._files.apply, self._batch)
            except OSError as error:
                self._trouble.failed(self._lesson_id, entry.id, error)
                await asyncio.sleep(RETRY)
            else:
                self._trouble.worked(self._lesson_id, entry.id)
                return


class RecordingWriter:
    """All tracks and the manifest of one recording on their way to the disk."""

    def __init__(self, recording: Recording, store: Store, pool: Executor, scribe: Executor, trouble: Trouble) -> None:
        self.recording = recording
        self._store = store
        self._pool = pool
        self._scribe = scribe  # one thread: manifests are written in their order
        self._trouble = trouble
        self._writers: dict[str, TrackWriter] = {}
        self._saving: asyncio.Task[None] | None = None
        self._version = 0

    @property
    def lesson_id(self) -> str:
        return self.recording.manifest.lesson_id

    @property
    def bytes(self) -> int:
        """Waiting for the disk."""
        return sum(writer.bytes for writer in self._writers.values())

    def collect(self) -> None:
        """Start writing what is ready: the manifest first, so that no piece is durable of which it does not know."""
        if self.recording.update_manifest():
            self.save()
        for name, track in self.recording.tracks.items():
            writer = self._writers.get(name)
            if writer is None:
                folder = self._store.folder(self.lesson_id)
                writer = self._writers[name] = TrackWriter(
                    track, self.lesson_id, folder, self._pool, self._trouble, self.saved
                )
            writer.collect()

    def oldest(self, epoch: int) -> int | None:
        """The lowest record number of the epoch that is not durable."""
        numbers = [writer.oldest(epoch) for writer in self._writers.values()]
        for track in self.recording.tracks.values():
            numbers.append(track.oldest(epoch))
            if track.feed is not None and track.feed.epoch == epoch:
                numbers.append(track.feed.oldest)
        return min((number for number in numbers if number), default=None)

    def save(self) -> None:
        """The manifest has changed: write it, however long the disk takes."""
        self._version += 1
        if self._saving is None:
            self._saving = asyncio.create_task(self._save(), name="recording manifest")

    async def saved(self) -> None:
        """Wait until the manifest on disk is the present one."""
        while self._saving is not None:
            await asyncio.shield(self._saving)

    async def _save(self) -> None:
        loop = asyncio.get_running_loop()
        written = 0
        try:
            while written != self._version:
                version, data = self._version, bytes(self.recording.manifest)
                try:
                    await loop.run_in_executor(self._scribe, self._store.save, self.lesson_id, data)
                except OSError as error:
                    self._trouble.failed(self.lesson_id, MANIFEST, error)
                    await asyncio.sleep(RETRY)
                else:
                    self._trouble.worked(self.lesson_id, MANIFEST)
                    written = version
        finally:
            self._saving = None

    async def drain(self) -> None:
        """Wait until everything collected is durable."""
        for writer in list(self._writers.values()):
            await writer.drain()

    async def finish(self) -> None:
        """Everything to the disk, then the manifest says closed."""
        self.collect()
        await self.drain()
        manifest = self.recording.manifest
        manifest.state, manifest.closed_at_ns, manifest.announced = "closed", time.time_ns(), False
        self.save()
        await self.saved()

    async def close(self) -> None:
        """Give the files back; what is not written by now is not."""
        if self._saving is not None:
            self._saving.cancel()
            await asyncio.gather(self._saving, return_exceptions=True)
        for writer in self._writers.values():
            await writer.close()
