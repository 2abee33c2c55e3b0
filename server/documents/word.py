"""What the .docx files share: faces, texts that XML can hold, fields and page numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docx.document import Document as Docx
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SONG, HEI = "宋体", "黑体"  # on every Chinese Windows, WPS and Mac; another machine takes its own
# What XML 1.0 cannot hold (section 2.2), as it may come with pasted text.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NOT_XML.sub("", text)


def set_faces(document: Docx, faces: Iterable[tuple[str, str, float]]) -> None:
    """(style, face, points): for Latin and Chinese characters alike, whatever the template's theme says."""
    for name, font, size in faces:
        style = document.styles[name]
        style.font.name, style.font.size = font, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:ascii", "w:hAnsi", "w:eastAsia"):
            fonts.set(qn(script), font)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)


def face(run: Run, font: str) -> None:
    """Another face than its style's."""
    run.font.name = font
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def page_numbers(document: Docx) -> None:
    """In the middle of the foot of each page."""
    foot = document.sections[0].footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field_part(foot, "begin")
    instruction(foot, " PAGE ")
    field_part(foot, "end")


def field_part(line: Paragraph, kind: str) -> None:
    """`begin`, `separate` or `end` of a field (ECMA-376 17.16.18)."""
    part = OxmlElement("w:fldChar")
    part.set(qn("w:fldCharType"), kind)
    line.add_run()._r.append(part)


def instruction(line: Paragraph, text: str) -> None:
    """What a field computes (ECMA-376 17.16.23)."""
    part = OxmlElement("w:instrText")
    part.set(qn("xml:space"), "preserve")
    part.text = text
    line.add_run()._r.append(part)
