"""Verification of a recording (docs/protocols.md, section 5): opens every track, looks and listens, writes a report.

Only keyframes are decoded: the others are dropped before the decoder, which makes looking some hundred times faster
than real time. A piece begins with a keyframe, so there is a picture to look at about every 2 s.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from recorder import chapters, ends
from recorder.hearing import hear
from recorder.looking import look_at
from recorder.reading import ReadRecording, ReadTrack, Span, joined, read_recording
from recorder.storage import make_folder, write_atomic
from recorder.tap_messages import name_untrusted
from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from recorder.hearing import Heard
    from recorder.looking import Onlooker
    from recorder.manifest import Manifest, TrackEntry

log = logging.getLogger("tongke.jobs")

VERIFY = "verify.json"
TEACHER, SCREEN = "teacher", "screen"
# problems worth a word; what counts against a lesson is the crediting policy's to say
WORTH_SAYING = {"gap": 2.0, "black": 0.2, "frozen": 0.2, "silent": 0.6}
# A lesson recorded for less of its time than this is short: the crediting's "lasted", of what was live.
SHORT_SHARE = 0.8
# Sound is looked through faster than picture: what a second of each counts for the progress.
WEIGHTS = {"audio": 1.0, "video": 4.0}

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
    loudness: float | None = None  # LUFS, EBU R128 integrated; None for silence
    spans: list[Span] = field(default_factory=list)
    bad_seconds: float = 0.0  # black or frozen, each second once

    def as_json(self) -> dict[str, Any]:
        """As in the report."""
        names = ("id", "source", "kind", "opens", "error", "duration", "gap_seconds")
        shares = ("black_share", "frozen_share", "silent_share", "loudness")
        values = {name: getattr(self, name) for name in (*names, *shares)}
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}


def verify_recording(
    root: Path, lesson_id: str, progress: Callable[[float], None] = lambda share: None
) -> dict[str, Any] | None:
    """Inspect; write the chapters, thumbnails and hashes, then `verify.json`; return the report.

    `progress` is told how much is done (0..1). None if `lesson_id` cannot be a lesson. Raises OSError.
    """
    try:
        name_untrusted(lesson_id)
    except BadPacket:
        return None
    recording = read_recording(root, lesson_id)
    folder = root / lesson_id
    make_folder(folder)
    tracks, found = _inspect_all(recording, progress) if recording else ([], [])
    report = make_report(lesson_id, recording.manifest if recording else None, tracks)
    report["sources"] = ends.write(folder, recording.manifest.clock_zero_ns, found) if recording else []
    write_atomic(folder / VERIFY, json.dumps(report, ensure_ascii=False, indent=1).encode())
    return report


def _inspect_all(
    recording: ReadRecording, progress: Callable[[float], None]
) -> tuple[list[TrackReport], list[ends.End]]:
    """Every track in the manifest's order, and each source; also writes what the pages show beside the player."""
    seen: dict[str, ends.End] = {}
    sheets: dict[str, chapters.Thumbnails] = {}
    screens: list[tuple[ReadTrack, chapters.Slides]] = []
    reports: list[TrackReport] = []
    whole = sum(_weight(track) for track in recording.tracks) or 1.0
    done = 0.0
    for track in sorted(recording.tracks, key=lambda track: track.pieces[0].start if track.pieces else 0.0):
        end = seen.setdefault(track.entry.source, ends.End(track.entry.source))
        onlookers: list[Onlooker] = []
        if track.entry.kind == "video":
            onlookers += end.onlookers()
            sheet = sheets.setdefault(track.entry.source, chapters.Thumbnails(recording.span or (0.0, 0.0)))
            onlookers.append(sheet)
            if track.entry.source == SCREEN:
                screens.append((track, chapters.Slides()))
                onlookers.append(screens[-1][1])
        told = _within(progress, done / whole, _weight(track) / whole, track)
        reports.append(inspect_track(track, onlookers, told, end.listen))
        done += _weight(track)
        progress(done / whole)
    chapters.write(recording.folder, list(_slides(screens, reports)), sheets)
    order = [track.entry.id for track in recording.tracks]
    return sorted(reports, key=lambda report: order.index(report.id)), list(seen.values())


def _slides(screens: list[tuple[ReadTrack, chapters.Slides]], reports: list[TrackReport]) -> Iterator[float]:
    opens = {report.id for report in reports if report.opens}
    try:
        yield from chapters.starts([(track, slides) for track, slides in screens if track.entry.id in opens])
    except Exception as error:  # a decoder may raise anything; a lesson without chapters plays all the same
        log.warning("no chapters: %s", error)


