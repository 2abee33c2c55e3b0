"""An evaluation as JSON and as the lines of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .scoring import plain

if TYPE_CHECKING:
    from fractions import Fraction

    from .engine import Evaluation, ItemScore


def as_json(evaluation: Evaluation, language: str = "zh") -> dict[str, Any]:
    """By paper `{"total", "sections": [{"id", "score", "items": [{"id", "full", "score", "deducted", "note"}]}]}`.

    Points as numbers, not rounded; `full` is null for a bonus. A section's own note ends the note of its last item.
    """
    return {
        paper.paper.id: {
            "total": figure(paper.total),
            "sections": [
                {
                    "id": section.section.id,
                    "score": figure(section.score),
                    "items": [
                        _item(
                            each, language, (section.section.note, section.section.note_en), each is section.items[-1]
                        )
                        for each in section.items
                    ],
                }
                for section in paper.sections
            ],
        }
        for paper in evaluation.papers
    }


def figure(value: Fraction) -> int | float:
    """A JSON number: whole where it is."""
    return value.numerator if value.denominator == 1 else float(value)


def _item(scored: ItemScore, language: str, section_note: tuple[str, str], last: bool) -> dict[str, Any]:
    note = note_of(scored, language)
    if last:
        note = f"{note} {section_note[language == 'en']}".strip()
    return {
        "id": scored.item.id,
        "full": None if scored.item.full is None else figure(scored.item.full),
        "score": figure(scored.score),
        "deducted": figure(scored.deducted),
        "note": note,
    }


def note_of(scored: ItemScore, language: str) -> str:
    return scored.note.en if language == "en" else scored.note.zh


def table_rows(evaluation: Evaluation, language: str = "zh") -> list[tuple[str, str, str, str, str, str]]:
    """(id, what, full, score, off, note) per paper, section and item; a paper's and a section's line has its total."""
    english = language == "en"
    rows = []
    for paper in evaluation.papers:
        its = paper.paper
        rows.append((its.id, its.title_en if english else its.title, plain(its.full), plain(paper.total), "", ""))
        for section in paper.sections:
            one = section.section
            note = one.note_en if english else one.note
            rows.append(
                (one.id, one.title_en if english else one.title, plain(one.cap), plain(section.score), "", note)
            )
            for scored in section.items:
                item = scored.item
                full = "–" if item.full is None else plain(item.full)
                off = f"−{plain(scored.deducted)}" if scored.deducted else ""
                title = item.title_en if english else item.title
                rows.append((item.id, title, full, plain(scored.score), off, note_of(scored, language)))
    return rows
