"""What a player's RTCP does, and the reports it gets."""

from __future__ import annotations

import pytest

from server.forward.clock import unix_to_ntp
from server.forward.egress import Egress
from server.forward.relay import Relay
from server.wire import rtcp, rtp
from server.wire.errors import BadPacket
from server.wire.transport_cc import TransportCc, parse_transport_cc
from tests.unit.forward.kit import KEYFRAME, give, sent, stream, subscription, target


def test_reports_nacks_and_keyframe_wishes():
    viewer = subscription()
    egress, relay, video = Egress([viewer], cname="tongke-teacher"), Relay("video", 8), stream()
    relay.subscribe(viewer, target(), 0.0)
    relay.set_layers([video], 0.0)
    out = sent(relay, [give(video, n, payload=KEYFRAME) for n in range(3)])["session 0"]
    packets = rtcp.parse_compound_untrusted(egress.handle_timer(1.0, 1e9 + 1.0))
    assert [type(packet) for packet in packets] == [rtcp.SenderReport, rtcp.Sdes]
    assert packets[0].ssrc == viewer.ssrc
    assert packets[0].packets == 3
    assert egress.handle_timer(1.1, 1e9 + 1.1) == b""
    wanted: list = []
    lost = rtp.parse_untrusted(out[1], None).sequence
    datagram = b"".join(
        map(
            bytes,
            (
                rtcp.ReceiverReport(1),
                rtcp.Nack(1, viewer.ssrc, (lost,)),
                rtcp.Nack(1, 424242, (lost,)),
                rtcp.Pli(1, viewer.ssrc),
                rtcp.Fir(1, ((viewer.ssrc, 1), (77, 2))),
            ),
        )
    )
    assert egress.control(datagram, 2.0, 1e9, wanted.append) == [(viewer, [lost])]
    assert wanted == [viewer, viewer]
    assert (egress.nacked, egress.last_report) == (1, 2.0)


def test_a_player_of_nothing_hears_once_a_second_that_it_is_connected():
    viewer = subscription()
    egress = Egress([viewer], cname="c")
    told = [
        (at, rtcp.parse_compound_untrusted(said)) for at in range(40) if (said := egress.handle_timer(at / 10, 1e9))
    ]
    assert [at for at, _ in told] == [0, 10, 20, 30]
    assert all([type(packet) for packet in packets] == [rtcp.ReceiverReport, rtcp.Sdes] for _, packets in told)
    assert Egress([], cname="c").handle_timer(1.0, 1e9) == b""


def test_reports_come_fast_at_first_and_after_another_publisher_took_over():
    viewer = subscription()
    egress, relay, video = Egress([viewer], cname="c"), Relay("video", 8), stream()
    relay.subscribe(viewer, target(), 0.0)
    relay.set_layers([video], 0.0)
    sent(relay, [give(video, 1, payload=KEYFRAME)])
    times = [tick / 50 for tick in range(50, 500) if egress.handle_timer(tick / 50, 1e9)]
    assert sum(at < 3 for at in times) >= 7
    assert sum(at > 5 for at in times) <= 6
    egress.restart_reports()
    assert egress.handle_timer(10.01, 1e9)


def test_what_receivers_report_is_kept_as_figures():
    viewer = subscription()
    egress, wall = Egress([viewer], cname="c"), 1e9
    sent_at = unix_to_ntp(wall - 0.25) >> 16 & 0xFFFFFFFF
    block = rtcp.ReportBlock(viewer.ssrc, 64, 5, 100, 900, sent_at, int(0.05 * 65536))
    other = rtcp.ReportBlock(777, 255, 5, 100, 900, 0, 0)
    datagram = bytes(rtcp.ReceiverReport(1, (block, other))) + bytes(rtcp.Remb(1, 1_234_000, (2,)))
    assert egress.control(datagram, 3.0, wall, lambda each: None) == []
    report = egress.reports[viewer.ssrc]
    assert (report.fraction_lost, report.packets_lost, report.at) == (0.25, 5, 3.0)
    assert report.jitter == pytest.approx(0.01)
    assert report.round_trip == pytest.approx(0.2, abs=0.001)
    assert egress.remb == pytest.approx(1_234_000, rel=0.001)
    assert list(egress.reports) == [viewer.ssrc]


def test_transport_feedback_is_put_aside_whole_and_not_without_end():
    egress = Egress([subscription()], cname="c")
    feedback, _ = TransportCc.from_arrivals(1, 2, 0, [(7, 1000), (8, 2000)])
    for _ in range(100):
        egress.control(bytes(feedback), 1.0, 1e9, lambda each: None)
    assert len(egress.feedback) == 16
    assert parse_transport_cc(1, 2, egress.feedback[0]) == feedback


@pytest.mark.parametrize("cut", range(1, 8))
def test_a_cut_report_is_refused(cut):
    quiet = bytes(rtcp.ReceiverReport(1)) + bytes(rtcp.Remb(1, 1_000_000, (2,)))
    with pytest.raises(BadPacket):
        Egress([], cname="c").control(quiet[:-cut], 1.0, 1e9, lambda each: None)
