"""A rule file → a RuleSet. Every error is `file:line: key: what is wrong; what to write`."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from ..config import month_day, parse_toml
from .lines import lines_of
from .node import (
    REQUIRED,
    Node,
    above_zero,
    enum_of,
    names,
    number,
    one_of,
    points,
    positive,
    share_of_one,
    word,
    words,
    year,
)
from .rules import (
    Alternative,
    BestOf,
    Bonus,
    Categorical,
    CityUse,
    FactKind,
    FactSpec,
    Item,
    Once,
    Paper,
    PerPoint,
    PerUnit,
    Proportion,
    Rank,
    Rates,
    Rule,
    RuleSet,
    Section,
    Tally,
    TallyKind,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

COLUMN_KINDS = ("text", "date", "flag", "count", "counts", "forms")


def parse_rules(text: str, file: str) -> RuleSet:
    """The rule set of a file's text. Raises ConfigError."""
    parse_toml(text, file)  # an error of syntax, with its line
    body = tomllib.loads(text, parse_float=Decimal)
    root = Node(file, lines_of(text), (), body)
    head = root.table("rules")
    rows = {name: _columns(node) for name, node in root.tables("rows").items()} if "rows" in body else {}
    facts = {name: _fact(name, node, rows) for name, node in root.tables("facts").items()}
    for name, node in root.tables("facts").items():
        _check_when(facts[name], facts, node)
    papers = tuple(_paper(node, facts) for node in root.array("papers"))
    found = RuleSet(
        id=head.take("id", word),
        year=head.take("year", year),
        title=head.take("title", words),
        title_en=head.take("title_en", words),
        source=head.take("source", words, ""),
        facts=facts,
        rows=rows,
        papers=papers,
    )
    head.done()
    root.take("rows", lambda value: value, None)
    root.done()
    _check_unique(root.array("papers"))
    return found


def _columns(node: Node) -> dict[str, str]:
    columns = {name: node.take(name, one_of(COLUMN_KINDS)) for name in list(node.body)}
    if columns.get("name") != "text":
        raise node.error("has no name", 'add name = "text": errors and lists call the rows by it')
    return columns


def _fact(name: str, node: Node, rows: Mapping[str, Mapping[str, str]]) -> FactSpec:
    kind = node.take("kind", enum_of(FactKind))
    none: tuple[str, ...] = ()
    options = node.take("options", names, none)
    if (kind is FactKind.FORMS) != bool(options):
        raise node.error("options and kind do not fit", 'a fact of kind "forms" (and no other) lists its options')
    when = node.table("when") if "when" in node.body else None
    tally = node.table("tally") if "tally" in node.body else None
    found = FactSpec(
        name=name,
        kind=kind,
        label=node.take("label", words),
        label_en=node.take("label_en", words),
        city=node.take("city", enum_of(CityUse)),
        options=options,
        when=(when.take("fact", word), when.take("option", word)) if when is not None else None,
        tally=_tally(tally, rows, options) if tally is not None else None,
    )
    for inner in (node, when):
        if inner is not None:
            inner.done()
    wanted = {FactKind.FORMS: (CityUse.UNION,), FactKind.FLAG: (CityUse.EACH, CityUse.OWN_AND_ANY)}
    if found.city not in wanted.get(kind, tuple(CityUse)):
        raise node.error(f'is "{found.city}"', f"{kind} takes {', '.join(wanted[kind])}", "city")
    return found


def _check_when(fact: FactSpec, facts: Mapping[str, FactSpec], node: Node) -> None:
    if fact.when is None:
        return
    forms = facts.get(fact.when[0])
    if forms is None or fact.when[1] not in forms.options:
        raise node.error("names no form", "give the name of a fact of kind forms and one of its options", "when")


