"""What the facts of a dispute propose, and that more of anything never makes it lighter."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules.tiers import ORDER, Tier
from admin_app.rules.triage import (
    COMMON,
    GRAVE,
    HARD,
    SIMPLE,
    WEIGHT,
    Facts,
    Proposal,
    Thresholds,
    differs,
    propose,
)

AT = Thresholds(Decimal(5000), Decimal(100000), 10)


@pytest.mark.parametrize(
    ("facts", "difficulty", "tier"),
    [
        (Facts(), SIMPLE, Tier.VILLAGE),
        (Facts(amount=Decimal("4999.99"), people=9, kind="2"), SIMPLE, Tier.VILLAGE),
        (Facts(amount=Decimal(5000)), COMMON, Tier.TOWNSHIP),
        (Facts(amount=Decimal("99999.99")), COMMON, Tier.TOWNSHIP),
        (Facts(amount=Decimal(100000)), GRAVE, Tier.COUNTY),
        (Facts(people=10), GRAVE, Tier.COUNTY),
        (Facts(kind="15"), HARD, Tier.TOWNSHIP),
        (Facts(kind="8", amount=Decimal(6000)), HARD, Tier.TOWNSHIP),
        (Facts(kind="8", amount=Decimal(120000)), GRAVE, Tier.COUNTY),
        (Facts(risk="6"), HARD, Tier.TOWNSHIP),
        (Facts(risk="2"), GRAVE, Tier.COUNTY),
        (Facts(risk="5"), GRAVE, Tier.COUNTY),
        (Facts(crossing=True), SIMPLE, Tier.COUNTY),
        (Facts(crossing=True, amount=Decimal(5000)), COMMON, Tier.COUNTY),
    ],
)
def test_the_weightiest_ground_decides(facts: Facts, difficulty: str, tier: Tier) -> None:
    found = propose(facts, AT)
    assert (found.difficulty, found.tier) == (difficulty, tier)


def test_it_says_why() -> None:
    found = propose(Facts(amount=Decimal(120000), kind="8"), AT)
    assert found.sentence("重大纠纷") == "金额 120,000 元，达到 100,000 元：建议定为重大纠纷，由县区办理。"
    both = propose(Facts(amount=Decimal("120000.50"), people=30), AT)
    assert both.grounds == ("金额 120,000.50 元，达到 100,000 元", "涉及 30 人，达到 10 人")
    assert propose(Facts(), AT).sentence("简单纠纷").endswith("建议定为简单纠纷，由村（社区）办理。")


def test_a_light_dispute_higher_up_is_no_question() -> None:
    light, heavy = propose(Facts(), AT), propose(Facts(people=50), AT)
    assert not differs(light, difficulty=SIMPLE, here=Tier.TOWNSHIP)
    assert not differs(light, difficulty=SIMPLE, here=Tier.VILLAGE)
    assert differs(light, difficulty=GRAVE, here=Tier.VILLAGE)
    assert differs(heavy, difficulty=GRAVE, here=Tier.VILLAGE)
    assert not differs(heavy, difficulty=GRAVE, here=Tier.COUNTY)


amounts = st.none() | st.decimals(0, 10**10, places=2)
heads = st.none() | st.integers(0, 10**6)
facts_of_all_kinds = st.builds(
    Facts,
    amount=amounts,
    people=heads,
    kind=st.sampled_from([str(each) for each in range(1, 19)]),
    risk=st.sampled_from("123456"),
    crossing=st.booleans(),
)
limits = st.builds(
    Thresholds,
    common_amount=st.decimals(0, 10**6, places=2),
    grave_amount=st.decimals(0, 10**6, places=2),
    grave_people=st.integers(1, 1000),
)


def _weight(found: Proposal) -> tuple[int, int]:
    return WEIGHT.index(found.difficulty), -ORDER.index(found.tier)


@given(facts_of_all_kinds, limits, st.decimals(0, 10**10, places=2), st.integers(0, 10**6))
def test_more_money_or_more_people_never_makes_it_lighter(
    facts: Facts, at: Thresholds, amount: Decimal, people: int
) -> None:
    more = Facts(
        amount=max(facts.amount or Decimal(0), amount),
        people=max(facts.people or 0, people),
        kind=facts.kind,
        risk=facts.risk,
        crossing=facts.crossing,
    )
    before, after = _weight(propose(facts, at)), _weight(propose(more, at))
    assert after[0] >= before[0]
    assert after[1] >= before[1]


@given(facts_of_all_kinds, limits)
def test_it_always_gives_a_reason_and_a_place(facts: Facts, at: Thresholds) -> None:
    found = propose(facts, at)
    assert found.grounds
    assert found.tier in (Tier.VILLAGE, Tier.TOWNSHIP, Tier.COUNTY)
    assert found.sentence("某某纠纷").count("建议定为某某纠纷") == 1
