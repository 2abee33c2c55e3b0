"""What a monthly report is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    from ..milestones import Milestone
    from ..model import Form, Pairing, School, Subject
    from ..observation import SignedTotal
    from ..policies import Targets
    from ..progress import Lived


@dataclass(frozen=True, slots=True)
class Material:
    """What a report is made of. `lived`: lessons from the year's first moment to `until`, newest first.

    `other`: (school, form) → (in the month, in the year); `sheets`: signed observations of the month's lessons;
    `milestones`: those due in the year, as they stand at `until`; spans are [from, to) in Unix seconds.
    """

    month: str
    month_span: tuple[float, float]
    year_span: tuple[float, float]
    year: int
    made_at: float
    zone: tzinfo
    targets: Targets
    schools: Mapping[str, School]
    subjects: Sequence[Subject]
    pairings: Sequence[Pairing]
    people: Mapping[str, str]
    lived: Sequence[Lived]
    other: Mapping[tuple[str, Form], tuple[int, int]]
    sheets: Sequence[SignedTotal]
    milestones: Sequence[Milestone]

    @property
    def until(self) -> float:
        """What happened up to then is in the report."""
        return min(self.month_span[1], max(self.made_at, self.month_span[0]))
