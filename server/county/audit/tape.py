"""A stream's seconds as one long number: bit n is second `origin + n`. Written apart from `county.evidence`."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..model import FlowRow


class Tape:
    """All seconds in which rows that `wanted` chooses had media, from `origin` on (a whole minute, Unix s)."""

    def __init__(self, rows: Iterable[FlowRow], wanted: Callable[[FlowRow], bool]) -> None:
        chosen = [row for row in rows if wanted(row)]
        self.origin = 60 * min((row.minute for row in chosen), default=0)
        self.bits = 0
        for row in chosen:
            self.bits |= (row.mask & (2**60 - 1)) << (60 * row.minute - self.origin)

    def between(self, since: float, until: float) -> str:
        """The seconds that touch [since, until), first one first, as a text of 0 and 1 without zeros at its end."""
        text = bin(self.bits)[:1:-1] if self.bits else ""
        begin = max(0, floor(since) - self.origin)
        end = max(0, ceil(until) - self.origin)
        kept = text[begin:end].rstrip("0")
        return "0" * begin + kept if kept else ""

    def seconds(self, since: float, until: float) -> int:
        """How many there are."""
        return self.between(since, until).count("1")

    def span(self, since: float, until: float) -> tuple[int, int] | None:
        """[first, last + 1) as Unix seconds."""
        text = self.between(since, until)
        return (self.origin + text.index("1"), self.origin + len(text)) if text else None
