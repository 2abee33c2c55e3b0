"""A real `tongke serve` for tests: started on free ports in a folder of its own, driven over its HTTP contract."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import redis

from server.cluster import keys
from server.settings import cores
from server.supervisor_checks import free_port

ADMIN_PASSWORD = "Guanli-2026-tong"


def tongke(*arguments: str, seconds: float = 60, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """One run of the command line; its exit status is the caller's to look at."""
    command = [sys.executable, "-m", "server", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, timeout=seconds)


def troubles(log: str) -> list[str]:
    """Lines of a server's log that tell of an exception or an error."""
    signs = ("Traceback", "Exception", "ERROR", '"level": "error"', "Task exception", "never retrieved")
    return [line for line in log.splitlines() if any(sign in line for sign in signs)]


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@dataclass
class Answer:
    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


class Api:
    """One caller of the HTTP API; `token` is a session, device or media token."""

    def __init__(self, base: str, token: str | None = None) -> None:
        self.base = base
        self.token = token

    def call(self, method: str, path: str, body: Any = None, *, content_type: str = "application/json") -> Answer:
        data = None if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, method=method)
        if data is not None:
            request.add_header("Content-Type", content_type)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=20, context=self._trust()) as response:
                return self._answer(response.status, response.read(), dict(response.headers))
        except urllib.error.HTTPError as error:
            with error:
                return self._answer(error.code, error.read(), dict(error.headers))

    def _trust(self) -> ssl.SSLContext | None:
        """A server of a test has a certificate of its own making."""
        return ssl._create_unverified_context() if self.base.startswith("https:") else None

    @staticmethod
    def _answer(status: int, raw: bytes, headers: dict[str, str]) -> Answer:
        if "json" in headers.get("Content-Type", ""):
            return Answer(status, json.loads(raw), headers)
        return Answer(status, raw, headers)

    def get(self, path: str) -> Any:
        answer = self.call("GET", path)
        assert answer.status == 200, (path, answer.status, answer.body)
        return answer.body

    def post(self, path: str, body: Any = None) -> Any:
        answer = self.call("POST", path, {} if body is None else body)
        assert answer.status in (200, 201, 202), (path, answer.status, answer.body)
        return answer.body

    def login(self, username: str, password: str) -> Api:
        return Api(self.base, self.post("/api/session", {"username": username, "password": password})["token"])


class Serve:
    """`tongke serve`. `start()` waits for /healthz; `stop()` ends it as an administrator would.

    On another host than loopback its pages are HTTPS, with a certificate of its own making.
    """

    def __init__(self, data: Path, *extra: str, host: str = "127.0.0.1", port: int | None = None) -> None:
        self.data = data
        self.host = host
        self.port = port or free_port(socket.SOCK_STREAM)
        self.media_port = free_port(
            socket.SOCK_DGRAM, following=max(cores(), 2) - 1
        )  # one worker per core, or two where a test says so
        self.base = f"{'http' if host == '127.0.0.1' else 'https'}://{host}:{self.port}"
        self.extra = extra
        self.log_path = data.parent / f"{data.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def any_media_port(self) -> str:
        """A pattern for the port of any worker: one per core, from the first one on."""
        return f"(?:{'|'.join(str(self.media_port + worker) for worker in range(os.cpu_count() or 1))})"

    def start(self) -> Serve:
        """Started and ready to take a lesson."""
        self.launch()
        self.wait(lambda: self.healthy() and self.announced(), 60, "the server to answer /healthz with 200")
        return self

    def launch(self) -> None:
        """Started; nothing is waited for."""
        command = [sys.executable, "-m", "server", "serve", "--data", str(self.data), "--host", self.host]
        command += ["--port", str(self.port), "--media-port", str(self.media_port), *self.extra]
        environment = {**os.environ, "TONGKE_ADMIN_PASSWORD": ADMIN_PASSWORD}
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment)

    def announced(self) -> bool:
        """Whether `tongke demo` and the others would find it."""
        return (self.data / "run" / "serve.json").exists()

    def healthy(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log()[-4000:]
        try:
            return Api(self.base).call("GET", "/healthz").status == 200
        except OSError:
            return False

    def stop(self) -> float:
        """SIGTERM; returns the seconds until it had ended."""
        assert self.process is not None
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
                raise
        return time.monotonic() - began

    def kill(self, name: str) -> int:
        """`kill -9` of one of its processes by its pid file; returns the pid it had."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def carrier(self, lesson_id: str) -> str:
        """The process that carries a lesson's media, by the name of its pid file."""
        with redis.Redis(unix_socket_path=str(self.data / "run" / "redis.sock"), decode_responses=True) as client:
            placed = client.get(keys.place(lesson_id))
        assert isinstance(placed, str), "the lesson is not placed"
        return f"worker-{placed.rpartition(':')[0]}"

    def pid(self, name: str) -> int:
        """Raises OSError or ValueError while there is none."""
        return int((self.data / "run" / f"{name}.pid").read_text())

    def kill_all(self) -> None:
        """`kill -9` of the supervisor: its children must end by themselves."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def log(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def troubles(self) -> list[str]:
        """Lines of the log that tell of an exception: there must be none, whatever a stranger sent."""
        return troubles(self.log())

    @staticmethod
    def wait(condition: Any, seconds: float, what: str) -> Any:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            result = condition()
            if result:
                return result
            time.sleep(0.05)  # polling a separate process; bounded by the deadline
        raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")

    # ------------------------------------------------------------------ the county

    def admin(self) -> Api:
        return Api(self.base).login("admin", ADMIN_PASSWORD)

    def lesson(
        self,
        admin: Api,
        *,
        pairing: int = 0,
        subject: str = "mathematics",
        topic: str = "分数的初步认识",
        minutes: int = 1,
    ) -> dict[str, Any]:
        chosen = admin.get("/api/pairings")["items"][pairing]
        starts = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        body = {
            "pairing_id": chosen["id"],
            "subject": subject,
            "topic": topic,
            "starts_at": starts,
            "planned_minutes": minutes,
        }
        return dict(admin.post("/api/lessons", body))

    def account(self, admin: Api, role: str, school_id: str | None = None) -> tuple[str, str]:
        """A sample account of that role with a password of ours: (username, password)."""
        users = admin.get("/api/users?limit=500")["items"]
        user = next(u for u in users if u["role"] == role and (school_id is None or u["school_id"] == school_id))
        answer = admin.call("PATCH", f"/api/users/{user['id']}", {"password": "Keshi-2026-xin"})
        assert answer.status == 200, answer.body
        return user["username"], "Keshi-2026-xin"

    def device_code(self, admin: Api, school_id: str) -> str:
        devices = admin.get("/api/devices?limit=500")["items"]
        device = next(d for d in devices if d["school_id"] == school_id)
        return str(admin.post(f"/api/devices/{device['id']}/code")["code"])

    def media_token(self, admin: Api, lesson_id: str, role: str, school_id: str | None = None) -> str:
        body = {"role": role} | ({"school_id": school_id} if school_id else {})
        return str(admin.post(f"/api/lessons/{lesson_id}/tokens", body)["token"])

    def wait_state(self, admin: Api, lesson_id: str, *states: str, seconds: float = 60) -> dict[str, Any]:
        def reached() -> dict[str, Any] | None:
            lesson: dict[str, Any] = admin.get(f"/api/lessons/{lesson_id}")
            return lesson if lesson["state"] in states else None

        return dict(self.wait(reached, seconds, f"lesson {lesson_id} to be {' or '.join(states)}"))
