"""Indexes by which the worker finds the files of jobs that are past their day, and an owner its warnings.

Revises: 20261212_lists
"""

import sqlalchemy as sa
from alembic import op

revision = "20261213_postgres"
down_revision = "20261212_lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kept = sa.text("file IS NOT NULL")
    op.create_index("ix_jobs_file", "jobs", ["keep_until"], sqlite_where=kept, postgresql_where=kept)
    op.create_index("ix_warnings_owner", "warnings", ["owner_id", "state"])


def downgrade() -> None:
    op.drop_index("ix_warnings_owner", "warnings")
    op.drop_index("ix_jobs_file", "jobs")
