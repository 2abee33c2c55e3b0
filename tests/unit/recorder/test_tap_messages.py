"""The tap's messages: bytes ⇄ values, and what is refused."""

from __future__ import annotations

import contextlib
import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder import tap_messages as messages
from server.wire.errors import BadPacket
from tests.fakes.recordings import track_info

INFO = track_info(3, "vp8")


def test_a_track_is_read_back():
    assert messages.TrackInfo.parse_untrusted(messages.track_body(INFO)) == INFO
    assert INFO.name == "teacher-video-vp8"


@pytest.mark.parametrize(
    "change",
    [
        {"lesson_id": "../x"},
        {"lesson_id": ""},
        {"source": "a/b"},
        {"source": 4},
        {"codec": "h265"},
        {"kind": "audio"},
        {"clock_rate": 0},
        {"ssrc": "x"},
        {"track": None},
    ],
)
def test_a_track_that_cannot_be_recorded_is_refused(change):
    body = json.dumps(dataclasses.asdict(INFO) | change).encode()
    with pytest.raises(BadPacket):
        messages.TrackInfo.parse_untrusted(body)


def test_records_are_numbered_and_state_is_not():
    items = [(messages.OPEN, b"{}"), (messages.RTP, bytes(12) + b"packet")]
    found = list(messages.records_untrusted(messages.records(41, items)))
    assert [(each.number, each.kind, bytes(each.body)) for each in found] == [
        (41, b"o", b"{}"),
        (42, b"p", bytes(12) + b"packet"),
    ]
    assert [each.number for each in messages.records_untrusted(messages.records(0, items))] == [0, 0]


def test_a_torn_message_is_refused_at_every_byte():
    message = messages.records(1, [(messages.RTP, b"x" * 20)])
    for end in range(len(message)):
        if end == 9:  # no record at all: that is whole
            continue
        with pytest.raises(BadPacket):
            list(messages.records_untrusted(message[:end]))


def test_hello_is_read_back_and_versions_are_checked():
    assert messages.parse_hello_untrusted(messages.hello("w0", "abc")) == ("w0", "abc")
    with pytest.raises(BadPacket):
        messages.parse_hello_untrusted(b'H{"worker":"w0","epoch":"a","version":2}')


@given(st.binary(max_size=80))
def test_nonsense_raises_only_bad_packet(data):
    for parse in (
        messages.parse_hello_untrusted,
        lambda each: list(messages.records_untrusted(each)),
        lambda each: list(messages.records_untrusted(b"R" + each)),
        messages.TrackInfo.parse_untrusted,
        lambda each: messages.parse_rtp_untrusted(memoryview(each)),
        lambda each: messages.parse_report_untrusted(memoryview(each)),
        messages.object_untrusted,
    ):
        with contextlib.suppress(BadPacket):
            parse(data)
