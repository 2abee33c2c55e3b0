"""RTP payloads → frames: VP8, H.264, Opus, their losses and their nonsense."""

from __future__ import annotations

import contextlib

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.depacket import opus
from recorder.depacket.av1 import Av1Assembler
from recorder.depacket.av1_sequence import Sequence, read_sequence_untrusted
from recorder.depacket.h264 import H264Assembler, split_stap_untrusted
from recorder.depacket.red import split_untrusted
from recorder.depacket.sps import read_sps_untrusted
from recorder.depacket.units import Packet
from recorder.depacket.vp8 import Vp8Assembler, parse_descriptor_untrusted
from recorder.depacket.vp9 import Vp9Assembler
from recorder.feed import ASSEMBLERS
from server.wire import rtp
from server.wire.errors import BadPacket
from tests.captures import BROWSERS, media
from tests.fakes import packets

SIZES = [(320, 180), (640, 360), (1280, 720), (322, 182)]


def feed(assembler, raw, number=1, *, redundant=False):
    header = rtp.parse_untrusted(raw)
    payload = raw[header.payload_start : header.payload_end]
    return assembler.add(Packet(number, 0, header.sequence, header.timestamp, header.marker, payload, redundant))


def run(codec, assembler, frames, drop=()):
    """All packets but those whose position is in `drop`; a hole is told as `lost`."""
    out = []
    rows = [data for _, group in packets.packetize_video(codec, frames, packets.Stream(1)) for data in group]
    hole = False
    for index, raw in enumerate(rows):
        if index in drop:
            hole = True
            continue
        if hole:
            assembler.lost()
            hole = False
        out += feed(assembler, raw, index + 1)
    return out


def with_lengths(annex_b):
    return b"".join(len(unit).to_bytes(4, "big") + unit for unit in packets.nal_units(annex_b))


def test_vp8_frames_come_out_as_they_went_in():
    frames = packets.encode_video("vp8", 40, size=(640, 360), key_every=20)
    out = run("vp8", Vp8Assembler(), frames)
    assert [frame.data for frame in out] == [data for _, _, data in frames]
    assert [frame.key for frame in out] == [key for _, key, _ in frames]
    assert {frame.size for frame in out if frame.key} == {(640, 360)}


def test_vp9_frames_come_out_as_they_went_in():
    frames = packets.encode_video("vp9", 40, size=(640, 360), key_every=20)
    out = run("vp9", Vp9Assembler(), frames)
    assert [frame.data for frame in out] == [data for _, _, data in frames]
    assert [frame.key for frame in out] == [key for _, key, _ in frames]
    assert {frame.size for frame in out if frame.key} == {(640, 360)}


def test_av1_units_come_out_as_they_went_in_without_their_delimiters():
    frames = packets.encode_video("av1", 40, size=(640, 360), key_every=20)
    assembler = Av1Assembler()
    out = run("av1", assembler, frames)
    assert [frame.data for frame in out] == [data.removeprefix(b"\x12\x00") for _, _, data in frames]
    assert [frame.key for frame in out] == [key for _, key, _ in frames]
    assert {frame.size for frame in out if frame.key} == {(640, 360)}
    assert assembler.sequence == Sequence(0, 0, 0, 640, 360, 8, False, (1, 1), 0)._replace(
        level=assembler.sequence.level, position=assembler.sequence.position
    )


@pytest.mark.parametrize("client", BROWSERS)
@pytest.mark.parametrize("codec", ["vp9", "av1"])
def test_a_browsers_pictures_decode(client, codec):
    assembler = ASSEMBLERS[codec]()
    frames = []
    for raw, _ in media(client, codec):
        frames += feed(assembler, raw)
    assert len(frames) > 3
    assert [frame.key for frame in frames] == [True] + [False] * (len(frames) - 1)
    decoder = av.CodecContext.create({"vp9": "vp9", "av1": "libdav1d"}[codec], "r")
    decoder.thread_type = "NONE"
    decoded = [picture for frame in frames for picture in decoder.decode(av.Packet(frame.data))]
    decoded += decoder.decode(None)
    assert len(decoded) == len(frames)
    assert {(picture.width, picture.height) for picture in decoded} == {frames[0].size}


