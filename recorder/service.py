"""The tap process: the one place where its parts meet."""

from __future__ import annotations

import asyncio
import logging
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from recorder.announce import Announcer, Commands, Refused, connect, keep_lease
from recorder.hub import Hub
from recorder.storage import Store
from recorder.tap import TapServer
from recorder.tap_messages import name_untrusted
from recorder.uploads import Uploader
from recorder.wall import Asker, ProcessPainter, Wall
from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from pathlib import Path

    from recorder.objects import Place

log = logging.getLogger("tongke.recorder")

WRITERS = 4  # threads; a slow disk then holds up four tracks at most
PATIENCE = 2.5  # s for the disk at the end, so that the process is gone within 3
LAST_EVENTS = 0.4  # s for Redis at the end


async def run_tap(data: Path, redis_url: str, stop: asyncio.Event | None = None, objects: Place | None = None) -> None:
    """Record until SIGTERM, SIGINT or `stop`; to an object store as well if there is one."""
    loop = asyncio.get_running_loop()
    stop = stop or asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    redis = connect(redis_url)
    announcer = Announcer(redis)
    with ThreadPoolExecutor(WRITERS, thread_name_prefix="recorder-disk") as pool:
        hub = Hub(Store(data / "recordings"), pool, announcer)
        hub.recover()

        async def close(params: dict[str, Any]) -> dict[str, Any]:
            try:
                lesson_id = name_untrusted(params.get("lesson_id"))
            except BadPacket as error:
                raise Refused("bad_request", str(error)) from None
            return {"known": await hub.close_recording(lesson_id)}

        tap = asyncio.create_task(TapServer(data / "run" / "tap.sock", hub).run(), name="tap")
        others = [
            asyncio.create_task(announcer.run(), name="events"),
            asyncio.create_task(Commands(redis, {"recording.close": close}).run(), name="commands"),
            asyncio.create_task(keep_lease(redis, hub.status), name="lease"),
        ]
        wall = Wall(data / "run" / "wall", hub.live_pictures, Asker(redis), ProcessPainter())
        painting = asyncio.create_task(wall.run(), name="wall")
        if objects is not None:

            def discarded(lesson_id: str, count: int) -> None:
                announcer.tell("recording.discarded", {"lesson_id": lesson_id, "objects": count})

            uploader = Uploader(data / "recordings", objects.connect(), objects.keep_hours, discarded)
            others.append(asyncio.create_task(uploader.run(), name="uploads"))
        waiting = asyncio.create_task(stop.wait(), name="stop")
        log.info("recording to %s", data / "recordings")
        try:
            await asyncio.wait([tap, waiting, *others], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (tap, waiting, painting):
                task.cancel()
            await asyncio.gather(tap, waiting, painting, return_exceptions=True)
            await hub.close(PATIENCE)
            await announcer.flush(LAST_EVENTS)
            for task in others:
                task.cancel()
            ends = await asyncio.gather(tap, painting, *others, return_exceptions=True)
            await redis.aclose()
    for end in ends:
        if isinstance(end, Exception):
            raise end
