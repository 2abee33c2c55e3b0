"""The one thing parsers of strangers' bytes raise."""

from __future__ import annotations


class BadPacket(ValueError):
    """What a stranger sent is not what it claims to be; nothing else escapes the `*_untrusted` parsers."""


class NoCommonCodec(BadPacket):
    """The offer is well formed but shares no codec with us."""
