"""Whoever changes a row behind the system's back is found by the audit, and what was changed is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from server.county.model import FlowRow, LessonState
from tests.fakes.county import RESEARCHER, County, MemoryStore, State

from .honest_year import audited, honest_year

Tamper = Callable[[State, dict[str, str]], None]


def _change_entry(**changes: object) -> Tamper:
    def tamper(state: State, lessons: dict[str, str]) -> None:
        at = next(n for n, entry in enumerate(state.ledger) if entry.lesson_id == lessons["good"])
        evidence = {**state.ledger[at].evidence, **changes.get("evidence", {})}  # type: ignore[dict-item]
        state.ledger[at] = replace(state.ledger[at], **changes | {"evidence": evidence})  # type: ignore[arg-type]

    return tamper


def _drop_entries(state: State, lessons: dict[str, str]) -> None:
    state.ledger[:] = [entry for entry in state.ledger if entry.lesson_id != lessons["art"]]


def _invent(state: State, lessons: dict[str, str]) -> None:
    entry = next(entry for entry in state.ledger if entry.lesson_id == lessons["good"])
    key = f"credit:{lessons['short']}:{entry.school_id}"
    state.ledger.append(replace(entry, id="e-new", key=key, lesson_id=lessons["short"]))
    state.lessons[lessons["short"]] = replace(state.lessons[lessons["short"]], state=LessonState.CREDITED)


def _cut_flow(state: State, lessons: dict[str, str]) -> None:
    for key, row in list(state.flow.items()):
        if row.lesson_id == lessons["good"] and row.participant_id == "teacher" and row.minute % 2:
            state.flow[key] = FlowRow(*[*list(row_values(row))[:6], 0])


def row_values(row: FlowRow) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in FlowRow.__slots__)


def _credit_twice(state: State, lessons: dict[str, str]) -> None:
    entry = next(entry for entry in state.ledger if entry.lesson_id == lessons["good"])
    key = f"credit:{lessons['twice']}:{entry.school_id}"
    state.ledger.append(replace(entry, id="e-two", key=key, lesson_id=lessons["twice"], at=entry.at + 1e6))


def _swap_reversal(state: State, lessons: dict[str, str]) -> None:
    at = next(n for n, entry in enumerate(state.ledger) if entry.amount < 0)
    other = next(entry for entry in state.ledger if entry.lesson_id == lessons["good"])
    state.ledger[at] = replace(state.ledger[at], reverses=other.id)


def _no_reason(state: State, lessons: dict[str, str]) -> None:
    at = next(n for n, entry in enumerate(state.ledger) if entry.reason == "核实后恢复")
    state.ledger[at] = replace(state.ledger[at], reason=" ")


def _frozen_score(state: State, lessons: dict[str, str]) -> None:
    result = json.loads(state.frozen[0].result)
    result["paper1"]["total"] += 1
    state.frozen[0] = replace(state.frozen[0], result=json.dumps(result))


def _frozen_lessons(state: State, lessons: dict[str, str]) -> None:
    facts = json.loads(state.frozen[0].facts)
    facts["schools"][0]["lessons"]["art"] = 20
    state.frozen[0] = replace(state.frozen[0], facts=json.dumps(facts))


@pytest.mark.parametrize(
    ("tamper", "codes"),
    [
        (_change_entry(evidence={"teacher_seconds": 2399}), {"figure"}),
        (_change_entry(evidence={"classrooms": [{"school_id": "s02", "received_seconds": 1}]}), {"figure"}),
        (_change_entry(subject_id="music"), {"not_its_lesson", "count"}),
        (_change_entry(school_id="s09"), {"not_its_lesson"}),
        (_change_entry(amount=2), {"chain"}),
        (_drop_entries, {"state", "not_credited"}),
        (_invent, {"not_earned", "figure"}),
        (_cut_flow, {"not_earned", "figure"}),
        (_credit_twice, {"twice"}),
        (_swap_reversal, {"chain"}),
        (_no_reason, {"no_reason"}),
        (_frozen_score, {"seal", "score"}),
        (_frozen_lessons, {"seal", "count"}),
    ],
)
async def test_tampering_is_found_and_named(county: County, tamper: Tamper, codes: set[str]):
    assert isinstance(county.store, MemoryStore)  # a database refuses these changes itself: test_database
    lessons = await honest_year(county)
    await county.services.evaluations.freeze(RESEARCHER, None, "期中")
    tamper(county.store.state, lessons)
    run = await audited(county)
    assert codes <= {difference["code"] for difference in run.differences}
    assert run.found == len(run.differences)
