"""One lesson's recording: its tracks, its publishers' clocks, its manifest (sans-IO)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recorder.feed import Feed
from recorder.timeline import PublisherClock
from recorder.tracks import RecordedTrack

if TYPE_CHECKING:
    from recorder.manifest import Manifest
    from recorder.tap_messages import TrackInfo


class Recording:
    """Feeds are attached and detached; every track has at most one, the newest."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        self.tracks: dict[str, RecordedTrack] = {}
        self._publishers: dict[str, PublisherClock] = {}
        self.active_ns = 0  # when something last came

    def attach(self, info: TrackInfo, epoch: int, now_ns: int) -> Feed:
        """A stream begins; it takes the place of what fed its track before."""
        track = self.tracks.setdefault(info.name, RecordedTrack(info))
        if track.feed is not None:
            self.detach(track.feed, now_ns)
        for other in self.tracks.values():  # the same source with another codec ends too
            feed = other.feed
            if feed is not None and (feed.info.source, feed.info.kind) == (info.source, info.kind):
                self.detach(feed, now_ns)
                other.finish(None)
        feed = Feed(info, epoch, self._publisher(info), self.manifest.clock_zero_ns, track.known)
        track.attach(feed)
        return feed

    def detach(self, feed: Feed, now_ns: int, stood_until_ns: int | None = None) -> None:
        """A stream ends; the still picture it leaves stood until this Unix time (ns)."""
        track = self.tracks[feed.info.name]
        if track.feed is not feed:
            return
        track.take_frames(feed, feed.finish(now_ns), now_ns)
        if stood_until_ns is not None and feed.info.still:
            track.finish(stood_until_ns - self.manifest.clock_zero_ns)
        track.feed = None

    def packet(self, feed: Feed, number: int, arrival_ns: int, data: memoryview, now_ns: int) -> None:
        """One RTP packet of a stream."""
        track = self.tracks[feed.info.name]
        if track.feed is feed:
            self.active_ns = now_ns
            frames = feed.packet(number, arrival_ns, data, now_ns)
            if frames:
                track.take_frames(feed, frames, now_ns)

    def tick(self, now_ns: int) -> None:
        """Give up what does not come, let out what has waited."""
        for track in self.tracks.values():
            if track.feed is not None:
                track.take_frames(track.feed, track.feed.expire(now_ns), now_ns)
            track.tick(now_ns)

    def finish(self, now_ns: int, *, present: bool) -> None:
        """Everything ends. `present`: the publishers were there until now, so a still picture stood until now."""
        for track in self.tracks.values():
            feed = track.feed
            if feed is not None:
                track.take_frames(feed, feed.finish(now_ns), now_ns)
            track.finish(now_ns - self.manifest.clock_zero_ns if present else None)
            track.feed = None

    def update_manifest(self) -> bool:
        """Bring new and changed tracks into the manifest; whether there were any."""
        changed = False
        entries = self.manifest.tracks
        for track in self.tracks.values():
            if track.changed and track.entry is not None:
                if track.entry not in entries:
                    entries.append(track.entry)
                track.changed = False
                changed = True
        return changed

    def _publisher(self, info: TrackInfo) -> PublisherClock:
        """The clock this stream shares with the other of its publisher.

        A second of one kind is a new publisher, unless the other kind goes on: then it is another simulcast layer.
        """
        clock = self._publishers.get(info.source)
        feeds = [track.feed for track in self.tracks.values() if track.feed is not None]
        goes_on = any(feed.info.source == info.source and feed.publisher is clock for feed in feeds)
        if clock is None or (info.kind in clock.kinds and not goes_on):
            clock = self._publishers[info.source] = PublisherClock()
        return clock
