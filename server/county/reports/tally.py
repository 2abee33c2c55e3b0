"""Counts of rows by school, pairing, subject and standing, taken once for all figures of a report. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from ..progress import row_of, sides
from .model import Figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..progress import Lived, RowQuery, Standing

Key = tuple[float, float, str | None, str | None, str | None]


class Tally:
    """`count(query)` is `len(chosen(lived, query))` for queries over one of the spans, without looking at all rows."""

    def __init__(self, lived: Sequence[Lived], spans: Sequence[tuple[float, float]]) -> None:
        self._found: dict[Key, Counter[Standing]] = defaultdict(Counter)
        for one in lived:
            lesson = one.lesson
            for school_id in (None, *sides(lesson)):
                row = row_of(one, school_id)
                for since, until in spans:
                    if not since <= row.began_at < until:
                        continue
                    for pairing_id in (None, lesson.pairing_id):
                        for subject_id in (None, lesson.subject_id):
                            self._found[since, until, school_id, pairing_id, subject_id][row.standing] += 1

    def count(self, query: RowQuery) -> int:
        """How many rows the query opens."""
        found = self._found.get((query.since, query.until, query.school_id, query.pairing_id, query.subject_id))
        if found is None:
            return 0
        return sum(found[one] for one in query.standings) if query.standings else found.total()

    def figure(self, query: RowQuery) -> Figure:
        """The count with what it opens."""
        return Figure(self.count(query), query)
