"""HLS (RFC 8216) of a recording: text made from its index, so a closed piece is watchable at once. Pure.

A media playlist is EVENT while the lesson runs and gets its ENDLIST when the recording closes. Every segment carries
its place on the lesson's clock, which comes from the publishers' sender reports, as EXT-X-PROGRAM-DATE-TIME: players
keep separate playlists in step by it. VP8 stands in WebM, which HLS does not know: such tracks are left out here and
play from their pieces (docs/protocols.md, section 4).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from server.live.recordings import PieceFile, Recording, TrackFiles

MIME = "application/vnd.apple.mpegurl"
SUFFIX = ".m3u8"
INDEX = "index"  # the recording's own multivariant playlist
# Pieces are cut at the first keyframe after 1.5 s, keyframes come every 2 s; players stay 3 of these behind live.
LEAST_TARGET = 2
# Less between two pieces is rounding of the index (µs) and jitter of a frame's estimated duration.
HOLE = 0.05
_CODECS = re.compile(r'codecs="([^"]+)"')
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Segment(NamedTuple):
    track: TrackFiles
    piece: PieceFile


def playlist(recording: Recording, name: str) -> str | None:
    """The playlist of that name, None if there is none.

    `index`: everything, the teacher first; a source: its picture and sound; `{source}-{kind}`: all that source sent
    of that kind, whatever the codec; a track's id: that track alone.
    """
    tracks = [track for track in recording.tracks if track.in_hls]
    if name == INDEX:
        return _multivariant(tracks, _sources(tracks)) if tracks else None
    if name in _sources(tracks):
        return _multivariant([track for track in tracks if track.source == name], [name])
    chosen = [track for track in tracks if name in (track.id, track.lane)]
    return _media(recording, chosen) if chosen else None


def _sources(tracks: Iterable[TrackFiles]) -> list[str]:
    """In the order in which a player offers them."""
    found = {track.source for track in tracks}
    return sorted(found, key=lambda source: ({"teacher": 0, "screen": 1}.get(source, 2), source))


def _media(recording: Recording, tracks: Sequence[TrackFiles]) -> str:
    segments = sorted(
        (_Segment(track, piece) for track in tracks for piece in track.pieces), key=lambda each: each.piece.start
    )
    lengths = _lengths(segments)
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{max(LEAST_TARGET, *(int(length + 0.5) for length in lengths))}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:EVENT",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    before: _Segment | None = None
    for segment, length in zip(segments, lengths, strict=True):
        track, piece = segment
        if before is not None and (before.track is not track or piece.start - before.piece.end > HOLE):
            lines.append("#EXT-X-DISCONTINUITY")
        if before is None or before.track is not track:
            lines.append(f'#EXT-X-MAP:URI="../tracks/{track.id}/{track.init}"')
        lines.append(f"#EXT-X-PROGRAM-DATE-TIME:{_date(recording.clock_zero + piece.start)}")
        lines.append(f"#EXTINF:{length:.6f},")
        lines.append(f"../tracks/{track.id}/{piece.name}")
        before = segment
    if recording.state == "closed":
        lines.append("#EXT-X-ENDLIST")
    return "\n".join(lines) + "\n"


def _lengths(segments: Sequence[_Segment]) -> list[float]:
    """Seconds; up to the next one where that follows without a hole, so that rounding does not add up."""
    ends = [
        after.piece.start if abs(after.piece.start - each.piece.end) <= HOLE else each.piece.end
        for each, after in pairwise(segments)
    ]
    ends += [each.piece.end for each in segments[-1:]]
    return [max(end - each.piece.start, 0.001) for each, end in zip(segments, ends, strict=True)]


def _date(unix: float) -> str:
    moment = EPOCH + timedelta(milliseconds=round(unix * 1000))
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _multivariant(tracks: Sequence[TrackFiles], sources: Sequence[str]) -> str:
    """The first source that has a picture is the variant; the others are renditions beside it."""
    lanes: dict[str, list[TrackFiles]] = {}
    for source in sources:
        for kind in ("video", "audio"):
            found = [track for track in tracks if (track.source, track.kind) == (source, kind)]
            if found:
                lanes[f"{source}-{kind}"] = found
    pictures = [name for name, lane in lanes.items() if lane[0].kind == "video"]
    sounds = [name for name, lane in lanes.items() if lane[0].kind == "audio"]
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    lines += [_rendition("AUDIO", "sound", lane, lanes[lane], lane == sounds[0]) for lane in sounds if pictures]
    if len(pictures) > 1:
        lines += [_rendition("VIDEO", "picture", lane, lanes[lane], lane == pictures[0]) for lane in pictures]
    main = (pictures or sounds)[0]
    together = [main, *(sounds[:1] if pictures else [])]
    codecs = list(dict.fromkeys(codec for lane in together for track in lanes[lane] for codec in _codecs(track)))
    peak = sum(max(map(_peak, lanes[lane])) for lane in together)
    average = sum(max(map(_average, lanes[lane])) for lane in together)
    attributes = [f"BANDWIDTH={peak}", f"AVERAGE-BANDWIDTH={average}", f'CODECS="{",".join(codecs)}"']
    if pictures:
        widest = max(lanes[main], key=lambda track: track.size[0])
        attributes.append(f"RESOLUTION={widest.size[0]}x{widest.size[1]}")
    if pictures and sounds:
        attributes.append('AUDIO="sound"')
    if len(pictures) > 1:
        attributes.append('VIDEO="picture"')
    lines += [f"#EXT-X-STREAM-INF:{','.join(attributes)}", f"{main}{SUFFIX}"]
    return "\n".join(lines) + "\n"


def _rendition(kind: str, group: str, lane: str, tracks: Sequence[TrackFiles], first: bool) -> str:
    chosen = "YES" if first else "NO"
    channels = ""
    if kind == "AUDIO":
        channels = f',CHANNELS="{max(int(track.entry.get("channels") or 1) for track in tracks)}"'
    return (
        f'#EXT-X-MEDIA:TYPE={kind},GROUP-ID="{group}",NAME="{tracks[0].source}",DEFAULT={chosen},AUTOSELECT={chosen}'
        f'{channels},URI="{lane}{SUFFIX}"'
    )


def _codecs(track: TrackFiles) -> list[str]:
    found = _CODECS.search(str(track.entry.get("mime", "")))
    return [found.group(1)] if found else []


def _peak(track: TrackFiles) -> int:
    """bit/s of the largest piece (RFC 8216 section 4.3.4.2); a sliver of a piece has no rate of its own."""
    return round(max(8 * piece.bytes / max(piece.end - piece.start, 1.0) for piece in track.pieces))


def _average(track: TrackFiles) -> int:
    seconds = sum(piece.end - piece.start for piece in track.pieces)
    return round(8 * sum(piece.bytes for piece in track.pieces) / max(seconds, 1.0))
