"""One track of a recording: frames of the streams that feed it, one after another, into one cutter (sans-IO)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recorder import pictures
from recorder.cutter import Cutter, Operation, Resume
from recorder.depacket.opus import OpusAssembler
from recorder.manifest import TrackEntry
from recorder.segments import mp4, webm
from recorder.segments.container import Container, Mark
from recorder.sound import SoundPlacer

if TYPE_CHECKING:
    from recorder.feed import Feed, Placed
    from recorder.tap_messages import TrackInfo

NS = 1_000_000_000
# Cut at the first keyframe after this (s). Keyframes are asked for every 2 s; sound can be cut anywhere.
PIECE_SECONDS = {"video": 1.5, "audio": 2.0}
# A camera's picture stands at most this long (s) before the time counts as missing.
LONGEST_STILL = 2.0
# Of a camera that is off and a microphone that is muted nothing comes: then (ns) the piece is closed, so that it can
# be watched, and what comes later begins another. Longer than any stillness, so it cuts nothing that goes on.
SILENT_NS = 2_500_000_000
# between two publishers of one track (s)
LONGEST_CHANGE = 0.2

SOUND = 'audio/mp4; codecs="opus"'


def empty_container(entry: TrackEntry) -> Container:
    """How a track that is on disk already goes on; its init is not written again."""
    if entry.container == "webm":
        return webm.WebM((entry.width, entry.height))
    return mp4.Mp4(mp4.AUDIO_RATE if entry.kind == "audio" else mp4.VIDEO_RATE, b"")


class RecordedTrack:
    """`take_frames` in, `take` out. `entry` is None until the first frame says what the track is."""

    def __init__(self, info: TrackInfo | None, entry: TrackEntry | None = None, resume: Resume | None = None) -> None:
        self.info = info
        self.entry = entry
        self.feed: Feed | None = None
        self.changed = False  # the manifest's entry is new or differs
        self.init: bytes | None = None
        self.resume = resume or Resume()
        self.cutter: Cutter | None = None
        self._last_feed: Feed | None = None
        self._sound = SoundPlacer()
        # A stream that is not the one on disk adds nothing before this (ns): the recorder has it already.
        self._known_until = -1
        self._came_ns = 0  # when its newest frame came
        if entry is not None:
            container = empty_container(entry)
            self.cutter = Cutter(container, PIECE_SECONDS[entry.kind], self.resume)
            self._sound = SoundPlacer(self.resume.end if self.resume.piece else None)
            if self.resume.last is not None:
                self._known_until = self.resume.last.last_start * NS // container.rate

    @property
    def known(self) -> Mark | None:
        """The RTP packet the track ends with so far."""
        return self.cutter.mark if self.cutter else None

    def attach(self, feed: Feed) -> None:
        """This stream feeds the track from now on."""
        self.feed = feed
        if feed.info.kind == "audio":
            self._sound.new_stream()

    def take_frames(self, feed: Feed, frames: list[Placed], now_ns: int) -> None:
        """Frames of the stream that feeds it."""
        if frames:
            self._came_ns = now_ns
        for placed in frames:
            if feed.info.kind == "audio":
                self._take_sound(feed, placed, now_ns)
            else:
                self._take_picture(feed, placed, now_ns)

    def tick(self, now_ns: int) -> None:
        """Let out what has waited long enough; end what is not going on."""
        if self.cutter is None:
            return
        still = self.feed is None or self.feed.info.still
        if not still and self._came_ns and self.cutter.writing and now_ns - self._came_ns > SILENT_NS:
            self.cutter.finish()
        else:
            self.cutter.tick(now_ns)

    def finish(self, lesson_ns: int | None) -> None:
        """The track ends; a still picture whose publisher is there stood until `lesson_ns`."""
        if self.cutter is None:
            return
        stands = self.entry is not None and self.entry.kind == "video" and lesson_ns is not None
        feed = self.feed
        if stands and feed is not None and feed.info.still and feed is self._last_feed and lesson_ns is not None:
            self.cutter.finish(ticks(lesson_ns, self.cutter.container.rate))
        else:
            self.cutter.finish()

    def take(self) -> list[Operation]:
        """What is to be done on disk."""
        return self.cutter.take() if self.cutter is not None else []

    def oldest(self, epoch: int) -> int | None:
        """The lowest record number of the epoch that waits here."""
        return self.cutter.oldest(epoch) if self.cutter is not None else None

    def _mark(self, feed: Feed, placed: Placed) -> Mark:
        frame = placed.frame
        return Mark(feed.info.ssrc, frame.sequence & 0xFFFFFFFF, frame.timestamp & 0xFFFFFFFF, max(placed.at_ns, 0))

    def _take_sound(self, feed: Feed, placed: Placed, now_ns: int) -> None:
        if self.cutter is None:
            self._begin(feed, mp4.Mp4(mp4.AUDIO_RATE, mp4.opus_entry(feed.info.channels or 2)), (0, 0), SOUND)
        cutter = self.cutter
        assert cutter is not None
        frame, mark = placed.frame, self._mark(feed, placed)
        before = cutter.mark or mark  # fillers belong to the packet before them
        wanted = ticks(placed.at_ns, mp4.AUDIO_RATE)
        for item in self._sound.place(frame.timestamp, wanted, frame.data):
            real = item.data is frame.data
            pin = (feed.epoch, frame.number)
            cutter.add(item.start, True, item.data, mark if real else before, pin, now_ns, hole=item.hole)
        self._last_feed = feed

    def _take_picture(self, feed: Feed, placed: Placed, now_ns: int) -> None:
        frame = placed.frame
        if feed is not self._last_feed and not feed.continues and self._too_old(feed, placed):
            feed.spoil()
            return
        if self.cutter is None or self.entry is None:
            if frame.size is None:
                feed.spoil()
                return
            self._begin_picture(feed, frame.size)
        elif frame.size is not None:
            self._grow(feed, frame.size)
        cutter = self.cutter
        assert cutter is not None
        first = feed is not self._last_feed and not feed.continues
        if not frame.key and (first or not cutter.writing):
            feed.spoil()  # nothing it could build upon
            return
        rate = cutter.container.rate
        start = ticks(placed.at_ns, rate)
        if first:
            hole = cutter.last_start >= 0 and start - cutter.end > LONGEST_CHANGE * rate
        else:
            hole = frame.key and not feed.info.still and start - cutter.last_start > LONGEST_STILL * rate
        cutter.add(
            start, frame.key, frame.data, self._mark(feed, placed), (feed.epoch, frame.number), now_ns, hole=hole
        )
        self._last_feed = feed

    def _too_old(self, feed: Feed, placed: Placed) -> bool:
        return placed.frame.arrival_ns - feed.zero_ns <= self._known_until

    def _begin(self, feed: Feed, container: Container, size: tuple[int, int], mime: str) -> None:
        info = feed.info
        self.init = container.init()
        self.cutter = Cutter(container, PIECE_SECONDS[info.kind])
        self.entry = TrackEntry(
            id=info.name,
            participant_id=info.participant_id,
            school_id=info.school_id,
            source=info.source,
            kind=info.kind,
            codec=info.codec,
            mime=mime,
            container=container.name,
            init=f"init.{container.name}",
            width=size[0],
            height=size[1],
            clock_rate=info.clock_rate,
            channels=info.channels,
        )
        self.changed = True

    def _begin_picture(self, feed: Feed, size: tuple[int, int]) -> None:
        form = pictures.form_of(_pictures_of(feed), size)
        self._begin(feed, form.container, size, form.mime)

    def _grow(self, feed: Feed, size: tuple[int, int]) -> None:
        """The manifest tells the largest picture and the highest level there was."""
        entry = self.entry
        assert entry is not None
        if size[0] * size[1] > entry.width * entry.height:
            entry.width, entry.height = size
            self.changed = True
        mime = pictures.form_of(_pictures_of(feed), size).mime
        if pictures.level_of(mime) > pictures.level_of(entry.mime):
            entry.mime = mime
            self.changed = True


def _pictures_of(feed: Feed) -> pictures.PictureSource:
    assembler = feed.assembler
    assert not isinstance(assembler, OpusAssembler)
    return assembler


def ticks(lesson_ns: int, rate: int) -> int:
    """A place on the lesson's clock in ticks of `rate`, rounded; nothing lies before 0."""
    return (max(lesson_ns, 0) * rate + NS // 2) // NS
