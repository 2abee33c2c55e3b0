"""From the county's values to the models of our answers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from server.live.watch import SYSTEM

from . import schemas as s
from . import schemas_library as lib

if TYPE_CHECKING:
    from collections.abc import Sequence

    from server.county.model import Device, LedgerEntry, Lesson, Pairing, User
    from server.county.ports import AuditRow, Reason
    from server.county.services import Services
    from server.county.shelf import ShelfRecord
    from server.county.views import LessonDetail, LessonExtras

# The roster changes only by hand; a renamed school is seen after this long (s).
NAMES_FOR = 10.0


class Views:
    """Answers with names in them. Keeps the names of schools, subjects and people for NAMES_FOR seconds."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._until = -1.0
        self._schools: dict[str, str] = {}
        self._subjects: dict[str, str] = {}
        self._people: dict[str, str] = {}

    async def _load(self) -> None:
        now = time.monotonic()
        if now < self._until:
            return
        roster = self._services.roster
        self._schools = {school.id: school.name for school in await roster.schools()}
        self._subjects = {subject.id: subject.name for subject in await roster.subjects()}
        self._people = await roster.account_names()
        self._until = now + NAMES_FOR

    def forget(self) -> None:
        """People changed: read their names again."""
        self._until = -1.0

    async def school_name(self, school_id: str | None) -> str | None:
        await self._load()
        return self._schools.get(school_id, school_id) if school_id is not None else None

    # --- accounts ---------------------------------------------------------------------------------------------------

    async def user(self, user: User) -> s.UserAnswer:
        return s.UserAnswer(
            id=user.id,
            username=user.username,
            name=user.name,
            role=user.role,
            school_id=user.school_id,
            school_name=await self.school_name(user.school_id),
            disabled=user.disabled,
            created_at=s.rfc3339(user.created_at),
        )

    async def device(self, device: Device) -> s.DeviceAnswer:
        return s.DeviceAnswer(
            id=device.id,
            school_id=device.school_id,
            school_name=await self.school_name(device.school_id) or "",
            name=device.name,
            created_at=s.rfc3339(device.created_at),
            redeemed_at=s.rfc3339_or_none(device.redeemed_at),
            last_seen_at=s.rfc3339_or_none(device.last_seen_at),
            revoked=device.revoked,
        )

    # --- roster -----------------------------------------------------------------------------------------------------

    async def pairing(self, pairing: Pairing) -> s.PairingAnswer:
        await self._load()
        return s.PairingAnswer(
            id=pairing.id,
            number=pairing.number,
            supporting_school_id=pairing.supporting_school_id,
            supporting_school=self._schools.get(pairing.supporting_school_id, ""),
            receiving_school_id=pairing.receiving_school_id,
            receiving_school=self._schools.get(pairing.receiving_school_id, ""),
            researcher=self._people.get(pairing.researcher_id, ""),
            researcher_id=pairing.researcher_id,
            archived=pairing.archived,
        )

    # --- lessons ----------------------------------------------------------------------------------------------------

    async def lessons(self, lessons: Sequence[Lesson]) -> list[s.LessonAnswer]:
        extras = await self._services.lessons.extras(lessons)
        await self._load()
        return [s.LessonAnswer(**self._lesson(lesson, extras[lesson.id])) for lesson in lessons]

    async def lesson(self, lesson: Lesson) -> s.LessonAnswer:
        return (await self.lessons([lesson]))[0]

    async def room_lesson(self, lesson_id: str) -> dict[str, Any]:
        """The lesson as JSON for its room. Raises NotFound."""
        lesson = await self._services.lessons.get(SYSTEM, lesson_id)
        return (await self.lesson(lesson)).model_dump(mode="json")

    def _lesson(self, lesson: Lesson, extras: LessonExtras) -> dict[str, Any]:
        return {
            "id": lesson.id,
            "form": lesson.form,
            "pairing_id": lesson.pairing_id,
            "supporting_school_id": lesson.supporting_school_id,
            "supporting_school": self._schools.get(lesson.supporting_school_id, ""),
            "receiving_schools": [
                s.SchoolRef(id=school, name=self._schools.get(school, "")) for school in lesson.receiving_school_ids
            ],
            "subject": lesson.subject_id,
            "subject_name": self._subjects.get(lesson.subject_id, ""),
            "topic": lesson.topic,
            "teacher_id": lesson.teacher_id,
            "teacher_name": extras.teacher_name,
            "starts_at": s.rfc3339(lesson.starts_at),
            "planned_minutes": lesson.planned_minutes,
            "policy": lesson.policy,
            "state": lesson.state,
            "started_at": s.rfc3339_or_none(lesson.started_at),
            "ended_at": s.rfc3339_or_none(lesson.ended_at),
            "version": lesson.version,
            "recording_id": extras.recording_id,
            "reason": extras.reason or None,
            "reason_en": extras.reason_en or None,
        }

    async def detail(self, detail: LessonDetail) -> s.LessonDetailAnswer:
        await self._load()
        return s.LessonDetailAnswer(
            **self._lesson(detail.lesson, detail.extras),
            participants=[
                s.ParticipantAnswer(
                    participant_id=one.participant_id,
                    role=one.role,
                    school_id=one.school_id,
                    name=one.name,
                    seconds_in=one.seconds_in,
                    seconds_out=one.seconds_out,
                )
                for one in detail.participants
            ],
            evidence=None if detail.evidence is None else s.Evidence.model_validate(detail.evidence.as_dict()),
            policy_rules=detail.policy,
            credits=[await self.entry(entry) for entry in detail.credits],
            reasons=[self._reason(reason) for reason in detail.reasons],
            events=[
                s.LessonEventAnswer.model_validate(
                    {
                        "at": s.rfc3339(event.at),
                        "from": event.from_state,
                        "to": event.to_state,
                        "actor": event.actor_name,
                        "reason": event.reason,
                    }
                )
                for event in detail.events
            ],
        )

    def _reason(self, reason: Reason) -> s.ReasonAnswer:
        return s.ReasonAnswer(
            school_id=reason.school_id,
            school_name=self._schools.get(reason.school_id) if reason.school_id is not None else None,
            code=reason.code,
            text=reason.text,
            text_en=reason.text_en,
        )

    # --- the library ------------------------------------------------------------------------------------------------

    async def shelf(self, lesson: Lesson, record: ShelfRecord) -> lib.ShelfAnswer:
        await self._load()
        library = self._services.library
        kept = trash = None
        if record.kept_at is not None:
            kept = lib.Kept(at=s.rfc3339(record.kept_at), by=self._person(record.kept_by), reason=record.kept_reason)
        if record.trashed_at is not None:
            trash = lib.Trashed(
                at=s.rfc3339(record.trashed_at),
                by=self._person(record.trashed_by),
                reason=record.trash_reason,
                deletes_at=s.rfc3339(record.trashed_at + library.policy.trash_term),
            )
        return lib.ShelfAnswer(
            keep_until=None if kept is not None else s.rfc3339_or_none(library.keep_until(lesson)),
            kept=kept,
            trash=trash,
        )

    async def audit(self, rows: Sequence[AuditRow]) -> list[lib.AuditLogAnswer]:
        await self._load()
        topics = await self._services.lessons.topics({row.subject for row in rows})
        return [
            lib.AuditLogAnswer(
                at=s.rfc3339(row.at),
                actor_id=row.actor_id,
                actor=self._person(row.actor_id),
                action=row.action,
                subject=row.subject,
                topic=topics.get(row.subject),
                detail=row.detail,
                address=row.address,
            )
            for row in rows
        ]

    def _person(self, account_id: str) -> str:
        return SYSTEM.name if account_id == SYSTEM.id else self._people.get(account_id, account_id)

    # --- ledger ---------------------------------------------------------------------------------------------------

    async def entry(self, entry: LedgerEntry) -> s.LedgerAnswer:
        await self._load()
        return s.LedgerAnswer(
            id=entry.id,
            lesson_id=entry.lesson_id,
            school_id=entry.school_id,
            school_name=self._schools.get(entry.school_id, ""),
            subject_id=entry.subject_id,
            form=entry.form,
            amount=entry.amount,
            reverses=entry.reverses,
            reason=entry.reason,
            evidence=entry.evidence,
            policy_version=entry.policy_version,
            actor=self._person(entry.actor_id),
            at=s.rfc3339(entry.at),
        )
