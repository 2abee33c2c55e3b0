"""What Chromium, Firefox and aiortc really sent (`record.py` makes it anew)."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
CLIENTS = ("aiortc", "chromium", "firefox")
BROWSERS = ("chromium", "firefox")


def offer(client: str, what: str) -> str:
    """`what`: "publish", "play", or of the browsers "everything"."""
    return (HERE / f"{client}_{what}.sdp").read_bytes().decode()


def datagrams(client: str, kind: str) -> list[bytes]:
    """`kind`: "stun", "dtls", "rtp", "rtcp" (the last two decrypted); of the browsers."""
    return [bytes.fromhex(line) for line in (HERE / f"{client}_{kind}.hex").read_text().split()]
