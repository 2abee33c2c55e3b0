"""Of a county's year of honest lessons fewer than one in a hundred is doubted, whatever the seed."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from server.county.crediting import judge
from server.county.evidence import gather
from server.county.imagined import imagined_year
from server.county.model import Form, Lesson, LessonEvent, LessonState, Pairing, School
from server.county.suspicion import Traces, find, overlap
from tests.fakes.county import county_config, make_county

YEAR = 1000
BEGINS = 1_756_684_800.0  # 2025-09-01 00:00 UTC


@pytest.fixture(scope="module")
def config():
    return county_config()


async def roster() -> tuple[list[Pairing], dict[str, School], list[str]]:
    county = await make_county()
    async with county.store.read() as work:
        schools = {school.id: school for school in await work.roster.schools()}
        return await work.roster.pairings(), schools, [subject.id for subject in await work.roster.subjects()]


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_under_one_in_a_hundred_honest_lessons_is_doubted_and_nearly_all_are_credited(config, seed: int):
    pairings, schools, subjects = await roster()
    doubted: Counter[str] = Counter()
    credited = 0
    lines, recent, written = [], [], None
    year = sorted(islice(imagined_year(seed, pairings, schools, subjects, BEGINS), YEAR), key=lambda one: one.begun)
    for number, one in enumerate(year):
        lesson = Lesson(
            f"l{number}",
            Form.SYNCHRONOUS,
            one.pairing.id,
            one.pairing.supporting_school_id,
            (one.pairing.receiving_school_id,),
            one.subject_id,
            "",
            None,
            one.starts_at,
            one.planned_minutes,
            "default",
            LessonState.VERIFIED,
            one.starts_at - 1,
            one.begun,
            one.ended,
        )
        flow, policy = one.rows(lesson.id), config.policies["default"]
        lines += one.publications(lesson.id)
        evidence = gather(lesson, flow, one.report, one.ended)
        credited += judge(lesson, evidence, one.report, policy, {}).state is LessonState.CREDITED
        events = [
            LessonEvent(lesson.id, at, None, state, "", "")
            for at, state in ((one.begun, LessonState.LIVE), (one.ended, LessonState.ENDED))
        ]
        recent = [(other, rows) for other, rows in recent if overlap(other, lesson)]
        traces = Traces(
            lesson=lesson,
            evidence=evidence,
            report=one.report,
            flow=flow,
            events=events,
            latest_before=written,
            others=list(recent),
            lines=lines[-2000:],
            crediting=policy,
        )
        recent.append((lesson, flow))
        written = one.begun
        doubted.update({finding.kind for finding in find(traces, schools, config.honesty)})
    assert sum(doubted.values()) < YEAR / 100, doubted
    assert credited > 0.97 * YEAR


async def test_the_same_seed_is_the_same_year_and_another_is_not():
    pairings, schools, subjects = await roster()
    years = [list(islice(imagined_year(seed, pairings, schools, subjects, BEGINS), 20)) for seed in (5, 5, 6)]
    assert years[0] == years[1] != years[2]
    starts = [one.starts_at for one in years[0]]
    assert starts == sorted(starts)
