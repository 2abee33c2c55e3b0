"""The casebook as .docx, to be edited further in Word or WPS: headings, a contents list, pictures with captions."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from .casebook_pdf import WORDS
from .word import HEI, SONG, face, field_part, instruction, page_numbers, plain, set_faces

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.text.paragraph import Paragraph

    from server.county.casebook import Book, Chapter, Plate

ACCENT, QUIET = RGBColor(0x1F, 0x5F, 0x78), RGBColor(0x5A, 0x5A, 0x5A)
WIDE, TALL = Cm(13), Cm(8.5)


def write_docx(book: Book, origin: str, *, english: bool = False) -> bytes:
    """The file; `origin`: the address of our pages, for links to recordings. Call it in a thread."""
    words = WORDS["en" if english else "zh"]
    document = Document()
    _styles(document)
    document.core_properties.title, document.core_properties.author = plain(book.title), plain(book.editor)
    _cover(document, book)
    if book.preface:
        _centred(document, words["preface"], 16, HEI)
        for text in book.preface:
            _indented(document, text)
        _break(document)
    _centred(document, words["contents"], 16, HEI)
    _contents(document, book)
    for number, chapter in enumerate(book.chapters):
        _break(document)
        _chapter(document, chapter, number, origin, words)
    page_numbers(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _styles(document: Docx) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    faces = (("Normal", SONG, 10.5), ("Heading 1", HEI, 18), ("Heading 2", HEI, 12.5))
    set_faces(document, faces)
    for name, _, _ in faces:
        style = document.styles[name]
        if name != "Normal":
            style.font.bold, style.font.color.rgb = False, ACCENT if name == "Heading 2" else RGBColor(0, 0, 0)


def _cover(document: Docx, book: Book) -> None:
    for _ in range(7):
        document.add_paragraph()
    _centred(document, book.title, 25, HEI, ACCENT)
    for _ in range(14):
        document.add_paragraph()
    _centred(document, book.editor, 13, SONG)
    _centred(document, book.date, 12, SONG, QUIET)
    _break(document)


def _contents(document: Docx, book: Book) -> None:
    """A contents field (ECMA-376 17.16.5.68) whose entries are there already; Word fills in the pages when it opens."""
    for number, chapter in enumerate(book.chapters):
        line = document.add_paragraph()
        line.paragraph_format.space_after = Pt(2)
        line.paragraph_format.tab_stops.add_tab_stop(Cm(15.8), alignment=2, leader=1)  # right, dots
        if number == 0:
            field_part(line, "begin")
            instruction(line, r' TOC \o "1-1" \h \z ')
            field_part(line, "separate")
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), f"chapter{number}")
        link.append(_run_of(line, f"{chapter.title}\t"))
        line._p.append(link)  # python-docx has no call for a link within the document
        field_part(line, "begin")
        instruction(line, rf" PAGEREF chapter{number} \h ")
        field_part(line, "separate")
        field_part(line, "end")
        if number == len(book.chapters) - 1:
            field_part(line, "end")
    update = OxmlElement("w:updateFields")
    update.set(qn("w:val"), "true")
    document.settings.element.append(update)


def _chapter(document: Docx, chapter: Chapter, number: int, origin: str, words: dict[str, str]) -> None:
    _quiet(document.add_paragraph(), chapter.subject, ACCENT)
    heading = document.add_heading(plain(chapter.title), 1)
    _bookmark(heading, f"chapter{number}", number)
    _quiet(document.add_paragraph(), chapter.byline)
    lines = list(chapter.lesson)
    if chapter.materials:
        lines.append((words["materials"], words["stop"].join(chapter.materials)))
    if chapter.recording is not None:
        lines.append((words["recording"], origin + chapter.recording))
    for label, text in lines:
        line = document.add_paragraph()
        line.paragraph_format.space_after = Pt(1)
        _quiet(line, f"{label}　")
        line.add_run(plain(text)).font.size = Pt(9.5)
    for passage in chapter.passages:
        document.add_heading(plain(passage.heading), 2)
        for text in passage.paragraphs:
            _indented(document, text)
        for plate in passage.plates:
            _plate(document, plate)


def _plate(document: Docx, plate: Plate) -> None:
    shown = document.add_paragraph()
    shown.alignment = WD_ALIGN_PARAGRAPH.CENTER
    shown.paragraph_format.keep_with_next = bool(plate.caption)
    width = TALL if plate.height > plate.width else WIDE
    picture = shown.add_run().add_picture(io.BytesIO(plate.data), width=width)
    picture._inline.docPr.set("descr", plain(plate.caption))
    if plate.caption:
        caption = document.add_paragraph()
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _quiet(caption, plate.caption)


def _centred(document: Docx, text: str, size: float, font: str, colour: RGBColor | None = None) -> None:
    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = line.add_run(plain(text))
    face(run, font)
    run.font.size = Pt(size)
    if colour is not None:
        run.font.color.rgb = colour


def _indented(document: Docx, text: str) -> None:
    line = document.add_paragraph(plain(text))
    line.paragraph_format.first_line_indent = Pt(21)  # two characters
    line.paragraph_format.line_spacing = 1.5
    line.paragraph_format.space_after = Pt(4)


def _quiet(line: Paragraph, text: str, colour: RGBColor = QUIET) -> None:
    run = line.add_run(plain(text))
    run.font.size, run.font.color.rgb = Pt(9.5), colour


def _break(document: Docx) -> None:
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


# --- what python-docx has no call for ---------------------------------------------------------------------------------


def _run_of(line: Paragraph, text: str) -> Any:  # noqa: ANN401  lxml's element
    """A run made by the library, to be hung into a link."""
    run = line.add_run(plain(text))
    line._p.remove(run._r)
    return run._r


def _bookmark(line: Paragraph, name: str, number: int) -> None:
    begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for part in (begin, end):
        part.set(qn("w:id"), str(number))
    begin.set(qn("w:name"), name)
    line._p.insert(0, begin)
    line._p.append(end)
