"""The quick form a case was entered on, so that pressing twice does not make it twice.

Revises: 20261123_requirements
"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_quick_entries"
down_revision = "20261123_requirements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("entry", sa.String(length=60), nullable=True))
    op.create_index("uq_cases_entry", "cases", ["entry"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_cases_entry", table_name="cases")
    op.drop_column("cases", "entry")
