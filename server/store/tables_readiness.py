"""Tables of readiness: what is registered by hand (entries of the roster), and classrooms' own checks."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Double, ForeignKey, Index, Integer, String, Table

from .tables import edited, metadata

school_readiness = Table(
    "school_readiness",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("school_id", ForeignKey("schools.id"), nullable=False),
    Column("equipment_accepted_on", String(10)),
    Column("equipment_source", String(200), nullable=False),
    Column("space_opened_on", String(10)),
    Column("space_address", String(200), nullable=False),
    *edited(),
)

agreements = Table(
    "agreements",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("pairing_id", ForeignKey("pairings.id"), nullable=False),
    Column("number", String(100), nullable=False),
    Column("signed_on", String(10), nullable=False),
    *edited(),
)

# The bytes are a file of the materials' folder under `id`.
agreement_files = Table(
    "agreement_files",
    metadata,
    Column("pairing_id", ForeignKey("pairings.id"), primary_key=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("media_type", String(200), nullable=False),
    Column("size", Integer, nullable=False),
    Column("at", Double, nullable=False),
    Column("by", String(200), nullable=False),
)

small_schools = Table(
    "small_schools",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("school_id", ForeignKey("schools.id")),
    Column("merged_in", Integer),
    Column("without_pupils", String(8)),
    Column("source", String(200), nullable=False),
    *edited(),
)

readiness_checks = Table(
    "readiness_checks",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("school_id", ForeignKey("schools.id"), nullable=False),
    Column("room", String(100), nullable=False),
    Column("room_name", String(200), nullable=False),
    Column("by_device", Boolean, nullable=False),
    Column("at", Double, nullable=False),
    Column("day", String(10), nullable=False),
    Column("by", String(200), nullable=False),
    Column("standard", String(100), nullable=False),
    Column("figures", JSON, nullable=False),
    Column("failed", JSON, nullable=False),
    Index(None, "school_id", "at"),
)
