"""Reading an offer. Strict where security or our state depends on it, deaf to what we don't use."""

from __future__ import annotations

import re
from dataclasses import replace

from server.wire.errors import BadPacket
from server.wire.sdp.simulcast import parse_simulcast
from server.wire.sdp.values import Codec, Offer, OfferedMedia, Remote, Ssrc

MAX_SIZE = 65536  # characters; Chromium's largest offer seen has 8,000
MAX_LINES = 2000
MAX_MEDIA = 16

FEEDBACK = frozenset({"nack", "nack pli", "ccm fir", "transport-cc", "goog-remb"})
DIRECTIONS = frozenset({"sendrecv", "sendonly", "recvonly", "inactive"})
HASHES = {"sha-256": 32, "sha-384": 48, "sha-512": 64}  # name → bytes; RFC 8122 asks no more of us than SHA-256

_TOKEN = re.compile(r"[!#$%&'*+.^_`{|}~A-Za-z0-9-]{1,64}")  # RFC 8866 token
_UFRAG = re.compile(r"[A-Za-z0-9+/]{4,256}")  # RFC 8839 section 5.4
_PWD = re.compile(r"[A-Za-z0-9+/]{22,256}")
_VISIBLE = re.compile(r"[\x20-\x7e]*")

Attributes = list[tuple[str, str]]


def number_untrusted(text: str, most: int) -> int:
    """A plain decimal number, 0..most. Raises BadPacket."""
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise BadPacket("not a number")
    value = int(text)
    if value > most:
        raise BadPacket("number out of range")
    return value


def sections_untrusted(text: str) -> list[tuple[str, Attributes]]:
    """[("", session attributes), (m-line without "m=", its attributes), …]. Raises BadPacket."""
    if len(text) > MAX_SIZE:
        raise BadPacket("SDP too long")
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        raise BadPacket("SDP has too many lines")
    sections: list[tuple[str, Attributes]] = [("", [])]
    for raw in lines:
        line = raw.rstrip("\r")
        if line[:2] == "m=":
            if len(sections) > MAX_MEDIA:
                raise BadPacket("too many m-lines")
            sections.append((line[2:], []))
        elif line[:2] == "a=":
            name, _, value = line[2:].partition(":")
            sections[-1][1].append((name, value.strip()))
    return sections


def credentials_untrusted(ufrag: str, pwd: str) -> tuple[str, str]:
    """(ufrag, pwd) if they are what RFC 8839 allows. Raises BadPacket."""
    if not _UFRAG.fullmatch(ufrag) or not _PWD.fullmatch(pwd):
        raise BadPacket("impossible ICE credentials")
    return ufrag, pwd


def parse_offer_untrusted(text: str) -> Offer:
    """A WHIP or WHEP client's offer. Raises BadPacket."""
    if not text.startswith("v=0"):
        raise BadPacket("not SDP")
    sections = sections_untrusted(text)
    session = sections[0][1]
    bundle: tuple[str, ...] = ()
    for value in _all(session, "group"):
        semantics, *mids = value.split() or [""]
        if semantics == "BUNDLE" and not bundle:
            bundle = tuple(mids)
    media = tuple(_parse_media(line, attributes, session) for line, attributes in sections[1:])
    if not media:
        raise BadPacket("no m-lines")
    mids = [each.mid for each in media if each.mid]
    if len(set(mids)) != len(mids):
        raise BadPacket("the same mid twice")
    mixed = bool(_all(session, "extmap-allow-mixed")) or any(_all(each[1], "extmap-allow-mixed") for each in sections)
    return Offer(media, bundle, mixed)


def _all(attributes: Attributes, name: str) -> list[str]:
    return [value for key, value in attributes if key == name]


def _first(name: str, *levels: Attributes) -> str | None:
    for attributes in levels:
        for key, value in attributes:
            if key == name:
                return value
    return None


def _parse_media(line: str, attributes: Attributes, session: Attributes) -> OfferedMedia:
    parts = line.split()
    if len(parts) < 4 or not all(_TOKEN.fullmatch(part.replace("/", "-")) for part in parts):
        raise BadPacket("not an m-line")
    kind, port, protocol, *formats = parts
    names = {name for name, _ in attributes}
    mid = _first("mid", attributes) or ""
    if mid and not _TOKEN.fullmatch(mid):
        raise BadPacket("not a mid")
    directions = [name for name, _ in (*attributes, *session) if name in DIRECTIONS]
    rtp = kind in ("audio", "video") and "RTP" in protocol
    return OfferedMedia(
        kind=kind,
        mid=mid,
        protocol=protocol,
        formats=tuple(formats),
        rejected=number_untrusted(port.partition("/")[0], 65535) == 0 and "bundle-only" not in names,
        direction=directions[0] if directions else "sendrecv",
        rtcp_mux="rtcp-mux" in names,
        codecs=_parse_codecs(formats, attributes, kind) if rtp else {},
        extensions=_parse_extensions(attributes) if rtp else {},
        ssrcs=_parse_ssrcs(attributes) if rtp else (),
        rids=parse_simulcast(attributes) if rtp else {},
        remote=_parse_remote(attributes, session),
    )


