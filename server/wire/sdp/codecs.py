"""Which codecs we forward, and how an answer names them. We decode none, so a codec costs us its packet tests only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from server.wire.sdp.offer import format_parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from server.wire.sdp.values import Codec, OfferedMedia

NAMES = ("opus", "red", "VP8", "H264", "VP9", "AV1")
OPUS_FMTP = "minptime=10;useinbandfec=1"

Codecs = dict[int, "Codec"]


def supported(media: OfferedMedia) -> Codecs:
    """{payload type: codec} of what we can forward: names normalised, one per codec, in the offer's order."""
    fits = _AUDIO if media.kind == "audio" else _VIDEO
    best: dict[str, tuple[int, int, Codec]] = {}
    for payload_type, codec in media.codecs.items():
        name, fit = fits.get(codec.name.lower(), ("", _unfit))
        rank = fit(codec)
        if rank and (name not in best or rank > best[name][0]):
            best[name] = (rank, payload_type, replace(codec, name=name))
    order = list(best)  # dicts keep the place of a name's first sight
    found = {best[name][1]: best[name][2] for name in order}
    return {pt: codec for pt, codec in found.items() if codec.name != "red" or _carries_opus(codec, found)}


def to_publish(media: OfferedMedia, prefer: Sequence[str]) -> Codecs:
    """What a publisher may send on this line: one video codec, or Opus and its redundant form."""
    ranked = sorted(
        supported(media).items(), key=lambda item: prefer.index(item[1].name) if item[1].name in prefer else len(prefer)
    )
    return {pt: _published(codec) for pt, codec in (ranked if media.kind == "audio" else ranked[:1])}


def to_play(media: OfferedMedia) -> Codecs:
    """Everything a player takes on this line that we may have to send."""
    return {pt: replace(codec, fmtp=_fmtp(codec)) for pt, codec in supported(media).items()}


def codec_lines(codecs: Codecs) -> list[str]:
    """The lines of an answer about these codecs."""
    lines: list[str] = []
    for payload_type, codec in codecs.items():
        channels = f"/{codec.channels}" if codec.channels > 1 else ""
        lines.append(f"a=rtpmap:{payload_type} {codec.name}/{codec.clock_rate}{channels}")
        lines += [f"a=rtcp-fb:{payload_type} {feedback}" for feedback in sorted(codec.feedback)]
        if codec.fmtp:
            lines.append(f"a=fmtp:{payload_type} {codec.fmtp}")
        if codec.rtx_pt is not None:
            lines.append(f"a=rtpmap:{codec.rtx_pt} rtx/{codec.clock_rate}")
            lines.append(f"a=fmtp:{codec.rtx_pt} apt={payload_type}")
    return lines


def _published(codec: Codec) -> Codec:
    # Where transport-cc is spoken REMB only confuses: a sender takes the lower of both.
    feedback = codec.feedback - {"goog-remb"} if "transport-cc" in codec.feedback else codec.feedback
    return replace(codec, feedback=feedback, fmtp=_fmtp(codec))


def _fmtp(codec: Codec) -> str:
    if codec.name != "opus":
        return codec.fmtp
    dtx = format_parameters(codec.fmtp).get("usedtx") == "1"
    return f"{OPUS_FMTP};usedtx=1" if dtx else OPUS_FMTP


def _carries_opus(red: Codec, found: Codecs) -> bool:
    """Whether every block of this redundancy (RFC 2198 section 5: "111/111") is the Opus we take."""
    blocks = red.fmtp.split("/")
    return all(each.isascii() and each.isdigit() and len(each) <= 3 and _is_opus(found, int(each)) for each in blocks)


def _is_opus(found: Codecs, payload_type: int) -> bool:
    return payload_type in found and found[payload_type].name == "opus"


# how well a codec fits what we can forward; 0: not at all


def _unfit(codec: Codec) -> int:
    return 0


def _sound(codec: Codec) -> int:
    return int(codec.clock_rate == 48000)


def _picture(codec: Codec) -> int:
    return int(codec.clock_rate == 90000)


def _h264(codec: Codec) -> int:
    parameters = format_parameters(codec.fmtp)
    profile = parameters.get("profile-level-id", "42000a").lower()  # the default of RFC 6184 section 8.1
    if codec.clock_rate != 90000 or parameters.get("packetization-mode") != "1" or not profile.startswith("42"):
        return 0
    return 2 if profile.startswith("42e0") else 1  # 42e0: constrained baseline, what decoders agree on


def _first_profile(parameter: str) -> Callable[[Codec], int]:
    """Profile 0 alone (8 bits, 4:2:0): the default where the offer does not say (RFC 9628 section 6, AV1 RTP 7.2)."""
    return lambda codec: int(codec.clock_rate == 90000 and format_parameters(codec.fmtp).get(parameter, "0") == "0")


_AUDIO: dict[str, tuple[str, Callable[[Codec], int]]] = {"opus": ("opus", _sound), "red": ("red", _sound)}
_VIDEO: dict[str, tuple[str, Callable[[Codec], int]]] = {
    "vp8": ("VP8", _picture),
    "h264": ("H264", _h264),
    "vp9": ("VP9", _first_profile("profile-id")),
    "av1": ("AV1", _first_profile("profile")),
}
