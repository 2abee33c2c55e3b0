from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.wire import demux, seqno


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [(1, 0, True), (0, 65535, True), (0, 0, False), (0, 1, False), (0x7FFF, 0, True), (0x8000, 0, False)],
)
def test_the_sign_of_a_difference_tells_the_newer_over_the_wrap(a: int, b: int, expected: bool) -> None:
    assert (seqno.difference(a, b) > 0) is expected


@given(st.integers(0, 1 << 40), st.integers(-0x8000, 0x7FFF))
def test_extend_finds_the_nearest(highest: int, step: int) -> None:
    assert seqno.extend((highest + step) & 0xFFFF, highest) == highest + step


@given(st.integers(0, 1 << 60), st.integers(-(1 << 31), (1 << 31) - 1))
def test_extend32_finds_the_nearest(highest: int, step: int) -> None:
    assert seqno.extend32((highest + step) & 0xFFFFFFFF, highest) == highest + step


def test_the_sign_of_a_32_bit_difference_does_so_too() -> None:
    assert seqno.difference32(0, 0xFFFFFFFF) > 0
    assert not seqno.difference32(0xFFFFFFFF, 0) > 0


def test_first_byte_names_the_protocol() -> None:
    kinds = {kind: [byte for byte in range(256) if demux.classify(byte) == kind] for kind in ("stun", "dtls", "rtp")}
    assert kinds == {"stun": [0, 1, 2, 3], "dtls": list(range(20, 64)), "rtp": list(range(128, 192))}


def test_second_byte_tells_rtcp_from_rtp() -> None:
    assert [byte for byte in range(256) if demux.is_rtcp(byte)] == list(range(192, 224))
