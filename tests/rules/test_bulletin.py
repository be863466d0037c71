"""The sentences of the brief: a month with cases, one without, the first there is, with nothing before."""

from decimal import Decimal
from typing import Any

import pytest

from admin_app.rules.bulletin import Facts, Section, Table, Warned, sections
from admin_app.rules.charts import Chart, Place
from admin_app.rules.figures import Numbers, total
from admin_app.rules.periods import Period, month

AUGUST = month(2016, 8)


def numbers(**given: Any) -> Numbers:
    return total([given])


def told(
    now: Numbers, before: Numbers | None = None, year_before: Numbers | None = None, **more: Any
) -> Facts:
    given = {"unit": "黄石市", "subject": "黄石市各级人民调解组织", "period": AUGUST} | more
    return Facts(now=now, before=before, year_before=year_before, **given)


def text(section: Section) -> str:
    return "".join(part for part in section.parts if isinstance(part, str))


def overall(*given: Any, **more: Any) -> str:
    return text(sections(told(*given, **more))[0])


# 黄石, August 2016: 869 cases, 3.5% more than in July, 15.5% fewer than a year before.
NOW = numbers(
    total=869, succeeded=842, people=2000, amount=Decimal("2873.80"), settled_here=800, difficult=9,
    kind_2=278, kind_1=160, kind_6=76, kind_18=355, by_village=869, written=842, failed=27,
    own_initiative=455, on_application=378, entrusted=36, police=36,
    crime_cases=1, crime_people=4, petitioning_cases=3, petitioning_people=15,
)  # fmt: skip
BEFORE, YEAR_BEFORE = numbers(total=840, succeeded=820), numbers(total=1028, succeeded=1000)


def test_a_month_as_a_bulletin_tells_it() -> None:
    words = overall(NOW, BEFORE, YEAR_BEFORE)
    assert words.startswith(
        "2016年8月，黄石市各级人民调解组织共受理矛盾纠纷869件，环比增长3.5%，同比下降15.5%；"
        "调解成功842件，环比增长2.7%，同比下降15.8%，调解成功率96.9%，环比下降0.7个百分点，同比下降0.4个百分点。"
    )
    assert "涉及当事人2000人，协议涉及金额2873.80万元" in words
    assert "就地化解800件，就地化解率92.1%；受理疑难复杂纠纷9件，占1.0%。" in words
    assert "及时防止民间纠纷转化为刑事案件1件4人，防止群体性上访3件15人。" in words


@pytest.mark.parametrize(
    ("before", "year_before", "words"),
    [
        (None, None, "共受理矛盾纠纷869件；调解成功842件，调解成功率96.9%。"),
        (
            numbers(),
            numbers(),
            "869件，上期为0，去年同期为0；调解成功842件，上期为0，去年同期为0，调解成功率96.9%。",
        ),
        (NOW, None, "869件，环比持平；调解成功842件，环比持平，调解成功率96.9%，环比持平。"),
        (numbers(total=1), None, "869件，环比增长86800.0%；调解成功842件，上期为0，"),
    ],
)
def test_what_cannot_be_compared_is_not_divided(
    before: Numbers | None, year_before: Numbers | None, words: str
) -> None:
    assert words in overall(NOW, before, year_before)


@pytest.mark.parametrize(
    ("before", "year_before", "words"),
    [
        (None, None, "没有受理矛盾纠纷。没有登记防止矛盾激化的案件。"),
        (numbers(), numbers(), "没有受理矛盾纠纷。没有登记防止矛盾激化的案件。"),
        (numbers(total=3), numbers(), "没有受理矛盾纠纷。上期受理3件。"),
        (numbers(total=3), numbers(total=5), "没有受理矛盾纠纷。上期受理3件，去年同期受理5件。"),
    ],
)
def test_a_month_without_cases(before: Numbers | None, year_before: Numbers | None, words: str) -> None:
    made = sections(told(numbers(), before, year_before))
    assert words in text(made[0])
    assert [each.heading for each in made] == ["一、总体情况", "二、突出问题和预警", "三、下步工作"]
    assert text(made[1]) == "从本期数据看，没有需要特别说明的情况。"


