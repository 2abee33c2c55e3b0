"""Small pictures of what is live, for the county's wall (docs/protocols.md, section 7).

Only while somebody looks: the web renews a key in Redis whenever the wall is asked for. Then, of every video that is
recorded, the newest keyframe is painted about every ten seconds by another process (`recorder.painter`). When nobody
looks any more, the pictures are removed and that process ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import shutil
import sys
from typing import TYPE_CHECKING, NamedTuple, Protocol

from recorder.announce import AWAY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from pathlib import Path

log = logging.getLogger("tongke.recorder")

WANTED_KEY = "tk:wall"
EVERY = 10.0  # s between two pictures of one source
LOOK = 1.0  # s between two looks for what is due
PATIENCE = 4.0  # s for one picture: the first one loads the decoders
SILENCE = 5.0  # s without a painter after one died


class LivePicture(NamedTuple):
    """The newest keyframe of a source. `still`: it may stand for long and is none the less what is seen."""

    lesson_id: str
    source: str
    still: bool
    codec: str
    at_ns: int  # its arrival, Unix
    data: bytes


class Painter(Protocol):
    """Paints one picture; False when it could not."""

    async def paint(self, codec: str, data: bytes, path: Path) -> bool: ...
    async def close(self) -> None: ...


class ProcessPainter:
    """The painter's process, started when first needed and again after it died or stuck."""

    def __init__(self, command: tuple[str, ...] = (sys.executable, "-m", "recorder.painter")) -> None:
        self._command = command
        self._process: asyncio.subprocess.Process | None = None
        self._not_before = 0.0

    async def paint(self, codec: str, data: bytes, path: Path) -> bool:
        """See the protocol; never raises for what the process does."""
        loop = asyncio.get_running_loop()
        if self._process is None and loop.time() < self._not_before:
            return False
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self._ask(codec, data, path)
        except (TimeoutError, OSError, EOFError) as error:
            log.warning("a picture for the wall was not painted: %s", type(error).__name__)
            self._not_before = loop.time() + SILENCE
            await self.close()
            return False
        if answer != "ok":
            log.info("a keyframe (%s, %d bytes) is no picture: %s", codec, len(data), answer)
        return answer == "ok"

    async def _ask(self, codec: str, data: bytes, path: Path) -> str:
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
            )
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"codec": codec, "path": str(path), "length": len(data)}).encode() + b"\n")
        process.stdin.write(data)
        await process.stdin.drain()
        line = await process.stdout.readline()
        if not line:
            raise EOFError("the painter ended")
        return line.decode("utf-8", "replace").strip()

    async def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


class Wall:
    """`await run()` until cancelled. `pictures` gives the newest keyframes, `wanted` whether anybody looks."""

    def __init__(
        self,
        folder: Path,
        pictures: Callable[[], Iterable[LivePicture]],
        wanted: Callable[[], Awaitable[bool]],
        painter: Painter,
    ) -> None:
        self._folder = folder
        self._pictures = pictures
        self._wanted = wanted
        self._painter = painter
        self._shown: dict[tuple[str, str], tuple[int, float]] = {}  # source: (its keyframe's arrival, painted at)
        self._clean = False

    async def run(self) -> None:
        """Look, paint, wait."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                try:
                    await self.look(loop.time())
                except OSError as error:  # a full disk, say: recordings have their own complaint about that
                    log.warning("the wall has no pictures: %s", error)
                except Exception:  # whatever it is, recordings go on
                    log.exception("the wall has no pictures")
                await asyncio.sleep(LOOK)
        finally:
            await self._painter.close()
            self._remove_all()

    async def look(self, now: float) -> None:
        """One round; `now` is monotonic. Raises OSError."""
        if not await self._wanted():
            if not self._clean:
                await self._painter.close()
                self._remove_all()
            return
        self._clean = False
        live = {(picture.lesson_id, picture.source): picture for picture in self._pictures()}
        for key in [key for key in self._shown if key not in live]:
            self._remove(key)
        for key, picture in live.items():
            at_ns, painted = self._shown.get(key, (0, float("-inf")))
            if now - painted < EVERY:
                continue
            path = self._path(key)
            if picture.at_ns == at_ns:
                if picture.still and path.exists():
                    os.utime(path)  # a screen that stands is still what everybody sees
                continue
            self._shown[key] = (
                picture.at_ns,
                now,
            )  # whatever comes of it: one that cannot be painted is not tried again
            path.parent.mkdir(parents=True, exist_ok=True)
            await self._painter.paint(picture.codec, picture.data, path)

    def _path(self, key: tuple[str, str]) -> Path:
        lesson_id, source = key
        return self._folder / lesson_id / f"{source}.jpg"

    def _remove(self, key: tuple[str, str]) -> None:
        """The source is gone, or its lesson is over."""
        self._shown.pop(key, None)
        path = self._path(key)
        path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            path.parent.rmdir()  # only when it was the last

    def _remove_all(self) -> None:
        """Pictures of children do not lie about when nobody looks; also what an earlier run left."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._shown.clear()
        self._clean = True


class Asker:
    """Whether the wall is looked at, by the key in Redis; the last answer holds while Redis is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._last = False

    async def __call__(self) -> bool:
        with contextlib.suppress(*AWAY):
            self._last = bool(await self._redis.exists(WANTED_KEY))
        return self._last


class Redis(Protocol):
    """What is needed of it."""

    def exists(self, *names: str) -> Awaitable[int]: ...
