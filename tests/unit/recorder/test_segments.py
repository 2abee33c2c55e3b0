"""The containers: what is written is read back, and a torn tail is cut at its last whole chunk."""

from __future__ import annotations

import io

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.depacket.av1 import Av1Assembler
from recorder.depacket.h264 import H264Assembler
from recorder.segments import mp4, webm
from recorder.segments.container import Mark, Sample
from tests.fakes import packets
from tests.unit.recorder.test_depacket import run, unit_kinds

MARK = Mark(0xDEADBEEF, 70_000, 0xFFFFFFF0, 1_234_567_890_123)


def vp8(count=24, size=(320, 180)):
    frames = packets.encode_video("vp8", count, size=size, key_every=12)
    return webm.WebM(size), [Sample(pts // 90, 33, key, data) for pts, key, data in frames]


def h264(count=24, size=(320, 180)):
    frames = run("h264", H264Assembler(), packets.encode_video("h264", count, size=size, key_every=12))
    first = packets.nal_units(packets.encode_video("h264", 1, size=size)[0][2])
    sps, pps = (next(unit for unit in first if unit[0] & 31 == kind) for kind in (7, 8))
    container = mp4.Mp4(90_000, mp4.avc3_entry(sps, pps, *size), size)
    return container, [Sample(index * 3000, 3000, frame.key, frame.data) for index, frame in enumerate(frames)]


def vp9(count=24, size=(320, 180)):
    frames = packets.encode_video("vp9", count, size=size, key_every=12)
    container = mp4.Mp4(90_000, mp4.vp09_entry(31, *size), size)
    return container, [Sample(pts, 3000, key, data) for pts, key, data in frames]


def av1(count=24, size=(320, 180)):
    assembler = Av1Assembler()
    frames = run("av1", assembler, packets.encode_video("av1", count, size=size, key_every=12))
    container = mp4.Mp4(90_000, mp4.av01_entry(assembler.sequence, assembler.sequence_obu, *size), size)
    return container, [Sample(index * 3000, 3000, frame.key, frame.data) for index, frame in enumerate(frames)]


def sound(count=24):
    coded = packets.encode_opus(count / 50)
    return mp4.Mp4(48_000, mp4.opus_entry(2)), [Sample(pts, 960, True, data) for pts, data in coded]


MAKERS = {"vp8": vp8, "h264": h264, "vp9": vp9, "av1": av1, "opus": sound}


def chunks(container, samples, size=6):
    return [container.chunk(samples[at : at + size], MARK) for at in range(0, len(samples), size)]


def decode(container, data):
    form = "matroska" if container.name == "webm" else "mp4"
    with av.open(io.BytesIO(data), mode="r", format=form) as source:
        return [(float(frame.pts * frame.time_base), frame) for packet in source.demux() for frame in packet.decode()]


@pytest.mark.parametrize("codec", MAKERS)
def test_a_decoder_finds_every_frame_at_its_time(codec):
    container, samples = MAKERS[codec]()
    data = container.init() + b"".join(chunk for chunk, _ in chunks(container, samples))
    out = decode(container, data)
    assert len(out) == len(samples)
    assert [at for at, _ in out] == pytest.approx([sample.start / container.rate for sample in samples], abs=0.001)


@pytest.mark.parametrize("codec", MAKERS)
def test_chunks_are_read_back(codec):
    container, samples = MAKERS[codec]()
    written = chunks(container, samples)
    piece = b"".join(chunk for chunk, _ in written)
    found = container.read(piece)
    assert len(found) == len(written)
    offset = 0
    for index, (info, (chunk, stretch)) in enumerate(zip(found, written, strict=True)):
        rows = samples[index * 6 : index * 6 + 6]
        assert info.start == rows[0].start
        assert info.last_start == rows[-1].start
        assert info.end == rows[-1].start + rows[-1].duration
        assert info.mark == MARK
        assert info.stretch_offset == offset + stretch
        offset += len(chunk)
        assert info.end_offset == offset


@pytest.mark.parametrize("codec", MAKERS)
def test_torn_at_every_byte_of_the_last_chunk_the_rest_is_whole(codec):
    container, samples = MAKERS[codec](12)
    (first, _), (second, _) = chunks(container, samples)
    for end in range(len(second)):
        found = container.read(first + second[:end])
        assert [info.end_offset for info in found] == [len(first)]
    assert len(container.read(first + second)) == 2


@pytest.mark.parametrize("codec", MAKERS)
def test_a_piece_in_the_middle_decodes_by_itself(codec):
    container, samples = MAKERS[codec]()
    late = [sample._replace(start=sample.start + 3600 * container.rate) for sample in samples[12:]]
    assert late[0].key
    out = decode(container, container.init() + b"".join(chunk for chunk, _ in chunks(container, late)))
    assert len(out) == 12
    assert out[0][0] == pytest.approx(3600 + samples[12].start / container.rate, abs=0.001)


@pytest.mark.parametrize("codec", ["vp8", "h264", "vp9", "av1"])
def test_the_last_duration_can_be_stretched_in_place(codec):
    container, samples = MAKERS[codec](12)
    data, offset = container.chunk(samples, MARK)
    longer = data[:offset] + (7 * container.rate).to_bytes(4, "big") + data[offset + 4 :]
    assert container.read(longer)[0].end == samples[-1].start + 7 * container.rate
    assert len(decode(container, container.init() + longer)) == 12


@pytest.mark.parametrize("codec", ["h264", "vp9", "av1"])
def test_a_change_of_resolution_needs_no_new_init(codec):
    container, small = MAKERS[codec](12, (320, 180))
    _, large = MAKERS[codec](12, (1280, 720))
    large = [sample._replace(start=sample.start + 36_000) for sample in large]
    if codec == "h264":
        assert unit_kinds(large[0].data)[:2] == [7, 8]
    data = container.init() + container.chunk(small, MARK)[0] + container.chunk(large, MARK)[0]
    sizes = [(frame.width, frame.height) for _, frame in decode(container, data)]
    assert sizes == [(320, 180)] * 12 + [(1280, 720)] * 12


@given(st.binary(max_size=300))
def test_reading_nonsense_raises_nothing(data):
    assert mp4.Mp4(90_000, b"").read(data) == []
    assert webm.WebM((1, 1)).read(data) == []


def test_marks_are_read_back_and_nothing_else_is_one():
    assert Mark.parse(bytes(MARK)) == MARK
    assert Mark.parse(bytes(MARK)[:-1]) is None
    assert Mark.parse(b"X" + bytes(MARK)[1:]) is None
