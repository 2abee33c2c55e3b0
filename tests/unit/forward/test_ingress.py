"""A publisher's tracks: told apart, repaired over a bad link, reported on."""

from __future__ import annotations

import itertools
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from server.forward import rtx
from server.wire import rtcp, rtp
from tests.fakes.link import Link, Profile
from tests.unit.forward.kit import DELTA, KEYFRAME, RTX_SSRC, SSRC, ingress


def video(
    sequence: int, *, payload: bytes = DELTA, ssrc: int = SSRC, cc: int | None = None, mid: bytes = b"", pt: int = 96
):
    extensions = {}
    if cc is not None:
        extensions[3] = cc.to_bytes(2, "big")
    if mid:
        extensions[4] = mid
    return rtp.build(
        payload_type=pt,
        sequence=sequence & 0xFFFF,
        timestamp=sequence * 3000,
        ssrc=ssrc,
        payload=payload,
        extensions=extensions,
    )


def reports(data: bytes, kind):
    return [packet for packet in rtcp.parse_compound_untrusted(data) if isinstance(packet, kind)] if data else []


def test_announced_tracks_are_known_and_others_learnt_by_mid_or_payload_type():
    core = ingress()
    stream, packet = core.receive(video(1, payload=KEYFRAME), 1.0, 2.0)
    assert (stream.kind, packet.keyframe) == ("video", True)
    audio = rtp.build(payload_type=111, sequence=1, timestamp=1, ssrc=7, payload=b"\xfc")
    assert core.receive(audio, 1.0, 2.0)[0].kind == "audio"
    other = ingress(ssrc=0, rtx_ssrc=0)
    assert other.receive(video(1, ssrc=55, mid=b"1"), 1.0, 2.0)[0].mid == "1"
    assert other.receive(video(2, ssrc=66, mid=b"zz", pt=120), 1.0, 2.0) is None
    assert other.unknown == 1


def test_an_unannounced_rtx_ssrc_is_learnt_and_repairs():
    core = ingress(rtx_ssrc=0)
    core.receive(video(1), 1.0, 2.0)
    core.receive(video(3), 1.0, 2.0)
    lost = video(2, payload=b"\x10\x01lost")
    wrapped = rtx.Repair(999, 97, 9, 6000, b"\0\2" + lost[12:]).build()
    assert core.receive(wrapped, 1.1, 2.1) is None  # learnt with this one
    wrapped = rtx.Repair(999, 0x80 | 97, 10, 6000, b"\0\2" + lost[12:]).build()
    _stream, packet = core.receive(wrapped, 1.1, 2.1)
    assert packet.raw[packet.start : packet.end] == b"\x10\x01lost"
    header = rtp.parse_untrusted(packet.raw, None)
    assert (header.ssrc, header.sequence, header.payload_type, header.marker) == (SSRC, 2, 96, 1)


def test_padding_only_probes_are_swallowed_but_counted_for_feedback():
    core = ingress()
    core.receive(video(1, cc=1), 1.0, 2.0)
    probe = rtp.build(payload_type=97, sequence=1, timestamp=0, ssrc=RTX_SSRC, padding=200, extensions={3: b"\x00\x02"})
    assert core.receive(probe, 1.0, 2.0) is None
    (feedback,) = reports(core.handle_timer(1.1), rtcp.TransportCc)
    assert [sequence for sequence, _ in feedback.arrivals_us()] == [1, 2]


def test_transport_feedback_names_a_real_ssrc_and_tells_what_was_lost_between_two():
    core = ingress()
    for sequence in (65534, 65535, 1):
        core.receive(video(sequence, cc=sequence), 1.0 + sequence / 1e6, 2.0)
    (first,) = reports(core.handle_timer(1.1), rtcp.TransportCc)
    assert first.media_ssrc == SSRC
    assert (first.base_sequence, [delta is None for delta in first.deltas]) == (65534, [False, False, True, False])
    assert reports(core.handle_timer(1.11), rtcp.TransportCc) == []
    core.receive(video(70, cc=5), 1.2, 2.2)
    (second,) = reports(core.handle_timer(1.21), rtcp.TransportCc)
    assert (second.base_sequence, [delta is None for delta in second.deltas]) == (2, [True] * 3 + [False])
    assert second.feedback_count == first.feedback_count + 1


def sound(sequence: int, *, cc: int) -> bytes:
    return rtp.build(
        payload_type=111,
        sequence=sequence,
        timestamp=sequence * 960,
        ssrc=7,
        payload=b"\xfc",
        extensions={3: cc.to_bytes(2, "big")},
    )


