"""SDP as WHIP and WHEP use it (RFC 8866, 8829, 8839, 8843, 8853, 9725): offers in, answers out, ICE fragments."""

from __future__ import annotations

from server.wire.sdp.answer import answer_play, answer_publish
from server.wire.sdp.fragment import Fragment, build_fragment, parse_fragment_untrusted
from server.wire.sdp.offer import parse_offer_untrusted
from server.wire.sdp.values import (
    ABS_SEND_TIME,
    AUDIO_LEVEL,
    MID,
    PLAYOUT_DELAY,
    REPAIRED_RID,
    RID,
    TRANSPORT_CC,
    Codec,
    LocalDescription,
    Offer,
    OfferedMedia,
    PlayMedia,
    PlayPlan,
    PublishMedia,
    PublishPlan,
    Remote,
    Ssrc,
)

__all__ = [
    "ABS_SEND_TIME",
    "AUDIO_LEVEL",
    "MID",
    "PLAYOUT_DELAY",
    "REPAIRED_RID",
    "RID",
    "TRANSPORT_CC",
    "Codec",
    "Fragment",
    "LocalDescription",
    "Offer",
    "OfferedMedia",
    "PlayMedia",
    "PlayPlan",
    "PublishMedia",
    "PublishPlan",
    "Remote",
    "Ssrc",
    "answer_play",
    "answer_publish",
    "build_fragment",
    "parse_fragment_untrusted",
    "parse_offer_untrusted",
]
