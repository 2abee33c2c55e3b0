"""The newest block of redundant audio."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from server.forward import red
from tests.captures import media
from tests.fakes.packets import red_payload


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=6))
def test_the_primary_is_the_last_block(blocks):
    raw = bytes(12) + red_payload(blocks)
    found = red.primary(raw, 12, len(raw))
    assert found is not None
    payload_type, start, end = found
    assert (payload_type, raw[start:end]) == (111, blocks[-1])


def test_chromiums_primary_block_comes_again_as_the_next_packets_redundancy():
    payloads = []
    for raw, header in media("chromium", "red"):
        found = red.primary(raw, header.payload_start, header.payload_end)
        assert found is not None
        assert found[0] == 111
        payloads.append((raw[header.payload_start : found[1]], raw[found[1] : found[2]]))
    assert len(payloads) > 4
    assert sum(before in heads for (_, before), (heads, _) in pairwise(payloads)) > len(payloads) / 2


def test_a_packet_cut_before_its_primary_is_none():
    raw = red_payload([b"older", b"old", b"new"])
    torn = len(raw) - len(b"new")
    assert [red.primary(raw, 0, length) for length in range(torn)] == [None] * torn


def test_headers_without_end_are_none():
    assert red.primary(b"\x80\x00\x00\x00" * 100, 0, 400) is None


@given(st.binary(max_size=60), st.integers(0, 8))
def test_what_is_found_lies_in_the_packet(data, start):
    found = red.primary(data, start, len(data))
    if found is not None:
        assert start < found[1] <= found[2] == len(data)
