from __future__ import annotations

from dataclasses import replace

import pytest

from server.wire import sdp
from server.wire.errors import BadPacket, NoCommonCodec
from tests.captures import BROWSERS, CLIENTS, offer

FINGERPRINT = ":".join(["AB"] * 32)
LOCAL = sdp.LocalDescription(
    "localufrag",
    "localpassword0123456789ab",
    FINGERPRINT,
    [("192.0.2.1", 5000), ("2001:db8::1", 5000)],
    {"audio": sdp.Ssrc(11), "video": sdp.Ssrc(22, 23)},
    "cname",
    "stream",
)

SOUND = {"aiortc": ["opus"], "chromium": ["opus", "red"], "firefox": ["opus"]}
PICTURES = {
    "aiortc": ["VP8", "H264"],
    "chromium": ["VP8", "VP9", "H264", "AV1"],
    "firefox": ["VP8", "VP9", "AV1"],
}

HEAD = f"""v=0\r
o=- 1 1 IN IP4 127.0.0.1\r
s=-\r
t=0 0\r
a=group:BUNDLE 0 1 2\r
a=ice-ufrag:abcd\r
a=ice-pwd:aaaaaaaaaaaaaaaaaaaaaaaa\r
a=fingerprint:sha-256 {FINGERPRINT.lower()}\r
a=setup:actpass\r
"""
AUDIO = "m=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\na=mid:0\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n"
VIDEO = (
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:1\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n"
    "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"
)


SIMULCAST = VIDEO + f"a=extmap:10 {sdp.RID}\r\na=extmap:11 {sdp.REPAIRED_RID}\r\n"
RED = "m=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\na=mid:0\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n"


def lines_of(answer: str, kind: str) -> list[list[str]]:
    """The lines of each m-section of that kind."""
    sections = answer.split("\r\nm=")[1:]
    return [
        ["m=" + line if n == 0 else line for n, line in enumerate(section.split("\r\n"))]
        for section in sections
        if section.startswith(kind)
    ]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_publisher_is_answered(client: str) -> None:
    answer, plan = sdp.answer_publish(sdp.parse_offer_untrusted(offer(client, "publish")), LOCAL)
    assert [(media.kind, media.mid) for media in plan.media] == [("audio", "0"), ("video", "1")]
    audio, video = plan.media
    assert [codec.name for codec in audio.codecs.values()] == SOUND[client]
    assert video.rids == ()
    ((_, codec),) = video.codecs.items()
    assert codec.name == "VP8"
    assert codec.rtx_pt is not None
    assert "nack pli" in codec.feedback
    assert sdp.MID in video.extensions
    assert all(len(media.ssrcs) == 1 for media in plan.media)
    assert video.ssrcs[0].rtx_ssrc is not None or client == "firefox"
    assert plan.remote.fingerprints[0][0] == "sha-256"
    for line in (
        "a=ice-lite",
        "a=group:BUNDLE 0 1",
        "a=recvonly",
        "a=setup:passive",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        "a=end-of-candidates",
    ):
        assert line in answer.split("\r\n"), line
    assert "useinbandfec=1" in answer


@pytest.mark.parametrize("client", BROWSERS)
def test_a_browser_gets_transport_cc_and_no_remb_for_publishing(client: str) -> None:
    answer, plan = sdp.answer_publish(sdp.parse_offer_untrusted(offer(client, "publish")), LOCAL)
    assert sdp.TRANSPORT_CC in plan.media[1].extensions
    assert "transport-cc" in answer
    assert "goog-remb" not in answer


@pytest.mark.parametrize("client", CLIENTS)
def test_a_player_is_answered_with_every_common_codec(client: str) -> None:
    answer, plan = sdp.answer_play(sdp.parse_offer_untrusted(offer(client, "play")), LOCAL)
    audio, video = plan.media
    assert list(audio.payloads) == SOUND[client]
    assert list(video.payloads) == PICTURES[client]
    assert all(rtx is not None for _, rtx in video.payloads.values())
    assert (sdp.TRANSPORT_CC in video.extensions) == (client in BROWSERS)
    assert "a=ssrc-group:FID 22 23" in answer
    assert "a=ssrc:11 cname:cname" in answer
    assert answer.count("a=sendonly") == 2
    assert ("transport-cc" in answer) == (client in BROWSERS)
    assert f"a=rtcp-fb:{video.payloads['VP8'][0]} goog-remb" in answer


