"""One function per kind of item: values in, points and a note out. Exact fractions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from .rules import (
    BestOf,
    Bonus,
    Categorical,
    CityUse,
    Item,
    Level,
    Once,
    PerPoint,
    PerUnit,
    Proportion,
    Rank,
    Rule,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .cells import Value
    from .facts import Region
    from .rules import FactSpec

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Note:
    """Words beside a figure."""

    zh: str
    en: str


class Unknown(Exception):
    """A fact that the item needs is not known."""

    def __init__(self, fact: FactSpec) -> None:
        super().__init__(fact.name)
        self.fact = fact


@dataclass(frozen=True, slots=True)
class Values:
    """The facts as an item sees them at its level."""

    level: Level
    specs: Mapping[str, FactSpec]
    own: Region
    counties: tuple[Region, ...]

    def of(self, region: Region, name: str) -> Any:  # noqa: ANN401 (the kind is the fact's, checked when it was read)
        """One region's value. Raises Unknown."""
        value: Value = region.values.get(name)
        if value is None:
            raise Unknown(self.specs[name])
        return value

    def number(self, name: str) -> Any:  # noqa: ANN401
        """A count or percentage at this level: the own one, or the counties' added."""
        use = self.specs[name].city
        own = use is CityUse.OWN or (use is CityUse.OWN_OR_SUM and name in self.own.values)
        if self.level is Level.COUNTY or own:
            return self.of(self.own, name)
        return sum(self.of(county, name) for county in self.counties)

    def each(self, *names: str) -> list[Region]:
        """The regions a rule is applied to one by one."""
        uses = {self.specs[name].city for name in names}
        return list(self.counties) if CityUse.EACH in uses else [self.own]


Scored = tuple[Fraction, Note]
"""Points off (on, for a bonus; the mark itself where there is no full mark to take from), before clamping."""


def plain(value: Fraction | int) -> str:
    """`0.5`, `12`, `15.56`."""
    return f"{float(value):.4f}".rstrip("0").rstrip(".")


def score(item: Item, values: Values) -> Scored:
    """The item's mark before clamping to 0 … full, and how it came about. Raises Unknown."""
    if item.needs:
        lacking = [region for region in values.each(item.needs) if not values.of(region, item.needs)]
        if lacking:
            fact = values.specs[item.needs]
            return ZERO, Note(f"缺：{fact.label}。", f"Not so: {fact.label_en}.")
    return _KINDS[type(item.rule)](item.rule, item, values)


def _off(item: Item, lost: Fraction, note: Note) -> Scored:
    assert item.full is not None
    return item.full - lost, note


def _per_unit(rule: PerUnit, item: Item, values: Values) -> Scored:
    count, rate, fact = values.number(rule.count), rule.rate.at(values.level), values.specs[rule.count]
    return _off(
        item,
        count * rate,
        Note(
            f"{fact.label}：{count}，每个扣 {plain(rate)} 分。",
            f"{fact.label_en}: {count}, {plain(rate)} off for each.",
        ),
    )


def _once(rule: Once, item: Item, values: Values) -> Scored:
    count, rate, fact = values.number(rule.count), rule.rate.at(values.level), values.specs[rule.count]
    return _off(
        item,
        rate if count else ZERO,
        Note(
            f"{fact.label}：{count}，不为 0 时一次扣 {plain(rate)} 分。",
            f"{fact.label_en}: {count}; unless 0, {plain(rate)} off once.",
        ),
    )


def _per_point(rule: PerPoint, item: Item, values: Values) -> Scored:
    names = (rule.reached, rule.required) if isinstance(rule.required, str) else (rule.reached,)
    rate, below = rule.rate.at(values.level), ZERO
    parts, parts_en = [], []
    for region in values.each(*names):
        required = values.of(region, rule.required) if isinstance(rule.required, str) else rule.required
        reached = values.of(region, rule.reached)
        short = max(ZERO, required - reached)
        below += short if rule.prorata else floor(short)
        who = f"{region.name} " if region is not values.own and region.name else ""
        parts.append(f"{who}{plain(reached)}%（要求 {plain(required)}%）")
        parts_en.append(f"{who}{plain(reached)} % (required {plain(required)} %)")
    return _off(
        item,
        below * rate,
        Note(
            f"{'、'.join(parts)}，低 {plain(below)} 个百分点，每个扣 {plain(rate)} 分。",
            f"{', '.join(parts_en)}: {plain(below)} points below, {plain(rate)} off for each.",
        ),
    )