def test_screening_is_told_where_there_was_some() -> None:
    assert "开展矛盾纠纷排查12次，预防纠纷3件。" in overall(numbers(screenings=12, prevented=3))
    assert "排查" not in overall(numbers())


def test_the_classes_stand_in_words_in_a_table_and_in_a_chart() -> None:
    made = sections(told(NOW, BEFORE, YEAR_BEFORE))
    assert [each.heading for each in made][1:3] == ["二、纠纷分类情况", "三、突出问题和预警"]
    words, [table], [chart] = text(made[1]), *_of(made[1])
    assert "居前三位的是其他纠纷355件（占40.9%）、邻里纠纷278件（占32.0%）、婚姻家庭纠纷160件" in words
    assert "合计占91.3%。" in words
    assert "主动调解455件（占52.4%），依申请调解378件（占43.5%），接受委托移送调解36件（占4.1%）" in words
    assert "接受委托移送的，有公安机关委托移送36件。" in words
    assert table.rows[-1] == ("合计", "869", "100.0%", "增长3.5%", "下降15.5%")
    assert chart.total == 869


def _of(section: Section) -> tuple[list[Table], list[Chart]]:
    return (
        [part for part in section.parts if isinstance(part, Table)],
        [part for part in section.parts if isinstance(part, Chart)],
    )


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ({"kind_1": 4}, "全部是婚姻家庭纠纷4件（占100.0%）。"),
        ({"kind_1": 3, "kind_2": 1}, "居前两位的是婚姻"),
    ],
)
def test_few_classes_are_no_first_three(kinds: dict[str, int], words: str) -> None:
    assert words in text(sections(told(numbers(total=4, own_initiative=4, **kinds)))[1])


def test_places_are_ranked_and_those_with_nothing_are_named() -> None:
    def places(*totals: int) -> tuple[Place, ...]:
        named = zip("甲乙丙丁", totals, strict=True)
        return tuple(
            Place(f"{each}镇", number, False, numbers(total=n)) for number, (each, n) in enumerate(named)
        )

    facts = told(NOW, BEFORE, places=places(5, 9, 0, 2), places_before=places(1, 9, 1, 0))
    section = sections(facts)[2]
    assert section.heading == "三、各地情况"
    assert text(section) == (
        "受理矛盾纠纷较多的是乙镇9件、甲镇5件、丁镇2件。比上期增加较多的是甲镇（增加4件）。没有受理的有1个单位：丙镇。"
    )
    [table], [chart] = _of(section)
    assert table.rows[0][:4] == ("甲镇", "5", "增长400.0%", "0")
    assert table.rows[3][2] == "由0起"
    assert chart.total == 0  # nothing is said of how they ended
    nothing = sections(told(numbers(), places=places(0, 0, 0, 0)))[1]
    assert text(nothing) == "各单位都没有受理矛盾纠纷。"


def test_what_stands_out() -> None:
    now = numbers(total=20, kind_1=6, kind_2=8, kind_3=2, kind_4=4, failed=1, undecided=2)
    before = numbers(total=15, kind_1=3, kind_2=7, kind_3=0)
    words = text(
        sections(
            told(now, before, warned=Warned((("红色", 1), ("蓝色", 2)), (("人数多", 1), ("有苗头", 2)), 2, 1))
        )[2]
    )
    assert "婚姻家庭纠纷6件，环比增长100.0%；合同纠纷4件，上期为0，需要分析原因" in words
    assert "邻里" not in words
    assert "房屋" not in words  # two more are no rise
    assert "调解不成功1件" in words
    assert "还有2件没有调解结果" in words
    assert words.endswith(
        "发出预警3条：红色1条、蓝色2条；最多的是“有苗头”2条。还有2条没有关闭，其中超期1条，要抓紧处置。"
    )


def test_days_are_called_as_they_are() -> None:
    facts = told(NOW, period=Period(month(2016, 8).since, month(2016, 9).until))
    assert text(sections(facts)[0]).startswith("2016年8月1日至2016年9月30日，")
