"""咨询专家名册 (formats.md 3.3 [C])."""

import re

from admin_app.exports.ledgers.experts import EXPERT_ROSTER
from admin_app.imports.cells import Misread, Reading, day_of, text_of
from admin_app.imports.people import Roster
from admin_app.imports.reader import Raw
from admin_app.imports.sheet import Item, Sheet, Values, asked, declare, items
from admin_app.models.experts import Expert
from admin_app.models.fields import field_of

ALSO = {
    "name": ("专家姓名",),
    "birth_on": ("出生年月", "出生年月日"),
    "employer": ("单位", "所在单位"),
    "title": ("职务", "职称", "职务/职称"),
    "specialities": ("擅长领域", "专业", "专家类别", "领域"),
    "phone": ("电话", "手机", "联系方式", "手机号码"),
    "joined_on": ("入库时间",),
    "since": ("聘期开始", "聘任日期"),
    "until": ("聘期结束", "到期日期"),
    "unit_id": ("所属单位", "聘任单位", "管理单位"),
    "id_number": ("身份证号码", "证件号码"),
    "fee": ("咨询费",),
    "serving": ("是否在聘",),
}
_BETWEEN = re.compile(r"\s*(?:至|到|～|~|—+|--)\s*")


def _term(reading: Reading, raw: Raw) -> Values:
    """聘期 in one cell: 2024-01-01 至 2026-12-31."""
    ends = _BETWEEN.split(text_of(raw))
    if len(ends) != 2:
        raise Misread("聘期请写成：2024-01-01 至 2026-12-31")
    values = {"since": day_of(ends[0]), "until": day_of(ends[1])}
    return {name: day for name, day in values.items() if day}


_ROSTER = Roster(Expert, "unit_id")

EXPERTS = declare(
    Sheet(
        name="experts",
        label="咨询专家名册",
        word="expert",
        items=items(
            EXPERT_ROSTER.columns,
            *asked(Expert, "since", "until", "unit_id", "id_number", "fee", "serving"),
            Item("", "图片", told=True),
            needed=("name", "sex", "specialities"),
            also=ALSO,
            read={
                "出生年月": Item("birth_on", "出生日期", field_of(Expert, "birth_on")),
                "聘期": Item("term", "聘期", also=("聘用期限", "任期"), take=_term),
            },
        ),
        key=_ROSTER.key,
        find=_ROSTER.find,
        alike=_ROSTER.alike,
        taken=_ROSTER.taken,
        placed="unit_id",
        blank={"serving": True},
        parts={"since": "term", "until": "term"},
        note="按身份证号认人；没有身份证号的，按姓名和入库单位认人。",
        examples=(
            {
                "name": "吴某某",
                "sex": "2",
                "birth_on": "1970年5月",
                "employer": "某某律师事务所",
                "title": "律师",
                "specialities": "法律、婚姻家庭",
                "phone": "13800000000",
                "joined_on": "2024-1-1",
                "unit_id": "某某区",
            },
        ),
    )
)
