"""Early warning: the rules of bureaus, what they have raised, its evidence and its steps.

Revises: 20261203_subsidies
"""

import sqlalchemy as sa
from alembic import op

revision = "20261204_warnings"
down_revision = "20261203_subsidies"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PATH = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")
WIDTHS = {"city": 7, "county": 14, "township": 24, "village": 37}
OPEN = sa.text("state <> 'closed'")


def upgrade() -> None:
    op.create_table("warning_rules",
    sa.Column("name", sa.String(length=50), nullable=False),
    sa.Column("unit_id", sa.Integer(), nullable=False),
    sa.Column("sign", sa.String(length=20), nullable=False),
    sa.Column("risk", sa.String(length=20), nullable=True),
    sa.Column("least", sa.Integer(), nullable=True),
    sa.Column("days", sa.Integer(), nullable=True),
    sa.Column("ratio", sa.Numeric(precision=5, scale=2), nullable=True),
    sa.Column("months", sa.Integer(), nullable=True),
    sa.Column("tier", sa.String(length=20), nullable=True),
    sa.Column("severity", sa.String(length=20), nullable=False),
    sa.Column("owner", sa.String(length=20), nullable=True),
    sa.Column("handle_days", sa.Integer(), nullable=False),
    sa.Column("valid_from", sa.Date(), nullable=False),
    sa.Column("valid_until", sa.Date(), nullable=True),
    sa.Column("remark", sa.String(length=200), nullable=True),
    sa.Column("path", PATH, nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("changed_at", MOMENT, nullable=True),
    sa.Column("removed_at", MOMENT, nullable=True),
    sa.Column("id", sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_warning_rules_unit_id_units"),
    sa.PrimaryKeyConstraint("id", name="pk_warning_rules")
    )
    op.create_index("ix_warning_rules_path", "warning_rules", ["path"])

    op.create_table("warnings",
    sa.Column("raised_on", sa.Date(), nullable=False),
    sa.Column("severity", sa.String(length=20), nullable=False),
    sa.Column("sign", sa.String(length=20), nullable=False),
    sa.Column("words", sa.Text(), nullable=False),
    sa.Column("unit_id", sa.Integer(), nullable=False),
    sa.Column("committee_id", sa.Integer(), nullable=True),
    sa.Column("owner_id", sa.Integer(), nullable=False),
    sa.Column("rule_id", sa.Integer(), nullable=False),
    sa.Column("state", sa.String(length=20), nullable=False),
    sa.Column("due_on", sa.Date(), nullable=False),
    sa.Column("measures", sa.Text(), nullable=True),
    sa.Column("outcome", sa.String(length=20), nullable=True),
    sa.Column("result", sa.Text(), nullable=True),
    sa.Column("remark", sa.String(length=200), nullable=True),
    sa.Column("closed_on", sa.Date(), nullable=True),
    sa.Column("key", sa.String(length=100), nullable=False),
    sa.Column("owner_path", PATH, nullable=False),
    sa.Column("path", PATH, nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("changed_at", MOMENT, nullable=True),
    sa.Column("removed_at", MOMENT, nullable=True),
    sa.Column("id", sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(["committee_id"], ["committees.id"], name="fk_warnings_committee_id_committees"),
    sa.ForeignKeyConstraint(["owner_id"], ["units.id"], name="fk_warnings_owner_id_units"),
    sa.ForeignKeyConstraint(["rule_id"], ["warning_rules.id"], name="fk_warnings_rule_id_warning_rules"),
    sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_warnings_unit_id_units"),
    sa.PrimaryKeyConstraint("id", name="pk_warnings")
    )
    op.create_index("ix_warnings_committee", "warnings", ["committee_id", "raised_on", "id"])
    op.create_index("ix_warnings_open", "warnings", ["owner_path", "due_on"], unique=False, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_warnings_rule", "warnings", ["rule_id"])
    op.create_index("uq_warnings_key", "warnings", ["key"], unique=True)
    for tier, width in WIDTHS.items():
        names = (f"substr(path, 1, {width})", "raised_on", "id", "path", "removed_at")
        op.create_index(f"ix_warnings_{tier}", "warnings", [sa.text(each) for each in names])

    op.create_table("warning_lines",
    sa.Column("warning_id", sa.Integer(), nullable=False),
    sa.Column("word", sa.String(length=20), nullable=False),
    sa.Column("record_id", sa.Integer(), nullable=False),
    sa.Column("words", sa.Text(), nullable=False),
    sa.Column("id", sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(["warning_id"], ["warnings.id"], name="fk_warning_lines_warning_id_warnings", ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("id", name="pk_warning_lines")
    )
    op.create_index("ix_warning_lines_record", "warning_lines", ["record_id", "word"])
    op.create_index("ix_warning_lines_warning_id", "warning_lines", ["warning_id"])

    op.create_table("warning_steps",
    sa.Column("warning_id", sa.Integer(), nullable=False),
    sa.Column("source", sa.String(length=20), nullable=False),
    sa.Column("target", sa.String(length=20), nullable=False),
    sa.Column("at", MOMENT, nullable=False),
    sa.Column("actor_id", sa.Integer(), nullable=True),
    sa.Column("name", sa.String(length=20), nullable=False),
    sa.Column("note", sa.Text(), nullable=False),
    sa.Column("facts", sa.JSON(), nullable=False),
    sa.Column("id", sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_warning_steps_actor_id_users"),
    sa.ForeignKeyConstraint(["warning_id"], ["warnings.id"], name="fk_warning_steps_warning_id_warnings", ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("id", name="pk_warning_steps")
    )
    op.create_index("ix_warning_steps_warning_id", "warning_steps", ["warning_id"])


def downgrade() -> None:
    for table in ("warning_steps", "warning_lines", "warnings", "warning_rules"):
        op.drop_table(table)
