"""Reads a room recorder's stream with PyAV in a thread, without decoding the picture."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import av

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.live.ingest import Target

log = logging.getLogger("tongke.ingest")

OPEN, READ = 12.0, 8.0  # s without an answer
SAMPLES = 960  # 20 ms at 48 kHz: Opus' usual packet
AUDIO_RATE = 48_000
START_CODE = b"\x00\x00\x00\x01"
NAL_SPS = 7
# what PyAV raises, by what a person can do about it
CODES = ((av.error.HTTPUnauthorizedError, "unauthorized"), (av.error.HTTPForbiddenError, "unauthorized"),
         (av.error.HTTPNotFoundError, "not_found"))  # fmt: skip


class PullFailed(Exception):
    """`code`: `unreachable`, `unauthorized`, `not_found`, `no_h264`, `ended`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Found:
    """What the stream has; `audio`: "" without. `reordered`: pictures are not sent in the order they are shown."""

    video: str
    audio: str
    reordered: bool


class Pull:
    """One connection. Its thread calls `on_found` once, then `on_video` and `on_audio`, then `on_end` with a code."""

    def __init__(
        self,
        target: Target,
        port: int,
        on_found: Callable[[Found], None],
        on_video: Callable[[Any], None],
        on_audio: Callable[[Any], None],
        on_end: Callable[[str], None],
    ) -> None:
        loop = asyncio.get_running_loop()

        def told(call: Callable[[Any], None]) -> Callable[[Any], None]:
            def tell(value: Any) -> None:  # noqa: ANN401 (whatever the call takes)
                with contextlib.suppress(RuntimeError):  # the loop has ended
                    loop.call_soon_threadsafe(call, value)

            return tell

        self._url, self._options = library_address(target, port)
        self._found, self._video, self._audio, self._end = map(told, (on_found, on_video, on_audio, on_end))
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ingest", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End soon; the relay's end makes it sooner."""
        self._stopped.set()

    def _run(self) -> None:
        code = "ended"
        try:
            with av.open(self._url, options=self._options, timeout=(OPEN, READ)) as source:
                self._read(source)
        except PullFailed as failed:
            code = failed.code
        except Exception as error:  # a stranger's stream: whatever it is, this connection is over
            code = next((code for kind, code in CODES if isinstance(error, kind)), "unreachable")
            log.info("a pull ended: %s", type(error).__name__)
        self._end(code)

    def _read(self, source: Any) -> None:  # noqa: ANN401 (av is untyped here)
        video = next((stream for stream in source.streams.video if stream.codec_context.name == "h264"), None)
        audio = next(iter(source.streams.audio), None)
        if video is None:
            raise PullFailed("no_h264")
        context = video.codec_context
        self._found(
            Found(
                f"H.264 {context.width}×{context.height}",
                "" if audio is None else audio.codec_context.name,
                bool(context.has_b_frames),
            )
        )
        annex_b = av.BitStreamFilterContext("h264_mp4toannexb", video)
        sound = None if audio is None else Sound(self._audio)
        waiting = True
        for packet in source.demux([stream for stream in (video, audio) if stream is not None]):
            if self._stopped.is_set():
                return
            if packet.dts is None or packet.pts is None:
                continue
            if packet.stream is video:
                waiting = waiting and not packet.is_keyframe
                if not waiting:
                    for unit in annex_b.filter(packet):
                        self._video(with_parameters(unit, bytes(context.extradata or b"")))
            elif sound is not None and not waiting:
                sound.packet(packet)


class Sound:
    """Whatever the recorder encodes, as 20 ms frames for the Opus encoder: the one transcoding of a pull."""

    def __init__(self, on_frame: Callable[[Any], None]) -> None:
        self._on_frame = on_frame
        self._resampler = av.AudioResampler(format="s16", layout="stereo", rate=AUDIO_RATE, frame_size=SAMPLES)

    def packet(self, packet: Any) -> None:  # noqa: ANN401 (av is untyped here)
        """Decode one packet; a damaged one is left out."""
        try:
            for frame in packet.decode():
                for made in self._resampler.resample(frame):
                    self._on_frame(made)
        except av.error.InvalidDataError:
            return


def library_address(target: Target, port: int) -> tuple[str, dict[str, str]]:
    """(address of the relay in the form of the target's, options) for PyAV."""
    parts = urlsplit(target.url)
    credentials, at, _ = parts.netloc.rpartition("@")
    url = urlunsplit((parts.scheme, f"{credentials}{at}127.0.0.1:{port}", parts.path, parts.query, ""))
    if parts.scheme == "rtsp":
        return url, {"rtsp_transport": "tcp", "protocol_whitelist": "rtsp,tcp", "fflags": "nobuffer"}
    application = parts.path.strip("/").split("/")[0]
    tcurl = f"rtmp://{parts.netloc.rpartition('@')[2]}/{application}"
    return url, {"rtmp_live": "live", "rtmp_tcurl": tcurl, "protocol_whitelist": "rtmp,tcp", "fflags": "nobuffer"}


def with_parameters(packet: Any, extradata: bytes) -> Any:  # noqa: ANN401 (av is untyped here)
    """A keyframe brings its parameter sets: of what joins later nobody has heard them before."""
    if not packet.is_keyframe or not extradata.startswith((START_CODE, START_CODE[1:])):
        return packet
    data = bytes(packet)
    if any(data[at + 3] & 31 == NAL_SPS for at in _starts(data)):
        return packet
    made = av.Packet(extradata + data)
    made.pts, made.dts, made.time_base, made.is_keyframe = packet.pts, packet.dts, packet.time_base, True
    return made


def _starts(data: bytes) -> list[int]:
    found: list[int] = []
    at = data.find(START_CODE[1:])
    while 0 <= at < len(data) - 3 and len(found) < 8:
        found.append(at)
        at = data.find(START_CODE[1:], at + 3)
    return found
