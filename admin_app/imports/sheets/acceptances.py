"""《案件受理登记册》 E2 (formats.md 3.1 [C]): cases as they were taken up, with both sides told in full."""

from admin_app.imports import case_lines
from admin_app.imports.sheet import Item, Sheet, declare
from admin_app.models.cases import Case
from admin_app.models.fields import field_of

ITEMS = (
    Item("", "序号", told=True),
    Item("number", "受理编号", field_of(Case, "number"), ("案号", "编号", "案件编号")),
    Item(
        "accepted_on",
        "受理日期",
        field_of(Case, "accepted_on"),
        ("受理时间", "受案日期", "登记日期"),
        needed=True,
    ),
    *case_lines.sides(
        "sex",
        "id_number",
        "address",
        "phone",
        more={
            "address": ("单位或住址", "住址", "地址", "单位"),
            "phone": ("电话", "联系电话", "手机"),
            "id_number": ("身份证号", "身份证号码"),
        },
        among=("applicant", "respondent"),
    ),
    Item("kind", "纠纷类型", field_of(Case, "kind"), ("纠纷类别", "案件类型"), needed=True),
    Item("source", "案件来源", field_of(Case, "source"), ("来源",), needed=True),
    Item("brief", "纠纷简要情况", field_of(Case, "brief"), ("简要情况", "案情", "事由")),
    Item("difficulty", "难度级别", field_of(Case, "difficulty"), ("难度", "难度等级")),
    Item("committee_id", "承办调委会", field_of(Case, "committee_id"), ("调委会", "承办单位")),
    Item(
        "mediators", "承办调解员", also=("调解员", "人民调解员", "承办人"), take=case_lines.names("mediators")
    ),
    Item("", "受理/不予受理及理由", told=True),
    Item("", "登记人", told=True),
    Item("remark", "备注", field_of(Case, "remark")),
)

ACCEPTANCES = declare(
    Sheet(
        name="acceptances",
        label="案件受理登记册",
        word="case",
        items=ITEMS,
        key=case_lines.key,
        find=case_lines.find,
        given=case_lines.given,
        present=case_lines.present,
        alike=case_lines.alike,
        taken=case_lines.taken,
        lacks=case_lines.lacks,
        enters=case_lines.enters,
        placed="committee_id",
        parts=case_lines.PARTS,
        blank={"difficulty": "1", "risk": "1"},
        note="导入的都是已受理的案件，阶段为“已受理”；不予受理的请先从表里删去。按受理编号（案号）认案件。",
        examples=(
            {
                "number": "（2019）某某村人调字第0002号",
                "accepted_on": "2019-3-5",
                "applicant_name": "王某某",
                "applicant_sex": "1",
                "respondent_name": "赵某某",
                "respondent_sex": "2",
                "kind": "2",
                "source": "1",
                "brief": "因屋檐滴水发生争执",
                "difficulty": "1",
                "committee_id": "某某村人民调解委员会",
                "mediators": "张某某",
            },
        ),
    )
)
