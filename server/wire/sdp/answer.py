"""Answers: what we take of an offer, and the text that says so (RFC 8829 section 5.3, RFC 9725).

We are ICE-lite and DTLS server, everything on one BUNDLEd transport. Of several lines of a kind the first that can be
used is, the others become inactive; lines we cannot use at all are rejected with port 0.
"""

from __future__ import annotations

import ipaddress
import zlib
from typing import TYPE_CHECKING

from server.wire.errors import BadPacket, NoCommonCodec
from server.wire.sdp import codecs as codec_rules
from server.wire.sdp import simulcast
from server.wire.sdp.codecs import Codecs, codec_lines, supported
from server.wire.sdp.offer import HASHES
from server.wire.sdp.values import (
    ABS_SEND_TIME,
    AUDIO_LEVEL,
    MID,
    PLAYOUT_DELAY,
    REPAIRED_RID,
    RID,
    TRANSPORT_CC,
    LocalDescription,
    Offer,
    OfferedMedia,
    PlayMedia,
    PlayPlan,
    PublishMedia,
    PublishPlan,
    Remote,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

PUBLISH_EXTENSIONS = (MID, RID, REPAIRED_RID, ABS_SEND_TIME, TRANSPORT_CC, AUDIO_LEVEL)
PLAY_EXTENSIONS = (MID, ABS_SEND_TIME, TRANSPORT_CC, PLAYOUT_DELAY)


def answer_publish(offer: Offer, local: LocalDescription, prefer: Sequence[str] = ()) -> tuple[str, PublishPlan]:
    """Accept what the client wants to send: one video codec (the first of `prefer`, else the offer's first) and Opus.

    Simulcast streams are taken as offered, the redundant form of Opus (RFC 2198) beside it.

    `prefer` names codecs ("H264", "VP8"), best first. Raises BadPacket, NoCommonCodec.
    """
    chosen = _choose(offer, ("sendonly", "sendrecv"))
    remote = _remote(offer, chosen)
    codecs = {line: codec_rules.to_publish(offer.media[line], prefer) for line in chosen}
    extensions = {line: _extensions(offer.media[line], PUBLISH_EXTENSIONS) for line in chosen}
    rids = {line: _rids(offer.media[line], codecs[line], extensions[line]) for line in chosen}
    text = _answer(offer, local, codecs, extensions, "recvonly", lambda line: simulcast.answer_lines(rids[line]))
    media = tuple(
        PublishMedia(each.mid, each.kind, codecs[line], extensions[line], each.ssrcs, rids[line])
        for line, each in enumerate(offer.media)
        if line in chosen
    )
    return text, PublishPlan(remote, media)


def answer_play(offer: Offer, local: LocalDescription) -> tuple[str, PlayPlan]:
    """Accept what the client wants to receive, keeping all common codecs. Raises BadPacket, NoCommonCodec."""
    chosen = _choose(offer, ("recvonly", "sendrecv"))
    remote = _remote(offer, chosen)
    codecs = {line: codec_rules.to_play(offer.media[line]) for line in chosen}
    extensions = {line: _extensions(offer.media[line], PLAY_EXTENSIONS) for line in chosen}
    text = _answer(offer, local, codecs, extensions, "sendonly", lambda line: _sender_lines(offer.media[line], local))
    media = tuple(
        PlayMedia(
            each.mid,
            each.kind,
            {codec.name: (pt, codec.rtx_pt) for pt, codec in codecs[line].items()},
            extensions[line],
        )
        for line, each in enumerate(offer.media)
        if line in chosen
    )
    return text, PlayPlan(remote, media)


def _choose(offer: Offer, directions: tuple[str, ...]) -> list[int]:
    """Indices of the m-lines to use: the first usable one of each kind."""
    chosen: dict[str, int] = {}
    wanted = False
    for line, media in enumerate(offer.media):
        if media.rejected or media.direction not in directions or media.kind not in ("audio", "video"):
            continue
        wanted = True
        if media.kind not in chosen and supported(media):
            chosen[media.kind] = line
    if not wanted:
        raise BadPacket("the offer has no audio or video in that direction")
    if not chosen:
        raise NoCommonCodec("no common codec")
    return sorted(chosen.values())


def _remote(offer: Offer, chosen: Sequence[int]) -> Remote:
    for line in chosen:
        media = offer.media[line]
        if not media.rtcp_mux:
            raise BadPacket("rtcp-mux is needed")
        if len(chosen) > 1 and media.mid not in offer.bundle:
            raise BadPacket("BUNDLE is needed")
    remote = offer.media[chosen[0]].remote
    if remote is None:
        raise BadPacket("no ICE credentials")
    if not any(algorithm in HASHES for algorithm, _ in remote.fingerprints):
        raise BadPacket("no fingerprint with SHA-256 or better")
    if remote.setup not in ("actpass", "active"):
        raise BadPacket("the client must be the DTLS client")
    return remote


def _rids(media: OfferedMedia, codecs: Codecs, extensions: dict[str, int]) -> tuple[str, ...]:
    """The simulcast streams to take: none when the client would not mark its packets with the rid."""
    return simulcast.usable(media.rids, codecs) if RID in extensions else ()


def _extensions(media: OfferedMedia, wanted: Sequence[str]) -> dict[str, int]:
    return {uri: media.extensions[uri] for uri in wanted if uri in media.extensions}


def _answer(
    offer: Offer,
    local: LocalDescription,
    codecs: dict[int, Codecs],
    extensions: dict[int, dict[str, int]],
    direction: str,
    stream_lines: Callable[[int], list[str]],
) -> str:
    lines: list[str] = []
    bundled: list[str] = []
    for line, media in enumerate(offer.media):
        taken = codecs.get(line)
        spare = supported(media) if taken is None and not media.rejected and media.mid in offer.bundle else None
        if taken is None and not spare:
            lines += _rejected(media)
            continue
        if media.mid in offer.bundle:
            bundled.append(media.mid)
        lines += _media_head(media, taken or spare or {})
        lines.append(f"a={direction if taken is not None else 'inactive'}")
        # RFC 8843 asks for them once, in the tagged line; aiortc bundling at most reads another, and nobody minds both.
        lines += _transport(local, candidates=taken is not None)
        lines += [f"a=extmap:{number} {uri}" for uri, number in extensions.get(line, {}).items()]
        lines += codec_lines(taken or spare or {})
        if taken is not None:
            lines += stream_lines(line)
    head = ["v=0", f"o=- {zlib.crc32(local.ufrag.encode())} 1 IN IP4 0.0.0.0", "s=-", "t=0 0"]
    if bundled:
        # The first mid names the transport: it must be a line that carries the candidates.
        first = next(media.mid for line, media in enumerate(offer.media) if line in codecs)
        bundled.sort(key=lambda mid: mid != first)
        head.append("a=group:BUNDLE " + " ".join(bundled))
    if offer.extmap_allow_mixed:
        head.append("a=extmap-allow-mixed")
    head += ["a=msid-semantic: WMS *", "a=ice-lite", "a=ice-options:ice2"]
    return "\r\n".join([*head, *lines, ""])


def _rejected(media: OfferedMedia) -> list[str]:
    lines = [f"m={media.kind} 0 {media.protocol} {' '.join(media.formats)}", "c=IN IP4 0.0.0.0"]
    return [*lines, *([f"a=mid:{media.mid}"] if media.mid else []), "a=inactive"]


def _media_head(media: OfferedMedia, codecs: Codecs) -> list[str]:
    payload_types = " ".join(
        str(pt) for pt, codec in codecs.items() for pt in ((pt,) if codec.rtx_pt is None else (pt, codec.rtx_pt))
    )
    return [
        f"m={media.kind} 9 {media.protocol} {payload_types}",
        "c=IN IP4 0.0.0.0",
        "a=rtcp:9 IN IP4 0.0.0.0",
        *([f"a=mid:{media.mid}"] if media.mid else []),
        "a=rtcp-mux",
        "a=rtcp-rsize",
    ]


def _transport(local: LocalDescription, *, candidates: bool) -> list[str]:
    lines = [
        f"a=ice-ufrag:{local.ufrag}",
        f"a=ice-pwd:{local.pwd}",
        f"a=fingerprint:sha-256 {local.fingerprint_sha256}",
        "a=setup:passive",
    ]
    if candidates:
        lines += [*candidate_lines(local.candidates, local.tcp_candidates), "a=end-of-candidates"]
    return lines


def candidate_lines(candidates: Iterable[tuple[str, int]], tcp: Iterable[tuple[str, int]] = ()) -> list[str]:
    """SDP lines of our host addresses, best first (RFC 8445 section 5.1.2.1). Raises ValueError on our misuse.

    Those that listen for TCP (RFC 6544 section 4.5) follow: whoever can use UDP should.
    """
    lines: list[str] = []
    for host, port in candidates:
        ipaddress.ip_address(host)
        priority = 126 << 24 | (65535 - len(lines)) << 8 | 255
        lines.append(f"a=candidate:{len(lines) + 1} 1 udp {priority} {host} {port} typ host")
    for index, (host, port) in enumerate(tcp):
        ipaddress.ip_address(host)
        # section 4.2: type preference below UDP's (Chromium's own for TCP hosts), direction preference 4 for passive
        priority = 90 << 24 | (4 << 13 | (8191 - index)) << 8 | 255
        lines.append(f"a=candidate:{len(lines) + 1} 1 tcp {priority} {host} {port} typ host tcptype passive")
    return lines


def _sender_lines(media: OfferedMedia, local: LocalDescription) -> list[str]:
    source = local.ssrcs[media.kind]
    stream = local.msid or "-"
    lines = [f"a=msid:{stream} {media.kind}"]
    ssrcs = [source.ssrc]
    if source.rtx_ssrc is not None:
        ssrcs.append(source.rtx_ssrc)
        lines.append(f"a=ssrc-group:FID {source.ssrc} {source.rtx_ssrc}")
    for ssrc in ssrcs:
        lines += [f"a=ssrc:{ssrc} cname:{local.cname}", f"a=ssrc:{ssrc} msid:{stream} {media.kind}"]
    return lines
