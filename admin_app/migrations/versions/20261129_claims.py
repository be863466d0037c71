"""What the applicant asks for 当事人申请事项, for the application form F03.

Revises: 20261128_funding
"""

import sqlalchemy as sa
from alembic import op

revision = "20261129_claims"
down_revision = "20261128_funding"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("claims", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("cases", "claims")
