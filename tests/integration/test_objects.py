"""Recordings on an object store: uploaded as pieces close, through an outage of it, freed from the disk, restored."""

from __future__ import annotations

import asyncio
import time
from urllib.parse import quote

import obstore
import pytest
from obstore.exceptions import BaseError

from recorder import export_state, uploads
from recorder.export_state import Export
from recorder.films import Films, uploaded_at
from recorder.inspect import verify_recording
from recorder.objects import State, restore
from recorder.storage import Store
from recorder.uploads import Uploader
from server.live.exports import ExportFiles
from server.objects import S3Objects
from tests.fakes import recordings
from tests.fakes.objects import object_server

SOURCES = {"teacher": {"h264": {"key_every": 45}, "opus": {}}}


@pytest.fixture
def server():
    with object_server() as one:
        yield one


def files(root):
    """The files of the recording by their key on the store, without what is only for the disk."""
    paths = [
        path for path in root.rglob("*") if path.is_file() and path.name not in ("remote.json", "manifest.json.new")
    ]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


async def test_pieces_are_uploaded_as_they_close_and_the_manifest_when_all_is_there(tmp_path, server):
    one = Uploader(tmp_path, server.store(), 0.0)
    recordings.write(tmp_path, "l1", SOURCES, seconds=6.0, state="open")
    await one.look()
    keys = server.names()
    assert "l1/teacher-video-h264/init.mp4" in keys
    assert "l1/teacher-audio-opus/000003.m4s" in keys
    assert "l1/manifest.json" not in keys  # it says of an open recording what is not true later
    close(tmp_path)
    await one.look()
    assert server.names() >= {"l1/manifest.json", "l1/verify.json"}
    local = files(tmp_path)
    for key in server.names():
        assert bytes(obstore.get(server.store(), key).bytes()) == local[key]


def close(root):
    """Closed and verified."""
    store = recordings.Store(root)
    manifest = store.load("l1")
    manifest.state, manifest.closed_at_ns = "closed", recordings.ZERO_NS + 6_000_000_000
    store.save("l1", bytes(manifest))
    verify_recording(root, "l1")


async def test_an_outage_is_survived_with_the_disk_as_the_queue_by_another_process_too(tmp_path, server, monkeypatch):
    monkeypatch.setattr(uploads, "PATIENCE", (0.05, 0.1))
    monkeypatch.setattr(uploads, "LOOK_EVERY", 0.05)
    recordings.write(tmp_path, "l1", SOURCES, seconds=6.0, state="open")
    close(tmp_path)
    server.stop()
    with pytest.raises(BaseError):
        await Uploader(tmp_path, server.store(), 0.0).look()
    one = Uploader(tmp_path, server.store(), 1000.0)  # the next process
    running = asyncio.create_task(one.run())
    async with asyncio.timeout(60):
        while one.trouble is None:  # noqa: ASYNC110 (the other side is a server)
            await asyncio.sleep(0.02)
        server.start()
        while one.trouble is not None or not State.read(tmp_path / "l1").closed_at_ns:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    running.cancel()
    assert "l1/manifest.json" in server.names()


async def test_what_is_on_the_store_leaves_the_disk_after_its_time_and_comes_back_for_jobs(tmp_path, server):
    one = Uploader(tmp_path, server.store(), 2.0)
    recordings.write(tmp_path, "l1", SOURCES, seconds=6.0, state="open")
    await one.look()
    assert one.free(time.time() + 10 * 365 * 86400) == 0  # an open one never
    close(tmp_path)
    before = files(tmp_path)
    await one.look()
    closed = recordings.ZERO_NS / 1e9 + 6
    assert one.free(closed + 3600) == 0
    assert one.free(closed + 3 * 3600) == 7
    assert not list(tmp_path.rglob("*.m4s"))
    assert one.free(closed + 4 * 3600) == 0
    assert restore(tmp_path, "l1", server.place) == 7
    assert files(tmp_path) == before
    assert verify_recording(tmp_path, "l1")["opens"] is True


async def test_a_discarded_recording_leaves_store_and_disk_through_an_outage_and_no_other_is_touched(
    tmp_path, server, monkeypatch
):
    monkeypatch.setattr(uploads, "PATIENCE", (0.05, 0.1))
    monkeypatch.setattr(uploads, "LOOK_EVERY", 0.05)
    for lesson in ("l1", "l10"):
        recordings.write(tmp_path, lesson, SOURCES, seconds=6.0, state="open")
    close(tmp_path)
    told = []
    one = Uploader(tmp_path, server.store(), 0.0, lambda lesson, count: told.append((lesson, count)))
    await one.look()
    there = {key for key in server.names() if key.startswith("l1/")}
    kept = server.names() - there
    assert there
    assert kept
    server.stop()
    assert Store(tmp_path).hide("l1") == Store(tmp_path).hide("l1") == tmp_path / ".l1.discarded"
    with pytest.raises(BaseError):
        await one.look()
    assert told == []
    again = Uploader(tmp_path, server.store(), 0.0, lambda lesson, count: told.append((lesson, count)))
    running = asyncio.create_task(again.run())  # the next process
    async with asyncio.timeout(60):
        while again.trouble is None:  # noqa: ASYNC110 (the other side is a server)
            await asyncio.sleep(0.02)
        assert (tmp_path / ".l1.discarded" / "manifest.json").exists()  # it remembers what is to be done
        server.start()
        while not told:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    running.cancel()
    assert told == [("l1", len(there))]
    assert server.names() == kept
    assert {folder.name for folder in tmp_path.iterdir()} == {"l10"}


