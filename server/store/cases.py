"""Repository of exemplary cases: `county.ports_cases.CaseRepository`."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, exists, func, or_, select, tuple_, update

from server.county.case_reviews import SEATED, CaseCount, Review, ReviewState
from server.county.casebook import Casebook
from server.county.cases import HOLDING, Case, CaseEvent, CaseState, CaseStep, Placed, Section
from server.county.errors import Conflict
from server.county.model import Page
from server.county.paging import write_cursor
from server.county.ports_cases import Picture

from .rows import insert
from .shelf import BEGAN
from .tables import lessons
from .tables_cases import case_authors, case_events, case_pictures, case_reviews, casebooks, cases

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from server.county.ports_cases import CaseQuery


class SqlCases:
    """Cases and what belongs to them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    # --- cases ------------------------------------------------------------------------------------------------------

    async def get(self, case_id: str, *, lock: bool = False) -> Case | None:
        statement = select(cases).where(cases.c.id == case_id)
        if lock:
            statement = statement.with_for_update()
        return next(iter(await self._cases(statement)), None)

    async def of_lesson(self, lesson_id: str) -> Case | None:
        return next(iter(await self._cases(select(cases).where(cases.c.lesson_id == lesson_id))), None)

    async def page(self, query: CaseQuery) -> Page[Case]:
        found = await self._cases(_chosen(query).limit(query.limit + 1))
        items = found[: query.limit]
        more = len(found) > query.limit
        return Page(items, write_cursor(items[-1].created_at, items[-1].id) if more else None)

    async def all(self, query: CaseQuery) -> list[Case]:
        return await self._cases(_chosen(query))

    async def add(self, case: Case) -> bool:
        statement = insert(self._db, cases).values(_values(case))
        done = await self._db.execute(statement.on_conflict_do_nothing(index_elements=[cases.c.lesson_id]))
        if done.rowcount == 1:
            await self._put_authors(case)
        return done.rowcount == 1

    async def save(self, case: Case, *, seen_version: int) -> bool:
        chosen = update(cases).where(cases.c.id == case.id, cases.c.version == seen_version)
        done = await self._db.execute(chosen.values(_values(case)))
        if done.rowcount == 1:
            await self._db.execute(delete(case_authors).where(case_authors.c.case_id == case.id))
            await self._put_authors(case)
        return done.rowcount == 1

    async def _put_authors(self, case: Case) -> None:
        rows = [
            {"case_id": case.id, "user_id": user_id, "place": place} for place, user_id in enumerate(case.author_ids)
        ]
        await self._db.execute(case_authors.insert(), rows)

    async def discard(self, case_id: str) -> None:
        for table in (case_events, case_reviews, case_pictures, case_authors):
            await self._db.execute(delete(table).where(table.c.case_id == case_id))
        await self._db.execute(delete(cases).where(cases.c.id == case_id))

    async def open_to(self, lesson_id: str, reader_id: str) -> list[Case]:
        about = or_(cases.c.lesson_id == lesson_id, cases.c.recording_id == lesson_id)
        published = cases.c.state == CaseState.PUBLISHED.value
        return await self._cases(select(cases).where(about, or_(published, _reviewed_by(reader_id))))

    async def holds(self, recording_id: str) -> Case | None:
        held = cases.c.state.in_([state.value for state in HOLDING])
        found = await self._cases(select(cases).where(cases.c.recording_id == recording_id, held).limit(1))
        return next(iter(found), None)

    async def counts(self, since: float, until: float) -> list[CaseCount]:
        reported, honoured = cases.c.reported_at.is_not(None), cases.c.honoured_at.is_not(None)
        grouped = (cases.c.subject_id, cases.c.state, reported, honoured)
        rows = await self._db.execute(
            select(*grouped, func.count())
            .join(lessons, lessons.c.id == cases.c.lesson_id)
            .where(since <= BEGAN, until > BEGAN)
            .group_by(*grouped)
        )
        return [CaseCount(row[0], CaseState(row[1]), bool(row[2]), bool(row[3]), row[4]) for row in rows]

    async def _cases(self, statement: Select[Any]) -> list[Case]:
        rows = list(await self._db.execute(statement))
        written = select(case_authors).where(case_authors.c.case_id.in_([row.id for row in rows]))
        authors: dict[str, list[str]] = {row.id: [] for row in rows}
        for one in await self._db.execute(written.order_by(case_authors.c.place)):
            authors[one.case_id].append(one.user_id)
        return [_case_of(row, tuple(authors[row.id])) for row in rows]

    # --- events and pictures ----------------------------------------------------------------------------------------

    async def add_event(self, event: CaseEvent) -> None:
        await self._db.execute(case_events.insert().values(asdict(event) | {"step": event.step.value}))

    async def events(self, case_id: str) -> list[CaseEvent]:
        chosen = select(case_events).where(case_events.c.case_id == case_id).order_by(case_events.c.seq)
        return [
            CaseEvent(row.case_id, row.at, CaseStep(row.step), row.actor_id, row.actor_name, row.text)
            for row in await self._db.execute(chosen)
        ]

    async def add_picture(self, picture: Picture) -> None:
        await self._db.execute(case_pictures.insert().values(asdict(picture)))

    async def picture(self, picture_id: str) -> Picture | None:
        row = (await self._db.execute(select(case_pictures).where(case_pictures.c.id == picture_id))).one_or_none()
        return None if row is None else Picture(**row._asdict())

    async def picture_ids(self, case_id: str) -> list[str]:
        chosen = select(case_pictures.c.id).where(case_pictures.c.case_id == case_id)
        return list((await self._db.execute(chosen.order_by(case_pictures.c.id))).scalars())

    async def drop_pictures(self, picture_ids: Iterable[str]) -> None:
        await self._db.execute(delete(case_pictures).where(case_pictures.c.id.in_(list(picture_ids))))

    # --- reviews ----------------------------------------------------------------------------------------------------

    async def add_review(self, review: Review) -> None:
        await self._db.execute(case_reviews.insert().values(asdict(review) | {"state": review.state.value}))

    async def save_review(self, review: Review, *, seen_version: int) -> None:
        done = await self._db.execute(
            update(case_reviews)
            .where(case_reviews.c.id == review.id, case_reviews.c.version == seen_version)
            .values(asdict(review) | {"state": review.state.value})
        )
        if done.rowcount != 1:
            raise Conflict("stale", "这份评审在别处改过，请重新打开。", "The review was changed elsewhere; reopen it.")

    async def reviews(self, case_ids: Iterable[str]) -> list[Review]:
        chosen = select(case_reviews).where(case_reviews.c.case_id.in_(list(case_ids)))
        rows = await self._db.execute(chosen.order_by(case_reviews.c.created_at, case_reviews.c.id))
        return [Review(**row._asdict() | {"state": ReviewState(row.state)}) for row in rows]

    async def open_reviews(self) -> dict[str, int]:
        rows = await self._db.execute(
            select(case_reviews.c.reviewer_id, func.count())
            .join(cases, and_(cases.c.id == case_reviews.c.case_id, cases.c.round == case_reviews.c.round))
            .where(case_reviews.c.state == ReviewState.OPEN.value, cases.c.state == CaseState.IN_REVIEW.value)
            .group_by(case_reviews.c.reviewer_id)
        )
        return {row[0]: row[1] for row in rows}

    # --- casebooks --------------------------------------------------------------------------------------------------

    async def casebook(self, year: int) -> Casebook | None:
        row = (await self._db.execute(select(casebooks).where(casebooks.c.year == year))).one_or_none()
        return None if row is None else Casebook(**row._asdict() | {"case_ids": tuple(row.case_ids)})

    async def save_casebook(self, book: Casebook, *, seen_version: int) -> bool:
        values = asdict(replace(book, version=seen_version + 1)) | {"case_ids": list(book.case_ids)}
        if seen_version == 0:
            done = await self._db.execute(insert(self._db, casebooks).values(values).on_conflict_do_nothing())
        else:
            seen = and_(casebooks.c.year == book.year, casebooks.c.version == seen_version)
            done = await self._db.execute(update(casebooks).where(seen).values(values))
        return done.rowcount == 1


