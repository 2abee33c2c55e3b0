"""Rows of bytes: written one by one or by columns they are the same, and whole whatever SRTP refuses."""

from __future__ import annotations

from random import Random

import pytest

from server.forward import fanout
from server.forward.fanout import RowGroup
from server.forward.lanes import Lane
from server.forward.packet import FILLER, MEDIA, RED, Packet, Picture
from server.forward.rows import even_runs
from server.forward.sendbook import SendBook
from server.forward.subscriptions import Layout, PayloadTypes, Subscription
from server.wire import rtp
from tests.unit.forward.kit import rows, stream, target


def group_of(count: int, book: SendBook, **layout) -> RowGroup:
    """Subscribers that began at different packets, so that their counts differ."""
    video, dice = stream(), Random(7)
    layout = {"mid": "v", "mid_id": 1, "time_id": 2, "transport_id": 3} | layout
    group = RowGroup(Layout(**layout).shape, 1024)
    for number in range(count):
        types = {"vp8": PayloadTypes(96 + number, 97), "red": PayloadTypes(63, None)}
        each = Subscription("video", number + 1, number + 1001, types, Layout(**layout), dice, book.open())
        each._next_picture, each._next_tl0 = dice.getrandbits(15), dice.getrandbits(8)
        lane = Lane(video)
        each.start(lane, Packet(50, 1000, 0, b"", 0, 0, True, picture=Picture(9, 3)), 1.0)
        group.add(each, target(number), types["vp8"].media)
    return group


def packets() -> list[Packet]:
    raws = [bytes([number]) * (1120 + number % 3) for number in range(5)]
    made = [
        Packet(60 + at, 90_000, 0, raw, 20, len(raw), at == 0, picture=Picture(700 + at, at))
        for at, raw in enumerate(raws)
    ]
    made.append(Packet(65, 90_000, 0x80, b"s" * 300, 12, 300, False, picture=Picture(705, None)))
    return made


def written(group: RowGroup, batch: list[Packet], book: SendBook, size: int) -> list[bytes]:
    into = rows()
    total = group.write(into, batch, 0xABCDEF, size=size, book=book, now=5.0)
    assert total == group.count * len(batch)
    return [into.rows[row, : into.lengths[row]].tobytes() for row in range(total)]


@pytest.mark.parametrize("form", [MEDIA, RED, FILLER])
@pytest.mark.parametrize("layout", [{}, {"time_id": 0}, {"transport_id": 0}, {"mid_id": 0, "time_id": 0}])
def test_a_few_rows_and_many_are_written_the_same(monkeypatch, layout, form):
    results = []
    for few in (0, 12):
        monkeypatch.setattr(fanout, "FEW", few)
        book = SendBook()
        group = group_of(5, book, **layout)
        batch = packets()
        if form == FILLER:
            batch[2] = Packet(62, 90_000, 0, b"", 0, 0, False, form=FILLER)
        elif form == RED:
            batch = [packet._replace(form=RED) for packet in batch]
        got = written(group, batch, book, 0 if form == FILLER else 1102)
        got += [row for packet in batch for row in written(group, [packet], book, 0)]
        results.append((got, [book.look(each.slot, 0, 12) for each in group.subscriptions]))
    assert results[0] == results[1]


def test_each_subscriber_has_its_own_counts_and_all_have_the_payload():
    book = SendBook()
    group = group_of(3, book)
    batch = packets()
    ((run, size),) = even_runs(batch, 32)
    got = written(group, list(run), book, size)
    for number, subscription in enumerate(group.subscriptions):
        assert subscription.segment is not None
        for at, packet in enumerate(batch):
            datagram = got[number * len(batch) + at]
            header = rtp.parse_untrusted(datagram, len(datagram))
            assert header.ssrc == number + 1
            assert header.sequence == (packet.sequence + subscription.segment.sequence) & 0xFFFF
            assert header.marker == packet.marker >> 7
            assert rtp.read_extensions(datagram, header)[3] == at.to_bytes(2, "big")
            payload = datagram[header.payload_start : header.payload_end]
            assert packet.picture is not None
            picture = (packet.picture.id + subscription.segment.picture) & 0x7FFF
            assert payload[2:4] == (0x8000 | picture).to_bytes(2, "big")
            assert payload[5:] == packet.raw[packet.start + 5 : packet.end]
    assert {len(datagram) for datagram in got[:5]} == {len(got[0])}


def test_addresses_and_sessions_follow_who_comes_goes_and_moves():
    group = group_of(3, SendBook())
    assert group.addresses == [1000, 1001, 1002]
    assert group.addresses is group.addresses
    assert group.repeated_sessions(2) == ["session 0", "session 0", "session 1", "session 1", "session 2", "session 2"]
    group.retarget(group.subscriptions[1], target(8))
    group.remove(group.subscriptions[0])
    assert group.addresses == [1002, 1008]
    assert group.repeated_sessions(2) == ["session 2", "session 2", "session 8", "session 8"]


def test_lengths_are_known_without_writing():
    book = SendBook()
    group, batch = group_of(2, book), packets()
    assert [len(datagram) for datagram in written(group, batch, book, 1102)] == group.lengths_of(batch, 1102) * 2
