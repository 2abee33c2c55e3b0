"""The tables of exemplary cases."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Double, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from .tables import Sequence, metadata

cases = Table(
    "cases",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("lesson_id", ForeignKey("lessons.id"), nullable=False, unique=True),
    Column("subject_id", ForeignKey("subjects.id"), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("updated_at", Double, nullable=False),
    Column("changed_by", String(64), nullable=False),
    Column("title", String(200), nullable=False),
    Column("texts", JSON, nullable=False),
    Column("recording_id", ForeignKey("lessons.id"), index=True),
    Column("material_ids", JSON, nullable=False),
    Column("pictures", JSON, nullable=False),
    Column("submitted_at", Double),
    Column("published_at", Double),
    Column("reported_at", Double),
    Column("honoured_at", Double),
    Column("round", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "created_at", "id"),
)

case_authors = Table(
    "case_authors",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True, index=True),
    Column("place", Integer, nullable=False),
)

case_pictures = Table(
    "case_pictures",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("uploader_id", String(64), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

case_reviews = Table(
    "case_reviews",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("round", Integer, nullable=False),
    Column("reviewer_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("updated_at", Double, nullable=False),
    Column("marks", JSON, nullable=False),
    Column("remarks", Text, nullable=False),
    Column("done_at", Double),
    Column("version", Integer, nullable=False),
)

case_events = Table(
    "case_events",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("at", Double, nullable=False),
    Column("step", String(16), nullable=False),
    Column("actor_id", String(64), nullable=False),
    Column("actor_name", String(200), nullable=False),
    Column("text", Text, nullable=False),
)

casebooks = Table(
    "casebooks",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("title", String(200), nullable=False),
    Column("editor", String(200), nullable=False),
    Column("preface", Text, nullable=False),
    Column("case_ids", JSON, nullable=False),
    Column("updated_at", Double, nullable=False),
    Column("changed_by", String(64), nullable=False),
    Column("version", Integer, nullable=False),
)
