"""The ingest process: keeps every pull that is wanted going, by itself, until it is stopped or its lesson is over."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from typing import TYPE_CHECKING, Any, Protocol

from server.county.errors import Unavailable
from server.ingest.publish import Publication, PublishRefused
from server.ingest.pull import Found, Pull
from server.ingest.relay import Relay
from server.live.ingest import IngestState

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from server.live.ingest import Ingest

log = logging.getLogger("tongke.ingest")

LOOK_EVERY = 1.0  # s between two looks at what is wanted
TELL_EVERY = 2.0  # s between two words on how a pull fares
FIND = 15.0  # s until the stream has told what it has
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 15.0
SILENT = 10.0  # s without a picture: a connection that stands is none
# a lesson that is over, a token that ended: nothing to wait for
FINAL = (401, 403, 404)
OVER = ("ended", "recorded", "verified", "credited", "rejected", "needs_review", "cancelled")


class Wishes(Protocol):
    """What is wanted; `server.cluster.ingests` has it in Redis."""

    async def all(self) -> list[Ingest]:
        """Raises Unavailable."""
        ...

    async def tell(self, ingest_id: str, state: IngestState) -> None:
        """May be lost."""
        ...

    async def remove(self, ingest_id: str) -> None:
        """Raises Unavailable."""
        ...


class Notices(Protocol):
    """`server.live.ports.Bus`, the listening half."""

    def notices(self) -> AsyncIterator[dict[str, Any]]: ...


class Attempt(Exception):
    """A try ended; `code` says why, as the page shows it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class IngestService:
    """`await run()` until cancelled. `base`: the address of our own web."""

    def __init__(self, wishes: Wishes, notices: Notices, base: str) -> None:
        self._wishes, self._notices, self._base = wishes, notices, base
        self._tasks: dict[str, tuple[Ingest, asyncio.Task[None]]] = {}

    async def run(self) -> None:
        """Look what is wanted, begin and end."""
        listening = asyncio.create_task(self._listen(), name="notices")
        try:
            while True:
                with contextlib.suppress(Unavailable):  # what runs goes on while Redis is away
                    await self._look()
                await asyncio.sleep(LOOK_EVERY)
        finally:
            listening.cancel()
            for ingest_id in list(self._tasks):
                await self._end(ingest_id)

    async def _look(self) -> None:
        wanted = {ingest.id: ingest for ingest in await self._wishes.all()}
        for ingest_id in [ingest_id for ingest_id in self._tasks if ingest_id not in wanted]:
            await self._end(ingest_id)
        for ingest in wanted.values():
            if ingest.id not in self._tasks:
                log.info("pulling %s for %s of %s", ingest.target.shown, ingest.source, ingest.lesson_id)
                task = asyncio.create_task(self._keep(ingest), name=f"ingest {ingest.id}")
                self._tasks[ingest.id] = (ingest, task)

    async def _end(self, ingest_id: str) -> None:
        ingest, task = self._tasks.pop(ingest_id)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        log.info("no more pulling for %s of %s", ingest.source, ingest.lesson_id)

    async def _listen(self) -> None:
        async for notice in self._notices.notices():
            if notice.get("kind") == "lesson" and notice.get("state") in OVER:
                for ingest, _ in list(self._tasks.values()):
                    if ingest.lesson_id == notice.get("lesson_id"):
                        with contextlib.suppress(Unavailable):
                            await self._wishes.remove(ingest.id)

    async def _keep(self, ingest: Ingest) -> None:
        pause = FIRST_PAUSE
        was_live = False
        while True:
            attempt = _Attempt(ingest, self._base, self._wishes)
            try:
                await attempt.run()
            except PublishRefused as refused:
                if refused.status in FINAL or (refused.status == 409 and was_live):
                    with contextlib.suppress(Unavailable):
                        await self._wishes.remove(ingest.id)
                    return
                code = "not_live" if refused.status == 409 else "not_published"
                await self._wishes.tell(ingest.id, IngestState("waiting", code, since=time.time()))
            except Attempt as ended:
                await self._wishes.tell(ingest.id, IngestState("waiting", ended.code, since=time.time()))
            except Exception:  # whatever a stranger's stream did: the others go on, this one is tried again
                log.exception("a pull failed")
                await self._wishes.tell(ingest.id, IngestState("waiting", "unreachable", since=time.time()))
            was_live = was_live or attempt.live
            pause = FIRST_PAUSE if attempt.live else min(pause * 2, LONGEST_PAUSE)
            log.info("a pull for %s of %s is tried again in %.0f s", ingest.source, ingest.lesson_id, pause)
            await asyncio.sleep(pause)


class _Attempt:
    """One connection to the recorder and one WHIP session."""

    def __init__(self, ingest: Ingest, base: str, wishes: Wishes) -> None:
        self._ingest, self._base, self._wishes = ingest, base, wishes
        self._ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._found: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
        self._publication: Publication | None = None
        self._since = time.time()
        self.live = False

    async def run(self) -> None:
        """Until it ends. Raises Attempt, PublishRefused."""
        target = self._ingest.target
        await self._wishes.tell(self._ingest.id, IngestState("connecting", since=self._since))
        async with Relay(target.address, target.port, rtsp=target.url.startswith("rtsp")) as relay:
            pull = Pull(target, relay.port, self._on_found, self._on_video, self._on_audio, self._on_end)
            try:
                await self._carry()
            except Attempt as ended:
                if relay.trouble and not (self.live and relay.trouble == "unreachable"):
                    raise Attempt(relay.trouble) from None
                raise Attempt("ended" if self.live and ended.code == "unreachable" else ended.code) from None
            finally:
                pull.stop()
                if self._publication is not None:
                    await self._publication.close()

    async def _carry(self) -> None:
        either: list[asyncio.Future[Any]] = [self._found, self._ended]
        await asyncio.wait(either, timeout=FIND, return_when=asyncio.FIRST_COMPLETED)
        if not self._found.done():
            raise Attempt(self._ended.result() if self._ended.done() else "unreachable")
        found = self._found.result()
        ingest = self._ingest
        publication = Publication(self._base, ingest.lesson_id, ingest.source, ingest.token, audio=bool(found.audio))
        self._publication = publication
        await publication.open()
        self.live = True
        state = IngestState(
            "live", "reordered" if found.reordered else "", video=found.video, audio=found.audio, since=time.time()
        )
        seen, seen_at = publication.video.count, time.monotonic()
        while True:
            await self._wishes.tell(ingest.id, state)
            await asyncio.wait([self._ended], timeout=TELL_EVERY)
            if self._ended.done():
                raise Attempt(self._ended.result())
            if publication.ended.is_set():
                raise Attempt("not_published")
            if publication.video.count != seen:
                seen, seen_at = publication.video.count, time.monotonic()
            elif time.monotonic() - seen_at > SILENT:
                raise Attempt("silent")

    def _on_found(self, found: Found) -> None:
        if not self._found.done():
            self._found.set_result(found)

    def _on_video(self, packet: Any) -> None:  # noqa: ANN401 (av is untyped here)
        if self._publication is not None and self.live:
            self._publication.video.feed(packet)

    def _on_audio(self, frame: Any) -> None:  # noqa: ANN401 (av is untyped here)
        if self._publication is not None and self.live and self._publication.audio is not None:
            self._publication.audio.feed(frame)

    def _on_end(self, code: str) -> None:
        if not self._ended.done():
            self._ended.set_result(code)
