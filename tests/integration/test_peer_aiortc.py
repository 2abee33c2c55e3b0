"""A whole aiortc peer against the smallest shell around PeerSession, on loopback."""

from __future__ import annotations

import asyncio

import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack

from server.wire import rtcp, rtp, sdp
from tests.fakes.udp_shell import UdpShell


@pytest.fixture
async def shell():
    shell = await UdpShell.open()
    yield shell
    shell.close()


@pytest.fixture
async def pc():
    pc = RTCPeerConnection()
    yield pc
    await pc.close()


async def offer_of(pc: RTCPeerConnection) -> sdp.Offer:
    await pc.setLocalDescription(await pc.createOffer())
    return sdp.parse_offer_untrusted(pc.localDescription.sdp)


async def test_aiortc_publishes(shell: UdpShell, pc: RTCPeerConnection) -> None:
    packets: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
    shell._on_media = lambda kind, data: packets.put_nowait((kind, data))
    pc.addTransceiver(AudioStreamTrack(), "sendonly")
    answer, plan = sdp.answer_publish(await offer_of(pc), shell.local())
    peer = shell.expect(plan.remote)
    await pc.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    seen: dict[str, bytes] = {}
    async with asyncio.timeout(20):
        await shell.connected.wait()
        while len(seen) < 2:
            kind, data = await packets.get()
            seen.setdefault(kind, data)
    header = rtp.parse_untrusted(seen["rtp"])
    ((payload_type, codec),) = plan.media[0].codecs.items()
    assert (header.payload_type, codec.name) == (payload_type, "opus")
    assert header.ssrc == plan.media[0].ssrcs[0].ssrc
    assert isinstance(rtcp.parse_compound_untrusted(seen["rtcp"])[0], rtcp.SenderReport)
    assert shell.rejected == 0
    await pc.close()
    assert peer.state == "closed"


async def test_aiortc_plays(shell: UdpShell, pc: RTCPeerConnection) -> None:
    pc.addTransceiver("audio", "recvonly")
    answer, plan = sdp.answer_play(await offer_of(pc), shell.local({"audio": sdp.Ssrc(1234)}))
    peer = shell.expect(plan.remote)
    await pc.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    payload_type, _ = plan.media[0].payloads["opus"]
    receiver = pc.getReceivers()[0]
    async with asyncio.timeout(20):
        await shell.connected.wait()
        assert peer.srtp_out is not None
        for sequence in range(30):
            silence = rtp.build(
                payload_type=payload_type,
                sequence=sequence,
                timestamp=960 * sequence,
                ssrc=1234,
                payload=b"\xf8\xff\xfe",
            )
            protected = peer.srtp_out.protect_bytes(silence)
            assert protected is not None
            shell.send(protected)
        frame = await receiver.track.recv()
    assert frame.sample_rate == 48000
