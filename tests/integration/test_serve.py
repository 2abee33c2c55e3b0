"""`tongke serve` for real: comes up, is alone in its folder, heals, ends in order, leaves nothing behind."""

from __future__ import annotations

import socket
import stat
import tempfile
import time
from pathlib import Path

import pytest

from tests.fakes.serving import ADMIN_PASSWORD, Api, Serve, alive, tongke

CHILDREN = ("redis", "web", "worker-w0", "worker-w1", "recorder", "jobs", "exports")


@pytest.fixture
def serve():
    with tempfile.TemporaryDirectory(prefix="tk-serve-") as folder:
        server = Serve(Path(folder) / "data", "--workers", "2")
        try:
            yield server.start()
        finally:
            server.kill_all()


def test_it_comes_up_heals_and_ends_in_order(serve):
    data = ("--data", str(serve.data))
    first = serve.data / "first-accounts.txt"
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert f"admin\t{ADMIN_PASSWORD}\tadmin" in first.read_text()
    assert len(serve.admin().get("/api/pairings")["items"]) == 10

    second = tongke("serve", *data, "--port", "1")
    assert second.returncode == 2
    assert f"pid {serve.process.pid}" in second.stderr

    changed = tongke("passwd", "admin", "--password-stdin", *data, stdin="another-password\n")
    assert "admin" in changed.stdout
    assert Api(serve.base).login("admin", "another-password").token
    minted = tongke("token", "--user", "admin", *data).stdout.strip()
    assert Api(serve.base, minted).get("/api/session")["user"]["username"] == "admin"

    running = {path.stem for path in (serve.data / "run").glob("*.pid")}
    assert running == set(CHILDREN)  # nothing is pulled from room recorders unless networks are named

    for name in CHILDREN:
        before = serve.kill(name)
        serve.wait(lambda name=name, before=before: _is_new(serve, name, before), 15, f"a new {name}")
        serve.wait(serve.healthy, 20, f"the server to be healthy after {name} was killed")

    pids = [serve.pid(name) for name in CHILDREN]
    assert serve.stop() < 10
    assert serve.process.returncode == 0
    assert not any(alive(pid) for pid in pids)
    assert list((serve.data / "run").glob("*.pid")) == []
    assert not serve.announced()
    assert serve.troubles() == []

    began = time.monotonic()
    serve.start()
    assert time.monotonic() - began < 15  # 2 s on a quiet machine
    assert Api(serve.base).login("admin", "another-password").token


def _is_new(serve: Serve, name: str, before: int) -> bool:
    try:
        pid = serve.pid(name)
    except (OSError, ValueError):
        return False
    return pid != before and alive(pid)


def test_nothing_outlives_a_killed_supervisor(serve):
    pids = [serve.pid(name) for name in CHILDREN]
    serve.kill_all()
    serve.wait(lambda: not any(alive(pid) for pid in pids), 5, "the children to end")
    assert serve.start().stop() < 10


def test_refusals_name_the_setting(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = tongke("serve", "--data", str(tmp_path / "d"), "--port", str(port))
    assert answer.returncode == 2
    assert f"--port {port}" in answer.stderr
    assert "Traceback" not in answer.stderr
