"""Streams into one recording: replaced publishers, stops at any moment, screens that stand, sound and picture."""

from __future__ import annotations

import functools
import itertools

import av
import pytest

from recorder.feed import CHANGED_EVERY, KEYFRAME_AGAIN, KEYFRAME_EVERY, Feed
from recorder.manifest import read_index
from recorder.pieces import PieceStream
from recorder.recording import Recording
from recorder.storage import Store
from recorder.timeline import PublisherClock
from recorder.tracks import RecordedTrack, empty_container
from tests.fakes import packets, recordings
from tests.fakes.recordings import ZERO_NS, track_info

NS = 1_000_000_000


def new_recording(root):
    return recordings.Recording(recordings.Manifest("l1", ZERO_NS))


def resumed(root):
    """The recording as a new process takes it up."""
    store = Store(root)
    recording = Recording(store.load("l1"))
    for entry in recording.manifest.tracks:
        resume = store.recover(root / "l1" / entry.id, empty_container(entry))
        recording.tracks[entry.id] = RecordedTrack(None, entry, resume)
    return recording


@functools.cache
def encoded(codec, count, **how):
    """Encoding is most of these tests' time; the streams are the same every time."""
    return packets.encode_video(codec, count, **how)


def rows_of(codec, seconds, *, ssrc=1, begin=0.0, **how):
    """(seconds, packet)."""
    stream = packets.Stream(ssrc, sequence=65_500, timestamp=2**32 - 50_000)
    rate = recordings.RATES[codec]
    if rate == 48_000:
        make = packets.packetize_red if codec == "red" else packets.packetize_opus
        groups = make(packets.encode_opus(seconds, **how), stream)
    else:
        groups = packets.packetize_video(codec, encoded(codec, int(seconds * 30), **how), stream)
    return [(begin + pts / rate, data) for pts, group in groups for data in group]


def send(recording, feed, rows, first=1):
    for number, (at, data) in enumerate(rows, first):
        now = ZERO_NS + int(at * NS)
        recording.packet(feed, number, now, memoryview(data), now)


def read(root, track):
    """(times of decoded frames, index entries)."""
    folder = root / "l1" / track
    entries, _ = read_index((folder / "index.jsonl").read_bytes())
    suffix = ".webm" if "vp8" in track else ".m4s"
    files = [folder / f"init.{'webm' if 'vp8' in track else 'mp4'}", *(folder / f"{e.n:06d}{suffix}" for e in entries)]
    form = "matroska" if "vp8" in track else "mp4"
    with PieceStream(files) as stream, av.open(stream, mode="r", format=form) as source:
        return [float(f.pts * f.time_base) for packet in source.demux() for f in packet.decode()], entries


@pytest.mark.parametrize("codec", ["vp8", "h264", "vp9", "av1", "opus", "red"])
@pytest.mark.parametrize("stop", [1, 7, 30, 55, 77, 101, 140])
def test_stopped_at_any_packet_and_everything_sent_again_each_frame_is_there_once(tmp_path, codec, stop):
    rows = rows_of(codec, 5.0)
    cut = len(rows) * stop // 150
    name = track_info(1, codec).name
    first = new_recording(tmp_path)
    send(first, first.attach(track_info(1, codec), 1, ZERO_NS), rows[:cut])
    recordings.save(tmp_path, first)  # what was ready is durable, the rest dies with the process
    second = resumed(tmp_path)
    send(second, second.attach(track_info(1, codec), 1, ZERO_NS), rows)
    second.finish(ZERO_NS + 5 * NS, present=True)
    recordings.save(tmp_path, second)
    times, entries = read(tmp_path, name)
    sound = codec in ("opus", "red")
    assert len(times) == (250 if sound else 150)
    assert times == pytest.approx([index / (50 if sound else 30) for index in range(len(times))], abs=0.002)
    assert all(a.end == pytest.approx(b.start, abs=0.002) for a, b in itertools.pairwise(entries))


