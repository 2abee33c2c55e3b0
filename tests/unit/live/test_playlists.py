"""HLS playlists of a recording: what they name, when they end, how they follow changes of codec and holes."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from server.live.playlists import playlist
from server.live.recordings import PieceFile, Recording, TrackFiles

CODECS = {"h264": "avc3.42e01f", "vp9": "vp09.00.31.08", "opus": "opus", "vp8": "vp8"}


def track(source: str, codec: str, *pieces: tuple[float, float]) -> TrackFiles:
    kind = "audio" if codec == "opus" else "video"
    container, suffix = ("webm", "webm") if codec == "vp8" else ("mp4", "m4s")
    name = f"{source}-{kind}-{codec}"
    mime = f'{kind}/{container}; codecs="{CODECS[codec]}"'
    size = {"width": 1280, "height": 720} if kind == "video" else {"width": 0, "height": 0, "channels": 2}
    entry = {"id": name, "source": source, "kind": kind, "codec": codec, "mime": mime, **size}
    files = tuple(PieceFile(f"{n:06d}.{suffix}", a, b, 100_000) for n, (a, b) in enumerate(pieces, 1))
    return TrackFiles(name, Path(name), entry, f"init.{container}", f"{kind}/{container}", files)


def recording(*tracks: TrackFiles, state: str = "open") -> Recording:
    return Recording("l1", state, 1_763_942_400.25, tracks, None)


def media(text: str | None) -> list[str]:
    """The lines behind the head."""
    assert text is not None
    lines = text.splitlines()
    return lines[lines.index("#EXT-X-INDEPENDENT-SEGMENTS") + 1 :]


def test_a_track_is_an_event_until_its_recording_is_closed():
    camera = track("teacher", "h264", (0.5, 2.5), (2.500011, 4.5))
    live = playlist(recording(camera), "teacher-video-h264")
    assert live is not None
    assert live.startswith("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:0\n")
    assert "#EXT-X-PLAYLIST-TYPE:EVENT" in live
    assert media(live) == [
        '#EXT-X-MAP:URI="../tracks/teacher-video-h264/init.mp4"',
        "#EXT-X-PROGRAM-DATE-TIME:2025-11-24T00:00:00.750Z",
        "#EXTINF:2.000011,",
        "../tracks/teacher-video-h264/000001.m4s",
        "#EXT-X-PROGRAM-DATE-TIME:2025-11-24T00:00:02.750Z",
        "#EXTINF:1.999989,",
        "../tracks/teacher-video-h264/000002.m4s",
    ]
    closed = playlist(recording(camera, state="closed"), "teacher-video-h264")
    assert closed == live + "#EXT-X-ENDLIST\n"


def test_what_is_appended_leaves_what_was_there():
    pieces = [(2.0 * n, 2.0 * n + 2) for n in range(5)]
    texts = [playlist(recording(track("teacher", "vp9", *pieces[:n])), "teacher-video") for n in range(1, 6)]
    for before, after in pairwise(texts):
        assert before is not None
        assert after is not None
        assert after.startswith(before)


def test_the_target_is_the_longest_segment_rounded():
    text = playlist(recording(track("screen", "vp9", (0, 2), (2, 9.4), (9.4, 11))), "screen-video-vp9")
    assert text is not None
    assert "#EXT-X-TARGETDURATION:7\n" in text


def test_a_hole_and_a_change_of_codec_are_discontinuities_and_the_dates_tell_the_truth():
    first = track("teacher", "h264", (0, 2), (2, 4), (60, 62))
    second = track("teacher", "vp9", (70, 72), (72, 74))
    lines = media(playlist(recording(second, first), "teacher-video"))
    assert [line for line in lines if "EXTINF" not in line] == [
        '#EXT-X-MAP:URI="../tracks/teacher-video-h264/init.mp4"',
        "#EXT-X-PROGRAM-DATE-TIME:2025-11-24T00:00:00.250Z",
        "../tracks/teacher-video-h264/000001.m4s",
        "#EXT-X-PROGRAM-DATE-TIME:2025-11-24T00:00:02.250Z",
        "../tracks/teacher-video-h264/000002.m4s",
        "#EXT-X-DISCONTINUITY",
        "#EXT-X-PROGRAM-DATE-TIME:2025-11-24T00:01:00.250Z",
        "../tracks/teacher-video-h264/000003.m4s",
        "#EXT-X-DISCONTINUITY",
        '#EXT-X-MAP:URI="../tracks/teacher-video-vp9/init.mp4"',
        "#EXT-X-PROGRAM-DATE-TIME:2025-11-24T00:01:10.250Z",
        "../tracks/teacher-video-vp9/000001.m4s",
        "#EXT-X-PROGRAM-DATE-TIME:2025-11-24T00:01:12.250Z",
        "../tracks/teacher-video-vp9/000002.m4s",
    ]


def test_the_index_leads_with_the_teacher_and_has_all_sounds_and_pictures():
    tracks = [
        track("classroom-s09", "vp9", (0, 2)),
        track("classroom-s09", "opus", (0, 2)),
        track("teacher", "opus", (0, 2)),
        track("teacher", "h264", (0, 2)),
        track("screen", "vp8", (0, 2)),
    ]
    text = playlist(recording(*tracks), "index")
    assert text is not None
    renditions = [line for line in text.splitlines() if line.startswith("#EXT-X-MEDIA:")]
    assert [(line.split(",")[0][-5:], line.split('URI="')[1][:-1]) for line in renditions] == [
        ("AUDIO", "teacher-audio.m3u8"),
        ("AUDIO", "classroom-s09-audio.m3u8"),
        ("VIDEO", "teacher-video.m3u8"),
        ("VIDEO", "classroom-s09-video.m3u8"),
    ]
    assert [line.count("DEFAULT=YES") for line in renditions] == [1, 0, 1, 0]
    variant, address = text.splitlines()[-2:]
    assert address == "teacher-video.m3u8"
    assert 'CODECS="avc3.42e01f,opus",RESOLUTION=1280x720,AUDIO="sound",VIDEO="picture"' in variant
    assert "BANDWIDTH=800000" in variant  # the bits of 100 kB in 2 s, of picture and sound


def test_of_a_source_without_picture_the_sound_is_the_variant():
    text = playlist(recording(track("teacher", "opus", (0, 2))), "teacher")
    assert text is not None
    assert text.splitlines()[-1] == "teacher-audio.m3u8"
    assert "EXT-X-MEDIA" not in text


def test_what_hls_cannot_carry_has_no_playlist():
    screen = recording(track("screen", "vp8", (0, 2)))
    for name in ("index", "screen", "screen-video", "screen-video-vp8"):
        assert playlist(screen, name) is None
