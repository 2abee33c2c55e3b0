"""What origins and mirrors say to each other survives the way, and cut messages are refused."""

from __future__ import annotations

import pytest

from server.forward.packet import Packet
from server.media import mirror_messages as m
from server.wire.errors import BadPacket


def packet(sequence, payload=b"payload", *, padding=b""):
    head = bytes((0x80, 0xE0)) + sequence.to_bytes(4)[2:] + (90_000).to_bytes(4) + bytes(4)
    raw = head + payload + padding
    return Packet(sequence, 90_000, 0x80, raw, 12, 12 + len(payload), keyframe=False)


def bodies(messages):
    for message in messages:
        assert message[:1] == m.PACKETS
        yield message[1:]


def test_packets_arrive_as_they_were_without_padding_under_their_numbers_at_the_origin():
    sent = [packet(0x1FFFF), packet(0x20000, b"next", padding=b"\0\0\3")]
    (body,) = bodies(m.packets(7, 12.5, sent))
    track, now, found = m.read_packets(body)
    assert (track, now) == (7, 12.5)
    assert [each.sequence for each in found] == [0xFFFF, 0]
    assert [each.raw[each.start :] for each in found] == [b"payload", b"next"]


def test_a_large_batch_becomes_several_messages_that_fit():
    sent = [packet(number, bytes(1400)) for number in range(100)]
    built = list(m.packets(1, 0.0, sent))
    assert len(built) > 1
    assert all(len(message) <= m.LARGEST for message in built)
    found = [each.sequence for body in bodies(built) for each in m.read_packets(body)[2]]
    assert found == list(range(100))


def test_cut_messages_are_refused():
    (body,) = bodies(m.packets(7, 12.5, [packet(1)]))
    for length in (*range(12), *range(13, len(body))):
        with pytest.raises(BadPacket):
            m.read_packets(body[:length])
    for read, message in (
        (m.read_sampled, m.sampled(1, 2.5, 3)),
        (m.read_tracks, m.wanted([1, 2])),
        (m.read_missing, m.missing(1, [2, 3])),
        (m.read_told, m.told(m.HELLO, {"a": 1})),
    ):
        read(message[1:])
        with pytest.raises(BadPacket):
            read(message[1:-1])


def test_the_short_messages():
    assert m.read_sampled(m.sampled(3, 1.7e9, 0xFFFFFFFF)[1:]) == (3, 1.7e9, 0xFFFFFFFF)
    assert m.read_tracks(m.wanted([1, 70_000])[1:]) == [1, 70_000]
    assert m.read_tracks(m.of_track(m.KEYFRAME, 5)[1:]) == [5]
    assert m.read_missing(m.missing(5, [0, 65_535])[1:]) == (5, [0, 65_535])
    assert m.read_told(m.told(m.TRACK, {"track": 1})[1:]) == {"track": 1}
