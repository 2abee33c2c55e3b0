"""QR codes as SVG pictures (ISO/IEC 18004), for paper."""

from __future__ import annotations

import io

import segno


def qr_svg(text: str) -> str:
    """A whole SVG document, black on white with its quiet zone; error correction M: survives a crease."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", scale=8, border=4, dark="#000", light="#fff")
    return out.getvalue().decode()
