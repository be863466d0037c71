"""F06 人民调解调查记录, F07 人民调解记录 (formats.md 1.2)."""

from admin_app.documents.form import SESSIONS, Form, declare
from admin_app.documents.forms.blocks import BY_NOTICE, foot_day, signed_by_each
from admin_app.documents.layout import Gap, Lines, Long, Words, title

MEDIATION, INQUIRY = "01", "02"  # code table session_kind

INQUIRY_RECORD = declare(
    Form(
        "inquiry",
        "人民调解调查记录",
        "F06",
        SESSIONS,
        (
            title("人民调解调查记录"),
            Lines(
                (
                    (Gap("时间", "{{ held_on }}", 10), Gap("地点", "{{ held_at }}")),
                    (Gap("参加人", "{{ present }}"),),
                    (Gap("被调查人", "{{ asked }}"),),
                )
            ),
            Long("记录：", "record", 12),
            Words("被调查人（签名）：", before=14, keep=True),
            Words("被调查人（签名）：", before=10, keep=True),
            Words("调查人（签名）：", before=10, keep=True),
            Words("记录人（签名）：", before=10),
        ),
        kind="06",
        official=True,
        basis=BY_NOTICE,
        applies=lambda case, line: line.kind == INQUIRY,
        on=lambda case, line: line.held_on,
        may_lack=frozenset({"present"}),
    )
)

RECORD = declare(
    Form(
        "record",
        "人民调解记录",
        "F07",
        SESSIONS,
        (
            title("人民调解记录"),
            Lines(
                (
                    (Gap("时间", "{{ held_on }}", 10), Gap("地点", "{{ held_at }}")),
                    (Gap("当事人", "{{ party_names }}"),),
                    (Gap("参加人", "{{ present }}"),),
                )
            ),
            Words("人民调解委员会已将人民调解的相关规定告知各方当事人。", indent=True, before=8, keep=True),
            signed_by_each("当事人", "parties", before=8),
            Long("调解记录：", "record", 12),
            Words(
                "调解结果：{{ tick_settled }} 1、调解成功；{{ tick_failed }} 2、调解不成；"
                "{{ tick_pending }} 3、有待继续调解",
                before=10,
            ),
            signed_by_each("当事人", "parties"),
            Words("人民调解员（签名）：", before=10, keep=True),
            Words("记录人（签名）：", before=10, keep=True),
            foot_day("held_on"),
        ),
        kind="08",
        official=True,
        basis=BY_NOTICE,
        applies=lambda case, line: line.kind == MEDIATION,
        on=lambda case, line: line.held_on,
        may_lack=frozenset({"present"}),
    )
)
