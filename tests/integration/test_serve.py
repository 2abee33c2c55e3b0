"""`tongke serve` for real: comes up, is alone in its folder, heals, ends in order, leaves nothing behind."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from server.supervisor_checks import free_port

PASSWORD = "a-first-password"
CHILDREN = ("redis", "web", "worker-w0", "recorder", "jobs")


class Serving:
    """One `tongke serve` in a folder of its own."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data = data
        self.port, self.media_port = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_DGRAM)
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data.parent / "serve.log"
        self.options = options

    def start(self) -> None:
        command = [
            sys.executable, "-m", "server", "serve", "--data", str(self.data), "--host", "127.0.0.1",
            "--port", str(self.port), "--media-port", str(self.media_port), *self.options,
        ]  # fmt: skip
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, env={**os.environ, "TONGKE_ADMIN_PASSWORD": PASSWORD}
            )

    def pid(self, name: str) -> int:
        return int((self.data / "run" / f"{name}.pid").read_text())

    def ready(self, seconds: float = 60.0) -> None:
        """Until it is up and says so."""
        until(lambda: healthy(self.url) and (self.data / "run" / "serve.json").exists(), seconds, self.words)

    def words(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]

    def stop(self) -> float:
        """SIGTERM; the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        return time.monotonic() - began

    def request(self, method: str, path: str, body=None, token: str | None = None):
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, headers=headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())


def healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(url + "/healthz", timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def surprises(log: str) -> list[str]:
    """What was said before each traceback. Only huey draws one when its Redis is killed, and reads on."""
    lines = log.splitlines()
    before = [lines[at - 1] for at, line in enumerate(lines) if line.startswith("Traceback") and at]
    said = [line for line in lines if '"exception"' in line] + before
    return [line for line in said if "from queue" not in line]


def until(condition, seconds: float, words=lambda: "") -> None:
    """Poll another process; there is nothing to wait on."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, words()
        time.sleep(0.05)


@pytest.fixture
def serving():
    with tempfile.TemporaryDirectory(prefix="tk-serve-") as folder:
        server = Serving(Path(folder) / "data")
        server.start()
        try:
            yield server
        finally:
            with contextlib.suppress(ProcessLookupError):
                server.process.kill()
            server.process.wait(10)


def test_it_comes_up_heals_and_ends_in_order(serving):
    serving.ready()
    first = serving.data / "first-accounts.txt"
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert f"admin\t{PASSWORD}\tadmin" in first.read_text()
    token = serving.request("POST", "/api/session", {"username": "admin", "password": PASSWORD})["token"]
    assert len(serving.request("GET", "/api/pairings", token=token)["items"]) == 10

    second = subprocess.run(
        [sys.executable, "-m", "server", "serve", "--data", str(serving.data), "--port", "1"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert second.returncode == 2
    assert f"pid {serving.process.pid}" in second.stderr

    changed = subprocess.run(
        [sys.executable, "-m", "server", "passwd", "admin", "--password-stdin", "--data", str(serving.data)],
        input="another-password\n", capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "admin" in changed.stdout
    assert serving.request("POST", "/api/session", {"username": "admin", "password": "another-password"})["token"]
    minted = subprocess.run(
        [sys.executable, "-m", "server", "token", "--user", "admin", "--data", str(serving.data)],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    assert serving.request("GET", "/api/session", token=minted)["user"]["username"] == "admin"

    for name in CHILDREN:
        before = serving.pid(name)
        os.kill(before, signal.SIGKILL)
        until(lambda name=name, before=before: _is_new(serving, name, before), 15, serving.words)
        until(lambda: healthy(serving.url), 20, serving.words)

    pids = [serving.pid(name) for name in CHILDREN]
    assert serving.stop() < 10
    assert serving.process.returncode == 0
    assert not any(alive(pid) for pid in pids)
    assert list((serving.data / "run").glob("*.pid")) == []
    assert not (serving.data / "run" / "serve.json").exists()
    assert surprises(serving.log.read_text()) == []

    began = time.monotonic()
    serving.start()
    serving.ready(30)
    assert time.monotonic() - began < 15  # 2 s on a quiet machine
    assert serving.request("POST", "/api/session", {"username": "admin", "password": "another-password"})["token"]


def _is_new(serving: Serving, name: str, before: int) -> bool:
    try:
        pid = serving.pid(name)
    except (OSError, ValueError):
        return False
    return pid != before and alive(pid)


def test_nothing_outlives_a_killed_supervisor(serving):
    serving.ready()
    pids = [serving.pid(name) for name in CHILDREN]
    serving.process.kill()
    serving.process.wait(10)
    until(lambda: not any(alive(pid) for pid in pids), 5)
    serving.start()
    serving.ready()
    assert serving.stop() < 10


def test_refusals_name_the_setting(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = subprocess.run(
            [sys.executable, "-m", "server", "serve", "--data", str(tmp_path / "d"), "--port", str(port)],
            capture_output=True, text=True, check=False, timeout=30,
        )  # fmt: skip
    assert answer.returncode == 2
    assert f"--port {port}" in answer.stderr
    assert "Traceback" not in answer.stderr
