"""What keeps a case out of a batch, who gets its subsidy, and sums that add up to the fen."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules.rates import Ended, SubsidyKind
from admin_app.rules.subsidies import (
    CHANGING,
    STEPS,
    CaseFacts,
    Handler,
    Refused,
    Span,
    SubsidyState,
    before,
    days_served,
    ended,
    payees,
    period_findings,
    refusals,
    span_of,
    split,
)

CASE, STIPEND = SubsidyKind.CASE, SubsidyKind.STIPEND
SEPTEMBER = Span(date(2026, 9, 1), date(2026, 9, 30))
fen = st.decimals(min_value=0, max_value=10**7, places=2)


@given(fen, st.integers(1, 40))
def test_parts_add_up_and_differ_by_a_fen_at_most(amount: Decimal, parts: int) -> None:
    found = split(amount, parts)
    assert sum(found) == amount
    assert max(found) - min(found) <= Decimal("0.01")


day = st.dates(date(2026, 8, 1), date(2026, 10, 31))


@given(st.lists(st.tuples(day, st.none() | day)))
def test_days_served_are_counted_once_and_within_the_month(terms: list[tuple[date, date | None]]) -> None:
    month = [SEPTEMBER.since + timedelta(days=number) for number in range(30)]
    served = [
        each for each in month if any(since <= each <= (until or SEPTEMBER.until) for since, until in terms)
    ]
    assert days_served(terms, SEPTEMBER) == len(served)


@pytest.mark.parametrize(
    ("kind", "period", "since", "until"),
    [
        (CASE, 1, date(2024, 1, 1), date(2024, 3, 31)),
        (CASE, 4, date(2024, 10, 1), date(2024, 12, 31)),
        (STIPEND, 2, date(2024, 2, 1), date(2024, 2, 29)),
        (STIPEND, 12, date(2024, 12, 1), date(2024, 12, 31)),
    ],
)
def test_a_quarter_and_a_month_have_their_days(
    kind: SubsidyKind, period: int, since: date, until: date
) -> None:
    assert span_of(kind, 2024, period) == Span(since, until)


@pytest.mark.parametrize(
    ("months", "expected"), [(0, date(2026, 3, 1)), (3, date(2025, 12, 1)), (15, date(2024, 12, 1))]
)
def test_some_months_before(months: int, expected: date) -> None:
    assert before(date(2026, 3, 31), months) == expected


@pytest.mark.parametrize(
    ("kind", "year", "period", "field"),
    [
        (CASE, 2026, 4, None),
        (CASE, 2026, 5, "period"),
        (CASE, 2026, 0, "period"),
        (STIPEND, 2026, 11, None),
        (STIPEND, 2026, 12, "period"),
        (STIPEND, 2026, 13, "period"),
        (CASE, 1999, 1, "year"),
        (CASE, 2027, 1, "year"),
    ],
)
def test_a_period_must_have_begun(kind: SubsidyKind, year: int, period: int, field: str | None) -> None:
    found = period_findings(kind, year, period, date(2026, 11, 22))
    assert [each.field for each in found] == ([field] if field else [])


GOOD = Handler(1, on_roster=True, excluded=False)
OFFICIAL = Handler(2, on_roster=True, excluded=True)
GONE = Handler(3, on_roster=False, excluded=False)


def facts(**changes: object) -> CaseFacts:
    whole = {"succeeded": True, "prevented": False, "performed": True, "dossier": True, "claimed": False}
    return CaseFacts(**{**whole, "handlers": (GOOD,), **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"succeeded": False}, [Refused.NOT_SUCCEEDED]),
        ({"succeeded": False, "prevented": True, "performed": False}, []),
        ({"performed": False}, [Refused.NOT_PERFORMED]),
        ({"dossier": False, "claimed": True}, [Refused.CLAIMED, Refused.DOSSIER]),
        ({"handlers": ()}, [Refused.NO_MEDIATOR]),
        ({"handlers": (GONE,)}, [Refused.NOT_ON_ROSTER]),
        ({"handlers": (OFFICIAL, GONE)}, [Refused.EXCLUDED]),
        ({"handlers": (OFFICIAL, GOOD)}, []),
    ],
)
def test_every_reason_against_a_case_is_told(changes: dict[str, object], expected: list[Refused]) -> None:
    case = facts(**changes)
    assert refusals(case, ended(case, prevented_counts=True)) == expected


def test_a_failure_kept_calm_counts_only_where_the_parameter_says_so() -> None:
    case = facts(succeeded=False, prevented=True)
    assert ended(case, prevented_counts=True) is Ended.PREVENTED
    assert ended(case, prevented_counts=False) is None


def test_only_those_who_may_be_paid_are_and_the_first_of_them_takes_the_place_of_the_first() -> None:
    other = Handler(4, on_roster=True, excluded=False)
    assert payees((OFFICIAL, GOOD, GONE, other), equal=False) == (1,)
    assert payees((OFFICIAL, GOOD, GONE, other), equal=True) == (1, 4)
    assert payees((OFFICIAL,), equal=True) == ()


def test_items_change_only_where_a_step_says_so_and_never_once_paid() -> None:
    led = {source for each in STEPS if each.led for source in each.sources}
    assert led == set(CHANGING) == set(SubsidyState) - {SubsidyState.PAID}
