"""What every assembler of pictures does, whatever the codec: hold the picture in hand, and let it go after a loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recorder.depacket.units import Packet


class PictureAssembler:
    """Packets in order in, whole decodable pictures out: after a loss nothing until the next keyframe."""

    def __init__(self) -> None:
        self.damaged = True  # nothing decodes before the first keyframe
        self._parts: list[bytes] = []  # of the picture in hand
        self._first: Packet | None = None  # where it begins

    @property
    def oldest(self) -> int | None:
        """The record number where the picture in hand begins."""
        return self._first.number if self._first else None

    @property
    def begun_ns(self) -> int | None:
        """When its first packet arrived (Unix ns)."""
        return self._first.arrival_ns if self._first else None

    def resume(self) -> None:
        """The recording so far ends right before the next packet and is whole."""
        self.damaged = False

    def lost(self) -> None:
        """Packets before the next one are missing."""
        self._drop()
        self.damaged = True

    def _drop(self) -> None:
        self._first = None
        self._parts = []
