"""The life of a case 调解案件 (lifecycle.md 3) and the rules on its facts."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

from admin_app.rules.choices import Choice
from admin_app.rules.findings import Finding
from admin_app.rules.steps import Step, step


class Stage(Choice):
    """Where a case stands."""

    REGISTERED = "registered", "已登记"
    ACCEPTED = "accepted", "已受理"
    MEDIATING = "mediating", "调解中"
    SETTLED = "settled", "调解成功"
    FAILED = "failed", "调解不成"
    ENDED = "ended", "已终止"
    DECLINED = "declined", "不予受理"
    IN_TRANSFER = "in_transfer", "转办中"
    CLOSED = "closed", "已结案"
    ARCHIVED = "archived", "已归档"


_OPEN = (Stage.REGISTERED, Stage.ACCEPTED, Stage.MEDIATING)
_OVER = (Stage.SETTLED, Stage.FAILED, Stage.ENDED)

STEPS: tuple[Step[Stage], ...] = (
    step("accept", "受理", [Stage.REGISTERED], Stage.ACCEPTED),
    step("decline", "不予受理", [Stage.REGISTERED], Stage.DECLINED),
    step("start", "开始调解", [Stage.ACCEPTED], Stage.MEDIATING),
    step("hold_session", "调解记录", [Stage.MEDIATING], None),
    step("extend", "延期", [Stage.MEDIATING], None),
    step("settle", "达成协议", [Stage.MEDIATING], Stage.SETTLED),
    step("fail", "调解不成", [Stage.MEDIATING], Stage.FAILED),
    step("end", "终止", [Stage.ACCEPTED, Stage.MEDIATING], Stage.ENDED),
    step("transfer", "转办", _OPEN, Stage.IN_TRANSFER),
    step("receive", "签收", [Stage.IN_TRANSFER], None),
    step("send_back", "退回", [Stage.IN_TRANSFER], None),
    step("close", "结案", _OVER, Stage.CLOSED),
    step("archive", "归档", [Stage.CLOSED], Stage.ARCHIVED),
    step("reopen", "重新调解", [Stage.CLOSED], Stage.MEDIATING),
)

STEP: dict[str, Step[Stage]] = {each.name: each for each in STEPS}

# Facts may be mended by whoever holds the case until it is closed; in transfer nobody touches it.
EDITABLE = frozenset(_OPEN + _OVER)
LIVE = frozenset((*_OPEN, Stage.IN_TRANSFER))


def facts_findings(
    *,
    accepted_on: date | None,
    mediated_on: date | None,
    agreed_on: date | None,
    closed_on: date | None,
    amount: Decimal | None,
    people: int | None,
    parties: int,
) -> list[Finding]:
    """What is wrong with a case's facts taken together: order of dates, sums, head-counts, parties.

    A dispute has two sides at least, but a village mediator may register before the other side is known:
    that is a warning.
    """
    findings = []
    order = [
        ("accepted_on", "受理日期", accepted_on),
        ("mediated_on", "调解日期", mediated_on),
        ("agreed_on", "协议日期", agreed_on),
        ("closed_on", "结案日期", closed_on),
    ]
    known = [(name, label, day) for name, label, day in order if day]
    for (_, earlier, first), (name, later, second) in pairwise(known):
        if second < first:
            findings.append(Finding(name, f"{later}不能早于{earlier}（{first.isoformat()}）"))
    if amount is not None and amount < 0:
        findings.append(Finding("amount", "金额不能是负数"))
    if parties == 0:
        findings.append(Finding("parties", "请至少填写一方当事人的姓名"))
    if parties == 1:
        findings.append(Finding("parties", "当事人一般有两方，请尽量把对方当事人也填上", grave=False))
    if people is not None and people < max(parties, 1):
        findings.append(Finding("people", f"涉及人数不能少于当事人数（{max(parties, 1)} 人）"))
    return findings
