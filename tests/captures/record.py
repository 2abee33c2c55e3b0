"""Makes the captures anew: `python -m tests.captures.record chromium|firefox|aiortc [codecs]`.

A browser (headless, on this machine alone) makes offers and publishes to the shell of the tests; what it sent is
written beside this file: `<name>_<what>.sdp` and `<name>_<kind>.hex`, one datagram per line (RTP and RTCP decrypted).
With `codecs` it publishes simulcast, VP9, AV1 and redundant audio one after another: `<name>_<codec>.hex`.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

from aiohttp import web

from server.wire import sdp
from tests.fakes.udp_shell import UdpShell

HERE = Path(__file__).parent
PAGE = """<!doctype html><canvas id=c width=640 height=360></canvas><script>
const g = document.getElementById('c').getContext('2d'); let n = 0;
setInterval(() => { g.fillStyle = `hsl(${n++ % 360} 80% 50%)`; g.fillRect(0, 0, 640, 360);
  for (let i = 0; i < 60; i++) { g.fillStyle = `hsl(${Math.random()*360} 80% 50%)`;
    g.fillRect(Math.random()*640, Math.random()*360, 40, 40); } }, 33);
const put = (path, body) => fetch(path, {method: 'POST', body}).then(r => r.text());
async function main() {
  if (location.search === '?codecs') return codecs();
  const stream = document.getElementById('c').captureStream(30);
  const audio = new AudioContext(); const osc = audio.createOscillator();
  const dest = audio.createMediaStreamDestination();
  osc.connect(dest); osc.start();
  const pc = new RTCPeerConnection({bundlePolicy: 'max-bundle'});
  pc.addTransceiver(dest.stream.getAudioTracks()[0], {direction: 'sendonly'});
  pc.addTransceiver(stream.getVideoTracks()[0], {direction: 'sendonly'});
  await pc.setLocalDescription(await pc.createOffer());
  await put('/offer/publish', pc.localDescription.sdp);
  const play = new RTCPeerConnection({bundlePolicy: 'max-bundle'});
  play.addTransceiver('audio', {direction: 'recvonly'}); play.addTransceiver('video', {direction: 'recvonly'});
  await play.setLocalDescription(await play.createOffer());
  await put('/offer/play', play.localDescription.sdp);
  const answer = await put('/answer/play', play.localDescription.sdp);
  await play.setRemoteDescription({type: 'answer', sdp: answer});
  const both = new RTCPeerConnection();
  both.addTrack(stream.getVideoTracks()[0], stream); both.addTransceiver('audio', {direction: 'recvonly'});
  both.addTransceiver('video', {direction: 'recvonly'}); both.createDataChannel('x');
  await both.setLocalDescription(await both.createOffer());
  await put('/offer/everything', both.localDescription.sdp);
  const taken = await put('/answer/publish', both.localDescription.sdp);
  await both.setRemoteDescription({type: 'answer', sdp: taken}); both.close();
  await pc.setRemoteDescription({type: 'answer', sdp: await put('/whip', pc.localDescription.sdp)});
  setTimeout(() => put('/done', ''), 6000);
}
const sleep = ms => new Promise(done => setTimeout(done, ms));
async function codecs() {
  const stream = document.getElementById('c').captureStream(15);
  const audio = new AudioContext(); const osc = audio.createOscillator();
  const dest = audio.createMediaStreamDestination();
  osc.connect(dest); osc.start();
  const [sound, picture] = [dest.stream.getAudioTracks()[0], stream.getVideoTracks()[0]];
  const small = [{scaleResolutionDownBy: 4}];
  const layers = [{rid: 'l', scaleResolutionDownBy: 4}, {rid: 'm', scaleResolutionDownBy: 2}, {rid: 'h'}];
  for (const [what, track, wanted, sendEncodings] of [
      ['simulcast', picture, 'video/VP8', layers], ['h264simulcast', picture, 'video/H264', layers],
      ['vp9', picture, 'video/VP9', small], ['av1', picture, 'video/AV1', small], ['red', sound, 'audio/red', []]]) {
    const pc = new RTCPeerConnection({bundlePolicy: 'max-bundle'});
    const sender = pc.addTransceiver(track, {direction: 'sendonly', sendEncodings});
    const all = RTCRtpReceiver.getCapabilities(track.kind).codecs;
    const first = all.filter(codec => codec.mimeType === wanted);
    if (!first.length) continue;
    sender.setCodecPreferences([...first, ...all.filter(codec => codec.mimeType !== wanted)]);
    await pc.setLocalDescription(await pc.createOffer());
    if (sendEncodings === layers) await put(`/offer/${what}`, pc.localDescription.sdp);
    await pc.setRemoteDescription({type: 'answer', sdp: await put('/whip', pc.localDescription.sdp)});
    const taken = sender.sender.getParameters().encodings.map(each => each.rid);
    await sleep(4000);
    await put(`/rtp/${what}`, JSON.stringify(taken)); pc.close();
  }
  await put('/done', '');
}
main().catch(e => put('/error', String(e)));
</script>"""


class Recorder:
    def __init__(self, name: str) -> None:
        self.name = name
        self.media: dict[str, list[bytes]] = {"rtp": [], "rtcp": []}
        self.done = asyncio.Event()
        self.shell: UdpShell | None = None

    def save_offer(self, what: str, text: str) -> None:
        (HERE / f"{self.name}_{what}.sdp").write_bytes(text.encode())

    def save_datagrams(self) -> None:
        seen = self.shell.seen if self.shell else []
        kinds = {
            "stun": [each for each in seen if each[0] < 4][:4],
            "dtls": [each for each in seen if 20 <= each[0] < 64][:6],
            "rtp": self.media["rtp"][:40],
            "rtcp": self.media["rtcp"][:20],
        }
        for kind, datagrams in kinds.items():
            self._write(kind, datagrams)

    def _write(self, kind: str, datagrams: list[bytes]) -> None:
        (HERE / f"{self.name}_{kind}.hex").write_text("".join(each.hex() + "\n" for each in datagrams))

    def whip(self, text: str) -> str:
        assert self.shell is not None
        answer, plan = sdp.answer_publish(sdp.parse_offer_untrusted(text), self.shell.local())
        self.shell.expect(plan.remote)
        return answer

    async def handle(self, request: web.Request) -> web.Response:
        text = await request.text()
        path = request.path
        if path.startswith("/offer/"):
            self.save_offer(path.rpartition("/")[2], text)
        elif path == "/whip" or path == "/answer/publish":
            return web.Response(text=self.whip(text))
        elif path == "/answer/play":
            assert self.shell is not None
            local = self.shell.local({"audio": sdp.Ssrc(1111), "video": sdp.Ssrc(2222, 3333)})
            return web.Response(text=sdp.answer_play(sdp.parse_offer_untrusted(text), local)[0])
        elif path.startswith("/rtp/"):
            print(path, "encodings", text, len(self.media["rtp"]))
            packets, self.media["rtp"] = self.media["rtp"][:24], []
            self._write(path.rpartition("/")[2], packets)
        else:
            print(path, text, {kind: len(each) for kind, each in self.media.items()})
            self.done.set()
        return web.Response(text="")


def command(name: str, url: str, profile: str) -> list[str]:
    if name == "chromium":
        return [
            "/usr/bin/chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--autoplay-policy=no-user-gesture-required", f"--user-data-dir={profile}", url,
        ]  # fmt: skip
    prefs = {
        "media.autoplay.default": 0,
        "media.autoplay.blocking_policy": 0,
        "media.peerconnection.ice.loopback": True,
    }
    lines = [f'user_pref("{key}", {str(value).lower()});' for key, value in prefs.items()]
    Path(profile, "user.js").write_text("\n".join(lines))
    return ["/usr/bin/firefox", "--headless", "--no-remote", "--profile", profile, url]


async def browser(name: str, *, codecs: bool) -> None:
    recorder = Recorder(name)
    host = os.environ.get("CAPTURE_HOST", "127.0.0.1")
    recorder.shell = await UdpShell.open(host, lambda kind, data: recorder.media[kind].append(data))
    app = web.Application()
    app.router.add_get("/", lambda _: web.Response(text=PAGE, content_type="text/html"))
    app.router.add_post("/{rest:.*}", recorder.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    profile = tempfile.mkdtemp()
    process = await asyncio.create_subprocess_exec(
        *command(name, f"http://localhost:{port}/{'?codecs' if codecs else ''}", profile),
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(60):
            await recorder.done.wait()
        print(recorder.shell.peer.state if recorder.shell.peer else None, recorder.shell.rejected)
        if not codecs:
            recorder.save_datagrams()
    finally:
        process.terminate()
        await process.wait()
        recorder.shell.close()
        await runner.cleanup()
        with contextlib.suppress(OSError):
            shutil.rmtree(profile)


async def aiortc_offers() -> None:
    from aiortc import RTCPeerConnection
    from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack

    recorder = Recorder("aiortc")
    publish, play = RTCPeerConnection(), RTCPeerConnection()
    for track in (AudioStreamTrack(), VideoStreamTrack()):
        publish.addTransceiver(track, "sendonly")
        play.addTransceiver(track.kind, "recvonly")
    for what, each in (("publish", publish), ("play", play)):
        await each.setLocalDescription(await each.createOffer())
        recorder.save_offer(what, each.localDescription.sdp)
        await each.close()


if __name__ == "__main__":
    asyncio.run(aiortc_offers() if sys.argv[1] == "aiortc" else browser(sys.argv[1], codecs="codecs" in sys.argv))
