"""Meetings and their tasks, circulars with receipts, reports of major disputes.

Revises: 20261205_library
"""

import sqlalchemy as sa
from alembic import op

revision = "20261205_meetings"
down_revision = "20261205_library"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PATH = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "circulars",
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("sender", sa.String(length=50), nullable=True),
        sa.Column("withdraw_reason", sa.String(length=200), nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_circulars_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_circulars"),
    )
    op.create_index(
        "ix_circulars_city",
        "circulars",
        [sa.text("substr(path, 1, 7)"), sa.text("id"), sa.text("path"), sa.text("removed_at")],
    )
    op.create_index(
        "ix_circulars_county",
        "circulars",
        [sa.text("substr(path, 1, 14)"), sa.text("id"), sa.text("path"), sa.text("removed_at")],
    )
    op.create_index(
        "ix_circulars_township",
        "circulars",
        [sa.text("substr(path, 1, 24)"), sa.text("id"), sa.text("path"), sa.text("removed_at")],
    )
    op.create_index(
        "ix_circulars_village",
        "circulars",
        [sa.text("substr(path, 1, 37)"), sa.text("id"), sa.text("path"), sa.text("removed_at")],
    )
    op.create_table(
        "meeting_rules",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("remark", sa.String(length=200), nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_meeting_rules_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_rules"),
    )
    op.create_index(
        "uq_meeting_rules_tier",
        "meeting_rules",
        ["unit_id", "tier", "kind", "valid_from"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "meetings",
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("joint_field", sa.String(length=20), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("at", sa.String(length=30), nullable=True),
        sa.Column("place", sa.String(length=100), nullable=True),
        sa.Column("host", sa.String(length=50), nullable=True),
        sa.Column("guests", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("present", sa.Text(), nullable=True),
        sa.Column("recorder", sa.String(length=50), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=True),
        sa.Column("cancel_reason", sa.String(length=200), nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_meetings_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_meetings"),
    )
    op.create_index(
        "ix_meetings_city",
        "meetings",
        [
            sa.text("substr(path, 1, 7)"),
            sa.text("held_on"),
            sa.text("id"),
            sa.text("path"),
            sa.text("removed_at"),
        ],
    )
    op.create_index(
        "ix_meetings_county",
        "meetings",
        [
            sa.text("substr(path, 1, 14)"),
            sa.text("held_on"),
            sa.text("id"),
            sa.text("path"),
            sa.text("removed_at"),
        ],
    )
    op.create_index(
        "ix_meetings_township",
        "meetings",
        [
            sa.text("substr(path, 1, 24)"),
            sa.text("held_on"),
            sa.text("id"),
            sa.text("path"),
            sa.text("removed_at"),
        ],
    )
    op.create_index("ix_meetings_unit", "meetings", ["unit_id", "kind", "held_on", "state"])
    op.create_index(
        "ix_meetings_village",
        "meetings",
        [
            sa.text("substr(path, 1, 37)"),
            sa.text("held_on"),
            sa.text("id"),
            sa.text("path"),
            sa.text("removed_at"),
        ],
    )
    op.create_table(
        "circular_steps",
        sa.Column("circular_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_circular_steps_actor_id_users"),
        sa.ForeignKeyConstraint(
            ["circular_id"],
            ["circulars.id"],
            name="fk_circular_steps_circular_id_circulars",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_circular_steps"),
    )
    op.create_index("ix_circular_steps_circular_id", "circular_steps", ["circular_id"])
    op.create_table(
        "meeting_members",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("came", sa.Boolean(), nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_meeting_members_meeting_id_meetings", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_meeting_members_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_members"),
    )
    op.create_index("ix_meeting_members_meeting_id", "meeting_members", ["meeting_id"])
    op.create_index("ix_meeting_members_path", "meeting_members", ["path", "meeting_id"])
    op.create_table(
        "meeting_steps",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_meeting_steps_actor_id_users"),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_meeting_steps_meeting_id_meetings", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_steps"),
    )
    op.create_index("ix_meeting_steps_meeting_id", "meeting_steps", ["meeting_id"])
    op.create_table(
        "meeting_tasks",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("responsible", sa.String(length=50), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("lead_path", PATH, nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_meeting_tasks_meeting_id_meetings"),
        sa.ForeignKeyConstraint(["person_id"], ["users.id"], name="fk_meeting_tasks_person_id_users"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_meeting_tasks_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_tasks"),
    )
    op.create_index(
        "ix_meeting_tasks_city",
        "meeting_tasks",
        [sa.text("substr(path, 1, 7)"), sa.text("id"), sa.text("path"), sa.text("removed_at")],
    )
    op.create_index(
        "ix_meeting_tasks_county",
        "meeting_tasks",
        [sa.text("substr(path, 1, 14)"), sa.text("id"), sa.text("path"), sa.text("removed_at")],
    )
    op.create_index("ix_meeting_tasks_lead_path", "meeting_tasks", ["lead_path"])
    op.create_index("ix_meeting_tasks_meeting", "meeting_tasks", ["meeting_id"])
    op.create_index("ix_meeting_tasks_person", "meeting_tasks", ["person_id"])
    op.create_index(
        "ix_meeting_tasks_township",
        "meeting_tasks",
        [sa.text("substr(path, 1, 24)"), sa.text("id"), sa.text("path"), sa.text("removed_at")],
    )
    op.create_index(
        "ix_meeting_tasks_village",
        "meeting_tasks",
        [sa.text("substr(path, 1, 37)"), sa.text("id"), sa.text("path"), sa.text("removed_at")],
    )
    op.create_table(
        "readings",
        sa.Column("circular_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["circular_id"], ["circulars.id"], name="fk_readings_circular_id_circulars", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_readings_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_readings"),
    )
    op.create_index("ix_readings_circular_id", "readings", ["circular_id"])
    op.create_index("uq_readings_person", "readings", ["user_id", "circular_id"], unique=True)
    op.create_table(
        "receipts",
        sa.Column("circular_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("reader_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["circular_id"], ["circulars.id"], name="fk_receipts_circular_id_circulars", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["users.id"], name="fk_receipts_reader_id_users"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_receipts_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_receipts"),
    )
    op.create_index("ix_receipts_unit", "receipts", ["unit_id", "circular_id"])
    op.create_index("uq_receipts_unit", "receipts", ["circular_id", "unit_id"], unique=True)
    op.create_table(
        "recipients",
        sa.Column("circular_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["circular_id"], ["circulars.id"], name="fk_recipients_circular_id_circulars", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_recipients_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_recipients"),
    )
    op.create_index("ix_recipients_circular_id", "recipients", ["circular_id"])
    op.create_index("ix_recipients_path", "recipients", ["path", "circular_id"])
    op.create_table(
        "replies",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("coming", sa.Boolean(), nullable=True),
        sa.Column("people", sa.String(length=200), nullable=True),
        sa.Column("word", sa.String(length=200), nullable=True),
        sa.Column("replied_at", MOMENT, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_replies_meeting_id_meetings", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_replies_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_replies"),
    )
    op.create_index("ix_replies_meeting_id", "replies", ["meeting_id"])
    op.create_table(
        "meeting_task_steps",
        sa.Column("meeting_task_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_meeting_task_steps_actor_id_users"),
        sa.ForeignKeyConstraint(
            ["meeting_task_id"],
            ["meeting_tasks.id"],
            name="fk_meeting_task_steps_meeting_task_id_meeting_tasks",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_task_steps"),
    )
    op.create_index("ix_meeting_task_steps_meeting_task_id", "meeting_task_steps", ["meeting_task_id"])
    op.create_table(
        "agenda_items",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("find_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_agenda_items_case_id_cases"),
        sa.ForeignKeyConstraint(["find_id"], ["finds.id"], name="fk_agenda_items_find_id_finds"),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_agenda_items_meeting_id_meetings", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_agenda_items"),
    )
    op.create_index("ix_agenda_items_case", "agenda_items", ["case_id"])
    op.create_index("ix_agenda_items_find", "agenda_items", ["find_id"])
    op.create_index("ix_agenda_items_meeting_id", "agenda_items", ["meeting_id"])
    op.create_table(
        "major_reports",
        sa.Column("title", sa.String(length=350), nullable=False),
        sa.Column("cause", sa.String(length=100), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("find_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=True),
        sa.Column("to_unit_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("major_at", MOMENT, nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("reported_at", MOMENT, nullable=True),
        sa.Column("late", sa.Integer(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("remark", sa.String(length=200), nullable=True),
        sa.Column("to_path", PATH, nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_major_reports_case_id_cases"),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committees.id"], name="fk_major_reports_committee_id_committees"
        ),
        sa.ForeignKeyConstraint(["find_id"], ["finds.id"], name="fk_major_reports_find_id_finds"),
        sa.ForeignKeyConstraint(["to_unit_id"], ["units.id"], name="fk_major_reports_to_unit_id_units"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_major_reports_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_major_reports"),
    )
    op.create_index(
        "ix_major_reports_city",
        "major_reports",
        [
            sa.text("substr(path, 1, 7)"),
            sa.text("major_at"),
            sa.text("id"),
            sa.text("path"),
            sa.text("removed_at"),
        ],
    )
    op.create_index("ix_major_reports_committee", "major_reports", ["committee_id", "major_at", "id"])
    op.create_index(
        "ix_major_reports_county",
        "major_reports",
        [
            sa.text("substr(path, 1, 14)"),
            sa.text("major_at"),
            sa.text("id"),
            sa.text("path"),
            sa.text("removed_at"),
        ],
    )
    op.create_index("ix_major_reports_to", "major_reports", ["to_unit_id", "state"])
    op.create_index(
        "ix_major_reports_township",
        "major_reports",
        [
            sa.text("substr(path, 1, 24)"),
            sa.text("major_at"),
            sa.text("id"),
            sa.text("path"),
            sa.text("removed_at"),
        ],
    )
    op.create_index(
        "ix_major_reports_village",
        "major_reports",
        [
            sa.text("substr(path, 1, 37)"),
            sa.text("major_at"),
            sa.text("id"),
            sa.text("path"),
            sa.text("removed_at"),
        ],
    )
    op.create_index(
        "uq_major_reports_case",
        "major_reports",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("case_id IS NOT NULL"),
        postgresql_where=sa.text("case_id IS NOT NULL"),
    )
    op.create_index(
        "uq_major_reports_find",
        "major_reports",
        ["find_id"],
        unique=True,
        sqlite_where=sa.text("find_id IS NOT NULL"),
        postgresql_where=sa.text("find_id IS NOT NULL"),
    )
    op.create_table(
        "bulletins",
        sa.Column("major_report_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=True),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("author", sa.String(length=50), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["major_report_id"],
            ["major_reports.id"],
            name="fk_bulletins_major_report_id_major_reports",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bulletins"),
    )
    op.create_index("ix_bulletins_major_report_id", "bulletins", ["major_report_id"])
    op.create_table(
        "major_report_steps",
        sa.Column("major_report_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_major_report_steps_actor_id_users"),
        sa.ForeignKeyConstraint(
            ["major_report_id"],
            ["major_reports.id"],
            name="fk_major_report_steps_major_report_id_major_reports",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_major_report_steps"),
    )
    op.create_index("ix_major_report_steps_major_report_id", "major_report_steps", ["major_report_id"])
    op.create_table(
        "signatures",
        sa.Column("major_report_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("signer", sa.String(length=50), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column("passed_on", sa.Boolean(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["major_report_id"],
            ["major_reports.id"],
            name="fk_signatures_major_report_id_major_reports",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_signatures_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_signatures"),
    )
    op.create_index("ix_signatures_major_report_id", "signatures", ["major_report_id"])


def downgrade() -> None:
    op.drop_table("signatures")
    op.drop_table("major_report_steps")
    op.drop_table("bulletins")
    op.drop_table("major_reports")
    op.drop_table("agenda_items")
    op.drop_table("meeting_task_steps")
    op.drop_table("replies")
    op.drop_table("recipients")
    op.drop_table("receipts")
    op.drop_table("readings")
    op.drop_table("meeting_tasks")
    op.drop_table("meeting_steps")
    op.drop_table("meeting_members")
    op.drop_table("circular_steps")
    op.drop_table("meetings")
    op.drop_table("meeting_rules")
    op.drop_table("circulars")
