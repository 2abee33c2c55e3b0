"""The county's ports in memory, with the real interface: storage, notices, hashing, a clock that is set by hand."""

from __future__ import annotations

import asyncio
import copy
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from server.county.case_policy import parse_case_policy
from server.county.config import parse_life, parse_policies, parse_retention, parse_targets
from server.county.courses import parse_courses
from server.county.errors import Conflict
from server.county.evaluation.files import parse_rule_file
from server.county.evidence import MINUTE_BITS
from server.county.honesty import parse_honesty
from server.county.lessons import OVER, began_at
from server.county.materials import Material, parse_limits
from server.county.model import (
    Actor,
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
    Role,
    School,
    Subject,
    User,
)
from server.county.paging import write_cursor
from server.county.policies import CountyConfig
from server.county.ports import (
    AuditQuery,
    AuditRow,
    CreditTotal,
    ExpertGroup,
    FeedRecord,
    LedgerQuery,
    LessonQuery,
    ParticipantRecord,
    Reason,
    RecordingRecord,
    SessionRecord,
    UnitsOfWork,
)
from server.county.readiness.standard import parse_standard
from server.county.roster.entries import Entry
from server.county.roster.kinds import BY_NAME
from server.county.rubric import parse_rubric
from server.county.sample import SampleAccount, load_sample
from server.county.services import Services, build_services
from server.county.shelf import Position, Shelf, ShelfRecord, Sizes
from server.county.surveys.sheet import parse_sheets
from server.documents.sample import read_sample_county
from tests.fakes.cases import CaseStore, MemoryCases
from tests.fakes.courses import CourseState, MemoryCourses
from tests.fakes.doubts import DoubtTables, MemoryDoubts
from tests.fakes.materials import MemoryMaterials
from tests.fakes.observations import MemoryObservations, ObservationState
from tests.fakes.readiness import MemoryReadiness
from tests.fakes.reports import MemoryReports
from tests.fakes.surveys import MemorySurveys, SurveyTables

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence

    from server.county.audit.frozen import Frozen
    from server.county.evaluation.gather import Entry as Entered
    from server.county.ports_evaluation import AuditRun
    from server.county.readiness.agreements import AgreementFile
    from server.county.readiness.dates import Check
    from server.county.reports.sent import SentReport

KEY = "a secret of thirty-two bytes and more"
CONFIG = Path(__file__).resolve().parents[2] / "config"
ADMIN = Actor("u-admin", Role.ADMIN, "管理员")
RESEARCHER = Actor("u-shanzhiming", Role.RESEARCHER, "单志明")
TEACHER = Actor("u-shiyan", Role.TEACHER, "实验小学教师", "s01")
OTHER_TEACHER = Actor("u-waiguoyu", Role.TEACHER, "外国语实验小学教师", "s03")
SCREEN = Actor("d-s02", Role.DEVICE, "西岙小学同步教室", "s02")
OTHER_SCREEN = Actor("d-s04", Role.DEVICE, "溪口小学同步教室", "s04")


class FakeClock:
    """`clock()` is Unix seconds; `clock.at += 60` moves it."""

    def __init__(self, at: float = 1_763_942_400.0) -> None:  # 2025-11-24 00:00 UTC
        self.at = at

    def __call__(self) -> float:
        return self.at


class Notices:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.lessons: list[Lesson] = []

    async def lesson_changed(self, lesson: Lesson) -> None:
        self.lessons.append(lesson)


class PlainHasher:
    """No hash at all, so that tests are fast; counts what was verified."""

    def __init__(self) -> None:
        self.verified: list[tuple[str, str]] = []

    async def hash(self, password: str) -> str:
        return f"plain:{password}"

    async def verify(self, password_hash: str, password: str) -> bool:
        self.verified.append((password_hash, password))
        return password_hash == f"plain:{password}"


