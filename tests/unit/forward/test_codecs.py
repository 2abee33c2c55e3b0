"""Where keyframes begin, and which packets may be left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.forward import vp8
from server.forward.codecs import KEYFRAME_TESTS, TEMPORAL_IDS, h264_keyframe, keyframe_test, temporal_id
from tests.captures import BROWSERS, media


@pytest.mark.parametrize(
    ("payload", "begins"),
    [
        (b"\x10\x00", True),  # S, PID 0, P clear
        (b"\x10\x01", False),  # an interframe
        (b"\x00\x00", False),  # not the start of a partition
        (b"\x11\x00", False),  # partition 1
        (b"\x90\x80\x05\x00", True),  # 7-bit picture id
        (b"\x90\x80\x85\x05\x00", True),  # 15-bit picture id
        (b"\x90\xe0\x85\x05\x01\x20\x00", True),  # picture id, tl0, tid
        (b"\x90\xe0\x85\x05\x01\x20\x01", False),
        (b"\x90", False),
        (b"", False),
    ],
)
def test_vp8(payload, begins):
    assert vp8.keyframe(payload, 0, len(payload)) is begins


@pytest.mark.parametrize(
    ("payload", "begins"),
    [
        (b"\x67\x42", True),  # SPS
        (b"\x65\x88", False),  # an IDR without its SPS before it
        (b"\x41\x9a", False),
        (b"\x78\x00\x02\x67\x42\x00\x02\x68\xce", True),  # STAP-A: SPS, PPS
        (b"\x78\x00\x02\x68\xce\x00\x02\x67\x42", True),
        (b"\x78\x00\x02\x68\xce", False),
        (b"\x7c\x87\x00", True),  # FU-A start of an SPS
        (b"\x7c\x85\x00", False),
        (b"", False),
    ],
)
def test_h264(payload, begins):
    assert h264_keyframe(payload, 0, len(payload)) is begins


@pytest.mark.parametrize(
    ("payload", "begins"),
    [
        (b"\x8a\x81\x02\x10\x01\x40\x00\xb4", False),  # structure of one layer, cut before the frame
        (b"\x8a\x81\x02\x10\x01\x40\x00\xb4\x82", True),  # the same with a key header behind it
        (b"\xac\x81\x02\x00\x05\x82", True),  # layer indices and TL0PICIDX: base layer
        (b"\xac\x81\x02\x02\x05\x82", False),  # spatial layer 1 of a key picture
        (b"\x88\x05\x82", True),  # 7-bit picture id
        (b"\x88\x05\x86", False),  # not predicted, but no keyframe: intra only
        (b"\xc8\x05\x86", False),  # predicted
        (b"\x84\x05\x82", False),  # not the first packet of its frame
        (b"\xd8\x05\x03\x05\x82", False),  # flexible mode, two reference indices
        (b"\x88", False),
        (b"", False),
    ],
)
def test_vp9(payload, begins):
    assert keyframe_test("VP9")(payload, 0, len(payload)) is begins


@pytest.mark.parametrize(
    ("payload", "begins"),
    [
        (b"\x18\x0a\x0b", True),  # N, one element
        (b"\x10\x0a\x0b", False),
        (b"\x98\x0a\x0b", False),  # goes on from the packet before: N cannot be meant
        (b"\x18", False),
        (b"", False),
    ],
)
def test_av1(payload, begins):
    assert keyframe_test("AV1")(payload, 0, len(payload)) is begins


@pytest.mark.parametrize("client", BROWSERS)
@pytest.mark.parametrize("codec", ["vp9", "av1"])
def test_a_browsers_stream_begins_with_its_only_keyframe(client, codec):
    test = keyframe_test(codec)
    begins = [test(packet, header.payload_start, header.payload_end) for packet, header in media(client, codec)]
    assert [number for number, yes in enumerate(begins) if yes] == [0]


@pytest.mark.parametrize(
    ("payload", "layer"),
    [
        (b"\x01\x88", 1),  # a slice no other picture refers to
        (b"\x41\x88", 0),
        (b"\x65\x88", 0),
        (b"\x06\x05", 0),  # supplemental information has nal_ref_idc 0 by itself
        (b"\x1c\x81\x00", 1),  # FU-A of such a slice
        (b"\x7c\x81\x00", 0),
        (b"\x18\x00\x02\x06\x05\x00\x02\x01\x88", 1),
        (b"\x18\x00\x02\x09\x10", 0),
        (b"\x1c", 0),
        (b"", 0),
    ],
)
def test_h264_slices_nobody_refers_to_are_layer_1(payload, layer):
    tell = temporal_id("H264")
    assert tell is not None
    assert tell(payload, 0, len(payload)) == layer


def test_codecs_forwarded_whole_have_no_layers():
    assert [temporal_id(name) for name in ("vp9", "av1", "opus", "red")] == [None] * 4


@given(st.sampled_from(sorted(KEYFRAME_TESTS)), st.binary(max_size=40), st.integers(0, 12))
def test_no_payload_raises(codec, data, start):
    assert KEYFRAME_TESTS[codec](bytes(12) + data, start, 12 + len(data)) in (True, False)


@given(st.sampled_from(sorted(TEMPORAL_IDS)), st.binary(max_size=40), st.integers(0, 12))
def test_no_payload_is_without_a_layer(codec, data, start):
    assert TEMPORAL_IDS[codec](bytes(12) + data, start, 12 + len(data)) in range(4)