def _weight(track: ReadTrack) -> float:
    return track.duration * WEIGHTS[track.entry.kind]


def _within(progress: Callable[[float], None], before: float, part: float, track: ReadTrack) -> Callable[[float], None]:
    """Of a track's time (s) the progress of the whole."""
    if not track.pieces:
        return lambda at: None
    start, end = track.pieces[0].start, track.pieces[-1].end
    return lambda at: progress(before + part * min(1.0, max(0.0, (at - start) / max(end - start, 1e-3))))


def inspect_track(
    track: ReadTrack,
    onlookers: Iterable[Onlooker] = (),
    progress: Callable[[float], None] = lambda at: None,
    listen: Callable[[Heard, list[Span]], None] = lambda heard, spans: None,
) -> TrackReport:
    """One track; whatever is wrong with it stands in the report. `listen` is told what was heard."""
    entry: TrackEntry = track.entry
    report = TrackReport(entry.id, entry.source, entry.kind)
    report.spans, report.duration = track.spans, track.duration
    if not track.pieces:
        report.error = "no pieces"
        return report
    report.gap_seconds = report.spans[-1][1] - report.spans[0][0] - report.duration
    try:
        if entry.kind == "audio":
            heard = hear(track, progress)
            report.silent_share = share(heard.silent, report.duration)
            report.loudness = heard.loudness
            listen(heard, track.spans)
        else:
            found = look_at(track, list(onlookers), progress)
            report.black_share = share(found.black, report.duration)
            report.frozen_share = share(found.frozen, report.duration)
            report.bad_seconds = found.black_or_frozen
        report.opens = True
    except Exception as error:  # a decoder may raise anything; the track is what is broken
        log.warning("track %s does not open: %s", entry.id, error)
        report.error = str(error)[:300] or type(error).__name__
    return report


def make_report(lesson_id: str, manifest: Manifest | None, tracks: list[TrackReport]) -> dict[str, Any]:
    """Section 5 of docs/protocols.md, from what was found in the tracks."""
    teacher = [track for track in tracks if track.source == TEACHER]
    covered = joined(span for track in teacher for span in track.spans)
    live = covered[-1][1] - covered[0][0] if covered else 0.0
    gaps = live - sum(end - start for start, end in covered)
    open_seconds = _open_seconds(manifest)
    recorded = share(live - max(gaps, 0.0), open_seconds) if open_seconds else None
    everything = joined(span for track in tracks for span in track.spans)
    # a classroom whose camera flickered once must not cost the lesson: the teacher's tracks decide, if there are any
    decisive = [track for track in teacher if track.spans] or tracks
    report = {
        "lesson_id": lesson_id,
        "clock_zero": None if manifest is None else manifest.clock_zero_ns / 1e9,
        "opens": bool(decisive) and all(track.opens for track in decisive),
        "open_seconds": None if open_seconds is None else round(open_seconds, 3),
        "recorded_share": recorded,
        "live_seconds": round(live, 3),
        "duration": round(everything[-1][1] - everything[0][0], 3) if everything else 0.0,
        "gap_seconds": round(max(gaps, 0.0), 3),
        "tracks": [track.as_json() for track in tracks],
        "teacher": {
            "black_or_frozen_share": _teacher_share(teacher, "video"),
            "silent_share": _teacher_share(teacher, "audio"),
        },
    }
    report["problems"] = list(_problems(manifest, tracks, float(max(gaps, 0.0)), recorded))
    return report


def _open_seconds(manifest: Manifest | None) -> float | None:
    """How long the lesson was live, by the recorder's clock: from its opening to its close."""
    if manifest is None or manifest.closed_at_ns is None:
        return None
    return max(0.0, (manifest.closed_at_ns - manifest.clock_zero_ns) / 1e9)


def _teacher_share(teacher: list[TrackReport], kind: str) -> float | None:
    tracks = [track for track in teacher if track.kind == kind and track.opens]
    duration = sum(track.duration for track in tracks)
    if not duration:
        return None
    if kind == "video":
        return share(sum(track.bad_seconds for track in tracks), duration)
    return share(sum((track.silent_share or 0.0) * track.duration for track in tracks), duration)


def _problems(
    manifest: Manifest | None, tracks: list[TrackReport], gaps: float, recorded: float | None
) -> Iterable[Problem]:
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
    elif recorded is not None and recorded < SHORT_SHARE:
        yield _problem("short", None, recorded)
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


def share(part: float, whole: float) -> float:
    """In 0..1, rounded to 4 places."""
    return round(min(max(part / whole, 0.0), 1.0), 4) if whole > 0 else 0.0
