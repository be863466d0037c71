"""The life of a typical case 典型案例: drafted from a closed case, made nameless, published (M22; S1)."""

from admin_app.rules.choices import Choice
from admin_app.rules.steps import Step, step


class TypicalState(Choice):
    """Where a typical case stands."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审核"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已撤下"


_S = TypicalState

STEPS: tuple[Step[TypicalState], ...] = (
    step("submit", "提交审核", [_S.DRAFT], _S.SUBMITTED, needs=("comment",)),
    step("publish", "发布", [_S.SUBMITTED], _S.PUBLISHED),
    step("send_back", "退回修改", [_S.SUBMITTED], _S.DRAFT, needs=("return_reason",)),
    step("withdraw", "撤下", [_S.DRAFT, _S.PUBLISHED], _S.WITHDRAWN, needs=("withdraw_reason",)),
    step("revive", "重新起草", [_S.WITHDRAWN], _S.DRAFT),
)

STEP: dict[str, Step[TypicalState]] = {each.name: each for each in STEPS}

# What everybody reads once it is published: every one of them is searched for what must not stand there.
TEXTS = ("title", "keywords", "brief", "course", "result", "comment")
