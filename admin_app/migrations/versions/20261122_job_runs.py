"""Runs of jobs: until which day the daily job has been done, and how it went last.

Revises: 20261122_life_of_a_case
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_job_runs"
down_revision = "20261122_life_of_a_case"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_runs",
        sa.Column("job", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job_runs"),
    )
    op.create_index("uq_job_runs_job", "job_runs", ["job"], unique=True)


def downgrade() -> None:
    op.drop_table("job_runs")
