"""Answers: what we take of an offer, and the text that says so (RFC 8829 section 5.3, RFC 9725).

We are ICE-lite and DTLS server, everything on one BUNDLEd transport. Of several lines of a kind the first that can be
used is, the others become inactive; lines we cannot use at all are rejected with port 0.
"""

from __future__ import annotations

import ipaddress
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

from server.wire.errors import BadPacket, NoCommonCodec
from server.wire.sdp.offer import HASHES, format_parameters
from server.wire.sdp.values import (
    ABS_SEND_TIME,
    AUDIO_LEVEL,
    MID,
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
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

PUBLISH_EXTENSIONS = (MID, ABS_SEND_TIME, TRANSPORT_CC, AUDIO_LEVEL)
PLAY_EXTENSIONS = (MID, ABS_SEND_TIME)
OPUS_FMTP = "minptime=10;useinbandfec=1"

Codecs = dict[int, Codec]


def answer_publish(offer: Offer, local: LocalDescription, prefer: Sequence[str] = ()) -> tuple[str, PublishPlan]:
    """Accept what the client wants to send: one video codec (the first of `prefer`, else the offer's first) and Opus.

    `prefer` names codecs ("H264", "VP8"), best first. Raises BadPacket, NoCommonCodec.
    """
    chosen = _choose(offer, ("sendonly", "sendrecv"))
    remote = _remote(offer, chosen)
    codecs = {line: _publish_codecs(offer.media[line], prefer) for line in chosen}
    extensions = {line: _extensions(offer.media[line], PUBLISH_EXTENSIONS) for line in chosen}
    text = _answer(offer, local, codecs, extensions, "recvonly", lambda media: [])
    media = tuple(
        PublishMedia(each.mid, each.kind, codecs[line], extensions[line], each.ssrcs)
        for line, each in enumerate(offer.media)
        if line in chosen
    )
    return text, PublishPlan(remote, media)


def answer_play(offer: Offer, local: LocalDescription) -> tuple[str, PlayPlan]:
    """Accept what the client wants to receive, keeping all common codecs. Raises BadPacket, NoCommonCodec."""
    chosen = _choose(offer, ("recvonly", "sendrecv"))
    remote = _remote(offer, chosen)
    codecs = {line: _play_codecs(offer.media[line]) for line in chosen}
    extensions = {line: _extensions(offer.media[line], PLAY_EXTENSIONS) for line in chosen}
    text = _answer(offer, local, codecs, extensions, "sendonly", lambda media: _sender_lines(media, local))
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


def supported(media: OfferedMedia) -> Codecs:
    """{payload type: codec} of what we can forward: names normalised, one per codec, in the offer's order."""
    best: dict[str, tuple[int, int, Codec]] = {}
    for payload_type, codec in media.codecs.items():
        name, rank = _match(media.kind, codec)
        if rank and (name not in best or rank > best[name][0]):
            best[name] = (rank, payload_type, replace(codec, name=name))
    order = list(best)  # dicts keep the place of a name's first sight
    return {best[name][1]: best[name][2] for name in order}


def _match(kind: str, codec: Codec) -> tuple[str, int]:
    """(our name, how well it fits; 0: not at all)."""
    name = codec.name.lower()
    if kind == "audio":
        return "opus", int(name == "opus" and codec.clock_rate == 48000)
    if codec.clock_rate != 90000:
        return "", 0
    if name == "vp8":
        return "VP8", 1
    if name == "h264":
        parameters = format_parameters(codec.fmtp)
        profile = parameters.get("profile-level-id", "42000a").lower()  # the default of RFC 6184 section 8.1
        if parameters.get("packetization-mode") == "1" and profile.startswith("42"):
            return "H264", 2 if profile.startswith("42e0") else 1  # 42e0: constrained baseline, what decoders agree on
    return "", 0


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


def _publish_codecs(media: OfferedMedia, prefer: Sequence[str]) -> Codecs:
    ranked = sorted(
        supported(media).items(), key=lambda item: prefer.index(item[1].name) if item[1].name in prefer else len(prefer)
    )
    payload_type, codec = ranked[0]
    # Where transport-cc is spoken REMB only confuses: a sender takes the lower of both.
    feedback = codec.feedback - {"goog-remb"} if "transport-cc" in codec.feedback else codec.feedback
    return {payload_type: _answered(codec, feedback)}


def _play_codecs(media: OfferedMedia) -> Codecs:
    # Without transport-cc the client reports its estimate as REMB once abs-send-time is there.
    return {pt: _answered(codec, codec.feedback - {"transport-cc"}) for pt, codec in supported(media).items()}


def _answered(codec: Codec, feedback: frozenset[str]) -> Codec:
    return replace(codec, feedback=feedback, fmtp=OPUS_FMTP if codec.name == "opus" else codec.fmtp)


def _extensions(media: OfferedMedia, wanted: Sequence[str]) -> dict[str, int]:
    return {uri: media.extensions[uri] for uri in wanted if uri in media.extensions}


def _answer(
    offer: Offer,
    local: LocalDescription,
    codecs: dict[int, Codecs],
    extensions: dict[int, dict[str, int]],
    direction: str,
    sender_lines: Callable[[OfferedMedia], list[str]],
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
        lines += _codec_lines(taken or spare or {})
        if taken is not None:
            lines += sender_lines(media)
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
        lines += [*candidate_lines(local.candidates), "a=end-of-candidates"]
    return lines


def candidate_lines(candidates: Iterable[tuple[str, int]]) -> list[str]:
    """SDP lines of our host addresses, best first (RFC 8445 section 5.1.2.1). Raises ValueError on our misuse."""
    lines = []
    for index, (host, port) in enumerate(candidates):
        ipaddress.ip_address(host)
        priority = 126 << 24 | (65535 - index) << 8 | 255
        lines.append(f"a=candidate:{index + 1} 1 udp {priority} {host} {port} typ host")
    return lines


def _codec_lines(codecs: Codecs) -> list[str]:
    lines: list[str] = []
    for payload_type, codec in codecs.items():
        channels = f"/{codec.channels}" if codec.channels > 1 else ""
        lines.append(f"a=rtpmap:{payload_type} {codec.name}/{codec.clock_rate}{channels}")
        lines += [f"a=rtcp-fb:{payload_type} {feedback}" for feedback in sorted(codec.feedback)]
        if codec.fmtp:
            lines.append(f"a=fmtp:{payload_type} {codec.fmtp}")
        if codec.rtx_pt is not None:
            lines.append(f"a=rtpmap:{codec.rtx_pt} rtx/{codec.clock_rate}")
            lines.append(f"a=fmtp:{codec.rtx_pt} apt={payload_type}")
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
