"""人民调解员名册 (formats.md 3.3, 2.3: order of the deployed roster, then the rest of the national set)."""

from admin_app.exports.ledgers.mediators import MEDIATOR_ROSTER
from admin_app.imports.cells import Misread, Reading, text_of
from admin_app.imports.people import Roster
from admin_app.imports.reader import Raw
from admin_app.imports.sheet import Item, Sheet, Take, Values, asked, declare, items
from admin_app.models.fields import field_of
from admin_app.models.mediators import Mediator
from admin_app.rules.mediators import MediatorStatus

ALSO = {
    "name": ("调解员姓名", "人民调解员", "人民调解员姓名", "调解员"),
    "phone": ("联系电话", "手机号码", "手机号", "电话", "联系方式", "移动电话"),
    "birth_on": ("出生年月", "出生年月日", "出生时间", "生日"),
    "id_number": ("身份证号码", "身份证", "公民身份号码", "证件号码", "居民身份证号"),
    "education": ("文化程度", "学历层次", "最高学历"),
    "full_time": ("专职/兼职", "专（兼）职", "专兼职情况", "专职兼职"),
    "position": ("职务", "调委会职位", "调委会内职务", "调解组织职务"),
    "started_on": ("开始执业时间", "从事调解时间", "任职时间", "从事人民调解工作时间"),
    "committee_id": ("调委会", "调解组织", "所在调委会", "调委会名称", "人民调解委员会", "所属单位", "单位"),
    "status": ("状态", "任职情况", "在职情况"),
    "politics": ("政治身份",),
    "marriage": ("婚姻",),
    "origin": ("产生办法", "推选或聘任", "推选/聘用"),
    "profession": ("职业", "身份", "人员身份"),
    "other_role": ("兼任其他身份",),
    "purchased": ("是否政府购买服务",),
    "qualified_on": ("认定日期",),
    "qualification": ("职称", "资格", "专业资格"),
    "speciality": ("专业",),
    "employer": ("工作单位",),
    "injury": ("因公伤亡情况",),
    "email": ("邮箱", "E-mail"),
    "address": ("住址", "家庭住址", "地址"),
    "bank_account": ("银行卡号", "卡号", "账号"),
    "introduction": ("简介", "备注", "工作经历"),
}
FULL, PART = "01", "02"  # table full_time


def _if_yes(yes: str, no: str) -> Take:
    """专职 or 兼职; 是 or 否 where the heading asks for one of them."""
    answers = {"是": yes, "否": no}

    def take(reading: Reading, raw: Raw) -> Values:
        text = text_of(raw)
        code = answers.get(text) or (reading.word("full_time", text) if text else None)
        return {"full_time": code} if code else {}

    return take


def _type(reading: Reading, raw: Raw) -> Values:
    """调解员类型 is how they came, in the deployed roster, and 专职 or 兼职 in many a book."""
    text = text_of(raw)
    if not text:
        return {}
    try:
        return {"origin": reading.word("mediator_origin", text)}
    except Misread as unknown:
        try:
            return {"full_time": reading.word("full_time", text)}
        except Misread:
            raise unknown from None


_ROSTER = Roster(Mediator, "committee_id")

MEDIATORS = declare(
    Sheet(
        name="mediators",
        label="人民调解员名册",
        word="mediator",
        items=items(
            MEDIATOR_ROSTER.columns,
            *asked(
                Mediator,
                *("birth_on", "status", "marriage", "profession", "other_role", "purchased", "qualified_on"),
                *("qualification", "speciality", "employer", "injury", "email", "address", "bank_account"),
            ),
            Item("full_time", "是否专职", take=_if_yes(FULL, PART)),
            Item("", "照片", told=True),
            needed=("name", "sex", "full_time", "position"),
            also=ALSO,
            read={
                "是否兼职": Item(
                    "full_time",
                    "专兼职",
                    field_of(Mediator, "full_time"),
                    take=_if_yes(PART, FULL),
                    offered=True,
                ),
                "调解员类型": Item(
                    "origin",
                    "调解员类型",
                    field_of(Mediator, "origin"),
                    take=_type,
                    gives=("full_time",),
                    offered=True,
                ),
                "所属人民调解委员会": Item(
                    "committee_id", "所属人民调解委员会", field_of(Mediator, "committee_id")
                ),
            },
        ),
        key=_ROSTER.key,
        find=_ROSTER.find,
        alike=_ROSTER.alike,
        taken=_ROSTER.taken,
        placed="committee_id",
        blank={"status": MediatorStatus.APPOINTED},
        note="按身份证号认人；没有身份证号的，按姓名和所属调委会认人。任职状态空着的，新登记为“在任”。",
        examples=(
            {
                "name": "张某某",
                "sex": "1",
                "birth_on": "1975-06-07",
                "phone": "13800000000",
                "ethnicity": "01",
                "id_number": "330702197506070000",
                "education": "30",
                "full_time": "01",
                "position": "02",
                "started_on": "2018年3月1日",
                "committee_id": "某某村人民调解委员会",
                "status": "在任",
            },
            {
                "name": "李某某",
                "sex": "2",
                "birth_on": "1980.2.9",
                "phone": "0579-82300000",
                "full_time": "02",
                "position": "03",
                "committee_id": "某某村人民调解委员会",
                "status": "在任",
            },
        ),
    )
)
