"""The clock: holidays, deadlines, notices; and an index for whoever must be told.

Revises: 20261121_the_house
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261122_deadlines"
down_revision = "20261121_the_house"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PATH = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")
OPEN: dict[str, Any] = {
    "sqlite_where": sa.text("done_at IS NULL"),
    "postgresql_where": sa.text("done_at IS NULL"),
}
WIDTHS = {"city": 7, "county": 14, "township": 24, "village": 37}


def upgrade() -> None:
    _holidays()
    _deadlines()
    _notices()
    op.create_index("ix_posts_unit", "posts", ["unit_id"])
    op.create_index("ix_posts_committee", "posts", ["committee_id"])
    op.create_index("ix_posts_mediator", "posts", ["mediator_id"])


def _holidays() -> None:
    op.create_table(
        "holidays",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("works", sa.String(length=20), nullable=False),
        sa.Column("occasion", sa.String(length=30), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_holidays"),
    )
    op.create_index("uq_holidays_day", "holidays", ["day"], unique=True)


def _deadlines() -> None:
    op.create_table(
        "deadlines",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("warned_on", sa.Date(), nullable=True),
        sa.Column("late_on", sa.Date(), nullable=True),
        sa.Column("urged_on", sa.Date(), nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_deadlines_case_id_cases"),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committees.id"], name="fk_deadlines_committee_id_committees"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_deadlines_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_deadlines"),
    )
    op.create_index("uq_deadlines_thing", "deadlines", ["word", "record_id", "kind"], unique=True)
    op.create_index("ix_deadlines_case", "deadlines", ["case_id"])
    op.create_index("ix_deadlines_open", "deadlines", ["due_on"], **OPEN)
    op.create_index("ix_deadlines_committee_open", "deadlines", ["committee_id", "due_on", "id"], **OPEN)
    for tier, width in WIDTHS.items():
        prefix = sa.text(f"substr(path, 1, {width})")
        op.create_index(f"ix_deadlines_{tier}_open", "deadlines", [prefix, "due_on", "id", "path"], **OPEN)


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("key", sa.String(length=100), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_notices_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
    )
    op.create_index("ix_notices_user", "notices", ["user_id", "id"])
    op.create_index("ix_notices_unread", "notices", ["user_id", "read_at", "id"])
    op.create_index("uq_notices_key", "notices", ["user_id", "key"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_posts_mediator", "posts")
    op.drop_index("ix_posts_committee", "posts")
    op.drop_index("ix_posts_unit", "posts")
    op.drop_table("notices")
    op.drop_table("deadlines")
    op.drop_table("holidays")
