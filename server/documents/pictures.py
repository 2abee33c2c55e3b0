"""A stranger's photo as a plain JPEG: upright, small, without what the camera wrote into it (place, time)."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from server.county.errors import Invalid

JPEG = "image/jpeg"
MAX_BYTES = 12 * 1024 * 1024  # as phones take them
MAX_PIXELS = 64_000_000
LONGEST = 1800  # pixels of the longer side: 300 dpi across a page's text
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP")


def plain_jpeg(data: bytes) -> tuple[bytes, int, int]:
    """The picture as it is kept, its width and height in pixels.

    Slow for a large one: call it in a thread. Raises Invalid.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as found:
            if found.width * found.height > MAX_PIXELS:
                raise _unreadable()
            found.draft("RGB", (LONGEST, LONGEST))  # a JPEG is decoded no larger than it is wanted
            upright = ImageOps.exif_transpose(found)
            upright.thumbnail((LONGEST, LONGEST))
            plain = _on_white(upright)
    except Invalid:
        raise
    except Exception:  # whatever a damaged file does to the library, it is a damaged file
        raise _unreadable() from None
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue(), plain.width, plain.height


def _on_white(picture: Image.Image) -> Image.Image:
    """Without transparency: paper is white."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    paper = Image.new("RGB", picture.size, "white")
    layer = picture.convert("RGBA")
    paper.paste(layer, mask=layer)
    return paper


def _unreadable() -> Invalid:
    return Invalid(
        "bad_picture",
        "这个文件不是能读的图片（JPEG、PNG 或 WebP，最多 6400 万像素）。请用手机或截图软件另存后再上传。",
        "The file is no readable picture (JPEG, PNG or WebP of at most 64 megapixels). Save it anew and upload that.",
    )
