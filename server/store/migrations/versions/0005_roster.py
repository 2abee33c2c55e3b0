"""The roster is edited: versions, archiving, expert groups per stage; terms with holidays, milestones.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Old rows are in their first version and not archived; the groups of annex 3 are those of primary schools."""
    for table in ("schools", "subjects", "pairings", "users", "devices"):
        op.add_column(table, _version())
    for table in ("schools", "subjects", "pairings"):
        op.add_column(table, _archived())
    _groups()
    op.create_table(
        "terms",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("begins", sa.String(length=10), nullable=False),
        sa.Column("ends", sa.String(length=10), nullable=False),
        _version(),
        _archived(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
    )
    op.create_table(
        "holidays",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("term_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("begins", sa.String(length=10), nullable=False),
        sa.Column("ends", sa.String(length=10), nullable=False),
        sa.Column("follows", sa.String(length=1), nullable=True),
        _version(),
        _archived(),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_holidays_term_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holidays")),
    )
    op.create_table(
        "milestones",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("due", sa.String(length=10), nullable=False),
        sa.Column("done_on", sa.String(length=10), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        _version(),
        _archived(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestones")),
    )


def _groups() -> None:
    old = sa.table("expert_groups", sa.column("subject_id"), sa.column("leads", sa.JSON), sa.column("members", sa.JSON))
    rows = [row._asdict() for row in op.get_bind().execute(sa.select(old))]
    op.drop_table("expert_groups")
    new = op.create_table(
        "expert_groups",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("leads", sa.JSON(), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        _version(),
        _archived(),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name=op.f("fk_expert_groups_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_groups")),
    )
    op.bulk_insert(new, [row | {"id": f"g-{row['subject_id']}", "stage": "primary"} for row in rows])


def _version() -> sa.Column[int]:
    return sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1"))


def _archived() -> sa.Column[bool]:
    return sa.Column("archived", sa.Boolean(), nullable=False, server_default=sa.false())
