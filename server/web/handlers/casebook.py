"""The casebook: what is in it, and the book as a file."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from server.documents.casebook_docx import write_docx
from server.documents.casebook_pdf import PDF, write_pdf
from server.documents.word import DOCX

from .. import schemas as s
from .. import schemas_cases as k
from ..answers import answer, file_answer
from ..bodies import body, integer, text_of
from ..context import actor, context, origin_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiohttp import web

    from server.county.cases import Case
    from server.county.services.case_board import BookView

    from . import Handler


async def get(request: web.Request) -> web.Response:
    c = context(request)
    return answer(_book(await c.services.case_board.casebook(actor(request), integer(request, "year", 2000, 2100))))


async def save(request: web.Request) -> web.Response:
    asked = await body(request, k.CasebookSave)
    view = await context(request).services.case_board.edit(
        actor(request),
        asked.year,
        asked.version,
        title=asked.title,
        editor=asked.editor,
        preface=asked.preface,
        case_ids=asked.case_ids,
    )
    return answer(_book(view))


async def docx(request: web.Request) -> web.Response:
    return await _file(request, DOCX)


async def pdf(request: web.Request) -> web.Response:
    return await _file(request, PDF)


async def _file(request: web.Request, kind: str) -> web.Response:
    english = text_of(request, "lang") == "en"
    board = context(request).services.case_board
    book = await board.setting(actor(request), integer(request, "year", 2000, 2100), int(english))
    write = write_docx if kind == DOCX else write_pdf
    data = await asyncio.to_thread(write, book, origin_of(request), english=english)
    return file_answer(data, kind, f"{book.title}.{'docx' if kind == DOCX else 'pdf'}")


def _book(view: BookView) -> k.CasebookAnswer:
    book = view.book
    return k.CasebookAnswer(
        year=book.year,
        version=book.version,
        title=book.title,
        editor=book.editor,
        preface=book.preface,
        chapters=_chapters(view.chosen),
        others=_chapters(view.others),
        updated_at=s.rfc3339(book.updated_at) if book.version else None,
    )


def _chapters(cases: Iterable[Case]) -> list[k.ChapterAnswer]:
    return [k.ChapterAnswer(id=case.id, title=case.title, subject=case.subject_id) for case in cases]


HANDLERS: dict[str, Handler] = {
    "casebook.get": get,
    "casebook.save": save,
    "casebook.docx": docx,
    "casebook.pdf": pdf,
}
