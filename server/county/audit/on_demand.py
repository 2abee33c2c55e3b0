"""Credits of courses on demand held against what was stored of their playing, in arithmetic of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .findings import Difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..courses import Played
    from ..model import LedgerEntry, Lesson

SLACK = 0.01  # s: figures of an entry are rounded to a millisecond


def on_demand_differences(lesson: Lesson, played: Sequence[Played], entries: Sequence[LedgerEntry]) -> list[Difference]:
    """Each credit that no person wrote: its stretches add up to its figure, were really stored, and are enough."""
    stored = {each.school_id: each.spans for each in played}
    found = []
    for entry in entries:
        if entry.amount < 0 or entry.evidence.get("by_hand"):
            continue
        proof = entry.evidence
        spans = [(float(start), float(end)) for start, end in proof.get("spans", ())]
        seconds, duration = _seconds(spans), float(proof.get("duration", 0.0))
        by = str(proof.get("played_by", ""))
        needed = float((proof.get("policy") or {}).get("played_share", 1.0)) * duration
        if abs(seconds - float(proof.get("played_seconds", -1.0))) > SLACK:
            found.append(_difference(entry, "figure", "播放秒数与片段不符。", "The seconds are not the stretches'."))
        if duration <= 0 or seconds + SLACK < needed:
            found.append(_difference(entry, "not_earned", "播放不足，不应计入。", "Too little was played."))
        if _seconds([*stored.get(by, ()), *spans]) > _seconds(stored.get(by, ())) + SLACK:
            found.append(_difference(entry, "figure", "片段没有播放记录。", "The stretches were never reported."))
        mine = by in lesson.receiving_school_ids and entry.school_id in (by, lesson.supporting_school_id)
        if not mine or (entry.subject_id, entry.form) != (lesson.subject_id, lesson.form):
            text, text_en = "学科、形式或学校与这节课不符。", "Subject, form or school are not the lesson's."
            found.append(_difference(entry, "not_its_lesson", text, text_en))
    return found


def _seconds(spans: Iterable[tuple[float, float]]) -> float:
    total, reached = 0.0, 0.0
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total


def _difference(entry: LedgerEntry, code: str, text: str, text_en: str) -> Difference:
    return Difference("entry", entry.id, code, text, text_en)
