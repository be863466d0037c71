"""Evaluation plans 考核计划, and evaluations with a life: items, steps, votes, appeals.

An evaluation entered by hand becomes a final one without a plan. Its level is kept in words from now on, for
a standard names its own.

Revises: 20261130_trainings
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261201_evaluations"
down_revision = "20261130_trainings"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PATH = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")
WIDTHS = {"city": 7, "county": 14, "township": 24, "village": 37}
LEVELS = {"excellent": "优秀", "good": "良好", "passed": "合格", "failed": "不合格"}
LIVE, COMMITTEES = sa.text("removed_at IS NULL"), sa.text("removed_at IS NULL AND mediator_id IS NULL")
FIRST = ("committee", "mediator")


def _by_scope(table: str, *order: str, by: str = "") -> None:
    for tier, width in WIDTHS.items():
        name = "_".join(filter(None, ("ix", table, tier, by)))
        columns = [sa.text(f"substr(path, 1, {width})"), *map(sa.text, (*order, "path", "removed_at"))]
        op.create_index(name, table, columns)


def _drop_first() -> None:
    """On SQLite a table is made anew to change a column, and its indexes by expressions would be lost."""
    for name in (*(f"ix_evaluations_{each}" for each in (*WIDTHS, *FIRST)), "uq_evaluations_period"):
        op.drop_index(name, table_name="evaluations")


def _make_first() -> None:
    _by_scope("evaluations", "year", "id")
    for each in FIRST:
        op.create_index(f"ix_evaluations_{each}", "evaluations", [f"{each}_id"])
    op.create_index(
        "uq_evaluations_period",
        "evaluations",
        ["mediator_id", "year", "half"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def _stood(*more: sa.Column[Any]) -> sa.Table:
    """The table as it stands before it is made anew: SQLite cannot tell, for it knows no expressions back."""
    return sa.Table(
        "evaluations",
        sa.MetaData(),
        sa.Column("mediator_id", sa.Integer(), nullable=bool(more)),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("half", sa.String(20), nullable=False),
        sa.Column("score", sa.Numeric(precision=6, scale=2), nullable=bool(more)),
        sa.Column("level", sa.String(30), nullable=bool(more)),
        sa.Column("evaluated_on", sa.Date(), nullable=bool(more)),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        *more,
        *(
            sa.ForeignKeyConstraint([f"{one}_id"], [f"{one}s.id"], name=f"fk_evaluations_{one}_id_{one}s")
            for one in ("committee", "mediator", "unit")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_evaluations"),
    )


ADDED: tuple[tuple[str, Any], ...] = (
    ("who", sa.String(length=100)),
    ("plan_id", sa.Integer()),
    ("state", sa.String(20)),
    ("coefficient", sa.Numeric(precision=5, scale=2)),
    ("exemption", sa.Text()),
    *((f"votes_{each}", sa.Integer()) for each in LEVELS),
    ("appeal", sa.Text()),
    ("answer", sa.Text()),
)
TO_PLANS = ("fk_evaluations_plan_id_evaluation_plans", "evaluation_plans", ["plan_id"], ["id"])


def _added() -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=True) for name, kind in ADDED]


def _owned(owner: str, table: str, *columns: Any) -> None:
    """A table of lines that go with what they belong to."""
    op.create_table(
        table,
        sa.Column(f"{owner}_id", sa.Integer(), nullable=False),
        *columns,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            [f"{owner}_id"], [f"{owner}s.id"], name=f"fk_{table}_{owner}_id_{owner}s", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_{owner}_id", table, [f"{owner}_id"])


def _steps(owner: str) -> None:
    table = f"{owner}_steps"
    _owned(
        owner,
        table,
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("target", sa.String(20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=f"fk_{table}_actor_id_users"),
    )


def upgrade() -> None:
    op.create_table(
        "evaluation_plans",
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("half", sa.String(20), nullable=False),
        sa.Column("full_time", sa.String(length=20), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        *(
            sa.Column(name, sa.Date(), nullable=True)
            for name in (
                "since",
                "until",
                "self_until",
                "due_on",
                "drawn_on",
                "published_on",
                "appeal_until",
            )
        ),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standards.id"], name="fk_evaluation_plans_standard_id_standards"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_evaluation_plans_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_evaluation_plans"),
    )
    _by_scope("evaluation_plans", "year", "id")
    op.create_index("ix_evaluation_plans_path", "evaluation_plans", ["path"])
    op.create_index("ix_evaluation_plans_standard", "evaluation_plans", ["standard_id"])
    _steps("evaluation_plan")
    _drop_first()
    for each in _added():
        op.add_column("evaluations", each)
    op.execute(
        "UPDATE evaluations SET state = 'final', "
        "who = (SELECT name FROM mediators WHERE mediators.id = evaluations.mediator_id)"
    )
    for code, words in LEVELS.items():
        op.execute(f"UPDATE evaluations SET level = '{words}' WHERE level = '{code}'")
    with op.batch_alter_table("evaluations", copy_from=_stood(*_added())) as table:
        table.alter_column("who", existing_type=sa.String(length=100), nullable=False)
        table.alter_column("state", existing_type=sa.String(20), nullable=False)
        table.alter_column("mediator_id", existing_type=sa.Integer(), nullable=True)
        table.alter_column("score", type_=sa.Numeric(precision=6, scale=2), nullable=True)
        table.alter_column("level", type_=sa.String(length=30), nullable=True)
        table.alter_column("evaluated_on", existing_type=sa.Date(), nullable=True)
        table.create_foreign_key(*TO_PLANS)
    _make_first()
    _by_scope("evaluations", "state", "id", by="state")
    op.create_index("ix_evaluations_plan", "evaluations", ["plan_id", "path", "id"])
    op.create_index(
        "uq_evaluations_committee_period",
        "evaluations",
        ["committee_id", "year", "half"],
        unique=True,
        sqlite_where=COMMITTEES,
        postgresql_where=COMMITTEES,
    )
    _owned(
        "evaluation",
        "evaluation_items",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("measure", sa.String(20), nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("threshold", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("points", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("cap", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("value", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("hit", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("behind", sa.JSON(), nullable=False),
        sa.Column("own", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("given", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("corrected", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("got", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
    )
    _steps("evaluation")


def downgrade() -> None:
    """What a plan has drawn goes with its plan: the shape before could not hold it."""
    op.drop_table("evaluation_steps")
    op.drop_table("evaluation_items")
    for name in (
        *(f"ix_evaluations_{each}_state" for each in WIDTHS),
        "ix_evaluations_plan",
        "uq_evaluations_committee_period",
    ):
        op.drop_index(name, table_name="evaluations")
    _drop_first()
    op.execute("DELETE FROM evaluations WHERE plan_id IS NOT NULL OR score IS NULL OR mediator_id IS NULL")
    for code, words in LEVELS.items():
        op.execute(f"UPDATE evaluations SET level = '{code}' WHERE level = '{words}'")
    stood = _stood(*_added())
    stood.append_constraint(sa.ForeignKeyConstraint(TO_PLANS[2], ["evaluation_plans.id"], name=TO_PLANS[0]))
    with op.batch_alter_table("evaluations", copy_from=stood) as table:
        table.drop_constraint(TO_PLANS[0], type_="foreignkey")
        table.alter_column("mediator_id", existing_type=sa.Integer(), nullable=False)
        table.alter_column("score", type_=sa.Numeric(precision=5, scale=2), nullable=False)
        table.alter_column("level", type_=sa.String(length=20), nullable=False)
        table.alter_column("evaluated_on", existing_type=sa.Date(), nullable=False)
        for name, _ in ADDED:
            table.drop_column(name)
    _make_first()
    op.drop_table("evaluation_plan_steps")
    op.drop_table("evaluation_plans")
