"""Supervision of anything: what is asked after, beside cases.

Revises: 20261204_areas
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261205_urgings"
down_revision = "20261204_areas"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PATH = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")
NUMBER = sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql")
WIDTHS = {"city": 7, "county": 14, "township": 24, "village": 37}
FIRST = {"ix_urgings_case": "case_id", "ix_urgings_to_path": "to_path"}
UNIQUE = {"uq_urgings_key": "key", "uq_urgings_number": "number"}
ADDED = ("about", "about_id", "subject")


def _added(nullable: bool) -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("about", sa.String(length=20), nullable=nullable),
        sa.Column("about_id", sa.Integer(), nullable=nullable),
        sa.Column("subject", sa.String(length=200), nullable=nullable),
    )


def _drop_indexes() -> None:
    """On SQLite a table is made anew to change a column, and its indexes by expressions would be lost."""
    for name in (*FIRST, *UNIQUE, *(f"ix_urgings_{tier}" for tier in WIDTHS)):
        op.drop_index(name, table_name="urgings")


def _make_indexes() -> None:
    for name, column in (FIRST | UNIQUE).items():
        op.create_index(name, "urgings", [column], unique=name in UNIQUE)
    for tier, width in WIDTHS.items():
        names = (f"substr(path, 1, {width})", "id", "path", "removed_at")
        op.create_index(f"ix_urgings_{tier}", "urgings", [sa.text(each) for each in names])


def _stood(*, about_cases_only: bool) -> sa.Table:
    """The table as it stands before it is made anew: SQLite cannot tell, for it knows no expressions back."""
    return sa.Table(
        "urgings",
        sa.MetaData(),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=not about_cases_only),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("to_unit_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("key", sa.String(length=60), nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.Column("to_path", PATH, nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        *_added(nullable=about_cases_only),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_urgings_{column}_{table}")
            for column, table in (
                ("case_id", "cases"),
                ("committee_id", "committees"),
                ("to_unit_id", "units"),
                ("unit_id", "units"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_urgings"),
    )


def upgrade() -> None:
    for each in _added(nullable=True):
        op.add_column("urgings", each)
    op.execute(
        "UPDATE urgings SET about = 'case', about_id = case_id, subject = "
        "(SELECT substr(coalesce(cases.number, cases.names), 1, 200) FROM cases WHERE cases.id = urgings.case_id)"
    )
    _drop_indexes()
    _keep_steps()
    with op.batch_alter_table("urgings", copy_from=_stood(about_cases_only=True)) as table:
        table.alter_column("case_id", existing_type=sa.Integer(), nullable=True)
        for each in _added(nullable=True):
            table.alter_column(each.name, existing_type=each.type, nullable=False)
    _bring_steps_back()
    _make_indexes()
    op.create_index("ix_urgings_about", "urgings", ["about_id", "about"])


def downgrade() -> None:
    """What was not about a case goes: the shape before could not hold it."""
    op.execute("DELETE FROM urgings WHERE case_id IS NULL")
    op.drop_index("ix_urgings_about", table_name="urgings")
    _drop_indexes()
    _keep_steps()
    with op.batch_alter_table("urgings", copy_from=_stood(about_cases_only=False)) as table:
        table.alter_column("case_id", existing_type=sa.Integer(), nullable=False)
        for name in ADDED:
            table.drop_column(name)
    _bring_steps_back()
    _make_indexes()


def _keep_steps() -> None:
    """When SQLite drops the table to make it anew, the steps that hang on it would go with it."""
    op.execute("CREATE TABLE kept_urging_steps AS SELECT * FROM urging_steps")


def _bring_steps_back() -> None:
    op.execute(
        "INSERT INTO urging_steps SELECT * FROM kept_urging_steps "
        "WHERE id NOT IN (SELECT id FROM urging_steps)"
    )
    op.execute("DROP TABLE kept_urging_steps")