def test_of_several_h264_profiles_constrained_baseline_with_mode_1_is_taken() -> None:
    parsed = sdp.parse_offer_untrusted(offer("chromium", "play"))
    _, plan = sdp.answer_play(parsed, LOCAL)
    payload_type, _ = plan.media[1].payloads["H264"]
    fmtp = parsed.media[1].codecs[payload_type].fmtp
    assert "packetization-mode=1" in fmtp
    assert "profile-level-id=42e0" in fmtp


def test_a_preferred_codec_wins() -> None:
    _, plan = sdp.answer_publish(sdp.parse_offer_untrusted(offer("chromium", "publish")), LOCAL, prefer=("H264", "VP8"))
    assert [codec.name for codec in plan.media[1].codecs.values()] == ["H264"]


@pytest.mark.parametrize(
    ("client", "what", "codec"),
    [("chromium", "simulcast", "VP8"), ("chromium", "h264simulcast", "H264"), ("firefox", "simulcast", "VP8")],
)
def test_a_browsers_simulcast_is_taken_whole(client: str, what: str, codec: str) -> None:
    answer, plan = sdp.answer_publish(sdp.parse_offer_untrusted(offer(client, what)), LOCAL)
    (video,) = plan.media
    assert [each.name for each in video.codecs.values()] == [codec]
    assert video.rids == ("l", "m", "h")
    assert {sdp.MID, sdp.RID, sdp.REPAIRED_RID, sdp.TRANSPORT_CC} <= set(video.extensions)
    assert "a=simulcast:recv l;m;h" in answer.split("\r\n")


@pytest.mark.parametrize(
    ("lines", "rids"),
    [
        (["rid:l send", "rid:m send", "rid:h send", "simulcast:send l;m;h"], ("l", "m", "h")),
        (["simulcast:send h;~l", "rid:l send", "rid:h send max-width=1280"], ("h", "l")),  # paused, restricted
        (["rid:a send", "rid:b send", "rid:c send", "simulcast:send x,a;b,c"], ("a", "b")),  # alternatives
        (["rid:a send", "rid:b recv", "simulcast:recv b send a"], ("a",)),
        (["rid:a send pt=96,97", "rid:b send max-fs=99;pt=98", "simulcast:send a;b"], ("a",)),
        (["rid:a send", "simulcast:send a;undeclared;" + "x" * 17], ("a",)),
        ([*(f"rid:{n} send" for n in range(6)), "simulcast:send 0;1;2;3;4;5"], ("0", "1", "2", "3")),
        (["rid:a send"], ()),
        (["simulcast:send"], ()),
        (["rid:a recv", "simulcast:recv a"], ()),
    ],
)
def test_simulcast_streams_are_taken_in_the_offers_order(lines: list[str], rids: tuple[str, ...]) -> None:
    text = HEAD + SIMULCAST + "".join(f"a={line}\r\n" for line in lines)
    answer, plan = sdp.answer_publish(sdp.parse_offer_untrusted(text), LOCAL)
    assert plan.media[0].rids == rids
    assert plan.media[0].extensions[sdp.RID] == 10
    assert plan.media[0].extensions[sdp.REPAIRED_RID] == 11
    (section,) = lines_of(answer, "video")
    assert [line for line in section if line.startswith(("a=rid", "a=simulcast"))] == (
        [*(f"a=rid:{rid} recv" for rid in rids), f"a=simulcast:recv {';'.join(rids)}"] if rids else []
    )


def test_simulcast_that_cannot_be_told_apart_is_not_taken() -> None:
    text = HEAD + VIDEO + "a=rid:l send\r\na=rid:h send\r\na=simulcast:send l;h\r\n"
    answer, plan = sdp.answer_publish(sdp.parse_offer_untrusted(text), LOCAL)
    assert plan.media[0].rids == ()
    assert "simulcast" not in answer


