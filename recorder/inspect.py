"""Verification of a recording (docs/protocols.md, section 5): opens every track, looks and listens, writes a report.

Only keyframes are decoded: the others are dropped before the decoder, which makes looking some hundred times faster
than real time. A piece begins with a keyframe, so there is a picture to look at about every 2 s.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from recorder.listening import silent_seconds
from recorder.looking import Look, look_at
from recorder.manifest import Manifest, TrackEntry, piece_name, read_index
from recorder.pieces import PieceStream
from recorder.storage import INDEX, Store, make_folder, write_atomic
from recorder.tap_messages import name_untrusted
from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from recorder.cutter import Entry

log = logging.getLogger("tongke.jobs")

VERIFY = "verify.json"
TEACHER, SCREEN = "teacher", "screen"
# Pieces that follow each other within this (s) have no hole between them: one frame, rounded.
JOIN = 0.25
# problems worth a word; what counts against a lesson is the crediting policy's to say
WORTH_SAYING = {"gap": 2.0, "black": 0.2, "frozen": 0.2, "silent": 0.6}

Span = tuple[float, float]
# {"code", "track": id | None, "value": s or share | None}; the pages say it in the reader's language
Problem = dict[str, Any]


@dataclass(slots=True)
class TrackReport:
    """What was found in one track; shares of its own duration, None where it does not apply."""

    id: str
    source: str
    kind: str
    opens: bool = False
    error: str | None = None
    duration: float = 0.0
    gap_seconds: float = 0.0
    black_share: float | None = None
    frozen_share: float | None = None
    silent_share: float | None = None
    spans: list[Span] = field(default_factory=list)
    bad_seconds: float = 0.0  # black or frozen, each second once

    def as_json(self) -> dict[str, Any]:
        """As in the report."""
        names = ("id", "source", "kind", "opens", "error", "duration", "gap_seconds")
        shares = ("black_share", "frozen_share", "silent_share")
        values = {name: getattr(self, name) for name in (*names, *shares)}
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}


def verify_recording(root: Path, lesson_id: str) -> dict[str, Any] | None:
    """Inspect, write `verify.json`, return the report; None if `lesson_id` cannot be one. Raises OSError."""
    try:
        name_untrusted(lesson_id)
    except BadPacket:
        return None
    store = Store(root)
    manifest = store.load(lesson_id)
    folder = store.folder(lesson_id)
    tracks = [inspect_track(folder / entry.id, entry) for entry in manifest.tracks] if manifest else []
    report = make_report(lesson_id, manifest, tracks)
    make_folder(folder)
    write_atomic(folder / VERIFY, json.dumps(report, ensure_ascii=False, indent=1).encode())
    return report


def inspect_track(folder: Path, entry: TrackEntry) -> TrackReport:
    """One track; whatever is wrong with it stands in the report."""
    report = TrackReport(entry.id, entry.source, entry.kind)
    try:
        index = read_index((folder / INDEX).read_bytes())[0]
    except OSError:
        index = []
    report.spans = joined((piece.start, piece.end) for piece in index)
    report.duration = sum(end - start for start, end in report.spans)
    if report.spans:
        report.gap_seconds = report.spans[-1][1] - report.spans[0][0] - report.duration
    if not index:
        report.error = "no pieces"
        return report
    try:
        _decode(folder, entry, index, report)
        report.opens = True
    except Exception as error:  # a decoder may raise anything; the track is what is broken
        log.warning("track %s does not open: %s", entry.id, error)
        report.error = str(error)[:300] or type(error).__name__
    return report


def _decode(folder: Path, entry: TrackEntry, index: list[Entry], report: TrackReport) -> None:
    suffix = ".webm" if entry.container == "webm" else ".m4s"
    files = [folder / entry.init, *(folder / piece_name(piece.n, suffix) for piece in index)]
    with PieceStream(files) as stream:
        if entry.kind == "audio":
            silent = silent_seconds(stream, entry.container)
            report.silent_share = share(silent, report.duration)
        else:
            found: Look = look_at(stream, entry.container, report.spans)
            report.black_share = share(found.black, report.duration)
            report.frozen_share = share(found.frozen, report.duration)
            report.bad_seconds = found.black_or_frozen


def make_report(lesson_id: str, manifest: Manifest | None, tracks: list[TrackReport]) -> dict[str, Any]:
    """Section 5 of docs/protocols.md, from what was found in the tracks."""
    teacher = [track for track in tracks if track.source == TEACHER]
    covered = joined(span for track in teacher for span in track.spans)
    live = covered[-1][1] - covered[0][0] if covered else 0.0
    gaps = live - sum(end - start for start, end in covered)
    everything = joined(span for track in tracks for span in track.spans)
    # a classroom whose camera flickered once must not cost the lesson: the teacher's tracks decide, if there are any
    decisive = [track for track in teacher if track.spans] or tracks
    report = {
        "lesson_id": lesson_id,
        "opens": bool(decisive) and all(track.opens for track in decisive),
        "live_seconds": round(live, 3),
        "duration": round(everything[-1][1] - everything[0][0], 3) if everything else 0.0,
        "gap_seconds": round(max(gaps, 0.0), 3),
        "tracks": [track.as_json() for track in tracks],
        "teacher": {
            "black_or_frozen_share": _teacher_share(teacher, "video"),
            "silent_share": _teacher_share(teacher, "audio"),
        },
    }
    report["problems"] = list(_problems(manifest, tracks, float(max(gaps, 0.0))))
    return report


def _teacher_share(teacher: list[TrackReport], kind: str) -> float | None:
    tracks = [track for track in teacher if track.kind == kind and track.opens]
    duration = sum(track.duration for track in tracks)
    if not duration:
        return None
    if kind == "video":
        return share(sum(track.bad_seconds for track in tracks), duration)
    return share(sum((track.silent_share or 0.0) * track.duration for track in tracks), duration)


def _problems(manifest: Manifest | None, tracks: list[TrackReport], gaps: float) -> Iterable[Problem]:
    if manifest is None:
        yield _problem("no_recording")
        return
    if manifest.state != "closed":
        yield _problem("still_open")
    if not tracks:
        yield _problem("no_tracks")
        return
    if not any(track.source == TEACHER for track in tracks):
        yield _problem("no_teacher")
    if gaps > WORTH_SAYING["gap"]:
        yield _problem("teacher_gap", None, gaps)
    for track in tracks:
        if not track.opens:
            yield _problem("does_not_open" if track.spans else "empty", track)
        figures = {
            "gap": track.gap_seconds,
            "black": track.black_share,
            "frozen": None if track.source == SCREEN else track.frozen_share,  # a still screen is none
            "silent": track.silent_share,
        }
        for code, value in figures.items():
            if value is not None and value > WORTH_SAYING[code]:
                yield _problem(code, track, value)


def _problem(code: str, track: TrackReport | None = None, value: float | None = None) -> Problem:
    return {
        "code": code,
        "track": None if track is None else track.id,
        "value": None if value is None else round(value, 4),
    }


def joined(spans: Iterable[Span]) -> list[Span]:
    """The union of spans, in order; holes shorter than `JOIN` are none."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start - out[-1][1] <= JOIN:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def share(part: float, whole: float) -> float:
    """In 0..1, rounded to 4 places."""
    return round(min(max(part / whole, 0.0), 1.0), 4) if whole > 0 else 0.0
