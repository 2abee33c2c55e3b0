"""Makers of streams, subscriptions and packets for the forwarding tests."""

from __future__ import annotations

from random import Random

import numpy as np

from server.forward.clock import PublisherClock
from server.forward.fanout import Target
from server.forward.ingress import CodecSpec, Extensions, Ingress, TrackSpec
from server.forward.rows import ROW_BYTES, Rows
from server.forward.sendbook import SendBook
from server.forward.streams import InboundStream
from server.forward.subscriptions import Layout, PayloadTypes, Subscription
from server.wire import rtp

SSRC, RTX_SSRC = 0x1111, 0x2222
BOOK = SendBook()
KEYFRAME = b"\x10\x00" + b"key"  # VP8: S bit, P bit clear
DELTA = b"\x10\x01" + b"delta"


def stream(
    kind: str = "video", codec: str = "vp8", ssrc: int = SSRC, clock: PublisherClock | None = None, **more
) -> InboundStream:
    return InboundStream(
        ssrc=ssrc,
        mid="1",
        kind=kind,
        codec=codec,
        payload_type=96,
        clock_rate=90000 if kind == "video" else 48000,
        clock=clock or PublisherClock(),
        **more,
    )


def give(
    into: InboundStream, sequence: int, *, payload: bytes = DELTA, timestamp: int = 0, now: float = 1.0, marker: int = 0
):
    """Let a stream receive one packet."""
    raw = rtp.build(
        payload_type=96, sequence=sequence, timestamp=timestamp, ssrc=into.ssrc, payload=payload, marker=marker
    )
    return into.receive(raw, 12, len(raw), sequence, timestamp, marker << 7, now, now + 1e9)


def subscription(
    seed: int = 1, *, layout: Layout | None = None, rtx: int | None = 101, ssrc: int = 0x5555
) -> Subscription:
    return Subscription(
        kind="video",
        ssrc=ssrc,
        rtx_ssrc=ssrc + 1,
        codecs={"vp8": PayloadTypes(100, rtx), "h264": PayloadTypes(102, 103)},
        layout=layout or Layout(),
        random=Random(seed),
    )


def target(number: int = 0, socket: int = 0) -> Target:
    return Target(socket, 1000 + number, f"session {number}")


def rows(count: int = 256) -> Rows:
    return Rows(np.zeros((count, ROW_BYTES), np.uint8), np.zeros(count, np.int32))


def sent(
    relay, packets, into: Rows | None = None, now: float = 1.0, send_time: int = 0x123456, of=None
) -> dict[str, list[bytes]]:
    """Run a relay's jobs for packets of one stream (`of`, else its only one); what each session was sent."""
    into = into or rows(1024)
    collected: dict[str, list[bytes]] = {}
    packets = [packet for packet in packets if packet is not None]
    for stream in relay.layers if of is None else [of]:
        jobs = relay.take(stream, packets, now)
        _collect(jobs, into, send_time, now, collected)
    return collected


def _collect(jobs, into, send_time, now, collected) -> None:
    for _, group, chosen in jobs:
        group.write(into, chosen, send_time, book=BOOK, now=now)
        for row, session in enumerate(group.repeated_sessions(len(chosen))):
            collected.setdefault(session, []).append(into.rows[row, : into.lengths[row]].tobytes())


def ingress(*, transport_cc_id: int = 3, mid_id: int = 4, ssrc: int = SSRC, rtx_ssrc: int = RTX_SSRC) -> Ingress:
    return Ingress(
        [
            TrackSpec("0", "audio", {111: CodecSpec("opus", 48000, 2, "", None)}, 0, 0),
            TrackSpec("1", "video", {96: CodecSpec("vp8", 90000, 1, "", 97)}, ssrc, rtx_ssrc),
        ],
        ssrc=0x9999,
        cname="tongke",
        extensions=Extensions(mid=mid_id, transport_cc=transport_cc_id),
    )
