"""Staffing targets: how many full-time mediators and studios by which year.

Revises: 20261204_payments
"""

import sqlalchemy as sa
from alembic import op

revision = "20261204_staffing_targets"
down_revision = "20261204_payments"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PATH = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "staffing_targets",
        sa.Column("aim", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("tier", sa.String(length=20), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("until_year", sa.Integer(), nullable=True),
        sa.Column("basis", sa.String(length=200), nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_staffing_targets_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_staffing_targets"),
    )
    op.create_index("ix_staffing_targets_path", "staffing_targets", ["path"])


def downgrade() -> None:
    op.drop_table("staffing_targets")
