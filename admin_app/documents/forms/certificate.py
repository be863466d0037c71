"""Papers of grading: the certificate 等级证书 and the public notice 公示; their layout is ours.

A certificate of uniform design is asked for (黄石 2020; formats.md 4), none was found.
"""

from admin_app.documents.form import AWARDS, Form, declare
from admin_app.documents.forms.blocks import LOCAL
from admin_app.documents.layout import Words, title
from admin_app.rules.awards import HELD, AwardState

CERTIFICATE = declare(
    Form(
        "certificate",
        "等级证书",
        "G1",
        AWARDS,
        (
            Words("{{ kind }}", "center", size=22, before=60),
            Words("证　　书", "center", size=36, bold=True, before=12),
            Words("{{ whom }}：", size=18, bold=True, before=48),
            Words(
                "经申报、评审和公示，按照《{{ standard }}》，授予“{{ level }}”。",
                size=18,
                before=12,
                indent=True,
            ),
            Words("所属调委会：{{ committee }}", size=14, before=24),
            Words("证书编号：{{ number }}", size=14, before=6),
            Words("核验码：{{ check_code }}", size=14, before=6),
            Words("有效期至：{{ valid_until }}", size=14, before=6),
            Words("{{ decider }}司法行政部门（印章）", "right", size=16, before=48),
            Words("{{ granted_on|day }}", "right", size=16, before=10),
        ),
        basis=LOCAL,
        applies=lambda case, award: award.state in HELD,
    )
)

NOTICE = declare(
    Form(
        "award_notice",
        "评定公示",
        "G2",
        AWARDS,
        (
            title("公　　示"),
            Words(
                "{{ kind }}已经申报、初审和评审，按照《{{ standard }}》，拟授予名单如下，现予公示。",
                before=18,
                indent=True,
            ),
            Words("姓名（名称）：{{ whom }}", before=10, indent=True),
            Words("所属调委会：{{ committee }}", before=4, indent=True),
            Words("拟授予：{{ level }}", before=4, indent=True),
            Words("得分：{{ score }}", before=4, indent=True),
            Words(
                "公示时间：{{ notice_from|day }}至{{ notice_until|day }}。对公示对象有异议的，请在公示期内向"
                "{{ decider }}司法行政部门提出，并写明姓名和联系方式。",
                before=10,
                indent=True,
            ),
            Words("{{ decider }}司法行政部门（印章）", "right", before=36),
            Words("{{ notice_from|day }}", "right", before=10),
        ),
        basis=LOCAL,
        applies=lambda case, award: award.state is AwardState.NOTICED,
    )
)
