"""Rates of subsidies and budgets.

Revises: 20261129_claims
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261130_rates"
down_revision = "20261129_claims"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WIDTHS = {"city": 7, "county": 14, "township": 24}
LIVE: Any = {"sqlite_where": sa.text("removed_at IS NULL"), "postgresql_where": sa.text("removed_at IS NULL")}


def _choice(name: str, *values: str) -> Any:
    return sa.Enum(*values, name=name, native_enum=False, length=20)


def _kept(table: str) -> list[Any]:
    """What every record that lives at a unit has."""
    path = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")
    return [
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", path, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=f"fk_{table}_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def _scoped(table: str, *order: str) -> None:
    for tier, width in WIDTHS.items():
        columns: list[Any] = [sa.text(f"substr(path, 1, {width})"), *order, "path", "removed_at"]
        op.create_index(f"ix_{table}_{tier}", table, columns)


def upgrade() -> None:
    op.create_table(
        "rates",
        sa.Column("kind", _choice("subsidykind", "stipend", "case"), nullable=False),
        sa.Column("tier", _choice("tier", "city", "county", "township", "village", "grid"), nullable=True),
        sa.Column("full_time", sa.String(length=20), nullable=True),
        sa.Column("difficulty", sa.String(length=20), nullable=True),
        sa.Column("form", sa.String(length=20), nullable=True),
        sa.Column("outcome", _choice("ended", "settled", "prevented"), nullable=True),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("share", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("per", _choice("per", "month", "year"), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("basis", sa.String(length=200), nullable=True),
        *_kept("rates"),
    )
    _scoped("rates", "valid_from", "id")
    op.create_table(
        "budgets",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("funding_kind", sa.String(length=20), nullable=False),
        sa.Column("funding_source", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=True),
        *_kept("budgets"),
    )
    _scoped("budgets", "year", "id")
    key = ["unit_id", "year", "funding_kind", "funding_source"]
    op.create_index("uq_budgets_key", "budgets", key, unique=True, **LIVE)


def downgrade() -> None:
    op.drop_table("budgets")
    op.drop_table("rates")
