"""STUN messages (RFC 8489) with the ICE attributes (RFC 8445 section 16.1). `parse` stands beside `bytes`."""

from __future__ import annotations

import hmac
import ipaddress
import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from struct import Struct

from server.wire.errors import BadPacket

MAGIC = 0x2112A442
HEADER = 20  # bytes

BINDING = 0x001
REQUEST, INDICATION, SUCCESS, ERROR = 0x000, 0x010, 0x100, 0x110  # class bits inside the type (RFC 8489 section 5)

MAPPED_ADDRESS = 0x0001
USERNAME = 0x0006
MESSAGE_INTEGRITY = 0x0008
ERROR_CODE = 0x0009
UNKNOWN_ATTRIBUTES = 0x000A
XOR_MAPPED_ADDRESS = 0x0020
PRIORITY = 0x0024
USE_CANDIDATE = 0x0025
SOFTWARE = 0x8022
FINGERPRINT = 0x8028
ICE_CONTROLLED = 0x8029
ICE_CONTROLLING = 0x802A

_UNDERSTOOD = frozenset(
    {
        MAPPED_ADDRESS,
        USERNAME,
        MESSAGE_INTEGRITY,
        ERROR_CODE,
        UNKNOWN_ATTRIBUTES,
        XOR_MAPPED_ADDRESS,
        PRIORITY,
        USE_CANDIDATE,
    }
)
_FINGERPRINT_XOR = 0x5354554E  # section 14.7

_COOKIE = MAGIC.to_bytes(4, "big")
_HEADER = Struct("!HHI12s")
_ATTRIBUTE = Struct("!HH")


@dataclass(frozen=True, slots=True)
class Message:
    """One STUN message. `attributes` keeps order and duplicates; `raw` is what was parsed (empty for one we make)."""

    type: int
    transaction: bytes  # 12 bytes
    attributes: tuple[tuple[int, bytes], ...] = ()
    raw: bytes = field(default=b"", repr=False, compare=False)
    integrity_at: int = field(default=-1, repr=False, compare=False)  # offset of MESSAGE-INTEGRITY in `raw`, -1 without

    @property
    def method(self) -> int:
        """The method without its class bits; BINDING is 1."""
        return self.type & ~0x110

    @property
    def message_class(self) -> int:
        """REQUEST, INDICATION, SUCCESS or ERROR."""
        return self.type & 0x110

    def get(self, kind: int) -> bytes | None:
        """The first attribute of that type (section 14: only the first counts)."""
        return next((value for name, value in self.attributes if name == kind), None)

    def unknown_required(self) -> tuple[int, ...]:
        """Comprehension-required attributes (below 0x8000) that we don't know."""
        return tuple(kind for kind, _ in self.attributes if kind < 0x8000 and kind not in _UNDERSTOOD)

    def check_integrity(self, key: bytes) -> bool:
        """Whether MESSAGE-INTEGRITY is there and made with `key` (section 14.5)."""
        if self.integrity_at < 0:
            return False
        given = self.raw[self.integrity_at + 4 : self.integrity_at + 24]
        return hmac.compare_digest(given, _integrity(self.raw[: self.integrity_at], key))

    def error_code(self) -> int:
        """The number in ERROR-CODE, 0 without one."""
        value = self.get(ERROR_CODE)
        return (value[2] & 7) * 100 + value[3] if value and len(value) >= 4 else 0

    def build(self, key: bytes | None = None, *, fingerprint: bool = True) -> bytes:
        """The bytes, with MESSAGE-INTEGRITY when there is a `key` and FINGERPRINT unless told."""
        body = b"".join(
            _ATTRIBUTE.pack(kind, len(value)) + value + bytes(-len(value) % 4) for kind, value in self.attributes
        )
        message = _HEADER.pack(self.type, len(body), MAGIC, self.transaction) + body
        if key is not None:
            message += _ATTRIBUTE.pack(MESSAGE_INTEGRITY, 20) + _integrity(message, key)
            message = _with_length(message, len(message) - HEADER)
        if fingerprint:
            message = _with_length(message, len(message) - HEADER + 8)
            checksum = zlib.crc32(message) ^ _FINGERPRINT_XOR
            message += _ATTRIBUTE.pack(FINGERPRINT, 4) + checksum.to_bytes(4, "big")
        return message

    def __bytes__(self) -> bytes:
        return self.build(fingerprint=False)