def _bonus(rule: Bonus, item: Item, values: Values) -> Scored:
    made, task, rate = values.number(rule.made), values.number(rule.task), rule.rate.at(values.level)
    beyond = max(ZERO, Fraction(made - task, task) * 100) if task else ZERO
    steps = floor(beyond / rule.step)
    return steps * rate, Note(
        f"任务 {task}，完成 {made}，超额 {plain(beyond)} 个百分点，每满 {plain(rule.step)} 个加 {plain(rate)} 分。",
        f"Task {task}, made {made}: {plain(beyond)} points beyond, {plain(rate)} on for each {plain(rule.step)}.",
    )


def _proportion(rule: Proportion, item: Item, values: Values) -> Scored:
    assert item.full is not None
    got, base = values.number(rule.got), values.number(rule.base)
    need = ceil(base * rule.share)
    mark = item.full if got >= need else item.full * Fraction(got, need)
    share = plain(rule.share * 100)
    return mark, Note(
        f"{values.specs[rule.got].label}：{got}，应为 {base} 的 {share}%，即 {need}。",
        f"{values.specs[rule.got].label_en}: {got}; {share} % of {base} is {need}.",
    )


def _rank(rule: Rank, item: Item, values: Values) -> Scored:
    own, peers = values.number(rule.own), values.of(values.own, rule.peers)
    rank, among = 1 + sum(peer > own for peer in peers), len(peers) + 1
    mark = rule.first if among == 1 else rule.first - (rule.first - rule.last) * Fraction(rank - 1, among - 1)
    return mark, Note(
        f"{values.specs[rule.own].label}：{own}，{among} 家中列第 {rank}。",
        f"{values.specs[rule.own].label_en}: {own}, rank {rank} of {among}.",
    )


def _best_of(rule: BestOf, item: Item, values: Values) -> Scored:
    assert item.full is not None
    found: list[tuple[Fraction, Note]] = []
    for form in rule.alternatives:
        pledging = [county for county in values.counties if form.option in values.of(county, rule.pledged)]
        if not pledging:
            continue
        short = sum(values.of(county, form.count) for county in pledging)
        mark = max(ZERO, item.full - short * form.rate.at(values.level))
        found.append(
            (mark, Note(f"{form.label} {plain(mark)}（缺 {short}）", f"{form.label_en} {plain(mark)} ({short} short)"))
        )
    best = max(mark for mark, _ in found)
    return best, Note(
        f"{'、'.join(note.zh for _, note in found)}，取最好的一种。",
        f"{', '.join(note.en for _, note in found)}: the best one counts.",
    )


def _categorical(rule: Categorical, item: Item, values: Values) -> Scored:
    fact = values.specs[rule.flag]
    if values.of(values.own, rule.flag):
        return rule.itself, Note(f"本级{fact.label}。", f"Itself {fact.label_en}.")
    with_one = [county for county in values.counties if county.values.get(rule.flag)]
    if values.level is Level.CITY and with_one:
        names = "、".join(county.name or "一个县" for county in with_one)
        return rule.with_county, Note(
            f"所辖 {names} {fact.label}。", f"{len(with_one)} of its counties {fact.label_en}."
        )
    return rule.other, Note(f"没有{fact.label}。", f"Not {fact.label_en}.")


_KINDS: Mapping[type[Any], Callable[[Any, Item, Values], Scored]] = {
    PerUnit: _per_unit,
    Once: _once,
    PerPoint: _per_point,
    Bonus: _bonus,
    Proportion: _proportion,
    Rank: _rank,
    BestOf: _best_of,
    Categorical: _categorical,
}


def facts_of(rule: Rule) -> tuple[str, ...]:
    """The facts an item's rule reads."""
    names: list[str] = []
    for slot in type(rule).__dataclass_fields__:
        value = getattr(rule, slot)
        if slot == "alternatives":
            names += [form.count for form in value]
        elif isinstance(value, str):
            names.append(value)
    return tuple(names)
