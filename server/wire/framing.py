"""Datagrams on a TCP connection: a 16-bit length before each (RFC 4571 section 2, as RFC 6544 section 3 uses it)."""

from __future__ import annotations

from server.wire.errors import BadPacket

LENGTH = 2  # bytes of the length field
MAX_DATAGRAM = 2047  # bytes: more than an Ethernet frame carries is nobody's media


def frame(datagram: bytes) -> bytes:
    """The datagram with its length before it. Raises ValueError beyond 65,535 bytes (our misuse)."""
    if len(datagram) > 0xFFFF:
        raise ValueError("a datagram of more than 65,535 bytes")
    return len(datagram).to_bytes(LENGTH, "big") + datagram


class Deframer:
    """Cuts a byte stream back into datagrams; keeps less than one of them."""

    def __init__(self) -> None:
        self._rest = b""

    def feed_untrusted(self, data: bytes) -> list[bytes]:
        """The datagrams that are whole now, empty ones left out. Raises BadPacket on one that is too long.

        After that the place of the next length is unknown: the connection is of no more use.
        """
        data = self._rest + data
        at, end = 0, len(data)
        found: list[bytes] = []
        while end - at >= LENGTH:
            size = data[at] << 8 | data[at + 1]
            if size > MAX_DATAGRAM:
                raise BadPacket("frame longer than a datagram of media")
            if end - at < LENGTH + size:
                break
            if size:
                found.append(data[at + LENGTH : at + LENGTH + size])
            at += LENGTH + size
        self._rest = data[at:]
        return found