def test_a_replaced_publisher_goes_on_in_the_same_track(tmp_path):
    one = new_recording(tmp_path)
    send(one, one.attach(track_info(1, "vp8"), 1, ZERO_NS), rows_of("vp8", 2.0))
    send(one, one.attach(track_info(2, "vp8", ssrc=2), 1, ZERO_NS), rows_of("vp8", 2.0, ssrc=2, begin=6.0))
    one.finish(ZERO_NS + 8 * NS, present=True)
    recordings.save(tmp_path, one)
    times, entries = read(tmp_path, "teacher-video-vp8")
    assert len(times) == 120
    assert [round(b.start - a.end, 1) for a, b in itertools.pairwise(entries)] == [4.0]


def test_a_publisher_with_another_codec_makes_a_second_track(tmp_path):
    one = new_recording(tmp_path)
    old = one.attach(track_info(1, "vp8"), 1, ZERO_NS)
    send(one, old, rows_of("vp8", 2.0))
    send(one, one.attach(track_info(2, "h264"), 1, ZERO_NS), rows_of("h264", 2.0, ssrc=2, begin=3.0))
    send(one, old, rows_of("vp8", 1.0, begin=4.0))  # what the old one still sends is not wanted
    one.finish(ZERO_NS + 5 * NS, present=True)
    recordings.save(tmp_path, one)
    assert len(read(tmp_path, "teacher-video-vp8")[0]) == 60
    assert len(read(tmp_path, "teacher-video-h264")[0]) == 60
    assert [entry.id for entry in one.manifest.tracks] == ["teacher-video-vp8", "teacher-video-h264"]


@pytest.mark.parametrize(
    ("codec", "mime"),
    [
        ("vp8", 'video/webm; codecs="vp8"'),
        ("h264", 'video/mp4; codecs="avc3.42c028"'),
        ("vp9", 'video/mp4; codecs="vp09.00.40.08"'),
        ("av1", 'video/mp4; codecs="av01.0.08M.08"'),
    ],
)
def test_a_stream_that_grows_is_told_with_its_largest_picture(tmp_path, codec, mime):
    one = new_recording(tmp_path)
    feed = one.attach(track_info(1, codec), 1, ZERO_NS)
    stream = packets.Stream(1)
    begin = 0.0
    for size in ((320, 180), (1920, 1080), (640, 360)):
        frames = packets.encode_video(codec, 30, size=size)
        groups = packets.packetize_video(codec, [(pts + int(begin * 90_000), k, d) for pts, k, d in frames], stream)
        send(one, feed, [(pts / 90_000, data) for pts, group in groups for data in group])
        begin += 1.0
    one.finish(ZERO_NS + 3 * NS, present=True)
    recordings.save(tmp_path, one)
    assert len(read(tmp_path, f"teacher-video-{codec}")[0]) == 90
    (entry,) = Store(tmp_path).load("l1").tracks
    assert (entry.codec, entry.width, entry.height) == (codec, 1920, 1080)
    assert entry.mime == mime


def test_redundant_sound_is_recorded_as_opus_and_fills_what_was_lost(tmp_path):
    one = new_recording(tmp_path)
    plain = rows_of("opus", 1.0)
    rows = rows_of("red", 2.0, ssrc=2, begin=1.0)
    del rows[40]
    send(one, one.attach(track_info(1, "opus"), 1, ZERO_NS), plain)
    send(one, one.attach(track_info(2, "red", ssrc=2), 1, ZERO_NS), rows)
    one.finish(ZERO_NS + 3 * NS, present=True)
    recordings.save(tmp_path, one)
    times, _ = read(tmp_path, "teacher-audio-opus")
    assert len(times) == 150
    assert [(entry.id, entry.codec) for entry in one.manifest.tracks] == [("teacher-audio-opus", "opus")]


