"""A lesson in virtual time: publishers whose clocks drift, on networks that delay, into the recorder's real cores.

Truth is the server's clock. Every publisher has a wall clock and a sound card of its own, each with its drift; what
it sends tells of that wall clock (RTCP sender reports) and is counted by these two, never by the truth.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recorder.manifest import Manifest
from recorder.recording import Recording
from recorder.storage import Store, TrackFiles
from tests.fakes import packets, timed_media
from tests.fakes.recordings import ZERO_NS, track_info

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from random import Random

    from recorder.feed import Feed
    from tests.fakes.timed_media import Shown

NS = 1_000_000_000
NTP = 3_900_000_000.0  # s, of every publisher's clock at its zero
REPORT_EVERY = 5.0  # s; the first one of sound came after 2.45 s (Chromium)
SAVE_EVERY = 20.0  # s of the lesson between two writes to the disk


@dataclass(frozen=True)
class Line:
    """The way to the server: seconds. `burst`: what everything at the begin of a session comes late."""

    delay: float = 0.03
    jitter: float = 0.012
    burst: float = 0.0
    loss: float = 0.0


class Session(NamedTuple):
    """A publisher is there from `begin` to `end` (s of the lesson); a new size so many seconds after `begin`."""

    begin: float
    end: float
    codec: str
    sizes: tuple[tuple[float, tuple[int, int]], ...]


@dataclass(frozen=True)
class Publisher:
    """`wall`, `card`: seconds of that clock per true second. `camera_off`, `muted`, `quiet`: spans (s) without
    pictures, of a microphone that sends nothing, and of one that sends a packet every 400 ms (DTX)."""

    source: str
    sessions: tuple[Session, ...]
    line: Line
    rate: int = 10  # frames/s
    wall: float = 1.0
    card: float = 1.0
    wall_zero: float = 0.0
    capture: float = 0.045  # s from the moment to the first packet of its picture; of sound 0.02
    silent: bool = False  # no microphone at all
    camera_off: tuple[float, float] = (0.0, 0.0)
    muted: tuple[float, float] = (0.0, 0.0)
    quiet: tuple[float, float] = (0.0, 0.0)

    def ntp(self, at: float) -> int:
        """The 64-bit NTP time its wall clock shows at this moment."""
        return int((NTP + self.wall_zero + at * self.wall) * (1 << 32))


class Arrival(NamedTuple):
    """Something that reaches the server. `data` None: a sender report of (ntp, timestamp)."""

    at: float
    order: int
    session: int
    kind: str
    data: bytes | None
    report: tuple[int, int]


@dataclass
class Sent:
    """What one publisher really did: the true times (s) of its ticks and of its frames, these by their number."""

    ticks: list[float] = field(default_factory=list)
    frames: dict[int, list[float]] = field(default_factory=dict)

    def late_ticks(self, found: list[float]) -> list[float]:
        """By how much each tick that was found lies after the true one next to it (s)."""
        true = np.array(self.ticks)
        return [float(at - true[np.abs(true - at).argmin()]) for at in found]

    def late_frames(self, found: list[Shown]) -> list[float]:
        """The same of numbered frames."""
        out: list[float] = []
        for at, number in found:
            assert number is not None, f"no number in the picture at {at:.3f} s"
            true = np.array(self.frames[number])
            out.append(float(at - true[np.abs(true - at).argmin()]))
        return out


def within(at: float, span: tuple[float, float]) -> bool:
    return span[0] <= at < span[1]


def arrivals(publisher: Publisher, random: Random, sent: Sent) -> Iterator[Arrival]:
    """Everything it sends over the lesson, in order of arrival."""
    for number, session in enumerate(publisher.sessions):
        streams = [
            _pictures(publisher, number, session, random, sent),
            _reports(publisher, number, session, "video", random),
        ]
        if not publisher.silent:
            streams.append(_sound(publisher, number, session, random, sent))
            streams.append(_reports(publisher, number, session, "audio", random))
        yield from heapq.merge(*streams)


def _late(publisher: Publisher, session: Session, at: float, random: Random) -> float:
    """How long a packet sent at this moment is under way."""
    line = publisher.line
    opening = max(0.0, 1.0 - (at - session.begin))  # the first second comes late, less and less
    return line.delay + random.expovariate(1 / line.jitter) + line.burst * opening


def _timestamps(session: int) -> tuple[int, int]:
    """Where a session's RTP clocks begin: (picture, sound); the second one wraps."""
    return 4_000_000_000 + session * 1000, 2**32 - 48_000 * 100 + session * 77


