"""AV1's aggregation header and elements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.wire import av1
from server.wire.errors import BadPacket


def packet(elements: list[bytes], *, counted: bool, flags: int = 0) -> bytes:
    """A payload of those elements; `counted`: W says how many, and the last has no length."""
    head = bytes((flags | (len(elements) << 4 if counted else 0),))
    with_length = [av1.leb128(len(each)) + each for each in elements]
    return head + b"".join([*with_length[:-1], elements[-1]] if counted else with_length)


@given(st.lists(st.binary(min_size=1, max_size=200), min_size=1, max_size=3), st.booleans())
def test_elements_are_found_with_and_without_a_count(elements, counted):
    raw = bytes(12) + packet(elements, counted=counted, flags=0x48)
    found = av1.aggregate_untrusted(raw, 12, len(raw))
    assert [raw[start:end] for start, end in found.elements] == elements
    assert (found.continues, found.continued, found.sequence_begins) == (False, True, True)


@given(st.integers(0, 2**40))
def test_lengths_round_trip(value):
    data = av1.leb128(value)
    assert av1.leb128_untrusted(data, 0, len(data)) == (value, len(data))


@pytest.mark.parametrize(
    "payload",
    [b"", b"\x10", b"\x00\x05\x01", b"\x20\x05\x01", b"\x30\x01\x0a", b"\x00" + b"\xff" * 9, b"\x00\x00"],
    ids=["nothing", "no element", "element cut", "counted element cut", "too few", "endless length", "only empty"],
)
def test_what_cannot_be_is_bad(payload):
    with pytest.raises(BadPacket):
        av1.aggregate_untrusted(payload, 0, len(payload))


@given(st.binary(max_size=60), st.integers(0, 4))
def test_elements_lie_in_the_packet_or_it_is_bad(data, start):
    try:
        found = av1.aggregate_untrusted(data, start, len(data))
    except BadPacket:
        return
    assert all(start < begins < ends <= len(data) for begins, ends in found.elements)
