"""What the recorder does with each record of the tap: lessons, streams, media, acknowledgements."""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from recorder import tap_messages as messages
from recorder.manifest import Manifest
from recorder.recording import Recording
from recorder.tracks import RecordedTrack, empty_container
from recorder.wall import LivePicture
from recorder.writer import MAX_WAITING, RecordingWriter, Trouble
from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from concurrent.futures import Executor

    from recorder.feed import Feed
    from recorder.storage import Store

log = logging.getLogger("tongke.recorder")

# A recording that no connected worker carries and nobody closes ends by itself after this (s): the server ends an
# abandoned lesson after 10 minutes, so this is the last resort.
ABANDONED = 30 * 60.0


class Events(Protocol):
    """Where events go; they arrive at least once, however long Redis is away."""

    def tell(self, type: str, body: dict[str, object]) -> asyncio.Future[None]:
        """Queue one event; the future is done when it is written."""
        ...


@dataclass(slots=True)
class Stream:
    """One tap track: what it is, and the feed it has while its lesson is recorded."""

    info: messages.TrackInfo
    feed: Feed | None = None
    recording: Recording | None = None
    ended: bool = False


@dataclass(slots=True, eq=False)
class Epoch:
    """One run of one worker; outlives its connections."""

    number: int
    worker: str
    name: str
    processed: int = 0  # the highest record taken
    acknowledged: int = 0
    connected: bool = False
    streams: dict[int, Stream] = field(default_factory=dict)
    lessons: set[str] = field(default_factory=set)
    pins: dict[int, int] = field(default_factory=dict)  # control records under way: number → how many
    unknown: int = 0  # packets of streams nobody announced