@dataclass
class State:
    entries: dict[str, Entry] = field(default_factory=dict)  # of the roster, but for accounts
    versions: dict[str, int] = field(default_factory=dict)  # of accounts' entries
    users: dict[str, User] = field(default_factory=dict)
    sessions: dict[str, SessionRecord] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    codes: dict[str, tuple[str, float]] = field(default_factory=dict)  # by device
    feeds: dict[str, FeedRecord] = field(default_factory=dict)
    lessons: dict[str, Lesson] = field(default_factory=dict)
    events: list[LessonEvent] = field(default_factory=list)
    participants: dict[tuple[str, str], ParticipantRecord] = field(default_factory=dict)
    recordings: dict[str, RecordingRecord] = field(default_factory=dict)
    reasons: dict[str, list[Reason]] = field(default_factory=dict)
    flow: dict[tuple[str, str, str, str, str, int], FlowRow] = field(default_factory=dict)
    quality: dict[tuple[str, str, str, int], QualityMinute] = field(default_factory=dict)
    ledger: list[LedgerEntry] = field(default_factory=list)
    audit: list[AuditRow] = field(default_factory=list)
    entered: list[Entered] = field(default_factory=list)
    frozen: list[Frozen] = field(default_factory=list)
    audit_runs: dict[str, AuditRun] = field(default_factory=dict)  # by key
    sent_reports: dict[str, SentReport] = field(default_factory=dict)
    courses: CourseState = field(default_factory=CourseState)
    materials: dict[str, Material] = field(default_factory=dict)
    observations: ObservationState = field(default_factory=ObservationState)
    doubts: DoubtTables = field(default_factory=DoubtTables)
    cases: CaseStore = field(default_factory=CaseStore)
    shelf: dict[str, ShelfRecord] = field(default_factory=dict)
    positions: dict[tuple[str, str], Position] = field(default_factory=dict)
    surveys: SurveyTables = field(default_factory=SurveyTables)
    checks: list[Check] = field(default_factory=list)
    agreement_files: dict[str, AgreementFile] = field(default_factory=dict)  # by pairing

    def branch(self) -> State:
        return State(**{name: copy.copy(value) for name, value in vars(self).items()})


ROLES = {"researchers": Role.RESEARCHER, "teachers": Role.TEACHER}


class MemoryRoster:
    def __init__(self, state: State) -> None:
        self._state = state

    async def schools(self) -> list[School]:
        return [
            School(one.id, *(one.values[key] or "" for key in ("name", "name_en", "kind", "stage")), one.archived)
            for one in await self.entries("schools")
        ]

    async def school(self, school_id: str) -> School | None:
        return next((school for school in await self.schools() if school.id == school_id), None)

    async def subjects(self) -> list[Subject]:
        return [
            Subject(one.id, one.values["name"], one.values["name_en"] or "", one.archived)
            for one in await self.entries("subjects")
        ]

    async def pairings(self) -> list[Pairing]:
        keys = ("number", "supporting_school_id", "receiving_school_id", "researcher_id")
        return [
            Pairing(one.id, *(one.values[key] for key in keys), one.archived) for one in await self.entries("pairings")
        ]

    async def pairing(self, pairing_id: str) -> Pairing | None:
        return next((pairing for pairing in await self.pairings() if pairing.id == pairing_id), None)

    async def expert_groups(self) -> list[ExpertGroup]:
        return [
            ExpertGroup(one.id, *(one.values[key] for key in ("subject_id", "stage", "leads", "members")))
            for one in await self.entries("groups")
            if not one.archived
        ]

    async def lock(self) -> None:
        return

    async def entries(self, kind: str) -> list[Entry]:
        if kind in ROLES:
            users = [user for user in self._state.users.values() if user.role is ROLES[kind]]
            return [self._entry(kind, user, user.disabled) for user in users]
        if kind == "classrooms":
            return [self._entry(kind, device, device.revoked) for device in self._state.devices.values()]
        found = [entry for entry in self._state.entries.values() if entry.kind == kind]
        order = {"pairings": "number", "terms": "begins", "holidays": "begins", "milestones": "due"}.get(kind)
        return sorted(found, key=lambda entry: entry.values[order]) if order else found

    def _entry(self, kind: str, account: User | Device, archived: bool) -> Entry:
        values = {field.key: getattr(account, field.key) for field in BY_NAME[kind].fields}
        return Entry(kind, account.id, values, self._state.versions.get(account.id, 1), archived)

    async def add_entry(self, entry: Entry, now: float) -> None:
        if entry.kind in ROLES:
            self._state.users[entry.id] = User(entry.id, role=ROLES[entry.kind], created_at=now, **entry.values)
        elif entry.kind == "classrooms":
            self._state.devices[entry.id] = Device(entry.id, created_at=now, **entry.values)
        else:
            self._state.entries[entry.id] = replace(entry, version=1)

    async def save_entry(self, entry: Entry, *, seen_version: int) -> bool:
        known = next((one for one in await self.entries(entry.kind) if one.id == entry.id), None)
        if known is None or known.version != seen_version:
            return False
        if entry.kind in ROLES:
            user = self._state.users[entry.id]
            self._state.users[entry.id] = replace(user, disabled=entry.archived, **entry.values)
        elif entry.kind == "classrooms":
            device = self._state.devices[entry.id]
            self._state.devices[entry.id] = replace(device, revoked=entry.archived, **entry.values)
        else:
            self._state.entries[entry.id] = replace(entry, version=seen_version + 1)
        self._state.versions[entry.id] = seen_version + 1
        return True


