from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.wire.errors import BadPacket
from server.wire.transport_cc import TransportCc, arrivals_untrusted, parse_transport_cc

deltas = st.lists(st.none() | st.integers(0, 255) | st.integers(-32768, 32767), max_size=120)


def body_of(feedback: TransportCc) -> bytes:
    """The bytes behind the two SSRCs, without padding."""
    packet = bytes(feedback)
    return packet[12 : len(packet) - (packet[-1] if packet[0] & 0x20 else 0)]


def slowly(body: bytes) -> tuple[int, list[float | None]]:
    """What the parser that keeps everything says, in seconds."""
    parsed = parse_transport_cc(1, 2, body)
    at = dict(parsed.arrivals_us())
    sequences = [parsed.base_sequence + index & 0xFFFF for index in range(len(parsed.deltas))]
    return parsed.base_sequence, [at[each] / 1e6 if each in at else None for each in sequences]


@given(st.integers(0, 0xFFFF), st.integers(-0x800000, 0x7FFFFF), deltas)
def test_the_fast_way_says_the_same(base: int, reference: int, steps: list[int | None]) -> None:
    feedback = TransportCc(1, 2, base, 0, reference, tuple(steps))
    body = body_of(feedback)
    assert arrivals_untrusted(body) == (base, pytest.approx(slowly(body)[1], abs=1e-6))


def test_a_loss_and_a_late_packet_are_told() -> None:
    feedback = TransportCc(1, 2, 65535, 0, 100, (4, None, 1200, -4))
    assert arrivals_untrusted(body_of(feedback)) == (65535, pytest.approx([6.401, None, 6.701, 6.700]))


@given(st.integers(0, 0xFFFF), deltas.filter(bool), st.data())
def test_what_is_cut_is_bad(base: int, steps: list[int | None], data: st.DataObject) -> None:
    body = body_of(TransportCc(1, 2, base, 0, 7, tuple(steps)))
    with pytest.raises(BadPacket):
        arrivals_untrusted(body[: data.draw(st.integers(0, len(body) - 1))])


@given(st.binary(max_size=60))
def test_rubbish_is_bad_or_read_alike_by_both(body: bytes) -> None:
    try:
        expected = slowly(body)
    except BadPacket:
        with pytest.raises(BadPacket):
            arrivals_untrusted(body)
    else:
        base, arrivals = arrivals_untrusted(body)
        assert base == expected[0]
        assert arrivals == [None if each is None else pytest.approx(each, abs=1e-6) for each in expected[1]]


def test_flipped_bytes_of_real_feedback_raise_nothing_else() -> None:
    random = Random(7)
    body = body_of(TransportCc(1, 2, 9, 0, 7, tuple(random.choice([None, 1, 5, 300, -2]) for _ in range(60))))
    for _ in range(2000):
        broken = bytearray(body)
        for _ in range(random.randint(1, 4)):
            broken[random.randrange(len(broken))] = random.randrange(256)
        try:
            arrivals_untrusted(bytes(broken))
        except BadPacket:
            continue
