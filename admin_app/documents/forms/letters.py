"""F16 受理通知书, 终止调解函, and the answer to those whose dispute is not taken: local, 参考格式."""

from admin_app.documents.form import ADDRESSEES, Form, declare
from admin_app.documents.forms.blocks import LOCAL
from admin_app.documents.layout import Words, title
from admin_app.rules.cases import Stage

_TO = Words("{{ party_name }}：", before=16)
_FOOT = (
    Words("{{ committee }}", "right", before=50, keep=True),
    Words("（印章）", "right", keep=True),
)


def _letter(name: str, *said: str, day: str) -> tuple[Words, ...]:
    body = tuple(Words(text, indent=True, before=4) for text in said)
    return title(name), _TO, *body, *_FOOT, Words("{{ " + day + "|day }}", "right")


ACCEPTED = declare(
    Form(
        "accepted",
        "受理通知书",
        "F16",
        ADDRESSEES,
        _letter(
            "受理通知书",
            "你方与{{ against|blank(6) }}{{ kind }}一案，经审查符合受理条件，本调解委员会已于"
            "{{ accepted_on|day }}受理。案号：{{ number|blank(10) }}。",
            "承办人民调解员：{{ mediators|blank(6) }}。调解的时间、地点另行通知。人民调解不收取任何费用。",
            "特此通知。",
            day="accepted_on",
        ),
        basis=LOCAL,
        applies=lambda case, line: case.accepted_on is not None,
    )
)

DECLINED = declare(
    Form(
        "declined",
        "不予受理告知书",
        "F16",
        ADDRESSEES,
        _letter(
            "不予受理告知书",
            "你方与{{ against|blank(6) }}{{ kind }}一事，经审查，因{{ decline_reason|blank(12) }}，"
            "本调解委员会不予受理。",
            "你方可以通过以下途径解决：{{ told_channel|blank(14) }}。",
            "特此告知。",
            day="today",
        ),
        kind="99",
        basis=LOCAL,
        applies=lambda case, line: case.stage is Stage.DECLINED,
    )
)

ENDED = declare(
    Form(
        "ended",
        "终止调解函",
        "F16",
        ADDRESSEES,
        _letter(
            "终止调解函",
            "关于你方与{{ against|blank(6) }}{{ kind }}案件，经调解后无法达成一致意见，现终止调解并建议你方走"
            "其他途径解决。",
            "特此函告。",
            day="today",
        ),
        kind="99",
        basis="正文见地方（医疗纠纷调委会）公开样本；其余是参考格式",
        applies=lambda case, line: (
            case.stage in (Stage.FAILED, Stage.ENDED) or bool(case.fail_reason or case.end_reason)
        ),
    )
)
