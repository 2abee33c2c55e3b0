"""Exemplary cases through their services: written by several, reviewed by two experts, selected, published."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.county.case_reviews import ReviewState
from server.county.cases import CaseState, CaseStep, Part, Placed, Section
from server.county.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from server.county.model import Actor, Role, User
from server.county.services.cases import Shown
from server.county.shelf import Shelf
from tests.fakes.county import ADMIN, OTHER_TEACHER, RESEARCHER, SCREEN, TEACHER, County, good_report

YEAR = 2025
WORDS = "两端学生围绕同一个问题展开讨论，受援端学生先说，支援端学生补充。"
# Chinese, primary, of annex 3: 单志明 leads it and looks after the pairing p01; these are its members.
FIRST = Actor("u-baoxiaozhen", Role.TEACHER, "鲍小珍", "s05")
SECOND = Actor("u-linmeizhen", Role.TEACHER, "林梅珍", "s07")
SAME_SCHOOL = Actor("u-shazhushuang", Role.TEACHER, "沙珠双", "s01")
LEAD = Actor("u-wangjianqun", Role.RESEARCHER, "王建群")
RURAL = Actor("u-xiao", Role.TEACHER, "西岙教师", "s02")
DECIDER = Actor("u-sunzhenhui", Role.RESEARCHER, "孙真慧")


async def experts(county: County) -> None:
    async with county.store.write() as work:
        for actor in (FIRST, SECOND, SAME_SCHOOL, RURAL):
            assert await work.users.add(User(actor.id, actor.id[2:], actor.name, actor.role, actor.school_id))


async def begun(county: County, actor: Actor = TEACHER, **changes: object):
    lesson = await county.taught(**changes)
    return await county.services.cases.open(actor, lesson.id)


def content(view, **changes: object) -> dict[str, object]:
    case = view.case
    kept: dict[str, object] = {
        "title": case.title,
        "texts": dict(case.texts),
        "author_ids": case.author_ids,
        "recording_id": case.recording_id,
        "material_ids": case.material_ids,
        "pictures": case.pictures,
    }
    return kept | changes


async def written(county: County, actor: Actor = TEACHER, **changes: object):
    view = await begun(county, actor)
    texts = {section: WORDS * 3 for section in Section}
    wanted = content(view, title="同屏共读：让两端的孩子对话", texts=texts, **changes)
    return await county.services.cases.save(actor, view.case.id, view.case.version, **wanted)


async def step(county: County, view, actor: Actor, what: CaseStep, reason: str = ""):
    return await county.services.cases.step(actor, view.case.id, what, view.case.version, reason)


async def assigned(county: County):
    await experts(county)
    view = await step(county, await written(county), TEACHER, CaseStep.SUBMITTED)
    service = county.services.case_reviews
    return await service.assign(DECIDER, view.case.id, view.case.version, [FIRST.id, SECOND.id])


async def score(county: County, view, actor: Actor, share: float = 1.0, *, done: bool = True):
    service = county.services.case_reviews
    own = (await county.services.cases.get(actor, view.case.id)).review
    marks = {one.id: round(one.full * share * 2) / 2 for one in service.policy.criteria}
    return await service.save(
        actor,
        view.case.id,
        own.version,
        marks=marks,
        remarks="问题真实，两端学生都有真正的参与，建议补充数据。",
        done=done,
    )


async def reviewed(county: County):
    view = await assigned(county)
    await score(county, view, FIRST, 0.9)
    await score(county, view, SECOND, 0.8)
    return await county.services.cases.get(DECIDER, view.case.id)


async def published(county: County):
    view = await step(county, await reviewed(county), DECIDER, CaseStep.SELECTED)
    return await step(county, view, DECIDER, CaseStep.PUBLISHED)


# --- writing --------------------------------------------------------------------------------------------------------


async def test_a_case_begins_with_its_lesson_and_its_recording_and_is_there_again(county: County):
    view = await begun(county)
    assert (view.case.title, view.case.recording_id, view.case.state) == ("秋天的雨", view.lesson.id, CaseState.DRAFT)
    assert (view.mine, view.parts, view.steps) == (True, {Part.AUTHOR}, (CaseStep.SUBMITTED,))
    again = await county.services.cases.open(TEACHER, view.lesson.id)
    assert again.case == view.case
    assert [event.step for event in again.events] == [CaseStep.BEGUN]


async def test_a_lesson_that_is_not_over_cannot_be_written_up(county: County):
    lesson = await county.lesson()
    with pytest.raises(Conflict, match="还没有上完"):
        await county.services.cases.open(TEACHER, lesson.id)


async def test_only_who_takes_part_or_a_researcher_writes_up_a_lesson(county: County):
    lesson = await county.taught()
    for actor, refusal in ((OTHER_TEACHER, NotFound), (ADMIN, Forbidden), (SCREEN, Forbidden)):
        with pytest.raises(refusal):
            await county.services.cases.open(actor, lesson.id)


async def test_a_draft_is_its_authors_alone(county: County):
    view = await begun(county)
    for actor in (OTHER_TEACHER, RESEARCHER, ADMIN):
        with pytest.raises(NotFound):
            await county.services.cases.get(actor, view.case.id)
    with pytest.raises(Forbidden):
        await county.services.cases.get(SCREEN, view.case.id)
    with pytest.raises(Conflict, match=f"{TEACHER.name} 在写"):
        await county.services.cases.open(RESEARCHER, view.lesson.id)


async def test_two_who_write_at_once_are_told_and_nothing_is_lost(county: County):
    await experts(county)
    view = await begun(county)
    service = county.services.cases
    both = await service.save(
        TEACHER, view.case.id, view.case.version, **content(view, author_ids=(TEACHER.id, RURAL.id))
    )
    mine = content(both, texts={Section.BACKGROUND: "支援端写的背景"})
    theirs = content(both, texts={Section.PROCESS: "受援端写的过程"})
    first = await service.save(TEACHER, view.case.id, both.case.version, **mine)
    with pytest.raises(Stale) as told:
        await service.save(RURAL, view.case.id, both.case.version, **theirs)
    assert told.value.current["texts"] == {"background": "支援端写的背景"}
    assert (told.value.current["version"], told.value.current["changed_by"]) == (first.case.version, TEACHER.name)
    kept = await service.get(RURAL, view.case.id)
    assert kept.case.texts == {Section.BACKGROUND: "支援端写的背景"}
    together = content(kept, texts={**kept.case.texts, Section.PROCESS: "受援端写的过程"})
    done = await service.save(RURAL, view.case.id, kept.case.version, **together)
    assert done.case.texts == {Section.BACKGROUND: "支援端写的背景", Section.PROCESS: "受援端写的过程"}
    assert done.changed_by == RURAL.name


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"author_ids": ("u-shiyan", "u-waiguoyu")}, "bad_author"),
        ({"author_ids": ("u-shanzhiming", "u-shiyan")}, "bad_authors"),
        ({"author_ids": ()}, "bad_authors"),
        ({"recording_id": "l-nothing"}, "no_such_recording"),
        ({"material_ids": ("m-nothing",)}, "no_such_material"),
        ({"pictures": (Placed("i-nothing", Section.PROCESS),)}, "no_such_picture"),
        ({"title": "题" * 101}, "long_title"),
        ({"texts": {Section.PROCESS: "字" * 6001}}, "long_text"),
    ],
)
async def test_what_cannot_be_kept_is_named(county: County, changes, code):
    view = await begun(county)
    with pytest.raises(Invalid) as refused:
        await county.services.cases.save(TEACHER, view.case.id, view.case.version, **content(view, **changes))
    assert refused.value.code == code


async def test_colleagues_of_both_schools_and_researchers_can_be_authors(county: County):
    await experts(county)
    view = await begun(county)
    found = [user.id for user in await county.services.cases.colleagues(TEACHER, view.case.id)]
    assert {TEACHER.id, SAME_SCHOOL.id, RURAL.id, RESEARCHER.id} <= set(found)
    assert not {FIRST.id, OTHER_TEACHER.id, ADMIN.id} & set(found)
    with pytest.raises(NotFound):
        await county.services.cases.colleagues(RESEARCHER, view.case.id)


async def test_pictures_belong_to_their_case_and_those_taken_out_go_with_the_submission(county: County):
    service = county.services.cases
    view = await written(county)
    shown = await service.add_picture(TEACHER, view.case.id, b"jpeg", 4, 3)
    forgotten = await service.add_picture(TEACHER, view.case.id, b"other", 4, 3)
    placed = (Placed(shown, Section.PROCESS, "受援端课堂"),)
    view = await service.save(TEACHER, view.case.id, view.case.version, **content(view, pictures=placed))
    assert (await service.picture(TEACHER, view.case.id, forgotten)).data == b"other"
    with pytest.raises(NotFound):
        await service.picture(OTHER_TEACHER, view.case.id, shown)
    other = await begun(county)
    with pytest.raises(NotFound):
        await service.picture(TEACHER, other.case.id, shown)
    await step(county, view, TEACHER, CaseStep.SUBMITTED)
    assert (await service.picture(TEACHER, view.case.id, shown)).data == b"jpeg"
    with pytest.raises(NotFound):
        await service.picture(TEACHER, view.case.id, forgotten)
    with pytest.raises(Conflict, match="已提交"):
        await service.add_picture(TEACHER, view.case.id, b"late", 4, 3)


async def test_a_case_that_is_not_whole_is_not_submitted_and_says_what_is_missing(county: County):
    view = await begun(county)
    with pytest.raises(Invalid, match="摘要、背景与问题"):
        await step(county, view, TEACHER, CaseStep.SUBMITTED)
    texts = dict.fromkeys(Section, "短")
    view = await county.services.cases.save(TEACHER, view.case.id, view.case.version, **content(view, texts=texts))
    with pytest.raises(Invalid, match="6 个字"):
        await step(county, view, TEACHER, CaseStep.SUBMITTED)


async def test_a_submitted_case_is_locked_until_it_is_recalled(county: County):
    view = await step(county, await written(county), TEACHER, CaseStep.SUBMITTED)
    assert (view.case.state, view.case.round, view.steps) == (CaseState.SUBMITTED, 1, (CaseStep.RECALLED,))
    with pytest.raises(Conflict, match="已提交"):
        await county.services.cases.save(TEACHER, view.case.id, view.case.version, **content(view))
    back = await step(county, view, TEACHER, CaseStep.RECALLED)
    assert (back.case.state, back.case.round, back.case.submitted_at) == (CaseState.DRAFT, 0, None)
    await county.services.cases.discard(TEACHER, view.case.id)
    with pytest.raises(NotFound):
        await county.services.cases.get(TEACHER, view.case.id)


async def test_what_the_county_returned_cannot_be_thrown_away(county: County):
    view = await step(county, await written(county), TEACHER, CaseStep.SUBMITTED)
    seen = await county.services.cases.get(DECIDER, view.case.id)
    with pytest.raises(Invalid, match="原因"):
        await step(county, seen, DECIDER, CaseStep.RETURNED)
    await step(county, seen, DECIDER, CaseStep.RETURNED, "请补充受援端的数据")
    mine = await county.services.cases.get(TEACHER, view.case.id)
    assert (mine.case.state, mine.events[-1].text) == (CaseState.DRAFT, "请补充受援端的数据")
    with pytest.raises(Conflict, match="提交过"):
        await county.services.cases.discard(TEACHER, view.case.id)
    assert (await step(county, mine, TEACHER, CaseStep.SUBMITTED)).case.round == 2


# --- reviewing ------------------------------------------------------------------------------------------------------


async def test_candidates_are_the_subjects_experts_each_with_what_speaks_against_them(county: County):
    await experts(county)
    view = await step(county, await written(county), TEACHER, CaseStep.SUBMITTED)
    found = await county.services.case_reviews.candidates(DECIDER, view.case.id)
    assert {one.name: one.against and one.against[0] for one in found} == {
        "王建群": None,
        "鲍小珍": None,
        "林梅珍": None,
        "单志明": "own_pairing",
        "沙珠双": "own_school",
    }
    assert [one.against is None for one in found] == [True, True, True, False, False]
    with pytest.raises(Forbidden):
        await county.services.case_reviews.candidates(TEACHER, view.case.id)


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ([FIRST.id], "two_reviewers"),
        ([FIRST.id, FIRST.id], "two_reviewers"),
        ([FIRST.id, SAME_SCHOOL.id], "conflict_of_interest"),
        ([FIRST.id, RESEARCHER.id], "conflict_of_interest"),
        ([FIRST.id, OTHER_TEACHER.id], "not_an_expert"),
    ],
)
async def test_two_experts_without_a_conflict_of_interest_or_nobody(county: County, chosen, code):
    await experts(county)
    view = await step(county, await written(county), TEACHER, CaseStep.SUBMITTED)
    with pytest.raises((Invalid, Conflict)) as refused:
        await county.services.case_reviews.assign(DECIDER, view.case.id, view.case.version, chosen)
    assert refused.value.code == code
    assert (await county.services.cases.get(DECIDER, view.case.id)).reviewers == 0


async def test_an_author_never_decides_on_the_own_case(county: County):
    await experts(county)
    view = await step(county, await written(county, DECIDER), DECIDER, CaseStep.SUBMITTED)
    with pytest.raises(Forbidden):
        await county.services.case_reviews.assign(DECIDER, view.case.id, view.case.version, [FIRST.id, SECOND.id])
    with pytest.raises(Forbidden):
        await step(county, view, DECIDER, CaseStep.RETURNED, "自己退回")
    assert view.steps == (CaseStep.RECALLED,)


async def test_two_reviews_end_the_reviewing_and_the_county_sees_mean_and_difference(county: County):
    view = await assigned(county)
    assert (view.case.state, view.reviewers) == (CaseState.IN_REVIEW, 2)
    lists = county.services.cases
    assert [line.case.id for line in (await lists.page(FIRST, Shown.REVIEW)).items] == [view.case.id]
    assert (await lists.page(TEACHER, Shown.REVIEW)).items == []
    await score(county, view, FIRST, 1.0, done=False)
    half = await score(county, view, FIRST, 1.0)
    assert half.case.state is CaseState.IN_REVIEW
    with pytest.raises(Conflict, match="已经提交"):
        await score(county, view, FIRST, 0.2)
    await score(county, view, SECOND, 0.7)
    seen = await lists.get(DECIDER, view.case.id)
    assert seen.case.state is CaseState.REVIEWED
    assert (seen.verdict.mean, seen.verdict.difference, seen.verdict.apart) == (85.0, 30.0, True)
    assert {one.reviewer_name for one in seen.reviews} == {FIRST.name, SECOND.name}


async def test_a_reviewer_sees_the_own_review_alone_and_the_authors_none_before_the_decision(county: County):
    view = await assigned(county)
    await score(county, view, FIRST)
    assert [one.review.reviewer_id for one in (await county.services.cases.get(FIRST, view.case.id)).reviews] == [
        FIRST.id
    ]
    mine = await county.services.cases.get(TEACHER, view.case.id)
    assert (mine.reviews, mine.verdict, mine.review) == ((), None, None)
    assert {event.step for event in mine.events} == {CaseStep.BEGUN, CaseStep.SUBMITTED}
    await score(county, view, SECOND)
    assert (await county.services.cases.get(TEACHER, view.case.id)).reviews == ()
    await step(county, await county.services.cases.get(DECIDER, view.case.id), DECIDER, CaseStep.SELECTED)
    told = (await county.services.cases.get(TEACHER, view.case.id)).reviews
    assert [(one.reviewer_name, one.review.remarks[:4]) for one in told] == [("", "问题真实"), ("", "问题真实")]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"marks": {"idea": 16}}, "bad_mark"),
        ({"marks": {"idea": 1.25}}, "bad_mark"),
        ({"marks": {"luck": 1}}, "bad_criterion"),
        ({"marks": {"idea": 15}, "done": True}, "not_scored"),
        ({"remarks": "好", "done": True}, "no_remarks"),
    ],
)
async def test_a_review_that_is_not_whole_is_not_sent(county: County, changes, code):
    view = await assigned(county)
    marks = {one.id: float(one.full) for one in county.services.case_reviews.policy.criteria}
    wanted = {"marks": marks, "remarks": "可以", "done": False} | changes
    with pytest.raises(Invalid) as refused:
        await county.services.case_reviews.save(FIRST, view.case.id, 1, **wanted)
    assert refused.value.code == code


async def test_a_review_is_kept_as_it_stands_and_an_older_page_does_not_overwrite_it(county: County):
    view = await assigned(county)
    service = county.services.case_reviews
    await service.save(FIRST, view.case.id, 1, marks={"idea": 12.5}, remarks="先记下", done=False)
    with pytest.raises(Conflict) as refused:
        await service.save(FIRST, view.case.id, 1, marks={}, remarks="", done=False)
    assert refused.value.code == "stale"
    own = (await county.services.cases.get(FIRST, view.case.id)).review
    assert (own.marks, own.remarks, own.state) == ({"idea": 12.5}, "先记下", ReviewState.OPEN)
    with pytest.raises(NotFound):
        await service.save(OTHER_TEACHER, view.case.id, 1, marks={}, remarks="", done=False)


async def test_who_declines_is_replaced_and_what_the_other_wrote_stays(county: County):
    view = await assigned(county)
    service = county.services.case_reviews
    await score(county, view, SECOND, done=False)
    await service.decline(FIRST, view.case.id, "和作者是亲属")
    with pytest.raises(NotFound):
        await county.services.cases.get(FIRST, view.case.id)
    seen = await county.services.cases.get(DECIDER, view.case.id)
    assert (seen.reviewers, seen.events[-1].text) == (1, "和作者是亲属")
    with pytest.raises(Conflict, match="已回避"):
        await service.assign(DECIDER, view.case.id, seen.case.version, [FIRST.id, SECOND.id])
    again = await service.assign(DECIDER, view.case.id, seen.case.version, [LEAD.id, SECOND.id])
    assert again.reviewers == 2
    kept = next(one.review for one in again.reviews if one.review.reviewer_id == SECOND.id)
    assert (kept.state, len(kept.marks)) == (ReviewState.OPEN, 5)


async def test_a_review_that_was_sent_is_not_replaced(county: County):
    view = await assigned(county)
    await score(county, view, FIRST)
    seen = await county.services.cases.get(DECIDER, view.case.id)
    with pytest.raises(Conflict, match="已经提交"):
        await county.services.case_reviews.assign(DECIDER, view.case.id, seen.case.version, [LEAD.id, SECOND.id])


# --- decisions ------------------------------------------------------------------------------------------------------


async def test_a_case_goes_its_way_to_the_public_and_back(county: County):
    view = await published(county)
    assert view.case.state is CaseState.PUBLISHED
    reader = await county.services.cases.get(OTHER_TEACHER, view.case.id)
    assert (reader.steps, reader.reviews, [event.step for event in reader.events]) == ((), (), [CaseStep.PUBLISHED])
    assert [line.case.id for line in (await county.services.cases.page(OTHER_TEACHER, Shown.PUBLISHED)).items] == [
        view.case.id
    ]
    gone = await step(county, view, DECIDER, CaseStep.WITHDRAWN, "家长要求撤下")
    with pytest.raises(NotFound):
        await county.services.cases.get(OTHER_TEACHER, view.case.id)
    assert (await step(county, gone, DECIDER, CaseStep.PUBLISHED)).case.state is CaseState.PUBLISHED


async def test_a_decision_is_taken_back_and_made_on_what_was_seen(county: County):
    view = await reviewed(county)
    passed = await step(county, view, DECIDER, CaseStep.PASSED_OVER, "同类案例较多")
    with pytest.raises(Stale):
        await step(county, view, ADMIN, CaseStep.RECONSIDERED)
    back = await step(county, passed, ADMIN, CaseStep.RECONSIDERED)
    assert back.case.state is CaseState.REVIEWED
    with pytest.raises(Conflict, match="已评审"):
        await step(county, back, DECIDER, CaseStep.PUBLISHED)
    with pytest.raises(Forbidden):
        await step(county, await county.services.cases.get(TEACHER, view.case.id), TEACHER, CaseStep.SELECTED)


async def test_what_the_province_was_told_of_is_not_undone_by_the_way(county: County):
    view = await step(county, await reviewed(county), DECIDER, CaseStep.SELECTED)
    with pytest.raises(Conflict):
        await step(county, view, DECIDER, CaseStep.HONOURED)
    told = await step(county, view, DECIDER, CaseStep.REPORTED)
    assert CaseStep.RECONSIDERED not in told.steps
    with pytest.raises(Conflict, match="已上报省级"):
        await step(county, told, DECIDER, CaseStep.RECONSIDERED)
    honoured = await step(county, told, DECIDER, CaseStep.HONOURED)
    assert set(honoured.steps) == {CaseStep.PUBLISHED, CaseStep.UNHONOURED}
    with pytest.raises(Conflict):
        await step(county, honoured, DECIDER, CaseStep.UNREPORTED)


async def test_the_countys_list_has_no_drafts_and_is_for_the_county(county: County):
    await begun(county)
    view = await step(county, await written(county), TEACHER, CaseStep.SUBMITTED)
    lines = (await county.services.cases.page(DECIDER, Shown.COUNTY, year=YEAR)).items
    assert [line.case.id for line in lines] == [view.case.id]
    assert (await county.services.cases.page(DECIDER, Shown.COUNTY, year=YEAR - 1)).items == []
    assert (await county.services.cases.page(DECIDER, Shown.COUNTY, state=CaseState.SELECTED)).items == []
    assert len((await county.services.cases.page(TEACHER, Shown.MINE)).items) == 2
    with pytest.raises(Forbidden):
        await county.services.cases.page(TEACHER, Shown.COUNTY)
    first = await county.services.cases.page(TEACHER, Shown.MINE, limit=1)
    rest = await county.services.cases.page(TEACHER, Shown.MINE, cursor=first.next)
    assert len({line.case.id for line in (*first.items, *rest.items)}) == 2


# --- what else they touch -------------------------------------------------------------------------------------------


async def test_goals_count_what_the_county_formed_and_what_was_reported(county: County):
    before = await county.services.case_board.goals(DECIDER)
    assert (before.year, before.paired_schools, before.to_report, before.county) == (YEAR, 20, 2, 10)
    view = await step(county, await published(county), DECIDER, CaseStep.REPORTED)
    goals = await county.services.case_board.goals(ADMIN, YEAR)
    assert (goals.formed, goals.reported, goals.honoured) == (1, 1, 0)
    chinese = next(row for row in goals.subjects if row.subject.id == "chinese")
    assert (chinese.formed, chinese.missing, chinese.more) == (1, 0, False)
    assert sum(row.missing for row in goals.subjects) == len(goals.subjects) - 1
    assert goals.states[CaseState.PUBLISHED] == 1
    await step(county, view, DECIDER, CaseStep.HONOURED)
    assert (await county.services.case_board.goals(DECIDER)).honoured == 1
    assert (await county.services.case_board.goals(DECIDER, YEAR - 1)).formed == 0
    with pytest.raises(Forbidden):
        await county.services.case_board.goals(TEACHER)


async def test_reported_cases_are_the_evaluations_facts_with_their_rows(county: County):
    evaluations = county.services.evaluations
    await evaluations.enter(ADMIN, YEAR, "cases_submitted", "", 7, "公文")
    assert (await evaluations.current(ADMIN, YEAR)).gathered.body["cases_submitted"] == 7
    view = await step(county, await published(county), DECIDER, CaseStep.REPORTED)
    facts = (await evaluations.current(ADMIN, YEAR)).gathered.facts.own.values
    assert (facts["cases_submitted"], facts["cases_selected"]) == (1, 0)
    rows = await evaluations.rows(ADMIN, "cases_submitted", YEAR)
    assert [row["name"] for row, _ in rows.counting] == [view.case.title]
    with pytest.raises(Invalid, match="不能填写"):
        await evaluations.enter(ADMIN, YEAR, "cases_submitted", "", 9, "公文")
    await step(county, view, DECIDER, CaseStep.HONOURED)
    facts = (await evaluations.current(ADMIN, YEAR)).gathered.facts.own.values
    assert (facts["cases_submitted"], facts["cases_selected"]) == (1, 1)
    frozen = await evaluations.freeze(ADMIN, YEAR, "年终")
    assert (await evaluations.frozen(ADMIN, frozen.id)).differences == ()


async def test_a_published_case_shows_its_recording_to_every_teacher_and_keeps_it(county: County):
    library = county.services.library
    view = await assigned(county)
    recording = view.case.recording_id
    assert (await library.open(FIRST, recording)).id == recording  # its reviewers may watch it
    with pytest.raises(NotFound):
        await library.open(OTHER_TEACHER, recording)
    await score(county, view, FIRST)
    await score(county, view, SECOND)
    view = await step(county, await county.services.cases.get(DECIDER, view.case.id), DECIDER, CaseStep.SELECTED)
    view = await step(county, view, DECIDER, CaseStep.PUBLISHED)
    assert (await library.open(OTHER_TEACHER, recording)).id == recording
    with pytest.raises(NotFound):
        await library.open(replace(SCREEN, school_id="s04"), recording)
    await county.services.lessons.verified(recording, good_report(recording))
    await county.services.crediting.run(recording)
    with pytest.raises(Conflict, match="典型案例"):
        await library.trash(ADMIN, recording, "腾地方")
    county.clock.at += 5 * 366 * 86400.0
    await library.night()
    assert [lesson.id for lesson in (await library.search(ADMIN, shelf=Shelf.OPEN)).items] == [recording]
    await step(county, view, DECIDER, CaseStep.WITHDRAWN, "到期")
    await library.night()
    assert [lesson.id for lesson in (await library.search(ADMIN, shelf=Shelf.TRASH)).items] == [recording]
    with pytest.raises(Conflict, match="回收站"):
        await step(county, await county.services.cases.get(DECIDER, view.case.id), DECIDER, CaseStep.PUBLISHED)


async def test_the_casebook_is_kept_in_its_order_and_two_editors_do_not_overwrite_each_other(county: County):
    board = county.services.case_board
    empty = await board.casebook(DECIDER, YEAR)
    assert (empty.chosen, empty.book.version) == ((), 0)
    with pytest.raises(NotFound, match="还没有案例"):
        await board.setting(DECIDER, YEAR, 0)
    view = await published(county)
    proposal = await board.casebook(DECIDER, YEAR)
    assert [case.id for case in proposal.chosen] == [view.case.id]
    wanted = {"title": "案例集", "editor": "县教师发展中心", "preface": "前言。\n\n第二段。"}
    kept = await board.edit(DECIDER, YEAR, 0, **wanted, case_ids=[view.case.id])
    with pytest.raises(Stale) as told:
        await board.edit(ADMIN, YEAR, 0, **wanted, case_ids=[])
    assert told.value.current["case_ids"] == [view.case.id]
    book = await board.setting(DECIDER, YEAR, 0)
    assert (book.title, book.date, book.preface) == ("案例集", "2025年11月", ("前言。", "第二段。"))
    chapter = book.chapters[0]
    assert (chapter.subject, chapter.byline) == ("语文", "实验小学教师（永嘉县实验小学）")
    assert [passage.heading for passage in chapter.passages][:2] == ["摘要", "背景与问题"]
    empty = await board.edit(ADMIN, YEAR, kept.book.version, **wanted, case_ids=[])
    assert ([case.id for case in empty.others], empty.chosen) == ([view.case.id], ())
    with pytest.raises(Invalid, match="已发布"):
        await board.edit(ADMIN, YEAR, empty.book.version, **wanted, case_ids=["c-nothing"])
    with pytest.raises(Forbidden):
        await board.casebook(TEACHER, YEAR)
