"""Bit by bit through the headers of coded video."""

from __future__ import annotations

from server.wire.errors import BadPacket


class Bits:
    """Reads numbers from the most significant bit on. Raises BadPacket at the end."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = 8 * len(data)

    def read(self, count: int) -> int:
        """An unsigned number of that many bits."""
        if count > self._left:
            raise BadPacket("cut in a header")
        self._left -= count
        return self._value >> self._left & (1 << count) - 1

    def unsigned(self) -> int:
        """ue(v), H.264 section 9.1; the same code is uvlc() in AV1 section 4.10.3."""
        zeros = 0
        while not self.read(1):
            zeros += 1
            if zeros > 31:
                raise BadPacket("impossible number in a header")
        return (1 << zeros) - 1 + self.read(zeros)

    def signed(self) -> int:
        """se(v), H.264 section 9.1.1."""
        value = self.unsigned()
        return (value + 1) // 2 if value & 1 else -(value // 2)
