"""A published track: order, loss, padding, restarts, reports."""

from __future__ import annotations

import pytest

from server.forward.clock import PublisherClock, ntp_to_unix, unix_to_ntp
from tests.unit.forward.kit import KEYFRAME, give, stream


def test_sequences_are_extended_over_the_wrap():
    video = stream()
    numbers = [give(video, sequence & 0xFFFF).sequence for sequence in range(65530, 65545)]
    assert numbers == list(range(numbers[0], numbers[0] + 15))


def test_a_first_packet_that_was_overtaken_is_still_taken():
    video = stream()
    assert give(video, 1) is not None
    early = give(video, 0)
    assert early.sequence == video.sequence - 1


def test_duplicates_are_dropped_and_late_packets_are_not():
    video = stream()
    for sequence in (10, 12, 11):
        assert give(video, sequence) is not None
    assert give(video, 11) is None
    assert give(video, 12) is None
    assert video.duplicates == 2


def test_padding_only_packets_leave_no_hole():
    video = stream()
    first = give(video, 10)
    assert give(video, 11, payload=b"") is None
    second = give(video, 12)
    assert second.sequence == first.sequence + 1


def test_a_late_packet_before_left_out_padding_keeps_its_number():
    video = stream()
    first = give(video, 10)
    give(video, 12, payload=b"")
    after = give(video, 13)
    late = give(video, 11)
    assert [late.sequence, after.sequence] == [first.sequence + 1, first.sequence + 2]


def test_a_restarted_sender_goes_on_without_a_hole_after_two_packets_in_order():
    video = stream()
    before = give(video, 30000)
    assert give(video, 5, now=2.0) is None
    after = give(video, 6, now=2.0)
    assert after.sequence == before.sequence + 1
    assert video.report(2.0).highest_sequence & 0xFFFF == 6


def test_a_gap_is_asked_for_and_forgotten_when_it_comes():
    video = stream()
    give(video, 10)
    give(video, 13)
    assert video.nacks_due(1.0) == [11, 12]
    assert video.nacks_due(1.01) == []
    give(video, 11, now=1.02)
    assert video.nacks_due(1.05) == [12]


def test_what_never_comes_becomes_a_wish_for_a_keyframe():
    video = stream()
    give(video, 10)
    give(video, 12)
    for tick in range(150):
        video.nacks_due(1.0 + tick * 0.02)
    assert len(video.nacks) == 0
    assert video.keyframes.poll(4.0)


def test_a_hole_too_large_is_given_up_at_once():
    video = stream()
    give(video, 10)
    give(video, 1500)
    assert video.nacks_due(1.0) == []
    assert video.keyframes.poll(1.0)


def test_after_a_cut_line_the_wish_for_a_keyframe_is_told_at_once_and_nothing_old_is_asked_for():
    video = stream()
    give(video, 10)
    video.keyframes.want(1.5)
    asked = [at / 10 for at in range(15, 90) if video.keyframes.poll(at / 10)]
    assert asked[-1] - asked[-2] > 1.0  # unanswered, ever more seldom
    give(video, 200, now=9.0)
    assert video.keyframes.poll(9.0)
    assert video.nacks_due(9.0) == []


def test_a_slide_that_lost_packets_after_a_silence_is_repaired():
    video = stream()
    give(video, 10)
    give(video, 13, now=9.0)
    assert video.nacks_due(9.0) == [11, 12]
    assert not video.keyframes.poll(9.0)


def test_sound_is_asked_for_again_only_where_that_was_agreed():
    for repairs, asked in ((False, []), (True, [11, 12, 13, 14])):
        audio = stream("audio", "opus", repairs=repairs)
        give(audio, 10)
        give(audio, 15)
        assert audio.nacks_due(1.0) == asked
        assert not audio.keyframes.poll(9.0)


def test_reports_count_losses_of_the_interval_and_in_all():
    video = stream()
    for sequence in [1, 2, 3, 4, 6, 7, 8, 10]:
        give(video, sequence)
    block = video.report(1.0)
    assert (block.packets_lost, block.fraction_lost) == (2, 2 * 256 // 10)
    for sequence in range(11, 21):
        give(video, sequence)
    block = video.report(2.0)
    assert (block.packets_lost, block.fraction_lost) == (2, 0)


def test_jitter_of_a_steady_stream_is_nothing_and_of_an_unsteady_one_is_not():
    steady, unsteady = stream(), stream()
    for index in range(100):
        give(steady, index, timestamp=index * 3000, now=1.0 + index / 30)
        give(unsteady, index, timestamp=index * 3000, now=1.0 + index / 30 + (index % 2) * 0.01)
    assert steady.report(5.0).jitter <= 1
    assert 500 < unsteady.report(5.0).jitter < 1000  # 10 ms are 900 units


def test_sender_reports_are_echoed_with_their_delay():
    video = stream()
    give(video, 1)
    ntp = unix_to_ntp(1_700_000_000.5)
    video.sender_report(ntp, 90000, 1e9 + 1.0, 1.0)
    block = video.report(1.5)
    assert block.lsr == ntp >> 16 & 0xFFFFFFFF
    assert block.dlsr == 32768


def test_audio_and_video_of_one_publisher_keep_their_distance_on_our_clock():
    clock = PublisherClock()
    audio, video = stream("audio", "opus", clock=clock), stream(clock=clock)
    give(audio, 1, timestamp=480)
    give(video, 1, timestamp=900, payload=KEYFRAME)
    theirs = 5_000.0  # a clock that is decades off
    audio.sender_report(unix_to_ntp(theirs), 48000, 1e9 + 10.0, 10.0)
    video.sender_report(unix_to_ntp(theirs + 0.25), 90000, 1e9 + 10.4, 10.4)
    assert video.mapping().wall - audio.mapping().wall == pytest.approx(0.25, abs=1e-6)
    assert audio.mapping().wall == pytest.approx(1e9 + 10.0, abs=1e-6)


def test_before_the_first_report_arrival_time_serves():
    video = stream()
    assert video.mapping() is None
    give(video, 1, timestamp=900, now=3.0)
    assert (video.mapping().wall, video.mapping().timestamp) == (1e9 + 3.0, 900)


def test_ntp_and_unix_seconds_go_both_ways():
    assert ntp_to_unix(unix_to_ntp(1_700_000_000.125)) == 1_700_000_000.125
