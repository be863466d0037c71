"""The life of a request for help on a case 协同: a unit joins 联动, an expert advises 咨询 (M05, M16)."""

from admin_app.rules.choices import Choice
from admin_app.rules.findings import Finding
from admin_app.rules.steps import Step, step


class AssistanceState(Choice):
    """Where a request for help stands."""

    ASKED = "asked", "待反馈"
    ANSWERED = "answered", "已反馈"
    WITHDRAWN = "withdrawn", "已撤销"


STEPS: tuple[Step[AssistanceState], ...] = (
    step(
        "answer",
        "反馈意见",
        [AssistanceState.ASKED],
        AssistanceState.ANSWERED,
        needs=("answer",),
        asks=("fee",),
    ),
    step("withdraw", "撤销", [AssistanceState.ASKED], AssistanceState.WITHDRAWN),
)

STEP: dict[str, Step[AssistanceState]] = {each.name: each for each in STEPS}


def helper_findings(*, unit: bool, expert: bool) -> list[Finding]:
    """One request is for one helper: a unit or an expert."""
    if unit == expert:
        return [Finding("expert_id" if unit else "unit_id", "请选择一个参加单位或一位专家")]
    return []
