"""The one way to read a recording from disk: its tracks, their pieces, any stretch of a track as a playable file."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import av

from recorder.manifest import Manifest, TrackEntry, piece_name, read_index
from recorder.pieces import PieceStream
from recorder.storage import INDEX, Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from recorder.cutter import Entry

READ_SIZE = 1 << 20
# Pieces that follow each other within this (s) have no hole between them: one frame, rounded.
JOIN = 0.25

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ReadTrack:
    """One track; times are seconds on the lesson's clock. `pieces`: the closed ones, in order."""

    entry: TrackEntry
    folder: Path
    pieces: tuple[Entry, ...]

    @property
    def spans(self) -> list[Span]:
        """Where it has media."""
        return joined((piece.start, piece.end) for piece in self.pieces)

    @property
    def duration(self) -> float:
        """Seconds of media, holes left out."""
        return sum(end - start for start, end in self.spans)

    @contextmanager
    def opened(self, start: float = float("-inf"), end: float = float("inf")) -> Iterator[Any]:
        """PyAV's input container over the pieces that have something of start..end; times inside are the lesson's.

        Raises OSError (a file is missing), av's errors.
        """
        suffix = ".webm" if self.entry.container == "webm" else ".m4s"
        wanted = [piece for piece in self.pieces if piece.end > start and piece.start < end]
        files = [self.folder / self.entry.init, *(self.folder / piece_name(piece.n, suffix) for piece in wanted)]
        form = "matroska" if self.entry.container == "webm" else "mp4"
        with PieceStream(files) as stream, av.open(stream, mode="r", format=form, buffer_size=READ_SIZE) as source:
            yield source


@dataclass(frozen=True, slots=True)
class ReadRecording:
    """A recording."""

    folder: Path
    manifest: Manifest
    tracks: tuple[ReadTrack, ...]

    def of(self, source: str, kind: str) -> list[ReadTrack]:
        """The tracks of one source that have a piece: more than one if its codec changed."""
        return [
            track for track in self.tracks if (track.entry.source, track.entry.kind) == (source, kind) and track.pieces
        ]

    @property
    def span(self) -> Span | None:
        """From the first media to the last; None without any."""
        spans = [span for track in self.tracks for span in track.spans]
        return (min(start for start, _ in spans), max(end for _, end in spans)) if spans else None


def read_recording(root: Path, lesson_id: str) -> ReadRecording | None:
    """A recording under `root`; None if there is none that can be read."""
    store = Store(root)
    manifest = store.load(lesson_id)
    if manifest is None:
        return None
    folder = store.folder(lesson_id)
    return ReadRecording(folder, manifest, tuple(_track(folder, entry) for entry in manifest.tracks))


def _track(folder: Path, entry: TrackEntry) -> ReadTrack:
    try:
        pieces = read_index((folder / entry.id / INDEX).read_bytes())[0]
    except OSError:
        pieces = []
    return ReadTrack(entry, folder / entry.id, tuple(pieces))


def joined(spans: Iterable[Span]) -> list[Span]:
    """The union of spans, in order; holes shorter than `JOIN` are none."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start - out[-1][1] <= JOIN:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def covered(start: float, end: float, spans: list[Span]) -> float:
    """How much of start..end lies in the spans."""
    return sum(max(0.0, min(end, until) - max(start, since)) for since, until in spans)