# which keys each kind of tally has beside `kind` and `rows`, and the kind its column must have
_TALLIES: Mapping[TallyKind, tuple[tuple[str, ...], str]] = {
    TallyKind.ROWS: ((), ""),
    TallyKind.LATE: (("deadline",), "date"),
    TallyKind.FALSE: ((), "flag"),
    TallyKind.GROUPS_BELOW: (("each", "at_least"), "counts"),
    TallyKind.TOTAL_BELOW: (("at_least",), "counts"),
    TallyKind.SHORT: (("target",), "count"),
    TallyKind.ROWS_SHORT: (("target",), "count"),
    TallyKind.PLEDGED: (("pledges",), ""),
}


def _tally(node: Node, rows: Mapping[str, Mapping[str, str]], options: Sequence[str]) -> Tally:
    kind = node.take("kind", enum_of(TallyKind))
    keys, column_kind = _TALLIES[kind]
    name = node.take("rows", one_of(tuple(rows)))
    columns = rows[name]

    def column_of(wanted: str) -> Callable[[object], str]:
        return one_of(tuple(each for each, its in columns.items() if its == wanted))

    none: tuple[str, ...] = ()
    flags = tuple(each for each, its in columns.items() if its == "flag")
    found = Tally(
        kind=kind,
        rows=name,
        column=node.take("column", column_of(column_kind)) if column_kind else "",
        deadline=node.take("deadline", month_day) if "deadline" in keys else None,
        each=node.take("each", positive) if "each" in keys else 1,
        at_least=node.take("at_least", positive) if "at_least" in keys else 0,
        target=node.take("target", positive) if "target" in keys else 0,
        unless=node.take("unless", lambda value: tuple(one_of(flags)(each) for each in names(value)), none),
        pledges=node.take("pledges", column_of("forms"), REQUIRED if "pledges" in keys else ""),
        option=node.take("option", word, ""),
    )
    node.done()
    return found


def _paper(node: Node, facts: Mapping[str, FactSpec]) -> Paper:
    found = Paper(
        id=node.take("id", word),
        title=node.take("title", words),
        title_en=node.take("title_en", words),
        full=node.take("full", points),
        sections=tuple(_section(each, facts) for each in node.array("sections")),
    )
    node.done()
    total = sum((section.cap for section in found.sections), Fraction(0))
    if total != found.full:
        raise node.error(f"is {number(found.full)}", f"its sections' caps add up to {number(total)}", "full")
    return found


def _section(node: Node, facts: Mapping[str, FactSpec]) -> Section:
    found = Section(
        id=node.take("id", word),
        title=node.take("title", words),
        title_en=node.take("title_en", words),
        cap=node.take("cap", points),
        items=tuple(_item(each, facts) for each in node.array("items")),
        note=node.take("note", words, ""),
        note_en=node.take("note_en", words, ""),
    )
    node.done()
    total = sum((item.full or Fraction(0) for item in found.items), Fraction(0))
    if total > found.cap:
        raise node.error(f"is {number(found.cap)}", f"its items add up to {number(total)}: raise it", "cap")
    return found


def _item(node: Node, facts: Mapping[str, FactSpec]) -> Item:
    kind = node.take("kind", one_of(tuple(_KINDS)))
    rule = _KINDS[kind](node, facts)
    full = node.take("full", points) if kind != "bonus" else None
    found = Item(
        id=node.take("id", word),
        title=node.take("title", words),
        title_en=node.take("title_en", words),
        full=full,
        rule=rule,
        needs=node.take("needs", _fact_of(facts, FactKind.FLAG), ""),
        reading=node.take("reading", words, ""),
        reading_en=node.take("reading_en", words, ""),
    )
    node.done()
    for key, mark in _marks(rule):
        if full is not None and mark > full:
            raise node.error(f"is {number(mark)}", f"no more than full = {number(full)}", key)
    return found


def _marks(rule: Rule) -> list[tuple[str, Fraction]]:
    if isinstance(rule, Rank):
        return [("first", rule.first), ("last", rule.last)]
    if isinstance(rule, Categorical):
        return [("itself", rule.itself), ("with_county", rule.with_county), ("other", rule.other)]
    return []


Facts = dict[str, FactSpec]


def _per_unit(node: Node, facts: Mapping[str, FactSpec]) -> Rule:
    return PerUnit(node.take("count", _fact_of(facts, FactKind.COUNT)), _rates(node))