class MemoryUsers:
    def __init__(self, state: State) -> None:
        self._users = state.users

    async def get(self, user_id: str) -> User | None:
        return self._users.get(user_id)

    async def by_username(self, username: str) -> User | None:
        return next((user for user in self._users.values() if user.username == username), None)

    async def all(self) -> list[User]:
        return sorted(self._users.values(), key=lambda user: user.username)

    async def add(self, user: User) -> bool:
        if user.id in self._users or await self.by_username(user.username) is not None:
            return False
        self._users[user.id] = user
        return True

    async def save(self, user: User) -> None:
        self._users[user.id] = user


class MemorySessions:
    def __init__(self, state: State) -> None:
        self._sessions = state.sessions

    async def add(self, session: SessionRecord) -> None:
        self._sessions[session.token_hash] = session

    async def get(self, token_hash: str) -> SessionRecord | None:
        return self._sessions.get(token_hash)

    async def extend(self, token_hash: str, expires_at: float) -> None:
        if token_hash in self._sessions:
            self._sessions[token_hash] = replace(self._sessions[token_hash], expires_at=expires_at)

    async def delete(self, token_hash: str) -> None:
        self._sessions.pop(token_hash, None)

    async def delete_of_user(self, user_id: str, *, keep: str | None = None) -> None:
        self._drop([s for s in self._sessions.values() if s.user_id == user_id and s.token_hash != keep])

    async def delete_of_device(self, device_id: str) -> None:
        self._drop([s for s in self._sessions.values() if s.device_id == device_id])

    async def purge(self, now: float) -> None:
        self._drop([s for s in self._sessions.values() if s.expires_at is not None and s.expires_at <= now])

    def _drop(self, sessions: Iterable[SessionRecord]) -> None:
        for session in sessions:
            del self._sessions[session.token_hash]


class MemoryDevices:
    def __init__(self, state: State) -> None:
        self._devices = state.devices
        self._codes = state.codes

    async def get(self, device_id: str) -> Device | None:
        return self._devices.get(device_id)

    async def all(self) -> list[Device]:
        return sorted(self._devices.values(), key=lambda device: (device.school_id, device.created_at))

    async def add(self, device: Device) -> None:
        self._devices[device.id] = device

    async def save(self, device: Device) -> None:
        self._devices[device.id] = device

    async def seen(self, device_id: str, at: float) -> None:
        self._devices[device_id] = replace(self._devices[device_id], last_seen_at=at)

    async def set_code(self, device_id: str, code_hash: str, expires_at: float) -> None:
        self._codes[device_id] = (code_hash, expires_at)

    async def take_code(self, code_hash: str, now: float) -> str | None:
        for device_id, (known, expires_at) in self._codes.items():
            if known == code_hash and expires_at > now and not self._devices[device_id].revoked:
                del self._codes[device_id]
                return device_id
        return None

    async def clear_code(self, device_id: str) -> None:
        self._codes.pop(device_id, None)


class MemoryFeeds:
    def __init__(self, state: State) -> None:
        self._feeds = state.feeds

    async def add(self, feed: FeedRecord) -> None:
        self._feeds[feed.id] = feed

    async def by_token(self, token_hash: str) -> FeedRecord | None:
        return next((feed for feed in self._feeds.values() if feed.token_hash == token_hash), None)

    async def of_user(self, user_id: str) -> list[FeedRecord]:
        return [feed for feed in self._feeds.values() if feed.user_id == user_id]

    async def used(self, feed_id: str, at: float) -> None:
        self._feeds[feed_id] = replace(self._feeds[feed_id], last_used_at=at)

    async def delete(self, feed_id: str) -> None:
        self._feeds.pop(feed_id, None)


def _sides(lesson: Lesson) -> tuple[str, ...]:
    return (lesson.supporting_school_id, *lesson.receiving_school_ids)


