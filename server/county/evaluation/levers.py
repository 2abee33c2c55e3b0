"""What would raise the score most: every fact an item loses points by, set to its best, and moved by one step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any

from .engine import Evaluation, evaluate
from .rules import BestOf, Bonus, Categorical, Once, PerPoint, PerUnit, Proportion, Rank

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .cells import Value
    from .facts import Facts
    from .rules import Item, RuleSet


@dataclass(frozen=True, slots=True)
class Lever:
    """One fact of one item. `best` gains `gain` points in all; `step` is the next value, with `step_gain`.

    `now` None: the fact is not known. `step` None: there is no smaller step than the best.
    """

    paper_id: str
    item: Item
    fact: str
    now: Value
    best: Value
    gain: Fraction
    step: Value
    step_gain: Fraction


def with_changes(facts: Facts, changes: Mapping[str, Value]) -> Facts:
    """The same county with other values: what if. Rows stay as they are. For facts at county level."""
    own = replace(facts.own, values={**facts.own.values, **changes})
    return replace(facts, own=own, counties=(own,))


def levers(rules: RuleSet, facts: Facts, base: Evaluation) -> list[Lever]:
    """Best gain first; nothing that gains nothing."""
    found = []
    for paper in rules.papers:
        for item in (item for section in paper.sections for item in section.items):
            for fact, best, step in _moves(item, facts.own.values):
                gain = _gain(rules, facts, base, {fact: best})
                step_gain = _gain(rules, facts, base, {fact: step}) if step is not None else Fraction(0)
                if gain > 0:
                    now = facts.own.values.get(fact)
                    found.append(Lever(paper.id, item, fact, now, best, gain, step, step_gain))
    return sorted(found, key=lambda lever: -lever.gain)


def _gain(rules: RuleSet, facts: Facts, base: Evaluation, changes: Mapping[str, Value]) -> Fraction:
    return evaluate(rules, with_changes(facts, changes)).total - base.total


Move = tuple[str, Any, Any]
"""(fact, its best value, the value one step from now or None)."""


def _moves(item: Item, values: Mapping[str, Any]) -> list[Move]:
    moves = _KINDS[type(item.rule)](item.rule, values)
    if item.needs and not values.get(item.needs):
        moves.append((item.needs, True, None))
    return [move for move in moves if values.get(move[0]) is None or values[move[0]] != move[1]]


def _fewer(name: str, values: Mapping[str, Any]) -> Move:
    now = values.get(name)
    return (name, 0, now - 1 if now else None)


def _per_point(rule: PerPoint, values: Mapping[str, Any]) -> list[Move]:
    required = values.get(rule.required) if isinstance(rule.required, str) else rule.required
    now = values.get(rule.reached)
    if required is None:
        return []
    if now is not None and now >= required:
        return []
    return [(rule.reached, required, None if now is None else min(required, now + 1))]


def _bonus(rule: Bonus, values: Mapping[str, Any]) -> list[Move]:
    """There is no best: the next whole step."""
    made, task = values.get(rule.made), values.get(rule.task)
    if not made or not task:
        return []
    width = rule.step / 100 * task
    steps = max(0, (made - task) // width) + 1
    return [(rule.made, ceil(task + steps * width), None)]


def _proportion(rule: Proportion, values: Mapping[str, Any]) -> list[Move]:
    base, now = values.get(rule.base), values.get(rule.got)
    if base is None:
        return []
    need = ceil(base * rule.share)
    return [] if now is not None and now >= need else [(rule.got, need, None if now is None else now + 1)]


def _rank(rule: Rank, values: Mapping[str, Any]) -> list[Move]:
    peers, now = values.get(rule.peers), values.get(rule.own)
    first = max(peers or (0,))
    return [] if now is not None and now >= first else [(rule.own, first, None if now is None else now + 1)]


def _best_of(rule: BestOf, values: Mapping[str, Any]) -> list[Move]:
    pledged = values.get(rule.pledged) or ()
    return [_fewer(form.count, values) for form in rule.alternatives if form.option in pledged]


_KINDS: Mapping[type[Any], Callable[[Any, Mapping[str, Any]], list[Move]]] = {
    PerUnit: lambda rule, values: [_fewer(rule.count, values)],
    Once: lambda rule, values: [_fewer(rule.count, values)],
    PerPoint: _per_point,
    Bonus: _bonus,
    Proportion: _proportion,
    Rank: _rank,
    BestOf: _best_of,
    Categorical: lambda rule, values: [(rule.flag, True, None)],
}
