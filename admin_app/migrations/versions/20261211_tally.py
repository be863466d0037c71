"""The tally: what the cases of each committee and month add up to, filled from the cases there are.

Revises: 20261213_postgres
"""

import sqlalchemy as sa
from alembic import op

revision = "20261211_tally"
down_revision = "20261213_postgres"
branch_labels = None
depends_on = None

KINDS = [str(number) for number in range(1, 18)]
ENTRUSTED = {"court": "3", "procuratorate": "4", "police": "5", "petition": "6"}
PERFORMED = {"performed": "03", "confirmed": "05", "sued": "06"}
PREVENTED = {"suicide": "01", "crime": "02", "petitioning": "03", "fight": "04"}
HEADS = (
    "coalesce(people, (SELECT coalesce(sum(coalesce(nullif(headcount, 0), 1)), 0) FROM parties "
    "WHERE parties.case_id = cases.id))"
)
MONTH = {
    "sqlite": (
        "CAST(strftime('%Y', accepted_on) AS INTEGER) * 12 + CAST(strftime('%m', accepted_on) AS INTEGER) - 1"
    ),
    "postgresql": (
        "CAST(extract(year FROM accepted_on) * 12 + extract(month FROM accepted_on) - 1 AS INTEGER)"
    ),
}
COUNTED = "accepted_on IS NOT NULL AND stage NOT IN ('registered', 'declined') AND cases.removed_at IS NULL"


def _codes(*codes: str) -> str:
    return ", ".join(f"'{each}'" for each in codes)


# How many cases of which this is so.
CASES = {
    "total": "1 = 1",
    "succeeded": "result = '1'",
    "own_initiative": "source = '2'",
    "on_application": "source IN ('1', '8', '9')",
    "entrusted": "source NOT IN ('1', '2', '8', '9')",
    **{name: f"source = '{code}'" for name, code in ENTRUSTED.items()},
    "other_agency": f"source NOT IN ({_codes('1', '2', '8', '9', *ENTRUSTED.values())})",
    **{f"kind_{code}": f"kind = '{code}'" for code in KINDS},
    "kind_18": f"kind NOT IN ({_codes(*KINDS)})",
    "oral": "form = '1'",
    "written": "form = '2'",
    **{name: f"form IS NOT NULL AND fulfilment = '{code}'" for name, code in PERFORMED.items()},
    "otherwise": f"form IS NOT NULL AND coalesce(fulfilment, '') NOT IN ({_codes(*PERFORMED.values())})",
    "failed": "result = '2'",
    "undecided": "result IS NULL OR result NOT IN ('1', '2')",
    **{f"difficulty_{code}": f"difficulty = '{code}'" for code in "1234"},
}
SUMS = {
    **{name: f"count(*) FILTER (WHERE {when})" for name, when in CASES.items()},
    "people": f"sum({HEADS})",
    "amount": "sum(CAST(round(amount * 100) AS BIGINT)) FILTER (WHERE form IS NOT NULL)",
}
LINES = {
    name: measure
    for kind, code in PREVENTED.items()
    for name, measure in (
        (f"{kind}_cases", f"count(*) FILTER (WHERE preventions.kind = '{code}')"),
        (f"{kind}_people", f"sum(preventions.people) FILTER (WHERE preventions.kind = '{code}')"),
    )
}
WIDE = ("people", "amount", *(name for name in LINES if name.endswith("_people")))
NAMES = (*SUMS, *LINES)


def upgrade() -> None:
    op.create_table(
        "tallies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.BigInteger() if name in WIDE else sa.Integer()) for name in NAMES),
        sa.PrimaryKeyConstraint("id", name="pk_tallies"),
    )
    _fill(op.get_bind().dialect.name)
    op.create_index("ix_tallies_committee", "tallies", ["committee_id", "month"])
    op.create_index("ix_tallies_month", "tallies", ["month", "committee_id"])


def _fill(dialect: str) -> None:
    """Month after month, so that those of a period lie together."""
    place = f"cases.committee_id AS committee_id, {MONTH[dialect]} AS month"
    of_cases = ", ".join(f"{SUMS.get(name, 'CAST(NULL AS BIGINT)')} AS {name}" for name in NAMES)
    of_lines = ", ".join(f"{LINES.get(name, 'CAST(NULL AS BIGINT)')} AS {name}" for name in NAMES)
    op.execute(
        f"INSERT INTO tallies (committee_id, month, {', '.join(NAMES)}) "
        f"SELECT committee_id, month, {', '.join(f'nullif(sum({name}), 0)' for name in NAMES)} FROM ("
        f"SELECT {place}, {of_cases} FROM cases WHERE {COUNTED} GROUP BY 1, 2 "
        f"UNION ALL SELECT {place}, {of_lines} FROM preventions JOIN cases ON cases.id = preventions.case_id "
        f"WHERE {COUNTED} GROUP BY 1, 2) AS found GROUP BY committee_id, month ORDER BY month, committee_id"
    )


def downgrade() -> None:
    op.drop_table("tallies")
