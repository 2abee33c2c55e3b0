"""From SDP's plans to the forwarding core."""

from __future__ import annotations

from random import Random

from server.media import negotiation
from server.wire.sdp import (
    ABS_SEND_TIME,
    MID,
    TRANSPORT_CC,
    Codec,
    PlayMedia,
    PlayPlan,
    PublishMedia,
    PublishPlan,
    Remote,
    Ssrc,
)

REMOTE = Remote("u", "p", (("sha-256", "AA"),))


def test_a_player_s_codecs_and_extensions():
    plan = PlayPlan(
        REMOTE,
        (
            PlayMedia("a", "audio", {"opus": (111, None)}, {}),
            PlayMedia("v", "video", {"VP8": (96, 97), "H264": (102, None)}, {MID: 4, ABS_SEND_TIME: 2}),
        ),
    )
    ssrcs = negotiation.local_ssrcs(Random(3))
    egress = negotiation.egress_for(plan, ssrcs, cname="c", random=Random(1))
    audio, video = egress.subscriptions
    assert (video.ssrc, video.rtx_ssrc) == (ssrcs["video"].ssrc, ssrcs["video"].rtx_ssrc)
    assert video.payload_types("vp8") == (96, 97)
    assert video.payload_types("h264") == (102, None)
    assert audio.payload_types("vp8") is None
    assert (audio.layout.shape, video.layout.shape) == ((0, False, False), (2, True, False))


def test_ids_that_a_one_byte_element_cannot_hold_are_left_out():
    media = PlayMedia("m" * 17, "video", {"VP8": (96, 97)}, {MID: 4, ABS_SEND_TIME: 15})
    egress = negotiation.egress_for(PlayPlan(REMOTE, (media,)), {"video": Ssrc(1, 2)}, cname="c", random=Random(1))
    assert egress.subscriptions[0].layout.shape == (0, False, False)


def test_a_publisher_s_tracks():
    media = PublishMedia("0", "video", {96: Codec("VP8", 90000, rtx_pt=97)}, {TRANSPORT_CC: 3}, (Ssrc(7, 8),))
    core = negotiation.ingress_for(PublishPlan(REMOTE, (media,)), ssrc=5, cname="c")
    packet = b"\x80\x60\x00\x01" + bytes(4) + (7).to_bytes(4, "big") + b"\x10\x00"
    stream, _ = core.receive(packet, 1.0, 2.0)
    assert (stream.ssrc, stream.codec, core.codec_of(stream).rtx) == (7, "vp8", 97)


def test_ssrcs_are_distinct_and_not_zero():
    assert len(set(negotiation.new_ssrcs(Random(1), 50)) - {0}) == 50
