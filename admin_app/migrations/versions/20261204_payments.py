"""Subsidies paid on paper before the panel.

Revises: 20261204_warnings
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261204_payments"
down_revision = "20261204_warnings"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WIDTHS = {"city": 7, "county": 14, "township": 24}


def _link(name: str, target: str) -> Any:
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_payments_{name}_{target}")


def upgrade() -> None:
    path = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")
    op.create_table(
        "payments",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=True),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("path", path, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        _link("case_id", "cases"),
        _link("mediator_id", "mediators"),
        _link("committee_id", "committees"),
        _link("unit_id", "units"),
        sa.PrimaryKeyConstraint("id", name="pk_payments"),
    )
    for tier, width in WIDTHS.items():
        columns: list[Any] = [sa.text(f"substr(path, 1, {width})"), "paid_on", "id", "path", "removed_at"]
        op.create_index(f"ix_payments_{tier}", "payments", columns)
    op.create_index("ix_payments_mediator", "payments", ["mediator_id"])
    op.create_index("ix_payments_committee", "payments", ["committee_id", "id"])
    op.create_index(
        "uq_payments_key",
        "payments",
        ["case_id", "mediator_id"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("payments")
