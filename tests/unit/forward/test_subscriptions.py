"""Retransmissions to a subscriber and its sender reports."""

from __future__ import annotations

from server.forward.relay import Relay
from server.wire import rtp
from tests.unit.forward.kit import DELTA, KEYFRAME, give, sent, stream, subscription, target


def playing(rtx=101, packets=10):
    relay, viewer, video = Relay("video", 64), subscription(rtx=rtx), stream()
    relay.subscribe(viewer, target(), 0.0)
    relay.set_layers([video], 0.0)
    out = sent(relay, [give(video, n, payload=KEYFRAME + n.to_bytes(2), timestamp=n * 3000) for n in range(packets)])
    return relay, viewer, video, out["session 0"]


def test_a_lost_packet_comes_again_on_the_rtx_ssrc_with_its_original_number():
    _, viewer, _, out = playing()
    lost = rtp.parse_untrusted(out[4], None)
    (repair,) = viewer.resend([lost.sequence], 1.0)
    packet = repair.build()
    header = rtp.parse_untrusted(packet, None)
    assert (header.ssrc, header.payload_type, header.timestamp) == (viewer.rtx_ssrc, 101, lost.timestamp)
    payload = packet[header.payload_start :]
    assert int.from_bytes(payload[:2], "big") == lost.sequence
    assert payload[2:] == out[4][12:]


def test_each_retransmission_has_a_sequence_of_its_own():
    _, viewer, _, out = playing()
    lost = [rtp.parse_untrusted(packet, None).sequence for packet in out[2:5]]
    sequences = [repair.sequence for repair in viewer.resend(lost, 1.0) + viewer.resend(lost, 1.1)]
    assert len(sequences) == len(set(sequences)) == 6


def test_asked_twice_at_once_it_is_sent_once():
    _, viewer, _, out = playing()
    lost = rtp.parse_untrusted(out[4], None).sequence
    assert len(viewer.resend([lost, lost], 1.0) + viewer.resend([lost], 1.005)) == 1


def test_what_was_never_sent_to_this_subscriber_is_not_resent_and_what_was_is_though_another_publishes():
    relay, viewer, _video, out = playing()
    first = rtp.parse_untrusted(out[0], None).sequence
    assert viewer.resend([(first - 1) & 0xFFFF, (first + 10) & 0xFFFF, (first + 2000) & 0xFFFF], 1.0) == []
    other = stream(ssrc=77)
    relay.set_layers([other], 2.0)
    (repair,) = viewer.resend([first], 2.0)
    assert repair.payload[2:] == out[0][12:]
    sent(relay, [give(other, 5, payload=KEYFRAME, now=2.0)], now=2.0)
    assert [repair.payload[2:] for repair in viewer.resend([first], 2.1)] == [out[0][12:]]


def test_without_rtx_nothing_is_resent():
    _, viewer, _, out = playing(rtx=None)
    assert viewer.resend([rtp.parse_untrusted(out[4], None).sequence], 1.0) == []


def test_a_flood_of_nacks_is_bounded():
    _, viewer, _, out = playing(packets=800)
    lost = [rtp.parse_untrusted(packet, None).sequence for packet in out]
    assert len(viewer.resend(lost, 1.0)) == 600
    assert len(viewer.resend(lost, 1.1)) <= 61


def test_a_thin_line_is_resent_less():
    _, viewer, _, out = playing(packets=800)
    viewer.resends = 5.0
    lost = [rtp.parse_untrusted(packet, None).sequence for packet in out]
    assert len(viewer.resend(lost, 1.0)) == 5
    assert len(viewer.resend(lost, 2.0)) == 5


def test_sender_reports_count_from_where_the_subscriber_began():
    relay, viewer, video, _ = playing(packets=10)
    late = subscription(5, ssrc=900)
    relay.subscribe(late, target(1), 1.0)
    sent(relay, [give(video, 10, payload=KEYFRAME), give(video, 11, payload=DELTA)])
    figures = viewer.sender_figures(1e9 + 1.0)
    assert figures.packets == 12
    assert late.sender_figures(1e9 + 1.0).packets == 2
    relay.set_layers([], 2.0)
    assert viewer.sender_figures(1e9 + 2.0) is None
    assert viewer.sent()[0] == 12


def test_a_report_s_timestamp_is_the_media_s_at_that_time():
    _, viewer, _video, out = playing()
    header = rtp.parse_untrusted(out[0], None)  # timestamp 0 of the stream, arrived at wall 1e9 + 1
    figures = viewer.sender_figures(1e9 + 1.5)
    assert (figures.timestamp - header.timestamp) & 0xFFFFFFFF == 45000
