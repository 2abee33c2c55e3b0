"""Repository of the board and the reports."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from server.county.model import LessonState
from server.county.ports import Reason
from server.county.progress import Lived
from server.county.reports.model import Scope
from server.county.reports.sent import SentLine, SentReport

from .rows import insert, lesson_of
from .shelf import BEGAN
from .tables import ledger, lesson_events, lesson_reasons, lessons
from .tables_reports import sent_reports

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from server.county.model import Form


LINE = tuple(column for column in sent_reports.c if column.name not in ("figures", "xlsx", "docx"))


class SqlReports:
    """`county.ports_reports.ReportRepository`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def lived(self, since: float, until: float, form: Form) -> list[Lived]:
        within = (since <= BEGAN, until > BEGAN, lessons.c.form == form.value)
        reasons, credited, said = await self._reasons(within), await self._credited(within), await self._said(within)
        rows = await self._db.execute(select(lessons).where(*within).order_by(BEGAN.desc(), lessons.c.id.desc()))
        return [
            Lived(
                lesson_of(row),
                tuple(reasons.get(row.id, ())),
                frozenset(credited.get(row.id, ())),
                said.get(row.id, ""),
            )
            for row in rows
        ]

    async def _reasons(self, within: tuple[ColumnElement[bool], ...]) -> dict[str, list[Reason]]:
        chosen = (
            select(lesson_reasons)
            .join(lessons, lessons.c.id == lesson_reasons.c.lesson_id)
            .where(*within)
            .order_by(lesson_reasons.c.lesson_id, lesson_reasons.c.position)
        )
        found: dict[str, list[Reason]] = {}
        for row in await self._db.execute(chosen):
            found.setdefault(row.lesson_id, []).append(Reason(row.school_id, row.code, row.text, row.text_en))
        return found

    async def _credited(self, within: tuple[ColumnElement[bool], ...]) -> dict[str, list[str]]:
        chosen = (
            select(ledger.c.lesson_id, ledger.c.school_id)
            .join(lessons, lessons.c.id == ledger.c.lesson_id)
            .where(*within)
            .group_by(ledger.c.lesson_id, ledger.c.school_id)
            .having(func.sum(ledger.c.amount) > 0)
        )
        found: dict[str, list[str]] = {}
        for lesson_id, school_id in await self._db.execute(chosen):
            found.setdefault(lesson_id, []).append(school_id)
        return found

    async def _said(self, within: tuple[ColumnElement[bool], ...]) -> dict[str, str]:
        chosen = (
            select(lesson_events.c.lesson_id, lesson_events.c.reason)
            .join(lessons, lessons.c.id == lesson_events.c.lesson_id)
            .where(*within, lesson_events.c.to_state == LessonState.CANCELLED.value)
        )
        return {lesson_id: reason for lesson_id, reason in await self._db.execute(chosen)}

    async def send(self, report: SentReport) -> bool:
        values = asdict(report.line) | {"figures": report.figures, "xlsx": report.xlsx, "docx": report.docx}
        statement = insert(self._db, sent_reports).values(values | {"scope": report.line.scope.value})
        done = await self._db.execute(statement.on_conflict_do_nothing())
        return done.rowcount == 1

    async def sent(
        self, *, scope: Scope | None = None, scope_id: str | None = None, month: str | None = None
    ) -> list[SentLine]:
        chosen = select(*LINE).order_by(sent_reports.c.at.desc(), sent_reports.c.version.desc(), sent_reports.c.id)
        wanted = {"scope": scope.value if scope is not None else None, "scope_id": scope_id, "month": month}
        for name, value in wanted.items():
            if value is not None:
                chosen = chosen.where(sent_reports.c[name] == value)
        return [_line(row) for row in await self._db.execute(chosen)]

    async def sent_report(self, report_id: str) -> SentReport | None:
        row = (await self._db.execute(select(sent_reports).where(sent_reports.c.id == report_id))).one_or_none()
        return None if row is None else SentReport(_line(row), row.figures, row.xlsx, row.docx)


def _line(row: Row[Any]) -> SentLine:
    values = {column.name: getattr(row, column.name) for column in LINE}
    return SentLine(**values | {"scope": Scope(row.scope)})
