"""Tables of the satisfaction surveys. None of them holds one person's answer, or a time beside an answer or a code."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Double, ForeignKey, Integer, String, Table, Text

from .tables import metadata

survey_sheets = Table(
    "survey_sheets",
    metadata,
    Column("audience", String(16), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sheet", JSON, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("author_id", String(64), nullable=False),
    Column("author_name", String(200), nullable=False),
    Column("note", Text, nullable=False),
)

surveys = Table(
    "surveys",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("audience", String(16), nullable=False),
    Column("year", Integer, nullable=False, index=True),
    Column("title", String(200), nullable=False),
    Column("title_en", String(200), nullable=False),
    Column("sheet_number", Integer, nullable=False),
    Column("sheet", JSON, nullable=False),
    Column("closes_on", String(10), nullable=False),  # YYYY-MM-DD
    Column("created_at", Double, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("closed_on", String(10)),
    Column("withdrawn", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)

survey_groups = Table(
    "survey_groups",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("survey_id", ForeignKey("surveys.id"), nullable=False, index=True),
    Column("school_id", ForeignKey("schools.id")),
    Column("name", String(200), nullable=False),
    Column("issued", Integer, nullable=False),
)

# Codes that were not used yet; a used one is deleted, so that nothing stands beside the counts it was added to.
survey_codes = Table(
    "survey_codes",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("group_id", ForeignKey("survey_groups.id"), nullable=False, index=True),
)

# Every choice has its row from the beginning: not even the order of first answers is to be seen.
survey_counts = Table(
    "survey_counts",
    metadata,
    Column("group_id", ForeignKey("survey_groups.id"), primary_key=True),
    Column("question", String(64), primary_key=True),
    Column("choice", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
)
