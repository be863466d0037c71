"""Parties are found by name and by ID number, to tell of what may be registered twice.

Revises: 20261122_life_of_a_case
"""

from alembic import op

revision = "20261123_parties_by_name"
down_revision = "20261122_life_of_a_case"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_parties_name", "parties", ["name", "case_id"])
    op.create_index("ix_parties_id_number", "parties", ["id_number", "case_id"])


def downgrade() -> None:
    op.drop_index("ix_parties_id_number", table_name="parties")
    op.drop_index("ix_parties_name", table_name="parties")
