"""F08 人民调解协议书, F09 人民调解口头协议登记表, E5 调解简易案件登记表 (formats.md 1.2, 3.1)."""

from admin_app.documents.form import CASES, Form, declare
from admin_app.documents.forms.blocks import BY_NOTICE, LOCAL, foot_day, party_block, signed_by_each
from admin_app.documents.layout import Cell, Each, Grid, Long, Loop, Row, Rows, Sides, Words, label, title
from admin_app.rules.cases import ORAL, WRITTEN

SIMPLE = "1"  # code table difficulty

_NUMBER = Words("编号：{{ agreement_number|blank(10) }}", "right", size=12, before=4)
_TERMS = (
    Long("纠纷主要事实、争议事项：", "dispute", 4),
    Long("经调解，自愿达成如下协议：", "agreement", 4),
    Long("履行方式、时限：", "performance", 2),
)

AGREEMENT = declare(
    Form(
        "agreement",
        "人民调解协议书",
        "F08",
        CASES,
        (
            title("人民调解协议书"),
            _NUMBER,
            party_block("当事人", "parties"),
            *_TERMS,
            Words(
                "本协议一式{{ copies|blank(2) }}份，当事人、人民调解委员会各持一份。",
                indent=True,
                before=8,
                keep=True,
            ),
            Sides(
                (signed_by_each("当事人", "parties"),),
                (
                    Words("人民调解员（签名）：", before=10),
                    Words("记录人（签名）：", before=26),
                    Words("（人民调解委员会印章）", "right", before=26),
                    foot_day("agreed_on"),
                ),
            ),
        ),
        kind="09",
        official=True,
        basis=BY_NOTICE,
        applies=lambda case, line: case.agreed_on is not None and case.form == WRITTEN,
        on=lambda case, line: case.agreed_on,
    )
)

ORAL_AGREEMENT = declare(
    Form(
        "oral_agreement",
        "人民调解口头协议登记表",
        "F09",
        CASES,
        (
            title("人民调解口头协议登记表"),
            _NUMBER,
            party_block("当事人", "parties"),
            *_TERMS,
            Words("人民调解员（签名）：", before=14, keep=True),
            Words("（人民调解委员会印章）", "right", before=14, keep=True),
            foot_day("agreed_on"),
        ),
        kind="09",
        official=True,
        basis=BY_NOTICE,
        applies=lambda case, line: case.agreed_on is not None and case.form == ORAL,
        on=lambda case, line: case.agreed_on,
    )
)

_P = Loop("p", "parties")

SIMPLE_CASE = declare(
    Form(
        "simple_case",
        "调解简易案件登记表",
        "E5",
        CASES,
        (
            title("调解简易案件登记表"),
            Words("编号：{{ number|blank(10) }}", "right", size=12, before=4),
            Grid(
                (30, 34, 16, 14, 16, 16, 16, 14),
                (
                    Rows(
                        _P,
                        (
                            Row(
                                (
                                    label("当事人姓名"),
                                    Cell("{{ p.name }}"),
                                    label("性别"),
                                    Cell("{{ p.sex }}", align="center"),
                                    label("民族"),
                                    Cell("{{ p.ethnicity }}", align="center"),
                                    label("年龄"),
                                    Cell("{{ p.age }}", align="center"),
                                ),
                            ),
                            Row(
                                (
                                    label("职业或职务"),
                                    Cell("{{ p.occupation }}", 2),
                                    label("联系方式", 2),
                                    Cell("{{ p.phone }}", 3),
                                ),
                            ),
                            Row((label("单位或住址"), Cell("{{ p.address }}", 7))),
                        ),
                    ),
                    Row((label("纠纷主要事实、争议事项"), Cell("{{ dispute }}", 7)), height=32),
                    Row((label("经调解自愿达成如下协议"), Cell("{{ agreement }}", 7)), height=32),
                    Row((label("履行方式、时限"), Cell("{{ performance }}", 7)), height=16),
                ),
            ),
            Sides(
                (Each(_P, (Words("当事人（签名）：", before=10),)),),
                (
                    Words("人民调解员（签名）：", before=10),
                    Words("（人民调解委员会印章）", "right", before=20),
                    foot_day("agreed_on"),
                ),
            ),
        ),
        basis=LOCAL,
        applies=lambda case, line: case.agreed_on is not None and case.difficulty == SIMPLE,
        on=lambda case, line: case.agreed_on,
    )
)
