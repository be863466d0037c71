"""Areas: who looks after which townships.

Revises: 20261204_window
"""

import sqlalchemy as sa
from alembic import op

revision = "20261204_areas"
down_revision = "20261204_window"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PATH = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "areas",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("remark", sa.String(length=200), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_areas_unit_id_units"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_areas_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_areas"),
    )
    op.create_index(
        "ix_areas_city",
        "areas",
        [
            sa.text("substr(path, 1, 7)"),
            sa.text("valid_from"),
            sa.text("id"),
            sa.text("path"),
            sa.text("removed_at"),
        ],
    )
    op.create_index(
        "ix_areas_county",
        "areas",
        [
            sa.text("substr(path, 1, 14)"),
            sa.text("valid_from"),
            sa.text("id"),
            sa.text("path"),
            sa.text("removed_at"),
        ],
    )
    op.create_index(
        "ix_areas_township",
        "areas",
        [
            sa.text("substr(path, 1, 24)"),
            sa.text("valid_from"),
            sa.text("id"),
            sa.text("path"),
            sa.text("removed_at"),
        ],
    )
    op.create_index("ix_areas_user", "areas", ["user_id"])
    op.create_index(
        "ix_areas_village",
        "areas",
        [
            sa.text("substr(path, 1, 37)"),
            sa.text("valid_from"),
            sa.text("id"),
            sa.text("path"),
            sa.text("removed_at"),
        ],
    )
    op.create_index(
        "uq_areas_person",
        "areas",
        ["user_id", "unit_id", "valid_from"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("areas")