def _says(lesson: Lesson, word: str, state: State) -> bool:
    teacher = state.users.get(lesson.teacher_id or "")
    entries = [state.entries[one].values for one in (lesson.subject_id, *_sides(lesson))]
    names = [lesson.topic, teacher.name if teacher is not None else ""]
    names += [values[key] or "" for values in entries for key in ("name", "name_en")]
    return any(word.lower() in name.lower() for name in names)


def _on_shelf(lesson: Lesson, which: Shelf, state: State) -> bool:
    recording = state.recordings.get(lesson.id)
    record = state.shelf.get(lesson.id, ShelfRecord(lesson.id))
    if recording is None or recording.opened_at is None or record.deleted_at is not None:
        return False
    if which is Shelf.TRASH:
        return record.trashed_at is not None
    return record.trashed_at is None and (which is Shelf.OPEN or record.kept_at is not None)


def _matches(lesson: Lesson, query: LessonQuery, state: State) -> bool:
    key = (lesson.starts_at, lesson.id)
    return (
        (query.shelf is None or _on_shelf(lesson, query.shelf, state))
        and (query.teacher_id is None or query.teacher_id == lesson.teacher_id)
        and all(_says(lesson, word, state) for word in query.words)
        and (not query.states or lesson.state in query.states)
        and (not query.forms or lesson.form in query.forms)
        and (query.school_id is None or query.school_id in _sides(lesson))
        and (query.involving is None or query.involving in _sides(lesson))
        and (query.receiving is None or query.receiving in lesson.receiving_school_ids)
        and (query.subject_id is None or query.subject_id == lesson.subject_id)
        and (query.pairing_ids is None or lesson.pairing_id in query.pairing_ids)
        and (query.since is None or lesson.starts_at >= query.since)
        and (query.until is None or lesson.starts_at < query.until)
        and (query.after is None or (key < query.after if query.descending else key > query.after))
    )


class MemoryLessons:
    def __init__(self, state: State) -> None:
        self._state = state
        self._lessons = state.lessons

    async def get(self, lesson_id: str, *, lock: bool = False) -> Lesson | None:
        return self._lessons.get(lesson_id)

    async def page(self, query: LessonQuery) -> Page[Lesson]:
        found = [lesson for lesson in self._lessons.values() if _matches(lesson, query, self._state)]
        found.sort(key=lambda lesson: (lesson.starts_at, lesson.id), reverse=query.descending)
        items = found[: query.limit]
        more = len(found) > query.limit
        return Page(items, write_cursor(items[-1].starts_at, items[-1].id) if more else None)

    async def topics(self, ids: Iterable[str]) -> dict[str, str]:
        return {one: self._lessons[one].topic for one in ids if one in self._lessons}

    async def in_states(self, states: Sequence[LessonState]) -> list[Lesson]:
        return sorted((one for one in self._lessons.values() if one.state in states), key=lambda one: one.starts_at)

    async def add(self, lesson: Lesson) -> None:
        self._lessons[lesson.id] = lesson

    async def save(self, lesson: Lesson, *, seen_version: int) -> None:
        if self._lessons[lesson.id].version != seen_version:
            raise Conflict("stale", "这节课刚被别人改过，请刷新后再改。", "The lesson was changed; reload it.")
        self._lessons[lesson.id] = lesson

    async def add_event(self, event: LessonEvent) -> None:
        self._state.events.append(event)

    async def events(self, lesson_id: str) -> list[LessonEvent]:
        return [event for event in self._state.events if event.lesson_id == lesson_id]

    async def see_participant(self, participant: ParticipantRecord) -> None:
        key = (participant.lesson_id, participant.participant_id)
        known = self._state.participants.get(key)
        self._state.participants[key] = replace(known, name=participant.name) if known is not None else participant

    async def participants(self, lesson_id: str) -> list[ParticipantRecord]:
        found = [one for one in self._state.participants.values() if one.lesson_id == lesson_id]
        return sorted(found, key=lambda one: (one.first_seen_at, one.participant_id))

    async def recording(self, lesson_id: str) -> RecordingRecord | None:
        return self._state.recordings.get(lesson_id)

    async def recordings(self, lesson_ids: Iterable[str]) -> dict[str, RecordingRecord]:
        known = self._state.recordings
        return {lesson_id: known[lesson_id] for lesson_id in lesson_ids if lesson_id in known}

    async def save_recording(self, recording: RecordingRecord) -> None:
        self._state.recordings[recording.lesson_id] = recording

    async def reasons(self, lesson_ids: Iterable[str]) -> dict[str, list[Reason]]:
        return {one: list(self._state.reasons[one]) for one in lesson_ids if self._state.reasons.get(one)}

    async def replace_reasons(self, lesson_id: str, reasons: Sequence[Reason]) -> None:
        self._state.reasons[lesson_id] = list(reasons)

    async def overlapping(self, lesson: Lesson) -> list[Lesson]:
        return [other for other in self._at_once(lesson) if set(_sides(other)) & set(_sides(lesson))]

    def _at_once(self, lesson: Lesson) -> list[Lesson]:
        if lesson.started_at is None or lesson.ended_at is None:
            return []
        return [
            other
            for other in self._lessons.values()
            if other.id != lesson.id
            and other.started_at is not None
            and other.started_at < lesson.ended_at
            and (other.ended_at is None or other.ended_at > lesson.started_at)
        ]

    async def latest_before_start(self, lesson_id: str) -> float | None:
        for number, event in enumerate(self._state.events):
            if event.lesson_id == lesson_id and event.to_state is LessonState.LIVE:
                return max((one.at for one in self._state.events[max(0, number - 500) : number]), default=None)
        return None

    async def credited_overlapping(self, lesson: Lesson) -> list[tuple[Lesson, str]]:
        stands = await MemoryLedger(self._state).credited_schools(self._lessons)
        found = []
        for other in self._at_once(lesson):
            found += [(other, school) for school in stands.get(other.id, ()) if school in _sides(lesson)]
        return found


