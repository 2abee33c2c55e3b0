"""Rows ⇄ the county's values, and the upsert both dialects share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql, sqlite

from server.county.model import (
    Device,
    Form,
    LedgerEntry,
    Lesson,
    LessonEvent,
    LessonState,
    Role,
    TokenRole,
    User,
)
from server.county.ports import ParticipantRecord

if TYPE_CHECKING:
    from sqlalchemy import Row, Table
    from sqlalchemy.ext.asyncio import AsyncConnection


def insert(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, in the connection's dialect."""
    return insert_in(connection.dialect.name, table)


def insert_in(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """The same for a dialect by its name, for statements that are made once and kept."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def user_of(row: Row[Any]) -> User:
    return User(
        row.id,
        row.username,
        row.name,
        Role(row.role),
        row.school_id,
        row.password_hash,
        disabled=row.disabled,
        created_at=row.created_at,
    )


def device_of(row: Row[Any]) -> Device:
    return Device(
        row.id, row.school_id, row.name, row.created_at, row.redeemed_at, row.last_seen_at, revoked=row.revoked
    )


def lesson_of(row: Row[Any]) -> Lesson:
    return Lesson(
        id=row.id,
        form=Form(row.form),
        pairing_id=row.pairing_id,
        supporting_school_id=row.supporting_school_id,
        receiving_school_ids=tuple(row.receiving_school_ids),
        subject_id=row.subject_id,
        topic=row.topic,
        teacher_id=row.teacher_id,
        starts_at=row.starts_at,
        planned_minutes=row.planned_minutes,
        policy=row.policy,
        state=LessonState(row.state),
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        version=row.version,
    )


def lesson_values(lesson: Lesson) -> dict[str, Any]:
    return {
        "id": lesson.id,
        "form": lesson.form.value,
        "pairing_id": lesson.pairing_id,
        "supporting_school_id": lesson.supporting_school_id,
        "receiving_school_ids": list(lesson.receiving_school_ids),
        "subject_id": lesson.subject_id,
        "topic": lesson.topic,
        "teacher_id": lesson.teacher_id,
        "starts_at": lesson.starts_at,
        "planned_minutes": lesson.planned_minutes,
        "policy": lesson.policy,
        "state": lesson.state.value,
        "created_at": lesson.created_at,
        "started_at": lesson.started_at,
        "ended_at": lesson.ended_at,
        "version": lesson.version,
    }


def event_of(row: Row[Any]) -> LessonEvent:
    before = LessonState(row.from_state) if row.from_state is not None else None
    return LessonEvent(
        row.lesson_id, row.at, before, LessonState(row.to_state), row.actor_id, row.actor_name, row.reason
    )


def participant_of(row: Row[Any]) -> ParticipantRecord:
    return ParticipantRecord(
        row.lesson_id, row.participant_id, TokenRole(row.role), row.school_id, row.name, row.first_seen_at
    )


def entry_of(row: Row[Any]) -> LedgerEntry:
    return LedgerEntry(
        id=row.id,
        key=row.key,
        lesson_id=row.lesson_id,
        school_id=row.school_id,
        subject_id=row.subject_id,
        form=Form(row.form),
        amount=row.amount,
        reverses=row.reverses,
        reason=row.reason,
        evidence=row.evidence,
        policy_version=row.policy_version,
        actor_id=row.actor_id,
        at=row.at,
    )


def entry_values(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "key": entry.key,
        "lesson_id": entry.lesson_id,
        "school_id": entry.school_id,
        "subject_id": entry.subject_id,
        "form": entry.form.value,
        "amount": entry.amount,
        "reverses": entry.reverses,
        "reason": entry.reason,
        "evidence": entry.evidence,
        "policy_version": entry.policy_version,
        "actor_id": entry.actor_id,
        "at": entry.at,
    }
