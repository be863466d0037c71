"""Which rate holds, what it comes to, and which rows contradict each other."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules.rates import (
    Ended,
    Facts,
    Per,
    Rate,
    SubsidyKind,
    of_month,
    overlap,
    rate_findings,
    rate_for,
    to_fen,
    worth,
)
from admin_app.rules.tiers import Tier

CITY, COUNTY, TOWN = "330700/", "330700/330702/", "330700/330702/330702001/"
DAY = date(2026, 7, 1)
CASE, STIPEND = SubsidyKind.CASE, SubsidyKind.STIPEND


def row(number: int, path: str = COUNTY, amount: int | None = 100, **facts: object) -> Rate:
    facts = {"kind": CASE, "since": date(2025, 1, 1), **facts}
    return Rate(id=number, path=path, amount=None if amount is None else Decimal(amount), **facts)  # type: ignore[arg-type]


def facts(**given: object) -> Facts:
    said = {"kind": CASE, "path": TOWN, "tier": Tier.TOWNSHIP, "difficulty": "1", "form": "2"}
    return Facts(**{**said, "outcome": Ended.SETTLED, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row(1, CITY), row(2, COUNTY)], 2),  # the nearest unit
        ([row(1, CITY, since=date(2026, 6, 1), difficulty="1"), row(2, COUNTY)], 2),  # however precise
        ([row(1, COUNTY, difficulty="1"), row(2, COUNTY, since=date(2026, 1, 1))], 1),  # what says most
        ([row(1), row(2, since=date(2026, 1, 1))], 2),  # the latest
        ([row(1), row(2, since=date(2026, 7, 2))], 1),  # not before its day
        ([row(1), row(2, since=date(2026, 1, 1), until=DAY)], 1),  # not on its last day
        ([row(1, "330700/330703/")], None),  # somebody else's
        ([row(1, tier=Tier.VILLAGE)], None),
        ([row(1, difficulty="3")], None),
        ([row(1, outcome=Ended.PREVENTED)], None),
        ([row(1, kind=STIPEND, per=Per.MONTH)], None),
        ([], None),
    ],
)
def test_the_nearest_then_the_most_precise_then_the_latest_row_holds(
    rows: list[Rate], expected: int | None
) -> None:
    found = rate_for(rows, facts(), DAY)
    assert (found.id if found else None) == expected


def test_a_share_is_of_the_same_case_settled_in_writing() -> None:
    rows = [
        row(1, amount=200, difficulty="3"),
        row(2, amount=None, share=Decimal("33.33"), form="1"),
        row(3, amount=None, share=Decimal(50), outcome=Ended.PREVENTED),
    ]
    oral = facts(difficulty="3", form="1")
    # The row that names the difficulty and the one that names the form say equally much; the later id wins.
    assert rate_for(rows, oral, DAY) is rows[1]
    assert worth(rows, rows[1], oral, DAY) == Decimal("66.66")
    prevented = facts(difficulty="3", form=None, outcome=Ended.PREVENTED)
    assert worth(rows, rows[2], prevented, DAY) == Decimal("100.00")
    assert worth(rows[1:], rows[1], oral, DAY) is None  # a share of nothing


@given(st.decimals(min_value=0, max_value=10**6, places=2))
def test_the_twelve_months_of_a_year_add_up_to_the_fen(amount: Decimal) -> None:
    months = [of_month(amount, Per.YEAR, month) for month in range(1, 13)]
    assert sum(months) == amount
    assert max(months) - min(months) <= Decimal("0.01")


def test_a_monthly_stipend_is_the_same_in_every_month() -> None:
    assert {of_month(Decimal(1350), Per.MONTH, month) for month in range(1, 13)} == {Decimal(1350)}


@pytest.mark.parametrize(("amount", "fen"), [("0.005", "0.01"), ("0.0149", "0.01"), ("66.665", "66.67")])
def test_half_a_fen_counts_as_one(amount: str, fen: str) -> None:
    assert to_fen(Decimal(amount)) == Decimal(fen)


def day(number: int) -> date:
    return date(2026, 1, number)


@pytest.mark.parametrize(
    ("since", "until", "others", "expected"),
    [
        (5, None, [], False),
        (5, None, [(3, None)], False),  # the open one ends where this begins
        (3, None, [(5, None)], False),
        (5, None, [(5, None)], True),
        (5, None, [(3, 6)], True),
        (5, None, [(3, 5)], False),
        (3, 6, [(5, None)], True),
        (3, 5, [(5, 9)], False),
        (3, 9, [(1, 2), (4, 5)], True),
    ],
)
def test_rows_of_the_same_days_contradict_each_other(
    since: int, until: int | None, others: list[tuple[int, int | None]], expected: bool
) -> None:
    known = [(day(a), day(b) if b else None) for a, b in others]
    assert overlap(day(since), day(until) if until else None, known) is expected


GOOD = {
    "kind": CASE,
    "full_time": None,
    "difficulty": "1",
    "form": None,
    "outcome": None,
    "amount": Decimal(50),
    "share": None,
    "per": None,
    "since": DAY,
    "until": None,
}


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"kind": STIPEND, "difficulty": None, "per": Per.MONTH}, []),
        ({"kind": STIPEND, "per": Per.MONTH}, ["difficulty"]),
        ({"kind": STIPEND, "difficulty": None}, ["per"]),
        ({"kind": STIPEND, "difficulty": None, "per": Per.YEAR, "amount": None}, ["amount"]),
        ({"per": Per.YEAR, "full_time": "01"}, ["full_time", "per"]),
        ({"amount": None}, ["amount"]),
        ({"share": Decimal(10)}, ["amount"]),
        ({"amount": None, "share": Decimal(10)}, []),
        ({"amount": None, "share": Decimal(0)}, ["share"]),
        ({"amount": None, "share": Decimal(101)}, ["share"]),
        ({"until": DAY}, ["valid_until"]),
    ],
)
def test_what_does_not_go_together_in_a_row_is_said_beside_its_field(
    changes: dict[str, object], fields: list[str]
) -> None:
    found = rate_findings(**{**GOOD, **changes})  # type: ignore[arg-type]
    assert [each.field for each in found] == fields
