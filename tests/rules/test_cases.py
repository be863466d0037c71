"""What is wrong with the facts of a case, taken together."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules.cases import facts_findings

RIGHT: dict[str, Any] = {
    "accepted_on": date(2026, 9, 1),
    "mediated_on": date(2026, 9, 3),
    "agreed_on": date(2026, 9, 3),
    "closed_on": date(2026, 9, 20),
    "amount": Decimal("1200.50"),
    "people": 2,
    "parties": 2,
}
DAYS = ("accepted_on", "mediated_on", "agreed_on", "closed_on")
day = st.none() | st.dates(date(2026, 9, 1), date(2026, 9, 4))


def faults(**facts: Any) -> list[tuple[str, bool]]:
    return [(each.field, each.grave) for each in facts_findings(**{**RIGHT, **facts})]


def test_a_case_in_order_has_no_fault() -> None:
    assert faults() == []


@given(st.fixed_dictionaries(dict.fromkeys(DAYS, day)))
def test_the_days_of_a_case_follow_one_another(days: dict[str, date | None]) -> None:
    known = [each for each in (days[name] for name in DAYS) if each]
    assert (faults(**days) == []) == (known == sorted(known))


def test_the_fault_stands_beside_the_later_day_and_names_the_earlier() -> None:
    found = facts_findings(**{**RIGHT, "mediated_on": None, "agreed_on": date(2026, 8, 31)})
    assert [each.field for each in found] == ["agreed_on"]
    assert "受理日期（2026-09-01）" in found[0].sentence


def test_an_amount_is_not_negative() -> None:
    assert faults(amount=Decimal("-0.01")) == [("amount", True)]
    assert faults(amount=Decimal(0)) == faults(amount=None) == []


def test_one_party_alone_is_a_warning_and_no_party_at_all_a_fault() -> None:
    assert faults(parties=1, people=1) == [("parties", False)]
    assert faults(parties=0, people=1) == [("parties", True)]


@given(st.integers(0, 5), st.integers(0, 5))
def test_there_are_not_fewer_people_than_parties(people: int, parties: int) -> None:
    assert (("people", True) in faults(people=people, parties=parties)) == (people < max(parties, 1))
