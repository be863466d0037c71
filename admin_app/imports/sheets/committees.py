"""调委会名册 (formats.md 2.3, 3.3): the national set, with the members in one cell."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from admin_app import policy
from admin_app.exports.ledgers.committees import COMMITTEE_ROSTER
from admin_app.imports.cells import Misread, Reading, narrow, text_of
from admin_app.imports.reader import Raw
from admin_app.imports.sheet import Asking, Item, Sheet, Values, asked, declare, items
from admin_app.models.committees import Committee
from admin_app.models.fields import field_of
from admin_app.operations.given import Given, Line
from admin_app.rules.committees import CommitteeStatus

ALSO = {
    "filing_number": ("机构证号", "备案号", "编号", "调委会编码"),
    "name": ("机构名称", "名称", "调解组织名称", "人民调解委员会名称", "调委会", "人民调解委员会"),
    "kind": ("类型", "调解组织类型", "机构类型"),
    "trade": ("行专调委会类型", "行业类型"),
    "unit_id": ("所属区域", "所属乡镇", "所在单位", "行政区划", "所属街道", "单位"),
    "head": ("机构负责人", "主任", "主任姓名", "调委会主任"),
    "phone": ("电话", "办公电话"),
    "fax": ("传真",),
    "address": ("机构地址", "地址", "设立地点", "办公地址"),
    "postcode": ("邮编",),
    "email": ("邮箱",),
    "founded_on": ("成立时间", "设立时间", "设立日期"),
    "term_from": ("任期起", "任期开始", "任期起始日期"),
    "term_until": ("任期止", "任期届满", "届满日期"),
    "origin": ("产生方式",),
    "own_premises": ("是否拥有独立调解场所", "独立场所"),
    "area": ("办公场所面积", "面积"),
    "remark": ("简介",),
}
_PARTS = re.compile(r"[\s()（）:：,，]+")
_COMMON = re.compile(r"人民|调解|委员会|调委会|[（）()]")
_SEXES = {"男": "1", "女": "2"}


def _members(reading: Reading, raw: Raw) -> Values:
    """陈某 男 主任；李某 女 委员: name, sex and post of each; whose post is not told is a member."""
    found = []
    for text in re.split(r"[、;；\n]+", text_of(raw)):
        parts = [each for each in _PARTS.split(text) if each]
        if not parts:
            continue
        sex = next((_SEXES[each] for each in parts[1:] if each in _SEXES), None)
        posts = [each for each in parts[1:] if each not in _SEXES]
        if sex is None:
            raise Misread(f"“{text[:20]}”没有写性别，请写成：陈某 男 主任；李某 女 委员")
        position = reading.word("committee_position", posts[0]) if posts else "02"
        found.append((parts[0], sex, position))
    return {"members": found} if found else {}


def _find(asking: Asking, rows: Sequence[Values]) -> list[Any]:
    """By the filing number, else by the name within its unit."""
    numbers = {row["filing_number"] for row in rows if row.get("filing_number")}
    names = {row["name"] for row in rows if row.get("name")}
    visible = policy.visible(Committee, asking.actor, "committee.import")
    by_number: dict[str, list[Any]] = defaultdict(list)
    by_name: dict[str, list[Any]] = defaultdict(list)
    query = select(Committee).where(
        Committee.filing_number.in_(numbers) | Committee.name.in_(names),
        visible,
        Committee.removed_at.is_(None),
    )
    for each in asking.session.scalars(query.options(selectinload(Committee.members))):
        by_name[narrow(each.name)].append(each)
        if each.filing_number:
            by_number[each.filing_number].append(each)
    return [_one(row, by_number, by_name) for row in rows]


def _one(row: Values, by_number: dict[str, list[Any]], by_name: dict[str, list[Any]]) -> Any:
    same = by_number.get(row.get("filing_number") or "", [])
    if len(same) != 1:
        same = [
            each
            for each in by_name.get(narrow(row.get("name") or ""), [])
            if row.get("unit_id") in (None, each.unit_id)
        ]
    return same[0] if len(same) == 1 else None


def _alike(asking: Asking, rows: Sequence[Values]) -> list[str]:
    """New committees of a unit that has one of nearly the same name, or with the same telephone."""
    units = {row["unit_id"] for row in rows if row.get("unit_id")}
    visible = policy.visible(Committee, asking.actor, "committee.import")
    query = select(Committee).where(Committee.unit_id.in_(units), visible, Committee.removed_at.is_(None))
    known: dict[int, list[Committee]] = defaultdict(list)
    for each in asking.session.scalars(query):
        known[each.unit_id].append(each)
    return [_doubt(row, known.get(row.get("unit_id", 0), [])) for row in rows]


def _doubt(row: Values, known: Sequence[Committee]) -> str:
    for each in known:
        if _stem(each.name) == _stem(row.get("name") or ""):
            return f"可能重复：这个单位已有名称相近的“{each}”"
        if row.get("phone") and each.phone == row["phone"] and each.head == row.get("head"):
            return f"可能重复：这个单位的“{each}”负责人和电话相同"
    return ""


def _stem(name: str) -> str:
    """What a committee is called without the words that all are called by."""
    return _COMMON.sub("", narrow(name))


def _present(asking: Asking, committee: Any, names: Iterable[str]) -> Values:
    found = {name: getattr(committee, name) for name in names if name != "members"}
    if "members" in names:
        found["members"] = [(each.name, each.sex, each.position) for each in committee.members]
    return found


def _given(asking: Asking, values: Values, committee: Any) -> Given:
    members = values.get("members")
    plain = {name: value for name, value in values.items() if name != "members"}
    if not members:
        return Given(plain)
    if committee is not None and committee.members:
        raise Misread("委员已经登记过，请在调委会页面上修改", item="members")
    seats = [{"name": name, "sex": sex, "position": position} for name, sex, position in members]
    return Given(plain, {"members": [Line(None, seat) for seat in seats]})


COMMITTEES = declare(
    Sheet(
        name="committees",
        label="调委会名册",
        word="committee",
        items=items(
            COMMITTEE_ROSTER.columns,
            *asked(
                Committee,
                *("status", "term_from", "term_until", "origin", "credit_code", "own_premises", "area"),
                *("telephones", "computers", "printers", "recorders", "remark"),
            ),
            Item(
                "members",
                "委员",
                also=("委员名单", "组成人员", "调委会委员"),
                take=_members,
                help="陈某 男 主任；李某 女 委员；王某 男 委员",
            ),
            needed=("name", "kind"),
            also=ALSO,
            read={"所属区域": Item("unit_id", "所属单位", field_of(Committee, "unit_id"))},
        ),
        key=lambda values: values.get("filing_number") or (values.get("name"), values.get("unit_id")),
        find=_find,
        alike=_alike,
        given=_given,
        present=_present,
        placed="unit_id",
        parts={"members": "members"},
        blank={"status": CommitteeStatus.PREPARING},
        note="按备案编号认调委会，没有编号的按名称和所属单位认。没有写状态的登记为“筹建”；"
        "写“正常”的要有 3 至 9 名委员，其中有一名主任和妇女委员。",
        examples=(
            {
                "filing_number": "某调备〔2024〕1号",
                "name": "某某村人民调解委员会",
                "kind": "01",
                "unit_id": "某某村",
                "head": "陈某某",
                "phone": "0579-82300000",
                "founded_on": "2003年5月",
                "status": "正常",
                "term_from": "2024-3-1",
                "members": "陈某某 男 主任；李某某 女 委员；王某某 男 委员",
            },
        ),
    )
)
