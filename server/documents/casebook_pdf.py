"""The casebook as PDF: set by Typst with fonts that come with the program, the same on every machine."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import segno

if TYPE_CHECKING:
    from server.county.casebook import Book, Chapter

PDF = "application/pdf"
TEMPLATE = Path(__file__).with_name("casebook.typ")
WORDS = {
    "zh": {"preface": "前言", "contents": "目　录", "materials": "材料", "stop": "、", "recording": "扫码看录像"},
    "en": {"preface": "Preface", "contents": "Contents", "materials": "Files", "stop": ", ", "recording": "Recording"},
}


def write_pdf(book: Book, origin: str, *, english: bool = False) -> bytes:
    """The file; `origin`: the address of our pages, for the QR codes of recordings.

    Slow (about a second for a full book): call it in a thread.
    """
    import pylopdf_fonts_zh_cn  # 20 MB of fonts, 80 MB of Typst: only where a book is set
    import typst

    language = "en" if english else "zh"
    fonts = Path(pylopdf_fonts_zh_cn.__file__).parent
    with TemporaryDirectory(prefix="tongke-casebook-") as name:
        folder = Path(name)
        chapters = [_chapter(chapter, number, folder, origin) for number, chapter in enumerate(book.chapters)]
        words = asdict(book) | {"chapters": chapters, "language": language, "words": WORDS[language]}
        (folder / "book.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        main = folder / TEMPLATE.name
        main.write_bytes(TEMPLATE.read_bytes())
        made = typst.compile(main, root=folder, font_paths=[fonts], ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made


def _chapter(chapter: Chapter, number: int, folder: Path, origin: str) -> dict[str, Any]:
    """As JSON, its pictures and the QR code of its recording written beside it."""
    plates = iter(range(1000))

    def kept(data: bytes) -> str:
        file = f"{number}-{next(plates)}.jpg"
        (folder / file).write_bytes(data)
        return file

    passages = [
        {
            "heading": passage.heading,
            "paragraphs": passage.paragraphs,
            "plates": [
                {"file": kept(one.data), "caption": one.caption, "portrait": one.height > one.width}
                for one in passage.plates
            ],
        }
        for passage in chapter.passages
    ]
    qr, address = None, ""
    if chapter.recording is not None:
        qr, address = f"{number}-qr.svg", origin + chapter.recording
        out = io.BytesIO()
        segno.make(address, error="m", micro=False).save(out, kind="svg", border=1)
        (folder / qr).write_bytes(out.getvalue())
    return asdict(chapter) | {"passages": passages, "qr": qr, "address": address}
