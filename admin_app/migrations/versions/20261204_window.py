"""The public window: the query code of a visit, and who has knocked.

Revises: 20261204_staffing_targets
"""

import sqlalchemy as sa
from alembic import op

revision = "20261204_window"
down_revision = "20261204_staffing_targets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visits", sa.Column("query_code", sa.String(length=12), nullable=True))
    op.create_index("uq_visits_query_code", "visits", ["query_code"], unique=True)
    op.create_index("ix_visits_opinion", "visits", ["opinion", "visited_on", "id"])
    op.create_table(
        "window_knocks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column(
            "knock", sa.Enum("apply", "ask", "miss", name="knock", native_enum=False, length=20), nullable=False
        ),
        sa.Column("puzzle", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_window_knocks"),
    )
    op.create_index("ix_window_knocks_origin", "window_knocks", ["origin", "knock", "at"])
    op.create_index("ix_window_knocks_at", "window_knocks", ["at"])
    op.create_index("uq_window_knocks_puzzle", "window_knocks", ["puzzle"], unique=True)


def downgrade() -> None:
    op.drop_table("window_knocks")
    op.drop_index("ix_visits_opinion", "visits")
    op.drop_index("uq_visits_query_code", "visits")
    op.drop_column("visits", "query_code")
