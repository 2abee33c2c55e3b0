"""Real room recorders into a real lesson: RTMP and RTSP, a cable pulled and put back, the recording of it."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys

import pytest

from server.supervisor_checks import free_port
from tests.fakes.serving import Serve


@contextlib.contextmanager
def recorder(kind, port):
    """A recorder's process; ended at the end."""
    process = subprocess.Popen([sys.executable, "-m", "tests.fakes.room_recorder", kind, str(port)])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with pytest.MonkeyPatch.context() as around:
        around.setenv("TONGKE_INGEST_RANGES", "127.0.0.0/8")
        server = Serve(tmp_path_factory.mktemp("ingest") / "data").start()
    yield server
    server.stop()
    assert server.troubles() == []


def test_recorders_teach_and_listen_and_come_back_by_themselves(server):
    admin = server.admin()
    lesson = server.lesson(admin)
    address = f"/api/lessons/{lesson['id']}/ingest"
    rtmp, rtsp = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_STREAM)
    school = lesson["receiving_schools"][0]["id"]
    admin.post(address, {"url": f"rtmp://127.0.0.1:{rtmp}/live/room", "role": "teacher"})
    admin.post(address, {"url": f"rtsp://me:secret@127.0.0.1:{rtsp}/1", "role": "classroom", "school_id": school})

    def states():
        return {one["source"]: one for one in admin.get(address)["items"]}

    server.wait(lambda: states()["teacher"]["code"] == "unreachable", 40, "a recorder that is not on to be told")
    with recorder("rtmp", rtmp), recorder("rtsp", rtsp) as second:
        server.wait(lambda: {one["state"] for one in states().values()} == {"live"}, 120, "both recorders")
        assert states()["teacher"]["video"].startswith("H.264 640")
        assert states()["teacher"]["audio"] == "aac"
        assert "secret" not in str(states())
        assert admin.get(f"/api/lessons/{lesson['id']}")["state"] == "live"  # a teacher's picture starts it
        recording = f"/api/recordings/{lesson['id']}"
        wanted = {"teacher-video-h264", "teacher-audio-opus", f"classroom-{school}-video-h264"}

        def recorded():
            answer = admin.call("GET", recording)
            return answer.status == 200 and wanted <= {track["id"] for track in answer.body["tracks"]}

        server.wait(recorded, 60, "pieces of all three tracks")
        second.kill()
        second.wait()
        away = f"classroom-{school}"
        server.wait(lambda: states()[away]["state"] != "live", 40, "the loss to be told")
        with recorder("rtsp", rtsp):
            server.wait(lambda: states()[away]["state"] == "live", 60, "the recorder to come back by itself")
        ended = admin.call("DELETE", f"{address}/{states()[away]['id']}")
        assert ended.status == 204
        admin.post(f"/api/lessons/{lesson['id']}/end")
        server.wait(lambda: states() == {}, 20, "the pulls of a lesson that is over to end")
    assert admin.call("POST", address, {"url": "rtsp://192.0.2.1/", "role": "teacher"}).status in (400, 409)
