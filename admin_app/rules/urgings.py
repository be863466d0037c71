"""The life of a supervision 督办: issued by a superior, answered, closed (M21; lifecycle.md 4).

It begins with the step `urge` of what is asked after: a case, a referral, a screening, a find, a warning.
"""

from admin_app.rules.choices import Choice
from admin_app.rules.steps import Step, step


class UrgingState(Choice):
    """Where a supervision stands."""

    ISSUED = "issued", "待答复"
    ANSWERED = "answered", "已答复"
    CLOSED = "closed", "已办结"


class About(Choice):
    """What may be asked after; its value is the word of its register."""

    CASE = "case", "案件"
    REFERRAL = "referral", "转办"
    SCREENING = "screening", "排查任务"
    FIND = "find", "排查发现"
    WARNING = "warning", "预警"
    MAJOR_REPORT = "major_report", "重大纠纷信息"


UNCLOSED = (UrgingState.ISSUED, UrgingState.ANSWERED)

STEPS: tuple[Step[UrgingState], ...] = (
    step("answer", "答复", [UrgingState.ISSUED], UrgingState.ANSWERED, needs=("answer",)),
    step("urge_again", "再次督办", [UrgingState.ANSWERED], UrgingState.ISSUED, needs=("due_on",)),
    step("close", "办结", [UrgingState.ANSWERED], UrgingState.CLOSED),
)

STEP: dict[str, Step[UrgingState]] = {each.name: each for each in STEPS}
