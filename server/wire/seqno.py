"""Numbers that wrap: 16-bit RTP sequence numbers, 32-bit RTP timestamps (serial arithmetic, RFC 1982)."""

from __future__ import annotations


def difference(a: int, b: int) -> int:
    """`a - b` of two 16-bit numbers, in -32768..32767."""
    return ((a - b + 0x8000) & 0xFFFF) - 0x8000


def difference32(a: int, b: int) -> int:
    """`a - b` of two 32-bit numbers, in -2**31..2**31-1."""
    return ((a - b + 0x80000000) & 0xFFFFFFFF) - 0x80000000


def extend(seq: int, highest: int) -> int:
    """The unwrapped value of 16-bit `seq` nearest to the unwrapped `highest` (below 0 just before a start at 0)."""
    return highest + difference(seq, highest & 0xFFFF)


def extend32(value: int, highest: int) -> int:
    """The unwrapped value of 32-bit `value` nearest to the unwrapped `highest`."""
    return highest + difference32(value, highest & 0xFFFFFFFF)
