"""What a dossier must hold, and how its pages are counted."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules.dossiers import (
    COVERS,
    Demand,
    Facts,
    Outcome,
    Sheet,
    contents,
    loan_finding,
    missing,
    own_papers,
    required,
    whole_dossier,
)
from seed.requirements import requirement_rows

DAY = date(2026, 11, 22)
SEEDED = [Demand(row["kind"], row["difficulty"], row["form"], row["outcome"]) for row in requirement_rows()]
SIMPLE, COMMON, GRAVE, KNOTTY = "1", "2", "3", "4"
ORAL, WRITTEN = "1", "2"


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        (Facts(SIMPLE), ["01"]),
        (Facts(SIMPLE, ORAL, Outcome.SETTLED), ["01", "05", "09"]),  # R75 art 35: no full record
        (Facts(SIMPLE, WRITTEN, Outcome.SETTLED), ["01", "02", "05", "08", "09"]),
        (Facts(SIMPLE, None, Outcome.FAILED), ["01", "02", "05", "08"]),
        (Facts(SIMPLE, None, Outcome.ENDED), ["01"]),
        (Facts(COMMON, ORAL, Outcome.SETTLED), ["01", "02", "05", "08", "09"]),
        (Facts(GRAVE, WRITTEN, Outcome.SETTLED), ["01", "02", "05", "06", "07", "08", "09"]),
        (
            Facts(KNOTTY, WRITTEN, Outcome.SETTLED, follow_up_due=True, handed_over=True),
            ["01", "02", "05", "06", "07", "08", "09", "10", "14"],
        ),
        (
            Facts(COMMON, WRITTEN, Outcome.SETTLED, follow_up_due=True, handed_over=True),
            ["01", "02", "05", "08", "09"],
        ),
        (Facts(GRAVE, None, Outcome.ENDED, handed_over=True), ["01", "14"]),
    ],
    ids=str,
)
def test_the_seeded_requirements(facts: Facts, kinds: list[str]) -> None:
    assert required(SEEDED, facts, DAY) == kinds


def test_a_requirement_holds_from_a_day_until_another() -> None:
    row = [Demand("07", since=DAY, until=DAY + timedelta(days=2))]
    days = [DAY + timedelta(days=number) for number in (-1, 0, 1, 2)]
    assert [bool(required(row, Facts("1"), day)) for day in days] == [False, True, True, False]


facts = st.builds(
    Facts,
    difficulty=st.sampled_from("1234"),
    form=st.sampled_from([None, "1", "2"]),
    outcome=st.sampled_from([None, *Outcome]),
    follow_up_due=st.booleans(),
    handed_over=st.booleans(),
)
kinds = st.sampled_from([f"{number:02}" for number in range(1, 15)])
demands = st.builds(
    Demand,
    kind=kinds,
    difficulty=st.sampled_from([None, *"1234"]),
    form=st.sampled_from([None, "1", "2"]),
    outcome=st.sampled_from([None, *Outcome]),
)


@given(st.lists(demands), demands, facts)
def test_more_requirements_never_ask_for_less(rows: list[Demand], more: Demand, case: Facts) -> None:
    before, after = required(rows, case, DAY), required([*rows, more], case, DAY)
    assert set(before) <= set(after) <= {*before, more.kind}
    assert after == sorted(set(after))


@given(st.lists(demands), facts, st.sets(kinds))
def test_what_is_missing_is_what_is_needed_and_not_there(
    rows: list[Demand], case: Facts, there: set[str]
) -> None:
    needed = required(rows, case, DAY)
    left = missing(needed, there)
    assert set(left) == set(needed) - there
    assert missing(needed, {*there, *left}) == []


sheets = st.lists(st.builds(Sheet, kinds, st.text(max_size=5), st.none() | st.integers(1, 500)))


@given(sheets)
def test_each_document_begins_where_the_one_before_ends(papers: list[Sheet]) -> None:
    entries = contents(papers)
    assert [each.place for each in entries] == list(range(1, len(papers) + 1))
    for before, after in pairwise(entries):
        assert after.page == before.page + before.pages
    assert sorted(each.title for each in entries) == sorted(each.title for each in papers)
    assert whole_dossier(entries) == COVERS + sum(each.pages or 1 for each in papers)


def test_the_contents_run_in_the_order_of_the_forms() -> None:
    found = contents([Sheet("09", "协议书", 2), Sheet("02", "身份证", None), Sheet("01", "申请书", 3)])
    told = [(each.place, each.title, each.page, each.known) for each in found]
    assert told == [(1, "申请书", 1, True), (2, "身份证", 4, False), (3, "协议书", 5, True)]


def test_a_scan_stands_for_the_panels_own_paper() -> None:
    labels = {"08": "人民调解记录", "09": "人民调解协议书"}
    found = own_papers({"08": 2, "09": 1, "10": 0}, ["09"], labels)
    assert found == [Sheet("08", "人民调解记录（1）", None), Sheet("08", "人民调解记录（2）", None)]


def test_a_loan_is_late_from_the_day_after() -> None:
    assert loan_finding(None, DAY) is None
    assert loan_finding(DAY, DAY) is None
    late = loan_finding(DAY - timedelta(days=3), DAY)
    assert late is not None
    assert "已超过 3 天" in late.sentence
    assert not late.grave
