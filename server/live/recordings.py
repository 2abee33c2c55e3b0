"""Recordings as they are on disk (docs/protocols.md, section 4): read-only.

A name from a request is never joined to a path: it is looked up among the names that the manifest and the index list.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from server.county.shelf import Measure

from .chapters import Chapters, read_chapters

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# indexes kept in memory; about 0.2 MB for a track of 45 minutes
INDEXES = 256
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


@dataclass(frozen=True, slots=True)
class PieceFile:
    """One closed piece; times in seconds on the lesson's clock."""

    name: str
    start: float
    end: float
    bytes: int


@dataclass(frozen=True, slots=True)
class TrackFiles:
    """One track: its manifest entry, its init file and its closed pieces, in order."""

    id: str
    folder: Path
    entry: dict[str, Any]
    init: str
    mime: str
    pieces: tuple[PieceFile, ...]

    @property
    def source(self) -> str:
        return str(self.entry.get("source", ""))

    @property
    def kind(self) -> str:
        return str(self.entry.get("kind", "video"))

    @property
    def lane(self) -> str:
        """`{source}-{kind}`: the tracks of one lane follow one another."""
        return f"{self.source}-{self.kind}"

    @property
    def in_hls(self) -> bool:
        """Whether HLS can carry it: CMAF, with something in it."""
        return bool(self.pieces) and self.init.endswith(".mp4")

    @property
    def size(self) -> tuple[int, int]:
        """Pixels of the largest picture."""
        return int(self.entry.get("width") or 0), int(self.entry.get("height") or 0)

    @property
    def growing(self) -> tuple[str, int] | None:
        """Name and size so far of the piece that is being written, which the index does not have yet. Blocks."""
        following = int(self.pieces[-1].name.partition(".")[0]) + 1 if self.pieces else 1
        name = f"{following:06d}{'.webm' if self.init.endswith('.webm') else '.m4s'}"
        try:
            return name, (self.folder / name).stat().st_size
        except OSError:
            return None

    @property
    def start(self) -> float:
        return self.pieces[0].start if self.pieces else 0.0

    @property
    def end(self) -> float:
        return self.pieces[-1].end if self.pieces else 0.0


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording, read. `clock_zero` Unix seconds."""

    lesson_id: str
    state: str  # "open" | "closed"
    clock_zero: float
    tracks: tuple[TrackFiles, ...]
    verification: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one file."""

    path: Path
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class WholeTrack:
    """A track as one file: init and pieces one after the other. `etag` unquoted; changes when the track grows."""

    files: tuple[tuple[Path, int], ...]
    mime: str
    name: str
    etag: str
    closed: bool

    @property
    def length(self) -> int:
        """Bytes."""
        return sum(size for _, size in self.files)

    def spans(self, start: int, end: int) -> list[Span]:
        """The stretches of the files that hold bytes [start, end)."""
        found: list[Span] = []
        at = 0
        for path, size in self.files:
            low, high = max(start, at), min(end, at + size)
            if low < high:
                found.append(Span(path, low - at, high - low))
            at += size
        return found


class Objects(Protocol):
    """An object store with the same files under `{recording}/{track}/{file}`; pieces may have left the disk for it."""

    @property
    def origin(self) -> str:
        """Scheme, host and port of its addresses."""
        ...

    def address(self, key: str) -> str:
        """Where a reader gets the object, for a few minutes."""
        ...

    def read(self, key: str, offset: int, length: int) -> bytes:
        """Blocking. Raises OSError."""
        ...


class Found(NamedTuple):
    """Path, or address on the object store, and media type of one file; a closed one never changes."""

    place: Path | str
    mime: str
    closed: bool = True


class _Index(NamedTuple):
    """A track's index as far as it was read: `whole` bytes."""

    inode: int
    whole: int
    pieces: tuple[PieceFile, ...]


