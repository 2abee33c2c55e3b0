"""The words of the county as values: what DOMAIN calls a school, a pairing, a lesson, a ledger entry.

Frozen dataclasses only; times are Unix seconds (float, UTC), ids are opaque strings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Role(StrEnum):
    """Who an account is. A device is a classroom's screen; it has no password, only a code redeemed once."""

    ADMIN = "admin"
    RESEARCHER = "researcher"
    TEACHER = "teacher"
    DEVICE = "device"


class TokenRole(StrEnum):
    """What a media token lets its bearer be in one lesson."""

    TEACHER = "teacher"
    CLASSROOM = "classroom"
    OBSERVER = "observer"


class LessonState(StrEnum):
    """A lesson's life; the legal transitions are a table in `county.lessons`."""

    SCHEDULED = "scheduled"
    LIVE = "live"
    ENDED = "ended"
    RECORDED = "recorded"
    VERIFIED = "verified"
    CREDITED = "credited"
    REJECTED = "rejected"
    NEEDS_REVIEW = "needs_review"
    CANCELLED = "cancelled"
    MISSED = "missed"


class Form(StrEnum):
    """The four forms of help the notice counts."""

    SYNCHRONOUS = "synchronous"
    DELIVERED = "delivered"
    TRAINING = "training"
    MASTER = "master"


ON_DEMAND = (Form.DELIVERED, Form.MASTER)
"""Forms in which a class watches a recording: never live."""
LIVE_FORMS = (Form.SYNCHRONOUS, Form.TRAINING)
"""Forms that take place in a room, at a time."""
OTHER_FORMS = (Form.DELIVERED, Form.TRAINING, Form.MASTER)
"""Paper 1, item 3.2: one of them that reaches its target is enough."""


@dataclass(frozen=True, slots=True)
class School:
    """One school; `kind` is its side in the pairings, `stage` fixes the usual length of a lesson (40 or 45 min)."""

    id: str
    name: str
    name_en: str
    kind: str  # "supporting" | "receiving"
    stage: str  # "primary" | "junior"
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """A school subject of annex 3."""

    id: str
    name: str
    name_en: str
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Pairing:
    """One supporting school with one receiving school and the researcher who looks after it (annex 2)."""

    id: str
    number: int
    supporting_school_id: str
    receiving_school_id: str
    researcher_id: str  # a User.id
    archived: bool = False


@dataclass(frozen=True, slots=True)
class User:
    """A person's account. `password_hash` is argon2id's encoded form, or None: cannot log in yet."""

    id: str
    username: str
    name: str
    role: Role
    school_id: str | None = None
    password_hash: str | None = None
    disabled: bool = False
    created_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Device:
    """A classroom's screen. Its code is shown once to the administrator and redeemed once for a device token."""

    id: str
    school_id: str
    name: str
    created_at: float
    redeemed_at: float | None = None
    last_seen_at: float | None = None
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: an account or a device behind a request, or the system itself."""

    id: str
    role: Role
    name: str
    school_id: str | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson. `teacher_id` is a User.id or None (scheduled by the office, any teacher of the school may teach)."""

    id: str
    form: Form
    pairing_id: str
    supporting_school_id: str
    receiving_school_ids: tuple[str, ...]
    subject_id: str
    topic: str
    teacher_id: str | None
    starts_at: float
    planned_minutes: int
    policy: str  # name of a crediting policy: "default" | "accelerated"
    state: LessonState
    created_at: float
    started_at: float | None = None
    ended_at: float | None = None
    version: int = 1  # counts changes; an update names the version it saw


@dataclass(frozen=True, slots=True)
class LessonEvent:
    """One change in a lesson's life; append-only."""

    lesson_id: str
    at: float
    from_state: LessonState | None
    to_state: LessonState
    actor_id: str
    actor_name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FlowRow:
    """Seconds in which media flowed (docs/protocols.md, Flow). `mask`: 60 bits, bit s = second s of the Unix minute."""

    lesson_id: str
    participant_id: str
    source: str
    direction: str  # "in" | "out"
    kind: str  # "audio" | "video"
    minute: int
    mask: int
    packets: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class QualityMinute:
    """How good one participant's media was in a Unix minute (docs/protocols.md, Quality): never credits anything.

    `looks` and `bad` are 12 bits, bit s = a look in seconds 5s..5s+4, and whether it was bad; merged by OR. `loss` is
    the sum of the mean loss (0..1) of `samples` looks.
    """

    lesson_id: str
    participant_id: str
    direction: str  # "in": what it sends, "out": what it receives
    minute: int
    looks: int
    bad: int
    loss: float
    samples: int


@dataclass(frozen=True, slots=True)
class MediaGrant:
    """What a media token says: one lesson, one participant, until `expires_at`.

    `account_id`: the user or device it was given to, whose end is the token's end; None: `tongke token` on the machine.
    `credential`: a mark of the password or device code that the account had then; another one ends the token too.
    """

    lesson_id: str
    participant_id: str
    role: TokenRole
    school_id: str | None
    name: str
    expires_at: float
    account_id: str | None = None
    credential: str = ""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One row of the append-only ledger. `amount` is +1 or -1; `key` makes it idempotent (unique in the store)."""

    id: str
    key: str
    lesson_id: str
    school_id: str
    subject_id: str
    form: Form
    amount: int
    reverses: str | None
    reason: str
    evidence: dict[str, Any]
    policy_version: str
    actor_id: str
    at: float


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A list's page: `next` is the cursor of the following page or None."""

    items: list[T] = field(default_factory=list)
    next: str | None = None
