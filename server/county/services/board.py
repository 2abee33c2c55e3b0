"""The year's board: what each school has been credited, against its targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..model import Form, Role
from ..permissions import Action, require
from ..targets import draw_board, year_span
from ._year import year_asked

if TYPE_CHECKING:
    from ..model import Actor, Pairing, School
    from ..policies import CountyConfig
    from ..ports import Clock, UnitsOfWork
    from ..views import Board


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
        now = self._now()
        targets = self._config.targets
        year = year_asked(year, now, targets)
        since, until = year_span(year, targets)
        async with self._store.read() as work:
            schools = [school for school in await work.roster.schools() if not school.archived]
            schools = _visible(actor, schools, await work.roster.pairings())
            failures = await work.lessons.with_reasons(since, until)
            return draw_board(
                year=year,
                now=now,
                targets=targets,
                schools=schools,
                subjects=[subject for subject in await work.roster.subjects() if not subject.archived],
                totals=await work.ledger.totals(since, until, Form.SYNCHRONOUS),
                failures=failures,
                standing=await work.ledger.credited_schools([lesson.id for lesson, _ in failures]),
            )


def _visible(actor: Actor, schools: list[School], pairings: list[Pairing]) -> list[School]:
    if actor.role is not Role.TEACHER:
        return schools
    own = {actor.school_id}
    for pairing in pairings:
        sides = {pairing.supporting_school_id, pairing.receiving_school_id}
        if actor.school_id in sides and not pairing.archived:
            own |= sides
    return [school for school in schools if school.id in own]
