"""The few lines of SDP the load client needs: its offers, its answer to an offer, and the other side's transport."""

from __future__ import annotations

import re
from dataclasses import dataclass

OPUS, VP8, RTX = 111, 96, 97
AUDIO_SSRC, VIDEO_SSRC, RTX_SSRC = 0x11111111, 0x22222222, 0x33333333
MID_ID, ABS_SEND_TIME_ID = 1, 2

_EXTENSIONS = [
    f"a=extmap:{MID_ID} urn:ietf:params:rtp-hdrext:sdes:mid",
    f"a=extmap:{ABS_SEND_TIME_ID} http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
]
_AUDIO_CODECS = [f"a=rtpmap:{OPUS} opus/48000/2", f"a=fmtp:{OPUS} minptime=10;useinbandfec=1"]
_VIDEO_CODECS = [
    f"a=rtpmap:{VP8} VP8/90000",
    f"a=rtcp-fb:{VP8} nack",
    f"a=rtcp-fb:{VP8} nack pli",
    f"a=rtcp-fb:{VP8} ccm fir",
    f"a=rtcp-fb:{VP8} goog-remb",
    f"a=rtpmap:{RTX} rtx/90000",
    f"a=fmtp:{RTX} apt={VP8}",
]


@dataclass(frozen=True, slots=True)
class Local:
    """Our side."""

    ufrag: str
    pwd: str
    fingerprint: str
    address: tuple[str, int]

    def lines(self, setup: str) -> list[str]:
        host, port = self.address
        return [
            f"a=ice-ufrag:{self.ufrag}",
            f"a=ice-pwd:{self.pwd}",
            f"a=fingerprint:sha-256 {self.fingerprint}",
            f"a=setup:{setup}",
            f"a=candidate:1 1 udp 2130706431 {host} {port} typ host",
            "a=end-of-candidates",
            "a=rtcp-mux",
        ]


@dataclass(frozen=True, slots=True)
class Transport:
    """Theirs."""

    ufrag: str
    pwd: str
    fingerprints: tuple[tuple[str, str], ...]
    address: tuple[str, int]


def offer(local: Local, direction: str) -> str:
    """One audio and one video line; `direction` is "sendonly" or "recvonly"."""
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1", "a=msid-semantic: WMS *"]
    for mid, kind, types, codecs, ssrcs in (
        ("0", "audio", f"{OPUS}", _AUDIO_CODECS, [AUDIO_SSRC]),
        ("1", "video", f"{VP8} {RTX}", _VIDEO_CODECS, [VIDEO_SSRC, RTX_SSRC]),
    ):
        lines += [f"m={kind} 9 UDP/TLS/RTP/SAVPF {types}", "c=IN IP4 0.0.0.0", f"a=mid:{mid}", f"a={direction}"]
        lines += local.lines("active") + _EXTENSIONS + codecs
        if direction == "sendonly":
            lines.append(f"a=msid:bench {kind}")
            if len(ssrcs) == 2:
                lines.append(f"a=ssrc-group:FID {ssrcs[0]} {ssrcs[1]}")
            lines += [f"a=ssrc:{ssrc} cname:bench" for ssrc in ssrcs]
    return "\r\n".join([*lines, ""])


def answer(offered: str, local: Local) -> str:
    """Take everything that is offered (Janus offers to its subscribers)."""
    mids = re.findall(r"^a=mid:(\S+)", offered, re.MULTILINE)
    lines = ["v=0", "o=- 2 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE " + " ".join(mids)]
    for section in re.split(r"^m=", offered, flags=re.MULTILINE)[1:]:
        kept = [line for line in section.splitlines() if re.match(r"a=(mid|rtpmap|fmtp|rtcp-fb|extmap):", line)]
        lines += [f"m={section.splitlines()[0]}", "c=IN IP4 0.0.0.0", "a=recvonly", *kept, *local.lines("active")]
    return "\r\n".join([*lines, ""])


def transport(text: str) -> Transport:
    """The other side's ICE and DTLS, and the first UDP IPv4 candidate. Raises ValueError when something is missing."""
    found = {name: re.search(rf"^a={name}:(\S+)", text, re.MULTILINE) for name in ("ice-ufrag", "ice-pwd")}
    ufrag, pwd = found["ice-ufrag"], found["ice-pwd"]
    candidate = re.search(
        r"^a=candidate:\S+ 1 udp \d+ (\d+\.\d+\.\d+\.\d+) (\d+) typ host", text, re.MULTILINE | re.IGNORECASE
    )
    if ufrag is None or pwd is None or candidate is None:
        raise ValueError(f"no transport in the answer:\n{text}")
    prints = re.findall(r"^a=fingerprint:(\S+) (\S+)", text, re.MULTILINE)
    return Transport(
        ufrag[1],
        pwd[1],
        tuple({(algorithm.lower(), value.upper()) for algorithm, value in prints}),
        (candidate[1], int(candidate[2])),
    )