def _with_length(message: bytes, length: int) -> bytes:
    return message[:2] + length.to_bytes(2, "big") + message[4:]


def _integrity(before: bytes, key: bytes) -> bytes:
    """HMAC-SHA1 over what precedes the attribute, the length field counting up to its end (section 14.5)."""
    return hmac.digest(key, _with_length(before, len(before) - HEADER + 24), "sha1")


def parse_untrusted(data: bytes) -> Message:
    """One STUN message from one datagram; a FINGERPRINT, where present, is checked. Raises BadPacket."""
    if len(data) < HEADER:
        raise BadPacket("shorter than a STUN header")
    kind, length, magic, transaction = _HEADER.unpack_from(data)
    if kind & 0xC000 or magic != MAGIC or length % 4 or length + HEADER != len(data):
        raise BadPacket("not a STUN message")
    attributes: list[tuple[int, bytes]] = []
    integrity_at = -1
    position = HEADER
    while position < len(data):
        name, size = _ATTRIBUTE.unpack_from(data, position)
        value = data[position + 4 : position + 4 + size]
        if len(value) != size:
            raise BadPacket("attribute longer than the message")
        if name == FINGERPRINT:
            _check_fingerprint(data, position, value)
        elif integrity_at >= 0:
            pass  # behind MESSAGE-INTEGRITY only FINGERPRINT counts (section 14.5)
        elif name == MESSAGE_INTEGRITY:
            if size != 20:
                raise BadPacket("integrity of a wrong size")
            integrity_at = position
        else:
            attributes.append((name, value))
        position += 4 + size + (-size % 4)
    if position != len(data):
        raise BadPacket("cut in an attribute's padding")
    return Message(kind, transaction, tuple(attributes), bytes(data), integrity_at)


def _check_fingerprint(data: bytes, position: int, value: bytes) -> None:
    if len(value) != 4 or position + 8 != len(data):
        raise BadPacket("fingerprint is not the last attribute")
    if int.from_bytes(value, "big") != zlib.crc32(data[:position]) ^ _FINGERPRINT_XOR:
        raise BadPacket("fingerprint does not match")


def pack_xor_address(host: str, port: int, transaction: bytes) -> bytes:
    """The value of XOR-MAPPED-ADDRESS (section 14.2) for a numeric IPv4 or IPv6 host."""
    address, size = _packed(host)
    mask = int.from_bytes((_COOKIE + transaction)[:size], "big")
    mixed = (address ^ mask).to_bytes(size, "big")
    return (b"\0\1" if size == 4 else b"\0\2") + (port ^ MAGIC >> 16).to_bytes(2, "big") + mixed


@lru_cache(maxsize=4096)
def _packed(host: str) -> tuple[int, int]:
    """A numeric host as a number and its length in bytes; kept, since each peer asks every few seconds."""
    packed = ipaddress.ip_address(host.partition("%")[0]).packed
    return int.from_bytes(packed, "big"), len(packed)


def read_xor_address_untrusted(value: bytes, transaction: bytes) -> tuple[str, int]:
    """(host, port) from XOR-MAPPED-ADDRESS. Raises BadPacket."""
    size = {1: 4, 2: 16}.get(value[1]) if len(value) >= 4 else None
    if size is None or len(value) != 4 + size:
        raise BadPacket("not an address")
    mask = MAGIC.to_bytes(4, "big") + transaction
    packed = bytes(a ^ b for a, b in zip(value[4:], mask, strict=False))
    return str(ipaddress.ip_address(packed)), int.from_bytes(value[2:4], "big") ^ MAGIC >> 16


def pack_error(code: int, reason: str) -> bytes:
    """The value of ERROR-CODE (section 14.8)."""
    return bytes((0, 0, code // 100, code % 100)) + reason.encode()
