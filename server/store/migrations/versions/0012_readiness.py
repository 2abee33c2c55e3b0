"""Readiness: registered equipment, network spaces, agreements and small schools; classrooms' own checks.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _edited() -> tuple[sa.Column[int], sa.Column[bool]]:
    return (
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def upgrade() -> None:
    """Three kinds of roster entries, scans of agreements, and the checks."""
    op.create_table(
        "school_readiness",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("equipment_accepted_on", sa.String(length=10), nullable=True),
        sa.Column("equipment_source", sa.String(length=200), nullable=False),
        sa.Column("space_opened_on", sa.String(length=10), nullable=True),
        sa.Column("space_address", sa.String(length=200), nullable=False),
        *_edited(),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_school_readiness_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_readiness")),
    )
    op.create_table(
        "agreements",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("pairing_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("signed_on", sa.String(length=10), nullable=False),
        *_edited(),
        sa.ForeignKeyConstraint(["pairing_id"], ["pairings.id"], name=op.f("fk_agreements_pairing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
    )
    op.create_table(
        "agreement_files",
        sa.Column("pairing_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["pairing_id"], ["pairings.id"], name=op.f("fk_agreement_files_pairing_id")),
        sa.PrimaryKeyConstraint("pairing_id", name=op.f("pk_agreement_files")),
        sa.UniqueConstraint("id", name=op.f("uq_agreement_files_id")),
    )
    op.create_table(
        "small_schools",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("school_id", sa.String(length=64), nullable=True),
        sa.Column("merged_in", sa.Integer(), nullable=True),
        sa.Column("without_pupils", sa.String(length=8), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        *_edited(),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_small_schools_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_small_schools")),
    )
    op.create_table(
        "readiness_checks",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("room", sa.String(length=100), nullable=False),
        sa.Column("room_name", sa.String(length=200), nullable=False),
        sa.Column("by_device", sa.Boolean(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("standard", sa.String(length=100), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("failed", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_readiness_checks_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_checks")),
    )
    op.create_index(op.f("ix_readiness_checks_school_id_at"), "readiness_checks", ["school_id", "at"])