class MemoryFlow:
    def __init__(self, state: State) -> None:
        self._rows = state.flow

    async def merge(self, rows: Sequence[FlowRow]) -> None:
        for row in rows:
            key = (row.lesson_id, row.participant_id, row.source, row.direction, row.kind, row.minute)
            known = self._rows.get(key)
            row = replace(row, mask=row.mask & MINUTE_BITS)
            if known is not None:
                row = replace(
                    row,
                    mask=known.mask | row.mask,
                    packets=known.packets + row.packets,
                    bytes=known.bytes + row.bytes,
                )
            self._rows[key] = row

    async def of_lesson(self, lesson_id: str) -> list[FlowRow]:
        return sorted((r for r in self._rows.values() if r.lesson_id == lesson_id), key=lambda row: row.minute)

    async def of_lessons(self, lesson_ids: Iterable[str]) -> dict[str, list[FlowRow]]:
        found = {one: await self.of_lesson(one) for one in lesson_ids}
        return {one: rows for one, rows in found.items() if rows}

    async def last_in(self, lesson_id: str, participant_id: str) -> float | None:
        ends = [
            row.minute * 60 + row.mask.bit_length() - 1
            for row in await self.of_lesson(lesson_id)
            if row.participant_id == participant_id and row.direction == "in" and row.mask
        ]
        return float(max(ends)) if ends else None


class MemoryQuality:
    def __init__(self, state: State) -> None:
        self._rows = state.quality

    async def merge(self, rows: Sequence[QualityMinute]) -> None:
        for row in rows:
            key = (row.lesson_id, row.participant_id, row.direction, row.minute)
            known = self._rows.get(key)
            if known is not None:
                row = replace(
                    row,
                    looks=known.looks | row.looks,
                    bad=known.bad | row.bad,
                    loss=known.loss + row.loss,
                    samples=known.samples + row.samples,
                )
            self._rows[key] = row

    async def of_lesson(self, lesson_id: str) -> list[QualityMinute]:
        return sorted((r for r in self._rows.values() if r.lesson_id == lesson_id), key=lambda row: row.minute)


