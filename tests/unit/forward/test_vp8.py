"""What a VP8 payload descriptor says, and where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.forward import vp8
from server.wire import rtp
from tests.captures import BROWSERS, datagrams

FULL = b"\x90\xf0\x85\x39\xa7\x61\x00"  # picture id of 15 bits, TL0PICIDX, TID 1, Y, KEYIDX 1


def test_every_field_is_found():
    found = vp8.descriptor_untrusted(bytes(12) + FULL, 12, 12 + len(FULL))
    assert found == vp8.Descriptor(True, 14, 15, 0x0539, 16, 0xA7, 17, 1, True, 18)


def test_a_short_picture_id_alone():
    found = vp8.descriptor_untrusted(b"\x80\x80\x05\x00", 0, 4)
    assert found == vp8.Descriptor(False, 2, 7, 5, 0, 0, 0, 0, False, 3)


def test_without_extension_the_payload_follows_at_once():
    assert vp8.descriptor_untrusted(b"\x10\x00", 0, 2) == vp8.Descriptor(True, 0, 0, 0, 0, 0, 0, 0, False, 1)


def test_a_key_index_alone_is_no_temporal_layer():
    found = vp8.descriptor_untrusted(b"\x90\x10\xff\x00", 0, 4)
    assert found is not None
    assert (found.tid_at, found.tid, found.sync) == (2, 0, False)


@pytest.mark.parametrize("length", range(len(FULL)))
def test_a_cut_descriptor_is_none(length):
    assert vp8.descriptor_untrusted(FULL, 0, length) is None


@pytest.mark.parametrize("client", BROWSERS)
def test_a_browsers_picture_ids_count_its_frames(client):
    pictures: dict[int, set[int]] = {}
    for packet in datagrams(client, "rtp"):
        header = rtp.parse_untrusted(packet)
        if header.payload_type not in (96, 120) or header.payload_start >= header.payload_end:
            continue  # sound, padding
        found = vp8.descriptor_untrusted(packet, header.payload_start, header.payload_end)
        assert found is not None
        assert found.picture_id_bits == 15
        pictures.setdefault(header.timestamp, set()).add(found.picture_id)
    assert len(pictures) > 2
    ids = [each.pop() for each in pictures.values() if len(each) == 1]
    assert ids == list(range(ids[0], ids[0] + len(pictures)))


@given(st.binary(max_size=12), st.integers(0, 3))
def test_offsets_lie_in_the_payload(data, start):
    found = vp8.descriptor_untrusted(data, start, len(data))
    if found is not None:
        assert start < found.payload_start < len(data)
        assert all(at == 0 or start < at < found.payload_start for at in (found.picture_id_at, found.tl0_at))