def asked(core, now: float) -> list[tuple[int, ...]]:
    return [nack.lost for nack in reports(core.handle_timer(now), rtcp.Nack)]


def test_a_picture_s_lost_end_is_asked_for_when_sound_tells_of_it_not_only_with_the_next_picture():
    core = ingress()
    core.receive(video(10, payload=KEYFRAME, cc=1), 1.0, 2.0)
    core.receive(sound(1, cc=2), 1.001, 2.001)
    assert asked(core, 1.005) == []
    core.receive(sound(2, cc=4), 1.02, 2.02)  # 3 was lost: a picture's packet, or sound of no use any more
    assert core.urgent(1.02)
    assert asked(core, 1.021) == [(11,)]
    assert asked(core, 1.03) == []
    core.receive(sound(3, cc=5), 1.04, 2.04)
    assert not core.urgent(1.04)


def test_nothing_is_guessed_of_a_stream_that_rests_nor_where_too_much_is_missing():
    core = ingress()
    core.receive(video(10, payload=KEYFRAME, cc=1), 1.0, 2.0)
    core.receive(sound(1, cc=40), 1.01, 2.01)  # a whole burst: nobody knows whose
    assert asked(core, 1.02) == []
    core.receive(sound(2, cc=42), 5.0, 6.0)  # no picture for seconds
    assert asked(core, 5.01) == []


def test_a_keyframe_is_asked_for_once_for_all_and_again_until_it_comes():
    core = ingress()
    stream, _ = core.receive(video(1), 1.0, 2.0)
    stream.keyframes.want(1.0)
    stream.keyframes.want(1.05)
    asked = [tick / 50 for tick in range(50, 200) if reports(core.handle_timer(tick / 50), rtcp.Pli)]
    assert asked[0] == 1.0
    assert 2 <= len(asked) <= 6
    assert all(later - earlier >= 0.3 for earlier, later in itertools.pairwise(asked))
    core.receive(video(2, payload=KEYFRAME), 4.0, 5.0)
    assert not any(reports(core.handle_timer(4 + tick / 50), rtcp.Pli) for tick in range(100))


def test_over_a_lossy_link_every_packet_comes_through_in_the_end():
    """1,000 packets through 5 % loss, reordering and duplicates; NACKs answered over the same kind of link."""
    core = ingress()
    up = Link(Random(5), Profile(loss=0.05, reorder=0.1, duplicate=0.05, delay=0.02))
    down = Link(Random(6), Profile(loss=0.05, delay=0.02))
    forwarded: dict[int, bytes] = {}
    history: dict[int, bytes] = {}
    repairs = 0
    for tick in range(1200):
        now = 1 + tick * 0.005
        if tick < 1000:
            history[tick] = video(tick, payload=DELTA + tick.to_bytes(2, "big"), cc=tick)
            up.put(history[tick], now)
        for datagram in up.get(now):
            taken = core.receive(datagram, now, now)
            if taken is not None:
                sequence = taken[1].sequence & 0xFFFF
                assert sequence not in forwarded
                forwarded[sequence] = taken[1].raw[taken[1].start : taken[1].end]
        report = core.handle_timer(now)
        if report:
            down.put(report, now)
        for report in down.get(now):
            for nack in reports(report, rtcp.Nack):
                for sequence in nack.lost:
                    original = history[sequence]
                    header = rtp.parse_untrusted(original, None)
                    payload = original[header.payload_start :]
                    repairs += 1
                    packet = rtx.Repair(RTX_SSRC, 97, repairs, 0, sequence.to_bytes(2) + payload).build()
                    up.put(packet, now)
    assert up.counts.lost > 30
    assert forwarded == {sequence: DELTA + sequence.to_bytes(2, "big") for sequence in range(1000)}
    assert repairs < 300


def test_receiver_reports_come_every_second_with_sdes():
    core = ingress()
    times = []
    for tick in range(300):
        now = 1 + tick * 0.02
        core.receive(video(tick), now, now)
        if reports(core.handle_timer(now), rtcp.ReceiverReport):
            times.append(now)
    assert 5 <= len(times) <= 7
    assert all(later - earlier >= 0.99 for earlier, later in itertools.pairwise(times))


@given(st.binary(max_size=80))
def test_no_packet_raises(data):
    core = ingress()
    core.receive(video(1), 1.0, 2.0)
    core.receive(data, 1.0, 2.0)
    core.receive(b"\x90\x60" + data, 1.0, 2.0)
    core.receive(b"\xb0\x61\x00\x01" + bytes(4) + RTX_SSRC.to_bytes(4, "big") + data, 1.0, 2.0)
    core.handle_timer(2.0)
    assert core.next_deadline() is not None
