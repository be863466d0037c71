"""F14 人民调解结案报告表: local (云南); its first fields stand in a public text, the rest is ours."""

from admin_app.documents.form import CASES, Form, declare
from admin_app.documents.layout import Cell, Grid, Loop, Row, Rows, Words, label, title

CLOSING_REPORT = declare(
    Form(
        "closing_report",
        "人民调解结案报告表",
        "F14",
        CASES,
        (
            title("人民调解结案报告表"),
            Words("", size=7),
            Grid(
                (28, 50, 28, 50),
                (
                    Row(
                        (
                            label("卷号"),
                            Cell("{{ dossier_number }}"),
                            label("填表时间"),
                            Cell("{{ filed_on }}"),
                        )
                    ),
                    Row(
                        (
                            label("承办单位"),
                            Cell("{{ committee }}"),
                            label("承办人"),
                            Cell("{{ mediators }}"),
                        )
                    ),
                    Row(
                        (
                            label("受案时间"),
                            Cell("{{ accepted_on }}"),
                            label("结案时间"),
                            Cell("{{ closed_on }}"),
                        )
                    ),
                    Rows(
                        Loop("p", "parties"),
                        (
                            Row(
                                (
                                    label("当事人信息"),
                                    Cell("姓名：{{ p.name }}　电话：{{ p.phone }}\n地址：{{ p.address }}", 3),
                                ),
                                height=13,
                            ),
                        ),
                    ),
                    Row((label("案件来源"), Cell("{{ source }}", 3))),
                    Row((label("纠纷简要事实"), Cell("{{ brief }}", 3)), height=34),
                    Row(
                        (
                            label("调解结果"),
                            Cell("{{ result }}"),
                            label("协议编号"),
                            Cell("{{ agreement_number }}"),
                        )
                    ),
                    Row(
                        (
                            label("涉及金额"),
                            Cell("{{ amount|blank(4) }}元（大写：{{ amount_capital|blank(6) }}）", 3),
                        )
                    ),
                    Row((label("履行情况"), Cell("{{ fulfilment }}", 3))),
                    Row((label("结案报告"), Cell("{{ closing_report }}", 3)), height=44),
                    Row((label("承办人签名"), Cell(""), label("负责人签名"), Cell("")), height=16),
                ),
            ),
        ),
        kind="99",
        basis="地方表格（云南），前八栏见公开材料，其余和排列是参考格式",
        applies=lambda case, line: case.closed_on is not None,
        on=lambda case, line: case.closed_on,
        may_lack=frozenset({"amount", "amount_capital", "agreement_number", "fulfilment", "filed_on"}),
    )
)
