"""What the county's services need from outside: storage, notices, password hashing, the clock.

`server.store` implements storage and hashing; `tests/fakes/county.py` is the same in memory. Methods speak in the
dataclasses of `county.model` and of this module; no SQL word comes through.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractAsyncContextManager

    from .doubts import DoubtRepository
    from .model import (
        Device,
        FlowRow,
        Form,
        LedgerEntry,
        Lesson,
        LessonEvent,
        LessonState,
        Page,
        Pairing,
        QualityMinute,
        School,
        Subject,
        TokenRole,
        User,
    )
    from .ports_cases import CaseRepository
    from .ports_courses import CourseRepository
    from .ports_evaluation import EvaluationRepository
    from .ports_materials import MaterialRepository
    from .ports_observation import ObservationRepository
    from .ports_readiness import ReadinessRepository
    from .ports_reports import ReportRepository
    from .ports_survey import SurveyRepository
    from .roster.entries import Entry
    from .shelf import PositionRepository, Shelf, ShelfRepository

Clock = Callable[[], float]
"""Unix seconds now."""


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A login of a person or of a device. Only the SHA-256 of its token is kept; `expires_at` None: until revoked."""

    token_hash: str
    user_id: str | None
    device_id: str | None
    created_at: float
    expires_at: float | None


@dataclass(frozen=True, slots=True)
class ParticipantRecord:
    """Somebody who was in a lesson's room or media."""

    lesson_id: str
    participant_id: str
    role: TokenRole
    school_id: str | None
    name: str
    first_seen_at: float


@dataclass(frozen=True, slots=True)
class RecordingRecord:
    """The database's index of a lesson's recording; the truth is the manifest on disk."""

    lesson_id: str
    opened_at: float | None = None
    closed_at: float | None = None
    queued_at: float | None = None  # when its verification was last queued
    verified_at: float | None = None
    report: dict[str, Any] | None = None  # docs/protocols.md, section 5


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a lesson is not credited; `school_id` None: it holds for the whole lesson."""

    school_id: str | None
    code: str
    text: str
    text_en: str


@dataclass(frozen=True, slots=True)
class ExpertGroup:
    """A subject's expert group for one stage (annex 3), names only: its people need not have accounts."""

    id: str
    subject_id: str
    stage: str
    leads: tuple[str, ...]
    members: tuple[str, ...]


MAX_ADDRESS = 100  # characters of an audit row's address


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One act of an account, kept for the auditor; never a secret in `detail`."""

    at: float
    actor_id: str
    action: str
    subject: str
    detail: str = ""
    address: str = ""  # where the request came from


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which acts a list shows, newest first. `action` is one, or a group of them by its beginning (`recording.`)."""

    action: str | None = None
    actor_id: str | None = None
    subject: str | None = None
    since: float | None = None
    until: float | None = None
    after: tuple[float, str] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class LessonQuery:
    """Which lessons a list shows. Empty `states` means all; `involving` limits to one school on either side.

    `words`: each stands in the topic or in the name of the teacher, the subject or a school that takes part. `shelf`:
    only lessons with a recording, and of these the ones on that shelf.
    """

    states: tuple[LessonState, ...] = ()
    forms: tuple[Form, ...] = ()  # empty: all
    school_id: str | None = None
    involving: str | None = None
    receiving: str | None = None
    subject_id: str | None = None
    teacher_id: str | None = None
    words: tuple[str, ...] = ()
    shelf: Shelf | None = None
    pairing_ids: tuple[str, ...] | None = None
    since: float | None = None
    until: float | None = None
    descending: bool = True
    after: tuple[float, str] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class LedgerQuery:
    """Which entries a list shows, newest first; `involving`: only lessons in which that school takes part."""

    lesson_id: str | None = None
    school_id: str | None = None
    involving: str | None = None
    after: tuple[float, str] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class CreditTotal:
    """A sum of the ledger."""

    school_id: str
    subject_id: str
    amount: int


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """A calendar address: of one's own lessons (`school_id` None) or of a school. Only its token's hash is kept."""

    id: str
    token_hash: str
    user_id: str
    school_id: str | None
    created_at: float
    last_used_at: float | None = None


class FeedRepository(Protocol):
    """Calendar addresses."""

    async def add(self, feed: FeedRecord) -> None: ...
    async def by_token(self, token_hash: str) -> FeedRecord | None: ...
    async def of_user(self, user_id: str) -> list[FeedRecord]:
        """Oldest first."""
        ...

    async def used(self, feed_id: str, at: float) -> None: ...
    async def delete(self, feed_id: str) -> None: ...


