"""What Chromium, Firefox and aiortc really sent (`record.py` makes it anew)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from server.wire import rtp

HERE = Path(__file__).parent
CLIENTS = ("aiortc", "chromium", "firefox")
BROWSERS = ("chromium", "firefox")


def offer(client: str, what: str) -> str:
    """`what`: "publish", "play", or of the browsers "everything", "simulcast" (VP8), of Chromium "h264simulcast"."""
    return (HERE / f"{client}_{what}.sdp").read_bytes().decode()


def datagrams(client: str, kind: str) -> list[bytes]:
    """`kind`: "stun", "dtls", "rtp", "rtcp" (the last two decrypted); of the browsers.

    Each begins a stream: "simulcast" (VP8), "vp9", "av1", of Chromium "red".
    """
    return [bytes.fromhex(line) for line in (HERE / f"{client}_{kind}.hex").read_text().split()]


def media(client: str, kind: str) -> list[tuple[bytes, rtp.RtpHeader]]:
    """The packets with payload of a captured stream, retransmissions and probes left out."""
    packets = [(packet, rtp.parse_untrusted(packet)) for packet in datagrams(client, kind)]
    full = [(packet, header) for packet, header in packets if header.payload_end > header.payload_start]
    usual = Counter(header.payload_type for _, header in full).most_common(1)[0][0]
    return [(packet, header) for packet, header in full if header.payload_type == usual]
