"""F10 人民调解回访记录 (formats.md 1.2)."""

from admin_app.documents.form import FOLLOW_UPS, Form, declare
from admin_app.documents.forms.blocks import BY_NOTICE, foot_day, seal
from admin_app.documents.layout import Gap, Lines, Long, Words, title

FOLLOW_UP = declare(
    Form(
        "follow_up",
        "人民调解回访记录",
        "F10",
        FOLLOW_UPS,
        (
            title("人民调解回访记录"),
            Lines(
                (
                    (Gap("当事人", "{{ party_names }}"),),
                    (Gap("调解协议编号", "{{ agreement_number }}"),),
                    (Gap("回访事由", "{{ title }}"),),
                    (Gap("回访时间", "{{ visited_on }}"),),
                )
            ),
            Long("回访情况：", "follow_up", 12),
            Words("回访人（签名）：", before=24, keep=True),
            seal(14),
            foot_day("visited_on"),
        ),
        kind="10",
        official=True,
        basis=BY_NOTICE,
        on=lambda case, line: line.visited_on,
    )
)
