"""Lesson observation: versions of the form, sheets, their events.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three tables."""
    op.create_table(
        "rubrics",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("author_id", sa.String(length=64), nullable=False),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_rubrics")),
    )
    op.create_table(
        "observations",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("lesson_id", sa.String(length=64), nullable=False),
        sa.Column("observer_id", sa.String(length=64), nullable=False),
        sa.Column("rubric", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("updated_at", sa.Double(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.Column("highlights", sa.Text(), nullable=False),
        sa.Column("suggestions", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.Double(), nullable=True),
        sa.Column("signed_name", sa.String(length=200), nullable=False),
        sa.Column("total", sa.Double(), nullable=True),
        sa.Column("band", sa.Integer(), nullable=True),
        sa.Column("read_at", sa.Double(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_observations_lesson_id")),
        sa.ForeignKeyConstraint(["observer_id"], ["users.id"], name=op.f("fk_observations_observer_id")),
        sa.ForeignKeyConstraint(["rubric"], ["rubrics.version"], name=op.f("fk_observations_rubric")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observations")),
        sa.UniqueConstraint("lesson_id", "observer_id", name=op.f("uq_observations_lesson_id_observer_id")),
    )
    op.create_index(op.f("ix_observations_created_at_id"), "observations", ["created_at", "id"])
    op.create_index(op.f("ix_observations_observer_id"), "observations", ["observer_id"])
    op.create_table(
        "observation_events",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sheet_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["observations.id"], name=op.f("fk_observation_events_sheet_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_observation_events")),
    )
    op.create_index(op.f("ix_observation_events_sheet_id"), "observation_events", ["sheet_id"])