class Hub:
    """Single-threaded; `tick` every 0.2 s starts the writing. `close` when done."""

    def __init__(self, store: Store, pool: Executor, events: Events) -> None:
        self._store = store
        self._pool = pool
        # manifests are written by one thread, so that of two writes of one file the later is the one that stays
        self._scribe = ThreadPoolExecutor(1, thread_name_prefix="recorder-manifest")
        self._events = events
        self._trouble = Trouble(self._tell_trouble)
        self._recordings: dict[str, RecordingWriter] = {}
        self._closing: dict[str, asyncio.Task[None]] = {}
        self._epochs: dict[tuple[str, str], Epoch] = {}
        self._epoch_count = 0
        self._untold: set[str] = set()  # taken up from an earlier run, which may not have told of it
        self._tasks: set[asyncio.Task[None]] = set()
        self._handlers = {
            messages.OPEN: self._open,
            messages.TRACK: self._track,
            messages.REPORT: self._report,
            messages.ENDED: self._ended,
            messages.CLOSE: self._close,
        }

    def recover(self) -> None:
        """Take up what an earlier run left open. Blocking; call before serving."""
        for manifest in self._store.unfinished():
            if manifest.state == "open":
                self._take_up(manifest)
                self._untold.add(manifest.lesson_id)
            else:
                self._announce_closed(manifest)

    def status(self) -> dict[str, object]:
        """For the lease."""
        tracks = sum(
            track.feed is not None for writer in self._recordings.values() for track in writer.recording.tracks.values()
        )
        waiting = sum(writer.bytes for writer in self._recordings.values())
        return {
            "recordings": sorted(self._recordings),
            "tracks": tracks,
            "pending_bytes": waiting,
            "trouble": self._trouble.text,
        }

    # -- the tap

    def hello(self, worker: str, epoch: str) -> Epoch:
        """A worker is there; if it began anew, its earlier run is over."""
        known = self._epochs.get((worker, epoch))
        if known is None:
            self._epoch_count += 1
            known = self._epochs[worker, epoch] = Epoch(self._epoch_count, worker, epoch)
            for old in [each for each in self._epochs.values() if each.worker == worker and each is not known]:
                self._forget(old)
        return known

    def records(self, epoch: Epoch, message: bytes) -> None:
        """One `R` message. Raises BadPacket when it is torn; records that make no sense are counted and skipped."""
        now_ns = time.time_ns()
        full = sum(writer.bytes for writer in self._recordings.values()) > MAX_WAITING
        for record in messages.records_untrusted(message):
            if record.number and record.number <= epoch.processed:
                continue  # taken before the connection broke
            try:
                if record.kind == messages.RTP:
                    self._packet(epoch, record, now_ns, full)
                else:
                    handler = self._handlers.get(record.kind)
                    if handler is not None:
                        handler(epoch, record, now_ns)
            except BadPacket as error:
                log.warning("worker %s: record %r: %s", epoch.worker, record.kind, error)
            epoch.processed = max(epoch.processed, record.number)

    def to_acknowledge(self, epoch: Epoch) -> int | None:
        """The number to acknowledge, if it has grown."""
        oldest = [writer.oldest(epoch.number) for writer in self._recordings.values()]
        oldest += epoch.pins  # 0 is repeated state
        lowest = min((number for number in oldest if number), default=epoch.processed + 1)
        if lowest - 1 <= epoch.acknowledged:
            return None
        epoch.acknowledged = lowest - 1
        return lowest - 1

    def keyframes_wanted(self, epoch: Epoch) -> list[int]:
        """Tap tracks whose publisher should send a keyframe now."""
        now_ns = time.time_ns()
        return [
            number
            for number, stream in epoch.streams.items()
            if stream.feed is not None and not stream.ended and stream.feed.wants_keyframe(now_ns)
        ]

    def live_pictures(self) -> list[LivePicture]:
        """The newest keyframe of every video that is being recorded."""
        return [
            LivePicture(info.lesson_id, info.source, info.still, info.codec, key.arrival_ns, key.data)
            for epoch in self._epochs.values()
            for stream in epoch.streams.values()
            if (info := stream.info).kind == "video" and not stream.ended
            if stream.feed is not None and (key := stream.feed.newest_key) is not None
        ]

    def tick(self) -> None:
        """Let out what has waited, start the writing."""
        now_ns = time.time_ns()
        for lesson_id, writer in list(self._recordings.items()):
            if lesson_id not in self._closing:
                writer.recording.tick(now_ns)
            writer.collect()
            if self._abandoned(lesson_id, writer, now_ns):
                log.warning("recording %s: nobody carries the lesson any more", lesson_id)
                self._begin_closing(lesson_id)

    # -- lessons

    async def close_recording(self, lesson_id: str) -> bool:
        """Close a recording from outside; False if there is none. Repeating is harmless."""
        task = self._begin_closing(lesson_id)
        if task is not None:
            await asyncio.shield(task)
            return True
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._store.load, lesson_id) is not None

    async def close(self, patience: float) -> None:
        """The process ends: close pieces, wait at most `patience` seconds for the disk; lessons stay open."""
        now_ns = time.time_ns()
        for lesson_id, writer in self._recordings.items():
            if lesson_id not in self._closing:
                writer.recording.finish(now_ns, present=self._held(lesson_id))
            writer.collect()
        tasks = [
            asyncio.create_task(each)
            for writer in self._recordings.values()
            for each in (writer.drain(), writer.saved())
        ]
        tasks += [*self._tasks, *self._closing.values()]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for writer in self._recordings.values():
            await writer.close()
        self._scribe.shutdown(wait=False)

    def _begin_closing(self, lesson_id: str) -> asyncio.Task[None] | None:
        writer = self._recordings.get(lesson_id)
        if writer is None:
            return None
        if lesson_id not in self._closing:
            writer.recording.finish(time.time_ns(), present=self._held(lesson_id))
            for epoch in self._epochs.values():
                for stream in epoch.streams.values():
                    if stream.recording is writer.recording:
                        stream.feed = stream.recording = None
            self._closing[lesson_id] = asyncio.create_task(self._finish(writer), name=f"closing {lesson_id}")
        return self._closing[lesson_id]

    async def _finish(self, writer: RecordingWriter) -> None:
        lesson_id = writer.lesson_id
        try:
            await writer.finish()
            await writer.close()
            self._recordings.pop(lesson_id, None)
            self._untold.discard(lesson_id)
            log.info("recording %s is closed", lesson_id)
            self._announce_closed(writer.recording.manifest)
        finally:
            self._closing.pop(lesson_id, None)

    def _announce_closed(self, manifest: Manifest) -> None:
        """Tell, and remember on disk that it was told."""
        written = self._events.tell("recording.closed", {"lesson_id": manifest.lesson_id})

        async def remember() -> None:
            await written
            current = self._recordings.get(manifest.lesson_id)
            if current is None:  # not opened again since
                manifest.announced = True
                loop = asyncio.get_running_loop()
                try:
                    await loop.run_in_executor(self._scribe, self._store.save, manifest.lesson_id, bytes(manifest))
                except OSError as error:
                    log.warning("recording %s: %s; it will be announced again", manifest.lesson_id, error)

        self._spawn(remember())

    def _take_up(self, manifest: Manifest) -> RecordingWriter:
        """A recording whose folder exists already goes on where it ended."""
        recording = Recording(manifest)
        recording.active_ns = time.time_ns()
        for entry in list(manifest.tracks):
            folder = self._store.folder(manifest.lesson_id) / entry.id
            try:
                resume = self._store.recover(folder, empty_container(entry))
            except OSError as error:
                log.error("recording %s, track %s cannot go on: %s", manifest.lesson_id, entry.id, error)
                continue
            if not resume.piece:  # named in the manifest, but nothing of it was written, perhaps not even its init
                manifest.tracks.remove(entry)
                continue
            recording.tracks[entry.id] = RecordedTrack(None, entry, resume)
        writer = RecordingWriter(recording, self._store, self._pool, self._scribe, self._trouble)
        self._recordings[manifest.lesson_id] = writer
        log.info("recording %s goes on with %d tracks", manifest.lesson_id, len(recording.tracks))
        return writer

    # -- records, one handler each

    def _open(self, epoch: Epoch, record: messages.Record, now_ns: int) -> None:
        value = messages.object_untrusted(record.body)
        lesson_id = messages.name_untrusted(value.get("lesson_id"))
        at = value.get("at")
        epoch.lessons.add(lesson_id)
        if lesson_id in self._recordings:
            self._hold(epoch, record.number, self._recordings[lesson_id].saved())
            if record.number and lesson_id in self._untold:  # sent again: the earlier run may have died before it told
                self._untold.discard(lesson_id)
                self._events.tell("recording.opened", {"lesson_id": lesson_id})
            return
        manifest = self._store.load(lesson_id)
        if manifest is None:
            zero = int(at * 1e9) if isinstance(at, int | float) and 0 < at < 1e10 else now_ns
            recording = Recording(Manifest(lesson_id, zero))
            recording.active_ns = now_ns
            writer = RecordingWriter(recording, self._store, self._pool, self._scribe, self._trouble)
            self._recordings[lesson_id] = writer
        elif manifest.state == "closed" and not record.number:
            return  # it was closed by command; the worker will hear of it
        else:
            manifest.state, manifest.closed_at_ns, manifest.announced = "open", None, False
            writer = self._take_up(manifest)
        log.info("recording %s is open", lesson_id)
        writer.save()
        self._hold(epoch, record.number, self._opened(writer))

    async def _opened(self, writer: RecordingWriter) -> None:
        await writer.saved()
        self._events.tell("recording.opened", {"lesson_id": writer.lesson_id})

    def _track(self, epoch: Epoch, record: messages.Record, now_ns: int) -> None:
        info = messages.TrackInfo.parse_untrusted(bytes(record.body))
        if info.track not in epoch.streams:
            epoch.streams[info.track] = Stream(info)
            self._attach(epoch, epoch.streams[info.track], now_ns)

    def _attach(self, epoch: Epoch, stream: Stream, now_ns: int) -> Feed | None:
        """The stream's feed, if its lesson is being recorded."""
        writer = self._recordings.get(stream.info.lesson_id)
        if writer is None or stream.info.lesson_id in self._closing:
            return None
        stream.recording = writer.recording
        stream.feed = writer.recording.attach(stream.info, epoch.number, now_ns)
        return stream.feed

    def _packet(self, epoch: Epoch, record: messages.Record, now_ns: int, full: bool) -> None:
        track, arrival_ns, data = messages.parse_rtp_untrusted(record.body)
        stream = epoch.streams.get(track)
        if stream is None:
            epoch.unknown += 1
            return
        if stream.ended:
            return
        feed = stream.feed or self._attach(epoch, stream, now_ns)
        if feed is None or stream.recording is None:
            return
        if full:
            feed.spoil()
            return
        stream.recording.packet(feed, record.number, arrival_ns, data, now_ns)

    def _report(self, epoch: Epoch, record: messages.Record, now_ns: int) -> None:
        track, _, ntp, timestamp = messages.parse_report_untrusted(record.body)
        stream = epoch.streams.get(track)
        if stream is not None and stream.feed is not None:
            stream.feed.report(ntp, timestamp)

    def _ended(self, epoch: Epoch, record: messages.Record, now_ns: int) -> None:
        track = messages.object_untrusted(record.body).get("track")
        stream = epoch.streams.pop(track, None) if isinstance(track, int) else None
        if stream is not None:
            self._end(stream, now_ns, present=True)

    def _end(self, stream: Stream, now_ns: int, *, present: bool) -> None:
        stream.ended = True
        if stream.feed is not None and stream.recording is not None:
            stream.recording.detach(stream.feed, now_ns, now_ns if present else None)
        stream.feed = stream.recording = None

    def _close(self, epoch: Epoch, record: messages.Record, now_ns: int) -> None:
        lesson_id = messages.name_untrusted(messages.object_untrusted(record.body).get("lesson_id"))
        task = self._begin_closing(lesson_id)
        epoch.lessons.discard(lesson_id)
        for number, stream in list(epoch.streams.items()):
            if stream.info.lesson_id == lesson_id:
                stream.ended = True
                del epoch.streams[number]
        if task is not None:
            self._hold(epoch, record.number, _wait_for(task))

    # -- helpers

    def _hold(self, epoch: Epoch, number: int, work: Coroutine[None, None, None]) -> None:
        """Run it; the record is not acknowledged before it is done."""
        epoch.pins[number] = epoch.pins.get(number, 0) + 1

        async def run() -> None:
            await work
            epoch.pins[number] -= 1
            if not epoch.pins[number]:
                del epoch.pins[number]

        self._spawn(run())

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a task of the recorder failed", exc_info=task.exception())

    def _forget(self, epoch: Epoch) -> None:
        """The run of a worker is over for good."""
        for stream in epoch.streams.values():
            self._end(stream, time.time_ns(), present=False)
        epoch.streams.clear()
        self._epochs.pop((epoch.worker, epoch.name), None)

    def _held(self, lesson_id: str) -> bool:
        """Whether a connected worker carries the lesson."""
        return any(epoch.connected and lesson_id in epoch.lessons for epoch in self._epochs.values())

    def _abandoned(self, lesson_id: str, writer: RecordingWriter, now_ns: int) -> bool:
        quiet = (now_ns - writer.recording.active_ns) / 1e9 > ABANDONED
        return quiet and not self._held(lesson_id) and lesson_id not in self._closing

    def _tell_trouble(self, lesson_id: str, detail: str, ok: bool) -> None:
        self._events.tell("recording.trouble", {"lesson_id": lesson_id, "detail": detail, "ok": ok})


async def _wait_for(task: asyncio.Task[None]) -> None:
    await asyncio.shield(task)
