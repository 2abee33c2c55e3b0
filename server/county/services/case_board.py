"""The county's side of exemplary cases: how the year stands against its goals, and its casebook."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..case_reviews import draw_goals
from ..casebook import Book, Casebook, Chapter, Passage, Plate, check_book, paragraphs
from ..cases import SECTION_NAMES, CaseState, Section
from ..errors import Invalid, NotFound, Stale
from ..permissions import Action, require
from ..ports import AuditRow
from ..ports_cases import CaseQuery
from ..targets import day_of, year_span
from ._year import year_asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..case_reviews import CaseGoals
    from ..cases import Case
    from ..model import Actor
    from ..policies import CountyConfig
    from ..ports import Clock, UnitOfWork, UnitsOfWork


@dataclass(frozen=True, slots=True)
class BookView:
    """A year's casebook. `chosen`: its cases in their order; `others`: published ones that are not in it."""

    book: Casebook
    chosen: tuple[Case, ...]
    others: tuple[Case, ...]


class CaseBoard:
    """For administrators and researchers."""

    def __init__(self, store: UnitsOfWork, config: CountyConfig, now: Clock) -> None:
        self._store = store
        self.policy = config.cases
        self._targets = config.targets
        self._now = now

    async def goals(self, actor: Actor, year: int | None = None) -> CaseGoals:
        """`year` None: this one. Raises Forbidden, Invalid."""
        require(actor, Action.CASE_DECIDE)
        year = year_asked(year, self._now(), self._targets)
        async with self._store.read() as work:
            pairings = [pairing for pairing in await work.roster.pairings() if not pairing.archived]
            paired = {one for each in pairings for one in (each.supporting_school_id, each.receiving_school_id)}
            counts = await work.cases.counts(*year_span(year, self._targets))
            return draw_goals(year, counts, await work.roster.subjects(), len(paired), self.policy)

    # --- the casebook -----------------------------------------------------------------------------------------------

    async def casebook(self, actor: Actor, year: int | None = None) -> BookView:
        """As it was kept, or a first proposal with all that is published. Raises Forbidden, Invalid."""
        require(actor, Action.CASE_DECIDE)
        async with self._store.read() as work:
            return await self._book(work, year_asked(year, self._now(), self._targets))

    async def edit(
        self, actor: Actor, year: int, version: int, *, title: str, editor: str, preface: str, case_ids: Sequence[str]
    ) -> BookView:
        """Keep it. Raises Stale (with what is stored), Invalid, Forbidden."""
        require(actor, Action.CASE_DECIDE)
        check_book(title, editor, preface, case_ids)
        year, now = year_asked(year, self._now(), self._targets), self._now()
        async with self._store.write() as work:
            before = await self._book(work, year)
            known = {case.id for case in (*before.chosen, *before.others)}
            if set(case_ids) - known:
                raise Invalid(
                    "not_published", "案例集里只能放已发布的案例。", "Only published cases go into the casebook."
                )
            book = Casebook(year, title.strip(), editor.strip(), preface.strip(), tuple(case_ids), now, actor.id)
            if not await work.cases.save_casebook(book, seen_version=version):
                kept = before.book
                raise Stale(
                    {
                        "version": kept.version,
                        "title": kept.title,
                        "editor": kept.editor,
                        "preface": kept.preface,
                        "case_ids": list(kept.case_ids),
                    }
                )
            await work.audit(AuditRow(now, actor.id, "casebook.edit", str(year), f"{len(case_ids)}"))
            return await self._book(work, year)

    async def setting(self, actor: Actor, year: int | None, language: int) -> Book:
        """The book with all its words and pictures, ready to be set; `language` 0 Chinese, 1 English (headings).

        Raises NotFound (there is nothing in it), Forbidden, Invalid.
        """
        require(actor, Action.CASE_DECIDE)
        year = year_asked(year, self._now(), self._targets)
        async with self._store.read() as work:
            view = await self._book(work, year)
            if not view.chosen:
                raise NotFound(
                    "empty_casebook",
                    "案例集里还没有案例：先发布案例，再放进案例集。",
                    "There is no case in the casebook yet: publish some, then put them in.",
                )
            subjects = {
                subject.id: (subject.name, subject.name_en or subject.name) for subject in await work.roster.subjects()
            }
            schools = {school.id: school.name for school in await work.roster.schools()}
            chapters = [await self._chapter(work, case, subjects, schools, language) for case in view.chosen]
        now = self._now()
        async with self._store.write() as work:
            await work.audit(AuditRow(now, actor.id, "casebook.export", str(year), f"{len(chapters)}"))
        day = day_of(now, self._targets)
        date = f"{day.year}年{day.month}月" if language == 0 else f"{day:%B %Y}"
        return Book(view.book.title, view.book.editor, date, paragraphs(view.book.preface), tuple(chapters))

    async def _book(self, work: UnitOfWork, year: int) -> BookView:
        since, until = year_span(year, self._targets)
        published = await work.cases.all(CaseQuery(states=(CaseState.PUBLISHED,), since=since, until=until))
        order = {subject.id: place for place, subject in enumerate(await work.roster.subjects())}
        published.sort(key=lambda case: (order.get(case.subject_id, len(order)), case.published_at or 0.0, case.id))
        book = await work.cases.casebook(year)
        if book is None:
            title = f"{year}年“互联网+义务教育”城乡同步课堂典型案例集"
            book = Casebook(year, title, "", "", tuple(case.id for case in published))
        by_id = {case.id: case for case in published}
        chosen = tuple(by_id[one] for one in book.case_ids if one in by_id)
        others = tuple(case for case in published if case.id not in book.case_ids)
        return BookView(replace(book, case_ids=tuple(case.id for case in chosen)), chosen, others)

    async def _chapter(
        self,
        work: UnitOfWork,
        case: Case,
        subjects: dict[str, tuple[str, str]],
        schools: dict[str, str],
        language: int,
    ) -> Chapter:
        lesson = await work.lessons.get(case.lesson_id)
        assert lesson is not None, case.lesson_id
        users = [await work.users.get(user_id) for user_id in case.author_ids]
        teacher = await work.users.get(lesson.teacher_id) if lesson.teacher_id is not None else None
        receiving = "、".join(schools.get(one, one) for one in lesson.receiving_school_ids)
        day = day_of(lesson.started_at or lesson.starts_at, self._targets)
        names = _LABELS[language]
        lines = [
            (names[0], lesson.topic),
            (names[1], f"{day.year}年{day.month}月{day.day}日" if language == 0 else f"{day:%d %B %Y}"),
            (names[2], schools.get(lesson.supporting_school_id, "")),
            (names[3], receiving),
            (names[4], teacher.name if teacher is not None else ""),
        ]
        there = {one.id: one.name for one in await work.materials.of_lesson(case.lesson_id)}
        return Chapter(
            title=case.title,
            subject=subjects.get(case.subject_id, (case.subject_id,) * 2)[language],
            byline="　".join(
                f"{user.name}（{schools[user.school_id]}）" if user.school_id in schools else user.name
                for user in users
                if user
            ),
            schools=f"{schools.get(lesson.supporting_school_id, '')} — {receiving}",
            lesson=tuple(line for line in lines if line[1]),
            passages=tuple([await _passage(work, case, section, language) for section in _written(case)]),
            materials=tuple(there[one] for one in case.material_ids if one in there),
            recording=f"/recordings/{case.recording_id}" if case.recording_id is not None else None,
        )


_LABELS = (
    ("课题", "上课时间", "支援学校", "受援学校", "授课教师"),
    ("Topic", "Taught on", "Supporting school", "Receiving school", "Teacher"),
)


def _written(case: Case) -> Iterable[Section]:
    """The sections that say or show something, in their order."""
    shown = {one.section for one in case.pictures}
    return (section for section in Section if case.texts.get(section) or section in shown)


async def _passage(work: UnitOfWork, case: Case, section: Section, language: int) -> Passage:
    plates = []
    for placed in case.pictures:
        picture = await work.cases.picture(placed.id) if placed.section is section else None
        if picture is not None:
            plates.append(Plate(picture.data, picture.width, picture.height, placed.caption))
    return Passage(SECTION_NAMES[section][language], paragraphs(case.texts.get(section, "")), tuple(plates))