class RecordingFiles:
    """The folder `{data}/recordings`. Methods block on the disk: call them off the event loop."""

    def __init__(self, root: Path, objects: Objects | None = None) -> None:
        self._root = root
        self.objects = objects
        self.origin = objects.origin if objects is not None else ""  # where readers are sent, besides ourselves
        self._indexes: dict[Path, _Index] = {}

    @property
    def root(self) -> Path:
        """The folder of all recordings."""
        return self._root

    def read(self, lesson_id: str) -> Recording | None:
        """The recording of a lesson; None if there is none (or its manifest cannot be read yet)."""
        folder = self._folder(lesson_id)
        manifest = _json(folder / "manifest.json") if folder is not None else None
        if folder is None or not isinstance(manifest, dict):
            return None
        tracks = [self._track(folder, entry) for entry in manifest.get("tracks", ()) if isinstance(entry, dict)]
        verification = _json(folder / "verify.json")
        return Recording(
            lesson_id=lesson_id,
            state="closed" if manifest.get("state") == "closed" else "open",
            clock_zero=_zero(manifest),
            tracks=tuple(track for track in tracks if track is not None),
            verification=verification if isinstance(verification, dict) else None,
        )

    def clock_zero(self, lesson_id: str) -> float | None:
        """The instant (Unix s) of second 0 of a lesson's recording; None if there is none yet."""
        folder = self._folder(lesson_id)
        manifest = _json(folder / "manifest.json") if folder is not None else None
        return _zero(manifest) if isinstance(manifest, dict) else None

    def measure(self, lesson_id: str) -> tuple[bool, Measure]:
        """Whether it is closed, and what it comes to; nothing at all for one that is not there."""
        recording = self.read(lesson_id)
        if recording is None:
            return True, Measure(0.0, 0, 0, 0.0)
        tracks = [track for track in recording.tracks if track.pieces]
        return recording.state == "closed", Measure(
            duration=duration(tracks),
            bytes=sum(size_of(track) for track in tracks),
            tracks=len(tracks),
            gap_seconds=teacher_gap_seconds(recording),
        )

    def piece(self, lesson_id: str, track_id: str, name: str) -> Found | None:
        """An init file, a closed piece, or the piece that is being written in an open recording."""
        recording = self.read(lesson_id)
        track = next((one for one in recording.tracks if one.id == track_id), None) if recording else None
        if recording is None or track is None:
            return None
        path = track.folder / name
        if name not in {track.init, *(piece.name for piece in track.pieces)}:
            growing = track.growing if recording.state == "open" else None
            return Found(path, track.mime, closed=False) if growing is not None and growing[0] == name else None
        if path.is_file():
            return Found(path, track.mime)
        return Found(self.objects.address(key_of(self._root, path)), track.mime) if self.objects is not None else None

    def read_at(self, path: Path, offset: int, length: int) -> bytes:
        """Bytes of a file of a whole track, from the disk or the object store. Blocking. Raises OSError.

        Opened for each stretch: a file held over a reader's pauses leaks when the reader goes meanwhile.
        """
        try:
            with path.open("rb") as file:
                file.seek(offset)
                return file.read(length)
        except FileNotFoundError:
            if self.objects is None:
                raise
            return self.objects.read(key_of(self._root, path), offset, length)

    def chapters(self, lesson_id: str) -> Chapters:
        """What the verification made for the player; empty while there is nothing."""
        folder = self._folder(lesson_id)
        return read_chapters(folder) if folder is not None else Chapters()

    def whole(self, lesson_id: str, track_id: str) -> WholeTrack | None:
        """A whole track; None if there is none or it has no piece yet."""
        recording = self.read(lesson_id)
        track = next((one for one in recording.tracks if one.id == track_id), None) if recording else None
        if recording is None or track is None or not track.pieces:
            return None
        files: list[tuple[Path, int]] = []
        for name, size in ((track.init, None), *((piece.name, piece.bytes) for piece in track.pieces)):
            path = track.folder / name
            try:
                files.append((path, path.stat().st_size))
            except OSError:
                if size is None or self.objects is None:
                    return None
                files.append((path, size))
        digest = hashlib.sha256(repr((lesson_id, track_id, [size for _, size in files])).encode()).hexdigest()[:32]
        return WholeTrack(
            files=tuple(files),
            mime=track.mime,
            name=f"{lesson_id}-{track_id}{(track.folder / track.init).suffix}",
            etag=digest,
            closed=recording.state == "closed",
        )

    def _folder(self, lesson_id: str) -> Path | None:
        if not NAME.fullmatch(lesson_id):
            return None
        folder = self._root / lesson_id
        return folder if folder.is_dir() and not folder.is_symlink() else None

    def _pieces(self, path: Path) -> tuple[PieceFile, ...]:
        """An index only grows while its recording is open, and is asked for with every piece: only what is new is read.

        A restarted recorder cuts what was torn: a file that became shorter, or is another, is read anew.
        """
        try:
            with path.open("rb") as file:
                status = os.fstat(file.fileno())
                known = self._indexes.get(path)
                if known is None or known.inode != status.st_ino or known.whole > status.st_size:
                    known = _Index(status.st_ino, 0, ())
                if known.whole < status.st_size:
                    file.seek(known.whole)
                    data = file.read()
                    whole = data.rfind(b"\n") + 1
                    pieces = known.pieces + tuple(_parse(data[:whole]))
                    known = _Index(status.st_ino, known.whole + whole, pieces)
        except OSError:
            return ()
        if len(self._indexes) >= INDEXES:
            self._indexes.clear()
        self._indexes[path] = known
        return known.pieces

    def _track(self, folder: Path, entry: dict[str, Any]) -> TrackFiles | None:
        name = str(entry.get("id", ""))
        if not NAME.fullmatch(name):
            return None
        container = "webm" if entry.get("container") == "webm" else "mp4"
        init = f"init.{container}"
        return TrackFiles(
            id=name,
            folder=folder / name,
            entry=entry,
            init=init,
            mime=f"{entry.get('kind', 'video')}/{container}",
            pieces=self._pieces(folder / name / "index.jsonl"),
        )