async def test_objects_are_deleted_also_where_the_disk_knows_nothing_of_them(tmp_path, server):
    obstore.put(server.store(), "l1/teacher-video-h264/000001.m4s", b"of a disk that was replaced")
    told = []
    Store(tmp_path).hide("l1")
    await Uploader(tmp_path, server.store(), 0.0, lambda *what: told.append(what)).look()
    assert (told, server.names(), list(tmp_path.iterdir())) == ([("l1", 1)], set(), [])


async def test_a_recording_thrown_away_while_it_is_uploaded_troubles_nobody(tmp_path, server, monkeypatch):
    recordings.write(tmp_path, "l1", SOURCES, seconds=6.0, state="open")
    told = []
    one = Uploader(tmp_path, server.store(), 0.0, lambda *what: told.append(what))
    put, count = one._put, 0

    async def interrupted(path, media=None):
        nonlocal count
        count += 1
        if count == 3:
            Store(tmp_path).hide("l1")
        await put(path, media)

    monkeypatch.setattr(one, "_put", interrupted)
    await one.look()
    assert len(server.names()) == 2
    await one.look()
    assert (told, server.names()) == ([("l1", 2)], set())


def film(root, export_id="x1", state="done"):
    """An export of the recording `l1`, made."""
    folder = root / "l1" / "exports" / export_id
    folder.mkdir(parents=True)
    wish = Export(export_id, "l1", "one", "teacher", None, ["圆的面积"], 0.0, {"id": "u1", "name": "管理员"})
    wish.name, wish.state = "圆的面积 2026-09-01.mp4", state
    export_state.save(folder, wish)
    (folder / "lesson.mp4").write_bytes(b"a film")
    return folder


async def test_a_film_is_uploaded_with_its_name_leaves_the_disk_after_its_time_and_goes_with_its_object(
    tmp_path, server
):
    folder = film(tmp_path)
    film(tmp_path, "x2", "running")
    films = Films(tmp_path, server.store(), 3600.0)
    server.stop()
    with pytest.raises(BaseError):
        await films.look()
    server.start()
    await films.look()
    assert server.names() == {"l1/exports/x1/lesson.mp4"}
    there = await obstore.get_async(server.store(), "l1/exports/x1/lesson.mp4")
    assert bytes(await there.bytes_async()) == b"a film"
    assert there.attributes["Content-Disposition"].endswith(quote("圆的面积 2026-09-01.mp4"))
    at = uploaded_at(folder)
    assert (films.free(at + 3599), films.free(at + 3600), films.free(at + 3601)) == (0, 1, 0)
    assert not (folder / "lesson.mp4").exists()
    web = ExportFiles(tmp_path, S3Objects(server.store()))
    assert web.result("l1", "x1").startswith(f"http://{server.host}:{server.port}/")
    web.remove("l1", "x1")
    web.remove("l1", "x1")
    assert web.list("l1")[0].id == "x2"
    await films.look()
    assert server.names() == set()
    assert [one.name for one in (tmp_path / "l1" / "exports").iterdir()] == ["x2"]


async def test_a_film_removed_while_it_is_uploaded_leaves_nothing(tmp_path, server, monkeypatch):
    film(tmp_path)
    web = ExportFiles(tmp_path, S3Objects(server.store()))
    put = obstore.put_async

    async def slowly(*what, **how):
        await put(*what, **how)
        web.remove("l1", "x1")

    monkeypatch.setattr(obstore, "put_async", slowly)
    films = Films(tmp_path, server.store(), 0.0)
    await films.look()
    assert server.names() == {"l1/exports/x1/lesson.mp4"}
    await films.look()
    assert (server.names(), list((tmp_path / "l1" / "exports").iterdir())) == (set(), [])


async def test_films_are_deleted_with_their_recording(tmp_path, server):
    recordings.write(tmp_path, "l1", SOURCES, seconds=2.0, state="open")
    film(tmp_path)
    one = Uploader(tmp_path, server.store(), 0.0)
    running = asyncio.create_task(one.run())
    async with asyncio.timeout(60):
        while "l1/exports/x1/lesson.mp4" not in server.names():  # noqa: ASYNC110 (the other side is a server)
            await asyncio.sleep(0.05)
    running.cancel()
    Store(tmp_path).hide("l1")
    await one.look()
    assert (server.names(), list(tmp_path.iterdir())) == (set(), [])


def test_nothing_is_restored_that_never_left(tmp_path, server):
    recordings.write(tmp_path, "l1", SOURCES, seconds=2.0)
    assert restore(tmp_path, "l1", server.place) == 0
    assert restore(tmp_path, "../l1", server.place) == 0
    assert restore(tmp_path, "l1", None) == 0
