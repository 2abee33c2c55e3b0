"""Publishes the clip at its own pace, over and over; a keyframe request makes it jump to the next keyframe."""

from __future__ import annotations

import asyncio
import random
import time
from typing import TYPE_CHECKING

from bench import sdp
from bench.clip import AUDIO_FRAME
from server.wire import rtcp, rtp

if TYPE_CHECKING:
    from bench.client import Client
    from bench.clip import Clip

PAYLOAD = 1100  # bytes of VP8 per packet
NTP_EPOCH = 2_208_988_800  # s from 1900 to 1970
AUDIO_PERIOD = 0.02
VIDEO_CLOCK = 90_000


class Publisher:
    """Sends on a connected client until `stop`. `packets` counts media packets sent."""

    def __init__(self, client: Client, clip: Clip) -> None:
        self._client = client
        self._clip = clip
        self._sequence = {sdp.AUDIO_SSRC: random.randrange(30000), sdp.VIDEO_SSRC: random.randrange(30000)}
        self._octets = dict.fromkeys(self._sequence, 0)
        self._counts = dict.fromkeys(self._sequence, 0)
        self._frame = 0  # of the clip
        self._picture = random.randrange(0x7FFF)
        self._key_wanted = False
        self.packets = 0
        self.sent: dict[bytes, int] | None = None  # when (Unix ns) a payload was sent last, while somebody asks
        client.on_rtcp = self._on_rtcp
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._client.close()

    def _on_rtcp(self, packets: list[rtcp.Packet]) -> None:
        if any(isinstance(packet, rtcp.Pli | rtcp.Fir) for packet in packets):
            self._key_wanted = True

    async def _run(self) -> None:
        start = time.monotonic()
        period = 1 / self._clip.rate
        audio = video = 0
        report_at = start
        while True:
            now = time.monotonic()
            while self._clip.audio and start + audio * AUDIO_PERIOD <= now:
                self._send_audio(audio)
                audio += 1
            while start + video * period <= now:
                self._send_frame(video)
                video += 1
            if now >= report_at:
                self._send_reports(now - start)
                report_at += 1.0
            following = min(audio * AUDIO_PERIOD, video * period) if self._clip.audio else video * period
            await asyncio.sleep(max(0.0, start + following - time.monotonic()))

    def _send_audio(self, index: int) -> None:
        payload = self._clip.audio[index % len(self._clip.audio)]
        self._send(sdp.AUDIO_SSRC, sdp.OPUS, index * AUDIO_FRAME, payload, marker=int(index == 0), mid=b"0")

    def _send_frame(self, index: int) -> None:
        frames = self._clip.video
        if self._key_wanted:
            self._key_wanted = False
            while not frames[self._frame % len(frames)][0]:
                self._frame += 1
        _, data = frames[self._frame % len(frames)]
        self._frame += 1
        self._picture = (self._picture + 1) & 0x7FFF
        picture = (0x8000 | self._picture).to_bytes(2, "big")
        # equal pieces, as Chromium's packetizer makes them
        count = -(-len(data) // PAYLOAD)
        size = -(-len(data) // count)
        for position in range(0, len(data), size):
            descriptor = bytes((0x90 if position == 0 else 0x80, 0x80)) + picture  # RFC 7741 section 4.2: X, S; I
            self._send(
                sdp.VIDEO_SSRC,
                sdp.VP8,
                index * VIDEO_CLOCK // self._clip.rate,
                descriptor + data[position : position + size],
                marker=int(position + size >= len(data)),
                mid=b"1",
            )

    def _send(self, ssrc: int, payload_type: int, timestamp: int, payload: bytes, *, marker: int, mid: bytes) -> None:
        sequence = self._sequence[ssrc] = (self._sequence[ssrc] + 1) & 0xFFFF
        seconds = time.time()
        send_time = int(seconds % 64 * (1 << 18)).to_bytes(3, "big")  # 6.18 bits fixed point
        packet = rtp.build(
            payload_type=payload_type,
            sequence=sequence,
            timestamp=timestamp & 0xFFFFFFFF,
            ssrc=ssrc,
            payload=payload,
            marker=marker,
            extensions={sdp.MID_ID: mid, sdp.ABS_SEND_TIME_ID: send_time},
        )
        if self.sent is not None:
            self.sent[payload] = time.time_ns()
        self._client.send_rtp(packet)
        self.packets += 1
        self._counts[ssrc] += 1
        self._octets[ssrc] += len(payload)

    def _send_reports(self, elapsed: float) -> None:
        ntp = int((time.time() + NTP_EPOCH) * (1 << 32))
        for ssrc, rate in ((sdp.AUDIO_SSRC, 48_000), (sdp.VIDEO_SSRC, VIDEO_CLOCK)):
            if not self._counts[ssrc]:
                continue
            report = rtcp.SenderReport(ssrc, ntp, int(elapsed * rate), self._counts[ssrc], self._octets[ssrc])
            self._client.send_rtcp(report, rtcp.Sdes.cname(ssrc, "bench"))
