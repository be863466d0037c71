"""F03 人民调解申请书, F04 人民调解受理登记表 (formats.md 1.2)."""

from admin_app.documents.form import CASES, Form, declare
from admin_app.documents.forms.blocks import BY_NOTICE, foot_day, party_block, seal, signed_by_each
from admin_app.documents.layout import Gap, Lines, Long, Words, title
from admin_app.rules.cases import OWN_INITIATIVE

APPLICATION = declare(
    Form(
        "application",
        "人民调解申请书",
        "F03",
        CASES,
        (
            title("人民调解申请书"),
            party_block("申请人", "applicants"),
            Words("", size=7),
            party_block("被申请人", "respondents"),
            party_block("其他当事人", "others"),
            Long("纠纷简要情况：", "brief", 5),
            Words("当事人申请事项：", before=6, keep=True),
            Lines(
                (
                    (Gap("1、", "{{ first_claim }}"),),
                    (Gap("2、", "{{ second_claim }}"),),
                    (Gap("3、", "{{ other_claims }}"),),
                )
            ),
            Words(
                "人民调解委员会已将申请人民调解的相关规定告知我，现自愿申请人民调解委员会进行调解。",
                before=8,
                indent=True,
                keep=True,
            ),
            signed_by_each("申请人", "applicants"),
            foot_day("registered_on"),
        ),
        kind="01",
        official=True,
        basis=BY_NOTICE,
        applies=lambda case, line: case.source != OWN_INITIATIVE,
        on=lambda case, line: case.registered_on,
    )
)

ACCEPTANCE = declare(
    Form(
        "acceptance",
        "人民调解受理登记表",
        "F04",
        CASES,
        (
            title("人民调解受理登记表"),
            Words(
                "{{ accepted_on|day }}，人民调解委员会依当事人申请（人民调解委员会主动调解），"
                "经当事人同意，调解{{ one_side|blank(6) }}、{{ other_side|blank(6) }}之间的纠纷。",
                indent=True,
                before=10,
            ),
            Lines(((Gap("纠纷类型：", "{{ kind }}"),),)),
            Words(
                "案件来源：{{ tick_applied }} ①当事人申请　　{{ tick_own }} ②人民调解委员会主动调解", before=8
            ),
            Long("纠纷简要情况：", "brief", 7),
            signed_by_each("当事人", "parties"),
            Words("登记人（签名）：", before=14),
            seal(14),
            foot_day("accepted_on"),
            Words("备注：此表由人民调解委员会填写。", before=20, size=12),
        ),
        kind="01",
        official=True,
        basis=BY_NOTICE,
        applies=lambda case, line: case.accepted_on is not None,
        on=lambda case, line: case.accepted_on,
    )
)
