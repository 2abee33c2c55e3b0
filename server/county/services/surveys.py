"""Satisfaction surveys: sheets, surveys, codes on paper, anonymous answers, results that tell of nobody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..errors import Conflict, Invalid, NotFound, Stale
from ..hashes import hash_secret
from ..ids import new_id
from ..observation import check_text
from ..permissions import Action, require
from ..ports import AuditRow
from ..surveys.results import Line, lines
from ..surveys.sheet import Audience, Sheet, check_answers, check_sheet
from ..surveys.survey import Group, SheetRecord, Survey, SurveyState, is_ours, new_survey_code, state_of
from ..targets import day_of
from ._year import year_asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from ..model import Actor
    from ..policies import CountyConfig
    from ..ports import Clock, UnitOfWork, UnitsOfWork

MOST_CODES = 500  # of one group
MOST_GROUPS, MOST_CODES_AT_ONCE = 200, 1500  # of one request: a sheet to print
USED = ("code_used", "这个二维码已经用过，回答已提交。", "This code has been used; the answer is in.")


@dataclass(frozen=True, slots=True)
class SurveyView:
    """A survey, where it stands today, how many codes were given out and used; `lines` None: results are not open."""

    survey: Survey
    state: SurveyState
    issued: int
    answered: int
    groups: tuple[tuple[Group, int], ...]  # each with how many answered
    lines: tuple[Line, ...] | None


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A group to be given codes. `name` may be empty where a whole school is one group."""

    school_id: str | None
    name: str
    codes: int


@dataclass(frozen=True, slots=True)
class GivenCodes:
    """New codes of a group, told once."""

    group: Group
    codes: tuple[str, ...]