def test_spatial_layers_of_vp9_become_one_superframe_with_its_index():
    stream = packets.Stream(1)
    base, upper = b"\x82" + b"\x49\x83\x42" + bytes((0, 0x13, 0xF0, 0x0B, 0x30)) + bytes(3000), b"\x86" + bytes(300)
    rows = stream.build(0, packets.vp9_payloads(base, 1, key=True, spatial=0), marker=False)
    rows += stream.build(0, packets.vp9_payloads(upper, 1, key=True, spatial=1))
    assembler = Vp9Assembler()
    (frame,) = [frame for raw in rows for frame in feed(assembler, raw)]
    assert frame.key
    assert frame.size == (320, 180)
    marker = bytes((0xC0 | 1 << 3 | 1,))
    sizes = len(base).to_bytes(2, "little") + len(upper).to_bytes(2, "little")
    assert frame.data == base + upper + marker + sizes + marker


def test_redundant_sound_comes_out_once_and_fills_what_was_lost():
    coded = packets.encode_opus(0.4)
    rows = [raw for _, group in packets.packetize_red(coded, packets.Stream(1), distance=2) for raw in group]
    for lost, missing in ((set(), set()), ({5, 6, 11}, set()), ({5, 6, 7}, {5}), ({0, 1}, {0, 1})):
        assembler = opus.OpusAssembler()
        kept = [raw for index, raw in enumerate(rows) if index not in lost]
        out = [frame for raw in kept for frame in feed(assembler, raw, redundant=True)]
        left = [index for index in range(len(coded)) if index not in missing]
        assert [frame.data for frame in out] == [coded[index][1] for index in left]
        assert [frame.timestamp - 90_000 for frame in out] == [coded[index][0] for index in left]


def test_a_stream_may_go_over_to_redundancy_and_back():
    coded = packets.encode_opus(0.2)
    stream = packets.Stream(1)
    assembler = opus.OpusAssembler()
    out = []
    for index, (pts, data) in enumerate(coded):
        redundant = 3 <= index < 7
        before = [coded[index - 1][1]] if redundant else []
        payload = packets.red_payload([*before, data]) if redundant else data
        out += feed(assembler, stream.build(pts, [payload])[0], redundant=redundant)
    assert [frame.data for frame in out] == [data for _, data in coded]


def test_h264_access_units_come_out_as_they_went_in():
    frames = packets.encode_video("h264", 40, size=(640, 360), key_every=20)
    out = run("h264", H264Assembler(), frames)
    assert [frame.data for frame in out] == [with_lengths(data) for _, _, data in frames]
    assert [frame.key for frame in out] == [key for _, key, _ in frames]
    assert {frame.size for frame in out if frame.key} == {(640, 360)}


@pytest.mark.parametrize(
    ("codec", "assembler"),
    [("vp8", Vp8Assembler), ("h264", H264Assembler), ("vp9", Vp9Assembler), ("av1", Av1Assembler)],
)
def test_after_a_loss_nothing_comes_until_the_next_keyframe(codec, assembler):
    frames = packets.encode_video(codec, 30, size=(640, 360), key_every=10)
    groups = [group for _, group in packets.packetize_video(codec, frames, packets.Stream(1))]
    lost_frame = 13
    position = sum(len(group) for group in groups[:lost_frame])
    one = assembler()
    out = run(codec, one, frames, drop={position})
    assert len(out) == 30 - 7  # frames 13..19 are gone
    assert out[13].key
    assert not one.damaged


@pytest.mark.parametrize(
    ("codec", "assembler"),
    [("vp8", Vp8Assembler), ("h264", H264Assembler), ("vp9", Vp9Assembler), ("av1", Av1Assembler)],
)
def test_nothing_comes_before_the_first_keyframe(codec, assembler):
    frames = packets.encode_video(codec, 6, key_every=3)
    one = assembler()
    assert run(codec, one, frames[1:3]) == []
    assert one.damaged


