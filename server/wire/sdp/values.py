"""The values SDP is read into and answered from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# URIs of header extensions
MID = "urn:ietf:params:rtp-hdrext:sdes:mid"  # RFC 8843 section 15
AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"  # RFC 6464
ABS_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
PLAYOUT_DELAY = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"  # RFC 8852 section 4.1
REPAIRED_RID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"  # RFC 8852 section 4.2


@dataclass(frozen=True, slots=True)
class Codec:
    """One codec of an m-line. `name` is one of `server.wire.sdp.codecs.NAMES` once accepted (as offered before)."""

    name: str
    clock_rate: int
    channels: int = 1
    fmtp: str = ""
    rtx_pt: int | None = None
    feedback: frozenset[str] = frozenset()  # "nack", "nack pli", "ccm fir", "transport-cc", "goog-remb"


@dataclass(frozen=True, slots=True)
class Ssrc:
    """An announced stream and its retransmissions' SSRC."""

    ssrc: int
    rtx_ssrc: int | None = None


@dataclass(frozen=True, slots=True)
class Remote:
    """The other side's ICE and DTLS description."""

    ufrag: str
    pwd: str
    fingerprints: tuple[tuple[str, str], ...]  # ("sha-256", "AB:CD:…")
    setup: str = "actpass"


@dataclass(frozen=True, slots=True)
class OfferedMedia:
    """One m-line as offered."""

    kind: str  # "audio", "video", "application"
    mid: str  # "" when the offer has none
    protocol: str
    formats: tuple[str, ...]  # as written: payload types for RTP
    rejected: bool  # port 0 and not bundle-only
    direction: str  # "sendrecv", "sendonly", "recvonly", "inactive"
    rtcp_mux: bool
    codecs: dict[int, Codec]  # without RTX; in the offer's order
    extensions: dict[str, int]  # {uri: id}
    ssrcs: tuple[Ssrc, ...]
    rids: dict[str, frozenset[int]]  # {rid of a simulcast stream: payload types it is bound to, none: any}
    remote: Remote | None  # media level, completed from the session level


@dataclass(frozen=True, slots=True)
class Offer:
    """A parsed offer."""

    media: tuple[OfferedMedia, ...]
    bundle: tuple[str, ...]  # mids of the first BUNDLE group
    extmap_allow_mixed: bool


@dataclass(frozen=True, slots=True)
class LocalDescription:
    """Our side of an answer."""

    ufrag: str
    pwd: str
    fingerprint_sha256: str  # "AB:CD:…"
    candidates: tuple[tuple[str, int], ...] | list[tuple[str, int]]  # (numeric address, UDP port), best first
    ssrcs: Mapping[str, Ssrc] = field(default_factory=dict)  # play: {"audio": …, "video": …}
    cname: str = ""
    msid: str = ""
    tcp_candidates: tuple[tuple[str, int], ...] | list[tuple[str, int]] = ()  # where TCP is listened for, best first


@dataclass(frozen=True, slots=True)
class PublishMedia:
    """An accepted m-line that the client sends on."""

    mid: str
    kind: str
    codecs: dict[int, Codec]  # {payload type: codec}
    extensions: dict[str, int]  # {uri: id}, those accepted
    ssrcs: tuple[Ssrc, ...]  # may be empty: then learnt from the mid extension or the payload type
    rids: tuple[str, ...] = ()  # simulcast streams, in the offer's order; empty: no simulcast


@dataclass(frozen=True, slots=True)
class PublishPlan:
    """What an accepted publisher will send."""

    remote: Remote
    media: tuple[PublishMedia, ...]


@dataclass(frozen=True, slots=True)
class PlayMedia:
    """An accepted m-line that we send on, with every codec the client takes."""

    mid: str
    kind: str
    payloads: dict[str, tuple[int, int | None]]  # {"VP8": (payload type, its RTX's or None)}
    extensions: dict[str, int]  # {uri: id}, those accepted


@dataclass(frozen=True, slots=True)
class PlayPlan:
    """What an accepted player takes."""

    remote: Remote
    media: tuple[PlayMedia, ...]
