"""A recording as its page gets it (docs/protocols.md, section 4)."""

from __future__ import annotations

from typing import Any

from . import recordings as r


def as_json(recording: r.Recording, after: float = 0.0) -> dict[str, Any]:
    """As `GET /api/recordings/{id}` answers (docs/protocols.md, section 4); only pieces that end after `after` (s)."""
    base = f"/api/recordings/{recording.lesson_id}"
    streams = {track.source: f"{base}/hls/{track.source}.m3u8" for track in recording.tracks if track.in_hls}
    tracks = [track for track in recording.tracks if track.pieces]
    growing = {track.id: track.growing for track in recording.tracks} if recording.state == "open" else {}
    shown = [track for track in recording.tracks if track.pieces or growing.get(track.id)]
    return {
        "id": recording.lesson_id,
        "lesson_id": recording.lesson_id,
        "state": recording.state,
        "clock_zero": recording.clock_zero,
        "duration": r.duration(tracks),
        "gap_seconds": r.teacher_gap_seconds(recording),
        "gaps": r.gaps(recording),
        "tracks": [_track_json(base, track, after, growing.get(track.id)) for track in shown],
        "files": [
            {
                "track": track.id,
                "url": f"{base}/files/{track.id}",
                "mime": track.mime,
                "bytes": r.size_of(track),
                "name": f"{recording.lesson_id}-{track.id}{(track.folder / track.init).suffix}",
            }
            for track in tracks
        ],
        "hls": {"url": f"{base}/hls/index.m3u8" if streams else None, "sources": streams},
        "verification": recording.verification,
    }


def _track_json(base: str, track: r.TrackFiles, after: float, growing: tuple[str, int] | None) -> dict[str, Any]:
    entry, url = track.entry, f"{base}/tracks/{track.id}"
    return {
        "hls_url": f"{base}/hls/{track.id}.m3u8" if track.in_hls else None,
        "id": track.id,
        "participant_id": entry.get("participant_id", ""),
        "school_id": entry.get("school_id"),
        "source": entry.get("source", ""),
        "kind": entry.get("kind", "video"),
        "codec": entry.get("codec", ""),
        "mime": entry.get("mime") or track.mime,
        "init_url": f"{url}/{track.init}",
        "start": track.start,
        "duration": track.end - track.start,
        "width": entry.get("width"),
        "height": entry.get("height"),
        "pieces": [
            {"url": f"{url}/{piece.name}", "start": piece.start, "end": piece.end, "bytes": piece.bytes}
            for piece in track.pieces
            if piece.end > after
        ],
        "growing": None if growing is None else {"url": f"{url}/{growing[0]}", "bytes": growing[1]},
    }