def _pictures(publisher: Publisher, number: int, session: Session, random: Random, sent: Sent) -> Iterator[Arrival]:
    stream = packets.Stream(number * 2 + 1, sequence=65_000, timestamp=0)
    base = _timestamps(number)[0]
    order = 0
    reached_at = 0.0
    for index in range(int((session.end - session.begin) * publisher.rate)):
        at = session.begin + index / publisher.rate
        size = next(size for since, size in reversed(session.sizes) if at - session.begin >= since)
        frames = timed_media.video(session.codec, size, publisher.rate)
        if within(at, publisher.camera_off):
            continue
        _, key, data = frames[index % len(frames)]
        sent.frames.setdefault(index % len(frames), []).append(at)
        timestamp = int(base + at * publisher.wall * 90_000) & 0xFFFFFFFF
        payloads = {
            "h264": lambda data=data: packets.h264_payloads(data),
            "vp9": lambda data=data, key=key, index=index: packets.vp9_payloads(data, index & 0x7FFF, key=key),
            "vp8": lambda data=data, index=index: packets.vp8_payloads(data, index & 0x7FFF),
        }[session.codec]()
        for packet in stream.build(timestamp, payloads):
            reached_at = max(reached_at, at + publisher.capture + _late(publisher, session, at, random))
            if random.random() >= publisher.line.loss:
                order += 1
                yield Arrival(reached_at, order * 4, number, "video", packet, (0, 0))


def _sound(publisher: Publisher, number: int, session: Session, random: Random, sent: Sent) -> Iterator[Arrival]:
    stream = packets.Stream(number * 2 + 2, sequence=65_400, timestamp=0)
    base = _timestamps(number)[1]
    loop = timed_media.ticking()
    reached_at = 0.0
    for index in range(int((session.end - session.begin) * publisher.card * 50)):
        at = session.begin + index / 50 / publisher.card
        silent = within(at, publisher.muted)
        dtx = within(at, publisher.quiet)
        if index % 50 == 0 and not silent and not dtx:
            sent.ticks.append(at)
        if silent:
            continue
        if dtx and index % 20:
            continue  # sequence numbers go on without a gap, timestamps do not
        data = loop[index % 50] if not dtx else loop[25]
        timestamp = (base + index * 960) & 0xFFFFFFFF
        (packet,) = stream.build(timestamp, [data], marker=False)
        reached_at = max(reached_at, at + 0.02 + _late(publisher, session, at, random))
        if random.random() >= publisher.line.loss:
            yield Arrival(reached_at, index * 4 + 1, number, "audio", packet, (0, 0))


def _reports(publisher: Publisher, number: int, session: Session, kind: str, random: Random) -> Iterator[Arrival]:
    base = _timestamps(number)[kind == "audio"]
    at = session.begin + (2.45 if kind == "audio" else 1.2)
    while at < session.end:
        ran = (at - session.begin) * publisher.card * 48_000 if kind == "audio" else at * publisher.wall * 90_000
        told = int(base + ran + random.uniform(-0.003, 0.003) * (48_000 if kind == "audio" else 90_000)) & 0xFFFFFFFF
        arrived = at + _late(publisher, session, at, random)
        yield Arrival(arrived, 2, number, kind, None, (publisher.ntp(at), told))
        at += REPORT_EVERY * random.uniform(0.8, 1.2)


def record(root: Path, publishers: list[Publisher], seconds: float, random: Random) -> dict[str, Sent]:
    """The lesson, recorded under `root`; what was really sent, by source."""
    recording = Recording(Manifest("l1", ZERO_NS))
    files: dict[str, TrackFiles] = {}
    sent = {publisher.source: Sent() for publisher in publishers}
    feeds: dict[tuple[str, str], tuple[int, Feed]] = {}
    streams = [_placed(place, arrivals(each, random, sent[each.source])) for place, each in enumerate(publishers)]
    ticked = saved = 0.0
    for count, (at, place, arrival) in enumerate(heapq.merge(*streams), 1):
        publisher = publishers[place]
        now = ZERO_NS + int(at * NS)
        while ticked + 0.2 <= at:
            ticked += 0.2
            recording.tick(ZERO_NS + int(ticked * NS))
        if at - saved > SAVE_EVERY:
            saved = at
            save(root, recording, files)
        session = publisher.sessions[arrival.session]
        codec = "opus" if arrival.kind == "audio" else session.codec
        known = feeds.get((publisher.source, arrival.kind))
        if known is None or known[0] != arrival.session:
            if arrival.data is None:
                continue
            info = track_info(count, codec, publisher.source, ssrc=arrival.session * 2 + 1 + (codec == "opus"))
            if known is not None:
                recording.detach(known[1], now)
            known = feeds[publisher.source, arrival.kind] = (arrival.session, recording.attach(info, 1, now))
        if arrival.data is None:
            known[1].report(*arrival.report)
        else:
            recording.packet(known[1], count, now, memoryview(arrival.data), now)
    recording.finish(ZERO_NS + int(seconds * NS), present=True)
    recording.manifest.state = "closed"
    save(root, recording, files)
    for each in files.values():
        each.close()
    return sent


def _placed(place: int, stream: Iterator[Arrival]) -> Iterator[tuple[float, int, Arrival]]:
    return ((arrival.at, place, arrival) for arrival in stream)


def save(root: Path, recording: Recording, files: dict[str, TrackFiles]) -> None:
    """What is ready, to the disk, as the writer does it."""
    store = Store(root)
    if recording.update_manifest() or recording.manifest.state == "closed":
        store.save("l1", bytes(recording.manifest))
    for name, track in recording.tracks.items():
        if track.entry is None or track.cutter is None:
            continue
        if name not in files:
            suffix = track.cutter.container.suffix
            files[name] = TrackFiles(store.folder("l1") / name, suffix, track.entry.init, track.init)
        files[name].apply(track.take())
