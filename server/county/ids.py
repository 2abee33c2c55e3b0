"""Ids: a prefix letter, then 26 characters of base32 that sort by time (48 bits of ms, 80 random bits: a ULID)."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base32, lower case: no i, l, o, u
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # read aloud and typed: no 0/O, 1/I/L, U
CODE_LENGTH = 8


def new_id(prefix: str, now: float, random: int | None = None) -> str:
    """`random`: 80 bits, drawn from the system when None."""
    tail = secrets.randbits(80) if random is None else random
    value = (int(now * 1000) & ((1 << 48) - 1)) << 80 | tail
    return prefix + "".join(ALPHABET[value >> shift & 31] for shift in range(125, -1, -5))


def new_code() -> str:
    """A device's one-time code: 8 characters, about 39 bits."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def read_code(typed: str) -> str:
    """A code as a person typed it: any case, with spaces or dashes."""
    return "".join(char for char in typed.upper() if char.isalnum())


def new_password(length: int = 12) -> str:
    """A random password a person can read off a terminal: about 58 bits."""
    return "".join(secrets.choice("abcdefghjkmnpqrstvwxyz23456789") for _ in range(length))
