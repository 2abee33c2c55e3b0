"""Servers under measurement, all with the same few verbs: ours, Janus, aiortc's MediaRelay."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import aiohttp

from bench.client import connect
from server.settings import cores
from server.supervisor_checks import free_port

if TYPE_CHECKING:
    from bench.client import Client

STARTING = 60.0  # s a server may take until it answers
STOPPING = 15.0


class Server(Protocol):
    """Start, let one publish, let others play, say which processes cost, stop."""

    name: str

    @property
    def host(self) -> str: ...
    async def start(self) -> None: ...
    async def publish(self, client: Client) -> None: ...
    async def play(self, client: Client) -> None: ...
    @property
    def root_pid(self) -> int: ...
    async def stop(self) -> None: ...


class Unavailable(RuntimeError):
    """Not installed here; the text says what to do."""


class ServerProcess:
    """A child process, its folder and an HTTP session."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tongke-bench-"))
        self.http = aiohttp.ClientSession()
        self._process: asyncio.subprocess.Process | None = None

    async def run(self, *command: str, **environment: str) -> None:
        log = (self.folder / "log.txt").open("wb")
        with log:
            self._process = await asyncio.create_subprocess_exec(
                *command, stdout=log, stderr=asyncio.subprocess.STDOUT, env={**os.environ, **environment}
            )

    async def answers(self, url: str) -> None:
        """Wait until `url` answers 200. Raises RuntimeError with the log's end."""
        try:
            async with asyncio.timeout(STARTING):
                while self._process is not None and self._process.returncode is None:
                    try:
                        async with self.http.get(url) as response:
                            if response.status == 200:
                                return
                    except aiohttp.ClientError:
                        pass
                    await asyncio.sleep(0.1)
        except TimeoutError:
            pass
        raise RuntimeError("the server did not start:\n" + (self.folder / "log.txt").read_text()[-3000:])

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def stop(self) -> None:
        await self.http.close()
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(STOPPING):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Tongke:
    """A real `tongke serve` and a live lesson in it. `workers` None: as many as by default."""

    name = "tongke"

    def __init__(self, host: str, workers: int | None = None) -> None:
        self.host = host
        self._workers = workers or cores()
        self._port = free_port(socket.SOCK_STREAM)
        self._url = f"http://127.0.0.1:{self._port}"
        self._child: ServerProcess | None = None
        self.media_ports: range = range(0)
        self.lesson_id = ""
        self.login: dict[str, str] = {}
        self._bearer: dict[str, str] = {}

    @property
    def root_pid(self) -> int:
        assert self._child is not None
        return self._child.pid

    @property
    def url(self) -> str:
        return self._url

    @property
    def data(self) -> Path:
        assert self._child is not None
        return self._child.folder / "data"

    async def start(self) -> None:
        self._child = child = ServerProcess()
        first = free_port(socket.SOCK_DGRAM, self.host, following=self._workers - 1)
        self.media_ports = range(first, first + self._workers)
        self.login = {"username": "admin", "password": os.urandom(12).hex()}
        await child.run(
            str(Path(sys.executable).with_name("tongke")), "serve", "--data", str(self.data), "--host", "127.0.0.1",
            "--port", str(self._port), "--media-port", str(first), "--media-host", self.host,
            "--workers", str(self._workers),
            TONGKE_ADMIN_PASSWORD=self.login["password"],
        )  # fmt: skip
        await child.answers(f"{self._url}/healthz")
        token = (await self._post("/api/session", self.login))["token"]
        self._bearer = {"Authorization": f"Bearer {token}"}
        await self.new_lesson()

    async def new_lesson(self, *, pairing: int = 0, receiving: list[str] | None = None) -> str:
        """Create and start a lesson, and answer its id; `publish` and `play` go into the newest.

        `receiving` are the ids of its classrooms' schools, by default the pairing's own.
        """
        found = (await self._get("/api/pairings"))["items"][pairing]
        subject = (await self._get("/api/subjects"))["items"][0]["id"]
        body = {
            "pairing_id": found["id"],
            "subject": subject,
            "topic": "bench",
            "starts_at": datetime.now(tz=UTC).isoformat().replace("+00:00", "Z"),
            "planned_minutes": 40,
        }
        if receiving is not None:
            body["receiving_school_ids"] = receiving
        lesson = await self._post("/api/lessons", body)
        self.lesson_id = lesson["id"]
        await self._post(f"/api/lessons/{self.lesson_id}/start", {})
        return self.lesson_id

    async def receiving_schools(self) -> list[str]:
        """The pairings' receiving schools, in their order."""
        return [each["receiving_school_id"] for each in (await self._get("/api/pairings"))["items"]]

    async def workers(self) -> list[dict[str, Any]]:
        """The media workers' leases; renewed every second."""
        found: list[dict[str, Any]] = (await self._get("/api/system"))["workers"]
        return found

    async def end_lesson(self) -> None:
        """End the present lesson; `new_lesson` makes the next."""
        await self._post(f"/api/lessons/{self.lesson_id}/end", {})

    @property
    def log(self) -> str:
        """What the server has printed and logged so far."""
        assert self._child is not None
        return (self._child.folder / "log.txt").read_text(errors="replace")

    async def publish(self, client: Client) -> None:
        await self.exchange(client, f"/whip/{self.lesson_id}", "sendonly", await self.token("teacher"))

    async def play(self, client: Client) -> None:
        await self.exchange(client, f"/whep/{self.lesson_id}", "recvonly", await self.token("observer"))

    async def token(self, role: str, lesson_id: str | None = None, school: str | None = None) -> str:
        """A media token, of the newest lesson unless another is named."""
        body = {"role": role} | ({"school_id": school} if school else {})
        return str((await self._post(f"/api/lessons/{lesson_id or self.lesson_id}/tokens", body))["token"])

    async def exchange(self, client: Client, path: str, direction: str, token: str) -> None:
        """WHIP or WHEP, then wait for the connection."""
        assert self._child is not None
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}
        async with self._child.http.post(self._url + path, data=client.offer(direction), headers=headers) as response:
            text = await response.text()
            if response.status != 201:
                raise RuntimeError(f"{path} answered {response.status}: {text}")
        client.accept(text)
        await connect(client)

    async def stop(self) -> None:
        if self._child is not None:
            await self._child.stop()

    async def _get(self, path: str) -> Any:  # noqa: ANN401 (JSON)
        assert self._child is not None
        async with self._child.http.get(self._url + path, headers=self._bearer) as response:
            response.raise_for_status()
            return await response.json()

    async def _post(self, path: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 (JSON)
        assert self._child is not None
        async with self._child.http.post(self._url + path, json=body, headers=self._bearer) as response:
            if response.status >= 300:
                raise RuntimeError(f"{path} answered {response.status}: {await response.text()}")
            return await response.json()


class Relay:
    """`bench/relay.py`: aiortc's MediaRelay behind the same two requests."""

    name = "aiortc relay"

    def __init__(self, host: str) -> None:
        self.host = host
        self._port = free_port(socket.SOCK_STREAM)
        self._child: ServerProcess | None = None

    @property
    def root_pid(self) -> int:
        assert self._child is not None
        return self._child.pid

    async def start(self) -> None:
        self._child = ServerProcess()
        await self._child.run(sys.executable, "-m", "bench.relay", str(self._port))
        await self._child.answers(f"http://127.0.0.1:{self._port}/healthz")

    async def publish(self, client: Client) -> None:
        await self._exchange(client, "publish", "sendonly")

    async def play(self, client: Client) -> None:
        await self._exchange(client, "play", "recvonly")

    async def _exchange(self, client: Client, path: str, direction: str) -> None:
        assert self._child is not None
        url = f"http://127.0.0.1:{self._port}/{path}"
        async with self._child.http.post(url, data=client.offer(direction)) as response:
            response.raise_for_status()
            client.accept(await response.text())
        await connect(client)

    async def stop(self) -> None:
        if self._child is not None:
            await self._child.stop()
