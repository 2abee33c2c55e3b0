"""The tables. Migrations in `migrations/` build them; a test holds the two together."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only for a plain INTEGER primary key.
Sequence = BigInteger().with_variant(Integer, "sqlite")


def edited() -> tuple[Column[int], Column[bool]]:
    """Of a roster entry: its version counts changes, and it may be archived."""
    return (
        Column("version", Integer, nullable=False, server_default=text("1")),
        Column("archived", Boolean, nullable=False, server_default=false()),
    )


schools = Table(
    "schools",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("name_en", String(200), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("stage", String(16), nullable=False),
    *edited(),
)

subjects = Table(
    "subjects",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("name", String(100), nullable=False),
    Column("name_en", String(100), nullable=False),
    *edited(),
)

expert_groups = Table(
    "expert_groups",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("subject_id", ForeignKey("subjects.id"), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("leads", JSON, nullable=False),
    Column("members", JSON, nullable=False),
    *edited(),
)

users = Table(
    "users",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("username", String(64), nullable=False, unique=True),
    Column("name", String(100), nullable=False),
    Column("role", String(16), nullable=False),
    Column("school_id", ForeignKey("schools.id")),
    Column("password_hash", String(255)),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
)

pairings = Table(
    "pairings",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("supporting_school_id", ForeignKey("schools.id"), nullable=False),
    Column("receiving_school_id", ForeignKey("schools.id"), nullable=False),
    Column("researcher_id", ForeignKey("users.id"), nullable=False),
    *edited(),
)

devices = Table(
    "devices",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("school_id", ForeignKey("schools.id"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("redeemed_at", Double),
    Column("last_seen_at", Double),
    Column("revoked", Boolean, nullable=False),
    Column("code_hash", String(64), unique=True),
    Column("code_expires_at", Double),
    Column("version", Integer, nullable=False, server_default=text("1")),
)

# Days are ISO 8601 (2026-09-01).
terms = Table(
    "terms",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("begins", String(10), nullable=False),
    Column("ends", String(10), nullable=False),
    *edited(),
)

holidays = Table(
    "holidays",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("term_id", ForeignKey("terms.id"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("begins", String(10), nullable=False),
    Column("ends", String(10), nullable=False),
    Column("follows", String(1)),
    *edited(),
)

milestones = Table(
    "milestones",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("due", String(10), nullable=False),
    Column("done_on", String(10)),
    Column("note", Text),
    *edited(),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id"), index=True),
    Column("device_id", ForeignKey("devices.id"), index=True),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, index=True),
)

# Calendar addresses: whoever has the token reads the calendar, so only its hash is kept.
feeds = Table(
    "feeds",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("school_id", ForeignKey("schools.id")),
    Column("created_at", Double, nullable=False),
    Column("last_used_at", Double),
)

lessons = Table(
    "lessons",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("form", String(16), nullable=False),
    Column("pairing_id", ForeignKey("pairings.id"), nullable=False),
    Column("supporting_school_id", ForeignKey("schools.id"), nullable=False),
    Column("receiving_school_ids", JSON, nullable=False),
    Column("subject_id", ForeignKey("subjects.id"), nullable=False),
    Column("topic", String(400), nullable=False),
    Column("teacher_id", ForeignKey("users.id")),
    Column("starts_at", Double, nullable=False),
    Column("planned_minutes", Integer, nullable=False),
    Column("policy", String(64), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("created_at", Double, nullable=False),
    Column("started_at", Double),
    Column("ended_at", Double),
    Column("version", Integer, nullable=False),
    Index(None, "starts_at", "id"),
    Index(None, "started_at"),
)

# Who takes part, for questions per school; the lesson's own row keeps the order.
lesson_schools = Table(
    "lesson_schools",
    metadata,
    Column("lesson_id", ForeignKey("lessons.id"), primary_key=True),
    Column("school_id", ForeignKey("schools.id"), primary_key=True),
    Column("side", String(16), nullable=False),
    Index(None, "school_id", "lesson_id"),
)

lesson_events = Table(
    "lesson_events",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("lesson_id", ForeignKey("lessons.id"), nullable=False, index=True),
    Column("at", Double, nullable=False),
    Column("from_state", String(16)),
    Column("to_state", String(16), nullable=False),
    Column("actor_id", String(64), nullable=False),
    Column("actor_name", String(200), nullable=False),
    Column("reason", Text, nullable=False),
)

lesson_reasons = Table(
    "lesson_reasons",
    metadata,
    Column("lesson_id", ForeignKey("lessons.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("school_id", ForeignKey("schools.id")),
    Column("code", String(32), nullable=False),
    Column("text", Text, nullable=False),
    Column("text_en", Text, nullable=False),
)

participants = Table(
    "participants",
    metadata,
    Column("lesson_id", ForeignKey("lessons.id"), primary_key=True),
    Column("participant_id", String(128), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("school_id", String(64)),
    Column("name", String(200), nullable=False),
    Column("first_seen_at", Double, nullable=False),
)

# No foreign key: evidence is kept even if it comes before or after what it is about.
flow = Table(
    "flow",
    metadata,
    Column("lesson_id", String(64), primary_key=True),
    Column("participant_id", String(128), primary_key=True),
    Column("source", String(128), primary_key=True),
    Column("direction", String(8), primary_key=True),
    Column("kind", String(8), primary_key=True),
    Column("minute", BigInteger, primary_key=True),
    Column("mask", BigInteger, nullable=False),
    Column("packets", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
)

quality = Table(
    "quality",
    metadata,
    Column("lesson_id", String(64), primary_key=True),
    Column("participant_id", String(128), primary_key=True),
    Column("direction", String(8), primary_key=True),
    Column("minute", BigInteger, primary_key=True),
    Column("looks", Integer, nullable=False),
    Column("bad", Integer, nullable=False),
    Column("loss", Double, nullable=False),
    Column("samples", Integer, nullable=False),
)

recordings = Table(
    "recordings",
    metadata,
    Column("lesson_id", ForeignKey("lessons.id"), primary_key=True),
    Column("opened_at", Double),
    Column("closed_at", Double),
    Column("queued_at", Double),
    Column("verified_at", Double),
    Column("report", JSON(none_as_null=True)),
)

ledger = Table(
    "ledger",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("key", String(255), nullable=False, unique=True),
    Column("lesson_id", ForeignKey("lessons.id"), nullable=False, index=True),
    Column("school_id", ForeignKey("schools.id"), nullable=False),
    Column("subject_id", ForeignKey("subjects.id"), nullable=False),
    Column("form", String(16), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("reverses", String(64)),
    Column("reason", Text, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("policy_version", String(100), nullable=False),
    Column("actor_id", String(64), nullable=False),
    Column("at", Double, nullable=False),
    UniqueConstraint("reverses"),
    Index(None, "school_id", "lesson_id"),
    Index(None, "at", "id"),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("at", Double, nullable=False),
    Column("actor_id", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("detail", Text, nullable=False),
    Column("address", String(100), nullable=False, server_default=""),
    Index(None, "actor_id", "seq"),
    Index(None, "subject", "seq"),
)

# What is kept of a recording and what became of it; measures are null until it is closed and was looked at.
shelf = Table(
    "shelf",
    metadata,
    Column("lesson_id", ForeignKey("lessons.id"), primary_key=True),
    Column("duration", Double),
    Column("bytes", BigInteger),
    Column("tracks", Integer),
    Column("gap_seconds", Double),
    Column("kept_at", Double),
    Column("kept_by", String(64), nullable=False),
    Column("kept_reason", Text, nullable=False),
    Column("trashed_at", Double, index=True),
    Column("trashed_by", String(64), nullable=False),
    Column("trash_reason", Text, nullable=False),
    Column("deleting_at", Double),
    Column("deleted_at", Double),
)

# An account is a user or a device.
positions = Table(
    "positions",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("lesson_id", ForeignKey("lessons.id"), primary_key=True),
    Column("position", Double, nullable=False),
    Column("duration", Double, nullable=False),
    Column("at", Double, nullable=False),
    Index(None, "account_id", "at"),
)

APPEND_ONLY = (
    "ledger",
    "lesson_events",
    "audit_log",
    "entered_facts",
    "evaluations",
    "doubt_events",
    "sent_reports",
)
"""Tables whose rows are never changed or deleted; triggers refuse it (migrations 0001, 0003, 0010, 0013)."""
