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


_WORKED = (Stage.ACCEPTED, Stage.MEDIATING)
_OPEN = (Stage.REGISTERED, *_WORKED)
_OVER = (Stage.SETTLED, Stage.FAILED, Stage.ENDED)

# Facts may be mended by whoever holds the case until it is closed; in transfer nobody touches it.
EDITABLE = frozenset(_OPEN + _OVER)
LIVE = frozenset((*_OPEN, Stage.IN_TRANSFER))

STEPS: tuple[Step[Stage], ...] = (
    # The arrows of lifecycle.md 3, in its order.
    step(
        "accept",
        "受理",
        [Stage.REGISTERED],
        Stage.ACCEPTED,
        needs=("accepted_on", "kin_checked"),
        each=("parties", ("consent",)),
        whole="mediators",
    ),
    step("decline", "不予受理", [Stage.REGISTERED], Stage.DECLINED, needs=("decline_reason", "told_channel")),
    step(
        "start",
        "开始调解",
        [Stage.ACCEPTED],
        Stage.MEDIATING,
        needs=("mediated_on", "place", "rights_told_on"),
    ),
    step("hold_session", "调解记录", [Stage.MEDIATING], None, line="sessions"),
    step("extend", "延期", [Stage.MEDIATING], None, needs=("extension_days", "extension_agreed")),
    step(
        "settle",
        "达成协议",
        [Stage.MEDIATING],
        Stage.SETTLED,
        needs=("form", "agreed_on", "agreement", "performance", "perform_by", "rights_told_on"),
        asks=("amount", "responsibility", "effective_on"),
    ),
    step(
        "fail",
        "调解不成",
        [Stage.MEDIATING],
        Stage.FAILED,
        needs=("fail_reason", "told_arbitration", "told_administrative", "told_court"),
    ),
    step(
        "end",
        "终止",
        [Stage.ACCEPTED, Stage.MEDIATING],
        Stage.ENDED,
        needs=("end_reason",),
        asks=("end_explanation",),
    ),
    step("transfer", "转办", _OPEN, Stage.IN_TRANSFER, line="referrals"),
    step("receive", "签收", [Stage.IN_TRANSFER], None, back=True, led=True),
    step("send_back", "退回", [Stage.IN_TRANSFER], None, back=True, led=True),
    # The table of lifecycle.md names no way back for a transfer that its sender withdraws.
    step("withdraw", "撤回", [Stage.IN_TRANSFER], None, back=True, led=True),
    step("close", "结案", _OVER, Stage.CLOSED, needs=("closed_on", "closing_report"), asks=("fulfilment",)),
    step("archive", "归档", [Stage.CLOSED], Stage.ARCHIVED, line="dossiers"),
    step("reopen", "重新调解", [Stage.CLOSED], Stage.MEDIATING, needs=("reopen_reason",)),
    # An old book tells how far its cases have come: they enter there, with the facts it has.
    step(
        "import",
        "导入",
        [Stage.REGISTERED],
        None,
        led=True,
        lands=frozenset((*_WORKED, *_OVER, Stage.DECLINED, Stage.CLOSED)),
    ),
    # What a case carries beside its stage.
    step("triage", "分级", _OPEN, None, needs=("difficulty", "proper_tier")),
    step("assign", "指派调解员", _OPEN, None, needs=("kin_checked",), whole="mediators", batch=True),
    step("prevent", "防止激化", (*_WORKED, *_OVER), None, line="preventions"),
    step(
        "join",
        "联动调处",
        _WORKED,
        None,
        line="assistances",
        of_line=("unit_id", "leads", "task", "due_on"),
    ),
    step("consult", "咨询专家", _WORKED, None, line="assistances", of_line=("expert_id", "task", "due_on")),
    step("take_over", "登记来函", (Stage.REGISTERED, *_WORKED), None, line="hand_overs"),
    step("hand_over", "移送其他机关", (*_OVER, Stage.DECLINED), None, line="hand_overs"),
    # A referral may wait for its answer when its case is over: only what is archived is left in peace.
    step("urge", "督办", (*LIVE, *_OVER, Stage.DECLINED, Stage.CLOSED), None, line="urgings"),
    step("follow_up", "回访", (Stage.SETTLED, Stage.CLOSED), None, line="follow_ups"),
    step(
        "fulfil",
        "登记履行",
        (Stage.SETTLED, Stage.CLOSED),
        None,
        needs=("fulfilment",),
        asks=("fulfilled_on",),
    ),
    step(
        "confirm",
        "司法确认",
        (Stage.SETTLED, Stage.CLOSED),
        None,
        needs=("confirmation",),
        asks=("applied_on", "confirmed_on", "confirmation_number"),
    ),
)

