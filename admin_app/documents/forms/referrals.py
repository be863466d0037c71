"""E6 调解案件转办通知书 with stub and receipt; 3.4 移送函 with receipt, in and out. Layouts are ours."""

from admin_app.documents.form import HAND_OVERS, REFERRALS, Form, declare
from admin_app.documents.forms.blocks import LOCAL
from admin_app.documents.layout import Cell, Cut, Grid, Loop, NewPage, Row, Rows, Words, label, title

_P = Loop("p", "parties")
_NUMBER = Words("编号：{{ referral_number|blank(10) }}", "right", size=12, before=2)


def _pair(one: str, one_text: str, other: str, other_text: str, height: float = 10) -> Row:
    return Row((label(one), Cell(one_text), label(other), Cell(other_text)), height=height)


def _wide(said: str, text: str, height: float = 10) -> Row:
    return Row((label(said), Cell(text, 3)), height=height)


_FOUR = (30.0, 50.0, 30.0, 46.0)

TRANSFER_NOTICE = declare(
    Form(
        "transfer_notice",
        "调解案件转办通知书",
        "E6",
        REFERRALS,
        (
            title("调解案件转办通知书"),
            _NUMBER,
            Grid(
                _FOUR,
                (
                    _wide("承办单位", "{{ to_unit }}"),
                    _wide("案由", "{{ title }}"),
                    Rows(
                        _P, (_wide("当事人及联系方式", "{{ p.name }}　{{ p.phone }}\n{{ p.address }}", 13),)
                    ),
                    _wide("纠纷简要情况", "{{ brief }}", 40),
                    _wide("转办理由", "{{ referral_reason }}", 18),
                    _wide("办理要求及期限", "{{ demand }}", 18),
                    _wide("附件", "", 12),
                    _pair("转办单位（盖章）", "{{ from_unit }}", "经办人", "", 22),
                    _wide("日期", "{{ sent_on }}"),
                ),
            ),
            NewPage(),
            Words("调解案件转办通知书（存根）", "center", size=18, bold=True, keep=True),
            _NUMBER,
            Grid(
                _FOUR,
                (
                    _pair("承办单位", "{{ to_unit }}", "转办单位", "{{ from_unit }}"),
                    _wide("案由", "{{ title }}"),
                    _wide("办理要求及期限", "{{ demand }}"),
                    _pair("经办人", "", "日期", "{{ sent_on }}"),
                ),
            ),
            Cut("裁　剪　线"),
            Words("调解案件转办通知书（回执）", "center", size=18, bold=True, keep=True),
            _NUMBER,
            Grid(
                _FOUR,
                (
                    _wide("承办单位（盖章）", "{{ to_unit }}", 16),
                    _pair("收到日期", "{{ received_on }}", "承办人", ""),
                    _wide("办理结果", "{{ answer }}", 30),
                    _wide("反馈日期", "{{ answered_on }}"),
                ),
            ),
        ),
        kind="14",
        basis=LOCAL,
        may_lack=frozenset({"received_on", "answer", "answered_on"}),
    )
)

HAND_OVER_LETTER = declare(
    Form(
        "hand_over_letter",
        "移送（委托）调解函",
        "3.4",
        HAND_OVERS,
        (
            title("移送（委托）调解函"),
            Words("编号：{{ letter_number|blank(10) }}", "right", size=12, before=2),
            Words("致{{ to_body }}：", before=4, keep=True),
            Grid(
                _FOUR,
                (
                    _wide("移送单位", "{{ from_body }}"),
                    _pair("案由", "{{ title }}", "移送类别", "{{ linked }}"),
                    Rows(
                        _P,
                        (
                            _wide(
                                "当事人",
                                "{{ p.name }}　{{ p.sex }}　{{ p.age|blank(2) }}岁　{{ p.phone }}\n"
                                "{{ p.address }}",
                                13,
                            ),
                        ),
                    ),
                    _wide("基本情况", "{{ situation or brief }}", 34),
                    _wide("当事人是否同意调解", "{{ tick_agreed }} 同意　　{{ tick_not_agreed }} 不同意"),
                    _wide("附件清单", "{{ enclosed }}", 14),
                    _wide("反馈期限", "{{ feed_back_by }}"),
                    _pair("移送单位（印章）", "", "经办人", "{{ contact }}", 20),
                    _wide("日期", "{{ letter_on }}"),
                ),
            ),
            NewPage(),
            Words("移送（委托）调解函（回执）", "center", size=18, bold=True, keep=True),
            Words("编号：{{ letter_number|blank(10) }}", "right", size=12, before=2),
            Grid(
                _FOUR,
                (
                    _pair("收到日期", "", "是否受理", "□ 受理　□ 不予受理"),
                    _wide("不予受理理由", "{{ decline_reason }}", 16),
                    _pair("承办调解员", "{{ mediators }}", "调解结果", "{{ result }}"),
                    _pair("协议编号", "{{ agreement_number }}", "结案日期", "{{ closed_on }}"),
                    _wide("反馈内容", "{{ feed_back }}", 24),
                    _wide("调委会（印章）", "", 24),
                ),
            ),
        ),
        kind="14",
        basis=LOCAL,
        on=lambda case, line: line.sent_on,
        may_lack=frozenset(
            {
                "decline_reason", "mediators", "result", "agreement_number", "closed_on", "feed_back",
                "situation", "brief", "enclosed",
            }
        ),
    )
)  # fmt: skip
