"""`county.ports_survey` in memory."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from server.county.surveys.results import Counts
    from server.county.surveys.sheet import Audience
    from server.county.surveys.survey import Group, SheetRecord, Survey


@dataclass
class SurveyTables:
    sheets: dict[tuple[str, int], SheetRecord] = field(default_factory=dict)
    surveys: dict[str, Survey] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)  # hash → group
    counts: dict[str, Counts] = field(default_factory=dict)

    def __copy__(self) -> SurveyTables:
        return SurveyTables(**{name: copy.copy(value) for name, value in vars(self).items()})


class MemorySurveys:
    def __init__(self, state: SurveyTables) -> None:
        self._state = state

    async def sheets(self, audience: Audience) -> list[SheetRecord]:
        found = [record for (whose, _), record in self._state.sheets.items() if whose == audience]
        return sorted(found, key=lambda record: -record.number)

    async def add_sheet(self, record: SheetRecord) -> bool:
        return self._state.sheets.setdefault((record.audience, record.number), record) is record

    async def add(self, survey: Survey) -> None:
        self._state.surveys[survey.id] = survey

    async def get(self, survey_id: str, *, lock: bool = False) -> Survey | None:
        return self._state.surveys.get(survey_id)

    async def all(self, year: int) -> list[Survey]:
        found = [survey for survey in self._state.surveys.values() if survey.year == year]
        return sorted(found, key=lambda survey: (survey.created_at, survey.id), reverse=True)

    async def save(self, survey: Survey) -> None:
        self._state.surveys[survey.id] = survey

    async def add_group(self, group: Group, hashes: Sequence[str]) -> None:
        self._state.groups[group.id] = group
        self._state.codes.update(dict.fromkeys(hashes, group.id))
        questions = self._state.surveys[group.survey_id].sheet.questions
        self._state.counts[group.id] = {question.id: (0,) * len(question.choices) for question in questions}

    async def group(self, group_id: str) -> Group | None:
        return self._state.groups.get(group_id)

    async def groups(self, survey_ids: Iterable[str]) -> list[Group]:
        wanted = set(survey_ids)
        found = [group for group in self._state.groups.values() if group.survey_id in wanted]
        return sorted(found, key=lambda one: (one.school_id or "~", one.name, one.id))

    async def remove_group(self, group_id: str) -> None:
        self._unissue(group_id)
        del self._state.counts[group_id], self._state.groups[group_id]

    async def issue(self, group: Group, hashes: Sequence[str]) -> None:
        self._unissue(group.id)
        self._state.groups[group.id] = group
        self._state.codes.update(dict.fromkeys(hashes, group.id))

    async def unused(self, survey_ids: Iterable[str]) -> dict[str, int]:
        wanted = set(survey_ids)
        return Counter(group for group in self._state.codes.values() if self._state.groups[group].survey_id in wanted)

    async def group_of(self, code_hash: str) -> Group | None:
        return self._state.groups.get(self._state.codes.get(code_hash, ""))

    async def take(self, code_hash: str) -> bool:
        return self._state.codes.pop(code_hash, None) is not None

    async def count(self, group_id: str, answers: Mapping[str, int]) -> None:
        self._state.counts[group_id] = {
            question: tuple(n + (index == answers[question]) for index, n in enumerate(choices))
            for question, choices in self._state.counts[group_id].items()
        }

    async def counts(self, survey_ids: Iterable[str]) -> dict[str, Counts]:
        wanted = set(survey_ids)
        return {
            group: dict(counts)
            for group, counts in self._state.counts.items()
            if self._state.groups[group].survey_id in wanted
        }

    def _unissue(self, group_id: str) -> None:
        for code in [code for code, group in self._state.codes.items() if group == group_id]:
            del self._state.codes[code]
