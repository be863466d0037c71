"""Counters of numbers; numbers compared byte by byte, so that those of one run are found by their beginning.

Revises: 20261122_parameters
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_counters"
down_revision = "20261122_parameters"
branch_labels = None
depends_on = None

NUMBERS = (("cases", "number"), ("cases", "agreement_number"), ("referrals", "number"))


def upgrade() -> None:
    op.create_table(
        "counters",
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_counters_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_counters"),
    )
    op.create_index("uq_counters_run", "counters", ["series", "unit_id", "year"], unique=True)
    _collate("C")
    op.create_index("ix_cases_agreement_number", "cases", ["agreement_number"])
    op.create_index("uq_referrals_number", "referrals", ["number"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_referrals_number", "referrals")
    op.drop_index("ix_cases_agreement_number", "cases")
    _collate("default")
    op.drop_table("counters")


def _collate(collation: str) -> None:
    """SQLite compares bytes anyhow."""
    if op.get_bind().dialect.name == "postgresql":
        for table, column in NUMBERS:
            op.alter_column(table, column, type_=sa.String(60, collation=collation))
