"""Repository of surveys: `county.ports_survey.SurveyRepository`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update

from server.county.surveys.sheet import Audience, sheet_of
from server.county.surveys.survey import Group, SheetRecord, Survey

from .rows import insert
from .tables_survey import survey_codes, survey_counts, survey_groups, survey_sheets, surveys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from server.county.surveys.results import Counts


class SqlSurveys:
    """Sheets, surveys, groups, unused codes, counts."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def sheets(self, audience: Audience) -> list[SheetRecord]:
        chosen = select(survey_sheets).where(survey_sheets.c.audience == audience.value)
        rows = await self._db.execute(chosen.order_by(survey_sheets.c.number.desc()))
        return [
            SheetRecord(**row._asdict() | {"audience": Audience(row.audience), "sheet": sheet_of(row.sheet)})
            for row in rows
        ]

    async def add_sheet(self, record: SheetRecord) -> bool:
        values = asdict(record) | {"audience": record.audience.value}
        done = await self._db.execute(insert(self._db, survey_sheets).values(values).on_conflict_do_nothing())
        return done.rowcount == 1

    async def add(self, survey: Survey) -> None:
        await self._db.execute(surveys.insert().values(_values(survey)))

    async def get(self, survey_id: str, *, lock: bool = False) -> Survey | None:
        chosen = select(surveys).where(surveys.c.id == survey_id)
        if lock:
            chosen = chosen.with_for_update()
        row = (await self._db.execute(chosen)).one_or_none()
        return None if row is None else _survey(row)

    async def all(self, year: int) -> list[Survey]:
        chosen = select(surveys).where(surveys.c.year == year)
        rows = await self._db.execute(chosen.order_by(surveys.c.created_at.desc(), surveys.c.id.desc()))
        return [_survey(row) for row in rows]

    async def save(self, survey: Survey) -> None:
        await self._db.execute(update(surveys).where(surveys.c.id == survey.id).values(_values(survey)))

    async def add_group(self, group: Group, hashes: Sequence[str]) -> None:
        await self._db.execute(survey_groups.insert().values(asdict(group)))
        await self._add_codes(group.id, hashes)
        survey = await self.get(group.survey_id)
        assert survey is not None, group.survey_id
        rows = [
            {"group_id": group.id, "question": question.id, "choice": choice, "count": 0}
            for question in survey.sheet.questions
            for choice in range(len(question.choices))
        ]
        await self._db.execute(survey_counts.insert(), rows)

    async def group(self, group_id: str) -> Group | None:
        row = (await self._db.execute(select(survey_groups).where(survey_groups.c.id == group_id))).one_or_none()
        return None if row is None else Group(*row)

    async def groups(self, survey_ids: Iterable[str]) -> list[Group]:
        rows = await self._db.execute(select(survey_groups).where(survey_groups.c.survey_id.in_(list(survey_ids))))
        return sorted((Group(*row) for row in rows), key=lambda one: (one.school_id or "~", one.name, one.id))

    async def remove_group(self, group_id: str) -> None:
        for table in (survey_codes, survey_counts):
            await self._db.execute(delete(table).where(table.c.group_id == group_id))
        await self._db.execute(delete(survey_groups).where(survey_groups.c.id == group_id))

    async def issue(self, group: Group, hashes: Sequence[str]) -> None:
        await self._db.execute(delete(survey_codes).where(survey_codes.c.group_id == group.id))
        await self._db.execute(update(survey_groups).where(survey_groups.c.id == group.id).values(issued=group.issued))
        await self._add_codes(group.id, hashes)

    async def unused(self, survey_ids: Iterable[str]) -> dict[str, int]:
        chosen = (
            select(survey_codes.c.group_id, func.count())
            .join(survey_groups, survey_groups.c.id == survey_codes.c.group_id)
            .where(survey_groups.c.survey_id.in_(list(survey_ids)))
            .group_by(survey_codes.c.group_id)
        )
        return {group_id: count for group_id, count in await self._db.execute(chosen)}

    async def group_of(self, code_hash: str) -> Group | None:
        chosen = select(survey_groups).join(survey_codes, survey_codes.c.group_id == survey_groups.c.id)
        row = (await self._db.execute(chosen.where(survey_codes.c.hash == code_hash))).one_or_none()
        return None if row is None else Group(*row)

    async def take(self, code_hash: str) -> bool:
        done = await self._db.execute(delete(survey_codes).where(survey_codes.c.hash == code_hash))
        return done.rowcount == 1

    async def count(self, group_id: str, answers: Mapping[str, int]) -> None:
        counts = survey_counts.c
        for question, choice in sorted(answers.items()):
            chosen = (counts.group_id == group_id) & (counts.question == question) & (counts.choice == choice)
            done = await self._db.execute(update(survey_counts).where(chosen).values(count=counts.count + 1))
            assert done.rowcount == 1, (question, choice)

    async def counts(self, survey_ids: Iterable[str]) -> dict[str, Counts]:
        counts = survey_counts.c
        chosen = (
            select(survey_counts)
            .join(survey_groups, survey_groups.c.id == counts.group_id)
            .where(survey_groups.c.survey_id.in_(list(survey_ids)))
            .order_by(counts.group_id, counts.question, counts.choice)
        )
        found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for group_id, question, _, count in await self._db.execute(chosen):
            found[group_id][question].append(count)
        return {group: {name: tuple(its) for name, its in each.items()} for group, each in found.items()}

    async def _add_codes(self, group_id: str, hashes: Sequence[str]) -> None:
        # In the order of the hashes, which is the order of nothing else.
        rows = [{"hash": code, "group_id": group_id} for code in sorted(hashes)]
        await self._db.execute(survey_codes.insert(), rows)


def _values(survey: Survey) -> dict[str, Any]:
    return asdict(survey) | {
        "audience": survey.audience.value,
        "closes_on": survey.closes_on.isoformat(),
        "closed_on": None if survey.closed_on is None else survey.closed_on.isoformat(),
    }


def _survey(row: Row[Any]) -> Survey:
    return Survey(
        **row._asdict()
        | {
            "audience": Audience(row.audience),
            "sheet": sheet_of(row.sheet),
            "closes_on": date.fromisoformat(row.closes_on),
            "closed_on": None if row.closed_on is None else date.fromisoformat(row.closed_on),
        }
    )
