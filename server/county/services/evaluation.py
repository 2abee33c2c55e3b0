"""The year's evaluation, live: facts from the county's rows, what people entered, what if, frozen ones."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..audit.frozen import Frozen, digest_of, frozen_differences, is_genuine, sign
from ..errors import Invalid, NotFound
from ..evaluation.cells import CHECKS, wanted
from ..evaluation.engine import Evaluation, evaluate
from ..evaluation.files import RuleFile, of_year
from ..evaluation.gather import Entry, Gathered, Given, NotEnterable, assemble, check_entry
from ..evaluation.levers import Lever, levers, with_changes
from ..evaluation.report import as_json
from ..evaluation.rows import columns_read, counted
from ..evaluation.rules import Level, TallyKind
from ..ids import new_id
from ..model import OTHER_FORMS, Form
from ..permissions import Action, require
from ..ports import AuditRow
from ..ports_cases import CaseQuery
from ..targets import day_of, year_span
from ._year import year_asked
from .readiness import agreements_signed, schools_ready, small_schools
from .satisfaction import FACTS as SURVEYED
from .satisfaction import Satisfaction, satisfaction_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ..audit.findings import Difference
    from ..evaluation.rows import Row
    from ..model import Actor
    from ..policies import CountyConfig
    from ..ports import Clock, UnitOfWork, UnitsOfWork

MAX_TEXT = 500


@dataclass(frozen=True, slots=True)
class LiveEvaluation:
    """How the year stands. `changes`: what if these facts were so (then `base` is how it really stands)."""

    year: int
    at: float
    file: RuleFile
    gathered: Gathered
    evaluation: Evaluation
    base: Evaluation
    levers: tuple[Lever, ...]
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FactRows:
    """The rows that a fact is counted from: (row, what it adds); the amounts add up to the fact.

    Where nobody has said anything of the column, no row counts and the fact is not known.
    """

    fact: str
    rows: str
    column: str
    total: int
    counting: tuple[tuple[Row, int], ...]
    others: tuple[Row, ...]
    entries: tuple[Entry, ...]  # on which the rows' column rests


@dataclass(frozen=True, slots=True)
class FrozenCheck:
    """A frozen evaluation, whether its seal is whole, and what the second computation finds."""

    frozen: Frozen
    genuine: bool
    differences: tuple[Difference, ...]


class Evaluations:
    """For administrators and researchers."""

    def __init__(self, store: UnitsOfWork, config: CountyConfig, now: Clock, key: str) -> None:
        self._store = store
        self._config = config
        self._now = now
        self._key = key

    async def current(
        self, actor: Actor, year: int | None = None, changes: Mapping[str, object] | None = None
    ) -> LiveEvaluation:
        """`year` None: this one. `changes`: facts by name, as JSON. Raises Forbidden, Invalid, NotFound (no rules)."""
        require(actor, Action.EVALUATION_SEE)
        async with self._store.read() as work:
            return await self._evaluate(work, self._year(year), changes or {})

    async def rows(self, actor: Actor, fact: str, year: int | None = None) -> FactRows:
        """What a counted fact is made of. Raises NotFound for a fact that no rows make up, Forbidden, Invalid."""
        require(actor, Action.EVALUATION_SEE)
        live = await self.current(actor, year)
        spec = live.file.rules.facts.get(fact)
        tally = spec.tally if spec is not None else None
        rows = live.gathered.facts.own.rows.get(tally.rows) if tally is not None else None
        if tally is None or rows is None or tally.kind is TallyKind.PLEDGED:
            raise NotFound("no_rows", f"{fact} 不是由行数出来的。", f"{fact} is not counted from rows.")
        told = all(column in row for row in rows for column in columns_read(tally))
        amounts = dict(counted(rows, tally, live.year)) if told else {}
        return FactRows(
            fact=fact,
            rows=tally.rows,
            column=tally.column,
            total=sum(amounts.values()),
            counting=tuple((rows[index], amount) for index, amount in amounts.items()),
            others=tuple(row for index, row in enumerate(rows) if index not in amounts),
            entries=live.gathered.entries[fact],
        )

    async def enter(self, actor: Actor, year: int | None, name: str, subject: str, value: object, source: str) -> Entry:
        """Write down what the system cannot know, with where it is from. Append-only: the newest one counts.

        Raises Invalid (`not_enterable`, `bad_source`), Forbidden, NotFound.
        """
        require(actor, Action.EVALUATION_ENTER)
        source = _text(source, "source", "请写明依据（文件、月报或系统）", "write where it is from")
        async with self._store.write() as work:
            wanted_year = self._year(year)
            rules = self._file(wanted_year).rules
            try:
                kept = check_entry(rules, await self._given(work, wanted_year), name, subject, value)
            except NotEnterable as problem:
                zh, _, en = str(problem).partition(" / ")
                raise Invalid("not_enterable", zh, en or zh) from None
            entry = Entry(wanted_year, name, subject, kept, source, actor.id, actor.name, self._now())
            await work.evaluations.enter(entry)
            await work.audit(AuditRow(entry.at, actor.id, "evaluation.enter", f"{name} {subject}".strip(), source))
        return entry

    async def freeze(self, actor: Actor, year: int | None, note: str) -> Frozen:
        """Keep the evaluation as it stands now: rules, facts, result, signed. Raises Invalid, Forbidden, NotFound."""
        require(actor, Action.EVALUATION_FREEZE)
        note = _text(note, "note", "请写明存档的用途", "write what it is kept for")
        async with self._store.write() as work:
            await work.ledger.lock()
            live = await self._evaluate(work, self._year(year), {})
            frozen = Frozen(
                id=new_id("v", live.at),
                year=live.year,
                level=Level.COUNTY.value,
                at=round(live.at, 6),
                actor_id=actor.id,
                actor_name=actor.name,
                note=note,
                rules_id=live.file.rules.id,
                rules=live.file.text,
                facts=json.dumps(live.gathered.body, ensure_ascii=False, indent=1),
                result=json.dumps(as_json(live.evaluation), ensure_ascii=False),
            )
            digest = digest_of(frozen)
            frozen = replace(frozen, digest=digest, signature=sign(digest, self._key))
            await work.evaluations.freeze(frozen)
            await work.audit(AuditRow(live.at, actor.id, "evaluation.freeze", frozen.id, note))
        return frozen

    async def all_frozen(self, actor: Actor) -> list[tuple[Frozen, bool]]:
        """Newest first, each with whether its seal is whole."""
        require(actor, Action.EVALUATION_SEE)
        async with self._store.read() as work:
            return [(frozen, is_genuine(frozen, self._key)) for frozen in await work.evaluations.all_frozen()]

    async def frozen(self, actor: Actor, frozen_id: str) -> FrozenCheck:
        """One, computed again from what was stored with it. Raises NotFound, Forbidden."""
        require(actor, Action.EVALUATION_SEE)
        async with self._store.read() as work:
            found = await work.evaluations.frozen(frozen_id)
            if found is None:
                raise NotFound("no_such_evaluation", f"没有这份存档：{frozen_id}", f"No such evaluation: {frozen_id}")
            credited = await credited_then(work, found, self._config)
        differences = frozen_differences(found, self._key, credited)
        return FrozenCheck(found, is_genuine(found, self._key), tuple(differences))

    async def satisfaction(self, actor: Actor, fact: str, year: int | None = None) -> Satisfaction:
        """The surveys' answers that a satisfaction rate is made of. Raises NotFound for another fact, Forbidden."""
        require(actor, Action.EVALUATION_SEE)
        if fact not in SURVEYED:
            raise NotFound("no_rows", f"{fact} 不是由调查得出的。", f"{fact} is not taken from surveys.")
        async with self._store.read() as work:
            return (await satisfaction_of(work, self._year(year), self._today()))[SURVEYED[fact]]

    # ---- inside

    async def _evaluate(self, work: UnitOfWork, year: int, changes: Mapping[str, object]) -> LiveEvaluation:
        file = self._file(year)
        entries = await work.evaluations.entries(year)
        gathered = assemble(file.rules, year, await self._given(work, year), entries)
        base = evaluate(file.rules, gathered.facts)
        checked = _changes(file, changes)
        facts = with_changes(gathered.facts, checked)
        shown = evaluate(file.rules, facts) if checked else base
        best = tuple(levers(file.rules, facts, shown))
        return LiveEvaluation(year, self._now(), file, gathered, shown, base, best, checked)

    async def _given(self, work: UnitOfWork, year: int) -> Given:
        """What the county's tables know. A later table adds its rows, columns or facts here."""
        given = Given()
        schools = {school.id: school for school in await work.roster.schools()}
        pairings = [pairing for pairing in await work.roster.pairings() if not pairing.archived]
        paired = {one for each in pairings for one in (each.supporting_school_id, each.receiving_school_id)}
        given.rows["schools"] = {
            school.id: {"name": school.name, "lessons": {}, **{form.value: 0 for form in OTHER_FORMS}}
            for school in schools.values()
            if school.id in paired
        }
        given.rows["pairs"] = {
            each.id: {"name": f"{schools[each.supporting_school_id].name} — {schools[each.receiving_school_id].name}"}
            for each in pairings
        }
        since, until = year_span(year, self._config.targets)
        rows = given.rows["schools"]
        for total in await work.ledger.totals(since, until, Form.SYNCHRONOUS):
            if total.school_id in rows and total.amount:
                rows[total.school_id]["lessons"][total.subject_id] = total.amount
        for form in OTHER_FORMS:
            for total in await work.ledger.totals(since, until, form):
                if total.school_id in rows:
                    rows[total.school_id][form.value] += total.amount
        reported = [
            case for case in await work.cases.all(CaseQuery(since=since, until=until)) if case.reported_at is not None
        ]
        if reported:  # before the first one is reported here, a person may enter how many there are
            given.rows["cases"] = {
                case.id: {"name": case.title, "not_selected": case.honoured_at is None} for case in reported
            }
        await _add_readiness(work, given, year)
        found = await satisfaction_of(work, year, self._today())
        for fact, audience in SURVEYED.items():
            if (percent := found[audience].percent) is not None:
                given.facts[fact] = percent
        return given

    def _today(self) -> date:
        return day_of(self._now(), self._config.targets)

    def _year(self, year: int | None) -> int:
        return year_asked(year, self._now(), self._config.targets)

    def _file(self, year: int) -> RuleFile:
        found = of_year(self._config.rule_files, year)
        if found is None:
            raise NotFound(
                "no_rules",
                "没有评价规则：请在 config/evaluation/ 放一个规则文件。",
                "There are no rules: put a rule file into config/evaluation/.",
            )
        return found


