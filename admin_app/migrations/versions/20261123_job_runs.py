"""Runs of jobs: until which day the daily job has been done, and how it went last.

Revises: 20261123_parties_by_name
"""

import sqlalchemy as sa
from alembic import op

revision = "20261123_job_runs"
down_revision = "20261123_parties_by_name"
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
