"""Facts and a rule set → both papers. Knows kinds of rules, none of their items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .scoring import ZERO, Note, Unknown, Values, plain, score

if TYPE_CHECKING:
    from fractions import Fraction

    from .facts import Facts
    from .rules import Item, Level, Paper, RuleSet, Section


@dataclass(frozen=True, slots=True)
class ItemScore:
    """`deducted`: full − score; 0 for a bonus. `known`: False when a fact is missing (it scores 0 then)."""

    item: Item
    score: Fraction
    deducted: Fraction
    note: Note
    known: bool = True


@dataclass(frozen=True, slots=True)
class SectionScore:
    section: Section
    score: Fraction
    items: tuple[ItemScore, ...]


@dataclass(frozen=True, slots=True)
class PaperScore:
    paper: Paper
    total: Fraction
    sections: tuple[SectionScore, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All papers of one region."""

    level: Level
    papers: tuple[PaperScore, ...]

    @property
    def total(self) -> Fraction:
        return sum((paper.total for paper in self.papers), ZERO)

    def item(self, paper_id: str, item_id: str) -> ItemScore:
        """Raises KeyError."""
        for paper in self.papers:
            for section in paper.sections:
                for each in section.items:
                    if (paper.paper.id, each.item.id) == (paper_id, item_id):
                        return each
        raise KeyError(f"{paper_id} {item_id}")


def evaluate(rules: RuleSet, facts: Facts) -> Evaluation:
    """Score every item; each stays within 0 and its full mark, each section within its cap."""
    values = Values(facts.level, rules.facts, facts.own, facts.counties)
    return Evaluation(facts.level, tuple(_paper(paper, values) for paper in rules.papers))


def _paper(paper: Paper, values: Values) -> PaperScore:
    sections = tuple(_section(section, values) for section in paper.sections)
    return PaperScore(paper, sum((section.score for section in sections), ZERO), sections)


def _section(section: Section, values: Values) -> SectionScore:
    items = tuple(_item(item, values) for item in section.items)
    return SectionScore(section, min(section.cap, sum((item.score for item in items), ZERO)), items)


def _item(item: Item, values: Values) -> ItemScore:
    try:
        mark, note = score(item, values)
    except Unknown as unknown:
        fact = unknown.fact
        note = Note(f"没有数据：{fact.label}，暂按 0 分计。", f"Not known: {fact.label_en}; counts 0 until it is.")
        return ItemScore(item, ZERO, item.full or ZERO, _with_reading(note, item), known=False)
    if item.full is None:
        return ItemScore(item, max(ZERO, mark), ZERO, _with_reading(note, item))
    kept = min(item.full, max(ZERO, mark))
    if mark < 0:
        lost, full = plain(item.full - mark), plain(item.full)
        note = Note(f"{note.zh}应扣 {lost} 分，扣完 {full} 分为止。", f"{note.en} {lost} off, no more than {full}.")
    return ItemScore(item, kept, item.full - kept, _with_reading(note, item))


def _with_reading(note: Note, item: Item) -> Note:
    """The doubt and its reading stand beside the figure."""
    return Note(f"{note.zh}{item.reading}", f"{note.en} {item.reading_en}".strip())
