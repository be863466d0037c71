"""《调解简易案件登记表》 E5, as a book of oral agreements: each line is a case settled on the day it came."""

from admin_app.exports.ledgers.simple_cases import SIMPLE_FORMS, SIMPLE_REGISTER
from admin_app.imports import case_lines
from admin_app.imports.cells import Reading
from admin_app.imports.reader import Raw
from admin_app.imports.sheet import Item, Sheet, Values, asked, declare, items
from admin_app.models.cases import Case
from admin_app.models.fields import field_of
from admin_app.rules.cases import NO_RISK, ON_APPLICATION, ORAL, SUCCEEDED
from admin_app.rules.triage import SIMPLE

DAY = field_of(Case, "accepted_on")


def _day(reading: Reading, raw: Raw) -> Values:
    """One day for all: taken up, mediated, agreed."""
    day = reading.value(Item("accepted_on", "日期", DAY), raw, None)
    return dict.fromkeys(("accepted_on", "mediated_on", "agreed_on"), day) if day else {}


_ALSO = {
    "address": ("住址", "地址", "单位"),
    "phone": ("电话", "联系电话", "手机"),
    "occupation": ("职业", "职务"),
}
COLUMNS, FORM = SIMPLE_REGISTER.columns, SIMPLE_FORMS.columns
ITEMS = items(
    COLUMNS,
    *case_lines.sides(FORM, _ALSO).values(),
    Item("", "序号", told=True),
    *asked(Case, "number", "kind", "amount", "fulfilment", "committee_id", "remark"),
    needed=("brief", "agreement"),
    also={
        "agreement_number": ("登记编号", "协议编号"),
        "number": ("案件编号",),
        "kind": ("纠纷类别", "类型"),
        "brief": ("纠纷简要情况", "主要事实", "争议事项", "事由"),
        "agreement": ("协议内容", "达成协议", "协议", "调解结果"),
        "amount": ("金额", "涉案金额"),
        "fulfilment": ("是否履行",),
        "committee_id": ("调委会", "承办单位"),
    },
    read={
        **case_lines.sides(COLUMNS, _ALSO),
        "日期": Item(
            "accepted_on",
            "日期",
            also=("登记日期", "调解日期", "受理日期", "达成协议日期"),
            needed=True,
            take=_day,
            help="登记、调解、达成协议都是这一天",
        ),
        "履行方式、时限": Item(
            "terms", "履行方式、时限", also=("履行方式", "履行时限"), take=case_lines.terms
        ),
        "人民调解员（签名）": Item(
            "mediators",
            "人民调解员（签名）",
            also=("人民调解员", "调解员", "承办调解员"),
            take=case_lines.names("mediators"),
        ),
    },
)


def _lacks(values: Values) -> list[tuple[str, str]]:
    """The form has no column for it, and no case is without."""
    kind = [] if values.get("kind") else [("kind", "没有写纠纷类型：请在预览上选一种，或者加上这一列再传")]
    return case_lines.lacks(values) + kind


ORAL_CASES = declare(
    Sheet(
        name="oral-cases",
        label="调解简易案件登记表",
        word="case",
        items=ITEMS,
        key=case_lines.key,
        find=case_lines.find,
        given=case_lines.given,
        present=case_lines.present,
        alike=case_lines.alike,
        taken=case_lines.taken,
        lacks=_lacks,
        enters=case_lines.enters,
        placed="committee_id",
        common=("kind",),
        parts=case_lines.PARTS,
        blank={
            "source": ON_APPLICATION,
            "difficulty": SIMPLE,
            "risk": NO_RISK,
            "form": ORAL,
            "result": SUCCEEDED,
        },
        note="一行是一件当场达成口头协议的简易案件，导入后为“调解成功”，还可以登记履行、回访和结案。",
        examples=(
            {
                "agreement_number": "（2019）某某村简字第0001号",
                "accepted_on": "2019年3月5日",
                "applicant_name": "王某某",
                "respondent_name": "赵某某",
                "kind": "2",
                "brief": "因晾衣滴水发生口角",
                "agreement": "被申请人加装接水槽，双方互相谅解",
                "terms": "排除妨碍，2019-3-10前",
                "fulfilment": "03",
                "mediators": "张某某",
                "committee_id": "某某村人民调解委员会",
            },
        ),
    )
)
