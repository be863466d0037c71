"""F01 卷宗封面, F12 卷宗情况说明, F13 封底 (formats.md 1.2)."""

from admin_app.documents.form import CASES, FIRST, Form, declare
from admin_app.documents.forms.blocks import BY_NOTICE
from admin_app.documents.layout import Gap, Lines, Long, Words, title
from admin_app.rules.cases import Stage

_OVER = (Stage.SETTLED, Stage.FAILED, Stage.ENDED, Stage.CLOSED, Stage.ARCHIVED)

COVER = declare(
    Form(
        "cover",
        "卷宗封面",
        "F01",
        CASES,
        (
            Words("{{ committee }}", "center", size=26, bold=True, before=70),
            Words("调解卷宗", "center", size=22, bold=True, before=40),
            Words("", before=70),
            Lines(
                (
                    (Gap("卷　　名", "{{ title }}"),),
                    (Gap("卷　　号", "{{ dossier_number }}"),),
                    (Gap("人民调解员", "{{ mediators }}", 8), Gap("调解日期", "{{ mediation_period }}")),
                    (Gap("立 卷 人", "{{ filer }}", 8), Gap("立卷日期", "{{ filed_on }}")),
                    (Gap("保管期限", "{{ retention }}"),),
                    (Gap("备　　注", "{{ dossier_remark }}"),),
                ),
                size=15,
                height=15,
            ),
        ),
        kind=FIRST,
        official=True,
        basis=BY_NOTICE,
        may_lack=frozenset({"dossier_remark"}),
    )
)

EXPLANATION = declare(
    Form(
        "explanation",
        "卷宗情况说明",
        "F12",
        CASES,
        (
            title("卷宗情况说明"),
            Long("", "explanation", 14),
            Words("立卷人：{{ filer }}", "right", before=30),
            Words("审核人：{{ checker }}", "right", before=10),
            Words("{{ filed_on|day }}", "right", before=10),
        ),
        kind="12",
        official=True,
        basis=BY_NOTICE,
        applies=lambda case, line: case.stage in _OVER,
    )
)

BACK_COVER = declare(
    Form(
        "back_cover",
        "封底",
        "F13",
        CASES,
        (
            Words("", before=420),
            Lines(
                (
                    (Gap("立卷人：", "{{ filer }}"),),
                    (Gap("审核人：", "{{ checker }}"),),
                    (Gap("立卷日期：", "{{ filed_on|day }}"),),
                ),
                size=15,
            ),
        ),
        kind="13",
        official=True,
        basis=BY_NOTICE,
        applies=lambda case, line: case.stage in _OVER,
    )
)
