"""The year's board: what each school has been credited, against its targets; and the lessons behind every figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ..board import draw_board
from ..board_sheets import board_sheets
from ..errors import Invalid, NotFound
from ..milestones import milestones_of
from ..model import OTHER_FORMS, Form, Page, Role
from ..paging import check_limit, read_cursor, write_cursor
from ..permissions import Action, lists_of, require
from ..progress import chosen, sides
from ..targets import local_zone, year_span
from ..timetable.days import SchoolYear
from ._year import year_asked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..board import Board
    from ..books import NewSheet
    from ..model import Actor, Pairing, School
    from ..policies import CountyConfig
    from ..ports import Clock, UnitsOfWork
    from ..progress import Lived, Row, RowQuery

MOST_SPAN = 367 * 86400.0


class Boards:
    """Reads only."""

    def __init__(self, store: UnitsOfWork, config: CountyConfig, now: Clock) -> None:
        self._store = store
        self._config = config
        self._now = now

    async def board(self, actor: Actor, year: int | None = None) -> Board:
        """`year` None: this year on the county's clock. A teacher sees the own school and those paired with it.

        Raises Forbidden, Invalid.
        """
        require(actor, Action.BOARD_SEE)
        return (await self._drawn(actor, year))[0]

    def span(self, year: int | None) -> tuple[float, float]:
        """[begin, end) of a year (None: this one) on the county's clock, Unix seconds. Raises Invalid."""
        targets = self._config.targets
        return year_span(year_asked(year, self._now(), targets), targets)

    async def sheets(
        self, actor: Actor, year: int | None, language: int, *, kind: str | None = None, behind: bool = False
    ) -> list[NewSheet]:
        """The board as sheets of a workbook. `language`: 0 Chinese, 1 English; `kind`, `behind`: only such schools.

        Raises Forbidden, Invalid.
        """
        require(actor, Action.BOARD_SEE)
        board, lived = await self._drawn(actor, year)
        shown = [row for row in board.schools if kind in (None, row.school.kind) and (row.behind or not behind)]
        board = replace(board, schools=tuple(shown))
        return board_sheets(board, lived, language, local_zone(self._config.targets))

    async def rows(self, actor: Actor, query: RowQuery, *, cursor: str | None = None, limit: int = 50) -> Page[Row]:
        """The lessons behind a figure, newest first. A teacher asks for schools of the own board, or for own lessons.

        Raises Forbidden, Invalid (`bad_span`, cursor, limit), NotFound (a school that is not on the board).
        """
        require(actor, Action.BOARD_SEE)
        if not query.since < query.until <= query.since + MOST_SPAN:
            raise Invalid("bad_span", "to 应晚于 from，最多一年。", "`to` must be after `from`, a year at most.")
        after = read_cursor(cursor)
        async with self._store.read() as work:
            if query.school_id is not None:
                schools = _visible(actor, await work.roster.schools(), await work.roster.pairings())
                if query.school_id not in {school.id for school in schools}:
                    raise NotFound("no_such_school", f"没有这所学校：{query.school_id}", "No such school on the board.")
            lived = await work.reports.lived(query.since, query.until, Form.SYNCHRONOUS)
        if query.school_id is None:
            lived = own_lessons(actor, lived)
        found = chosen(lived, query)
        if after is not None:
            found = [row for row in found if (row.began_at, row.lesson.id) < after]
        items = found[: check_limit(limit)]
        more = len(found) > limit
        return Page(items, write_cursor(items[-1].began_at, items[-1].lesson.id) if more else None)

    async def _drawn(self, actor: Actor, year: int | None) -> tuple[Board, list[Lived]]:
        now, targets = self._now(), self._config.targets
        year = year_asked(year, now, targets)
        today = datetime.fromtimestamp(now, UTC).astimezone(local_zone(targets)).date()
        async with self._store.read() as work:
            schools = [school for school in await work.roster.schools() if not school.archived]
            span = year_span(year, targets)
            lived = await work.reports.lived(*span, Form.SYNCHRONOUS)
            board = draw_board(
                year=year,
                now=now,
                targets=targets,
                calendar=SchoolYear.of(await work.roster.entries("terms"), await work.roster.entries("holidays")),
                schools=_visible(actor, schools, await work.roster.pairings()),
                subjects=await work.roster.subjects(),
                lived=lived,
                counted=own_lessons(actor, lived),
                others={form: await work.ledger.totals(*span, form) for form in OTHER_FORMS},
                milestones=milestones_of(await work.roster.entries("milestones"), year, today),
            )
        return board, lived


def own_lessons(actor: Actor, lived: Sequence[Lived]) -> list[Lived]:
    """Those that a role's lists are limited to."""
    own = lists_of(actor)[0]
    return [one for one in lived if own is None or own in sides(one.lesson)]


def _visible(actor: Actor, schools: list[School], pairings: list[Pairing]) -> list[School]:
    if actor.role is not Role.TEACHER:
        return schools
    own = {actor.school_id}
    for pairing in pairings:
        both = {pairing.supporting_school_id, pairing.receiving_school_id}
        if actor.school_id in both and not pairing.archived:
            own |= both
    return [school for school in schools if school.id in own]
