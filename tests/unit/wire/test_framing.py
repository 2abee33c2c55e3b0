"""Datagrams on a byte stream come back whole, however the stream was cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.wire.errors import BadPacket
from server.wire.framing import MAX_DATAGRAM, Deframer, frame


@given(st.lists(st.binary(min_size=1, max_size=300), max_size=12), st.lists(st.integers(1, 500), max_size=40))
def test_datagrams_survive_any_cutting_of_the_stream(datagrams: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(frame(each) for each in datagrams)
    deframer, found = Deframer(), []
    for cut in cuts:
        found += deframer.feed_untrusted(stream[:cut])
        stream = stream[cut:]
    found += deframer.feed_untrusted(stream)
    assert found == datagrams


def test_an_empty_frame_is_no_datagram() -> None:
    assert Deframer().feed_untrusted(frame(b"") + frame(b"x") + frame(b"")) == [b"x"]


def test_the_largest_frame_passes_and_a_longer_one_is_refused_before_it_is_kept() -> None:
    assert Deframer().feed_untrusted(frame(bytes(MAX_DATAGRAM))) == [bytes(MAX_DATAGRAM)]
    with pytest.raises(BadPacket):
        Deframer().feed_untrusted((MAX_DATAGRAM + 1).to_bytes(2, "big"))


def test_what_cannot_be_framed_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="65,535"):
        frame(bytes(65_536))
