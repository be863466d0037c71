"""The house: units, people, committees, cases, referrals, evaluations, users, codes, history.

The first shape; nothing stood before it.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261121_the_house"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PATH = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")
UPPER = ("city", "county", "township")
WAITING = sa.text("stage IN ('registered', 'accepted', 'mediating', 'in_transfer')")
REMOVED = sa.text("removed_at IS NOT NULL")
LIVE: dict[str, Any] = {"sqlite_where": sa.text("removed_at IS NULL"), "postgresql_where": sa.text("removed_at IS NULL")}

WIDTHS = {"city": 7, "county": 14, "township": 24, "village": 37}


def _by_scope(
    table: str, *order: str, by: str = "", tiers: tuple[str, ...] = tuple(WIDTHS), **where: Any
) -> None:
    for tier in tiers:
        name = "_".join(filter(None, ("ix", table, tier, by)))
        prefix = sa.text(f"substr(path, 1, {WIDTHS[tier]})")
        op.create_index(name, table, [prefix, *order, "path", "removed_at"], **where)


def upgrade() -> None:
    op.create_table(
        "codes",
        sa.Column("table", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("remark", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_codes"),
    )
    op.create_index("uq_codes_value", "codes", ["table", "code", "valid_from"], unique=True)
    op.create_table(
        "history",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=50), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("register", sa.String(length=20), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_history"),
        sa.UniqueConstraint("place", name="uq_history_place"),
    )
    op.create_index("ix_history_action", "history", ["action", "id"])
    op.create_index("ix_history_actor", "history", ["actor_id", "id"])
    op.create_index("ix_history_record", "history", ["register", "record_id", "id"])
    op.create_table(
        "units",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("code", sa.String(length=15), nullable=False),
        sa.Column(
            "tier",
            sa.Enum(
                "city", "county", "township", "village", "grid", name="tier", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.Column("spelling", sa.String(length=600), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name="fk_units_parent_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_units"),
        sa.UniqueConstraint("path", name="uq_units_path"),
    )
    op.create_index("ix_units_county", "units", [sa.text("substr(path, 1, 14)")])
    op.create_index("ix_units_parent", "units", ["parent_id"])
    op.create_index("ix_units_township", "units", [sa.text("substr(path, 1, 24)")])
    op.create_index("uq_units_code", "units", ["code"], unique=True)
    op.create_table(
        "users",
        sa.Column("username", sa.String(length=50), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("signed_in_at", MOMENT, nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", MOMENT, nullable=True),
        sa.Column("session_stamp", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
    )
    op.create_index("uq_users_username", "users", ["username"], unique=True)
    op.create_table(
        "committees",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("trade", sa.String(length=20), nullable=True),
        sa.Column(
            "status",
            sa.Enum("preparing", "active", "dissolved", name="committeestatus", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("filing_number", sa.String(length=50), nullable=True),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("head", sa.String(length=50), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("fax", sa.String(length=30), nullable=True),
        sa.Column("email", sa.String(length=100), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("postcode", sa.String(length=6), nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("term_from", sa.Date(), nullable=True),
        sa.Column("term_until", sa.Date(), nullable=True),
        sa.Column("origin", sa.String(length=20), nullable=True),
        sa.Column("unities", sa.JSON(), nullable=True),
        sa.Column("own_premises", sa.Boolean(), nullable=True),
        sa.Column("area", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("telephones", sa.Integer(), nullable=True),
        sa.Column("computers", sa.Integer(), nullable=True),
        sa.Column("printers", sa.Integer(), nullable=True),
        sa.Column("recorders", sa.Integer(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("spelling", sa.String(length=600), nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_committees_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_committees"),
    )
    _by_scope("committees", "id")
    op.create_index("ix_committees_unit", "committees", ["unit_id"])
    op.create_table(
        "experts",
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("sex", sa.String(length=20), nullable=False),
        sa.Column("birth_on", sa.Date(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("employer", sa.String(length=100), nullable=True),
        sa.Column("title", sa.String(length=50), nullable=True),
        sa.Column("specialities", sa.JSON(), nullable=True),
        sa.Column("id_number", sa.String(length=18), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("fee", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("serving", sa.Boolean(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("spelling", sa.String(length=600), nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_experts_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_experts"),
    )
    _by_scope("experts", "id")
    op.create_table(
        "preferences",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_preferences_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_preferences"),
    )
    op.create_index("ix_preferences_user_id", "preferences", ["user_id"])
    op.create_index("uq_preferences", "preferences", ["user_id", "name"], unique=True)
    op.create_table(
        "cases",
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("names", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "registered",
                "accepted",
                "mediating",
                "settled",
                "failed",
                "ended",
                "declined",
                "in_transfer",
                "closed",
                "archived",
                name="stage",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("difficulty", sa.String(length=20), nullable=False),
        sa.Column("risk", sa.String(length=20), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("brief", sa.Text(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("mediated_on", sa.Date(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("result", sa.String(length=20), nullable=True),
        sa.Column("form", sa.String(length=20), nullable=True),
        sa.Column("agreement_number", sa.String(length=60), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("agreement", sa.Text(), nullable=True),
        sa.Column("performance", sa.String(length=20), nullable=True),
        sa.Column("perform_by", sa.Date(), nullable=True),
        sa.Column("fulfilment", sa.String(length=20), nullable=True),
        sa.Column("confirmation", sa.String(length=20), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=True),
        sa.Column("satisfied", sa.String(length=20), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["committee_id"], ["committees.id"], name="fk_cases_committee_id_committees"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_cases_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
    )
    _by_scope("cases", "registered_on", "id")
    _by_scope("cases", "stage", "registered_on", "id", by="stage", tiers=UPPER)
    _by_scope(
        "cases", "due_on", "id", by="waiting", tiers=UPPER, sqlite_where=WAITING, postgresql_where=WAITING
    )
    _by_scope(
        "cases", "registered_on", "id", by="bin", tiers=UPPER[:2], sqlite_where=REMOVED, postgresql_where=REMOVED
    )
    op.create_index("ix_cases_committee", "cases", ["committee_id", "registered_on", "id"])
    op.create_index("uq_cases_number", "cases", ["number"], unique=True)
    op.create_table(
        "committee_changes",
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("item", sa.String(length=50), nullable=False),
        sa.Column("before", sa.String(length=200), nullable=True),
        sa.Column("after", sa.String(length=200), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["committee_id"],
            ["committees.id"],
            name="fk_committee_changes_committee_id_committees",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_committee_changes"),
    )
    op.create_index("ix_committee_changes_committee_id", "committee_changes", ["committee_id"])
    op.create_table(
        "committee_members",
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("sex", sa.String(length=20), nullable=False),
        sa.Column("ethnicity", sa.String(length=20), nullable=True),
        sa.Column("position", sa.String(length=20), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["committee_id"],
            ["committees.id"],
            name="fk_committee_members_committee_id_committees",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_committee_members"),
    )
    op.create_index("ix_committee_members_committee_id", "committee_members", ["committee_id"])
    op.create_table(
        "committee_terms",
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("head", sa.String(length=50), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["committee_id"],
            ["committees.id"],
            name="fk_committee_terms_committee_id_committees",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_committee_terms"),
    )
    op.create_index("ix_committee_terms_committee_id", "committee_terms", ["committee_id"])
    op.create_table(
        "mediators",
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("sex", sa.String(length=20), nullable=False),
        sa.Column("birth_on", sa.Date(), nullable=True),
        sa.Column("ethnicity", sa.String(length=20), nullable=True),
        sa.Column("education", sa.String(length=20), nullable=True),
        sa.Column("speciality", sa.String(length=50), nullable=True),
        sa.Column("politics", sa.String(length=20), nullable=True),
        sa.Column("marriage", sa.String(length=20), nullable=True),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "nominated",
                "qualified",
                "appointed",
                "suspended",
                "dismissed",
                "retired",
                name="mediatorstatus",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("full_time", sa.String(length=20), nullable=False),
        sa.Column("position", sa.String(length=20), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=True),
        sa.Column("profession", sa.String(length=20), nullable=True),
        sa.Column("other_role", sa.String(length=20), nullable=True),
        sa.Column("purchased", sa.Boolean(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("qualified_on", sa.Date(), nullable=True),
        sa.Column("qualification", sa.String(length=50), nullable=True),
        sa.Column("employer", sa.String(length=100), nullable=True),
        sa.Column("injury", sa.String(length=20), nullable=True),
        sa.Column("id_number", sa.String(length=18), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("email", sa.String(length=100), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("bank_account", sa.String(length=30), nullable=True),
        sa.Column("introduction", sa.Text(), nullable=True),
        sa.Column("spelling", sa.String(length=600), nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committees.id"], name="fk_mediators_committee_id_committees"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_mediators_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_mediators"),
    )
    _by_scope("mediators", "id")
    op.create_index("ix_mediators_committee", "mediators", ["committee_id", "id"])
    op.create_index("ix_mediators_id_number", "mediators", ["id_number"])
    op.create_table(
        "appointments",
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mediator_id"],
            ["mediators.id"],
            name="fk_appointments_mediator_id_mediators",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_appointments"),
    )
    op.create_index("ix_appointments_mediator_id", "appointments", ["mediator_id"])
    op.create_table(
        "awards",
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("awarded_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name="fk_awards_mediator_id_mediators", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_awards"),
    )
    op.create_index("ix_awards_mediator_id", "awards", ["mediator_id"])
    op.create_table(
        "case_mediators",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name="fk_case_mediators_case_id_cases", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name="fk_case_mediators_mediator_id_mediators"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_mediators"),
    )
    op.create_index("ix_case_mediators_mediator", "case_mediators", ["mediator_id"])
    op.create_index("uq_case_mediators", "case_mediators", ["case_id", "mediator_id"], unique=True)
    op.create_table(
        "case_steps",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "registered",
                "accepted",
                "mediating",
                "settled",
                "failed",
                "ended",
                "declined",
                "in_transfer",
                "closed",
                "archived",
                name="stage",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "target",
            sa.Enum(
                "registered",
                "accepted",
                "mediating",
                "settled",
                "failed",
                "ended",
                "declined",
                "in_transfer",
                "closed",
                "archived",
                name="stage",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_case_steps_actor_id_users"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name="fk_case_steps_case_id_cases", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_steps"),
    )
    op.create_index("ix_case_steps_case_id", "case_steps", ["case_id"])
    op.create_table(
        "evaluations",
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "half",
            sa.Enum("first", "second", "year", name="half", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("score", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column(
            "level",
            sa.Enum("excellent", "good", "passed", "failed", name="level", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("evaluated_on", sa.Date(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committees.id"], name="fk_evaluations_committee_id_committees"
        ),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name="fk_evaluations_mediator_id_mediators"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_evaluations_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_evaluations"),
    )
    _by_scope("evaluations", "year", "id")
    op.create_index("ix_evaluations_committee", "evaluations", ["committee_id"])
    op.create_index("ix_evaluations_mediator", "evaluations", ["mediator_id"])
    op.create_index(
        "uq_evaluations_period", "evaluations", ["mediator_id", "year", "half"], unique=True, **LIVE
    )
    op.create_table(
        "parties",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("sex", sa.String(length=20), nullable=True),
        sa.Column("ethnicity", sa.String(length=20), nullable=True),
        sa.Column("birth_on", sa.Date(), nullable=True),
        sa.Column("occupation", sa.String(length=50), nullable=True),
        sa.Column("id_kind", sa.String(length=20), nullable=True),
        sa.Column("id_number", sa.String(length=30), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("representative", sa.String(length=50), nullable=True),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("agent", sa.String(length=50), nullable=True),
        sa.Column("agent_phone", sa.String(length=30), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name="fk_parties_case_id_cases", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_parties"),
    )
    op.create_index("ix_parties_case_id", "parties", ["case_id"])
    op.create_table(
        "posts",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "sysadmin",
                "auditor",
                "bureau",
                "office",
                "committee",
                "mediator",
                "inspector",
                "expert",
                name="role",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=True),
        sa.Column("mediator_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["committee_id"], ["committees.id"], name="fk_posts_committee_id_committees"),
        sa.ForeignKeyConstraint(["mediator_id"], ["mediators.id"], name="fk_posts_mediator_id_mediators"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_posts_unit_id_units"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_posts_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
    )
    op.create_index("ix_posts_user_id", "posts", ["user_id"])
    op.create_table(
        "referrals",
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "direction",
            sa.Enum("up", "down", "sideways", name="direction", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("to_unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "sent",
                "received",
                "answered",
                "closed",
                "returned",
                "withdrawn",
                name="referralstate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.Column("demand", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("received_at", MOMENT, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.Column("to_path", PATH, nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_referrals_case_id_cases"),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committees.id"], name="fk_referrals_committee_id_committees"
        ),
        sa.ForeignKeyConstraint(["to_unit_id"], ["units.id"], name="fk_referrals_to_unit_id_units"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_referrals_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_referrals"),
    )
    op.create_index("ix_referrals_case", "referrals", ["case_id"])
    op.create_index("ix_referrals_path", "referrals", ["path"])
    op.create_index("ix_referrals_to_path", "referrals", ["to_path"])
    op.create_table(
        "sanctions",
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name="fk_sanctions_mediator_id_mediators", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sanctions"),
    )
    op.create_index("ix_sanctions_mediator_id", "sanctions", ["mediator_id"])
    op.create_table(
        "referral_steps",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "draft",
                "sent",
                "received",
                "answered",
                "closed",
                "returned",
                "withdrawn",
                name="referralstate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "target",
            sa.Enum(
                "draft",
                "sent",
                "received",
                "answered",
                "closed",
                "returned",
                "withdrawn",
                name="referralstate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_referral_steps_actor_id_users"),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referrals.id"],
            name="fk_referral_steps_referral_id_referrals",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_referral_steps"),
    )
    op.create_index("ix_referral_steps_referral_id", "referral_steps", ["referral_id"])


def downgrade() -> None:
    op.drop_table("referral_steps")
    op.drop_table("sanctions")
    op.drop_table("referrals")
    op.drop_table("posts")
    op.drop_table("parties")
    op.drop_table("evaluations")
    op.drop_table("case_steps")
    op.drop_table("case_mediators")
    op.drop_table("awards")
    op.drop_table("appointments")
    op.drop_table("mediators")
    op.drop_table("committee_terms")
    op.drop_table("committee_members")
    op.drop_table("committee_changes")
    op.drop_table("cases")
    op.drop_table("preferences")
    op.drop_table("experts")
    op.drop_table("committees")
    op.drop_table("users")
    op.drop_table("units")
    op.drop_table("history")
    op.drop_table("codes")