def key_of(root: Path, path: Path) -> str:
    """A file's key on the object store."""
    return path.relative_to(root).as_posix()


def _zero(manifest: dict[str, Any]) -> float:
    return float(manifest.get("clock_zero_ns", 0)) / 1e9


def _parse(lines: bytes) -> list[PieceFile]:
    """The index's whole lines; one that a crash tore is left out."""
    found: list[PieceFile] = []
    for line in lines.splitlines():
        try:
            row = json.loads(line)
            piece = PieceFile(str(row["file"]), float(row["start"]), float(row["end"]), int(row["bytes"]))
        except (ValueError, KeyError, TypeError):
            continue
        if NAME.fullmatch(piece.name):
            found.append(piece)
    return found


def _json(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def gaps(recording: Recording, at_least: float = 0.05) -> list[dict[str, Any]]:
    """Holes within tracks: [{track, start, end}], seconds; shorter ones than `at_least` are rounding."""
    return [
        {"track": track.id, "start": before.end, "end": after.start}
        for track in recording.tracks
        for before, after in zip(track.pieces, track.pieces[1:], strict=False)
        if after.start - before.end >= at_least
    ]


def teacher_gap_seconds(recording: Recording) -> float:
    """Seconds between the teacher's first media and last that neither camera nor microphone covers (section 5)."""
    spans = sorted(
        (piece.start, piece.end)
        for track in recording.tracks
        if track.entry.get("source") == "teacher"
        for piece in track.pieces
    )
    missing = 0.0
    reached = spans[0][0] if spans else 0.0
    for start, end in spans:
        missing += max(0.0, start - reached)
        reached = max(reached, end)
    return missing


def duration(tracks: Sequence[TrackFiles]) -> float:
    """Seconds from the first media to the last."""
    return max((track.end for track in tracks), default=0.0) - min((track.start for track in tracks), default=0.0)


def size_of(track: TrackFiles) -> int:
    try:
        init = (track.folder / track.init).stat().st_size
    except OSError:
        init = 0
    return init + sum(piece.bytes for piece in track.pieces)