class Surveys:
    """Every method takes an actor but `ask` and `answer`: they take a code."""

    def __init__(self, store: UnitsOfWork, config: CountyConfig, now: Clock, key: str) -> None:
        self._store = store
        self._config = config
        self._now = now
        self._key = key

    # --- the sheets -------------------------------------------------------------------------------------------------

    async def sheets(self, actor: Actor, audience: Audience) -> list[SheetRecord]:
        """All versions, newest first; at least the first one, of the configuration. Raises Forbidden."""
        require(actor, Action.SURVEY_SEE)
        async with self._store.read() as work:
            return await self._sheets(work, audience)

    async def edit_sheet(
        self, actor: Actor, audience: Audience, based_on: int, sheet: Sheet, note: str = ""
    ) -> SheetRecord:
        """A new version, for surveys from now on. Raises Conflict (stale), Invalid, Forbidden."""
        require(actor, Action.SURVEY_MANAGE)
        check_sheet(sheet)
        now = self._now()
        record = SheetRecord(audience, based_on + 1, sheet, now, actor.id, actor.name, check_text("note", note, 500))
        async with self._store.write() as work:
            known = await self._sheets(work, audience)
            if len(known) == 1 and known[0].author_id == "":
                await work.surveys.add_sheet(known[0])
            if known[0].number != based_on or not await work.surveys.add_sheet(record):
                raise Conflict(
                    "stale",
                    f"问卷已有第 {known[0].number} 版，请在它的基础上修改。",
                    f"There is a version {known[0].number} of the sheet; edit that one.",
                )
            await work.audit(AuditRow(now, actor.id, "survey.sheet", f"{audience} {record.number}", record.note))
        return record

    async def _sheets(self, work: UnitOfWork, audience: Audience) -> list[SheetRecord]:
        first = SheetRecord(audience, 1, self._config.surveys[audience], 0.0, "", "")
        return await work.surveys.sheets(audience) or [first]

    # --- surveys ----------------------------------------------------------------------------------------------------

    async def all(self, actor: Actor, year: int | None = None) -> list[SurveyView]:
        """Of a year (None: this one), newest first, without results. Raises Forbidden, Invalid."""
        require(actor, Action.SURVEY_SEE)
        async with self._store.read() as work:
            found = await work.surveys.all(self._year(year))
            return await self._views(work, found, with_lines=False)

    async def get(self, actor: Actor, survey_id: str) -> SurveyView:
        """With its results when it is closed. Raises NotFound, Forbidden."""
        require(actor, Action.SURVEY_SEE)
        async with self._store.read() as work:
            return await self._view(work, await _found(work, survey_id))

    async def create(
        self, actor: Actor, audience: Audience, year: int | None, title: str, title_en: str, closes_on: date
    ) -> SurveyView:
        """An open survey with the newest sheet of its audience. Raises Invalid, Forbidden."""
        require(actor, Action.SURVEY_MANAGE)
        now = self._now()
        async with self._store.write() as work:
            record = (await self._sheets(work, audience))[0]
            survey = Survey(
                id=new_id("q", now),
                audience=audience,
                year=self._year(year),
                title=_title(title),
                title_en=_title(title_en or title),
                sheet_number=record.number,
                sheet=record.sheet,
                closes_on=self._closing(closes_on),
                created_at=now,
                created_by=actor.name,
            )
            await work.surveys.add(survey)
            await work.audit(AuditRow(now, actor.id, "survey.create", survey.id, f"{audience} {survey.title}"))
            return await self._view(work, survey)

    async def update(
        self, actor: Actor, survey_id: str, version: int, title: str, title_en: str, closes_on: date
    ) -> SurveyView:
        """Another title or last day, while it is open. Raises Stale, Conflict, Invalid, NotFound, Forbidden."""
        require(actor, Action.SURVEY_MANAGE)
        async with self._store.write() as work:
            survey = await self._open(work, survey_id)
            if survey.version != version:
                raise Stale({"title": survey.title, "closes_on": survey.closes_on.isoformat()})
            changed = replace(
                survey,
                title=_title(title),
                title_en=_title(title_en or title),
                closes_on=self._closing(closes_on),
            )
            return await self._keep(work, actor, changed, "survey.update", closes_on.isoformat())

    async def close(self, actor: Actor, survey_id: str) -> SurveyView:
        """End it today, for good: results are open from now on. Raises Conflict (not open), NotFound, Forbidden."""
        require(actor, Action.SURVEY_MANAGE)
        async with self._store.write() as work:
            survey = await self._open(work, survey_id)
            return await self._keep(work, actor, replace(survey, closed_on=self._today()), "survey.close")

    async def set_withdrawn(self, actor: Actor, survey_id: str, *, withdrawn: bool) -> SurveyView:
        """Withdraw it, or take that back. Raises NotFound, Forbidden."""
        require(actor, Action.SURVEY_MANAGE)
        async with self._store.write() as work:
            survey = await _found(work, survey_id, lock=True)
            if survey.withdrawn == withdrawn:
                return await self._view(work, survey)
            action = "survey.withdraw" if withdrawn else "survey.restore"
            return await self._keep(work, actor, replace(survey, withdrawn=withdrawn), action)

    # --- codes ------------------------------------------------------------------------------------------------------

    async def add_groups(self, actor: Actor, survey_id: str, groups: Sequence[NewGroup]) -> list[GivenCodes]:
        """Codes for new groups, told once. Raises Invalid, Conflict (not open, too many), NotFound, Forbidden."""
        require(actor, Action.SURVEY_MANAGE)
        if sum(group.codes for group in groups) > MOST_CODES_AT_ONCE:
            raise Invalid(
                "too_many_codes",
                f"一次最多生成 {MOST_CODES_AT_ONCE} 个二维码，请分几次。",
                f"At most {MOST_CODES_AT_ONCE} codes at once; make them in several goes.",
            )
        async with self._store.write() as work:
            survey = await self._open(work, survey_id)
            there = {(group.school_id, group.name) for group in await work.surveys.groups([survey_id])}
            if len(there) + len(groups) > MOST_GROUPS:
                raise Invalid("too_many_groups", f"最多 {MOST_GROUPS} 组。", f"At most {MOST_GROUPS} groups.")
            schools = {school.id for school in await work.roster.schools()}
            given = []
            for asked in groups:
                name = _group(asked, schools, there)
                there.add((asked.school_id, name))
                group = Group(new_id("g", self._now()), survey.id, asked.school_id, name, asked.codes)
                codes = self._new_codes(asked.codes)
                await work.surveys.add_group(group, [hash_secret(code) for code in codes])
                given.append(GivenCodes(group, codes))
            total = sum(group.codes for group in groups)
            await work.audit(AuditRow(self._now(), actor.id, "survey.codes", survey.id, f"{len(given)} / {total}"))
        return given

    async def reissue(self, actor: Actor, group_id: str, more: int = 0) -> GivenCodes:
        """New codes for those that are not used (they no longer work) and `more` besides.

        Raises Invalid, Conflict (not open), NotFound, Forbidden.
        """
        require(actor, Action.SURVEY_MANAGE)
        async with self._store.write() as work:
            group = await self._open_group(work, group_id)
            unused = (await work.surveys.unused([group.survey_id])).get(group.id, 0) + more
            changed = replace(group, issued=_codes(group.issued + more))
            if not unused:
                raise Conflict("all_used", "这一组的二维码都已用过。", "All codes of this group are used.")
            codes = self._new_codes(unused)
            await work.surveys.issue(changed, [hash_secret(code) for code in codes])
            await work.audit(AuditRow(self._now(), actor.id, "survey.reissue", group.survey_id, f"{group.id} {unused}"))
        return GivenCodes(changed, codes)

    async def remove_group(self, actor: Actor, group_id: str) -> None:
        """A group that nobody answered for. Raises Conflict, NotFound, Forbidden."""
        require(actor, Action.SURVEY_MANAGE)
        async with self._store.write() as work:
            group = await self._open_group(work, group_id)
            if (await work.surveys.unused([group.survey_id])).get(group.id, 0) < group.issued:
                raise Conflict("answered", "这一组已有人回答，不能删除。", "Somebody of this group has answered.")
            await work.surveys.remove_group(group.id)
            await work.audit(AuditRow(self._now(), actor.id, "survey.remove_group", group.survey_id, group.name))

    # --- without a login --------------------------------------------------------------------------------------------

    async def ask(self, code: str) -> Survey:
        """What somebody with this code is asked. Raises NotFound, Conflict (`code_used`, `survey_closed`)."""
        async with self._store.read() as work:
            return (await self._answerable(work, code))[0]

    async def answer(self, code: str, answers: Mapping[str, int]) -> None:
        """Counted, and the code used up, at once or not at all; nothing else is written: no actor, no time.

        Raises NotFound, Conflict (`code_used`, `survey_closed`), Invalid.
        """
        async with self._store.write() as work:
            survey, group = await self._answerable(work, code, lock=True)
            checked = check_answers(survey.sheet, answers)
            if not await work.surveys.take(hash_secret(code)):
                raise Conflict(*USED)
            await work.surveys.count(group.id, checked)

    async def _answerable(self, work: UnitOfWork, code: str, *, lock: bool = False) -> tuple[Survey, Group]:
        group = await work.surveys.group_of(hash_secret(code))
        if group is None:
            if is_ours(code, self._key):
                raise Conflict(*USED)
            raise NotFound(
                "no_such_code",
                "这个二维码无效，可能没有扫完整，请重新扫码。",
                "This code is not valid; it may be incomplete. Scan it again.",
            )
        survey = await work.surveys.get(group.survey_id, lock=lock)
        if survey is None or state_of(survey, self._today()) is not SurveyState.OPEN:
            raise Conflict("survey_closed", "这次调查已经结束，谢谢您。", "This survey is over. Thank you.")
        return survey, group

    # --- inside -----------------------------------------------------------------------------------------------------

    async def _keep(self, work: UnitOfWork, actor: Actor, survey: Survey, action: str, detail: str = "") -> SurveyView:
        kept = replace(survey, version=survey.version + 1)
        await work.surveys.save(kept)
        await work.audit(AuditRow(self._now(), actor.id, action, survey.id, detail))
        return await self._view(work, kept)

    async def _view(self, work: UnitOfWork, survey: Survey) -> SurveyView:
        return (await self._views(work, [survey], with_lines=True))[0]

    async def _views(self, work: UnitOfWork, surveys: Sequence[Survey], *, with_lines: bool) -> list[SurveyView]:
        ids = [survey.id for survey in surveys]
        unused = await work.surveys.unused(ids)
        groups = await work.surveys.groups(ids)
        found = []
        for survey in surveys:
            its = [(group, group.issued - unused.get(group.id, 0)) for group in groups if group.survey_id == survey.id]
            state = state_of(survey, self._today())
            shown = None
            if with_lines and state is SurveyState.CLOSED:
                counts = await work.surveys.counts([survey.id])
                shown = tuple(lines(survey.sheet, [group for group, _ in its], counts))
            issued, answered = sum(group.issued for group, _ in its), sum(n for _, n in its)
            found.append(SurveyView(survey, state, issued, answered, tuple(its), shown))
        return found

    async def _open(self, work: UnitOfWork, survey_id: str) -> Survey:
        survey = await _found(work, survey_id, lock=True)
        if state_of(survey, self._today()) is not SurveyState.OPEN:
            raise Conflict(
                "survey_not_open",
                "调查已经结束或撤回，不能再改。请新建一次调查。",
                "The survey is closed or withdrawn and stays as it is. Make another one.",
            )
        return survey

    async def _open_group(self, work: UnitOfWork, group_id: str) -> Group:
        group = await work.surveys.group(group_id)
        if group is None:
            raise NotFound("no_such_group", f"没有这一组：{group_id}", f"No such group: {group_id}")
        await self._open(work, group.survey_id)
        return group

    def _new_codes(self, count: int) -> tuple[str, ...]:
        return tuple(new_survey_code(self._key) for _ in range(count))

    def _today(self) -> date:
        return day_of(self._now(), self._config.targets)

    def _year(self, year: int | None) -> int:
        return year_asked(year, self._now(), self._config.targets)

    def _closing(self, day: date) -> date:
        if day < self._today():
            raise Invalid("bad_closes_on", "截止日期不能早于今天。", "The last day cannot be before today.")
        return day


