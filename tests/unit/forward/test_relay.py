"""From one stream to many: who gets which packet, under which numbers."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.forward.relay import Relay
from server.forward.rows import even_runs
from server.forward.subscriptions import AT_ONCE, PATIENT, PROMPT, Layout
from server.wire import rtp
from tests.unit.forward.kit import BOOK, DELTA, KEYFRAME, give, rows, sent, stream, subscription, target


def relay_with(count: int, **layout) -> tuple[Relay, list]:
    relay = Relay("video", 1024)
    subscriptions = [subscription(n, ssrc=100 * (n + 1), layout=Layout(**layout)) for n in range(count)]
    for number, each in enumerate(subscriptions):
        relay.subscribe(each, target(number), 0.0)
    return relay, subscriptions


def test_video_starts_with_a_keyframe_and_continues_in_order():
    relay, _ = relay_with(3)
    video = stream()
    relay.set_layers([video], 0.0)
    assert video.keyframes.poll(0.1)
    assert sent(relay, [give(video, 1)]) == {}
    batch = [give(video, 2, payload=KEYFRAME, timestamp=3000), give(video, 3, timestamp=3000, marker=1)]
    out = sent(relay, batch)
    assert set(out) == {"session 0", "session 1", "session 2"}
    for number in range(3):
        headers = [rtp.parse_untrusted(packet, len(packet)) for packet in out[f"session {number}"]]
        assert [header.ssrc for header in headers] == [100 * (number + 1)] * 2
        assert headers[1].sequence == headers[0].sequence + 1
        assert [header.marker for header in headers] == [0, 1]
        assert [header.payload_type for header in headers] == [100, 100]
        assert headers[0].timestamp == headers[1].timestamp
        assert [packet[12:] for packet in out[f"session {number}"]] == [KEYFRAME, DELTA]


def test_one_packet_and_a_batch_write_the_same_bytes():
    single, batched = relay_with(5, mid="1", mid_id=4, time_id=2)[0], relay_with(5, mid="1", mid_id=4, time_id=2)[0]
    for relay, together in ((single, False), (batched, True)):
        video = stream()
        relay.set_layers([video], 0.0)
        packets = [
            give(video, n, payload=KEYFRAME + bytes(n % 7), timestamp=n * 7, marker=n % 2) for n in range(65530, 65536)
        ]
        if together:
            relay.bytes = sent(relay, packets)
        else:
            relay.bytes = {}
            for packet in packets:
                for session, datagrams in sent(relay, [packet]).items():
                    relay.bytes.setdefault(session, []).extend(datagrams)
    assert single.bytes == batched.bytes


def test_extensions_are_written_with_the_subscribers_ids():
    relay, _ = relay_with(1, mid="video0", mid_id=9, time_id=5)
    video = stream()
    relay.set_layers([video], 0.0)
    (packet,) = sent(relay, [give(video, 1, payload=KEYFRAME)])["session 0"]
    header = rtp.parse_untrusted(packet, len(packet))
    assert rtp.read_extensions(packet, header) == {5: b"\x12\x34\x56", 9: b"video0"}
    assert packet[header.payload_start : header.payload_end] == KEYFRAME


def test_a_player_is_told_how_long_to_wait_with_a_picture():
    relay, (player,) = relay_with(1, delay_id=7)
    video = stream()
    relay.set_layers([video], 0.0)
    told = []
    for number, delay in enumerate([PATIENT, PROMPT, AT_ONCE, PATIENT], start=1):
        relay.hasten(player, delay)
        (packet,) = sent(relay, [give(video, number, payload=KEYFRAME)])["session 0"]
        told.append(rtp.read_extensions(packet, rtp.parse_untrusted(packet, len(packet)))[7])
    assert [int.from_bytes(each) >> 12 for each in told] == [1, 1, 0, 1]  # of 10 ms: from 0 it does not wait at all
    assert [int.from_bytes(each) & 0xFFF for each in told] == [100, 25, 25, 100]


def test_a_late_joiner_waits_for_the_next_keyframe_and_asks_for_it():
    relay, _ = relay_with(1)
    video = stream()
    relay.set_layers([video], 0.0)
    sent(relay, [give(video, 1, payload=KEYFRAME)])
    assert not video.keyframes.poll(5.0)
    relay.subscribe(subscription(9, ssrc=9), target(9), 5.0)
    assert video.keyframes.poll(5.0)
    assert set(sent(relay, [give(video, 2)])) == {"session 0"}
    assert set(sent(relay, [give(video, 3, payload=KEYFRAME)])) == {"session 0", "session 9"}


def test_a_packet_from_before_somebody_joined_is_not_for_them():
    relay, _ = relay_with(1)
    video = stream()
    relay.set_layers([video], 0.0)
    sent(relay, [give(video, 1, payload=KEYFRAME)])
    relay.subscribe(subscription(9, ssrc=9), target(9), 5.0)
    sent(relay, [give(video, 3, payload=KEYFRAME)])
    assert set(sent(relay, [give(video, 2)])) == {"session 0"}
    assert set(sent(relay, [give(video, 4)])) == {"session 0", "session 9"}


def test_another_publisher_goes_on_under_the_same_ssrc_and_numbering():
    relay, (viewer,) = relay_with(1)
    first, second = stream(ssrc=1), stream(codec="h264", ssrc=2)
    relay.set_layers([first], 0.0)
    out = sent(relay, [give(first, n, payload=KEYFRAME, timestamp=n * 3000, now=1 + n / 30) for n in range(5)])
    before = rtp.parse_untrusted(out["session 0"][-1], None)
    relay.set_layers([second], 2.0)
    assert sent(relay, [give(second, 700, payload=b"\x41", now=2.0)]) == {}
    out = sent(relay, [give(second, 701, payload=b"\x67\x42", timestamp=5, now=2.1333333)], now=2.1333333)
    after = rtp.parse_untrusted(out["session 0"][0], None)
    assert after.ssrc == before.ssrc == viewer.ssrc
    assert after.sequence == (before.sequence + 1) & 0xFFFF
    assert (after.timestamp - before.timestamp) & 0xFFFFFFFF == pytest.approx(90000, abs=3)  # 1 s passed
    assert (before.payload_type, after.payload_type) == (100, 102)


def test_somebody_who_cannot_decode_the_codec_waits_for_another():
    relay = Relay("video", 1024)
    viewer = subscription()
    viewer.codecs = {"h264": viewer.codecs["h264"]}
    relay.subscribe(viewer, target(), 0.0)
    video = stream()
    relay.set_layers([video], 0.0)
    assert sent(relay, [give(video, 1, payload=KEYFRAME)]) == {}
    other = stream(codec="h264")
    relay.set_layers([other], 1.0)
    assert set(sent(relay, [give(other, 1, payload=b"\x67\x42")])) == {"session 0"}


def test_rows_leave_in_place_and_groups_split_at_their_limit():
    relay = Relay("video", 4)
    everybody = [subscription(n, ssrc=n + 1) for n in range(10)]
    for number, each in enumerate(everybody):
        relay.subscribe(each, target(number), 0.0)
    video = stream()
    relay.set_layers([video], 0.0)
    assert len(sent(relay, [give(video, 1, payload=KEYFRAME)])) == 10
    for each in everybody[::2]:
        relay.unsubscribe(each, 1.0)
    out = sent(relay, [give(video, 2)])
    assert set(out) == {f"session {n}" for n in range(1, 10, 2)}
    for number in range(1, 10, 2):
        assert rtp.parse_untrusted(out[f"session {number}"][0], None).ssrc == number + 1


def test_a_moved_subscriber_is_sent_to_its_new_address():
    relay, (viewer,) = relay_with(1)
    video = stream()
    relay.set_layers([video], 0.0)
    sent(relay, [give(video, 1, payload=KEYFRAME)])
    relay.retarget(viewer, target(7))
    assert [list(group.addresses) for _, group, _ in relay.take(video, [give(video, 2)], 1.0)] == [[1007]]
    relay.retarget(viewer, target(8, socket=1))
    jobs = [(socket, list(group.addresses)) for socket, group, _ in relay.take(video, [give(video, 3)], 1.0)]
    assert jobs == [(1, [1008])]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.integers(20, 120))
def test_whatever_happens_no_sequence_is_used_for_two_payloads(seed, steps):
    """Joins, leaves, takeovers, losses, late packets in any order: no AES-GCM nonce gets two plaintexts."""
    dice = Random(seed)
    relay, everybody = Relay("video", 4), []
    videos, sequence, used = [stream(ssrc=1)], 100, {}
    relay.set_layers([videos[-1]], 0.0)
    held: list = []
    for step in range(steps):
        now = 1 + step / 30
        event = dice.random()
        if event < 0.1:
            viewer = subscription(dice.getrandbits(30), ssrc=len(everybody) + 10)
            everybody.append(viewer)
            relay.subscribe(viewer, target(len(everybody)), now)
        elif event < 0.13 and everybody:
            relay.unsubscribe(dice.choice(everybody), now)
        elif event < 0.17:
            videos.append(stream(ssrc=step + 1000))
            sequence, held = dice.randrange(65536), []
            relay.set_layers([videos[-1]], now)
        else:
            batch = []
            for _ in range(dice.randrange(1, 5)):
                sequence = (sequence + 1) & 0xFFFF
                payload = (KEYFRAME if dice.random() < 0.3 else DELTA) + step.to_bytes(2) + sequence.to_bytes(2)
                fate = dice.random()
                if fate < 0.1:
                    held.append((sequence, payload))
                elif fate < 0.95:
                    batch.append((sequence, payload))
            if held and dice.random() < 0.5:
                batch.append(held.pop(0))
            packets = [p for s, d in batch if (p := give(videos[-1], s, payload=d, now=now)) is not None]
            for datagrams in sent(relay, packets, now=now).values():
                for datagram in datagrams:
                    header = rtp.parse_untrusted(datagram, None)
                    body = datagram[header.payload_start :]
                    assert used.setdefault((header.ssrc, header.sequence), body) == body


def test_padded_rows_are_equally_long_and_keep_their_payloads():
    relay, _ = relay_with(3)
    video = stream()
    relay.set_layers([video], 0.0)
    payloads = [KEYFRAME + b"a" * 100, b"b" * 104, b"c" * 105, b"d" * 20]
    packets = [give(video, n, payload=payload) for n, payload in enumerate(payloads)]
    ((run, size),) = even_runs(packets, 8)
    assert (run, size) == (packets, 105)
    ((_, group, _),) = list(relay.take(video, packets, 1.0))
    into = rows()
    total = group.write(into, run, 0, size=size, book=BOOK, now=1.0)
    assert into.lengths[:total].tolist() == [117, 117, 117, 32] * 3
    for row in range(total):
        datagram = into.rows[row, : into.lengths[row]].tobytes()
        header = rtp.parse_untrusted(datagram, None)
        assert datagram[header.payload_start : header.payload_end] == payloads[row % 4]


@given(st.lists(st.integers(1, 1300), min_size=1, max_size=40), st.integers(1, 10))
def test_runs_keep_order_and_are_even_but_for_their_last(sizes, most):
    video = stream()
    packets = [give(video, n, payload=bytes(size)) for n, size in enumerate(sizes)]
    runs = list(even_runs(packets, most))
    assert [packet for run, _ in runs for packet in run] == packets
    for run, size in runs:
        lengths = [packet.end - packet.start for packet in run]
        assert len(run) <= most
        assert size == max(lengths)
        assert all(size - length <= 16 for length in lengths[:-1])
