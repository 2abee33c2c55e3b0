"""Satisfaction surveys.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Counts and unused codes; no table holds one person's answer."""
    op.create_table(
        "survey_sheets",
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sheet", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("author_id", sa.String(length=64), nullable=False),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("audience", "number", name=op.f("pk_survey_sheets")),
    )
    op.create_table(
        "surveys",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("sheet_number", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.JSON(), nullable=False),
        sa.Column("closes_on", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("closed_on", sa.String(length=10), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
    )
    op.create_index(op.f("ix_surveys_year"), "surveys", ["year"], unique=False)
    op.create_table(
        "survey_groups",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("survey_id", sa.String(length=64), nullable=False),
        sa.Column("school_id", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_survey_groups_school_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_survey_groups_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_groups")),
    )
    op.create_index(op.f("ix_survey_groups_survey_id"), "survey_groups", ["survey_id"], unique=False)
    op.create_table(
        "survey_codes",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["survey_groups.id"], name=op.f("fk_survey_codes_group_id")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_survey_codes")),
    )
    op.create_index(op.f("ix_survey_codes_group_id"), "survey_codes", ["group_id"], unique=False)
    op.create_table(
        "survey_counts",
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("choice", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["survey_groups.id"], name=op.f("fk_survey_counts_group_id")),
        sa.PrimaryKeyConstraint("group_id", "question", "choice", name=op.f("pk_survey_counts")),
    )
