"""考核表 of one evaluation, and the public notice 公示 of a subsidy batch (no sample found: layouts ours)."""

from admin_app.documents.corps_facts import EVALUATION_ITEMS, SUBSIDY_ITEMS
from admin_app.documents.form import EVALUATIONS, SUBSIDIES, Form, declare
from admin_app.documents.forms.blocks import LOCAL
from admin_app.documents.layout import Cell, Grid, Loop, Row, Rows, Words, label, title
from admin_app.rules.evaluations import SHOWN, EvaluationState
from admin_app.rules.subsidies import SubsidyState

_FOUR = (30.0, 48.0, 30.0, 48.0)


def _pair(one: str, one_name: str, other: str, other_name: str) -> Row:
    cells = (Cell("{{ " + one_name + " }}"), Cell("{{ " + other_name + " }}"))
    return Row((label(one), cells[0], label(other), cells[1]))


def _wide(said: str, name: str, height: float = 10) -> Row:
    return Row((label(said), Cell("{{ " + name + " }}", 3)), height=height)


EVALUATION_FORM = declare(
    Form(
        "evaluation_form",
        "考核表",
        "G4",
        EVALUATIONS,
        (
            title("人民调解考核表"),
            Grid(
                _FOUR,
                (
                    _pair("被考核人", "who", "考核年度", "year"),
                    _pair("考核周期", "half", "考核日期", "evaluated_on"),
                    _wide("所属调委会", "committee"),
                    _wide("考核计划", "plan"),
                ),
            ),
            Words("考核项目", before=10, bold=True, keep=True),
            Grid(
                (46, 44, 24, 18, 24),
                (
                    Row(
                        (label("项目"), label("要求"), label("数据"), label("得分"), label("说明")),
                        heading=True,
                    ),
                    Rows(
                        Loop("d", "lines"),
                        (
                            Row(
                                (
                                    Cell("{{ d.label }}"),
                                    Cell("{{ d.wants }}"),
                                    Cell("{{ d.figure }}", align="center"),
                                    Cell("{{ d.got }}", align="center"),
                                    Cell("{{ d.reason }}"),
                                )
                            ),
                        ),
                    ),
                ),
            ),
            Words("考核结果", before=10, bold=True, keep=True),
            Grid(
                _FOUR,
                (
                    _pair("总得分", "score", "等次", "level"),
                    _wide("补贴系数", "coefficient"),
                    _wide("评语", "comment", 20),
                    _wide("申诉理由", "appeal", 14),
                    _wide("申诉答复", "answer", 14),
                ),
            ),
            Words("被考核人（签名）：　　　　　　　　　　年　　月　　日", before=14, keep=True),
            Words("考核单位（盖章）：　　　　　　　　　　年　　月　　日", before=10),
        ),
        basis=LOCAL,
        applies=lambda case, one: one.state in SHOWN and one.state is not EvaluationState.EXEMPT,
        lists=(EVALUATION_ITEMS,),
        may_lack=frozenset({"comment", "appeal", "answer", "plan", "coefficient"}),
    )
)

SUBSIDY_NOTICE = declare(
    Form(
        "subsidy_notice",
        "补贴公示",
        "G5",
        SUBSIDIES,
        (
            title("公　　示"),
            Words(
                "{{ title }}已经申报、初审和复核，共 {{ counted }} 项，合计 {{ total }} 元，"
                "名单如下，现予公示。",
                before=12,
                indent=True,
            ),
            Words(
                "公示时间：{{ noticed_on|day }}至{{ notice_until|day }}。如有异议，请在公示期内书面提出，"
                "写明姓名和理由。",
                before=6,
                indent=True,
            ),
            Grid(
                (12, 46, 46, 28, 24),
                (
                    Row(
                        (
                            label("序号"),
                            label("调委会"),
                            label("案件或调解员"),
                            label("发给谁"),
                            label("金额（元）"),
                        ),
                        heading=True,
                    ),
                    Rows(
                        Loop("d", "lines"),
                        (
                            Row(
                                (
                                    Cell("{{ d.ordinal }}", align="center"),
                                    Cell("{{ d.committee }}"),
                                    Cell("{{ d.title }}"),
                                    Cell("{{ d.payees }}"),
                                    Cell("{{ d.payable }}", align="right"),
                                )
                            ),
                        ),
                    ),
                    Row((label("合计", 4), Cell("{{ total }}", align="right"))),
                ),
            ),
            Words("司法行政部门（印章）", "right", before=24),
            Words("{{ noticed_on|day }}", "right", before=10),
        ),
        basis=LOCAL,
        applies=lambda case, batch: batch.state in (SubsidyState.NOTICED, SubsidyState.PAID),
        lists=(SUBSIDY_ITEMS,),
    )
)
