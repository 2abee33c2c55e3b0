"""A NAT's port mapping that can be forgotten, on raw IPv4 packets: what a rebooting home router does to a session."""

from __future__ import annotations

_UDP = 17
_CHECKSUM = 6  # offset of the checksum in a UDP header


class PortShift:
    """Sends UDP out from other source ports and lets in only what answers them; shift 0 touches nothing."""

    def __init__(self) -> None:
        self._shift = 0
        self._mapped: set[int] = set()

    def rebind(self, shift: int) -> None:
        """From now on source ports are shifted by this; the old mappings are gone and what comes for them is lost."""
        self._shift = shift
        self._mapped.clear()

    def outward(self, packet: bytes) -> bytes:
        """A packet of the client as the server sees it."""
        if not self._shift or not _is_udp(packet):
            return packet
        at = (packet[0] & 15) * 4
        port = _shifted(int.from_bytes(packet[at : at + 2], "big"), self._shift)
        self._mapped.add(port)
        return _with_port(packet, at, at, port)

    def inward(self, packet: bytes) -> bytes | None:
        """A packet of the server as the client gets it, or None: nobody's mapping."""
        if not self._shift or not _is_udp(packet):
            return packet
        at = (packet[0] & 15) * 4
        port = int.from_bytes(packet[at + 2 : at + 4], "big")
        if port not in self._mapped:
            return None
        return _with_port(packet, at, at + 2, _shifted(port, -self._shift))


def _is_udp(packet: bytes) -> bool:
    return len(packet) >= 28 and packet[0] >> 4 == 4 and packet[9] == _UDP


def _shifted(port: int, by: int) -> int:
    """Stays out of the well-known ports and is its own way back."""
    return 1024 + (port - 1024 + by) % (65536 - 1024)


def _with_port(packet: bytes, header: int, at: int, port: int) -> bytes:
    """The same packet with another port, without a checksum (RFC 768: zero means none on IPv4)."""
    changed = bytearray(packet)
    changed[at : at + 2] = port.to_bytes(2, "big")
    changed[header + _CHECKSUM : header + _CHECKSUM + 2] = bytes(2)
    return bytes(changed)
