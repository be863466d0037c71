"""The sheet of formats.md 2.1, column by column; what one case adds; checks and rates."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules.cases import Stage
from admin_app.rules.figure_checks import CHECK, CHECKS, RATES, Relation, failures, growth, percent
from admin_app.rules.figures import (
    EVERY,
    FIGURES,
    CaseFacts,
    Prevented,
    columns,
    counts,
    every,
    heads,
    of_case,
    total,
)
from admin_app.rules.periods import Period, half, month, quarter, year
from admin_app.rules.tiers import Tier

# formats.md 2.1: from column B to AX, with the unit row.
SHEET = """
调解案件总数 件 涉及当事人数 人 调解成功 件 疑难复杂案件 件 协议涉及金额 万元 村调委会 件
居调委会 件 乡镇调委会 件 街道调委会 件 企事业单位调委会 件 社会团体和其他组织调委会 件
主动调解 件 依申请调解 件 接受委托移送调解 件 法院委托移送 件 检察院委托移送 件
公安机关委托移送 件 信访部门委托移送 件 其他部门委托移送 件 婚姻家庭纠纷 件 邻里纠纷 件
房屋宅基地纠纷 件 合同纠纷 件 生产经营纠纷 件 损害赔偿纠纷 件 山林土地纠纷 件
征地拆迁纠纷 件 环境污染纠纷 件 拖欠农民工工资纠纷 件 其他劳动争议纠纷 件 旅游纠纷 件
电子商务纠纷 件 其他消费纠纷 件 医疗纠纷 件 道路交通事故纠纷 件 物业纠纷 件 其他纠纷 件
口头协议 件 书面协议 件 排查纠纷 次 预防纠纷 件 防止民间纠纷引起自杀 件
防止民间纠纷引起自杀 人 防止民间纠纷转化为刑事案件 件 防止民间纠纷转化为刑事案件 人
防止群体性上访 件 防止群体性上访 人 防止群体性械斗 件 防止群体性械斗 人
"""
PLAIN = CaseFacts(
    accepted_on=date(2026, 6, 30),
    stage=Stage.SETTLED,
    kind="1",
    source="1",
    difficulty="1",
    result="1",
    form="2",
    fulfilment=None,
    people=2,
    amount=Decimal("88000.50"),
    body="01",
    tier=Tier.VILLAGE,
)
code = st.sampled_from(("1", "2", "3", "4", "5", "7", "8", "9", "10", "17", "18", "99", "01", "06", "新"))
facts = st.builds(
    CaseFacts,
    accepted_on=st.dates(date(2026, 1, 1), date(2026, 12, 31)) | st.none(),
    stage=st.sampled_from(Stage),
    kind=code,
    source=code,
    difficulty=code,
    result=st.none() | st.sampled_from(("1", "2", "3")),
    form=st.none() | st.sampled_from(("1", "2", "3")),
    fulfilment=st.none() | st.sampled_from(("01", "03", "05", "06", "99")),
    people=st.integers(0, 500),
    amount=st.decimals(0, 10**9, places=2),
    body=code,
    tier=st.sampled_from(Tier),
    removed=st.booleans(),
    preventions=st.lists(st.builds(Prevented, code, st.integers(1, 90)), max_size=3).map(tuple),
)


def test_the_sheet_has_the_columns_of_the_format_in_its_order() -> None:
    assert [word for each in FIGURES for word in (each.label, each.unit)] == SHEET.split()
    assert len(FIGURES) == 49  # B to AX


def test_the_groups_stand_together_and_the_screening_ones_are_the_last_ten() -> None:
    groups = [each.group for each in FIGURES]
    assert len(set(groups)) == 6
    assert sum(a != b for a, b in pairwise(groups)) == 5
    assert [each.group == ("排查预防纠纷",) for each in FIGURES].index(True) == 39


def test_the_block_of_performance_stands_after_the_forms() -> None:
    labels = [each.label for each in columns(performance=True)]
    assert labels[38:43] == ["书面协议", "协议已履行", "司法确认", "达成协议后起诉", "其他履行情况"]
    assert columns() is FIGURES


def test_names_stand_once() -> None:
    assert len({each.name for each in (*EVERY, *CHECKS)}) == len(EVERY) + len(CHECKS)


def test_one_case_adds_what_its_facts_say() -> None:
    added = {name: number for name, number in of_case(PLAIN).items() if number}
    assert added == {
        "total": 1,
        "people": 2,
        "succeeded": 1,
        "amount": Decimal("8.80005"),
        "by_village": 1,
        "on_application": 1,
        "kind_1": 1,
        "written": 1,
        "otherwise": 1,
        "settled_here": 1,
        "tier_village": 1,
    }


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("1", {"on_application"}),
        ("2", {"own_initiative"}),
        ("3", {"entrusted", "court"}),
        ("6", {"entrusted", "petition"}),
        ("7", {"entrusted", "other_agency"}),
        ("9", {"on_application"}),
        ("网格", {"entrusted", "other_agency"}),
    ],
)
def test_a_source_stands_in_its_column_and_a_new_one_among_the_others(source: str, names: set[str]) -> None:
    added = of_case(replace(PLAIN, source=source))
    asked = ("own_initiative", "on_application", "entrusted", "court", "petition", "other_agency", "police")
    assert {name for name in asked if added[name]} == names


def test_what_is_hard_is_a_parameter() -> None:
    grave = replace(PLAIN, difficulty="3")
    assert of_case(grave)["difficult"] == 1
    assert of_case(grave, every(("4",)))["difficult"] == 0


def test_no_agreement_no_sum() -> None:
    assert of_case(replace(PLAIN, form=None))["amount"] == 0


def test_prevented_things_are_counted_by_line() -> None:
    lines = (Prevented("01", 1), Prevented("01", 2), Prevented("04", 30))
    added = of_case(replace(PLAIN, preventions=lines))
    assert (added["suicide_cases"], added["suicide_people"]) == (2, 3)
    assert (added["fight_cases"], added["fight_people"]) == (1, 30)


def test_heads_are_those_that_the_case_names_or_those_of_its_parties() -> None:
    assert heads(5, [1]) == 5
    assert heads(None, [3, None, 0]) == 5
    assert heads(None, []) == 0


@pytest.mark.parametrize(
    ("changed", "counted"),
    [
        ({}, True),
        ({"accepted_on": None}, False),
        ({"accepted_on": date(2026, 7, 1)}, False),
        ({"stage": Stage.REGISTERED}, False),
        ({"stage": Stage.DECLINED}, False),
        ({"stage": Stage.IN_TRANSFER}, True),
        ({"removed": True}, False),
    ],
)
def test_a_case_counts_on_its_day_of_acceptance(changed: dict, counted: bool) -> None:
    assert counts(replace(PLAIN, **changed), half(2026, 1)) is counted


@given(st.lists(facts, max_size=12))
def test_the_sums_of_the_sheet_hold_whatever_the_codes(cases: list[CaseFacts]) -> None:
    """What is no rule of arithmetic may fail: forms against successes."""
    failed = {each.check.name for each in failures(total(map(of_case, cases)))}
    assert failed <= {"sum_of_forms"}


def test_a_failed_check_says_both_sides() -> None:
    numbers = total([of_case(PLAIN)]) | {"written": 0, "suicide_cases": 2, "suicide_people": 1}
    assert {each.check.name for each in failures(numbers)} == {"sum_of_forms", "suicide_cases_people"}
    assert failures(numbers)[0].sentence.endswith("左边是 0，右边是 1")
    assert not CHECK["sum_of_forms"].grave
    assert {each.relation for each in CHECKS} == set(Relation)


def test_the_rates_name_what_is_divided() -> None:
    """HSM: 842 of 869 are 96.9 %."""
    numbers = total([]) | {"succeeded": 842, "total": 869}
    assert percent(RATES[0].of(numbers)) == "96.9%"
    assert RATES[0].said == "调解成功 ÷ 调解案件总数"
    assert percent(RATES[0].of(total([]))) == "—"
    assert percent(growth(3, 2)) == "50.0%"
    assert growth(3, 0) is None


# ------------------------------------------------------------------ periods


@pytest.mark.parametrize(
    ("period", "label", "before", "year_before"),
    [
        (month(2026, 3), "2026年3月", month(2026, 2), month(2025, 3)),
        (month(2024, 2), "2024年2月", month(2024, 1), month(2023, 2)),
        (quarter(2026, 1), "2026年第一季度", quarter(2025, 4), quarter(2025, 1)),
        (half(2026, 2), "2026年下半年", half(2026, 1), half(2025, 2)),
        (year(2026), "2026年", year(2025), year(2025)),
        (
            Period(date(2024, 2, 29), date(2024, 3, 9)),
            "2024年2月29日至2024年3月9日",
            Period(date(2024, 2, 19), date(2024, 2, 28)),
            Period(date(2023, 2, 28), date(2023, 3, 9)),
        ),
        (Period(None, date(2026, 6, 30)), "最早至2026年6月30日", None, None),
        (Period(), "最早至现在", None, None),
    ],
)
def test_a_period_knows_its_name_and_what_came_before(
    period: Period, label: str, before: Period | None, year_before: Period | None
) -> None:
    assert period.label == label
    assert period.before() == before
    assert period.year_before() == year_before


def test_only_whole_months_are_months_of_a_period() -> None:
    first, last = Period(date(2026, 1, 2), date(2026, 4, 29)).whole_months()
    assert (first, last) == (2026 * 12 + 1, 2026 * 12 + 2)
    first, last = Period(date(2026, 1, 2), date(2026, 1, 30)).whole_months()
    assert first > last
