"""Room recorders as schools have them, in a process of their own: `python -m tests.fakes.room_recorder rtmp PORT`.

`rtmp`: a small RTMP server that sends each player 20 s of 640×360 H.264 and AAC, then hangs up, as hosts do at night.
`rtsp`: the same picture from a small RTSP server, interleaved over TCP (RFC 2326), parameter sets in the SDP alone.
"""

from __future__ import annotations

import base64
import contextlib
import io
import socket
import struct
import sys
import time
from fractions import Fraction
from typing import Any

import av
import numpy as np

from tests.fakes import packets

RATE = 25
SIZE = (640, 360)


def pictures(seconds: float) -> list[tuple[int, bool, bytes]]:
    return packets.encode_video("h264", int(seconds * RATE), size=SIZE, rate=RATE, key_every=RATE)


def rtmp(port: int) -> None:
    """FLV tags as RTMP messages, one chunk each; of what the player says only the commands' names and numbers count."""
    tags = flv_tags(20)
    with socket.create_server(("127.0.0.1", port)) as server:
        while True:
            connection, _ = server.accept()
            with contextlib.suppress(OSError), connection:
                _serve_rtmp(connection, tags)


def flv_tags(seconds: int) -> list[tuple[int, int, bytes]]:
    """(type, ms, body) of H.264 and AAC in FLV."""
    file = io.BytesIO()
    with av.open(file, "w", format="flv") as target:
        video: Any = target.add_stream("libx264", rate=RATE)
        video.width, video.height, video.pix_fmt = *SIZE, "yuv420p"
        video.codec_context.options = {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline"}
        video.codec_context.gop_size = RATE
        audio: Any = target.add_stream("aac", rate=44_100, layout="mono")
        samples = 0
        for index in range(RATE * seconds):
            frame = av.VideoFrame.from_ndarray(packets.moving(index, *SIZE), format="yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, RATE)
            target.mux(video.encode(frame))
            while samples < (index + 1) * 44_100 // RATE:
                wave = (0.3 * np.sin(2 * np.pi * 440 * (np.arange(1024) + samples) / 44_100)).astype(np.float32)
                sound = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="fltp", layout="mono")
                sound.sample_rate, sound.pts, sound.time_base = 44_100, samples, Fraction(1, 44_100)
                target.mux(audio.encode(sound))
                samples += 1024
        target.mux(video.encode(None))
        target.mux(audio.encode(None))
    data, at, tags = file.getvalue(), 13, []
    while at + 11 <= len(data):
        size = int.from_bytes(data[at + 1 : at + 4], "big")
        ms = int.from_bytes(data[at + 4 : at + 7], "big") | data[at + 7] << 24
        tags.append((data[at], ms, data[at + 11 : at + 11 + size]))
        at += 15 + size
    return sorted(tags, key=lambda tag: tag[1])


def message(kind: int, body: bytes, *, ms: int = 0, stream: int = 0, chunk: int = 3) -> bytes:
    """One RTMP message as one chunk with a full header."""
    return (
        bytes([chunk])
        + ms.to_bytes(3, "big")
        + len(body).to_bytes(3, "big")
        + bytes([kind])
        + struct.pack("<I", stream)
        + body
    )


def amf(*values: Any) -> bytes:
    """AMF0 of what a server has to say."""
    out = b""
    for value in values:
        if value is None:
            out += b"\5"
        elif isinstance(value, str):
            out += b"\2" + len(value).to_bytes(2, "big") + value.encode()
        elif isinstance(value, dict):
            out += (
                b"\3" + b"".join(len(k).to_bytes(2, "big") + k.encode() + amf(v) for k, v in value.items()) + b"\0\0\t"
            )
        else:
            out += b"\0" + struct.pack(">d", value)
    return out


def _number_of(heard: bytes, name: bytes) -> float | None:
    """The transaction of a command that has come whole enough."""
    at = heard.find(b"\2" + len(name).to_bytes(2, "big") + name)
    at += 3 + len(name)
    return struct.unpack_from(">d", heard, at + 1)[0] if at > 3 + len(name) - 1 and len(heard) >= at + 9 else None


def _serve_rtmp(connection: socket.socket, tags: list[tuple[int, int, bytes]]) -> None:
    hello = b""
    while len(hello) < 1537:
        hello += connection.recv(4096) or exit_reading()
    connection.sendall(b"\3" + bytes(8) + bytes(1528) + hello[1:1537])
    heard = hello[1537:]
    while len(heard) < 1536:
        heard += connection.recv(4096) or exit_reading()
    heard = heard[1536:]
    said = set()
    while "play" not in said:
        for name in ("connect", "createStream", "play"):
            number = _number_of(heard, name.encode())
            if name in said or number is None:
                continue
            said.add(name)
            if name == "connect":
                connection.sendall(message(1, (1 << 20).to_bytes(4, "big"), chunk=2))
                connection.sendall(message(5, (1 << 24).to_bytes(4, "big"), chunk=2))
                status = {"level": "status", "code": "NetConnection.Connect.Success"}
                connection.sendall(message(20, amf("_result", number, {"fmsVer": "FMS/3,0"}, status)))
            elif name == "createStream":
                connection.sendall(message(20, amf("_result", number, None, 1.0)))
            else:
                status = {"level": "status", "code": "NetStream.Play.Start"}
                connection.sendall(message(20, amf("onStatus", 0.0, None, status), stream=1))
        if "play" not in said:
            heard += connection.recv(4096) or exit_reading()
    began = time.monotonic()
    for kind, ms, body in tags:
        time.sleep(max(0.0, began + ms / 1000 - time.monotonic()))  # a camera's pace
        connection.sendall(message(kind, body, ms=ms, stream=1, chunk=4))
    time.sleep(1.0)


def exit_reading() -> bytes:
    raise OSError("the player went")


def rtsp(port: int) -> None:
    frames = pictures(20)
    with socket.create_server(("127.0.0.1", port)) as server:
        while True:
            connection, _ = server.accept()
            with contextlib.suppress(OSError), connection:
                _serve_rtsp(connection, frames)


def _serve_rtsp(connection: socket.socket, frames: list[tuple[int, bool, bytes]]) -> None:
    units = packets.nal_units(frames[0][2])
    sets = [unit for unit in units if unit[0] & 31 in (7, 8)]
    names = ",".join(base64.b64encode(unit).decode() for unit in sets)
    sdp = (
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=room\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
        f"a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;sprop-parameter-sets={names}\r\na=control:track1\r\n"
    )
    heard = b""
    while True:
        while b"\r\n\r\n" not in heard:
            data = connection.recv(4096)
            if not data:
                return
            heard += data
        request, _, heard = heard.partition(b"\r\n\r\n")
        method = request.split(b" ", 1)[0].decode()
        number = next(line for line in request.split(b"\r\n") if line.lower().startswith(b"cseq:")).decode()
        more, body = {
            "OPTIONS": ("Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n", ""),
            "DESCRIBE": (f"Content-Type: application/sdp\r\nContent-Length: {len(sdp)}\r\n", sdp),
            "SETUP": ("Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n", ""),
            "PLAY": ("Session: 1\r\n", ""),
        }.get(method, ("Session: 1\r\n", ""))
        connection.sendall(f"RTSP/1.0 200 OK\r\n{number}\r\n{more}\r\n{body}".encode())
        if method == "PLAY":
            _play(connection, frames)
            return


def _play(connection: socket.socket, frames: list[tuple[int, bool, bytes]]) -> None:
    stream = packets.Stream(7)
    began, offset = time.monotonic(), 0
    while True:
        bare = []
        for pts, key, data in frames:
            units = [unit for unit in packets.nal_units(data) if unit[0] & 31 not in (7, 8)]
            bare.append((pts + offset, key, b"".join(b"\0\0\0\1" + unit for unit in units)))
        for pts, group in packets.packetize_video("h264", bare, stream):
            time.sleep(max(0.0, began + pts / 90_000 - time.monotonic()))  # a camera's pace
            for packet in group:
                connection.sendall(b"$\0" + len(packet).to_bytes(2, "big") + packet)
        offset += len(frames) * 90_000 // RATE


if __name__ == "__main__":
    {"rtmp": rtmp, "rtsp": rtsp}[sys.argv[1]](int(sys.argv[2]))
