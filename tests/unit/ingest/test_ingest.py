"""What may be pulled: only checked addresses, whatever a name or a recorder says; no credentials where people read."""

from __future__ import annotations

import asyncio
import ipaddress

import pytest

from server.county.errors import CountyError
from server.ingest.pull import library_address
from server.ingest.relay import Redirected, Relay, RtspWatch
from server.live.ingest import Target, check, without_credentials

RANGES = tuple(ipaddress.ip_network(each) for each in ("10.20.0.0/16", "fd12::/16"))
NAMES = {
    "recorder.school": ["10.20.3.4"],
    "two.faces": ["10.20.3.4", "127.0.0.1"],
    "mapped": ["::ffff:127.0.0.1"],
    "inside": ["::ffff:10.20.0.9"],
    "six": ["fd12::7"],
    "metadata": ["169.254.169.254"],
}


async def resolve(host, port):
    if host in NAMES:
        return NAMES[host]
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        raise OSError("unknown") from None


@pytest.mark.parametrize(
    ("url", "address", "port"),
    [
        ("rtsp://admin:se%40cret@recorder.school/stream/1", "10.20.3.4", 554),
        ("rtmp://10.20.9.9:1936/live/room", "10.20.9.9", 1936),
        ("rtsp://[fd12::7]:8554/a?b=c", "fd12::7", 8554),
        ("rtsp://six/a", "fd12::7", 554),
        ("rtsp://inside/a", "::ffff:10.20.0.9", 554),
    ],
)
async def test_an_address_in_an_allowed_range_is_taken(url, address, port):
    target = await check(url, RANGES, resolve)
    assert (target.address, target.port, target.url) == (address, port, url)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("rtsp://127.0.0.1/", "address_not_allowed"),
        ("rtsp://localhost.example/", "unknown_host"),
        ("rtsp://two.faces/", "address_not_allowed"),
        ("rtsp://mapped/", "address_not_allowed"),
        ("rtsp://metadata/latest", "address_not_allowed"),
        ("rtsp://10.20.0.1@192.168.0.1/", "address_not_allowed"),
        ("rtsp://[::1]/", "address_not_allowed"),
        ("http://10.20.0.1/", "bad_url"),
        ("file:///etc/passwd", "bad_url"),
        ("rtsp:///path", "bad_url"),
        ("rtsp://10.20.0.1:99999/", "bad_url"),
        ("rtsp://10.20.0.1/ DESCRIBE", "bad_url"),
        ("rtsp://10.20.0.1/\r\nPLAY", "bad_url"),
        ("rtsp://10.20.0.1\\@evil/", "bad_url"),
        ("rtsp://10.20.0.1/#x", "bad_url"),
        ("rtsp://" + "a" * 2000, "bad_url"),
        ("concat:rtsp://10.20.0.1/|file:/etc/passwd", "bad_url"),
    ],
)
async def test_every_other_is_refused_with_the_reason(url, code):
    with pytest.raises(CountyError) as refused:
        await check(url, RANGES, resolve)
    assert refused.value.code == code
    assert refused.value.detail != refused.value.detail_en


async def test_without_ranges_nothing_is_pulled():
    with pytest.raises(CountyError) as refused:
        await check("rtsp://10.20.0.1/", (), resolve)
    assert (refused.value.code, refused.value.status) == ("ingest_off", 409)


def test_credentials_are_for_the_recorder_only():
    target = Target("rtsp://admin:secret@recorder.school:8554/stream?token=t", "10.20.3.4", 8554)
    assert target.shown == without_credentials(target.url) == "rtsp://recorder.school:8554/stream"
    url, options = library_address(target, 41000)
    assert url == "rtsp://admin:secret@127.0.0.1:41000/stream?token=t"
    assert options["protocol_whitelist"] == "rtsp,tcp"
    assert options["rtsp_transport"] == "tcp"
    url, options = library_address(Target("rtmp://u:p@recorder.school/live/room", "10.20.3.4", 1935), 41000)
    assert url == "rtmp://u:p@127.0.0.1:41000/live/room"
    assert options["rtmp_tcurl"] == "rtmp://recorder.school/live"


DESCRIBE = b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 4\r\n\r\nRTSP"
MEDIA = b"$\x00\x00\x05\r\n\r\n3"


@pytest.mark.parametrize("step", [1, 2, 7, 1000])
def test_what_a_recorder_says_is_read_at_any_split(step):
    said = DESCRIBE + MEDIA + b"RTSP/1.0 200 OK\r\n\r\n" + MEDIA * 3
    watch = RtspWatch()
    for at in range(0, len(said), step):
        watch.feed(said[at : at + step])
    for words in (b"RTSP/1.0 302 Found\r\nLocation: rtsp://10.0.0.1/\r\n\r\n", b"REDIRECT rtsp://a RTSP/1.0\r\n\r\n"):
        watch = RtspWatch()
        watch.feed(said)
        whole = len(words) - 1 - (len(words) - 1) % step
        for at in range(0, whole, step):
            watch.feed(words[at : at + step])
        with pytest.raises(Redirected):  # before the end of it is passed on
            watch.feed(words[whole:])


@pytest.mark.parametrize("said", [b"x" * 70_000, b"RTSP/1.0 200 OK\r\nContent-Length: many\r\n\r\n"])
def test_what_is_no_rtsp_ends(said):
    with pytest.raises(Redirected):
        RtspWatch().feed(said)


async def test_the_relay_leads_to_one_address_and_a_redirect_ends_it():
    asked = []

    async def recorder(reader, writer):
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(DESCRIBE)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"RTSP/1.0 301 Moved\r\nLocation: rtsp://127.0.0.1:1/\r\n\r\n")
        await writer.drain()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(recorder, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, Relay("127.0.0.1", port, rtsp=True) as relay:
        reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
        writer.write(b"DESCRIBE rtsp://a RTSP/1.0\r\n\r\n")
        assert await reader.readexactly(len(DESCRIBE)) == DESCRIBE
        writer.write(b"SETUP rtsp://a RTSP/1.0\r\n\r\n")
        assert await reader.read() == b""
        assert relay.trouble == "redirected"
        writer.close()
    assert len(asked) == 1


async def test_a_recorder_that_is_not_there_is_told():
    async with Relay("127.0.0.1", 9, rtsp=True) as relay:
        reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
        assert await reader.read() == b""
        assert relay.trouble == "unreachable"
        writer.close()
