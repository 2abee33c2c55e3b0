"""Doubts about lessons, and the lines from which lessons were sent.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

APPEND_ONLY = "doubt_events"


def upgrade() -> None:
    """What happened to a doubt is append-only, like the ledger that it may change."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "doubts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("lesson_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("school_id", sa.String(length=64), nullable=True),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("moments", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("found_at", sa.Double(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_doubts_lesson_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_doubts_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubts")),
        sa.UniqueConstraint("lesson_id", "key", name=op.f("uq_doubts_lesson_id_key")),
    )
    op.create_index(op.f("ix_doubts_state_found_at_id"), "doubts", ["state", "found_at", "id"], unique=False)
    op.create_index(op.f("ix_doubts_found_at_id"), "doubts", ["found_at", "id"], unique=False)
    op.create_table(
        "doubt_events",
        sa.Column("seq", number, nullable=False),
        sa.Column("doubt_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["doubt_id"], ["doubts.id"], name=op.f("fk_doubt_events_doubt_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_doubt_events")),
    )
    op.create_index(op.f("ix_doubt_events_doubt_id"), "doubt_events", ["doubt_id"], unique=False)
    op.create_table(
        "publications",
        sa.Column("seq", number, nullable=False),
        sa.Column("lesson_id", sa.String(length=64), nullable=False),
        sa.Column("participant_id", sa.String(length=128), nullable=False),
        sa.Column("school_id", sa.String(length=64), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_publications")),
    )
    op.create_index(op.f("ix_publications_lesson_id"), "publications", ["lesson_id"], unique=False)
    op.create_index(op.f("ix_publications_school_id_at"), "publications", ["school_id", "at"], unique=False)
    op.create_index(op.f("ix_publications_address_at"), "publications", ["address", "at"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {APPEND_ONLY}_append_only BEFORE UPDATE OR DELETE ON {APPEND_ONLY} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {APPEND_ONLY}_no_truncate BEFORE TRUNCATE ON {APPEND_ONLY} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {APPEND_ONLY}_no_{verb.lower()} BEFORE {verb} ON {APPEND_ONLY} "
            f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY} is append-only'); END"
        )
