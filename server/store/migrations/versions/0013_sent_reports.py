"""Reports that were sent.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLE = "sent_reports"


def upgrade() -> None:
    """Append-only, like the ledger: a correction is a new version."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("correction", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("xlsx", sa.LargeBinary(), nullable=False),
        sa.Column("docx", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_reports")),
        sa.UniqueConstraint(
            "scope", "scope_id", "month", "version", name=op.f("uq_sent_reports_scope_scope_id_month_version")
        ),
    )
    op.create_index(op.f("ix_sent_reports_at"), TABLE, ["at"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        for name, when in (("append_only", "UPDATE OR DELETE"), ("no_truncate", "TRUNCATE")):
            each = "STATEMENT" if when == "TRUNCATE" else "ROW"
            op.execute(
                f"CREATE TRIGGER {TABLE}_{name} BEFORE {when} ON {TABLE} "
                f"FOR EACH {each} EXECUTE FUNCTION refuse_change()"
            )
    else:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
            )
