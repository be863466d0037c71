"""Funding of committees 经费保障.

Revises: 20261127_imports
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128_funding"
down_revision = "20261127_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "committee_funding",
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subsidy", sa.String(length=20), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["committee_id"],
            ["committees.id"],
            name="fk_committee_funding_committee_id_committees",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_committee_funding"),
    )
    op.create_index("ix_committee_funding_committee_id", "committee_funding", ["committee_id"])


def downgrade() -> None:
    op.drop_table("committee_funding")
