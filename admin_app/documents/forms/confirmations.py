"""F11 司法确认申请书, between persons and with an organisation.

What goes with it stands in 法释〔2011〕5号 art. 3; the layout was not found (formats.md F11), so it is ours.
"""

from admin_app.documents.case_facts import organisations
from admin_app.documents.form import CASES, Form, declare
from admin_app.documents.forms.blocks import signed_by_each
from admin_app.documents.layout import Block, Gap, Lines, Long, Loop, Words, title
from admin_app.models.cases import Case

NOT_ASKED = "01"  # code table confirmation

_BASIS = "附件依据法释〔2011〕5号第三条；申请书没有找到官方样本，是参考格式，请按受理法院的要求核对"


def _applied(case: Case) -> bool:
    """Whether the court has been asked: only then the dossier takes it."""
    return case.applied_on is not None or case.confirmation not in (None, NOT_ASKED)


def _person(over: str) -> Lines:
    return Lines(
        (
            (
                Gap("申请人", "{{ p.name }}", 8),
                Gap("性别", "{{ p.sex }}", 3),
                Gap("民族", "{{ p.ethnicity }}"),
            ),
            (Gap("出生日期", "{{ p.born }}", 9), Gap("联系电话", "{{ p.phone }}")),
            (Gap("身份证件号码", "{{ p.id_number }}"),),
            (Gap("住址（送达地址）", "{{ p.address }}"),),
        ),
        Loop("p", over),
    )


def _organisation(over: str) -> Lines:
    return Lines(
        (
            (Gap("申请人（单位名称）", "{{ p.name }}"),),
            (Gap("统一社会信用代码", "{{ p.id_number }}"),),
            (Gap("负责人", "{{ p.representative }}", 8), Gap("联系电话", "{{ p.phone }}")),
            (Gap("住所地（送达地址）", "{{ p.address }}"),),
        ),
        Loop("p", over),
    )


def _body(*who: Block) -> tuple[Block, ...]:
    return (
        title("司法确认申请书"),
        *who,
        Words("请求事项：", bold=True, before=8, keep=True),
        Words(
            "请求人民法院依法确认申请人于{{ agreed_on|day }}经{{ committee }}调解达成的人民调解协议"
            "（编号：{{ agreement_number|blank(8) }}）有效。",
            indent=True,
        ),
        Words("事实和理由：", bold=True, before=8, keep=True),
        Long("", "brief", 3),
        Words("经{{ committee }}调解，申请人自愿达成如下协议：", indent=True, keep=True),
        Long("", "agreement", 4),
        Words(
            "申请人出于解决纠纷的目的自愿达成协议，没有恶意串通、规避法律的行为；如果因为该协议内容而给他人造成"
            "损害的，愿意承担相应的民事责任和其他法律责任。",
            indent=True,
        ),
        Words(
            "协议生效日期：{{ effective_on|day }}；最迟应于{{ confirm_by|day }}提出申请。",
            indent=True,
            before=4,
        ),
        Words("此致", indent=True, before=8, keep=True),
        Words("＿＿＿＿＿＿＿＿人民法院", keep=True),
        signed_by_each("申请人", "parties"),
        Words("{{ ''|day }}", "right", before=10),
        Words(
            "附：1. 调解协议；2. 身份证明、资格证明；3. 与调解协议相关的财产权利证明等证明材料；"
            "4. 双方当事人的送达地址、电话号码；5. 授权委托书（委托他人代为申请的）。",
            size=12,
            before=12,
        ),
    )


CONFIRMATION = declare(
    Form(
        "confirmation",
        "司法确认申请书（个人与个人）",
        "F11",
        CASES,
        _body(_person("parties")),
        kind="11",
        basis=_BASIS,
        applies=lambda case, line: case.agreed_on is not None and not organisations(case),
        on=lambda case, line: case.agreed_on,
        files=_applied,
    )
)

CONFIRMATION_WITH_ORGANISATION = declare(
    Form(
        "confirmation_organisation",
        "司法确认申请书（个人与单位）",
        "F11",
        CASES,
        _body(_person("persons"), Words("", size=7), _organisation("organisations")),
        kind="11",
        basis=_BASIS,
        applies=lambda case, line: case.agreed_on is not None and bool(organisations(case)),
        on=lambda case, line: case.agreed_on,
        files=_applied,
    )
)