def test_a_screen_that_stands_has_no_hole_and_a_camera_that_stops_has(tmp_path):
    for source, holes in (("screen", []), ("teacher", [18.0])):
        one = new_recording(tmp_path)
        feed = one.attach(track_info(1, "vp8", source), 1, ZERO_NS)
        frames = packets.encode_video("vp8", 60, keys={0, 30})
        late = [(pts + 18 * 90_000 * (index >= 30), key, data) for index, (pts, key, data) in enumerate(frames)]
        groups = packets.packetize_video("vp8", late, packets.Stream(1))
        for pts, group in groups:
            send(one, feed, [(pts / 90_000, data) for data in group])
            one.tick(ZERO_NS + pts * NS // 90_000 + NS)
        one.finish(ZERO_NS + 25 * NS, present=True)
        recordings.save(tmp_path, one)
        times, entries = read(tmp_path, f"{source}-video-vp8")
        assert len(times) == 60
        found = [round(b.start - a.end, 1) for a, b in itertools.pairwise(entries) if b.start - a.end > 0.1]
        assert found == holes
        assert entries[-1].end == (25.0 if source == "screen" else pytest.approx(20.0, abs=0.05))


def test_what_stops_is_there_to_be_watched_soon_and_goes_on_at_a_keyframe(tmp_path):
    one = new_recording(tmp_path)
    feeds = {codec: one.attach(track_info(n, codec), 1, ZERO_NS) for n, codec in enumerate(("h264", "opus"), 1)}
    rows = {"h264": rows_of("h264", 1.5, ssrc=1, key_every=20), "opus": rows_of("opus", 1.5, ssrc=2)}
    for codec, feed in feeds.items():
        send(one, feed, rows[codec])
    one.tick(ZERO_NS + 3 * NS)
    recordings.save(tmp_path, one)
    assert not (tmp_path / "l1" / "teacher-video-h264" / "index.jsonl").exists()
    one.tick(ZERO_NS + int(4.1 * NS))
    recordings.save(tmp_path, one)
    for name in ("teacher-video-h264", "teacher-audio-opus"):
        (entry,) = read(tmp_path, name)[1]
        assert (entry.start, entry.end) == (0.0, pytest.approx(1.5, abs=0.05)), name
    later = [(at + 20, data) for at, data in rows_of("h264", 5.0, ssrc=1, key_every=20)[-100:]]
    send(one, feeds["h264"], later)  # begins with frames that build on what is long closed
    assert one.tracks["teacher-video-h264"].cutter.writing


def test_lost_packets_cost_until_the_next_keyframe(tmp_path):
    one = new_recording(tmp_path)
    rows = rows_of("vp8", 6.0, size=(640, 360), key_every=60)
    lost = next(index for index, (at, _) in enumerate(rows) if at > 2.5)
    feed = one.attach(track_info(1, "vp8"), 1, ZERO_NS)
    send(one, feed, [*rows[:lost], *rows[lost + 1 :]])
    one.finish(ZERO_NS + 6 * NS, present=True)
    recordings.save(tmp_path, one)
    times, entries = read(tmp_path, "teacher-video-vp8")
    assert 180 - 46 <= len(times) < 180 - 40
    assert entries[1].start == 2.0
    assert all(b.start - a.end < 0.1 for a, b in itertools.pairwise(entries))  # the last good picture stood 1.5 s


def test_sound_and_picture_are_in_step_after_sender_reports(tmp_path):
    one = new_recording(tmp_path)
    picture = one.attach(track_info(1, "vp8"), 1, ZERO_NS)
    sound = one.attach(track_info(2, "opus"), 1, ZERO_NS)
    rows = sorted(
        [(at + 0.15, 0, data) for at, data in rows_of("vp8", 8.0)]  # 150 ms late, the sound 10 ms
        + [(at + 0.01, 1, data) for at, data in rows_of("opus", 8.0, ssrc=2)]
    )
    ntp = 3_900_000_000 << 32
    start = 2**32 - 50_000
    for number, (at, which, data) in enumerate(rows, 1):
        now = ZERO_NS + int(at * NS)
        one.packet((picture, sound)[which], number, now, memoryview(data), now)
        if number == len(rows) // 4:  # both reports name the publisher's second 1
            sound.report(ntp + (1 << 32), start + 48_000)
            picture.report(ntp + (1 << 32), start + 90_000 - 2**32)
    one.finish(ZERO_NS + int(8.2 * NS), present=True)
    recordings.save(tmp_path, one)
    heard, _ = read(tmp_path, "teacher-audio-opus")
    seen, _ = read(tmp_path, "teacher-video-vp8")
    assert heard == pytest.approx([0.01 + index * 0.02 for index in range(400)], abs=0.002)
    assert seen[0] == pytest.approx(0.15, abs=0.002)
    assert seen[-1] == pytest.approx(0.01 + 239 / 30, abs=0.002)
    assert seen == sorted(seen)


def test_a_change_of_layer_keeps_the_publishers_clock_and_a_new_publisher_does_not(tmp_path):
    one = new_recording(tmp_path)
    low = one.attach(track_info(1, "vp8"), 1, ZERO_NS)
    sound = one.attach(track_info(2, "opus"), 1, ZERO_NS)
    one.detach(low, ZERO_NS + NS)
    high = one.attach(track_info(3, "vp8"), 1, ZERO_NS + NS)
    assert high.publisher is sound.publisher
    one.detach(high, ZERO_NS + 2 * NS)
    one.detach(sound, ZERO_NS + 2 * NS)
    assert one.attach(track_info(4, "vp8"), 1, ZERO_NS + 2 * NS).publisher is not sound.publisher


def test_layers_follow_each_other_in_one_track_in_step_with_the_sound(tmp_path):
    one = new_recording(tmp_path)
    sound = one.attach(track_info(2, "opus"), 1, ZERO_NS)
    picture = one.attach(track_info(1, "vp8"), 1, ZERO_NS)
    start, ntp = 2**32 - 50_000, 3_900_000_000 << 32
    rows = [(at + 0.01, 2, data) for at, data in rows_of("opus", 6.0, ssrc=2)]
    rows += [(at + 0.15, 1, data) for at, data in rows_of("vp8", 3.0)]  # 150 ms late, as the layer after it
    rows += [(at + 0.15, 3, data) for at, data in rows_of("vp8", 3.0, ssrc=3, begin=3.0, size=(640, 360))]
    told = set()
    for number, (at, ssrc, data) in enumerate(sorted(rows), 1):
        now = ZERO_NS + int(at * NS)
        if ssrc == 3 and picture.info.ssrc == 1:
            one.detach(picture, now)
            picture = one.attach(track_info(3, "vp8"), 1, now)
        one.packet(sound if ssrc == 2 else picture, number, now, memoryview(data), now)
        if ssrc not in told and (ssrc == 2 or 2 in told):  # the first reports: each stream's start on one clock
            told.add(ssrc)
            (sound if ssrc == 2 else picture).report(ntp + ((3 << 32) if ssrc == 3 else 0), start)
    one.finish(ZERO_NS + int(6.2 * NS), present=True)
    recordings.save(tmp_path, one)
    seen, _ = read(tmp_path, "teacher-video-vp8")
    assert len(seen) == 180
    assert seen[-30:] == pytest.approx([0.01 + index / 30 for index in range(150, 180)], abs=0.002)
    (entry,) = [entry for entry in Store(tmp_path).load("l1").tracks if entry.kind == "video"]
    assert (entry.width, entry.height) == (640, 360)


@pytest.mark.parametrize("codec", ["vp8", "h264", "opus"])
def test_a_sender_that_comes_back_with_the_same_ssrc_and_counts_anew_is_recorded_at_once(tmp_path, codec):
    one = new_recording(tmp_path)
    send(one, one.attach(track_info(1, codec), 1, ZERO_NS), rows_of(codec, 5.0))
    send(one, one.attach(track_info(2, codec, ssrc=1), 1, ZERO_NS), rows_of(codec, 4.0, begin=12.0))
    one.finish(ZERO_NS + 16 * NS, present=True)
    recordings.save(tmp_path, one)
    times, entries = read(tmp_path, track_info(1, codec).name)
    assert len(times) == (450 if codec == "opus" else 270)
    assert [round(b.start - a.end, 1) for a, b in itertools.pairwise(entries) if b.start - a.end > 0.1] == [7.0]


def test_nothing_of_a_second_publisher_is_doubled_when_history_comes_again(tmp_path):
    first = new_recording(tmp_path)
    old, new = rows_of("vp8", 2.0, ssrc=1), rows_of("vp8", 3.0, ssrc=2, begin=2.5)
    send(first, first.attach(track_info(1, "vp8", ssrc=1), 1, ZERO_NS), old)
    send(first, first.attach(track_info(2, "vp8", ssrc=2), 1, ZERO_NS), new[: len(new) * 2 // 3])
    recordings.save(tmp_path, first)
    second = resumed(tmp_path)
    send(second, second.attach(track_info(1, "vp8", ssrc=1), 1, ZERO_NS), old)
    send(second, second.attach(track_info(2, "vp8", ssrc=2), 1, ZERO_NS), new)
    second.finish(ZERO_NS + 6 * NS, present=True)
    recordings.save(tmp_path, second)
    times, _ = read(tmp_path, "teacher-video-vp8")
    assert len(times) == 60 + 90
    assert times == sorted(set(times))


def make_feed(codec="vp8", source="teacher"):
    return Feed(track_info(1, codec, source), 1, PublisherClock(), ZERO_NS)


def standing_rows(seconds):
    """A screen on which a pointer moves: one keyframe, then frames of 40 bytes."""
    frames = [
        (pts, key, data if key else data[:40]) for pts, key, data in encoded("vp8", int(seconds * 30), key_every=999)
    ]
    groups = packets.packetize_video("vp8", frames, packets.Stream(1))
    return [(pts / 90_000, data) for pts, group in groups for data in group]


def test_keyframes_are_asked_for_at_first_then_every_two_seconds():
    feed = make_feed()
    rows = rows_of("vp8", 10.0, key_every=10_000)
    assert not feed.wants_keyframe(ZERO_NS)  # nothing has come: nobody to ask
    asked = []
    for number, (at, data) in enumerate(rows[1:], 1):
        now = ZERO_NS + int(at * NS)
        feed.packet(number, now, data, now)
        if feed.wants_keyframe(now):
            asked.append(round(at, 1))
    assert asked[0] < 0.1
    assert asked[1] - asked[0] == pytest.approx(KEYFRAME_AGAIN / NS, abs=0.11)
    rows = standing_rows(10.0)
    for source, expected in (("teacher", 5), ("screen", 1)):
        feed = make_feed(source=source)
        asked = []
        for number, (at, data) in enumerate(rows, 1):
            now = ZERO_NS + int(at * NS)
            feed.packet(number, now, data, now)
            if feed.wants_keyframe(now):
                asked.append(at)
        assert len(asked) == expected
        assert asked[0] == pytest.approx(KEYFRAME_EVERY[source == "screen"] / NS, abs=0.1)


def test_a_screen_is_asked_for_a_keyframe_sooner_when_it_has_changed():
    asked = {}
    for name, rows in (("standing", standing_rows(9.0)), ("changing", rows_of("vp8", 9.0, key_every=10_000))):
        feed = make_feed(source="screen")
        for number, (at, data) in enumerate(rows, 1):
            now = ZERO_NS + int(at * NS)
            feed.packet(number, now, data, now)
            if feed.wants_keyframe(now):
                asked.setdefault(name, at)
    assert asked == {
        "standing": pytest.approx(KEYFRAME_EVERY[True] / NS, abs=0.1),
        "changing": pytest.approx(CHANGED_EVERY / NS, abs=0.1),
    }


def test_packets_of_others_and_nonsense_are_counted():
    feed = make_feed()
    for data in (b"", b"\x80", bytes(30), packets.Stream(99).build(0, [b"\x10\x00"])[0]):
        assert feed.packet(1, ZERO_NS, data, ZERO_NS) == []
    assert feed.bad == 4
    assert feed.oldest is None


def test_half_a_frame_holds_back_the_acknowledgement():
    feed = make_feed()
    rows = rows_of("vp8", 0.1, size=(1280, 720))
    feed.packet(11, ZERO_NS, rows[0][1], ZERO_NS)
    assert feed.packet(13, ZERO_NS, rows[2][1], ZERO_NS) == []  # the second is late: this one waits
    assert feed.oldest == 11
