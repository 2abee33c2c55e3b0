"""The hub: what is acknowledged when, lessons closed, opened again and announced."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from recorder import tap_messages as messages
from recorder.hub import Hub
from recorder.storage import Store
from tests.fakes import packets
from tests.fakes.recordings import track_info

OPEN = (messages.OPEN, b'{"lesson_id":"l1","at":1790000000.0}')
CLOSE = (messages.CLOSE, b'{"lesson_id":"l1","at":1790000009.0}')


class Events:
    """Where events go in tests: a list; `away` is a Redis that does not answer."""

    def __init__(self):
        self.told = []
        self.away = False

    def tell(self, type, body):
        written = asyncio.get_running_loop().create_future()
        if not self.away:
            self.told.append((type, body["lesson_id"]))
            written.set_result(None)
        return written


@contextlib.asynccontextmanager
async def hub_on(folder, events):
    with ThreadPoolExecutor(2) as pool:
        hub = Hub(Store(folder), pool, events)
        hub.recover()
        yield hub
        await hub.close(2.0)


def say(hub, epoch, first, *items):
    hub.records(epoch, messages.records(first, list(items)))


async def settle(hub, epoch):
    """Let threads finish and collect the acknowledgement."""
    async with asyncio.timeout(5):
        while epoch.pins or hub._tasks or any(writer.bytes for writer in hub._recordings.values()):
            await asyncio.wait([asyncio.create_task(asyncio.sleep(0))])
    return hub.to_acknowledge(epoch)


def media(track, seconds=3.0):
    """RTP records of sound."""
    rows = packets.packetize_opus(packets.encode_opus(seconds), packets.Stream(track))
    zero = 1_790_000_000 * 10**9
    return [
        (messages.RTP, messages.RTP_HEADER.pack(track, zero + pts * 10**9 // 48_000) + data[0]) for pts, data in rows
    ]


async def test_a_lesson_opened_is_acknowledged_when_its_manifest_is_durable(tmp_path):
    events = Events()
    async with hub_on(tmp_path, events) as hub:
        epoch = hub.hello("w0", "a")
        say(hub, epoch, 1, OPEN)
        assert hub.to_acknowledge(epoch) is None
        assert await settle(hub, epoch) == 1
        assert json.loads((tmp_path / "l1" / "manifest.json").read_text())["clock_zero_ns"] == 1_790_000_000 * 10**9
    assert events.told == [("recording.opened", "l1")]


async def test_media_is_acknowledged_when_it_is_on_disk(tmp_path):
    async with hub_on(tmp_path, Events()) as hub:
        epoch = hub.hello("w0", "a")
        info = track_info(1, "opus")
        rows = media(1)
        say(hub, epoch, 1, OPEN, (messages.TRACK, messages.track_body(info)), *rows)
        hub.tick()
        number = await settle(hub, epoch)
        # chunks of 0.5 s: the last one is still in memory
        assert len(rows) - 30 <= number < len(rows)
        say(hub, epoch, 3, *rows)  # the same again on a new connection: nothing happens
        assert hub.to_acknowledge(epoch) is None
        say(hub, epoch, 3 + len(rows), (messages.ENDED, b'{"track":1}'), CLOSE)
        assert await settle(hub, epoch) == len(rows) + 4
    lines = (tmp_path / "l1" / "teacher-audio-opus" / "index.jsonl").read_text().splitlines()
    assert json.loads(lines[-1])["end"] == 3.0


async def test_closing_is_told_once_redis_is_there_even_by_a_later_process(tmp_path):
    events = Events()
    async with hub_on(tmp_path, events) as hub:
        epoch = hub.hello("w0", "a")
        say(hub, epoch, 1, OPEN)
        await settle(hub, epoch)
        events.away = True
        say(hub, epoch, 2, CLOSE)
        async with asyncio.timeout(5):
            while Store(tmp_path).load("l1").state == "open":
                await asyncio.wait([asyncio.create_task(asyncio.sleep(0))])
        await hub.close(0.1)
    assert events.told == [("recording.opened", "l1")]
    events.away = False
    for _ in range(2):  # told by the next process, and by no further one
        async with hub_on(tmp_path, events):
            pass
    assert events.told[1:] == [("recording.closed", "l1")]


async def test_a_closed_lesson_is_opened_again_by_a_record_but_not_by_repeated_state(tmp_path):
    events = Events()
    async with hub_on(tmp_path, events) as hub:
        epoch = hub.hello("w0", "a")
        say(hub, epoch, 1, OPEN)
        await settle(hub, epoch)
        assert await hub.close_recording("l1")
        assert await hub.close_recording("l1")
        assert not await hub.close_recording("l2")
        say(hub, epoch, 0, OPEN)
        assert hub.status()["recordings"] == []
        say(hub, epoch, 2, OPEN)
        await settle(hub, epoch)
        assert hub.status()["recordings"] == ["l1"]
        assert Store(tmp_path).load("l1").state == "open"
    assert [type for type, _ in events.told] == ["recording.opened", "recording.closed", "recording.opened"]


async def test_records_without_sense_are_skipped_and_acknowledged(tmp_path, caplog):
    async with hub_on(tmp_path, Events()) as hub:
        epoch = hub.hello("w0", "a")
        bad = [(kind, body) for kind in (b"o", b"t", b"p", b"s", b"e", b"c", b"?") for body in (b"", b"{}", b"[1]")]
        say(hub, epoch, 1, *bad)
        assert hub.to_acknowledge(epoch) == len(bad)
        assert hub.status()["recordings"] == []
    assert not any(record.exc_info for record in caplog.records)


async def test_a_worker_that_begins_anew_ends_its_earlier_streams(tmp_path):
    async with hub_on(tmp_path, Events()) as hub:
        old = hub.hello("w0", "a")
        say(hub, old, 1, OPEN, (messages.TRACK, messages.track_body(track_info(1, "opus"))), *media(1, 0.5))
        assert hub.status()["tracks"] == 1
        assert hub.hello("w0", "a") is old
        hub.hello("w1", "b")
        assert hub.status()["tracks"] == 1
        hub.hello("w0", "c")
        assert hub.status()["tracks"] == 0


@pytest.mark.parametrize("body", [b'{"lesson_id":"../x","at":1}', b'{"lesson_id":""}', b'{"at":1}'])
async def test_no_folder_is_made_outside(tmp_path, body):
    async with hub_on(tmp_path / "recordings", Events()) as hub:
        epoch = hub.hello("w0", "a")
        say(hub, epoch, 1, (messages.OPEN, body))
        await settle(hub, epoch)
    assert list(tmp_path.iterdir()) == []


async def test_a_track_of_which_only_the_name_was_written_begins_anew(tmp_path):
    """kill -9 after the manifest, before the track's init."""
    for _ in range(2):
        async with hub_on(tmp_path, Events()) as hub:
            epoch = hub.hello("w0", "a")
            say(hub, epoch, 1, OPEN, (messages.TRACK, messages.track_body(track_info(1, "opus"))), *media(1, 1.0))
            hub.tick()
            await settle(hub, epoch)
        folder = tmp_path / "l1" / "teacher-audio-opus"
        names = {path.name for path in folder.iterdir()}
        assert names == {"init.mp4", "index.jsonl", "000001.m4s"}
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


async def test_nothing_is_acknowledged_or_durable_before_the_manifest_knows_of_it(tmp_path, monkeypatch):
    """The disk takes no manifest: neither the lesson, told twice, nor its media may be forgotten by the worker."""
    stuck = threading.Event()
    real = Store.save

    def save(store, lesson_id, manifest):
        stuck.wait(10)
        real(store, lesson_id, manifest)

    monkeypatch.setattr(Store, "save", save)
    async with hub_on(tmp_path, Events()) as hub:
        epoch = hub.hello("w0", "a")
        rows = media(1)
        say(hub, epoch, 0, OPEN)
        say(hub, epoch, 1, OPEN, (messages.TRACK, messages.track_body(track_info(1, "opus"))), *rows)
        hub.tick()
        await asyncio.wait([asyncio.create_task(asyncio.sleep(0))])
        assert hub.to_acknowledge(epoch) is None
        assert not (tmp_path / "l1").exists()
        stuck.set()
        assert await settle(hub, epoch) > 100