async def _add_readiness(work: UnitOfWork, given: Given, year: int) -> None:
    """Dates that classrooms' checks and the register know, and the list of small schools. A column of which nothing
    is known stays open for entries; once one row is known, the others have not happened yet.
    """
    for one in await schools_ready(work):
        if (row := given.rows["schools"].get(one.school.id)) is not None:
            row["equipment_met_on"] = _iso(one.equipment.met_on)
            row["network_space_opened_on"] = _iso(one.space_opened_on)
    signed = await agreements_signed(work)
    for pairing_id, row in given.rows["pairs"].items():
        row["agreement_signed_on"] = _iso(signed.get(pairing_id))
    for rows, column in (
        ("schools", "equipment_met_on"),
        ("schools", "network_space_opened_on"),
        ("pairs", "agreement_signed_on"),
    ):
        if all(row[column] is None for row in given.rows[rows].values()):
            for row in given.rows[rows].values():
                del row[column]
    listed = await small_schools(work)
    if listed:
        given.rows["small_schools"] = {
            entry.id: {
                "name": entry.values["name"],
                "paired": entry.values["school_id"] in given.rows["schools"],
                "to_be_merged": entry.values["merged_in"] == year,
                "without_pupils": entry.values["without_pupils"] == "yes",
            }
            for entry in listed
        }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


