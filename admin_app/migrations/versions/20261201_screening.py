"""Screening: how often and in which key periods, the tasks of units, what was found, and their steps.

Revises: 20261201_evaluations
"""

import sqlalchemy as sa
from alembic import op

revision = "20261201_screening"
down_revision = "20261201_evaluations"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PATH = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")
WIDTHS = {"city": 7, "county": 14, "township": 24, "village": 37}
REPORTED = sa.text("state = 'reported'")


def upgrade() -> None:
    op.create_table("cadences",
    sa.Column("unit_id", sa.Integer(), nullable=False),
    sa.Column("tier", sa.String(length=20), nullable=False),
    sa.Column("every", sa.String(length=20), nullable=False),
    sa.Column("due_days", sa.Integer(), nullable=False),
    sa.Column("valid_from", sa.Date(), nullable=False),
    sa.Column("valid_until", sa.Date(), nullable=True),
    sa.Column("remark", sa.String(length=200), nullable=True),
    sa.Column("path", PATH, nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("changed_at", MOMENT, nullable=True),
    sa.Column("removed_at", MOMENT, nullable=True),
    sa.Column("id", sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_cadences_unit_id_units"),
    sa.PrimaryKeyConstraint("id", name="pk_cadences")
    )
    op.create_index("uq_cadences_tier", "cadences", ["unit_id", "tier", "valid_from"], unique=True, sqlite_where=sa.text("removed_at IS NULL"), postgresql_where=sa.text("removed_at IS NULL"))

    op.create_table("key_periods",
    sa.Column("name", sa.String(length=50), nullable=False),
    sa.Column("unit_id", sa.Integer(), nullable=False),
    sa.Column("since", sa.Date(), nullable=False),
    sa.Column("until", sa.Date(), nullable=False),
    sa.Column("tier", sa.String(length=20), nullable=True),
    sa.Column("due_days", sa.Integer(), nullable=False),
    sa.Column("remark", sa.String(length=200), nullable=True),
    sa.Column("path", PATH, nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("changed_at", MOMENT, nullable=True),
    sa.Column("removed_at", MOMENT, nullable=True),
    sa.Column("id", sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_key_periods_unit_id_units"),
    sa.PrimaryKeyConstraint("id", name="pk_key_periods")
    )
    op.create_table("screenings",
    sa.Column("unit_id", sa.Integer(), nullable=False),
    sa.Column("every", sa.String(length=20), nullable=False),
    sa.Column("since", sa.Date(), nullable=False),
    sa.Column("until", sa.Date(), nullable=False),
    sa.Column("due_on", sa.Date(), nullable=False),
    sa.Column("state", sa.String(length=20), nullable=False),
    sa.Column("found", sa.String(length=20), nullable=True),
    sa.Column("reported_on", sa.Date(), nullable=True),
    sa.Column("key_period_id", sa.Integer(), nullable=True),
    sa.Column("committee_id", sa.Integer(), nullable=True),
    sa.Column("screened_on", sa.Date(), nullable=True),
    sa.Column("screeners", sa.String(length=100), nullable=True),
    sa.Column("remark", sa.String(length=200), nullable=True),
    sa.Column("opinion", sa.Text(), nullable=True),
    sa.Column("path", PATH, nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("changed_at", MOMENT, nullable=True),
    sa.Column("removed_at", MOMENT, nullable=True),
    sa.Column("id", sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(["committee_id"], ["committees.id"], name="fk_screenings_committee_id_committees"),
    sa.ForeignKeyConstraint(["key_period_id"], ["key_periods.id"], name="fk_screenings_key_period_id_key_periods"),
    sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_screenings_unit_id_units"),
    sa.PrimaryKeyConstraint("id", name="pk_screenings")
    )
    op.create_index("ix_screenings_board", "screenings", ["until", "path", "state", "found", "due_on", "reported_on", "unit_id", "committee_id", "removed_at"])
    op.create_index("ix_screenings_committee", "screenings", ["committee_id", "until", "id"])
    op.create_index("ix_screenings_due", "screenings", ["unit_id", "due_on"], unique=False, sqlite_where=sa.text("state = 'due'"), postgresql_where=sa.text("state = 'due'"))
    op.create_index("ix_screenings_due_committee", "screenings", ["committee_id", "due_on"], unique=False, sqlite_where=sa.text("state = 'due'"), postgresql_where=sa.text("state = 'due'"))
    op.create_index("uq_screenings_key", "screenings", ["unit_id", "key_period_id", "since"], unique=True, sqlite_where=sa.text("key_period_id IS NOT NULL"), postgresql_where=sa.text("key_period_id IS NOT NULL"))
    op.create_index("uq_screenings_period", "screenings", ["unit_id", "every", "since"], unique=True, sqlite_where=sa.text("key_period_id IS NULL"), postgresql_where=sa.text("key_period_id IS NULL"))

    op.create_table("finds",
    sa.Column("committee_id", sa.Integer(), nullable=True),
    sa.Column("found_on", sa.Date(), nullable=False),
    sa.Column("kind", sa.String(length=20), nullable=False),
    sa.Column("persons", sa.String(length=200), nullable=False),
    sa.Column("people", sa.Integer(), nullable=False),
    sa.Column("involved", sa.String(length=100), nullable=True),
    sa.Column("place", sa.String(length=100), nullable=False),
    sa.Column("risk", sa.String(length=20), nullable=False),
    sa.Column("story", sa.Text(), nullable=False),
    sa.Column("responsible", sa.String(length=50), nullable=False),
    sa.Column("phone", sa.String(length=30), nullable=True),
    sa.Column("measures", sa.Text(), nullable=True),
    sa.Column("resolve_by", sa.Date(), nullable=True),
    sa.Column("state", sa.String(length=20), nullable=False),
    sa.Column("way", sa.String(length=50), nullable=True),
    sa.Column("outcome", sa.Text(), nullable=True),
    sa.Column("resolved_on", sa.Date(), nullable=True),
    sa.Column("case_id", sa.Integer(), nullable=True),
    sa.Column("screening_id", sa.Integer(), nullable=True),
    sa.Column("unit_id", sa.Integer(), nullable=False),
    sa.Column("path", PATH, nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("changed_at", MOMENT, nullable=True),
    sa.Column("removed_at", MOMENT, nullable=True),
    sa.Column("id", sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_finds_case_id_cases"),
    sa.ForeignKeyConstraint(["committee_id"], ["committees.id"], name="fk_finds_committee_id_committees"),
    sa.ForeignKeyConstraint(["screening_id"], ["screenings.id"], name="fk_finds_screening_id_screenings"),
    sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_finds_unit_id_units"),
    sa.PrimaryKeyConstraint("id", name="pk_finds")
    )
    op.create_index("ix_finds_board", "finds", ["found_on", "path", "state", "committee_id", "removed_at"])
    op.create_index("ix_finds_case", "finds", ["case_id"])
    op.create_index("ix_finds_committee", "finds", ["committee_id", "found_on", "id"])
    op.create_index("ix_finds_screening", "finds", ["screening_id"])

    op.create_table("screening_steps",
    sa.Column("screening_id", sa.Integer(), nullable=False),
    sa.Column("source", sa.String(length=20), nullable=False),
    sa.Column("target", sa.String(length=20), nullable=False),
    sa.Column("at", MOMENT, nullable=False),
    sa.Column("actor_id", sa.Integer(), nullable=True),
    sa.Column("name", sa.String(length=20), nullable=False),
    sa.Column("note", sa.Text(), nullable=False),
    sa.Column("facts", sa.JSON(), nullable=False),
    sa.Column("id", sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_screening_steps_actor_id_users"),
    sa.ForeignKeyConstraint(["screening_id"], ["screenings.id"], name="fk_screening_steps_screening_id_screenings", ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("id", name="pk_screening_steps")
    )
    op.create_index("ix_screening_steps_screening_id", "screening_steps", ["screening_id"])

    op.create_table("find_steps",
    sa.Column("find_id", sa.Integer(), nullable=False),
    sa.Column("source", sa.String(length=20), nullable=False),
    sa.Column("target", sa.String(length=20), nullable=False),
    sa.Column("at", MOMENT, nullable=False),
    sa.Column("actor_id", sa.Integer(), nullable=True),
    sa.Column("name", sa.String(length=20), nullable=False),
    sa.Column("note", sa.Text(), nullable=False),
    sa.Column("facts", sa.JSON(), nullable=False),
    sa.Column("id", sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_find_steps_actor_id_users"),
    sa.ForeignKeyConstraint(["find_id"], ["finds.id"], name="fk_find_steps_find_id_finds", ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("id", name="pk_find_steps")
    )
    op.create_index("ix_find_steps_find_id", "find_steps", ["find_id"])

    for tier, width in WIDTHS.items():
        prefix = sa.text(f"substr(path, 1, {width})")
        for table, day in (("screenings", "until"), ("finds", "found_on")):
            columns = [prefix, *map(sa.text, (day, "id", "path", "removed_at"))]
            op.create_index(f"ix_{table}_{tier}", table, columns)
        columns = [prefix, *map(sa.text, ("due_on", "id", "path"))]
        op.create_index(
            f"ix_screenings_{tier}_reported",
            "screenings",
            columns,
            sqlite_where=REPORTED,
            postgresql_where=REPORTED,
        )


def downgrade() -> None:

    op.drop_table("find_steps")

    op.drop_table("screening_steps")

    op.drop_table("finds")

    op.drop_table("screenings")
    op.drop_table("key_periods")

    op.drop_table("cadences")
