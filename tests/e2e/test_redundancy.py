"""Sound with redundancy (RFC 2198): heard by those who do not take it, and recorded as the sound it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from recorder.manifest import read_index
from recorder.pieces import PieceStream

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext

    from tests.fakes.serving import Serve

TONE = 440.0  # Hz

OPEN = """async ([kind, address, token, tone]) => {
  const peer = new RTCPeerConnection();
  const every = RTCRtpReceiver.getCapabilities('audio').codecs;
  const of = name => every.filter(codec => codec.mimeType === `audio/${name}`);
  let line;
  if (kind === 'publish') {
    const context = new AudioContext();
    const source = context.createOscillator(), sink = context.createMediaStreamDestination();
    source.frequency.value = tone; source.connect(sink); source.start();
    line = peer.addTransceiver(sink.stream.getAudioTracks()[0], {direction: 'sendonly'});
    line.setCodecPreferences([...of('red'), ...of('opus')]);
  } else {
    line = peer.addTransceiver('audio', {direction: 'recvonly'});
    line.setCodecPreferences(of('opus'));
  }
  await peer.setLocalDescription(await peer.createOffer());
  const headers = {'Content-Type': 'application/sdp', Authorization: `Bearer ${token}`};
  const answer = await fetch(address, {method: 'POST', headers, body: peer.localDescription.sdp});
  if (answer.status !== 201) throw new Error(await answer.text());
  await peer.setRemoteDescription({type: 'answer', sdp: await answer.text()});
  window[kind] = peer;
}"""

SENT = """async () => { let found = '';
  (await window.publish.getStats()).forEach((each, _, all) => {
    if (each.type === 'outbound-rtp' && each.packetsSent > 20) found = all.get(each.codecId).mimeType;
  }); return found; }"""

HEARD = """async () => { let found = null;
  (await window.play.getStats()).forEach(each => {
    if (each.type === 'inbound-rtp') found = each.totalAudioEnergy / Math.max(each.totalSamplesDuration, 1e-9);
  }); return found !== null && found > 0.01; }"""


def recorded_sound(folder: Path) -> np.ndarray:
    """The samples of a recorded track."""
    pieces, _ = read_index((folder / "index.jsonl").read_bytes())
    files = [folder / "init.mp4", *(folder / f"{piece.n:06d}.m4s" for piece in pieces)]
    with PieceStream(files) as stream, av.open(stream, mode="r", format="mp4") as source:
        return np.concatenate([frame.to_ndarray()[0] for frame in source.decode(audio=0)])


def test_redundant_sound_reaches_plain_players_and_the_recording(
    serve: Serve, context: Callable[..., BrowserContext]
) -> None:
    admin = serve.admin()
    lesson = serve.lesson(admin, pairing=7, minutes=5)
    teacher = serve.media_token(admin, lesson["id"], "teacher")
    observer = serve.media_token(admin, lesson["id"], "observer")
    admin.post(f"/api/lessons/{lesson['id']}/start")
    page = context(media=False).new_page()
    page.goto(f"{serve.base}/login")
    page.evaluate(OPEN, ["publish", f"/whip/{lesson['id']}", teacher, TONE])
    page.wait_for_function(f"async () => await ({SENT})() === 'audio/red'")
    page.evaluate(OPEN, ["play", f"/whep/{lesson['id']}?source=teacher", observer, TONE])
    page.wait_for_function(HEARD)
    page.wait_for_timeout(2500)  # sound to record
    admin.post(f"/api/lessons/{lesson['id']}/end")
    folder = serve.data / "recordings" / lesson["id"] / "teacher-audio-opus"
    serve.wait(lambda: (folder / "index.jsonl").exists(), 20, "the recording's first piece")
    samples = recorded_sound(folder)
    middle = samples[len(samples) // 3 : len(samples) // 3 + 48_000]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)))) ** 2
    assert np.argmax(spectrum) * 48_000 / len(middle) == pytest.approx(TONE, abs=3)
    near = slice(int((TONE - 20) * len(middle) / 48_000), int((TONE + 20) * len(middle) / 48_000))
    assert spectrum[near].sum() > 0.95 * spectrum.sum()  # a tone, not the noise of misread packets
