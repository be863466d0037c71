"""Statistics: the monthly totals of committees, and the indexes that counting reads.

Revises: 20261125_jobs
"""

import sqlalchemy as sa
from alembic import op

revision = "20261126_figures"
down_revision = "20261125_jobs"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
COUNTED = (
    "committee_id",
    "accepted_on",
    "stage",
    "kind",
    "source",
    "difficulty",
    "result",
    "form",
    "fulfilment",
    "people",
    "amount",
    "removed_at",
    "created_at",
)
WIDTHS = {"city": 7, "county": 14, "township": 24, "village": 37}


def upgrade() -> None:
    op.create_table(
        "monthlies",
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("screenings", sa.Integer(), nullable=False),
        sa.Column("prevented", sa.Integer(), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "path",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committees.id"], name="fk_monthlies_committee_id_committees"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_monthlies_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_monthlies"),
    )
    for tier, width in WIDTHS.items():
        op.create_index(
            f"ix_monthlies_{tier}",
            "monthlies",
            [sa.text(f"substr(path, 1, {width})"), *map(sa.text, ("year", "month", "id", "path", "removed_at"))],
        )
    live = sa.text("removed_at IS NULL")
    op.create_index(
        "uq_monthlies_month",
        "monthlies",
        ["committee_id", "year", "month"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
    op.create_index("ix_cases_figures", "cases", list(COUNTED))
    op.create_index("ix_history_register", "history", ["register", "at"])


def downgrade() -> None:
    op.drop_index("ix_history_register", table_name="history")
    op.drop_index("ix_cases_figures", table_name="cases")
    op.drop_table("monthlies")