def _parse_remote(attributes: Attributes, session: Attributes) -> Remote | None:
    ufrag, pwd = _first("ice-ufrag", attributes, session), _first("ice-pwd", attributes, session)
    if ufrag is None or pwd is None:
        return None
    credentials_untrusted(ufrag, pwd)
    values = _all(attributes, "fingerprint") or _all(session, "fingerprint")
    fingerprints = tuple(found for value in values if (found := _parse_fingerprint(value)) is not None)
    return Remote(ufrag, pwd, fingerprints, _first("setup", attributes, session) or "active")


def _parse_fingerprint(value: str) -> tuple[str, str] | None:
    """("sha-256", "AB:…"), None for a hash we don't take."""
    parts = value.split()
    if len(parts) != 2:
        raise BadPacket("not a fingerprint")
    algorithm, digest = parts[0].lower(), parts[1].upper()
    size = HASHES.get(algorithm)
    if size is None:
        return None
    if not re.fullmatch(r"[0-9A-F]{2}(:[0-9A-F]{2})*", digest) or len(digest) != 3 * size - 1:
        raise BadPacket("not a fingerprint")
    return algorithm, digest


def _parse_extensions(attributes: Attributes) -> dict[str, int]:
    found: dict[str, int] = {}
    for value in _all(attributes, "extmap"):
        identifier, _, rest = value.partition(" ")
        uri = rest.split(" ")[0]
        number = number_untrusted(identifier.partition("/")[0], 4096 + 255)
        if 1 <= number <= 255 and _VISIBLE.fullmatch(uri):  # 4096 and up are not ids yet (RFC 8285 section 5)
            found.setdefault(uri, number)
    return found


def _parse_codecs(formats: list[str], attributes: Attributes, kind: str) -> dict[int, Codec]:
    """Codecs by payload type in the m-line's order; RTX is folded into the codec it serves."""
    fmtp = _by_payload_type(attributes, "fmtp")
    maps = _by_payload_type(attributes, "rtpmap")
    codecs: dict[int, Codec] = {}
    rtx: dict[int, int] = {}
    for each in formats:
        payload_type = number_untrusted(each, 127)
        encoding = maps.get(payload_type, "").split("/")
        if len(encoding) < 2 or not encoding[0]:
            continue
        parameters = fmtp.get(payload_type, "")
        if encoding[0].lower() == "rtx":
            apt = format_parameters(parameters).get("apt", "")
            rtx.setdefault(number_untrusted(apt, 127), payload_type)
            continue
        channels = number_untrusted(encoding[2], 255) if kind == "audio" and len(encoding) > 2 else 1
        codecs[payload_type] = Codec(encoding[0], number_untrusted(encoding[1], 10_000_000), channels, parameters)
    feedback = _parse_feedback(attributes)
    everywhere = feedback.get("*", frozenset())
    return {
        payload_type: replace(
            codec, rtx_pt=rtx.get(payload_type), feedback=everywhere | feedback.get(str(payload_type), frozenset())
        )
        for payload_type, codec in codecs.items()
    }


def _by_payload_type(attributes: Attributes, name: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for value in _all(attributes, name):
        payload_type, _, rest = value.partition(" ")
        if not _VISIBLE.fullmatch(rest):
            raise BadPacket("unprintable parameters")
        found.setdefault(number_untrusted(payload_type, 127), rest.strip())
    return found


def _parse_feedback(attributes: Attributes) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for value in _all(attributes, "rtcp-fb"):
        payload_type, _, feedback = value.partition(" ")
        if feedback in FEEDBACK:
            found[payload_type] = found.get(payload_type, frozenset()) | {feedback}
    return found


def format_parameters(fmtp: str) -> dict[str, str]:
    """ "a=1;b=2" as {"a": "1", "b": "2"}, names in lower case."""
    pairs = (part.strip().partition("=") for part in fmtp.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name}


def _parse_ssrcs(attributes: Attributes) -> tuple[Ssrc, ...]:
    """Announced SSRCs with their RTX partners (ssrc-group:FID, RFC 5576), in order."""
    order: list[int] = []
    for value in _all(attributes, "ssrc"):
        ssrc = number_untrusted(value.partition(" ")[0], 0xFFFFFFFF)
        if ssrc not in order:
            order.append(ssrc)
    partner: dict[int, int] = {}
    for value in _all(attributes, "ssrc-group"):
        semantics, *members = value.split() or [""]
        if semantics == "FID" and len(members) == 2:
            first, second = (number_untrusted(member, 0xFFFFFFFF) for member in members)
            partner[first] = second
    repairs = set(partner.values())
    return tuple(Ssrc(ssrc, partner.get(ssrc)) for ssrc in order if ssrc not in repairs)
