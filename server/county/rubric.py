"""The rubric of lesson observation (听课评课) and its arithmetic. Pure.

A rubric has parts with weights that add up to 100; a part has items with a full mark each. A part's points are its
weight times the share of its items' full marks that was given. An item that could not be judged is left out and its
part is scored from the others; a part without any judged item is left out and the other parts count in proportion. So
a total is always out of 100, and totals of sheets with different rubrics can be averaged. Sums are exact (fractions)
and rounded once, half up, to a tenth.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .config import ConfigError, Table, count, parse_toml, text_of, whole
from .errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

TOTAL = 100
MOST_PARTS, MOST_ITEMS, MOST_FULL = 12, 20, 100
LEAST_JUDGED = Fraction(1, 2)  # of the weights: a sheet that judges less is not a judgement of the lesson


class End(StrEnum):
    """Whom an item looks at."""

    BOTH = "both"
    RURAL = "rural"  # the receiving classroom and its pupils
    ASSISTANT = "assistant"  # the assistant teacher in the receiving classroom


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to judge, from 0 to `full` in steps of a half."""

    id: str
    name: str
    name_en: str
    full: int
    end: End


@dataclass(frozen=True, slots=True)
class Part:
    """A group of items that together are worth `weight` of the 100 points."""

    id: str
    name: str
    name_en: str
    weight: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A grade: totals of `at` and more, up to the next higher band."""

    at: int
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Rubric:
    """One version of the form. Parts and items in their order, bands from the highest, the lowest at 0."""

    name: str
    name_en: str
    parts: tuple[Part, ...]
    bands: tuple[Band, ...]

    def items(self) -> dict[str, Item]:
        """All items by id."""
        return {item.id: item for part in self.parts for item in part.items}


@dataclass(frozen=True, slots=True)
class Score:
    """What the marks of a sheet come to. `parts`: points by part id, None where nothing was judged.

    `total` is None until every item has a mark (or is marked as not to be judged) and enough of them are judged.
    """

    parts: Mapping[str, float | None]
    total: float | None
    band: Band | None
    open_items: tuple[str, ...]
    judged_share: float  # of the weights, 0..1


Marks = dict[str, float | None]
"""Marks by item id; None: could not be judged. An item without an entry is not filled in yet."""


def tenth(value: Fraction) -> float:
    """Rounded half up to one decimal (73.25 is 73.3)."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


def score(rubric: Rubric, marks: Mapping[str, float | None]) -> Score:
    """The points of a sheet. `marks` were checked (`check_marks`)."""
    points: dict[str, Fraction | None] = {}
    judged_weight = 0
    for part in rubric.parts:
        given = [(Fraction(mark), item.full) for item in part.items if (mark := marks.get(item.id)) is not None]
        full = sum(each for _, each in given)
        points[part.id] = part.weight * sum((mark for mark, _ in given), Fraction()) / full if full else None
        judged_weight += part.weight if full else 0
    left = tuple(item for item in rubric.items() if item not in marks)
    share = Fraction(judged_weight, TOTAL)
    total = None
    if not left and share >= LEAST_JUDGED:
        total = tenth(sum((each for each in points.values() if each is not None), Fraction()) / share)
    return Score(
        parts={name: None if value is None else tenth(value) for name, value in points.items()},
        total=total,
        band=None if total is None else band_of(rubric.bands, total),
        open_items=left,
        judged_share=float(share),
    )


def band_of(bands: tuple[Band, ...], total: float) -> Band:
    """The highest band whose bound the total reaches; the bound itself belongs to it."""
    return next(band for band in bands if total >= band.at)


def check_marks(rubric: Rubric, marks: Mapping[str, float | None]) -> Marks:
    """The marks as they may be kept. Raises Invalid, naming the item and what it allows."""
    items = rubric.items()
    for name, mark in marks.items():
        item = items.get(name)
        if item is None:
            raise Invalid("bad_item", f"评价表里没有这一项：{name}。", f"The form has no item {name}.")
        if mark is not None and not (0 <= mark <= item.full and float(mark * 2).is_integer()):
            raise Invalid(
                "bad_mark",
                f"“{item.name}”应在 0 到 {item.full} 分之间，可以打半分。",
                f"“{item.name_en}” takes 0 to {item.full} points, in steps of a half.",
            )
    return {name: None if mark is None else float(mark) for name, mark in marks.items()}