async def credited_then(work: UnitOfWork, frozen: Frozen, config: CountyConfig) -> dict[str, dict[str, dict[str, int]]]:
    """The ledger's sums when that evaluation was frozen: form → school → subject."""
    since, until = year_span(frozen.year, config.targets)
    found: dict[str, dict[str, dict[str, int]]] = {}
    for form in Form:
        for total in await work.ledger.totals(since, until, form, written_until=frozen.at):
            found.setdefault(form.value, {}).setdefault(total.school_id, {})[total.subject_id] = total.amount
    return found


def _changes(file: RuleFile, changes: Mapping[str, object]) -> dict[str, Any]:
    """What-if values, checked. Raises Invalid."""
    checked: dict[str, Any] = {}
    for name, value in changes.items():
        fact = file.rules.facts.get(name)
        if fact is None:
            raise Invalid("no_such_fact", f"没有这个量：{name}", f"No such fact: {name}")
        try:
            checked[name] = CHECKS[fact.kind](value, fact)
        except ValueError:
            raise Invalid("bad_fact", f"{fact.label}：{value} 不合适。", f"{name}: give {wanted(fact)}.") from None
    return checked


def _text(text: str, name: str, zh: str, en: str) -> str:
    text = text.strip()
    if not 1 <= len(text) <= MAX_TEXT:
        raise Invalid(
            f"bad_{name}", f"{name}：{zh}（1 到 {MAX_TEXT} 字）。", f"{name}: {en} (1 to {MAX_TEXT} characters)."
        )
    return text