class MemoryLedger:
    def __init__(self, state: State) -> None:
        self._state = state
        self._entries = state.ledger

    async def lock(self) -> None:
        return

    async def append(self, entry: LedgerEntry) -> bool:
        if any(known.key == entry.key for known in self._entries):
            return False
        self._entries.append(entry)
        return True

    async def get(self, entry_id: str) -> LedgerEntry | None:
        return next((entry for entry in self._entries if entry.id == entry_id), None)

    async def of_lesson(self, lesson_id: str) -> list[LedgerEntry]:
        return [entry for entry in self._entries if entry.lesson_id == lesson_id]

    async def of_lessons(self, lesson_ids: Iterable[str]) -> dict[str, list[LedgerEntry]]:
        found = {one: await self.of_lesson(one) for one in lesson_ids}
        return {one: entries for one, entries in found.items() if entries}

    async def lesson_ids(self) -> set[str]:
        return {entry.lesson_id for entry in self._entries}

    async def page(self, query: LedgerQuery) -> Page[LedgerEntry]:
        found = [
            entry
            for entry in self._entries
            if (query.lesson_id is None or entry.lesson_id == query.lesson_id)
            and (query.school_id is None or entry.school_id == query.school_id)
            and (query.involving is None or query.involving in _sides(self._state.lessons[entry.lesson_id]))
            and (query.after is None or (entry.at, entry.id) < query.after)
        ]
        found.sort(key=lambda entry: (entry.at, entry.id), reverse=True)
        items = found[: query.limit]
        more = len(found) > query.limit
        return Page(items, write_cursor(items[-1].at, items[-1].id) if more else None)

    async def credited_schools(self, lesson_ids: Iterable[str]) -> dict[str, frozenset[str]]:
        wanted = set(lesson_ids)
        sums: dict[tuple[str, str], int] = {}
        for entry in self._entries:
            if entry.lesson_id in wanted:
                key = (entry.lesson_id, entry.school_id)
                sums[key] = sums.get(key, 0) + entry.amount
        found: dict[str, frozenset[str]] = {}
        for (lesson_id, school_id), amount in sums.items():
            if amount > 0:
                found[lesson_id] = found.get(lesson_id, frozenset()) | {school_id}
        return found

    async def totals(
        self, since: float, until: float, form: Form, *, written_until: float | None = None
    ) -> list[CreditTotal]:
        sums: dict[tuple[str, str], int] = {}
        for entry in self._entries:
            if written_until is not None and entry.at > written_until:
                continue
            if entry.form is form and since <= began_at(self._state.lessons[entry.lesson_id]) < until:
                key = (entry.school_id, entry.subject_id)
                sums[key] = sums.get(key, 0) + entry.amount
        return [CreditTotal(school_id, subject_id, amount) for (school_id, subject_id), amount in sums.items()]


class MemoryEvaluations:
    def __init__(self, state: State) -> None:
        self._state = state

    async def enter(self, entry: Entered) -> None:
        self._state.entered.append(entry)

    async def entries(self, year: int) -> list[Entered]:
        return [entry for entry in self._state.entered if entry.year == year]

    async def freeze(self, frozen: Frozen) -> None:
        self._state.frozen.append(frozen)

    async def frozen(self, frozen_id: str) -> Frozen | None:
        return next((frozen for frozen in self._state.frozen if frozen.id == frozen_id), None)

    async def all_frozen(self) -> list[Frozen]:
        return sorted(self._state.frozen, key=lambda frozen: (frozen.at, frozen.id), reverse=True)

    async def begin_audit(self, run: AuditRun) -> bool:
        return self._state.audit_runs.setdefault(run.key, run) is run

    async def end_audit(self, run: AuditRun) -> None:
        self._state.audit_runs[run.key] = run

    async def audits(self, limit: int) -> list[AuditRun]:
        return sorted(self._state.audit_runs.values(), key=lambda run: (run.begun_at, run.id), reverse=True)[:limit]


class MemoryShelf:
    def __init__(self, state: State) -> None:
        self._state = state

    async def of(self, lesson_ids: Iterable[str]) -> dict[str, ShelfRecord]:
        return {one: self._state.shelf[one] for one in lesson_ids if one in self._state.shelf}

    async def save(self, record: ShelfRecord) -> None:
        self._state.shelf[record.lesson_id] = record

    async def unmeasured(self, limit: int) -> list[str]:
        known = self._state.shelf
        return [
            one.lesson_id
            for one in self._state.recordings.values()
            if one.closed_at is not None and known.get(one.lesson_id, ShelfRecord("")).measure is None
        ][:limit]

    async def expired(self, form: Form, before: float) -> list[str]:
        return [
            lesson.id
            for lesson in self._state.lessons.values()
            if lesson.form is form
            and lesson.state in OVER
            and began_at(lesson) < before
            and _on_shelf(lesson, Shelf.OPEN, self._state)
            and self._state.shelf.get(lesson.id, ShelfRecord("")).kept_at is None
        ]

    async def trashed(self, before: float) -> list[str]:
        return [
            one.lesson_id
            for one in self._state.shelf.values()
            if one.trashed_at is not None
            and one.trashed_at <= before
            and one.kept_at is None
            and one.deleted_at is None
        ]

    async def sizes(self, since: float) -> Sizes:
        measured = [
            (one, one.measure.bytes, began_at(self._state.lessons[one.lesson_id]))
            for one in self._state.shelf.values()
            if one.measure is not None
        ]
        there = [(one, size) for one, size, _ in measured if one.deleted_at is None]
        return Sizes(
            total=sum(size for _, size in there),
            trash=sum(size for one, size in there if one.trashed_at is not None),
            recent=sum(size for _, size, began in measured if began >= since),
            first_at=min((began for _, _, began in measured), default=None),
        )


