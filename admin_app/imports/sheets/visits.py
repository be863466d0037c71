"""《来访登记表》 E1 (formats.md 3.1 [C]), as a book of visits."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from admin_app import policy
from admin_app.exports.ledgers.visits import VISIT_REGISTER
from admin_app.imports.cells import narrow
from admin_app.imports.sheet import Asking, Sheet, Values, asked, declare, items
from admin_app.models.visits import Visit

ALSO = {
    "visited_on": ("来访时间", "登记日期", "日期", "接件时间", "信访时间"),
    "name": ("姓名", "来访人", "信访人", "来访者"),
    "id_number": ("身份证号码", "证件号码"),
    "address": ("住址", "单位或住址", "家庭住址", "工作单位", "单位或居住地"),
    "phone": ("电话", "手机", "联系方式"),
    "people": ("人数",),
    "matter": ("事由", "信访内容", "来访内容", "反映问题", "诉求"),
    "counterpart": ("对方当事人", "被反映人"),
    "receiver": ("接待人（姓名、职务）", "接待人员", "登记人", "接访人"),
    "opinion": ("办理意见", "处理方式"),
    "outcome": ("办理情况", "办理结果", "处理情况"),
    "committee_id": ("调委会", "接待单位", "登记单位"),
    "kind": ("纠纷类别", "信访类型"),
    "birth_on": ("出生年月",),
}


def _key(values: Values) -> Any:
    if "committee_id" not in values:
        return None  # two committees may have had the same visit
    return tuple(values.get(name) for name in ("visited_on", "name", "committee_id", "matter"))


def _find(asking: Asking, rows: Sequence[Values]) -> list[Any]:
    """By day, name and committee; of two visits on one day, by what they were about."""
    days = {row["visited_on"] for row in rows if row.get("visited_on")}
    names = {row["name"] for row in rows if row.get("name")}
    visible = policy.visible(Visit, asking.actor, "visit.import")
    known: dict[Any, list[Any]] = defaultdict(list)
    theirs = (Visit.visited_on.in_(days), Visit.name.in_(names), visible, Visit.removed_at.is_(None))
    for each in asking.session.scalars(select(Visit).where(*theirs)):
        known[each.visited_on, each.name].append(each)
    found = []
    for row in rows:
        same = known.get((row.get("visited_on"), row.get("name")), [])
        same = [each for each in same if row.get("committee_id") in (None, each.committee_id)]
        if len(same) > 1:
            same = [each for each in same if each.matter == row.get("matter")]
        one = same[0] if same else None
        if one is not None:
            known[one.visited_on, one.name].remove(one)  # each visit stands in one line
        found.append(one)
    return found


def _alike(asking: Asking, rows: Sequence[Values]) -> list[str]:
    """New lines of somebody whose visit of the same day is registered already, here or elsewhere."""
    days = {row["visited_on"] for row in rows if row.get("visited_on")}
    visible = policy.visible(Visit, asking.actor, "visit.import")
    query = select(Visit).where(Visit.visited_on.in_(days), visible, Visit.removed_at.is_(None))
    found = asking.session.scalars(query)
    known: dict[Any, Visit] = {(each.visited_on, narrow(each.name)): each for each in found}
    same = [known.get((row.get("visited_on"), narrow(row.get("name") or ""))) for row in rows]
    return [f"可能重复：同一天已有“{each}”的来访登记" if each else "" for each in same]


VISITS = declare(
    Sheet(
        name="visits",
        label="来访登记表",
        word="visit",
        items=items(
            VISIT_REGISTER.columns,
            *asked(Visit, "committee_id", "kind", "birth_on"),
            needed=("visited_on", "name", "receiver", "matter"),
            also=ALSO,
        ),
        key=_key,
        find=_find,
        alike=_alike,
        placed="committee_id",
        blank={"people": 1, "opinion": "01"},
        note="按来访日期、姓名和接待调委会认。没有写处理意见的登记为“受理”，没有写人数的为 1 人。",
        examples=(
            {
                "visited_on": "2024年3月5日",
                "name": "王某某",
                "sex": "1",
                "address": "某某村",
                "phone": "13800000000",
                "people": 2,
                "matter": "邻居在公用过道堆放杂物",
                "counterpart": "赵某某",
                "receiver": "陈某某 主任",
                "opinion": "04",
                "outcome": "当场答复",
                "committee_id": "某某村人民调解委员会",
            },
        ),
    )
)