@pytest.mark.parametrize(
    ("fmtp", "taken"),
    [("111/111", True), ("111/111/111", True), ("111/0", False), ("", False), ("111/9999", False)],
)
def test_redundancy_is_taken_when_all_its_blocks_are_opus(fmtp: str, taken: bool) -> None:
    text = HEAD + RED + f"a=rtpmap:63 red/48000/2\r\na=fmtp:63 {fmtp}\r\n"
    parsed = sdp.parse_offer_untrusted(text)
    answer, publish = sdp.answer_publish(parsed, LOCAL)
    assert [codec.name for codec in publish.media[0].codecs.values()] == (["opus", "red"] if taken else ["opus"])
    assert (f"a=fmtp:63 {fmtp}" in answer.split("\r\n")) == taken
    _, play = sdp.answer_play(parsed, LOCAL)
    assert play.media[0].payloads == ({"opus": (111, None), "red": (63, None)} if taken else {"opus": (111, None)})


def test_opus_keeps_its_silence_and_its_retransmission_as_offered() -> None:
    offered = "a=fmtp:111 useinbandfec=0;usedtx=1\r\na=rtcp-fb:111 nack\r\n"
    parsed = sdp.parse_offer_untrusted(HEAD + AUDIO + offered)
    for answer, _ in (sdp.answer_publish(parsed, LOCAL), sdp.answer_play(parsed, LOCAL)):
        assert "a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1" in answer
        assert "a=rtcp-fb:111 nack" in answer


@pytest.mark.parametrize(("codec", "fmtp"), [("VP9", "profile-id=2"), ("AV1", "profile=1"), ("H264", "")])
def test_profiles_that_decoders_do_not_agree_on_are_left_out(codec: str, fmtp: str) -> None:
    text = HEAD + VIDEO.replace("VP8", codec) + (f"a=fmtp:96 {fmtp}\r\n" if fmtp else "")
    with pytest.raises(NoCommonCodec):
        sdp.answer_publish(sdp.parse_offer_untrusted(text), LOCAL)


@pytest.mark.parametrize("client", BROWSERS)
def test_of_several_lines_the_first_of_each_kind_is_used(client: str) -> None:
    parsed = sdp.parse_offer_untrusted(offer(client, "everything"))
    for answer, plan in (sdp.answer_publish(parsed, LOCAL), sdp.answer_play(parsed, LOCAL)):
        assert len({media.kind for media in plan.media}) == len(plan.media)
        assert len(answer.split("\r\nm=")) - 1 == len(parsed.media)
        (application,) = lines_of(answer, "application")
        assert application[0].startswith("m=application 0 ")
        bundle = next(line for line in answer.split("\r\n") if line.startswith("a=group:BUNDLE "))
        rejected = {media.mid for media in parsed.media if media.kind == "application"}
        assert not rejected & set(bundle.split()[1:])
        unused = [
            section for section in lines_of(answer, "video") + lines_of(answer, "audio") if "a=inactive" in section
        ]
        assert len(unused) == len(parsed.media) - 1 - len(plan.media)


def test_candidates_stand_in_every_line_and_in_order() -> None:
    answer, _ = sdp.answer_publish(sdp.parse_offer_untrusted(HEAD + AUDIO + VIDEO), LOCAL)
    for section in lines_of(answer, "audio") + lines_of(answer, "video"):
        candidates = [line.split() for line in section if line.startswith("a=candidate")]
        assert [each[4] for each in candidates] == ["192.0.2.1", "2001:db8::1"]
        assert int(candidates[0][3]) > int(candidates[1][3])


def test_candidates_for_tcp_follow_those_for_udp_and_are_passive() -> None:
    text, _ = sdp.answer_play(
        sdp.parse_offer_untrusted(offer("chromium", "play")), replace(LOCAL, tcp_candidates=(("192.0.2.1", 5000),))
    )
    for section in lines_of(text, "audio") + lines_of(text, "video"):
        candidates = [line.split() for line in section if line.startswith("a=candidate")]
        assert [each[2] for each in candidates] == ["udp", "udp", "tcp"]
        assert candidates[2][4:] == ["192.0.2.1", "5000", "typ", "host", "tcptype", "passive"]
        priorities = [int(each[3]) for each in candidates]
        assert priorities == sorted(priorities, reverse=True)
        assert len({each[0] for each in candidates}) == 3