class MemoryPositions:
    def __init__(self, state: State) -> None:
        self._state = state

    async def of(self, account_id: str, lesson_ids: Iterable[str]) -> dict[str, Position]:
        known = self._state.positions
        return {one: known[account_id, one] for one in lesson_ids if (account_id, one) in known}

    async def save(self, position: Position) -> None:
        self._state.positions[position.account_id, position.lesson_id] = position

    async def newest(self, account_id: str, limit: int) -> list[Position]:
        found = [
            one
            for one in self._state.positions.values()
            if one.account_id == account_id and _on_shelf(self._state.lessons[one.lesson_id], Shelf.OPEN, self._state)
        ]
        return sorted(found, key=lambda one: -one.at)[:limit]


class MemoryWork:
    def __init__(self, state: State) -> None:
        self._state = state
        self.roster = MemoryRoster(state)
        self.users = MemoryUsers(state)
        self.sessions = MemorySessions(state)
        self.devices = MemoryDevices(state)
        self.feeds = MemoryFeeds(state)
        self.lessons = MemoryLessons(state)
        self.flow = MemoryFlow(state)
        self.quality = MemoryQuality(state)
        self.ledger = MemoryLedger(state)
        self.evaluations = MemoryEvaluations(state)
        self.courses = MemoryCourses(state.courses, state.lessons)
        self.materials = MemoryMaterials(state.materials)
        self.observations = MemoryObservations(state.observations, state.lessons)
        self.reports = MemoryReports(state, self.ledger)
        self.doubts = MemoryDoubts(state.doubts, state.lessons)
        self.cases = MemoryCases(state.cases, state.lessons)
        self.shelf = MemoryShelf(state)
        self.positions = MemoryPositions(state)
        self.surveys = MemorySurveys(state.surveys)
        self.readiness = MemoryReadiness(state.checks, state.agreement_files)

    async def audit(self, row: AuditRow) -> None:
        self._state.audit.append(row)

    async def audit_page(self, query: AuditQuery) -> Page[AuditRow]:
        before = len(self._state.audit) if query.after is None else int(query.after[1])
        found = [
            (number, row)
            for number, row in enumerate(self._state.audit[:before])
            if (query.action is None or row.action == query.action or _in_group(row.action, query.action))
            and (query.actor_id is None or row.actor_id == query.actor_id)
            and (query.subject is None or row.subject == query.subject)
            and (query.since is None or row.at >= query.since)
            and (query.until is None or row.at < query.until)
        ][::-1]
        items = found[: query.limit]
        more = len(found) > query.limit
        return Page([row for _, row in items], write_cursor(items[-1][1].at, str(items[-1][0])) if more else None)


def _in_group(action: str, group: str) -> bool:
    return group.endswith(".") and action.startswith(group)


class MemoryStore:
    """`county.ports.UnitsOfWork`: a write works on a branch of the state and is kept when its block ends well."""

    def __init__(self) -> None:
        self.state = State()
        self._writers = asyncio.Lock()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[MemoryWork]:
        yield MemoryWork(self.state.branch())

    @asynccontextmanager
    async def write(self) -> AsyncIterator[MemoryWork]:
        async with self._writers:
            branch = self.state.branch()
            yield MemoryWork(branch)
            self.state = branch


