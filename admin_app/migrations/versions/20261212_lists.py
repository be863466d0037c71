"""Indexes by which every list is read: each scope of what two units see, the kind of a dispute, what is late.

Revises: 20261210_search
"""

import sqlalchemy as sa
from alembic import op

revision = "20261212_lists"
down_revision = "20261210_search"
branch_labels = None
depends_on = None

WIDTHS = {"city": 7, "county": 14, "township": 24, "village": 37}
RUNNING = "state IN ('sent', 'received')"
DUE = "state IN ('due')"
# Table, what the index is by, the column of the scope, the order, and what it is limited to.
SCOPED = (
    ("cases", "kind", "path", ("kind", "registered_on", "id"), ""),
    ("referrals", "", "path", ("id",), ""),
    ("referrals", "to", "to_path", ("id",), ""),
    ("referrals", "waiting", "path", ("due_on", "id"), RUNNING),
    ("referrals", "to_waiting", "to_path", ("due_on", "id"), RUNNING),
    ("urgings", "to", "to_path", ("id",), ""),
    ("meeting_tasks", "lead", "lead_path", ("id",), ""),
    ("screenings", "waiting", "path", ("due_on", "id"), DUE),
)
PLAIN = {
    "ix_circulars_unit": ("circulars", ["unit_id", "id"]),
    "ix_hand_overs_committee": ("hand_overs", ["committee_id", "id"]),
    "ix_meeting_tasks_unit": ("meeting_tasks", ["unit_id", "id"]),
    "ix_referrals_committee": ("referrals", ["committee_id", "id"]),
    "ix_referrals_to_unit": ("referrals", ["to_unit_id", "id"]),
    "ix_urgings_committee": ("urgings", ["committee_id", "id"]),
}
# Served by the ones above.
REPLACED = {
    "ix_referrals_path": ("referrals", ["path"]),
    "ix_referrals_to_path": ("referrals", ["to_path"]),
    "ix_urgings_to_path": ("urgings", ["to_path"]),
}


def _name(table: str, tier: str, by: str) -> str:
    return "_".join(filter(None, ("ix", table, tier, by)))


def _tiers(table: str) -> list[str]:
    return list(WIDTHS)[:3] if table == "cases" else list(WIDTHS)


def upgrade() -> None:
    for name, (table, _) in REPLACED.items():
        op.drop_index(name, table)
    op.drop_index("ix_meeting_tasks_lead_path", "meeting_tasks")
    op.create_index("ix_meeting_tasks_lead_path", "meeting_tasks", ["lead_path", "id"])
    for name, (table, columns) in PLAIN.items():
        op.create_index(name, table, columns)
    for table, by, path, order, where in SCOPED:
        partial = sa.text(where) if where else None
        for tier in _tiers(table):
            op.create_index(
                _name(table, tier, by),
                table,
                [sa.text(f"substr({path}, 1, {WIDTHS[tier]})"), *order, path, "removed_at"],
                sqlite_where=partial,
                postgresql_where=partial,
            )


def downgrade() -> None:
    for table, by, *_ in SCOPED:
        for tier in _tiers(table):
            op.drop_index(_name(table, tier, by), table)
    for name, (table, _) in PLAIN.items():
        op.drop_index(name, table)
    op.drop_index("ix_meeting_tasks_lead_path", "meeting_tasks")
    op.create_index("ix_meeting_tasks_lead_path", "meeting_tasks", ["lead_path"])
    for name, (table, columns) in REPLACED.items():
        op.create_index(name, table, columns)
