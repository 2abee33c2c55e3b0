"""What a player's RTCP does, and the reports it gets."""

from __future__ import annotations

from server.forward.egress import Egress, asks
from server.forward.relay import Relay
from server.wire import rtcp, rtp
from tests.unit.forward.kit import KEYFRAME, give, sent, stream, subscription, target


def test_reports_nacks_and_keyframe_wishes():
    viewer = subscription()
    egress, relay, video = Egress([viewer], cname="tongke-teacher"), Relay("video", 8), stream()
    assert egress.handle_timer(0.5, 1e9) == b""
    relay.subscribe(viewer, target(), 0.0)
    relay.set_stream(video, 0.0)
    out = sent(relay, [give(video, n, payload=KEYFRAME) for n in range(3)])["session 0"]
    packets = rtcp.parse_compound_untrusted(egress.handle_timer(1.0, 1e9 + 1.0))
    assert [type(packet) for packet in packets] == [rtcp.SenderReport, rtcp.Sdes]
    assert packets[0].ssrc == viewer.ssrc
    assert packets[0].packets == 3
    assert egress.handle_timer(1.1, 1e9 + 1.1) == b""
    wanted: list = []
    lost = rtp.parse_untrusted(out[1], None).sequence
    resent = egress.control(
        [
            rtcp.ReceiverReport(1),
            rtcp.Nack(1, viewer.ssrc, (lost,)),
            rtcp.Nack(1, 424242, (lost,)),
            rtcp.Pli(1, viewer.ssrc),
            rtcp.Fir(1, ((viewer.ssrc, 1), (77, 2))),
        ],
        2.0,
        wanted.append,
    )
    assert len(resent) == 1
    assert wanted == [viewer, viewer]
    assert (egress.nacked, egress.last_report) == (1, 2.0)


def test_reports_come_fast_at_first_and_after_another_publisher_took_over():
    viewer = subscription()
    egress, relay, video = Egress([viewer], cname="c"), Relay("video", 8), stream()
    relay.subscribe(viewer, target(), 0.0)
    relay.set_stream(video, 0.0)
    sent(relay, [give(video, 1, payload=KEYFRAME)])
    times = [tick / 50 for tick in range(50, 500) if egress.handle_timer(tick / 50, 1e9)]
    assert sum(at < 3 for at in times) >= 7
    assert sum(at > 5 for at in times) <= 6
    egress.restart_reports()
    assert egress.handle_timer(10.01, 1e9)


def test_only_what_asks_for_something_is_worth_parsing():
    quiet = bytes(rtcp.ReceiverReport(1)) + bytes(rtcp.Remb(1, 1_000_000, (2,)))
    assert not asks(quiet)
    for asking in (rtcp.Nack(1, 2, (3,)), rtcp.Pli(1, 2), rtcp.Fir(1, ((2, 1),))):
        assert asks(quiet + bytes(asking))
    assert asks(quiet + b"\x80")
    assert asks(quiet[:-4])
