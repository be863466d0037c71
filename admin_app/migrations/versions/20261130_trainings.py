"""Trainings of the mediators, their lists of people, and the photo in a mediator's file.

Revises: 20261130_standards
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_trainings"
down_revision = "20261130_standards"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PATH = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")
WIDTHS = {"city": 7, "county": 14, "township": 24, "village": 37}


def upgrade() -> None:
    op.create_table(
        "trainings",
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("issue", sa.String(length=30), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Numeric(precision=5, scale=1), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("planned_days", sa.Numeric(precision=4, scale=1), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("held_from", sa.Date(), nullable=True),
        sa.Column("held_until", sa.Date(), nullable=True),
        sa.Column("place", sa.String(length=100), nullable=True),
        sa.Column("teachers", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("cancel_reason", sa.String(length=200), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("told", sa.String(length=300), nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("hours >= 0", name="ck_trainings_hours"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_trainings_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_trainings"),
    )
    for tier, width in WIDTHS.items():
        scope = sa.text(f"substr(path, 1, {width})")
        op.create_index(f"ix_trainings_{tier}", "trainings", [scope, "year", "id", "path", "removed_at"])
    op.create_index("ix_trainings_held", "trainings", ["state", "held_from"])
    op.create_table(
        "attendances",
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=20), nullable=False),
        sa.Column("hours", sa.Numeric(precision=5, scale=1), nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=True),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("hours >= 0", name="ck_attendances_hours"),
        sa.ForeignKeyConstraint(
            ["training_id"], ["trainings.id"], name="fk_attendances_training_id_trainings", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name="fk_attendances_mediator_id_mediators"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_attendances"),
    )
    op.create_index("uq_attendances_person", "attendances", ["training_id", "mediator_id"], unique=True)
    op.create_index(
        "ix_attendances_mediator", "attendances", ["mediator_id", "present", "training_id", "hours"]
    )
    op.create_table(
        "training_steps",
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_training_steps_actor_id_users"),
        sa.ForeignKeyConstraint(
            ["training_id"],
            ["trainings.id"],
            name="fk_training_steps_training_id_trainings",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_training_steps"),
    )
    op.create_index("ix_training_steps_training_id", "training_steps", ["training_id"])
    op.add_column("mediators", sa.Column("photo", sa.String(length=64), nullable=True))
    op.add_column("mediators", sa.Column("photo_type", sa.String(length=100), nullable=True))


def downgrade() -> None:
    op.drop_column("mediators", "photo_type")
    op.drop_column("mediators", "photo")
    op.drop_table("training_steps")
    op.drop_table("attendances")
    op.drop_table("trainings")