# What the last round of mediation ended with: a case that is mediated anew must be told it anew.
_LASTING = ("amount", "rights_told_on")
ENDING = tuple(
    field
    for each in STEPS
    if each.name in ("settle", "fail", "end", "close", "fulfil", "confirm", "extend")
    for field in (*each.needs, *each.asks)
    if field not in _LASTING
)

STEP: dict[str, Step[Stage]] = {each.name: each for each in STEPS}

# Codes that a rule knows by name (SYS105, SYS267, SYS110; consent and agreement form by convention).
CONSENT_GIVEN, CONSENT_REFUSED = "01", "02"
UNDUE, PERFORMED = "01", "03"  # code table fulfilment: 未到期, 已履行
CONTENT = ("01", "02")  # code table satisfaction: 满意, 基本满意
ON_APPLICATION, OWN_INITIATIVE = "1", "2"
APPLICANT, RESPONDENT = "01", "02"  # code table party_side
NO_RISK, MAY_BE_CRIME = "1", "3"
ORAL, WRITTEN = "1", "2"
UNPERFORMED = ("01", "02", "04")  # table fulfilment: 未到期, 部分履行, 未履行
SUCCEEDED, NOT_SUCCEEDED = "1", "2"


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


def stage_of_old(
    *, result: str | None, mediated_on: date | None, closed_on: date | None, declined: bool = False
) -> Stage:
    """Where a case of an old book stands: as far as its facts have come (SYS110 result)."""
    if declined:
        return Stage.DECLINED
    if closed_on and result in (SUCCEEDED, NOT_SUCCEEDED, None):
        return Stage.CLOSED
    if result == SUCCEEDED:
        return Stage.SETTLED
    if result == NOT_SUCCEEDED:
        return Stage.FAILED
    return Stage.MEDIATING if mediated_on or result else Stage.ACCEPTED


def consent_findings(consents: list[str | None], *, own_initiative: bool) -> list[Finding]:
    """人民调解法 17: on application each party agrees; on the committee's own initiative none has refused.

    `consents` holds the code of each party's consent (code table `consent`), in the order of the parties.
    """
    if CONSENT_REFUSED in consents:
        sentence = "有当事人明确拒绝调解，不能受理：请点“不予受理”"
        return [Finding(f"parties-{consents.index(CONSENT_REFUSED)}-consent", sentence)]
    return [
        Finding(f"parties-{index}-consent", "当事人申请的案件，要每一方都同意调解才能受理")
        for index, consent in enumerate(consents)
        if consent != CONSENT_GIVEN and not own_initiative
    ]


def assignment_findings(
    *, on_roster: list[bool], same_person: list[bool], twice: list[bool]
) -> list[Finding]:
    """人民调解法 19: one mediator or several, of the roster; nobody mediates a dispute of their own."""
    if not on_roster:
        return [Finding("mediators", "请至少指派一名调解员")]
    faults = (
        ("这位调解员不在聘任名册上，请换一位", [not each for each in on_roster]),
        ("这位调解员就是本案当事人，应当回避，请换一位", same_person),
        ("这位调解员填了两次，请删去一条", twice),
    )
    return [
        Finding(f"mediators-{index}-mediator_id", sentence)
        for sentence, found in faults
        for index, each in enumerate(found)
        if each
    ]


def extension_findings(days: int | None, *, agreed: bool | None, most: int, before: int) -> list[Finding]:
    """A term is extended once in all by `most` days, with the consent of both sides (济源法院; ⚙)."""
    findings = []
    if not agreed:
        findings.append(Finding("extension_agreed", "延期要双方当事人同意：同意了请打勾"))
    if days is not None and not 1 <= days <= most - before:
        left = f"已延长 {before} 天，最多还能延长 {most - before} 天" if before else f"最多延长 {most} 天"
        findings.append(
            Finding("extension_days", f"{left}，请改小" if most > before else "已经延长到最多，不能再延")
        )
    return findings


def risk_findings(risk: str, *, measures: str | None, police_told: bool) -> list[Finding]:
    """人民调解法 25: what may grow worse needs measures; what may be a crime is reported to the police."""
    findings = []
    if risk != NO_RISK and not measures:
        findings.append(Finding("risk_measures", "案件预测不是“正常”：请先点“修改”，写明预防措施"))
    if risk == MAY_BE_CRIME and not police_told:
        sentence = "可能引起治安、刑事案件的要报告公安机关：请先点“修改”，填写报告日期"
        findings.append(Finding("police_told_on", sentence))
    return findings


def effect_day(form: str | None, agreed_on: date | None, effective_on: date | None) -> date | None:
    """人民调解法 29, 30: an oral agreement takes effect when reached, a written one when all have signed."""
    return agreed_on if form == ORAL else (effective_on or agreed_on)
