from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.wire import rtcp
from server.wire.errors import BadPacket
from server.wire.transport_cc import TransportCc
from tests.captures import BROWSERS, datagrams

u8, u16, u32, u64 = (st.integers(0, 2**bits - 1) for bits in (8, 16, 32, 64))
blocks = st.lists(
    st.builds(rtcp.ReportBlock, u32, u8, st.integers(-0x800000, 0x7FFFFF), u32, u32, u32, u32), max_size=3
).map(tuple)
items = st.lists(st.tuples(st.integers(1, 255), st.binary(max_size=255)), max_size=3).map(tuple)
PACKETS = {
    "sr": st.builds(rtcp.SenderReport, u32, u64, u32, u32, u32, blocks),
    "rr": st.builds(rtcp.ReceiverReport, u32, blocks),
    "sdes": st.builds(rtcp.Sdes, st.lists(st.tuples(u32, items), max_size=3).map(tuple)),
    "bye": st.builds(rtcp.Bye, st.lists(u32, max_size=3).map(tuple), st.binary(max_size=100)),
    "pli": st.builds(rtcp.Pli, u32, u32),
    "fir": st.builds(rtcp.Fir, u32, st.lists(st.tuples(u32, u8), min_size=1, max_size=3).map(tuple)),
    "tcc": st.builds(
        TransportCc,
        u32,
        u32,
        u16,
        u8,
        st.integers(-0x800000, 0x7FFFFF),
        st.lists(st.none() | st.integers(-32768, 32767), max_size=200).map(tuple),
    ),
}


@pytest.mark.parametrize("client", BROWSERS)
def test_what_a_browser_sent_is_read_and_built_again(client: str) -> None:
    for data in datagrams(client, "rtcp"):
        packets = rtcp.parse_compound_untrusted(data)
        assert isinstance(packets[0], rtcp.SenderReport)
        assert b"".join(map(bytes, packets)) == data


@pytest.mark.parametrize("client", BROWSERS)
def test_a_cut_compound_is_bad_or_shorter(client: str) -> None:
    for data in datagrams(client, "rtcp"):
        whole = rtcp.parse_compound_untrusted(data)
        for length in range(len(data)):
            try:
                assert rtcp.parse_compound_untrusted(data[:length]) == whole[:1]
            except BadPacket:
                continue


@pytest.mark.parametrize("name", PACKETS)
def test_round_trip(name: str) -> None:
    @given(PACKETS[name])
    def check(packet: rtcp.Packet) -> None:
        assert rtcp.parse_compound_untrusted(bytes(packet)) == [packet]

    check()


@given(u32, u32, st.lists(u16, min_size=1, max_size=40, unique=True))
def test_nack_keeps_every_lost_number(sender: int, media: int, lost: list[int]) -> None:
    (parsed,) = rtcp.parse_compound_untrusted(bytes(rtcp.Nack(sender, media, tuple(lost))))
    assert isinstance(parsed, rtcp.Nack)
    assert set(parsed.lost) == set(lost)


def test_nack_packs_seventeen_in_a_pair_across_the_wrap() -> None:
    lost = tuple((65530 + n) & 0xFFFF for n in range(17))
    packet = bytes(rtcp.Nack(1, 2, lost))
    assert len(packet) == 4 + 8 + 4
    assert rtcp.parse_compound_untrusted(packet) == [rtcp.Nack(1, 2, lost)]


@given(u32, st.integers(0, (1 << 40)), st.lists(u32, max_size=3))
def test_remb_keeps_eighteen_bits(sender: int, bitrate: int, ssrcs: list[int]) -> None:
    (parsed,) = rtcp.parse_compound_untrusted(bytes(rtcp.Remb(sender, bitrate, tuple(ssrcs))))
    assert isinstance(parsed, rtcp.Remb)
    assert parsed.ssrcs == tuple(ssrcs)
    assert 0 <= bitrate - parsed.bitrate <= bitrate / (1 << 17)


def test_packet_loss_is_clamped_to_24_bits() -> None:
    block = rtcp.ReportBlock(1, 0, 1 << 30, 0, 0, 0, 0)
    (parsed,) = rtcp.parse_compound_untrusted(bytes(rtcp.ReceiverReport(1, (block,))))
    assert isinstance(parsed, rtcp.ReceiverReport)
    assert parsed.reports[0].packets_lost == 0x7FFFFF


def test_types_we_do_not_know_are_left_out() -> None:
    xr, pli = rtcp.packet(rtcp.XR, 0, bytes(4)), rtcp.Pli(1, 2)
    assert rtcp.parse_compound_untrusted(xr + bytes(pli)) == [pli]


def test_padding_is_taken_off() -> None:
    data = bytearray(bytes(rtcp.Pli(1, 2)) + b"\0\0\0\x04")
    data[0] |= 0x20
    data[3] += 1
    assert rtcp.parse_compound_untrusted(bytes(data)) == [rtcp.Pli(1, 2)]


def test_transport_cc_of_the_draft_reads_back_as_arrivals() -> None:
    arrivals = [(65534, 1_000_000), (65535, 1_001_000), (1, 1_000_500), (2, 1_300_000)]
    feedback, covered = TransportCc.from_arrivals(1, 2, 300, arrivals)
    assert covered == 4
    assert feedback.deltas == (160, 4, None, -2, 1198)
    assert feedback.feedback_count == 300 & 0xFF
    (parsed,) = rtcp.parse_compound_untrusted(bytes(feedback))
    assert parsed == feedback
    assert feedback.arrivals_us() == arrivals


def test_transport_cc_stops_before_a_delta_that_does_not_fit() -> None:
    feedback, covered = TransportCc.from_arrivals(1, 2, 0, [(1, 0), (2, 9_000_000)])
    assert covered == 1
    assert len(feedback.deltas) == 1


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-5000, 60_000)), min_size=1, max_size=100), u16)
def test_transport_cc_tells_when_each_packet_arrived(steps: list[tuple[int, int]], start: int) -> None:
    arrivals, sequence, clock = [], start, 10_000_000
    for skip, step in steps:
        sequence, clock = sequence + skip + 1, clock + step // 250 * 250
        arrivals.append((sequence & 0xFFFF, clock))
    feedback, covered = TransportCc.from_arrivals(1, 2, 0, arrivals)
    assert covered == len(arrivals)
    (parsed,) = rtcp.parse_compound_untrusted(bytes(feedback))
    assert isinstance(parsed, TransportCc)
    assert parsed.arrivals_us() == arrivals
