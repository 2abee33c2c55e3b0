"""A frozen evaluation scored a second time, from the text of its rules and its facts as they were stored.

An interpreter of its own, over plain TOML and JSON and decimals: it lists every single loss of an item and takes them
off one by one. It shares no code with `county.evaluation`, so that a mistake in either shows as a difference.
"""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from itertools import chain
from typing import Any

D = Decimal
Body = dict[str, Any]


class NotKnown(Exception):
    """A fact is null or missing: its item scores 0."""


def score_again(rules_text: str, facts_text: str, level: str) -> dict[str, dict[str, Decimal]]:
    """By paper: item id → score, `section ID` → score, `total`. Raises ValueError or LookupError for other texts."""
    rules = tomllib.loads(rules_text, parse_float=Decimal)
    facts = json.loads(facts_text, parse_float=Decimal)
    reader = _Reader(rules, facts, level)
    found: dict[str, dict[str, Decimal]] = {}
    for paper in rules["papers"]:
        marks: dict[str, Decimal] = {}
        total = D(0)
        for section in paper["sections"]:
            sum_of_items = D(0)
            for item in section["items"]:
                marks[item["id"]] = reader.item(item)
                sum_of_items += marks[item["id"]]
            marks[f"section {section['id']}"] = min(sum_of_items, D(section["cap"]))
            total += marks[f"section {section['id']}"]
        marks["total"] = total
        found[paper["id"]] = marks
    return found


class _Reader:
    def __init__(self, rules: Body, facts: Body, level: str) -> None:
        self.rules, self.facts, self.level = rules, facts, level
        self.year = int(rules["rules"]["year"])
        self.counties: list[Body] = facts["counties"] if level == "city" else [facts]

    def item(self, item: Body) -> Decimal:
        try:
            if "needs" in item and not all(self.fact(county, item["needs"]) for county in self.counties):
                return D(0)
            return getattr(self, f"_{item['kind']}")(item)  # type: ignore[no-any-return]
        except NotKnown:
            return D(0)

    # ---- facts

    def fact(self, region: Body, name: str) -> Any:  # noqa: ANN401 (whatever the file holds)
        """A region's fact: as it is written, else counted from its rows."""
        if name in region:
            value = region[name]
        else:
            spec = self.rules["facts"][name]
            tally = spec.get("tally")
            rows = region.get(tally["rows"]) if tally else None
            column = tally.get("column") if tally else None
            if tally is None or rows is None or (column and any(column not in row for row in rows)):
                raise NotKnown
            value = self.count(rows, tally, spec.get("options", []))
        if value is None:
            raise NotKnown
        return value

    def count(self, rows: list[Body], tally: Body, options: list[str]) -> Any:  # noqa: ANN401
        """One row after the other."""
        if tally["kind"] == "pledged":
            found = set(chain.from_iterable(row.get(tally["pledges"]) or options for row in rows))
            return [option for option in options if option in found]
        total = 0
        for row in rows:
            pledged = row.get(tally.get("pledges", "")) or []
            passed_over = any(row.get(flag) is True for flag in tally.get("unless", []))
            if passed_over or ("option" in tally and pledged and tally["option"] not in pledged):
                continue
            total += self.weight(row.get(tally.get("column", "")), tally)
        return total

    def weight(self, cell: Any, tally: Body) -> int:  # noqa: ANN401
        kind = tally["kind"]
        if kind == "rows":
            return 1
        if kind == "late":
            return 1 if cell is None or cell > f"{self.year}-{tally['deadline']}" else 0
        if kind == "false":
            return 0 if cell is True else 1
        if kind == "groups_below":
            return 1 if len([each for each in cell.values() if each >= tally["each"]]) < tally["at_least"] else 0
        if kind == "total_below":
            return 1 if sum(cell.values()) < tally["at_least"] else 0
        missing = tally["target"] - cell if cell < tally["target"] else 0
        return int(missing) if kind == "short" else int(missing > 0)

    def amount(self, name: str) -> Any:  # noqa: ANN401
        """The figure at this level."""
        use = self.rules["facts"][name]["city"]
        if self.level == "county" or use == "own" or (use == "own_or_sum" and name in self.facts):
            return self.fact(self.facts, name)
        return sum(self.fact(county, name) for county in self.counties)

    # ---- kinds of rules

    def left(self, item: Body, losses: list[Decimal]) -> Decimal:
        mark = D(item["full"])
        for loss in losses:
            mark -= loss
            if mark <= 0:
                return D(0)
        return mark

    def rate(self, body: Body) -> Decimal:
        return D(body["rate"][self.level])

    def _per_unit(self, item: Body) -> Decimal:
        return self.left(item, [self.rate(item)] * self.amount(item["count"]))

    def _once(self, item: Body) -> Decimal:
        return self.left(item, [self.rate(item)] if self.amount(item["count"]) > 0 else [])

    def _per_point(self, item: Body) -> Decimal:
        regions = self.counties if self.rules["facts"][item["reached"]]["city"] == "each" else [self.facts]
        losses = []
        for region in regions:
            asked = item["required"]
            short = D(self.fact(region, asked) if isinstance(asked, str) else asked) - D(
                self.fact(region, item["reached"])
            )
            while short >= 1:
                losses.append(self.rate(item))
                short -= 1
            if short > 0 and item.get("points") == "prorata":
                losses.append(self.rate(item) * short)
        return self.left(item, losses)

    def _bonus(self, item: Body) -> Decimal:
        made, task = self.amount(item["made"]), self.amount(item["task"])
        steps = 0
        while task and (made - task) * 100 >= (steps + 1) * D(item["step"]) * task:
            steps += 1
        return steps * self.rate(item)

    def _proportion(self, item: Body) -> Decimal:
        got, base = self.amount(item["got"]), self.amount(item["base"])
        need = 0
        while need < base * D(item["share"]):
            need += 1
        return D(item["full"]) if got >= need else D(item["full"]) * got / need

    def _rank(self, item: Body) -> Decimal:
        own = self.amount(item["own"])
        others = sorted(self.fact(self.facts, item["peers"]), reverse=True)
        place = len([other for other in others if other > own])
        step = (D(item["first"]) - D(item["last"])) / len(others) if others else D(0)
        return D(item["first"]) - place * step

    def _best_of(self, item: Body) -> Decimal:
        every = self.rules["facts"][item["pledged"]]["options"]
        marks = []
        for form in item["alternatives"]:
            bound = [one for one in self.counties if form["option"] in (self.fact(one, item["pledged"]) or every)]
            if bound:
                losses = [self.rate(form)] * sum(self.fact(county, form["count"]) for county in bound)
                marks.append(self.left(item, losses))
        return max(marks)

    def _categorical(self, item: Body) -> Decimal:
        if self.fact(self.facts, item["flag"]):
            return D(item["itself"])
        inside = self.level == "city" and any(county.get(item["flag"]) is True for county in self.counties)
        return D(item["with_county" if inside else "other"])
