"""The search index.

Revises: 20261205_meetings
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261210_search"
down_revision = "20261205_meetings"
branch_labels = None
depends_on = None

FTS = (
    "CREATE VIRTUAL TABLE search_fts USING fts5(words, content='search_entries', content_rowid='id', "
    "detail='none', tokenize=\"ascii tokenchars '_'\")"
)


def upgrade() -> None:
    op.create_table(
        "search_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("words", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_entries"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(sa.text(FTS))
    else:
        op.execute(sa.text("CREATE INDEX search_gin ON search_entries USING gin (words)"))
        op.execute(sa.text("ALTER TABLE search_entries ALTER COLUMN words SET STATISTICS 1000"))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(sa.text("DROP TABLE search_fts"))
    op.drop_table("search_entries")
