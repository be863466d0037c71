"""单位: the tree of divisions, by its official codes; the upper unit is in the code, or named."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from admin_app import policy
from admin_app.exports.ledgers.units import UNIT_ROSTER
from admin_app.imports.cells import Misread
from admin_app.imports.sheet import Asking, Item, Sheet, Values, declare, items
from admin_app.models.fields import field_of
from admin_app.models.units import Unit
from admin_app.operations.given import Given
from admin_app.rules.tiers import CODE_LENGTH, ORDER

ALSO = {
    "code": ("代码", "单位代码", "行政区划代码", "机构代码", "编码"),
    "name": ("名称", "单位", "机构名称", "行政区划名称", "区划名称"),
    "parent_id": ("上级", "所属单位", "上级机构", "所属乡镇", "所属街道"),
    "phone": ("电话", "联系电话"),
    "address": ("地址",),
}


def _find(asking: Asking, rows: Sequence[Values]) -> list[Any]:
    codes = {row["code"] for row in rows if row.get("code")}
    visible = policy.visible(Unit, asking.actor, "unit.import")
    query = select(Unit).where(Unit.code.in_(codes), visible, Unit.removed_at.is_(None))
    found = {each.code: each for each in asking.session.scalars(query)}
    return [found.get(row.get("code", "")) for row in rows]


def _alike(asking: Asking, rows: Sequence[Values]) -> list[str]:
    """New units that bear the name of one below the same upper unit, under another code."""
    names = {row["name"] for row in rows if row.get("name")}
    visible = policy.visible(Unit, asking.actor, "unit.import")
    query = select(Unit).where(Unit.name.in_(names), visible, Unit.removed_at.is_(None))
    known = {(each.name, _stem(each.code)): each for each in asking.session.scalars(query)}
    same = [known.get((row.get("name") or "", _stem(row.get("code", "")))) for row in rows]
    return [f"可能重复：同一上级下面已有“{each}”，区划代码 {each.code}" if each else "" for each in same]


def _stem(code: str) -> str:
    """The upper unit's part of a code; "" where it is not in it."""
    return next((code[: CODE_LENGTH[tier]] for tier in reversed(ORDER) if CODE_LENGTH[tier] < len(code)), "")


def _given(asking: Asking, values: Values, unit: Any) -> Given:
    """The upper unit stands in the code: a village's first nine digits are its township's."""
    if unit is None and "parent_id" not in values:
        values = {**values, "parent_id": _above(asking, values["code"])}
    return Given(dict(values))


def _above(asking: Asking, code: str) -> Any:
    try:
        return asking.links.record(field_of(Unit, "parent_id"), _stem(code))
    except Misread:
        sentence = (
            f"没有找到“{code}”的上级单位：请在文件里加上它那一行，或者写明上级单位（要在您的管辖范围内）"
        )
        raise Misread(sentence, item="code") from None


UNITS = declare(
    Sheet(
        name="units",
        label="单位",
        word="unit",
        items=items(
            UNIT_ROSTER.columns,
            needed=("code", "name"),
            also=ALSO,
            read={
                "层级": Item("", "层级", also=("级别",), told=True),
                "上级单位": Item("parent_id", "上级单位", field_of(Unit, "parent_id")),
            },
        ),
        key=lambda values: values.get("code"),
        find=_find,
        alike=_alike,
        given=_given,
        upper_first="code",
        note="按区划代码认单位。乡镇、村（社区）、网格不写上级单位的，按代码挂在上级下面；"
        "上级单位可以在同一个文件里，写在哪一行都行。",
        examples=(
            {"code": "330702001099", "name": "某某社区", "parent_id": "某某街道", "phone": "0579-82300000"},
        ),
    )
)
