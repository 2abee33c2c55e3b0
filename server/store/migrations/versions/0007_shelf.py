"""What is kept of recordings, where each account stopped watching, and where audited requests came from.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The audit log grows a column: adding one rewrites no row, so its triggers stay."""
    op.add_column("audit_log", sa.Column("address", sa.String(length=100), nullable=False, server_default=""))
    op.create_index(op.f("ix_audit_log_actor_id_seq"), "audit_log", ["actor_id", "seq"], unique=False)
    op.create_index(op.f("ix_audit_log_subject_seq"), "audit_log", ["subject", "seq"], unique=False)
    op.create_table(
        "shelf",
        sa.Column("lesson_id", sa.String(length=64), nullable=False),
        sa.Column("duration", sa.Double(), nullable=True),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        sa.Column("tracks", sa.Integer(), nullable=True),
        sa.Column("gap_seconds", sa.Double(), nullable=True),
        sa.Column("kept_at", sa.Double(), nullable=True),
        sa.Column("kept_by", sa.String(length=64), nullable=False),
        sa.Column("kept_reason", sa.Text(), nullable=False),
        sa.Column("trashed_at", sa.Double(), nullable=True),
        sa.Column("trashed_by", sa.String(length=64), nullable=False),
        sa.Column("trash_reason", sa.Text(), nullable=False),
        sa.Column("deleting_at", sa.Double(), nullable=True),
        sa.Column("deleted_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_shelf_lesson_id")),
        sa.PrimaryKeyConstraint("lesson_id", name=op.f("pk_shelf")),
    )
    op.create_index(op.f("ix_shelf_trashed_at"), "shelf", ["trashed_at"], unique=False)
    op.create_table(
        "positions",
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("lesson_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Double(), nullable=False),
        sa.Column("duration", sa.Double(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_positions_lesson_id")),
        sa.PrimaryKeyConstraint("account_id", "lesson_id", name=op.f("pk_positions")),
    )
    op.create_index(op.f("ix_positions_account_id_at"), "positions", ["account_id", "at"], unique=False)
