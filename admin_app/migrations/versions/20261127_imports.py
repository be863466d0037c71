"""Imports: each batch with what it made and changed, and the words that people have explained.

Revises: 20261126_figures
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_imports"
down_revision = "20261126_figures"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PATH = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "import_batches",
        sa.Column("sheet", sa.String(length=30), nullable=False),
        sa.Column("standing", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_import_batches_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_import_batches"),
    )
    op.create_index("ix_import_batches_user", "import_batches", ["user_id", "id"])
    op.create_table(
        "imported_rows",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("register", sa.String(length=20), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("made", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batches.id"],
            name="fk_imported_rows_batch_id_import_batches",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_imported_rows"),
    )
    op.create_index("ix_imported_rows_batch", "imported_rows", ["batch_id", "id"])
    op.create_table(
        "import_words",
        sa.Column("path", PATH, nullable=False),
        sa.Column("table", sa.String(length=30), nullable=False),
        sa.Column("word", sa.String(length=100), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_words"),
    )
    op.create_index("uq_import_words", "import_words", ["path", "table", "word"], unique=True)


def downgrade() -> None:
    op.drop_table("import_words")
    op.drop_table("imported_rows")
    op.drop_table("import_batches")
