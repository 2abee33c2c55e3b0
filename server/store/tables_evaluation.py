"""Tables of the evaluation and the audit."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Double, Index, Integer, String, Table, Text

from .tables import Sequence, metadata

entered_facts = Table(
    "entered_facts",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("year", Integer, nullable=False, index=True),
    Column("name", String(100), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("value", JSON, nullable=False),
    Column("source", Text, nullable=False),
    Column("actor_id", String(64), nullable=False),
    Column("actor_name", String(200), nullable=False),
    Column("at", Double, nullable=False),
)

# Frozen ones: the texts themselves, so that they can be computed again whatever became of the files.
evaluations = Table(
    "evaluations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("year", Integer, nullable=False),
    Column("level", String(16), nullable=False),
    Column("at", Double, nullable=False),
    Column("actor_id", String(64), nullable=False),
    Column("actor_name", String(200), nullable=False),
    Column("note", Text, nullable=False),
    Column("rules_id", String(100), nullable=False),
    Column("rules", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("signature", String(64), nullable=False),
    Index(None, "at", "id"),
)

audit_runs = Table(
    "audit_runs",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("by", String(200), nullable=False),
    Column("begun_at", Double, nullable=False, index=True),
    Column("ended_at", Double),
    Column("lessons", Integer, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("evaluations", Integer, nullable=False),
    Column("found", Integer, nullable=False),
    Column("differences", JSON, nullable=False),
    Column("failed", Text, nullable=False),
)
