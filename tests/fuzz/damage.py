"""Real inputs with damage: what finds most without any guidance."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random


def damage(data: bytes, rng: random.Random) -> bytes:
    """One to four of: flip a byte, cut, remove or repeat a stretch, insert noise."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        if not changed:
            break
        at = rng.randrange(len(changed))
        size = rng.randint(1, 8)
        match rng.randrange(6):
            case 0 | 1:
                changed[at] = rng.choice((0, 1, 0x7F, 0xFF, 0x20, rng.randrange(256)))
            case 2:
                del changed[at:]
            case 3:
                del changed[at : at + size]
            case 4:
                changed[at:at] = changed[at : at + size]
            case _:
                changed[at:at] = rng.randbytes(size)
    return bytes(changed)
