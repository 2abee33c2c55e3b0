"""Films (docs/protocols.md, section 8) on the object store: uploaded when done, deleted when nobody wants them.

As with pieces the disk is the queue: `remote.json` beside a film says that it is there, a folder `.{export}.removed`
that it is to go.
"""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

import obstore

from recorder import export_state
from recorder.export_state import DONE, REMOTE, REMOVED, RESULT, BadExport
from recorder.objects import FOREVER, delete_all
from recorder.storage import write_atomic

if TYPE_CHECKING:
    from pathlib import Path

    from obstore.store import S3Store

log = logging.getLogger("tongke.recorder")


class Films:
    """Those under `root`. `keep`: how long (s) an uploaded one stays on the disk as well."""

    def __init__(self, root: Path, store: S3Store, keep: float) -> None:
        self._root, self._store, self._keep = root, store, keep

    async def look(self) -> None:
        """Delete what was removed, upload what is done. Raises BaseError, OSError."""
        for folder in await asyncio.to_thread(lambda: list(export_state.removed(self._root))):
            await delete_all(self._store, self._key(folder.with_name(folder.name[1 : -len(REMOVED)])))
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        for folder in await asyncio.to_thread(self._waiting):
            try:
                await self._push(folder)
            except FileNotFoundError:
                if folder.exists():
                    raise  # else it was removed meanwhile

    def free(self, now: float) -> int:
        """Remove films from the disk that have been on the store long enough; how many. Blocking. Raises OSError."""
        count = 0
        for folder in export_state.folders(self._root):
            film = folder / RESULT
            if film.exists() and (at := uploaded_at(folder)) is not None and now - at >= self._keep:
                film.unlink()
                count += 1
        return count

    def _waiting(self) -> list[Path]:
        """Folders of films that are done and only here."""
        return [
            folder
            for folder in export_state.folders(self._root)
            if (folder / RESULT).exists() and uploaded_at(folder) is None
        ]

    async def _push(self, folder: Path) -> None:
        try:
            export = await asyncio.to_thread(export_state.load, folder)
        except BadExport:
            return
        if export.state != DONE:
            return
        kept = {
            "Content-Type": "video/mp4",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(export.name)}",
            "Cache-Control": FOREVER,
        }
        await obstore.put_async(self._store, f"{self._key(folder)}/{RESULT}", folder / RESULT, attributes=kept)
        state = json.dumps({"at": time.time()}).encode()
        await asyncio.to_thread(write_atomic, folder / REMOTE, state)
        log.info("export %s of %s is on the object store", export.id, export.lesson_id)

    def _key(self, folder: Path) -> str:
        return folder.relative_to(self._root).as_posix()


def uploaded_at(folder: Path) -> float | None:
    """When (Unix s) an export's film came to the store; None if it is not there."""
    try:
        return float(json.loads((folder / REMOTE).read_bytes())["at"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