async def _found(work: UnitOfWork, survey_id: str, *, lock: bool = False) -> Survey:
    survey = await work.surveys.get(survey_id, lock=lock)
    if survey is None:
        raise NotFound("no_such_survey", f"没有这次调查：{survey_id}", f"No such survey: {survey_id}")
    return survey


def _title(text: str) -> str:
    text = check_text("title", text, 100)
    if not text:
        raise Invalid("bad_title", "请写标题。", "Write a title.")
    return text


def _codes(count: int) -> int:
    if not 1 <= count <= MOST_CODES:
        raise Invalid("bad_codes", f"每组应有 1 到 {MOST_CODES} 个码。", f"A group has 1 to {MOST_CODES} codes.")
    return count


def _group(asked: NewGroup, schools: Iterable[str], there: set[tuple[str | None, str]]) -> str:
    """The checked name. Raises Invalid."""
    _codes(asked.codes)
    name = check_text("name", asked.name, 100)
    if asked.school_id is not None and asked.school_id not in schools:
        raise Invalid("bad_school_id", "没有这所学校。", "No such school.")
    if asked.school_id is None and not name:
        raise Invalid("bad_name", "请写组名，例如村镇或单位。", "Name the group, such as a town.")
    if (asked.school_id, name) in there:
        raise Invalid("group_twice", f"已有这一组：{name}", f"There is this group already: {name}")
    return name
