"""Courses on demand: what recording they show, what classes played of it.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three tables."""
    op.create_table(
        "courses",
        sa.Column("lesson_id", sa.String(length=64), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.Column("duration", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_courses_lesson_id")),
        sa.ForeignKeyConstraint(["source_id"], ["lessons.id"], name=op.f("fk_courses_source_id")),
        sa.PrimaryKeyConstraint("lesson_id", name=op.f("pk_courses")),
    )
    op.create_index(op.f("ix_courses_source_id"), "courses", ["source_id"])
    op.create_table(
        "plays",
        sa.Column("lesson_id", sa.String(length=64), nullable=False),
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("first_at", sa.Double(), nullable=False),
        sa.Column("last_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_plays_lesson_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_plays_school_id")),
        sa.PrimaryKeyConstraint("lesson_id", "school_id", name=op.f("pk_plays")),
    )
    op.create_table(
        "play_clocks",
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_play_clocks")),
    )
