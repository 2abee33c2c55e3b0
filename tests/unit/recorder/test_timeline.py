"""RTP time → the lesson's clock."""

from __future__ import annotations

from recorder.timeline import PublisherClock, StreamClock

NS = 1_000_000_000
NTP = 3_900_000_000 << 32


def ntp(seconds):
    return NTP + int(seconds * (1 << 32))


def test_before_the_first_report_arrival_counts():
    clock = StreamClock(90_000, "video", PublisherClock())
    first = clock.extend(1_000, 5 * NS)
    assert clock.place(first) == 5 * NS
    assert clock.place(clock.extend(1_000 + 90_000, 6 * NS + 40_000_000)) == 6 * NS


def test_timestamps_wrap():
    clock = StreamClock(90_000, "video", PublisherClock())
    start = 2**32 - 45_000
    clock.extend(start, 0)
    for frame in range(1, 100):
        at = frame * NS // 30
        assert clock.place(clock.extend((start + frame * 3000) & 0xFFFFFFFF, at)) == frame * 3000 * NS // 90_000


def test_sound_and_picture_come_in_step_and_the_sound_does_not_jump():
    publisher = PublisherClock()
    sound, picture = StreamClock(48_000, "audio", publisher), StreamClock(90_000, "video", publisher)
    # both captured at the publisher's second 0; the picture took 120 ms to arrive, the sound 20 ms
    sound.extend(0, 20_000_000)
    picture.extend(7_000, 120_000_000)
    picture.report(ntp(0), 7_000)  # the picture's first report waits for the sound's
    assert picture.place(7_000) == 120_000_000
    sound.report(ntp(2), 96_000)
    assert sound.place(96_000) == 2 * NS + 20_000_000
    frame = picture.extend(7_000 + 180_000, 2 * NS + 120_000_000)
    assert picture.place(frame) == 2 * NS + 20_000_000
    picture.report(ntp(3), 277_000)
    assert picture.place(277_000) == 3 * NS + 20_000_000


def test_the_quickest_packets_say_where_a_publisher_lies():
    """The first ones of a session come late; the offset is taken from those that were under way the shortest."""
    sound = StreamClock(48_000, "audio", PublisherClock())
    for packet in range(150):
        late = max(30, 330 - 6 * packet) * 1_000_000 + packet * 7919 % 5 * 1_000_000
        sound.extend(packet * 960, packet * 20_000_000 + late)
    assert sound.place(96_000) == 2 * NS + 330_000_000
    sound.report(ntp(3), 144_000)
    assert sound.place(144_000) == 3 * NS + 30_000_000


def test_a_publishers_clock_that_drifts_is_followed_and_a_line_that_fills_up_moves_little():
    publisher = PublisherClock()
    sound = StreamClock(48_000, "audio", publisher)
    count = 50 * 60 * 45
    for packet in range(count):  # its second lasts 1.0002 of ours
        arrival = packet * 20_004_000 + 30_000_000
        sound.extend(packet * 960, arrival)
        if packet % 250 == 125:
            sound.report(ntp(packet / 50), packet * 960)
            assert abs(sound.place(packet * 960) - arrival) < 5_000_000
    for packet in range(count, count + 50 * 30):  # half a minute everything comes 400 ms later
        sound.extend(packet * 960, packet * 20_004_000 + 430_000_000)
        if packet % 250 == 125:
            sound.report(ntp(packet / 50), packet * 960)
    assert sound.place(packet * 960) - packet * 20_004_000 < 55_000_000


def test_a_picture_without_sound_leads_itself_until_sound_comes():
    publisher = PublisherClock()
    picture = StreamClock(90_000, "video", publisher)
    picture.extend(0, NS)
    picture.report(ntp(0), 0)
    picture.report(ntp(1), 90_090)  # its clock runs 0.1 % fast: reports correct it
    assert picture.place(90_090) == 2 * NS
    sound = StreamClock(48_000, "audio", publisher)
    sound.extend(0, 3 * NS)
    sound.report(ntp(1.9), 0)
    assert sound.place(0) == 3 * NS
    picture.report(ntp(2), 180_180)
    assert abs(picture.place(180_180) - 3_100_000_000) < 1_000


def test_a_publisher_who_sets_the_clock_moves_nothing():
    publisher = PublisherClock()
    sound = StreamClock(48_000, "audio", publisher)
    sound.extend(0, 0)
    sound.report(ntp(0), 0)
    sound.report(ntp(3600 + 1), 48_000)
    assert sound.place(48_000) == NS
    sound.report(ntp(3600 + 2), 96_000)
    assert sound.place(96_000) == 2 * NS


def test_a_report_without_time_or_before_media_is_nothing():
    clock = StreamClock(48_000, "audio", PublisherClock())
    clock.report(ntp(1), 5)
    clock.extend(0, 0)
    clock.report(0, 5)
    assert clock.place(480) == 10_000_000


def test_rtp_time_that_breaks_is_anchored_anew():
    clock = StreamClock(90_000, "video", PublisherClock())
    clock.extend(0, 0)
    again = clock.extend(1_000_000_000, NS)
    assert clock.place(again) == NS
    assert clock.place(clock.extend(1_000_090_000, 2 * NS)) == 2 * NS


def test_an_earlier_recording_of_the_stream_is_continued_exactly():
    clock = StreamClock(48_000, "audio", PublisherClock())
    clock.resume(0xFFFFFF00, 7 * NS)
    assert clock.place(clock.extend(0x000002C0, 7 * NS + 500_000_000)) == 7 * NS + 20_000_000
