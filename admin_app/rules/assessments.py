"""The life of a risk assessment 社会稳定风险评估 of a decision or a project (M25; S0, S2, S4).

No source prescribes a form; that what is risky needs measures before it is carried out is the rule of the
重大行政决策程序暂行条例 24: where risks cannot be controlled, the draft is changed first.
"""

from admin_app.rules.choices import Choice
from admin_app.rules.findings import Finding
from admin_app.rules.steps import Step, step


class AssessmentState(Choice):
    """Where an assessment stands."""

    DRAFTED = "drafted", "待评估"
    ASSESSED = "assessed", "待决定"
    DECIDED = "decided", "跟踪中"
    CLOSED = "closed", "已办结"


class RiskLevel(Choice):
    """How grave the risk to stability is."""

    HIGH = "high", "高风险"
    MEDIUM = "medium", "中风险"
    LOW = "low", "低风险"


class Decision(Choice):
    """What was decided on the assessment."""

    GO = "go", "可实施"
    PART = "part", "可部分实施"
    WAIT = "wait", "暂缓实施"
    STOP = "stop", "不实施"


_S = AssessmentState

STEPS: tuple[Step[AssessmentState], ...] = (
    step(
        "assess",
        "填写评估结果",
        [_S.DRAFTED],
        _S.ASSESSED,
        needs=("assessed_on", "ways", "risk", "risks"),
        asks=("asked_people", "plan"),
        whole="measures",
        of_line=("content", "responsible", "until"),
    ),
    step(
        "decide",
        "登记决定",
        [_S.ASSESSED],
        _S.DECIDED,
        needs=("decision", "decided_on", "decided_by"),
        asks=("follow_by",),
    ),
    step("send_back", "退回重评", [_S.ASSESSED], _S.DRAFTED, needs=("return_reason",)),
    step(
        "follow",
        "登记跟踪情况",
        [_S.DECIDED],
        None,
        asks=("follow_by",),
        line="follows",
        of_line=("followed_on", "content", "follower"),
    ),
    step("close", "办结", [_S.DECIDED], _S.CLOSED, needs=("closed_on", "outcome")),
)

STEP: dict[str, Step[AssessmentState]] = {each.name: each for each in STEPS}


def assess_findings(risk: RiskLevel | None, measures: int, plan: str | None) -> list[Finding]:
    """Whatever is not of low risk needs measures, and what is of high risk a plan 预案 besides."""
    found = []
    if risk in (RiskLevel.HIGH, RiskLevel.MEDIUM) and not measures:
        found.append(Finding("measures", f"{risk.label}的，至少写一条防范化解措施"))
    if risk is RiskLevel.HIGH and not plan:
        found.append(Finding("plan", "高风险的，请写明应急处置预案"))
    return found


def decide_findings(risk: RiskLevel | None, decision: Decision | None) -> list[Finding]:
    """重大行政决策程序暂行条例 24: risks that cannot be controlled come first."""
    if risk is RiskLevel.HIGH and decision is Decision.GO:
        return [Finding("decision", "评估是高风险，不能直接实施：请选暂缓、部分实施或不实施，或者退回重评")]
    return []
