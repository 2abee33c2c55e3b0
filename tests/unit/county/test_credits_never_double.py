"""Whatever is run, verified, reversed and credited by hand, in any order and at once: a credit stands at most once."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from server.county.errors import CountyError
from server.county.model import LessonState
from tests.fakes.county import ADMIN, RESEARCHER, County, good_report, make_county

SCHOOLS = ("s01", "s02")
steps = st.tuples(
    st.sampled_from(["run", "verify good", "verify bad", "reverse", "credit", "sweep"]),
    st.sampled_from(SCHOOLS),
    st.integers(0, 5),
)


async def do(county: County, lesson_id: str, step: tuple[str, str, int]) -> None:
    what, school_id, which = step
    services = county.services
    county.clock.at += 1
    if what == "run":
        await services.crediting.run(lesson_id)
    elif what == "sweep":
        await services.lessons.sweep()
    elif what == "verify good":
        await services.lessons.verified(lesson_id, good_report(lesson_id))
    elif what == "verify bad":
        await services.lessons.verified(lesson_id, good_report(lesson_id, gap_seconds=500.0))
    elif what == "credit":
        await services.crediting.credit_by_hand(RESEARCHER, lesson_id, school_id, "有理由")
    elif entries := (await services.crediting.ledger(ADMIN, lesson_id, school_id)).items:
        await services.crediting.reverse(RESEARCHER, entries[which % len(entries)].id, "有理由")


async def play(rounds: list[list[tuple[str, str, int]]]) -> None:
    county = await make_county()
    lesson = await county.taught()
    for together in rounds:
        results = await asyncio.gather(*(do(county, lesson.id, step) for step in together), return_exceptions=True)
        for result in results:
            assert result is None or isinstance(result, CountyError), result
        entries = (await county.services.crediting.ledger(ADMIN, lesson.id, limit=500)).items[::-1]
        stands = {school: sum(one.amount for one in entries if one.school_id == school) for school in SCHOOLS}
        assert set(stands.values()) <= {0, 1}
        for school in SCHOOLS:  # each chain alternates: credit, reversal of it, credit, …
            chain = [one for one in entries if one.school_id == school]
            assert [one.amount for one in chain] == [1 if n % 2 == 0 else -1 for n in range(len(chain))]
            assert all(chain[n].reverses == chain[n - 1].id for n in range(1, len(chain), 2))
        state = (await county.services.lessons.get(ADMIN, lesson.id)).state
        assert (state is LessonState.CREDITED) is any(stands.values())
        board = await county.services.board.board(ADMIN)
        assert [row.total for row in board.schools[:2]] == [stands["s01"], stands["s02"]]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(steps, min_size=1, max_size=4), max_size=8))
def test_at_most_one_credit_stands_per_lesson_and_school(rounds):
    asyncio.run(play(rounds))
