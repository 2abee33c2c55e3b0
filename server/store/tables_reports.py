"""Table of the reports that were sent."""

from __future__ import annotations

from sqlalchemy import Column, Double, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from .tables import metadata

# As they left: the files' own bytes, whatever became of the rows and of the programs that made them.
sent_reports = Table(
    "sent_reports",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("scope", String(16), nullable=False),
    Column("scope_id", String(64), nullable=False),
    Column("month", String(7), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Double, nullable=False, index=True),
    Column("actor_id", String(64), nullable=False),
    Column("actor_name", String(200), nullable=False),
    Column("language", Integer, nullable=False),
    Column("about", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("correction", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("figures", Text, nullable=False),
    Column("xlsx", LargeBinary, nullable=False),
    Column("docx", LargeBinary, nullable=False),
    UniqueConstraint("scope", "scope_id", "month", "version"),
)
