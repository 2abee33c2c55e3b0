"""A recording folder as the recorder writes it (docs/protocols.md, section 4), with small pieces of any bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_track(
    root: Path, lesson_id: str, track: str, source: str, kind: str, pieces: list[tuple[float, float, bytes]]
) -> dict[str, object]:
    """Write init and pieces; the manifest's entry."""
    folder = root / lesson_id / track
    folder.mkdir(parents=True)
    (folder / "init.mp4").write_bytes(b"INIT-" + track.encode())
    with (folder / "index.jsonl").open("w") as index:
        for number, (start, end, data) in enumerate(pieces, 1):
            name = f"{number:06d}.m4s"
            (folder / name).write_bytes(data)
            index.write(json.dumps({"n": number, "file": name, "start": start, "end": end, "bytes": len(data)}) + "\n")
    return {
        "id": track,
        "participant_id": "teacher",
        "school_id": "s01",
        "source": source,
        "kind": kind,
        "codec": "h264" if kind == "video" else "opus",
        "mime": f"{kind}/mp4",
        "container": "mp4",
        "init": "init.mp4",
        "width": 1280 if kind == "video" else 0,
        "height": 720 if kind == "video" else 0,
        "clock_rate": 90000,
        "channels": 0,
    }


def write_manifest(root: Path, lesson_id: str, tracks: list[dict[str, object]], state: str = "closed") -> None:
    (root / lesson_id / "manifest.json").write_text(
        json.dumps(
            {
                "version": 1,
                "lesson_id": lesson_id,
                "state": state,
                "clock_zero_ns": 1_763_942_400_000_000_000,
                "closed_at_ns": 1_763_946_000_000_000_000 if state == "closed" else None,
                "announced": state == "closed",
                "tracks": tracks,
            }
        )
    )
