"""What a dossier must hold, and who uploaded a file.

Revises: 20261123_form_templates
"""

import sqlalchemy as sa
from alembic import op

revision = "20261123_requirements"
down_revision = "20261123_form_templates"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "requirements",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("difficulty", sa.String(length=20), nullable=True),
        sa.Column("form", sa.String(length=20), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("remark", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_requirements"),
    )
    op.create_index(
        "uq_requirements", "requirements", ["kind", "difficulty", "form", "outcome", "valid_from"], unique=True
    )
    op.add_column("attachments", sa.Column("uploader", sa.String(length=50), nullable=True))


def downgrade() -> None:
    op.drop_column("attachments", "uploader")
    op.drop_table("requirements")
