"""Evaluations and audits → answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from server.county.evaluation.gather import Origin
from server.county.evaluation.report import figure
from server.county.evaluation.rules import TallyKind
from server.county.evaluation.scoring import facts_of
from server.county.services.satisfaction import FACTS as SURVEYED

from . import schemas_evaluation as e
from .schemas import rfc3339

if TYPE_CHECKING:
    from collections.abc import Mapping

    from server.county.audit.frozen import Frozen
    from server.county.evaluation.engine import ItemScore, PaperScore, SectionScore
    from server.county.evaluation.gather import Entry
    from server.county.evaluation.levers import Lever
    from server.county.evaluation.rules import FactSpec
    from server.county.ports_evaluation import AuditRun
    from server.county.services.evaluation import FactRows, FrozenCheck, LiveEvaluation
    from server.county.services.satisfaction import Satisfaction


def plain(value: Any) -> Any:  # noqa: ANN401 (a fact's value as JSON)
    """Fractions as numbers, dates as texts, tuples as lists."""
    if isinstance(value, tuple):
        return list(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return float(value) if hasattr(value, "denominator") and not isinstance(value, int) else value


def evaluation(live: LiveEvaluation) -> e.EvaluationAnswer:
    rules = live.file.rules
    return e.EvaluationAnswer(
        year=live.year,
        at=rfc3339(live.at),
        rules_id=rules.id,
        rules_title=rules.title,
        rules_title_en=rules.title_en,
        rules_source=rules.source,
        rules_year=live.file.of_year,
        total=figure(live.evaluation.total),
        was=figure(live.base.total),
        papers=[_paper(live, paper, was) for paper, was in zip(live.evaluation.papers, live.base.papers, strict=True)],
        levers=[_lever(live, lever) for lever in live.levers],
    )


def _paper(live: LiveEvaluation, paper: PaperScore, was: PaperScore) -> e.PaperAnswer:
    return e.PaperAnswer(
        id=paper.paper.id,
        title=paper.paper.title,
        title_en=paper.paper.title_en,
        full=figure(paper.paper.full),
        total=figure(paper.total),
        was=figure(was.total),
        sections=[_section(live, one, before) for one, before in zip(paper.sections, was.sections, strict=True)],
    )


def _section(live: LiveEvaluation, section: SectionScore, was: SectionScore) -> e.SectionAnswer:
    return e.SectionAnswer(
        id=section.section.id,
        title=section.section.title,
        title_en=section.section.title_en,
        cap=figure(section.section.cap),
        score=figure(section.score),
        note=section.section.note,
        note_en=section.section.note_en,
        items=[_item(live, one, before) for one, before in zip(section.items, was.items, strict=True)],
    )


def _item(live: LiveEvaluation, scored: ItemScore, was: ItemScore) -> e.ItemAnswer:
    item = scored.item
    names = [*facts_of(item.rule), *([item.needs] if item.needs else [])]
    known = live.file.rules.facts
    return e.ItemAnswer(
        id=item.id,
        title=item.title,
        title_en=item.title_en,
        full=None if item.full is None else figure(item.full),
        score=figure(scored.score),
        was=figure(was.score),
        deducted=figure(scored.deducted),
        note=scored.note.zh,
        note_en=scored.note.en,
        known=scored.known,
        facts=[_fact(live, known[name]) for name in dict.fromkeys(names)],
    )


def _fact(live: LiveEvaluation, fact: FactSpec) -> e.FactAnswer:
    gathered = live.gathered
    tally = fact.tally if fact.tally is not None and fact.tally.rows in gathered.facts.own.rows else None
    column = "" if tally is None else tally.pledges if tally.kind is TallyKind.PLEDGED else tally.column
    by_hand = tally is not None and column in gathered.columns.get(tally.rows, ())
    value = live.changes.get(fact.name, gathered.facts.own.values.get(fact.name))
    return e.FactAnswer(
        name=fact.name,
        label=fact.label,
        label_en=fact.label_en,
        kind=fact.kind.value,
        value=plain(value),
        origin=gathered.origins[fact.name].value,
        rows=tally.rows if tally is not None else "",
        column=column,
        column_kind=live.file.rules.rows[tally.rows].get(column, "") if tally is not None else "",
        enter=by_hand or (tally is None and gathered.origins[fact.name] is not Origin.COUNTED),
        surveyed=fact.name in SURVEYED and gathered.origins[fact.name] is Origin.COUNTED,
        options=list(fact.options),
        entries=[entered(entry) for entry in gathered.entries[fact.name][:1]],
    )


def _lever(live: LiveEvaluation, lever: Lever) -> e.LeverAnswer:
    fact = live.file.rules.facts[lever.fact]
    return e.LeverAnswer(
        paper_id=lever.paper_id,
        item_id=lever.item.id,
        title=lever.item.title,
        title_en=lever.item.title_en,
        fact=fact.name,
        label=fact.label,
        label_en=fact.label_en,
        now=plain(lever.now),
        best=plain(lever.best),
        gain=figure(lever.gain),
        step=plain(lever.step),
        step_gain=figure(lever.step_gain),
    )


def entered(entry: Entry) -> e.EnteredAnswer:
    return e.EnteredAnswer(
        name=entry.name,
        subject=entry.subject,
        value=entry.value,
        source=entry.source,
        actor_name=entry.actor_name,
        at=rfc3339(entry.at),
    )


def fact_rows(found: FactRows, entries: tuple[Entry, ...]) -> e.FactRowsAnswer:
    by_row = {entry.subject: entry for entry in entries}

    def row(body: dict[str, Any], adds: int) -> e.FactRow:
        entry = by_row.get(body["id"])
        return e.FactRow(
            id=body["id"],
            name=body["name"],
            value=plain(body.get(found.column)),
            adds=adds,
            entered=entered(entry) if entry is not None else None,
        )

    items = [row(body, adds) for body, adds in found.counting] + [row(body, 0) for body in found.others]
    return e.FactRowsAnswer(fact=found.fact, rows=found.rows, column=found.column, total=found.total, items=items)


def surveyed(fact: str, found: Satisfaction, names: Mapping[str | None, str | None]) -> e.SurveyedAnswer:
    return e.SurveyedAnswer(
        fact=fact,
        satisfied=found.satisfied,
        answered=found.answered,
        items=[
            e.SurveyedRow(
                survey_id=row.survey.id,
                title=row.survey.title,
                title_en=row.survey.title_en,
                school_id=row.school_id,
                school_name=names[row.school_id],
                parts=row.parts,
                satisfied=row.satisfied,
                answered=row.answered,
            )
            for row in found.rows
        ],
        left_out=[e.SurveyRef(id=one.id, title=one.title, title_en=one.title_en) for one in found.left_out],
    )


def _frozen(frozen: Frozen, genuine: bool) -> dict[str, Any]:
    """What list and detail share; a result that cannot be read has no totals."""
    try:
        totals = {paper: float(body["total"]) for paper, body in json.loads(frozen.result).items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        totals = {}
    return {
        "id": frozen.id,
        "year": frozen.year,
        "level": frozen.level,
        "at": rfc3339(frozen.at),
        "actor_name": frozen.actor_name,
        "note": frozen.note,
        "rules_id": frozen.rules_id,
        "total": sum(totals.values()),
        "totals": totals,
        "digest": frozen.digest,
        "signature": frozen.signature,
        "genuine": genuine,
    }


def frozen_line(frozen: Frozen, genuine: bool) -> e.FrozenAnswer:
    return e.FrozenAnswer(**_frozen(frozen, genuine))


def frozen_detail(found: FrozenCheck) -> e.FrozenDetail:
    frozen = found.frozen
    try:
        result = json.loads(frozen.result)
    except ValueError:
        result = None
    return e.FrozenDetail(
        **_frozen(frozen, found.genuine),
        rules=frozen.rules,
        facts=frozen.facts,
        result=result if isinstance(result, dict) else {},
        differences=[e.DifferenceAnswer(**one.as_dict()) for one in found.differences],
    )


def audit_run(run: AuditRun) -> e.AuditAnswer:
    return e.AuditAnswer(
        id=run.id,
        by=run.by,
        begun_at=rfc3339(run.begun_at),
        ended_at=None if run.ended_at is None else rfc3339(run.ended_at),
        lessons=run.lessons,
        entries=run.entries,
        evaluations=run.evaluations,
        found=run.found,
        failed=run.failed,
        differences=[e.DifferenceAnswer(**one) for one in run.differences],
    )
