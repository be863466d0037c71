"""Standards of grading, stars, honours and evaluation 评定标准, with their levels, items and steps.

Revises: 20261130_rates
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_standards"
down_revision = "20261130_rates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "standards",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(20), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("copied_from_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("base", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("full", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("panel_least", sa.Integer(), nullable=False),
        sa.Column("panel_rule", sa.String(20), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("valid_months", sa.Integer(), nullable=True),
        sa.Column("self_apply", sa.Boolean(), nullable=True),
        sa.Column(
            "path",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["copied_from_id"], ["standards.id"], name=op.f("fk_standards_copied_from_id_standards")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_standards_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standards")),
    )
    op.create_index("ix_standards_path", "standards", ["path"])

    op.create_table(
        "standard_items",
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("measure", sa.String(20), nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("threshold", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("points", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("cap", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["standard_id"],
            ["standards.id"],
            name=op.f("fk_standard_items_standard_id_standards"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_items")),
    )
    op.create_index("ix_standard_items_standard_id", "standard_items", ["standard_id"])

    op.create_table(
        "standard_levels",
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("decider", sa.String(20), nullable=True),
        sa.Column("least_score", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("coefficient", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["standard_id"],
            ["standards.id"],
            name=op.f("fk_standard_levels_standard_id_standards"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_levels")),
    )
    op.create_index("ix_standard_levels_standard_id", "standard_levels", ["standard_id"])

    op.create_table(
        "standard_steps",
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("target", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_standard_steps_actor_id_users")),
        sa.ForeignKeyConstraint(
            ["standard_id"],
            ["standards.id"],
            name=op.f("fk_standard_steps_standard_id_standards"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_steps")),
    )
    op.create_index("ix_standard_steps_standard_id", "standard_steps", ["standard_id"])


def downgrade() -> None:
    op.drop_table("standard_steps")
    op.drop_table("standard_levels")
    op.drop_table("standard_items")
    op.drop_table("standards")
