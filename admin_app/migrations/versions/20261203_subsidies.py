"""Subsidy batches, their items and shares.

Revises: 20261202_awards
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261203_subsidies"
down_revision = "20261202_awards"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WIDTHS = {"city": 7, "county": 14, "township": 24, "village": 37}
MONEY = sa.Numeric(precision=12, scale=2)
LIVE: Any = {
    "sqlite_where": sa.text("standing IN ('due', 'paid')"),
    "postgresql_where": sa.text("standing IN ('due', 'paid')"),
}
STATES = ("draft", "applied", "first_reviewed", "reviewed", "noticed", "paid")


def _choice(name: str, *values: str) -> Any:
    return sa.Enum(*values, name=name, native_enum=False, length=20)


def _link(table: str, name: str, target: str, **more: Any) -> Any:
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_{table}_{name}_{target}", **more)


def upgrade() -> None:
    _subsidies()
    _steps_and_objections()
    _items()
    _shares()


def _subsidies() -> None:
    path = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")
    op.create_table(
        "subsidies",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", _choice("subsidykind", "stipend", "case"), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("state", _choice("subsidystate", *STATES), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("total", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("first_opinion", sa.String(length=500), nullable=True),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.Column("return_reason", sa.String(length=500), nullable=True),
        sa.Column("noticed_on", sa.Date(), nullable=True),
        sa.Column("notice_until", sa.Date(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("budget_id", sa.Integer(), nullable=True),
        sa.Column("path", path, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        _link("subsidies", "unit_id", "units"),
        _link("subsidies", "committee_id", "committees"),
        _link("subsidies", "budget_id", "budgets"),
        sa.PrimaryKeyConstraint("id", name="pk_subsidies"),
    )
    for tier, width in WIDTHS.items():
        columns: list[Any] = [sa.text(f"substr(path, 1, {width})"), "year", "id", "path", "removed_at"]
        op.create_index(f"ix_subsidies_{tier}", "subsidies", columns)
    op.create_index("ix_subsidies_committee", "subsidies", ["committee_id", "id"])
    op.create_index("ix_subsidies_budget", "subsidies", ["budget_id"])


def _steps_and_objections() -> None:
    op.create_table(
        "subsidy_steps",
        sa.Column("subsidy_id", sa.Integer(), nullable=False),
        sa.Column("source", _choice("subsidystate", *STATES), nullable=False),
        sa.Column("target", _choice("subsidystate", *STATES), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        _link("subsidy_steps", "subsidy_id", "subsidies", ondelete="CASCADE"),
        _link("subsidy_steps", "actor_id", "users"),
        sa.PrimaryKeyConstraint("id", name="pk_subsidy_steps"),
    )
    op.create_index("ix_subsidy_steps_subsidy_id", "subsidy_steps", ["subsidy_id"])
    op.create_table(
        "subsidy_objections",
        sa.Column("subsidy_id", sa.Integer(), nullable=False),
        sa.Column("objector", sa.String(length=50), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        _link("subsidy_objections", "subsidy_id", "subsidies", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_subsidy_objections"),
    )
    op.create_index("ix_subsidy_objections_subsidy_id", "subsidy_objections", ["subsidy_id"])


def _items() -> None:
    table = "subsidy_items"
    op.create_table(
        table,
        sa.Column("subsidy_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("mediator_id", sa.Integer(), nullable=True),
        sa.Column("month", sa.Date(), nullable=True),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("standing", _choice("itemstate", "due", "refused", "out", "paid"), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("outcome", _choice("ended", "settled", "prevented"), nullable=True),
        sa.Column("tier", _choice("tier", "city", "county", "township", "village", "grid"), nullable=True),
        sa.Column("full_time", sa.String(length=20), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("of_days", sa.Integer(), nullable=True),
        sa.Column("coefficient", sa.Numeric(precision=4, scale=2), nullable=False),
        sa.Column("rate_id", sa.Integer(), nullable=True),
        sa.Column("standard", MONEY, nullable=True),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("cut", MONEY, nullable=False),
        sa.Column("cut_reason", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        _link(table, "subsidy_id", "subsidies", ondelete="CASCADE"),
        _link(table, "case_id", "cases"),
        _link(table, "mediator_id", "mediators"),
        _link(table, "committee_id", "committees"),
        _link(table, "rate_id", "rates"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    op.create_index("ix_subsidy_items_subsidy", table, ["subsidy_id", "standing", "committee_id", "id"])
    op.create_index("ix_subsidy_items_case", table, ["case_id"])
    op.create_index("ix_subsidy_items_mediator", table, ["mediator_id"])
    op.create_index("uq_subsidy_items_case", table, ["case_id"], unique=True, **LIVE)
    op.create_index("uq_subsidy_items_month", table, ["mediator_id", "month"], unique=True, **LIVE)


def _shares() -> None:
    table = "subsidy_shares"
    op.create_table(
        table,
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("subsidy_id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        _link(table, "item_id", "subsidy_items", ondelete="CASCADE"),
        _link(table, "subsidy_id", "subsidies", ondelete="CASCADE"),
        _link(table, "committee_id", "committees"),
        _link(table, "mediator_id", "mediators"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    op.create_index("ix_subsidy_shares_item", table, ["item_id"])
    op.create_index("ix_subsidy_shares_subsidy", table, ["subsidy_id", "mediator_id"])
    op.create_index("ix_subsidy_shares_mediator", table, ["mediator_id"])


def downgrade() -> None:
    for table in ("subsidy_shares", "subsidy_items", "subsidy_objections", "subsidy_steps", "subsidies"):
        op.drop_table(table)
