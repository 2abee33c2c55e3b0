"""`tongke serve`: starts everything of one machine, restarts whoever dies, ends all in order.

Order of start: Redis, then recorder, media workers, jobs and web side by side. Order of end: web (no new requests),
workers (sessions closed, evidence and tap flushed), recorder and jobs (pieces closed), Redis last.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
import time
from typing import TYPE_CHECKING

from server import supervisor_checks, supervisor_screen
from server.addresses import machine_addresses, names
from server.backup import swap
from server.cluster.embedded import EmbeddedRedis, RedisFailed, RedisMissing
from server.settings import Settings, SettingsError, secret_of, without_password
from server.supervisor_child import Child, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

log = logging.getLogger("tongke.supervisor")

# Seconds each may take to end; together under the 10 s of the contract.
END_WEB, END_WORKERS, END_RECORDER, END_REDIS = 2.0, 3.3, 2.8, 1.3
READY_EVERY = 0.05
TELL_EVERY = 10.0  # while it is not ready
CERTIFICATE_EVERY = 24 * 3600.0


class Supervisor:
    """One `tongke serve`. `await run(stop)` until `stop` is set; raises SettingsError before anything is started."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._started = time.time()
        self._redis: Child | None = None
        self._web: Child | None = None
        self._workers: list[Child] = []
        self._recording: list[Child] = []

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop`. Raises SettingsError when the machine does not allow it."""
        lock = supervisor_checks.lock_data(self.settings)
        try:
            await self._finish_restore()
            supervisor_checks.check_ports(self.settings)
            secret_of(self.settings.data)
            self.settings = self._with_certificate()
            await self._serve(stop)
        finally:
            (self.settings.run_dir / "serve.json").unlink(missing_ok=True)
            os.close(lock)

    async def _finish_restore(self) -> None:
        """A restore that was interrupted is finished, or taken back, before anybody sees the data."""
        if swap.read(self.settings.data) is not None:
            from server.backup.archive import BackupError
            from server.backup.restoring import recover

            try:
                await recover(self.settings)
            except BackupError as error:
                raise SettingsError(str(error)) from None
            log.warning("a restore that was interrupted has been ended")

    async def _serve(self, stop: asyncio.Event) -> None:
        self._make_children()
        tasks: list[asyncio.Task[None]] = []
        stopped = asyncio.create_task(stop.wait(), name="stop")
        try:
            if self._redis is not None:
                tasks.append(asyncio.create_task(self._redis.run(), name="redis"))
                await self._first(tasks, stopped, self._redis.up.wait())
            if not stop.is_set():
                tasks += [asyncio.create_task(child.run(), name=child.name) for child in self._after_redis()]
                await self._first(tasks, stopped, self._until_ready())
            if not stop.is_set():
                self._announce()
                if self.settings.secure and self.settings.tls_cert == self.settings.data / "tls" / "cert.pem":
                    tasks.append(asyncio.create_task(self._renew_certificate(), name="certificate"))
                await self._first(tasks, stopped, asyncio.Event().wait())
        finally:
            stopped.cancel()
            await self._end()
            for task in tasks:
                task.cancel()
            await asyncio.gather(stopped, *tasks, return_exceptions=True)

    async def _first(self, tasks: Sequence[asyncio.Task[None]], stopped: asyncio.Task[bool], waited: object) -> None:
        """Wait for `waited` or the stop; a child task that ends first raises here."""
        waiting = asyncio.ensure_future(waited)  # type: ignore[call-overload]
        try:
            done, _ = await asyncio.wait({waiting, stopped, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await waiting
        for task in done - {waiting, stopped}:
            try:
                task.result()
            except Refused as refused:
                raise SettingsError(f"{refused}") from None

    def _make_children(self) -> None:
        settings, run = self.settings, self.settings.run_dir
        environ = {**os.environ, **settings.environ(), "PYTHONUNBUFFERED": "1"}
        environ.pop("TONGKE_ADMIN_PASSWORD", None)
        first = dict(environ)
        if settings.admin_password is not None:
            first["TONGKE_ADMIN_PASSWORD"] = settings.admin_password.get_secret_value()
        python, data = sys.executable, ["--data", str(settings.data)]
        if settings.redis is None:
            embedded = EmbeddedRedis(settings.data)
            try:
                command = embedded.command()
            except (RedisFailed, RedisMissing) as error:
                raise SettingsError(str(error)) from None
            self._redis = Child(
                "redis", command, environ, run,
                prepare=embedded.prepare, ready=embedded.ready, words=embedded.last_words,
            )  # fmt: skip
        self._web = Child("web", [python, "-m", "server", "web", *data], first, run)
        self._workers = [
            Child(f"worker-w{n}", [python, "-m", "server", "worker", "--name", f"w{n}", *data], environ, run)
            for n in range(settings.workers)
        ]
        recorder = [python, "-m", "recorder"]
        redis = ["--redis", settings.redis_url]
        self._recording = [
            Child("recorder", [*recorder, "tap", *data, *redis], environ, run),
            Child("jobs", [*recorder, "jobs", *data, *redis], environ, run),
            Child("exports", [*recorder, "exports", *data, *redis], environ, run),
        ]
        if settings.ingest_ranges:  # else nothing may be pulled
            self._recording.append(Child("ingest", [python, "-m", "server", "ingest", *data], environ, run))

    def _after_redis(self) -> list[Child]:
        assert self._web is not None
        return [*self._recording, *self._workers, self._web]

    async def _end(self) -> None:
        log.info("ending")
        groups = (
            ([self._web], END_WEB),
            (self._workers, END_WORKERS),
            (self._recording, END_RECORDER),
            ([self._redis], END_REDIS),
        )
        for child in (child for group, _ in groups for child in group if child is not None):
            child.retire()
        for group, seconds in groups:
            await asyncio.gather(*(child.stop(seconds) for child in group if child is not None))

    async def _until_ready(self) -> None:
        """Until `/healthz` answers 200."""
        loop = asyncio.get_running_loop()
        tell_at = loop.time() + TELL_EVERY
        while (trouble := await health(self.settings)) is not None:
            if loop.time() > tell_at:
                tell_at = loop.time() + TELL_EVERY
                log.warning("not ready yet: %s", trouble)
            await asyncio.sleep(READY_EVERY)

    def _announce(self) -> None:
        settings = self.settings
        serving = {
            "url": supervisor_screen.own_url(settings),
            "pid": os.getpid(),
            "started_at": self._started,
            "media_port": settings.media_port,
            "database": without_password(settings.database_url),
        }
        path = settings.run_dir / "serve.json"
        part = path.with_suffix(".part")
        part.write_text(json.dumps(serving), encoding="utf-8")
        part.replace(path)
        log.info("ready after %.1f s", time.time() - self._started)
        supervisor_screen.show(settings)

    def _with_certificate(self) -> Settings:
        """The settings with a certificate of our own where one is needed and none configured."""
        settings = self.settings
        if settings.loopback_only or settings.tls_cert is not None:
            return settings
        cert, key, _ = self._ensure_certificate()
        return settings.model_copy(update={"tls_cert": cert, "tls_key": key})

    def _ensure_certificate(self) -> tuple[Path, Path, bool]:
        from server.tls import ensure_certificate

        return ensure_certificate(self.settings.data / "tls", names(), machine_addresses(ipv6=True), time.time())

    async def _renew_certificate(self) -> None:
        """A server that runs for years: a day's look, and the web process starts again with a new certificate."""
        while True:
            await asyncio.sleep(CERTIFICATE_EVERY)
            if self._ensure_certificate()[2] and self._web is not None:
                self._web.restart()


async def health(settings: Settings) -> str | None:
    """One look at `/healthz` of the server that these settings describe: None if it is well, else what it says."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    context = None
    if settings.secure:
        import ssl

        context = ssl.create_default_context()
        context.check_hostname = False  # our own process on our own address
        context.verify_mode = ssl.CERT_NONE
    try:
        async with asyncio.timeout(5.0):
            reader, writer = await asyncio.open_connection(host, settings.port, ssl=context)
            try:
                writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                answer = await reader.read(10_000)
            finally:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
    except (OSError, TimeoutError) as error:
        return f"the web process does not answer ({type(error).__name__})"
    head, _, body = answer.decode(errors="replace").partition("\r\n\r\n")
    return None if head.split()[1:2] == ["200"] else body or head


async def serve(settings: Settings) -> None:
    """Run until SIGTERM, SIGINT or the terminal is gone. Raises SettingsError."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    await Supervisor(settings).run(stop)