def check_rubric(rubric: Rubric) -> Rubric:
    """The rubric, if it can be used. Raises Invalid, saying what to mend."""
    _check_parts(rubric)
    bounds = [band.at for band in rubric.bands]
    if not bounds or bounds != sorted(set(bounds), reverse=True) or bounds[-1] != 0 or bounds[0] >= TOTAL:
        raise Invalid(
            "bad_bands",
            "等级的分数线应从高到低各不相同，最高一级低于 100 分，最低一级为 0 分。",
            "The bounds of the bands must fall from below 100 to 0, each different.",
        )
    return rubric


def _check_parts(rubric: Rubric) -> None:
    if not 1 <= len(rubric.parts) <= MOST_PARTS:
        raise Invalid("bad_parts", f"评价表应有 1 到 {MOST_PARTS} 个部分。", f"A form has 1 to {MOST_PARTS} parts.")
    weights = sum(part.weight for part in rubric.parts)
    if weights != TOTAL or any(part.weight < 1 for part in rubric.parts):
        raise Invalid(
            "bad_weights",
            f"各部分的分值应为正数，合计 100 分，现在是 {weights} 分。",
            f"The weights of the parts must be positive and add up to 100; they add up to {weights}.",
        )
    for part in rubric.parts:
        if not 1 <= len(part.items) <= MOST_ITEMS or any(not 1 <= item.full <= MOST_FULL for item in part.items):
            raise Invalid(
                "bad_items",
                f"“{part.name}”应有 1 到 {MOST_ITEMS} 项，每项满分为 1 到 {MOST_FULL} 分。",
                f"“{part.name_en}” must have 1 to {MOST_ITEMS} items with full marks from 1 to {MOST_FULL}.",
            )
    names = [part.id for part in rubric.parts] + [item.id for part in rubric.parts for item in part.items]
    if len(set(names)) != len(names):
        raise Invalid("bad_ids", "各部分和各项的编号不能重复。", "Ids of parts and items must differ.")


# --- from files and rows --------------------------------------------------------------------------------------------


def parse_rubric(text: str, file: str = "observation.toml") -> Rubric:
    """The first version of the form, from its file. Raises ConfigError naming file, line and key."""
    body = parse_toml(text, file)
    head = Table(text, file, "rubric", body.get("rubric"))
    name, name_en = head.get("name", text_of), head.get("name_en", text_of)
    bands = []
    for each in head.get("bands", _tables):
        table = Table(text, file, "rubric.bands", each)
        bands.append(Band(table.get("at", whole), table.get("name", text_of), table.get("name_en", text_of)))
        table.done()
    parts = tuple(_part(text, file, each) for each in head.get("parts", _tables))
    head.done()
    try:
        return check_rubric(Rubric(name, name_en, parts, tuple(bands)))
    except Invalid as problem:
        raise ConfigError(file, None, "rubric", problem.detail_en) from None


def _part(text: str, file: str, body: object) -> Part:
    table = Table(text, file, "rubric.parts", body)
    items = []
    for each in table.get("items", _tables):
        row = Table(text, file, "rubric.parts.items", each)
        items.append(
            Item(
                row.get("id", text_of),
                row.get("name", text_of),
                row.get("name_en", text_of),
                row.get("full", count),
                row.get("end", End),
            )
        )
        row.done()
    part = Part(
        table.get("id", text_of),
        table.get("name", text_of),
        table.get("name_en", text_of),
        table.get("weight", count),
        tuple(items),
    )
    table.done()
    return part


def _tables(value: object) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise ValueError("must be a list of tables")
    return value


def rubric_of(body: Mapping[str, Any]) -> Rubric:
    """From its JSON (`dataclasses.asdict`), as rows and requests hold it."""
    parts = (
        Part(
            part["id"],
            part["name"],
            part["name_en"],
            part["weight"],
            tuple(
                Item(item["id"], item["name"], item["name_en"], item["full"], End(item["end"]))
                for item in part["items"]
            ),
        )
        for part in body["parts"]
    )
    return Rubric(
        body["name"],
        body["name_en"],
        tuple(parts),
        tuple(Band(band["at"], band["name"], band["name_en"]) for band in body["bands"]),
    )
