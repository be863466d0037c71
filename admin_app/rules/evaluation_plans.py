"""The life of an evaluation plan 考核计划 (S0, every half-year; lifecycle.md 5)."""

from admin_app.rules.choices import Choice
from admin_app.rules.steps import Step, step


class PlanState(Choice):
    """Where a plan stands."""

    PREPARING = "preparing", "筹备"
    RUNNING = "running", "进行中"
    PUBLISHED = "published", "已公布"
    CLOSED = "closed", "已结束"


STEPS: tuple[Step[PlanState], ...] = (
    step("draw", "取数", [PlanState.PREPARING], PlanState.RUNNING),
    step("publish", "公布", [PlanState.RUNNING], PlanState.PUBLISHED),
    step("add", "补充人员", [PlanState.RUNNING], None),
    step("close", "结束", [PlanState.PUBLISHED], PlanState.CLOSED),
)

STEP: dict[str, Step[PlanState]] = {each.name: each for each in STEPS}
