"""《调解简易案件登记表》 E5, as a book of oral agreements: each line is a case settled on the day it came."""

from admin_app.imports import case_lines
from admin_app.imports.cells import Reading
from admin_app.imports.reader import Raw
from admin_app.imports.sheet import Item, Sheet, Values, declare
from admin_app.models.cases import Case
from admin_app.models.fields import field_of
from admin_app.rules.cases import NO_RISK, ON_APPLICATION, ORAL, SUCCEEDED
from admin_app.rules.triage import SIMPLE

DAY = field_of(Case, "accepted_on")


def _day(reading: Reading, raw: Raw) -> Values:
    """One day for all: taken up, mediated, agreed."""
    day = reading.value(Item("accepted_on", "日期", DAY), raw, None)
    return dict.fromkeys(("accepted_on", "mediated_on", "agreed_on"), day) if day else {}


ITEMS = (
    Item("agreement_number", "编号", field_of(Case, "agreement_number"), ("登记编号", "协议编号")),
    Item("number", "案号", field_of(Case, "number"), ("案件编号",)),
    Item(
        "accepted_on",
        "日期",
        also=("登记日期", "调解日期", "受理日期", "达成协议日期"),
        needed=True,
        take=_day,
        help="登记、调解、达成协议都是这一天",
    ),
    *case_lines.sides(
        "sex",
        "ethnicity",
        "occupation",
        "phone",
        "address",
        more={
            "address": ("住址", "地址", "单位"),
            "phone": ("电话", "联系电话", "手机"),
            "occupation": ("职业", "职务"),
        },
    ),
    Item("kind", "纠纷类型", field_of(Case, "kind"), ("纠纷类别", "类型")),
    Item(
        "brief",
        "纠纷主要事实、争议事项",
        field_of(Case, "brief"),
        ("纠纷简要情况", "主要事实", "争议事项", "事由"),
        needed=True,
    ),
    Item(
        "agreement",
        "经调解自愿达成如下协议",
        field_of(Case, "agreement"),
        ("协议内容", "达成协议", "协议", "调解结果"),
        needed=True,
    ),
    Item("terms", "履行方式、时限", also=("履行方式", "履行时限"), take=case_lines.terms),
    Item("amount", "涉及金额（元）", field_of(Case, "amount"), ("金额", "涉案金额")),
    Item("fulfilment", "履行情况", field_of(Case, "fulfilment"), ("是否履行",)),
    Item(
        "mediators",
        "人民调解员",
        also=("调解员", "承办调解员", "人民调解员（签名）"),
        take=case_lines.names("mediators"),
    ),
    Item("committee_id", "承办调委会", field_of(Case, "committee_id"), ("调委会", "承办单位")),
    Item("remark", "备注", field_of(Case, "remark")),
    Item("", "当事人（签名）", told=True),
    Item("", "印章", told=True),
)


def _lacks(values: Values) -> list[tuple[str, str]]:
    """The form has no column for it, and no case is without: a book must have one more."""
    kind = [] if values.get("kind") else [("kind", "没有写纠纷类型：请加上“纠纷类型”这一列")]
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