def _once(node: Node, facts: Mapping[str, FactSpec]) -> Rule:
    return Once(node.take("count", _fact_of(facts, FactKind.COUNT)), _rates(node))


def _per_point(node: Node, facts: Mapping[str, FactSpec]) -> Rule:
    percent = _fact_of(facts, FactKind.PERCENT)
    return PerPoint(
        required=node.take("required", lambda value: percent(value) if isinstance(value, str) else points(value)),
        reached=node.take("reached", percent),
        rate=_rates(node),
        prorata=node.take("points", one_of(("whole", "prorata")), "whole") == "prorata",
    )


def _bonus(node: Node, facts: Mapping[str, FactSpec]) -> Rule:
    count = _fact_of(facts, FactKind.COUNT)
    return Bonus(node.take("made", count), node.take("task", count), node.take("step", above_zero), _rates(node))


def _proportion(node: Node, facts: Mapping[str, FactSpec]) -> Rule:
    count = _fact_of(facts, FactKind.COUNT)
    return Proportion(node.take("got", count), node.take("base", count), node.take("share", share_of_one))


def _rank(node: Node, facts: Mapping[str, FactSpec]) -> Rule:
    found = Rank(
        own=node.take("own", _fact_of(facts, FactKind.COUNT)),
        peers=node.take("peers", _fact_of(facts, FactKind.COUNTS)),
        first=node.take("first", points),
        last=node.take("last", points),
    )
    if found.last > found.first:
        raise node.error(f"is {number(found.last)}", f"no more than first = {number(found.first)}", "last")
    return found


def _best_of(node: Node, facts: Mapping[str, FactSpec]) -> Rule:
    pledged = node.take("pledged", _fact_of(facts, FactKind.FORMS))
    found = []
    for each in node.array("alternatives"):
        found.append(
            Alternative(
                option=each.take("option", one_of(facts[pledged].options)),
                label=each.take("label", words),
                label_en=each.take("label_en", words),
                count=each.take("count", _fact_of(facts, FactKind.COUNT)),
                rate=_rates(each),
            )
        )
        each.done()
    missing = set(facts[pledged].options) - {one.option for one in found}
    if missing or len(found) != len(facts[pledged].options):
        raise node.error(
            "do not fit the pledge", f"one for each of {', '.join(facts[pledged].options)}", "alternatives"
        )
    return BestOf(pledged, tuple(found))


def _categorical(node: Node, facts: Mapping[str, FactSpec]) -> Rule:
    flag = node.take("flag", _fact_of(facts, FactKind.FLAG))
    if facts[flag].city is not CityUse.OWN_AND_ANY:
        raise node.error(f"is {flag!r}", f'give that fact city = "{CityUse.OWN_AND_ANY}"', "flag")
    return Categorical(flag, *(node.take(key, points) for key in ("itself", "with_county", "other")))


_KINDS: Mapping[str, Callable[[Node, Mapping[str, FactSpec]], Rule]] = {
    "per_unit": _per_unit,
    "once": _once,
    "per_point": _per_point,
    "bonus": _bonus,
    "proportion": _proportion,
    "rank": _rank,
    "best_of": _best_of,
    "categorical": _categorical,
}


def _rates(node: Node) -> Rates:
    inner = node.table("rate")
    found = Rates(inner.take("county", points), inner.take("city", points))
    inner.done()
    return found


def _check_unique(papers: Sequence[Node]) -> None:
    """Ids name things in answers and links."""
    _unique(papers)
    for paper in papers:
        sections = paper.array("sections")
        _unique(sections)
        _unique([item for section in sections for item in section.array("items")])


def _unique(nodes: Sequence[Node]) -> None:
    seen: set[str] = set()
    for node in nodes:
        name = node.body["id"]
        if name in seen:
            raise node.error(f"is {name!r} a second time", "give it an id of its own", "id")
        seen.add(name)


def _fact_of(facts: Mapping[str, FactSpec], kind: FactKind) -> Callable[[object], str]:
    return one_of(tuple(name for name, fact in facts.items() if fact.kind is kind))
