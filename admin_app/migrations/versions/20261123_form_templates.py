"""A bureau's own Word templates.

Revises: 20261123_job_runs
"""

import sqlalchemy as sa
from alembic import op

revision = "20261123_form_templates"
down_revision = "20261123_job_runs"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PATH = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "form_templates",
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("file_name", sa.String(length=150), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_form_templates_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_templates")),
    )
    op.create_index("ix_form_templates_word", "form_templates", ["word", "path"])


def downgrade() -> None:
    op.drop_table("form_templates")
