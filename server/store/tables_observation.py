"""The tables of lesson observation."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Double, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from .tables import Sequence, metadata

rubrics = Table(
    "rubrics",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("body", JSON, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("author_id", String(64), nullable=False),
    Column("author_name", String(200), nullable=False),
    Column("note", Text, nullable=False),
)

observations = Table(
    "observations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("lesson_id", ForeignKey("lessons.id"), nullable=False),
    Column("observer_id", ForeignKey("users.id"), nullable=False),
    Column("rubric", ForeignKey("rubrics.version"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("updated_at", Double, nullable=False),
    Column("marks", JSON, nullable=False),
    Column("remarks", JSON, nullable=False),
    Column("highlights", Text, nullable=False),
    Column("suggestions", Text, nullable=False),
    Column("signed_at", Double),
    Column("signed_name", String(200), nullable=False),
    Column("total", Double),
    Column("band", Integer),
    Column("read_at", Double),
    Column("version", Integer, nullable=False),
    UniqueConstraint("lesson_id", "observer_id"),
    Index(None, "created_at", "id"),
    Index(None, "observer_id"),
)

observation_events = Table(
    "observation_events",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("sheet_id", ForeignKey("observations.id"), nullable=False, index=True),
    Column("at", Double, nullable=False),
    Column("step", String(16), nullable=False),
    Column("actor_id", String(64), nullable=False),
    Column("actor_name", String(200), nullable=False),
    Column("text", Text, nullable=False),
)
