"""Where keyframes begin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.forward.codecs import KEYFRAME_TESTS, h264_keyframe, vp8_keyframe


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
    assert vp8_keyframe(payload, 0, len(payload)) is begins


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


@given(st.sampled_from(sorted(KEYFRAME_TESTS)), st.binary(max_size=40), st.integers(0, 12))
def test_no_payload_raises(codec, data, start):
    assert KEYFRAME_TESTS[codec](bytes(12) + data, start, 12 + len(data)) in (True, False)
