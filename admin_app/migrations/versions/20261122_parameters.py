"""Parameters: values of the rules that a bureau sets otherwise, each from a day on.

Revises: 20261122_deadlines
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_parameters"
down_revision = "20261122_deadlines"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "parameters",
        sa.Column("setting", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_parameters"),
    )
    op.create_index("uq_parameters_value", "parameters", ["setting", "valid_from"], unique=True)


def downgrade() -> None:
    op.drop_table("parameters")
