"""《考核台账》 as a book of results of former years: each line is a final result, entered by hand.

What a plan has drawn here is compared and never changed.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from admin_app import policy
from admin_app.exports.ledgers.evaluations import EVALUATION_REGISTER
from admin_app.imports.cells import Reading, narrow, text_of, whole_of
from admin_app.imports.people import mediator_named
from admin_app.imports.reader import Raw
from admin_app.imports.sheet import Asking, Item, Sheet, Values, declare, items
from admin_app.models.committees import Committee
from admin_app.models.evaluations import Evaluation
from admin_app.models.fields import field_of
from admin_app.operations.given import Given
from admin_app.rules.evaluations import Half, period_of


def _year(reading: Reading, raw: Raw) -> Values:
    """2023, 2023年, 2023年度."""
    text = raw if not isinstance(raw, str) else narrow(text_of(raw)).removesuffix("度").removesuffix("年")
    year = whole_of(text)
    return {} if year is None else {"year": year}


def _key(values: Values) -> Any:
    half = values.get("half", Half.YEAR)
    return values.get("who"), values.get("committee_id"), values.get("year"), half


def _find(asking: Asking, rows: Sequence[Values]) -> list[Any]:
    years = {row["year"] for row in rows if row.get("year")}
    names = {row["who"] for row in rows if row.get("who")}
    known: dict[Any, list[Evaluation]] = defaultdict(list)
    query = select(Evaluation).where(
        Evaluation.year.in_(years),
        Evaluation.who.in_(names),
        policy.visible(Evaluation, asking.actor, "evaluation.import"),
        Evaluation.removed_at.is_(None),
    )
    for each in asking.session.scalars(query.order_by(Evaluation.id)):
        known[each.who, each.committee_id, each.year, each.half].append(each)
    found = [known[_key(row)] for row in rows]
    return [same[0] if len(same) == 1 else None for same in found]


def _given(asking: Asking, values: Values, evaluation: Any) -> Given:
    """Whoever bears the committee's own name is the committee."""
    plain = {name: value for name, value in values.items() if name != "who"}
    if evaluation is not None:
        return Given(plain)
    committee = asking.session.get_one(Committee, values["committee_id"])
    if narrow(values["who"]) != narrow(committee.name):
        plain["mediator_id"] = mediator_named(asking, committee.id, values["who"], item="who")
    until = period_of(values["year"], values["half"]).until
    plain.setdefault("evaluated_on", until)
    return Given(plain)


def _lacks(values: Values) -> list[tuple[str, str]]:
    """A year that there is no calendar for cannot be reckoned with."""
    return [] if 2000 <= values.get("year", 2000) <= 9998 else [("year", "年度看不懂，请写四位数的年份")]


EVALUATIONS = declare(
    Sheet(
        name="evaluations",
        label="考核台账",
        word="evaluation",
        items=items(
            EVALUATION_REGISTER.columns,
            needed=("year", "who", "committee_id", "score"),
            also={
                "year": ("年份", "考核年度"),
                "half": ("周期", "考核期", "半年"),
                "who": ("姓名", "调解员", "调解员姓名", "被考核调解员", "考核对象"),
                "committee_id": ("调委会", "所在调委会", "所属人民调解委员会"),
                "score": ("考核得分", "总分", "分数", "考核分"),
                "level": ("考核等次", "考核等级", "等级", "结果", "考核结果"),
                "coefficient": ("补贴系数", "绩效系数"),
                "evaluated_on": ("考核时间", "评定日期", "公布日期"),
                "comment": ("备注", "评价", "考核评语"),
            },
            told=("状态", "专兼职"),
            read={
                "年度": Item("year", "年度", field_of(Evaluation, "year"), take=_year, offered=True),
                "被考核人": Item("who", "被考核人", field_of(Evaluation, "who")),
                "所属调委会": Item("committee_id", "所属调委会", field_of(Evaluation, "committee_id")),
            },
        ),
        key=_key,
        find=_find,
        given=_given,
        lacks=_lacks,
        blank={"half": Half.YEAR},
        placed="committee_id",
        note="登记以前年度已经定下来的考核结果：一行一人一期，导入后就是“终定”，不再评分和公布。"
        "没有写周期的按全年，没有写等次的按得分定，没有写考核日期的按考核期的最后一天；"
        "考核调委会的，“被考核人”写调委会的全称。由考核计划产生的结果不会被改动。",
        examples=(
            {
                "year": 2023,
                "half": "全年",
                "who": "张某某",
                "committee_id": "某某村人民调解委员会",
                "score": 92.5,
                "level": "优秀",
                "evaluated_on": "2024-01-15",
            },
        ),
    )
)
