"""The county's numbers as frozen values: crediting policies, yearly targets, the waits of a lesson's life.

They come from `config/*.toml` (`county.config` parses them); this module only says what there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .case_policy import CasePolicy
    from .courses import CoursePolicy
    from .evaluation.files import RuleFile
    from .honesty import HonestyPolicy
    from .materials import Limits
    from .readiness.standard import Standard
    from .retention import RetentionPolicy
    from .rubric import Rubric
    from .surveys.sheet import Audience, Sheet


@dataclass(frozen=True, slots=True)
class CreditingPolicy:
    """When a lesson counts (DOMAIN: the six conditions). Shares 0..1, times in seconds."""

    name: str
    version: str
    lasted_share: float
    present_share: float
    two_way_share: float
    max_gap_seconds: float
    max_black_or_frozen_share: float
    max_silent_share: float
    min_planned_minutes: int  # a lesson planned for less is credited like any other, but doubted (`county.suspicion`)


@dataclass(frozen=True, slots=True)
class Targets:
    """Targets per school and year, and the season in which pace is judged. Dates are (month, day), local time."""

    per_subject: int
    total: int
    subjects: int
    other_forms: int  # sessions of one of the other forms
    begins: tuple[int, int]
    deadline: tuple[int, int]  # the whole day counts as on time
    utc_offset_minutes: int
    note: str
    note_en: str


@dataclass(frozen=True, slots=True)
class LifePolicy:
    """The waits after which `sweep` acts, in seconds."""

    missed_after: float  # after the planned end
    abandoned_after: float  # a live lesson whose teacher sent nothing
    requeue_verification_after: float
    no_recording_grace: float  # after the end, before "not recorded" is final
    unclosed_recording_grace: float
    unverified_grace: float  # after the recording was closed, before a person is asked


@dataclass(frozen=True, slots=True)
class CountyConfig:
    """Everything of `config/` that the services read."""

    policies: Mapping[str, CreditingPolicy]
    targets: Targets
    life: LifePolicy
    courses: CoursePolicy
    materials: Limits
    retention: RetentionPolicy
    rubric: Rubric  # the first version of the form for lesson observation
    readiness: Standard  # of a classroom's equipment
    surveys: Mapping[Audience, Sheet]  # the first version of each audience's questions
    honesty: HonestyPolicy
    cases: CasePolicy
    rule_files: tuple[RuleFile, ...] = ()  # of the evaluation
