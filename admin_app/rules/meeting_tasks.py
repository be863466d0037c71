"""The life of what a meeting asks for 会议任务: asked, done, asked again (M27)."""

from admin_app.rules.choices import Choice
from admin_app.rules.steps import Step, step


class TaskState(Choice):
    """Where something that a meeting asked for stands."""

    OPEN = "open", "待办"
    DONE = "done", "已完成"


STEPS: tuple[Step[TaskState], ...] = (
    step("finish", "完成", [TaskState.OPEN], TaskState.DONE, needs=("result",)),
    step("again", "重新交办", [TaskState.DONE], TaskState.OPEN, needs=("due_on",)),
)

STEP: dict[str, Step[TaskState]] = {each.name: each for each in STEPS}
