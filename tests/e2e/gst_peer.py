"""GStreamer's webrtcbin as a foreign WHIP or WHEP client; run by the system's Python, which has its bindings.

    gst_peer.py whip|whep ADDRESS TOKEN vp8|h264|vp9

Prints a line of JSON about every 200 ms, {"video": buffers, "audio": buffers, "state": the connection's}: encoded ones
when publishing, decoded ones when playing. Ends when its standard input does.
"""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstWebRTC", "1.0")
gi.require_version("GstSdp", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402 (versions come first)

PAYLOAD_TYPES = {"vp8": 96, "h264": 102, "vp9": 98, "opus": 111}
ENCODERS = {
    "vp8": "vp8enc deadline=1 cpu-used=8 keyframe-max-dist=60 target-bitrate=600000 ! rtpvp8pay picture-id-mode=15-bit",
    "h264": "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=60 bitrate=600 ! "
    "video/x-h264,profile=constrained-baseline ! h264parse ! rtph264pay config-interval=-1 aggregate-mode=zero-latency",
    "vp9": "vp9enc deadline=1 cpu-used=8 keyframe-max-dist=60 target-bitrate=600000 ! rtpvp9pay picture-id-mode=15-bit",
}
PICTURES = "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=180,framerate=30/1"
SOUND = "audiotestsrc is-live=true freq=440 ! audio/x-raw,rate=48000,channels=2 ! opusenc ! rtpopuspay"


def rtp_caps(kind: str, codec: str) -> str:
    rate = "48000" if codec == "opus" else "90000"
    caps = f"application/x-rtp,media={kind},encoding-name={codec.upper()},payload={PAYLOAD_TYPES[codec]}"
    more = ",packetization-mode=(string)1" if codec == "h264" else ""
    return f"{caps},clock-rate={rate}{more}" + (",encoding-params=(string)2" if codec == "opus" else "")


class Peer:
    """One session; `counts` are buffers by kind."""

    def __init__(self, mode: str, address: str, token: str, codec: str) -> None:
        self.counts = {"video": 0, "audio": 0}
        self._address, self._token = address, token
        self._asked = False
        self._reply: Gst.Structure | None = None
        publish = mode == "whip"
        text = "webrtcbin name=peer bundle-policy=max-bundle"
        if publish:
            for kind, source, name in (("video", f"{PICTURES} ! {ENCODERS[codec]}", codec), ("audio", SOUND, "opus")):
                text += f" {source} ! identity name={kind} ! {rtp_caps(kind, name)} ! peer."
        self.pipeline = Gst.parse_launch(f"{text} fakesrc num-buffers=0 ! fakesink")  # never one element alone
        self.peer = self.pipeline.get_by_name("peer")
        if publish:
            for kind in self.counts:
                self._count(self.pipeline.get_by_name(kind), "src", kind)
            self._each_transceiver("direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)
        else:
            for kind, name in (("video", codec), ("audio", "opus")):
                caps = Gst.Caps.from_string(rtp_caps(kind, name))
                self.peer.emit("add-transceiver", GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY, caps)
            self.peer.connect("pad-added", self._on_pad)
        self._each_transceiver("do-nack", True)
        self.peer.connect("on-negotiation-needed", self._offer)
        self.peer.connect("notify::ice-gathering-state", self._gathered)

    def start(self) -> None:
        self.pipeline.set_state(Gst.State.PLAYING)

    def report(self) -> bool:
        state = self.peer.get_property("connection-state").value_nick
        print(json.dumps({**self.counts, "state": state}), flush=True)
        return True

    def _each_transceiver(self, name: str, value: object) -> None:
        index = 0
        while (transceiver := self.peer.emit("get-transceiver", index)) is not None:
            transceiver.set_property(name, value)
            index += 1

    def _count(self, element: Gst.Element, pad: str, kind: str) -> None:
        def on_buffer(_pad: Gst.Pad, _info: Gst.PadProbeInfo) -> Gst.PadProbeReturn:
            self.counts[kind] += 1
            return Gst.PadProbeReturn.OK

        element.get_static_pad(pad).add_probe(Gst.PadProbeType.BUFFER, on_buffer)

    def _offer(self, _peer: Gst.Element) -> None:
        self.peer.emit("create-offer", None, Gst.Promise.new_with_change_func(self._offered))

    def _offered(self, promise: Gst.Promise) -> None:
        promise.wait()
        self._reply = promise.get_reply()  # the description lives in it
        self.peer.emit("set-local-description", self._reply.get_value("offer"), Gst.Promise.new())

    def _gathered(self, *_: object) -> None:
        done = self.peer.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE
        if done and not self._asked:
            self._asked = True
            GLib.idle_add(self._ask)

    def _ask(self) -> bool:
        """The offer to the server, its answer to webrtcbin (RFC 9725 section 4.2)."""
        offer = self.peer.get_property("local-description").sdp.as_text()
        headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {self._token}"}
        request = urllib.request.Request(self._address, offer.encode(), headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                answer = response.read()
        except urllib.error.HTTPError as error:
            print(offer, error.read().decode(), file=sys.stderr)
            raise SystemExit(1) from None
        _, message = GstSdp.SDPMessage.new()
        GstSdp.sdp_message_parse_buffer(answer, message)
        described = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, message)
        self.peer.emit("set-remote-description", described, Gst.Promise.new())
        return False

    def _on_pad(self, _peer: Gst.Element, pad: Gst.Pad) -> None:
        """A stream from the server: decoded, counted, thrown away."""
        if pad.get_direction() != Gst.PadDirection.SRC:
            return
        decoder = Gst.ElementFactory.make("decodebin")
        decoder.connect("pad-added", self._on_decoded)
        self.pipeline.add(decoder)
        decoder.sync_state_with_parent()
        pad.link(decoder.get_static_pad("sink"))

    def _on_decoded(self, _decoder: Gst.Element, pad: Gst.Pad) -> None:
        sink = Gst.ElementFactory.make("fakesink")
        sink.set_property("sync", False)
        self.pipeline.add(sink)
        kind = pad.get_current_caps().get_structure(0).get_name().partition("/")[0]
        self._count(sink, "sink", kind)
        sink.sync_state_with_parent()
        pad.link(sink.get_static_pad("sink"))


def main() -> None:
    Gst.init(None)
    peer = Peer(*sys.argv[1:])
    loop = GLib.MainLoop()

    def on_message(_bus: Gst.Bus, message: Gst.Message) -> None:
        if message.type == Gst.MessageType.ERROR:
            print(*message.parse_error(), file=sys.stderr)
            loop.quit()

    bus = peer.pipeline.get_bus()
    bus.add_signal_watch()
    bus.connect("message", on_message)
    GLib.timeout_add(200, peer.report)
    ended = GLib.IOCondition.HUP | GLib.IOCondition.IN
    GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, ended, lambda *_: loop.quit())
    peer.start()
    loop.run()
    peer.pipeline.set_state(Gst.State.NULL)


if __name__ == "__main__":
    main()
