"""The life of a case: what its steps know and leave, visits, help, hand-overs, supervision, dossiers, look-back.

Revises: 20261122_counters
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261122_life_of_a_case"
down_revision = "20261122_counters"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PATH = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")
NUMBER = sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql")
WIDTHS = {"city": 7, "county": 14, "township": 24, "village": 37}
# Each table with its list's order: an index for each tier of scope.
SCOPED = {
    "assistances": ["id"],
    "hand_overs": ["id"],
    "dossiers": ["id"],
    "urgings": ["id"],
    "lookbacks": ["happened_on", "id"],
    "visits": ["visited_on", "id"],
}
# Added in SQL that both databases read: SQLite adds no constraint to a table that stands.
LINKS = (("posts", "expert_id", "experts"), ("referrals", "to_committee_id", "committees"))


def upgrade() -> None:
    op.create_table(
        "assistances",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("expert_id", sa.Integer(), nullable=True),
        sa.Column("leads", sa.Boolean(), nullable=True),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("fee", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_assistances_case_id_cases")),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_assistances_expert_id_experts")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_assistances_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistances")),
    )
    op.create_index("ix_assistances_case", "assistances", ["case_id"], unique=False)
    op.create_index("ix_assistances_expert", "assistances", ["expert_id"], unique=False)

    op.create_table(
        "attachments",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("extension", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_attachments_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_case_id"), "attachments", ["case_id"], unique=False)
    op.create_index("ix_attachments_sha256", "attachments", ["sha256"], unique=False)

    op.create_table(
        "case_sessions",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("present", sa.String(length=300), nullable=True),
        sa.Column("asked", sa.String(length=100), nullable=True),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=True),
        sa.Column("recorder", sa.String(length=50), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_sessions_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_sessions")),
    )
    op.create_index(op.f("ix_case_sessions_case_id"), "case_sessions", ["case_id"], unique=False)

    op.create_table(
        "dossiers",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("filer", sa.String(length=50), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("checker", sa.String(length=50), nullable=True),
        sa.Column("retention", sa.String(length=20), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_dossiers_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committees.id"], name=op.f("fk_dossiers_committee_id_committees")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_dossiers_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossiers")),
    )
    op.create_index("ix_dossiers_committee", "dossiers", ["committee_id", "id"], unique=False)
    op.create_index("uq_dossiers_case", "dossiers", ["case_id"], unique=True)
    op.create_index("uq_dossiers_number", "dossiers", ["number"], unique=True)

    op.create_table(
        "follow_ups",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("visited", sa.String(length=100), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("fulfilment", sa.String(length=20), nullable=False),
        sa.Column("satisfied", sa.String(length=20), nullable=False),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.Column("visitor", sa.String(length=50), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_follow_ups_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
    )
    op.create_index(op.f("ix_follow_ups_case_id"), "follow_ups", ["case_id"], unique=False)

    op.create_table(
        "hand_overs",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("agency_kind", sa.String(length=20), nullable=False),
        sa.Column("agency", sa.String(length=100), nullable=False),
        sa.Column("number", NUMBER, nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("contact", sa.String(length=100), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.Column("enclosed", sa.Text(), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_hand_overs_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committees.id"], name=op.f("fk_hand_overs_committee_id_committees")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_hand_overs_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_overs")),
    )
    op.create_index("ix_hand_overs_case", "hand_overs", ["case_id"], unique=False)
    op.create_index("ix_hand_overs_number", "hand_overs", ["number"], unique=False)

    op.create_table(
        "lookbacks",
        sa.Column("fault", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("mediator_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_lookbacks_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committees.id"], name=op.f("fk_lookbacks_committee_id_committees")
        ),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name=op.f("fk_lookbacks_mediator_id_mediators")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_lookbacks_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lookbacks")),
    )
    op.create_index("ix_lookbacks_case", "lookbacks", ["case_id"], unique=False)
    op.create_index("ix_lookbacks_committee", "lookbacks", ["committee_id", "happened_on", "id"], unique=False)
    op.create_index("ix_lookbacks_mediator", "lookbacks", ["mediator_id"], unique=False)
    op.create_index("uq_lookbacks_key", "lookbacks", ["key"], unique=True)

    op.create_table(
        "preventions",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("prevented_on", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_preventions_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preventions")),
    )
    op.create_index(op.f("ix_preventions_case_id"), "preventions", ["case_id"], unique=False)

    op.create_table(
        "urgings",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("to_unit_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("key", sa.String(length=60), nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.Column("to_path", PATH, nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_urgings_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committees.id"], name=op.f("fk_urgings_committee_id_committees")
        ),
        sa.ForeignKeyConstraint(["to_unit_id"], ["units.id"], name=op.f("fk_urgings_to_unit_id_units")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_urgings_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urgings")),
    )
    op.create_index("ix_urgings_case", "urgings", ["case_id"], unique=False)
    op.create_index("ix_urgings_to_path", "urgings", ["to_path"], unique=False)
    op.create_index("uq_urgings_key", "urgings", ["key"], unique=True)
    op.create_index("uq_urgings_number", "urgings", ["number"], unique=True)

    op.create_table(
        "visits",
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("receiver", sa.String(length=50), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("sex", sa.String(length=20), nullable=True),
        sa.Column("birth_on", sa.Date(), nullable=True),
        sa.Column("id_number", sa.String(length=18), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("counterpart", sa.String(length=100), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("opinion", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_visits_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committees.id"], name=op.f("fk_visits_committee_id_committees")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_visits_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    op.create_index("ix_visits_case", "visits", ["case_id"], unique=False)
    op.create_index("ix_visits_committee", "visits", ["committee_id", "visited_on", "id"], unique=False)

    op.create_table(
        "assistance_steps",
        sa.Column("assistance_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_assistance_steps_actor_id_users")),
        sa.ForeignKeyConstraint(
            ["assistance_id"],
            ["assistances.id"],
            name=op.f("fk_assistance_steps_assistance_id_assistances"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistance_steps")),
    )
    op.create_index(op.f("ix_assistance_steps_assistance_id"), "assistance_steps", ["assistance_id"])

    op.create_table(
        "dossier_steps",
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_dossier_steps_actor_id_users")),
        sa.ForeignKeyConstraint(
            ["dossier_id"],
            ["dossiers.id"],
            name=op.f("fk_dossier_steps_dossier_id_dossiers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_steps")),
    )
    op.create_index(op.f("ix_dossier_steps_dossier_id"), "dossier_steps", ["dossier_id"], unique=False)

    op.create_table(
        "hand_over_steps",
        sa.Column("hand_over_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_hand_over_steps_actor_id_users")),
        sa.ForeignKeyConstraint(
            ["hand_over_id"],
            ["hand_overs.id"],
            name=op.f("fk_hand_over_steps_hand_over_id_hand_overs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over_steps")),
    )
    op.create_index(op.f("ix_hand_over_steps_hand_over_id"), "hand_over_steps", ["hand_over_id"], unique=False)

    op.create_table(
        "loans",
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("borrower", sa.String(length=50), nullable=False),
        sa.Column("employer", sa.String(length=100), nullable=True),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("lent_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossiers.id"], name=op.f("fk_loans_dossier_id_dossiers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans")),
    )
    op.create_index(op.f("ix_loans_dossier_id"), "loans", ["dossier_id"], unique=False)

    op.create_table(
        "urging_steps",
        sa.Column("urging_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_urging_steps_actor_id_users")),
        sa.ForeignKeyConstraint(
            ["urging_id"], ["urgings.id"], name=op.f("fk_urging_steps_urging_id_urgings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urging_steps")),
    )
    op.create_index(op.f("ix_urging_steps_urging_id"), "urging_steps", ["urging_id"], unique=False)

    op.add_column("case_steps", sa.Column("facts", sa.JSON(), nullable=False, server_default="{}"))

    op.add_column("cases", sa.Column("risk_measures", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("police_told_on", sa.Date(), nullable=True))
    op.add_column("cases", sa.Column("proper_tier", sa.String(length=20), nullable=True))
    op.add_column("cases", sa.Column("kin_checked", sa.Boolean(), nullable=True))
    op.add_column("cases", sa.Column("decline_reason", sa.String(length=20), nullable=True))
    op.add_column("cases", sa.Column("told_channel", sa.String(length=200), nullable=True))
    op.add_column("cases", sa.Column("rights_told_on", sa.Date(), nullable=True))
    op.add_column("cases", sa.Column("extension_days", sa.Integer(), nullable=True))
    op.add_column("cases", sa.Column("extension_agreed", sa.Boolean(), nullable=True))
    op.add_column("cases", sa.Column("fail_reason", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("told_arbitration", sa.Boolean(), nullable=True))
    op.add_column("cases", sa.Column("told_administrative", sa.Boolean(), nullable=True))
    op.add_column("cases", sa.Column("told_court", sa.Boolean(), nullable=True))
    op.add_column("cases", sa.Column("end_reason", sa.String(length=20), nullable=True))
    op.add_column("cases", sa.Column("end_explanation", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("effective_on", sa.Date(), nullable=True))
    op.add_column("cases", sa.Column("responsibility", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("fulfilled_on", sa.Date(), nullable=True))
    op.add_column("cases", sa.Column("applied_on", sa.Date(), nullable=True))
    op.add_column("cases", sa.Column("confirmed_on", sa.Date(), nullable=True))
    op.add_column("cases", sa.Column("confirmation_number", sa.String(length=60), nullable=True))
    op.add_column("cases", sa.Column("closing_report", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("reopen_reason", sa.Text(), nullable=True))

    op.add_column("parties", sa.Column("consent", sa.String(length=20), nullable=True))


    op.add_column("referral_steps", sa.Column("facts", sa.JSON(), nullable=False, server_default="{}"))

    for table, column, target in LINKS:
        name = f"fk_{table}_{column}_{target}"
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT {name} REFERENCES {target} (id)")
    op.add_column("referrals", sa.Column("urged", sa.Boolean(), nullable=True))
    op.add_column("referrals", sa.Column("return_reason", sa.Text(), nullable=True))
    for table, order in SCOPED.items():
        for tier, width in WIDTHS.items():
            columns: list[Any] = [sa.text(f"substr(path, 1, {width})"), *order, "path", "removed_at"]
            op.create_index(f"ix_{table}_{tier}", table, columns)


def downgrade() -> None:
    op.drop_column("referrals", "return_reason")
    op.drop_column("referrals", "to_committee_id")
    op.drop_column("referrals", "urged")

    op.drop_column("referral_steps", "facts")

    op.drop_column("posts", "expert_id")

    op.drop_column("parties", "consent")

    op.drop_column("cases", "reopen_reason")
    op.drop_column("cases", "closing_report")
    op.drop_column("cases", "confirmation_number")
    op.drop_column("cases", "confirmed_on")
    op.drop_column("cases", "applied_on")
    op.drop_column("cases", "fulfilled_on")
    op.drop_column("cases", "responsibility")
    op.drop_column("cases", "effective_on")
    op.drop_column("cases", "end_explanation")
    op.drop_column("cases", "end_reason")
    op.drop_column("cases", "told_court")
    op.drop_column("cases", "told_administrative")
    op.drop_column("cases", "told_arbitration")
    op.drop_column("cases", "fail_reason")
    op.drop_column("cases", "extension_agreed")
    op.drop_column("cases", "extension_days")
    op.drop_column("cases", "rights_told_on")
    op.drop_column("cases", "told_channel")
    op.drop_column("cases", "decline_reason")
    op.drop_column("cases", "kin_checked")
    op.drop_column("cases", "proper_tier")
    op.drop_column("cases", "police_told_on")
    op.drop_column("cases", "risk_measures")

    op.drop_column("case_steps", "facts")

    op.drop_table("urging_steps")
    op.drop_table("loans")
    op.drop_table("hand_over_steps")
    op.drop_table("dossier_steps")
    op.drop_table("assistance_steps")
    op.drop_table("visits")
    op.drop_table("urgings")
    op.drop_table("preventions")
    op.drop_table("lookbacks")
    op.drop_table("hand_overs")
    op.drop_table("follow_ups")
    op.drop_table("dossiers")
    op.drop_table("case_sessions")
    op.drop_table("attachments")
    op.drop_table("assistances")
