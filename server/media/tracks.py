"""A publisher's streams as tracks: their place in the source, and which of a picture's layers is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.media.flow import FlowKey
from server.media.sessions import Track

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.forward.streams import InboundStream
    from server.media.evidence import Evidence
    from server.media.sessions import Publisher
    from server.media.stats import Stats
    from server.media.tap import Tap

LOOK_EVERY = 0.5  # s between looks whether the recorded layer still comes


class Tracks:
    """The tracks of all publishers of a worker."""

    def __init__(self, tap: Tap, stats: Stats, evidence: Evidence) -> None:
        self._records = tap.records
        self._stats = stats
        self._evidence = evidence
        self._track_count = 0
        self._streams: dict[int, InboundStream] = {}  # by tap track
        self._due = 0.0

    def begin(self, publisher: Publisher, stream: InboundStream, now: float) -> Track:
        """A publisher's stream sent its first packet: it takes its place in the source."""
        for old in [each for each in publisher.tracks if (each.mid, each.rid) == (stream.mid, stream.rid)]:
            self._end(publisher, old, now)
        relay = publisher.source.relays[stream.kind]
        track = Track(relay, FlowKey(publisher.participant_id, publisher.source.name, "in", stream.kind))
        publisher.tracks[stream] = track
        if not stream.video or not stream.rid:
            self._record(publisher, stream, track, now)
        relay.set_layers(_of_kind(publisher, stream.kind), now)
        _report_anew(publisher, now)
        return track

    def keyframe(self, publisher: Publisher, stream: InboundStream, now: float) -> None:
        """Of a track's layers the largest that comes is recorded; another takes over at its keyframe."""
        track = publisher.tracks[stream]
        if track.number is not None:
            return
        recorded = self._recorded(publisher, stream.mid)
        if recorded is not None:
            if recorded.alive(now) and recorded.size > stream.size:
                return
            self._stop_recording(publisher.tracks[recorded], now)
        self._record(publisher, stream, track, now)
        track.relay.set_layers(track.relay.layers, now)  # its height is known now

    @staticmethod
    def _recorded(publisher: Publisher, mid: str) -> InboundStream | None:
        return next(
            (each for each, track in publisher.tracks.items() if each.mid == mid and track.number is not None), None
        )

    def _record(self, publisher: Publisher, stream: InboundStream, track: Track, now: float) -> None:
        self._track_count += 1
        track.number = self._track_count
        self._streams[track.number] = stream
        codec = publisher.ingress.codec_of(stream)
        self._records.open_track(
            track.number,
            publisher.lesson.id,
            {
                "track": track.number,
                "lesson_id": publisher.lesson.id,
                "participant_id": publisher.participant_id,
                "school_id": publisher.school_id,
                "source": publisher.source.name,
                "kind": stream.kind,
                "codec": stream.codec,
                "clock_rate": stream.clock_rate,
                "channels": codec.channels,
                "fmtp": codec.fmtp,
                "ssrc": stream.ssrc,
                "red": stream.red_type,
            },
            now,
        )

    def _stop_recording(self, track: Track, now: float) -> None:
        if track.number is not None:
            self._records.close_track(track.number, now)
            self._streams.pop(track.number, None)
            track.number = None

    def handle_timer(self, publishers: Iterable[Publisher], now: float) -> None:
        """A recorded layer that stopped coming while another comes: ask that one for a keyframe, to go over to it."""
        if now < self._due:
            return
        self._due = now + LOOK_EVERY
        for publisher in publishers:
            for stream, track in publisher.tracks.items():
                if track.number is None or not stream.rid or stream.alive(now):
                    continue
                others = [each for each in _of_kind(publisher, stream.kind) if each.alive(now)]
                if others:
                    max(others, key=lambda each: each.size).keyframes.want(now)

    def _end(self, publisher: Publisher, stream: InboundStream, now: float) -> None:
        track = publisher.tracks.pop(stream)
        self._evidence.mark_in(publisher, stream, track)
        self._stop_recording(track, now)
        self._stats.nacks_out += stream.nacks.sent
        self._stats.keyframe_requests += stream.keyframes.sent
        if stream in track.relay.layers:
            track.relay.set_layers([each for each in track.relay.layers if each is not stream], now)

    def end_all(self, publisher: Publisher, now: float) -> None:
        """The publisher has gone."""
        for stream in list(publisher.tracks):
            self._end(publisher, stream, now)
        _report_anew(publisher, now)

    def keyframe_wanted(self, number: int, now: float) -> None:
        """The recorder needs a keyframe of this tap track."""
        stream = self._streams.get(number)
        if stream is not None and stream.video:
            stream.keyframes.want(now)


def _report_anew(publisher: Publisher, now: float) -> None:
    """What this source's players hear changes: they are told at once, or at least that they are still connected."""
    for player in publisher.source.players:
        player.egress.restart_reports()
        player.due = min(player.due, now)


def _of_kind(publisher: Publisher, kind: str) -> list[InboundStream]:
    """A publisher's layers of a kind."""
    return [stream for stream in publisher.tracks if stream.kind == kind]
