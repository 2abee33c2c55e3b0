"""The VP9 payload descriptor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.wire import vp9
from server.wire.errors import BadPacket

# I P L F B E V: id 0x1234 of 15 bits, TID 2 U SID 1 D, two reference indices, structure of two layers and two pictures
EVERYTHING = bytes.fromhex("fe9234 53 0304 38 014000b4 02800168 02 00 4804 05 82".replace(" ", ""))


def test_every_field_is_found():
    found = vp9.descriptor_untrusted(EVERYTHING, 0, len(EVERYTHING))
    assert found == vp9.Descriptor(True, True, True, 0x1234, 2, 1, True, len(EVERYTHING) - 1)


def test_without_flexible_mode_a_tl0_index_follows_the_layers():
    found = vp9.descriptor_untrusted(b"\x00\x2c\x40\x07\x82", 1, 5)
    assert (found.temporal, found.spatial, found.payload_start) == (2, 0, 4)


@pytest.mark.parametrize("length", range(len(EVERYTHING)))
def test_a_cut_descriptor_is_bad(length):
    with pytest.raises(BadPacket):
        vp9.descriptor_untrusted(EVERYTHING[:length], 0, length)


def test_a_fourth_reference_index_is_bad():
    with pytest.raises(BadPacket):
        vp9.descriptor_untrusted(b"\x50\x01\x01\x01\x01\x82", 0, 6)


@given(st.binary(max_size=40), st.integers(0, 4))
def test_the_payload_lies_in_the_packet_or_it_is_bad(data, start):
    try:
        found = vp9.descriptor_untrusted(data, start, len(data))
    except BadPacket:
        return
    assert start < found.payload_start < len(data)