def test_an_idr_without_its_parameter_sets_gets_the_last_ones():
    frames = packets.encode_video("h264", 4, key_every=2)
    one = H264Assembler()
    stream = packets.Stream(1)
    first = packets.h264_payloads(frames[0][2])
    bare = [payload for payload in packets.h264_payloads(frames[2][2]) if payload[0] & 0x1F != 24]
    out = []
    for timestamp, payloads in ((0, first), (6000, bare)):
        for raw in stream.build(timestamp, payloads):
            out += feed(one, raw)
    assert [unit_kinds(frame.data)[:2] for frame in out] == [[7, 8], [7, 8]]


def test_an_idr_whose_own_parameter_sets_were_lost_is_not_taken_with_old_ones():
    """A picture of another size with the old SPS is rubbish that a player shows for two seconds."""
    frames = packets.encode_video("h264", 4, key_every=2)
    one, stream, out = H264Assembler(), packets.Stream(1), []
    for index in (0, 2):
        for raw in stream.build(index * 3000, packets.h264_payloads(frames[index][2])):
            if index and raw[12] & 0x1F == 24:
                one.lost()  # the STAP-A with SPS and PPS did not come
            else:
                out += feed(one, raw)
    assert [frame.timestamp - 90_000 for frame in out] == [0]
    assert one.damaged
    for raw in stream.build(9000, packets.h264_payloads(frames[0][2])):
        out += feed(one, raw)
    assert [frame.timestamp - 90_000 for frame in out] == [0, 9000]


def unit_kinds(data):
    kinds = []
    while data:
        size = int.from_bytes(data[:4], "big")
        kinds.append(data[4] & 0x1F)
        data = data[4 + size :]
    return kinds


def test_an_access_unit_without_marker_ends_with_the_next_timestamp():
    frames = packets.encode_video("h264", 2)
    stream, one, out = packets.Stream(1), H264Assembler(), []
    for pts, _, data in frames:
        for raw in stream.build(pts, packets.h264_payloads(data), marker=False):
            out += feed(one, raw)
    assert [frame.timestamp for frame in out] == [90_000]


@pytest.mark.parametrize("size", SIZES)
def test_the_picture_size_is_read_from_the_stream(size):
    sps = next(
        unit for unit in packets.nal_units(packets.encode_video("h264", 1, size=size)[0][2]) if unit[0] & 31 == 7
    )
    values = read_sps_untrusted(sps)
    assert (values.width, values.height) == size
    assert values.profile == 0x42
    for end in range(8):
        with pytest.raises(BadPacket):
            read_sps_untrusted(sps[:end])


def test_opus_durations():
    assert opus.duration_untrusted(bytes((31 << 3,))) == 960
    assert opus.duration_untrusted(bytes((1 << 3 | 1,))) == 2 * 960
    assert opus.duration_untrusted(bytes((3, 6))) == 6 * 480
    assert opus.silence_after(bytes((0x7F, 1, 2))) == (b"\x7c", 960)
    for bad in (b"", b"\x03", b"\x03\x00", bytes((3 << 3 | 3, 3))):
        with pytest.raises(BadPacket):
            opus.duration_untrusted(bad)


@given(st.lists(st.binary(max_size=40), max_size=12))
def test_nonsense_raises_nothing_and_gives_no_picture(payloads):
    for assembler in (make() for make in ASSEMBLERS.values()):
        for index, payload in enumerate(payloads):
            for frame in assembler.add(Packet(index, 0, index, index // 2, index & 1, payload)):
                assert frame.data
    parsers = (
        parse_descriptor_untrusted,
        split_stap_untrusted,
        read_sps_untrusted,
        opus.duration_untrusted,
        split_untrusted,
        read_sequence_untrusted,
    )
    for parse in parsers:
        for payload in payloads:
            with contextlib.suppress(BadPacket):
                parse(payload)
