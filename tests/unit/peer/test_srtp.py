from __future__ import annotations

import pytest
from pylibsrtp._binding import ffi

from server.peer.dtls import SrtpKeys
from server.peer.srtp import MAX_PACKET, TRAILER_ROOM, SrtpIn, SrtpOut, protect_rows
from server.wire import rtcp, rtp

KEYS = {
    "gcm": (b"SRTP_AEAD_AES_128_GCM", bytes(range(28)), bytes(range(100, 128))),
    "sha1": (b"SRTP_AES128_CM_SHA1_80", bytes(range(30)), bytes(range(100, 130))),
}


def pair(name: str = "gcm", *, allow_repeat: bool = False) -> tuple[SrtpOut, SrtpIn]:
    profile, ours, theirs = KEYS[name]
    return SrtpOut(SrtpKeys(profile, ours, theirs), allow_repeat=allow_repeat), SrtpIn(SrtpKeys(profile, theirs, ours))


def packet(sequence: int, payload: bytes = b"payload") -> bytes:
    return rtp.build(payload_type=96, sequence=sequence, timestamp=1, ssrc=0xABCDEF01, payload=payload)


@pytest.mark.parametrize("name", KEYS)
def test_in_place_both_ways(name: str) -> None:
    out, back = pair(name)
    plain = packet(1)
    memory = ffi.new("char[]", len(plain) + TRAILER_ROOM)
    ffi.memmove(memory, plain, len(plain))
    length = out.protect(memory, len(plain))
    assert len(plain) < length <= len(plain) + TRAILER_ROOM
    assert bytes(ffi.buffer(memory, length))[12:] != plain[12:]
    assert back.unprotect(memory, length) == len(plain)
    assert bytes(ffi.buffer(memory, len(plain))) == plain


@pytest.mark.parametrize("name", KEYS)
def test_rtcp_in_place_both_ways(name: str) -> None:
    out, back = pair(name)
    plain = bytes(rtcp.ReceiverReport(7)) + bytes(rtcp.Remb(7, 1_000_000, (8,)))
    memory = ffi.new("char[]", len(plain) + TRAILER_ROOM)
    ffi.memmove(memory, plain, len(plain))
    length = out.protect_rtcp(memory, len(plain))
    assert length > len(plain)
    assert back.unprotect_rtcp(memory, length) == len(plain)
    assert bytes(ffi.buffer(memory, len(plain))) == plain


def test_forged_replayed_and_malformed_packets_are_refused() -> None:
    out, back = pair()
    protected = out.protect_bytes(packet(1))
    assert protected is not None
    assert back.unprotect_bytes(protected[:-1] + bytes((protected[-1] ^ 1,))) is None
    assert back.unprotect_bytes(protected) == packet(1)
    assert back.unprotect_bytes(protected) is None
    for garbage in (b"", b"\x80", b"\x80" * 12, b"\x90" * 40, bytes(MAX_PACKET + 1)):
        assert back.unprotect_bytes(garbage) is None
        assert back.unprotect_rtcp_bytes(garbage) is None


def test_a_sequence_number_is_never_used_twice() -> None:
    out, _ = pair()
    assert out.protect_bytes(packet(5, b"one")) is not None
    assert out.protect_bytes(packet(5, b"two")) is None


def test_the_exact_bytes_may_be_repeated_where_allowed() -> None:
    out, _ = pair(allow_repeat=True)
    assert out.protect_bytes(packet(5)) == out.protect_bytes(packet(5))


def test_a_late_packet_is_still_taken() -> None:
    out, back = pair()
    protected = [out.protect_bytes(packet(sequence)) for sequence in range(1000)]
    assert back.unprotect_bytes(protected[999] or b"") is not None
    assert back.unprotect_bytes(protected[3] or b"") == packet(3)


def test_rows_are_protected_each_for_its_own_peer() -> None:
    peers = [pair() for _ in range(5)]
    plain = packet(9, b"same picture for all")
    row = 1600
    arena = ffi.new("char[]", row * 5)
    lengths = ffi.new("int[]", [len(plain)] * 5)
    pointers = [arena + row * index for index in range(5)]
    for pointer in pointers:
        ffi.memmove(pointer, plain, len(plain))
    sessions, length_pointers = [out.session for out, _ in peers], [lengths + index for index in range(5)]
    assert protect_rows(sessions, pointers, length_pointers)
    assert list(lengths) == [len(plain) + peers[0][0].trailer] * 5
    for (_, back), pointer, length in zip(peers, pointers, lengths, strict=True):
        assert back.unprotect(pointer, length) == len(plain)
    # a number that was used: refused, told, and the row stays as long as it was
    ffi.memmove(pointers[1], plain, len(plain))
    lengths[1] = len(plain)
    assert not protect_rows(sessions[1:2], pointers[1:2], length_pointers[1:2])
    assert lengths[1] == len(plain)


def test_misuse_raises() -> None:
    out, _ = pair()
    with pytest.raises(ValueError, match="too long"):
        out.protect_bytes(bytes(MAX_PACKET + 1))
    with pytest.raises(KeyError):
        SrtpIn(SrtpKeys(b"unknown", b"", b""))