class RosterRepository(Protocol):
    """Schools, subjects, pairings, expert groups as the services read them (archived ones too, each says so), and
    every kind of entry (`county.roster.kinds`) as it is edited.
    """

    async def schools(self) -> list[School]: ...
    async def school(self, school_id: str) -> School | None: ...
    async def subjects(self) -> list[Subject]: ...
    async def pairings(self) -> list[Pairing]: ...
    async def pairing(self, pairing_id: str) -> Pairing | None: ...
    async def expert_groups(self) -> list[ExpertGroup]:
        """Those that are not archived, in the order of the subjects."""
        ...

    async def lock(self) -> None:
        """One editor of the roster at a time, until the unit of work ends: checks look at all of it."""
        ...

    async def entries(self, kind: str) -> list[Entry]:
        """All of a kind, archived ones too, in their order."""
        ...

    async def add_entry(self, entry: Entry, now: float) -> None:
        """An account is added without a password, a classroom without a code."""
        ...

    async def save_entry(self, entry: Entry, *, seen_version: int) -> bool:
        """Keeps `entry` with version `seen_version + 1`; False (and nothing changes) if the stored one is another."""
        ...


class UserRepository(Protocol):
    """Accounts of people."""

    async def get(self, user_id: str) -> User | None: ...
    async def by_username(self, username: str) -> User | None: ...
    async def all(self) -> list[User]:
        """By username."""
        ...

    async def add(self, user: User) -> bool:
        """False if the username (or id) is taken."""
        ...

    async def save(self, user: User) -> None: ...


class SessionRepository(Protocol):
    """Logins by the hash of their token."""

    async def add(self, session: SessionRecord) -> None: ...
    async def get(self, token_hash: str) -> SessionRecord | None: ...
    async def extend(self, token_hash: str, expires_at: float) -> None: ...
    async def delete(self, token_hash: str) -> None: ...
    async def delete_of_user(self, user_id: str, *, keep: str | None = None) -> None: ...
    async def delete_of_device(self, device_id: str) -> None: ...
    async def purge(self, now: float) -> None:
        """Delete what expired."""
        ...


class DeviceRepository(Protocol):
    """Classroom screens and their one-time codes (only the code's hash is kept)."""

    async def get(self, device_id: str) -> Device | None: ...
    async def all(self) -> list[Device]: ...
    async def add(self, device: Device) -> None: ...
    async def save(self, device: Device) -> None: ...
    async def seen(self, device_id: str, at: float) -> None: ...
    async def set_code(self, device_id: str, code_hash: str, expires_at: float) -> None:
        """Replaces any code the device had."""
        ...

    async def take_code(self, code_hash: str, now: float) -> str | None:
        """The device of an unexpired code, and the code is used up (atomically: of two takers one gets it)."""
        ...

    async def clear_code(self, device_id: str) -> None: ...


class LessonRepository(Protocol):
    """Lessons, their events, participants, recordings and reasons."""

    async def get(self, lesson_id: str, *, lock: bool = False) -> Lesson | None:
        """`lock`: nobody else changes this lesson until the unit of work ends."""
        ...

    async def page(self, query: LessonQuery) -> Page[Lesson]: ...
    async def topics(self, ids: Iterable[str]) -> dict[str, str]:
        """Of those among the ids that are lessons."""
        ...

    async def in_states(self, states: Sequence[LessonState]) -> list[Lesson]: ...
    async def add(self, lesson: Lesson) -> None: ...
    async def save(self, lesson: Lesson, *, seen_version: int) -> None:
        """Raises Conflict (`stale`) if the stored version is not `seen_version`."""
        ...

    async def add_event(self, event: LessonEvent) -> None: ...
    async def events(self, lesson_id: str) -> list[LessonEvent]: ...
    async def see_participant(self, participant: ParticipantRecord) -> None:
        """Keeps the first `first_seen_at`, takes the newest name."""
        ...

    async def participants(self, lesson_id: str) -> list[ParticipantRecord]: ...
    async def recording(self, lesson_id: str) -> RecordingRecord | None: ...
    async def recordings(self, lesson_ids: Iterable[str]) -> dict[str, RecordingRecord]: ...
    async def save_recording(self, recording: RecordingRecord) -> None: ...
    async def reasons(self, lesson_ids: Iterable[str]) -> dict[str, list[Reason]]: ...
    async def replace_reasons(self, lesson_id: str, reasons: Sequence[Reason]) -> None: ...
    async def overlapping(self, lesson: Lesson) -> list[Lesson]:
        """Other lessons live at the same time (started_at to ended_at) in which one of its schools takes part."""
        ...

    async def latest_before_start(self, lesson_id: str) -> float | None:
        """The latest time in any lesson's events that were written before this lesson was started, of the last 500."""
        ...

    async def credited_overlapping(self, lesson: Lesson) -> list[tuple[Lesson, str]]:
        """Other lessons live at the same time (started_at to ended_at) that stand credited to a school of this one.

        As (other lesson, credited school).
        """
        ...


