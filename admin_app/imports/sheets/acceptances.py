"""《案件受理登记册》 E2 (formats.md 3.1 [C]): cases as they were taken up, with both sides told in full."""

from admin_app.exports.ledgers.acceptances import ACCEPTANCE_REGISTER
from admin_app.imports import case_lines
from admin_app.imports.sheet import Item, Sheet, declare, items
from admin_app.models.cases import Case
from admin_app.models.fields import field_of

_ALSO = {
    "address": ("单位或住址", "住址", "地址", "单位"),
    "phone": ("电话", "联系电话", "手机"),
    "id_number": ("身份证号", "身份证号码"),
}
COLUMNS = ACCEPTANCE_REGISTER.columns
ITEMS = items(
    COLUMNS,
    *(case_lines.of_side(side, "id_number", also=_ALSO) for side in ("applicant", "respondent")),
    needed=("accepted_on", "kind", "source"),
    also={
        "number": ("案号", "编号", "案件编号"),
        "accepted_on": ("受理时间", "受案日期", "登记日期"),
        "kind": ("纠纷类别", "案件类型"),
        "source": ("来源",),
        "brief": ("简要情况", "案情", "事由"),
        "difficulty": ("难度", "难度等级"),
    },
    read={
        **case_lines.sides(COLUMNS, _ALSO),
        "受理/不予受理及理由": Item(
            "decision",
            "受理/不予受理及理由",
            also=("是否受理", "受理情况"),
            take=case_lines.decision,
            help="受理；或者写 不予受理：理由；已告知：去哪里办",
        ),
        "承办调委会": Item(
            "committee_id", "承办调委会", field_of(Case, "committee_id"), ("调委会", "承办单位")
        ),
        "承办调解员": Item(
            "mediators",
            "承办调解员",
            also=("调解员", "人民调解员", "承办人"),
            take=case_lines.names("mediators"),
        ),
    },
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
        excused=case_lines.excused,
        tidy=case_lines.tidy,
        enters=case_lines.enters,
        placed="committee_id",
        parts={**case_lines.PARTS, "decline_reason": "decision", "told_channel": "decision"},
        blank={"difficulty": "1", "risk": "1"},
        note="受理的案件导入后为“已受理”；写明“不予受理”和理由的为“不予受理”，受理日期这一列填登记的日期。"
        "按受理编号（案号）认案件，没有编号的按承办调委会、日期、当事人和纠纷类型认。",
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
