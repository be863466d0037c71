"""The life of a circular 通报: written, sent to units, withdrawn (S0 信息共享, S2 工作要求四)."""

from admin_app.rules.choices import Choice
from admin_app.rules.steps import Step, step


class CircularState(Choice):
    """Where a circular stands."""

    DRAFT = "draft", "草稿"
    SENT = "sent", "已发出"
    WITHDRAWN = "withdrawn", "已撤回"


STEPS: tuple[Step[CircularState], ...] = (
    step("send", "发出", [CircularState.DRAFT], CircularState.SENT),
    step("remind", "提醒未签阅的单位", [CircularState.SENT], None),
    step(
        "withdraw",
        "撤回",
        [CircularState.SENT],
        CircularState.WITHDRAWN,
        needs=("withdraw_reason",),
    ),
)

STEP: dict[str, Step[CircularState]] = {each.name: each for each in STEPS}