class FlowRepository(Protocol):
    """Evidence of media flow; masks are merged by OR."""

    async def merge(self, rows: Sequence[FlowRow]) -> None: ...
    async def of_lesson(self, lesson_id: str) -> list[FlowRow]: ...
    async def of_lessons(self, lesson_ids: Iterable[str]) -> dict[str, list[FlowRow]]: ...
    async def last_in(self, lesson_id: str, participant_id: str) -> float | None:
        """Unix second in which that participant's media was last seen arriving."""
        ...


class QualityRepository(Protocol):
    """How good the media was; looks are merged by OR, so a repeated one is counted once."""

    async def merge(self, rows: Sequence[QualityMinute]) -> None: ...
    async def of_lesson(self, lesson_id: str) -> list[QualityMinute]: ...


class LedgerRepository(Protocol):
    """Append-only: there is no update and no delete, and the store refuses them."""

    async def lock(self) -> None:
        """One writer of credits at a time, until the unit of work ends."""
        ...

    async def append(self, entry: LedgerEntry) -> bool:
        """False if an entry with the same key is there already (nothing changes then)."""
        ...

    async def get(self, entry_id: str) -> LedgerEntry | None: ...
    async def of_lesson(self, lesson_id: str) -> list[LedgerEntry]:
        """In the order they were written."""
        ...

    async def of_lessons(self, lesson_ids: Iterable[str]) -> dict[str, list[LedgerEntry]]:
        """By lesson, in the order they were written."""
        ...

    async def lesson_ids(self) -> set[str]:
        """Every lesson that has an entry."""
        ...

    async def page(self, query: LedgerQuery) -> Page[LedgerEntry]: ...
    async def credited_schools(self, lesson_ids: Iterable[str]) -> dict[str, frozenset[str]]:
        """By lesson, the schools for which a credit stands."""
        ...

    async def totals(
        self, since: float, until: float, form: Form, *, written_until: float | None = None
    ) -> list[CreditTotal]:
        """Sums per school and subject over lessons that began in [since, until).

        `written_until`: only entries written by then.
        """
        ...


class UnitOfWork(Protocol):
    """One transaction over all repositories."""

    @property
    def roster(self) -> RosterRepository: ...
    @property
    def users(self) -> UserRepository: ...
    @property
    def sessions(self) -> SessionRepository: ...
    @property
    def devices(self) -> DeviceRepository: ...
    @property
    def feeds(self) -> FeedRepository: ...
    @property
    def lessons(self) -> LessonRepository: ...
    @property
    def flow(self) -> FlowRepository: ...
    @property
    def quality(self) -> QualityRepository: ...
    @property
    def ledger(self) -> LedgerRepository: ...
    @property
    def cases(self) -> CaseRepository: ...
    @property
    def evaluations(self) -> EvaluationRepository: ...
    @property
    def courses(self) -> CourseRepository: ...
    @property
    def materials(self) -> MaterialRepository: ...
    @property
    def observations(self) -> ObservationRepository: ...
    @property
    def reports(self) -> ReportRepository: ...
    @property
    def doubts(self) -> DoubtRepository: ...
    @property
    def shelf(self) -> ShelfRepository: ...
    @property
    def positions(self) -> PositionRepository: ...
    @property
    def surveys(self) -> SurveyRepository: ...
    @property
    def readiness(self) -> ReadinessRepository: ...
    async def audit(self, row: AuditRow) -> None: ...
    async def audit_page(self, query: AuditQuery) -> Page[AuditRow]: ...


class UnitsOfWork(Protocol):
    """Makes units of work. A `write` commits durably when its block ends; an exception rolls it back."""

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]: ...
    def write(self) -> AbstractAsyncContextManager[UnitOfWork]: ...


class LessonNotices(Protocol):
    """Told after each committed change of a lesson; must not raise for a notice that cannot be delivered."""

    async def lesson_changed(self, lesson: Lesson) -> None: ...


class PasswordHasher(Protocol):
    """argon2id in `server.store.passwords`; slow on purpose, so both run off the event loop."""

    async def hash(self, password: str) -> str: ...
    async def verify(self, password_hash: str, password: str) -> bool:
        """False for a wrong password and for a hash that is not one."""
        ...
