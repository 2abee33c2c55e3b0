"""ICE over TCP at the real worker: media both ways, strangers at the door, a slow reader."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager, closing

import pytest

from server.media import tcp
from server.media.addresses import machine_addresses
from server.media.mmsg import MediaSocket
from server.wire.framing import frame
from tests.fakes.tcp_bridge import TcpBridge
from tests.integration.media_kit import until


@asynccontextmanager
async def by_tcp(plane):
    """Who joins within has no UDP to the server."""
    bridge = await TcpBridge.open((machine_addresses()[0], plane.port))
    plane.through = bridge.rewrite
    try:
        yield bridge
    finally:
        plane.through = lambda answer: answer
        await bridge.close()


async def test_a_lesson_goes_through_tcp_both_ways_beside_one_by_udp(plane):
    async with by_tcp(plane) as bridge:
        await plane.publish()
        _, _, seen = await plane.play()
        plane.through = lambda answer: answer
        _, _, other = await plane.play(participant="classroom-s12")
        await until(lambda: seen.pictures > 10 and seen.sounds > 50, what="pictures and sounds by TCP")
        await until(lambda: other.pictures > 10 and other.sounds > 50, what="pictures and sounds by UDP")
        assert bridge.to_clients > 50


async def test_a_peer_that_reads_nothing_for_a_while_plays_on_and_harms_nobody(plane):
    await plane.publish()
    _, _, other = await plane.play(participant="classroom-s12")
    async with by_tcp(plane) as bridge:
        _, _, seen = await plane.play()
        await until(lambda: seen.pictures > 5 and other.pictures > 5, what="pictures")
        bridge.hold = asyncio.Event()
        before = other.pictures
        await until(lambda: other.pictures > before + 45, what="three seconds of pictures for the other")
        bridge.hold.set()
        pictures = seen.pictures
        await until(lambda: seen.pictures > pictures + 15, what="pictures again")


async def connect(plane) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(machine_addresses()[0], plane.port)


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\n\r\n",  # a frame of 18,245 bytes
        frame(b"\x16\xfe\xfd" + bytes(20)),  # DTLS before any check
        frame(b"\x80\x60" + bytes(20)),  # media before any check
    ],
)
async def test_whoever_does_not_begin_with_a_check_is_shown_the_door(plane, said):
    reader, writer = await connect(plane)
    writer.write(said)
    async with asyncio.timeout(3):
        assert await reader.read(100) == b""
    writer.close()


@pytest.mark.parametrize("said", [b"", b"\x00", frame(bytes.fromhex("000100002112a442") + bytes(12))])
async def test_whoever_says_nothing_we_answer_is_shown_the_door(plane, said, monkeypatch):
    monkeypatch.setattr(tcp, "PROVE", 0.2)
    reader, writer = await connect(plane)
    writer.write(said)
    async with asyncio.timeout(5):
        assert await reader.read(100) == b""
    writer.close()


async def test_a_full_table_makes_room_for_the_newest(plane, monkeypatch):
    monkeypatch.setattr(tcp, "MAX_CONNECTIONS", 3)
    monkeypatch.setattr(tcp, "PROVE", 60.0)
    ways = [await connect(plane) for _ in range(4)]
    async with asyncio.timeout(3):
        assert await ways[0][0].read(100) == b""
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await ways[3][0].read(100)
    for _, writer in ways:
        writer.close()


async def test_one_host_cannot_take_all_the_places(plane, monkeypatch):
    monkeypatch.setattr(tcp, "MAX_PER_HOST", 2)
    ways = [await connect(plane) for _ in range(3)]
    async with asyncio.timeout(3):
        assert await ways[2][0].read(100) == b""
    for _, writer in ways:
        writer.close()


def test_a_taken_port_leaves_udp_alone(caplog):
    with closing(MediaSocket(0, "127.0.0.1", 0)) as udp, socket.socket() as other:
        other.bind(("127.0.0.1", udp.port))
        other.listen()
        assert tcp.open_listeners([udp]) == []
    assert "UDP goes on" in caplog.text


def test_candidates_are_those_addresses_that_tcp_listens_behind():
    with closing(MediaSocket(0, "127.0.0.1", 0)) as one, closing(MediaSocket(1, "127.0.0.2", one.port)) as two:
        announced = [("127.0.0.1", one.port), ("127.0.0.2", one.port), ("198.51.100.7", one.port)]
        with closing(tcp.TcpListener(2, "127.0.0.1", one.port)) as listener:
            found = tcp.tcp_candidates(announced, [one, two], [listener])
        assert [host for host, _ in found] == ["127.0.0.1", "198.51.100.7"]
        assert tcp.tcp_candidates(announced, [one, two], []) == []
