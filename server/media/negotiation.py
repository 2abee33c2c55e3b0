"""Between SDP's plans (`server.wire.sdp`) and what the forwarding core needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.forward.egress import Egress
from server.forward.ingress import CodecSpec, Extensions, Ingress, TrackSpec
from server.forward.subscriptions import Layout, PayloadTypes, Subscription
from server.wire.sdp import ABS_SEND_TIME, MID, PLAYOUT_DELAY, REPAIRED_RID, RID, TRANSPORT_CC, Ssrc

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from server.wire.sdp import PlayPlan, PublishMedia, PublishPlan


def new_ssrcs(random: Random, count: int) -> list[int]:
    """Distinct SSRCs, none of them 0."""
    chosen: set[int] = set()
    while len(chosen) < count:
        chosen.add(random.randrange(1, 1 << 32))
    return list(chosen)


def local_ssrcs(random: Random) -> dict[str, Ssrc]:
    """What a player's answer announces: one SSRC per kind, and one for video's retransmissions."""
    audio, video, repair = new_ssrcs(random, 3)
    return {"audio": Ssrc(audio), "video": Ssrc(video, repair)}


def ingress_for(plan: PublishPlan, *, ssrc: int, cname: str) -> Ingress:
    """The receiving core of a publisher."""
    extensions: dict[str, int] = {}
    for media in plan.media:
        extensions.update(media.extensions)
    return Ingress(
        [_track(media) for media in plan.media],
        ssrc=ssrc,
        cname=cname,
        extensions=Extensions(
            mid=extensions.get(MID, 0),
            rid=extensions.get(RID, 0),
            repaired_rid=extensions.get(REPAIRED_RID, 0),
            transport_cc=extensions.get(TRANSPORT_CC, 0),
        ),
    )


def _track(media: PublishMedia) -> TrackSpec:
    codecs = {
        payload_type: CodecSpec(codec.name.lower(), codec.clock_rate, codec.channels, codec.fmtp, codec.rtx_pt)
        for payload_type, codec in media.codecs.items()
    }
    announced = media.ssrcs[0] if media.ssrcs else Ssrc(0)
    return TrackSpec(
        media.mid,
        media.kind,
        codecs,
        announced.ssrc,
        announced.rtx_ssrc or 0,
        media.rids,
        any("nack" in codec.feedback for codec in media.codecs.values()),
    )


def egress_for(plan: PlayPlan, ssrcs: Mapping[str, Ssrc], *, cname: str, random: Random) -> Egress:
    """The sending core of a player: a subscription per accepted m-line."""
    subscriptions = []
    for media in plan.media:
        source = ssrcs[media.kind]
        mid_id = media.extensions.get(MID, 0)
        subscriptions.append(
            Subscription(
                kind=media.kind,
                ssrc=source.ssrc,
                rtx_ssrc=source.rtx_ssrc or 0,
                codecs={
                    name.lower(): PayloadTypes(payload_type, rtx if source.rtx_ssrc else None)
                    for name, (payload_type, rtx) in media.payloads.items()
                },
                # a one-byte extension element holds ids up to 14 and values up to 16 bytes (RFC 8285 section 4.2)
                layout=Layout(
                    mid=media.mid,
                    mid_id=mid_id if 0 < mid_id < 15 and 0 < len(media.mid.encode()) <= 16 else 0,
                    time_id=media.extensions.get(ABS_SEND_TIME, 0) % 15,
                    transport_id=media.extensions.get(TRANSPORT_CC, 0) % 15,
                    delay_id=media.extensions.get(PLAYOUT_DELAY, 0) % 15 if media.kind == "video" else 0,
                ),
                random=random,
            )
        )
    return Egress(subscriptions, cname=cname)