def _reviewed_by(reviewer_id: str) -> ColumnElement[bool]:
    """The case is under review, or was reviewed, by that person in its newest round."""
    return exists().where(
        case_reviews.c.case_id == cases.c.id,
        case_reviews.c.round == cases.c.round,
        case_reviews.c.reviewer_id == reviewer_id,
        case_reviews.c.state.in_([state.value for state in SEATED]),
        cases.c.state != CaseState.DRAFT.value,
    )


def _chosen(query: CaseQuery) -> Select[Any]:
    found: list[ColumnElement[bool]] = []
    if query.author_id is not None:
        written = case_authors.c.user_id == query.author_id
        found.append(exists().where(case_authors.c.case_id == cases.c.id, written))
    if query.reviewer_id is not None:
        found.append(_reviewed_by(query.reviewer_id))
    if query.states:
        found.append(cases.c.state.in_([state.value for state in query.states]))
    if query.subject_id is not None:
        found.append(cases.c.subject_id == query.subject_id)
    if query.lesson_id is not None:
        found.append(cases.c.lesson_id == query.lesson_id)
    if query.since is not None:
        found.append(query.since <= BEGAN)
    if query.until is not None:
        found.append(query.until > BEGAN)
    if query.after is not None:
        found.append(tuple_(cases.c.created_at, cases.c.id) < query.after)
    chosen = select(cases).join(lessons, lessons.c.id == cases.c.lesson_id).where(*found)
    return chosen.order_by(cases.c.created_at.desc(), cases.c.id.desc())


def _case_of(row: Row[Any], author_ids: tuple[str, ...]) -> Case:
    body = row._asdict()
    return Case(
        **body
        | {
            "author_ids": author_ids,
            "state": CaseState(body["state"]),
            "texts": {Section(section): text for section, text in body["texts"].items()},
            "material_ids": tuple(body["material_ids"]),
            "pictures": tuple(Placed(one["id"], Section(one["section"]), one["caption"]) for one in body["pictures"]),
        }
    )


def _values(case: Case) -> dict[str, Any]:
    values = asdict(case)
    del values["author_ids"]
    return values | {
        "state": case.state.value,
        "texts": {section.value: text for section, text in case.texts.items()},
        "material_ids": list(case.material_ids),
        "pictures": [asdict(one) | {"section": one.section.value} for one in case.pictures],
    }