def test_session_level_transport_serves_all_lines() -> None:
    _, plan = sdp.answer_publish(sdp.parse_offer_untrusted(HEAD + AUDIO + VIDEO), LOCAL)
    assert plan.remote == sdp.Remote("abcd", "a" * 24, (("sha-256", FINGERPRINT),), "actpass")


def test_a_rejected_line_stays_rejected() -> None:
    text = HEAD + AUDIO + VIDEO.replace("m=video 9", "m=video 0")
    answer, plan = sdp.answer_publish(sdp.parse_offer_untrusted(text), LOCAL)
    assert [media.kind for media in plan.media] == ["audio"]
    assert lines_of(answer, "video")[0][0] == "m=video 0 UDP/TLS/RTP/SAVPF 96 97"


def test_audio_goes_on_when_video_has_no_common_codec() -> None:
    text = HEAD + AUDIO + VIDEO.replace("VP8", "H265")
    answer, plan = sdp.answer_publish(sdp.parse_offer_untrusted(text), LOCAL)
    assert [media.kind for media in plan.media] == ["audio"]
    assert lines_of(answer, "video")[0][0].startswith("m=video 0 ")


def test_no_common_codec_has_its_own_name() -> None:
    with pytest.raises(NoCommonCodec):
        sdp.answer_publish(sdp.parse_offer_untrusted(HEAD + VIDEO.replace("VP8", "H265")), LOCAL)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not SDP"),
        (HEAD, "no m-lines"),
        (HEAD + AUDIO + "a=recvonly\r\n", "direction"),
        (HEAD.replace("setup:actpass", "setup:passive") + AUDIO, "DTLS client"),
        (HEAD.replace("a=fingerprint", "a=x") + AUDIO, "fingerprint"),
        (HEAD.replace("sha-256", "sha-1") + AUDIO, "fingerprint"),
        (HEAD.replace("a=ice-ufrag:abcd", "a=ice-ufrag:a b") + AUDIO, "credentials"),
        (HEAD.replace("a=ice-pwd", "a=x") + AUDIO, "credentials"),
        (HEAD + AUDIO.replace("a=rtcp-mux\r\n", ""), "rtcp-mux"),
        (HEAD.replace("BUNDLE", "LS") + AUDIO + VIDEO, "BUNDLE"),
        (HEAD + AUDIO + AUDIO, "same mid"),
        (HEAD + AUDIO.replace("111 0", "111 300"), "range"),
        (HEAD + AUDIO.replace("111 0", "²"), "m-line"),
        (HEAD + AUDIO * 20, "too many"),
        ("v=0" + "\r\n" * 3000, "too many"),
        ("v=0" + "x" * 70000, "too long"),
    ],
)
def test_what_cannot_be_is_bad(text: str, reason: str) -> None:
    with pytest.raises(BadPacket, match=reason):
        sdp.answer_publish(sdp.parse_offer_untrusted(text), LOCAL)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_cut_offer_is_bad_or_still_answered(client: str) -> None:
    text = offer(client, "publish")
    for length in range(0, len(text), 7):
        try:
            sdp.answer_publish(sdp.parse_offer_untrusted(text[:length]), LOCAL)
        except BadPacket:
            continue


def test_fragment_round_trip() -> None:
    text = sdp.build_fragment("newufrag", "newpassword0123456789abcd", [("192.0.2.1", 5000)], ("0", "1"))
    fragment = sdp.parse_fragment_untrusted(text)
    assert (fragment.ufrag, fragment.pwd) == ("newufrag", "newpassword0123456789abcd")
    assert fragment.mids == ("0",)
    assert fragment.candidates == ("candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host",)
    assert fragment.end_of_candidates


def test_a_clients_trickle_is_read() -> None:
    text = (
        "a=group:BUNDLE 0 1\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n"
        "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n"
        "a=candidate:1387637174 1 udp 2122260223 abc.local 61764 typ host generation 0 ufrag EsAw network-id 1\r\n"
        "a=end-of-candidates\r\n"
    )
    fragment = sdp.parse_fragment_untrusted(text)
    assert fragment.ufrag == "EsAw"
    assert len(fragment.candidates) == 1


def test_a_fragment_without_credentials_is_bad() -> None:
    with pytest.raises(BadPacket):
        sdp.parse_fragment_untrusted("m=audio 9 RTP/AVP 0\r\na=mid:0\r\n")
