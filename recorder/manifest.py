"""`manifest.json` and `index.jsonl` of a recording (docs/protocols.md, section 4): values ⇄ JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from recorder.cutter import Entry

VERSION = 1


class BadManifest(ValueError):
    """The file is not a manifest of this version."""


@dataclass(slots=True)
class TrackEntry:
    """One track; its folder is its id."""

    id: str
    participant_id: str
    school_id: str | None
    source: str
    kind: str
    codec: str
    mime: str
    container: str
    init: str
    width: int
    height: int
    clock_rate: int
    channels: int


@dataclass(slots=True)
class Manifest:
    """One recording. `announced`: the event of its closing has been written."""

    lesson_id: str
    clock_zero_ns: int
    state: str = "open"
    closed_at_ns: int | None = None
    announced: bool = False
    tracks: list[TrackEntry] = field(default_factory=list)

    def __bytes__(self) -> bytes:
        return json.dumps({"version": VERSION, **asdict(self)}, ensure_ascii=False, indent=1).encode()

    @classmethod
    def parse(cls, data: bytes) -> Manifest:
        """From the file's content. Raises BadManifest."""
        try:
            value = json.loads(data)
            if value.pop("version") != VERSION or value["state"] not in ("open", "closed"):
                raise BadManifest("another version")
            tracks = [TrackEntry(**entry) for entry in value.pop("tracks")]
            manifest = cls(**value, tracks=tracks)
            if not isinstance(manifest.clock_zero_ns, int):
                raise BadManifest("no clock")
            return manifest
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadManifest(str(error)) from None


def index_line(entry: Entry, suffix: str) -> bytes:
    """One line of the index."""
    value = {
        "n": entry.n,
        "file": piece_name(entry.n, suffix),
        "start": entry.start,
        "end": entry.end,
        "bytes": entry.bytes,
    }
    return json.dumps(value).encode() + b"\n"


def read_index(data: bytes) -> tuple[list[Entry], int]:
    """(the entries, bytes of whole sound lines): reading stops at the first line that is torn."""
    entries: list[Entry] = []
    position = 0
    while (end := data.find(b"\n", position)) >= 0:
        try:
            value: dict[str, Any] = json.loads(data[position:end])
            entries.append(Entry(int(value["n"]), float(value["start"]), float(value["end"]), int(value["bytes"])))
        except (ValueError, KeyError, TypeError):
            break
        position = end + 1
    return entries, position


def piece_name(number: int, suffix: str) -> str:
    """File name of a piece."""
    return f"{number:06d}{suffix}"