def county_config() -> CountyConfig:
    """The real files of `config/`."""
    return CountyConfig(
        parse_policies((CONFIG / "crediting.toml").read_text()),
        parse_targets((CONFIG / "targets.toml").read_text()),
        parse_life((CONFIG / "life.toml").read_text()),
        retention=parse_retention((CONFIG / "retention.toml").read_text()),
        rule_files=tuple(
            parse_rule_file(file.read_text(), file.name) for file in sorted((CONFIG / "evaluation").glob("*.toml"))
        ),
        courses=parse_courses((CONFIG / "courses.toml").read_text()),
        materials=parse_limits((CONFIG / "materials.toml").read_text()),
        cases=parse_case_policy((CONFIG / "cases.toml").read_text()),
        rubric=parse_rubric((CONFIG / "observation.toml").read_text()),
        readiness=parse_standard((CONFIG / "readiness.toml").read_text()),
        surveys=parse_sheets((CONFIG / "surveys.toml").read_text()),
        honesty=parse_honesty((CONFIG / "honesty.toml").read_text()),
    )


@dataclass
class County:
    """The services over a store, with everything a test sets or asks. The password of `admin` is `password`.."""

    services: Services
    store: UnitsOfWork
    clock: FakeClock
    notices: Notices
    hasher: PlainHasher
    accounts: list[SampleAccount]

    async def lesson(self, **changes: object) -> Lesson:
        """A scheduled lesson of pairing p01 (s01 teaches s02), Chinese, 40 minutes from now, by TEACHER."""
        wanted: dict[str, object] = {
            "pairing_id": "p01",
            "subject_id": "chinese",
            "topic": "秋天的雨",
            "starts_at": self.clock.at,
            "planned_minutes": 40,
            "teacher_id": TEACHER.id if changes.get("pairing_id", "p01") == "p01" else None,
        }
        return await self.services.lessons.create(ADMIN, **(wanted | changes))  # type: ignore[arg-type]

    async def flow(
        self, lesson: Lesson, participant_id: str, source: str, direction: str, since: float, seconds: int
    ) -> None:
        """Video in every second of [since, since + seconds)."""
        await self.services.lessons.record_flow(
            flow_rows(lesson.id, participant_id, source, direction, int(since), seconds)
        )

    async def taught(self, minutes: float = 40, **changes: object) -> Lesson:
        """A whole lesson as it should be, ended, its recording closed; everybody sent and received all the time."""
        lesson = await self.lesson(**changes)
        await self.services.lessons.start(ADMIN, lesson.id)
        begin, seconds = self.clock.at, int(minutes * 60)
        await self.services.lessons.recording_opened(lesson.id)
        await self.flow(lesson, "teacher", "teacher", "in", begin, seconds)
        for school_id in lesson.receiving_school_ids:
            room = f"classroom-{school_id}"
            await self.flow(lesson, room, "teacher", "out", begin, seconds)
            await self.flow(lesson, room, room, "in", begin, seconds)
        self.clock.at += seconds
        await self.services.lessons.end(ADMIN, lesson.id)
        closed = await self.services.lessons.recording_closed(lesson.id)
        assert closed is not None
        return closed


def flow_rows(
    lesson_id: str, participant_id: str, source: str, direction: str, since: int, seconds: int, kind: str = "video"
) -> list[FlowRow]:
    """Masks with every second of [since, since + seconds) set."""
    masks: dict[int, int] = {}
    for second in range(since, since + seconds):
        masks[second // 60] = masks.get(second // 60, 0) | 1 << second % 60
    return [FlowRow(lesson_id, participant_id, source, direction, kind, minute, mask) for minute, mask in masks.items()]


def good_report(lesson_id: str, seconds: float = 2400.0, **changes: object) -> dict[str, object]:
    """A verification report (docs/protocols.md, section 5) without a complaint."""
    report: dict[str, object] = {
        "lesson_id": lesson_id,
        "opens": True,
        "live_seconds": seconds,
        "duration": seconds,
        "gap_seconds": 0.4,
        "tracks": [],
        "teacher": {"black_or_frozen_share": 0.02, "silent_share": 0.2},
        "problems": [],
    }
    return report | changes


@cache
def sample_entries() -> tuple[Entry, ...]:
    """The sample county of `config/`."""
    return read_sample_county(CONFIG / "sample-county.xlsx")


async def make_county(store: UnitsOfWork | None = None, clock: FakeClock | None = None) -> County:
    """The sample county in memory (or in the given store)."""
    store = store if store is not None else MemoryStore()
    clock = clock if clock is not None else FakeClock()
    hasher = PlainHasher()
    notices = Notices()
    accounts = await load_sample(store, sample_entries(), hasher, now=clock(), admin_password="password")
    services = build_services(store=store, hasher=hasher, notices=notices, config=county_config(), now=clock, key=KEY)
    return County(services, store, clock, notices, hasher, accounts)
