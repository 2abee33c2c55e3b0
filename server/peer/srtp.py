"""SRTP in place, through pylibsrtp's cffi binding: its Python classes copy every packet twice.

Pointers are cffi `char *` or `void *` (or what cffi converts to them) to the packet's first byte.
Keep an SrtpOut or SrtpIn object as long as its raw `session` is in use: with the object libsrtp's memory goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pylibsrtp
from pylibsrtp._binding import ffi, lib

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.peer.dtls import SrtpKeys

PROFILES = {
    b"SRTP_AEAD_AES_128_GCM": pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
    b"SRTP_AES128_CM_SHA1_80": pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
}
_TAGS = {b"SRTP_AEAD_AES_128_GCM": 16, b"SRTP_AES128_CM_SHA1_80": 10}  # bytes (RFC 7714 section 14.2, RFC 5764 4.1.2)
REPLAY_WINDOW = 1024  # packets: at 1,000 packets/s a retransmission may be a second late
# What we send leaves in order but for publishers' late packets; libsrtp shifts the whole window for each packet.
SEND_WINDOW = 128
TRAILER_ROOM = 16 + 4 + 128  # bytes behind a packet that protection may need (tag, SRTCP index, MKI)
MAX_PACKET = 2048

_protect, _unprotect = lib.srtp_protect, lib.srtp_unprotect
_protect_rtcp, _unprotect_rtcp = lib.srtp_protect_rtcp, lib.srtp_unprotect_rtcp


class _Session:
    """A libsrtp session with one length cell of its own. Not for use by two threads."""

    __slots__ = ("_buffer", "_cell", "_owner", "session")

    def __init__(self, keys: SrtpKeys, key: bytes, ssrc_type: int, *, allow_repeat: bool, window: int) -> None:
        policy = pylibsrtp.Policy(key, ssrc_type, srtp_profile=PROFILES[keys.profile])
        policy.window_size = window
        policy.allow_repeat_tx = allow_repeat
        holder = ffi.new("srtp_t *")
        if lib.srtp_create(holder, policy._policy) != lib.srtp_err_status_ok:
            raise RuntimeError("libsrtp could not make a session")
        self._owner = ffi.gc(holder, lambda each: lib.srtp_dealloc(each[0]))
        self._cell = ffi.new("int *")
        self._buffer = ffi.new("char[]", MAX_PACKET + TRAILER_ROOM)
        self.session: Any = holder[0]

    def _bytes(self, function: Any, data: bytes) -> bytes | None:  # noqa: ANN401 (a cffi function)
        if len(data) > MAX_PACKET:
            raise ValueError("packet too long")
        buffer, cell = self._buffer, self._cell
        ffi.memmove(buffer, data, len(data))
        cell[0] = len(data)
        if function(self.session, buffer, cell):
            return None
        return bytes(ffi.buffer(buffer, cell[0]))


class SrtpOut(_Session):
    """Protects what we send. One (SSRC, sequence number) must never carry two different plaintexts (AES-GCM)."""

    __slots__ = ("trailer",)

    def __init__(self, keys: SrtpKeys, *, allow_repeat: bool = False) -> None:
        """`allow_repeat` lets a packet be protected twice: only where the exact same bytes are sent again.

        `trailer` is how many bytes longer a protected packet of media is.
        """
        self.trailer = _TAGS[keys.profile]
        ssrc_type = pylibsrtp.Policy.SSRC_ANY_OUTBOUND
        super().__init__(keys, keys.out_key, ssrc_type, allow_repeat=allow_repeat, window=SEND_WINDOW)

    def protect(self, pointer: Any, length: int) -> int:  # noqa: ANN401 (cdata)
        """Protect in place, with TRAILER_ROOM bytes free behind; the new length, -1 when libsrtp refuses."""
        cell = self._cell
        cell[0] = length
        return -1 if _protect(self.session, pointer, cell) else cell[0]

    def protect_rtcp(self, pointer: Any, length: int) -> int:  # noqa: ANN401 (cdata)
        """The same for a compound RTCP packet."""
        cell = self._cell
        cell[0] = length
        return -1 if _protect_rtcp(self.session, pointer, cell) else cell[0]

    def protect_bytes(self, data: bytes) -> bytes | None:
        """A protected copy; None when libsrtp refuses (a sequence number used before)."""
        return self._bytes(_protect, data)

    def protect_rtcp_bytes(self, data: bytes) -> bytes | None:
        """A protected copy of a compound RTCP packet."""
        return self._bytes(_protect_rtcp, data)


class SrtpIn(_Session):
    """Authenticates and decrypts what they send; refuses replays."""

    __slots__ = ()

    def __init__(self, keys: SrtpKeys) -> None:
        super().__init__(keys, keys.in_key, pylibsrtp.Policy.SSRC_ANY_INBOUND, allow_repeat=False, window=REPLAY_WINDOW)

    def unprotect(self, pointer: Any, length: int) -> int:  # noqa: ANN401 (cdata)
        """Decrypt in place; the plain length, -1 for what is forged, replayed or malformed."""
        cell = self._cell
        cell[0] = length
        return -1 if _unprotect(self.session, pointer, cell) else cell[0]

    def unprotect_rtcp(self, pointer: Any, length: int) -> int:  # noqa: ANN401 (cdata)
        """The same for SRTCP."""
        cell = self._cell
        cell[0] = length
        return -1 if _unprotect_rtcp(self.session, pointer, cell) else cell[0]

    def unprotect_bytes(self, data: bytes) -> bytes | None:
        """A plain copy, or None."""
        return self._bytes(_unprotect, data) if len(data) <= MAX_PACKET else None

    def unprotect_rtcp_bytes(self, data: bytes) -> bytes | None:
        """A plain copy of a compound RTCP packet, or None."""
        return self._bytes(_unprotect_rtcp, data) if len(data) <= MAX_PACKET else None


def protect_rows(sessions: Iterable[Any], pointers: Iterable[Any], length_pointers: Iterable[Any]) -> bool:
    """Protect one packet per row in place. Whether all are ready to send; the length of one that is not stays plain.

    `sessions`: `SrtpOut.session` per row; `pointers`: each row's first byte; `length_pointers`: `int *` per row,
    holding the plain length before and the protected one after. The shortest of the three ends it, so prepared lists
    may be longer. `map` keeps the loop in C: nothing but the call itself is left per packet.
    """
    return not sum(map(_protect, sessions, pointers, length_pointers))
