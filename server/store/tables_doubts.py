"""The tables of doubts, and of the lines from which lessons were sent."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Double, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from .tables import Sequence, metadata

doubts = Table(
    "doubts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("lesson_id", ForeignKey("lessons.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("school_id", ForeignKey("schools.id")),
    Column("key", String(255), nullable=False),
    Column("text", Text, nullable=False),
    Column("text_en", Text, nullable=False),
    Column("figures", JSON, nullable=False),
    Column("moments", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("found_at", Double, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("lesson_id", "key"),
    Index(None, "state", "found_at", "id"),
    Index(None, "found_at", "id"),
)

doubt_events = Table(
    "doubt_events",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("doubt_id", ForeignKey("doubts.id"), nullable=False, index=True),
    Column("at", Double, nullable=False),
    Column("step", String(16), nullable=False),
    Column("actor_id", String(64), nullable=False),
    Column("actor_name", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("entries", JSON, nullable=False),
)

# No foreign key: evidence, like flow.
publications = Table(
    "publications",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("lesson_id", String(64), nullable=False, index=True),
    Column("participant_id", String(128), nullable=False),
    Column("school_id", String(64)),
    Column("address", String(64), nullable=False),
    Column("at", Double, nullable=False),
    Index(None, "school_id", "at"),
    Index(None, "address", "at"),
)
