"""The life of a referral 转办 between tiers and agencies (lifecycle.md 4)."""

from admin_app.rules.choices import Choice
from admin_app.rules.findings import Finding
from admin_app.rules.steps import Step, step
from admin_app.rules.tiers import covers, tier_of


class ReferralState(Choice):
    """Where a referral stands."""

    DRAFT = "draft", "起草"
    SENT = "sent", "待签收"
    RECEIVED = "received", "已签收"
    ANSWERED = "answered", "已反馈"
    CLOSED = "closed", "已销号"
    RETURNED = "returned", "已退回"
    WITHDRAWN = "withdrawn", "已撤回"


class Direction(Choice):
    """Between which tiers the case moves."""

    UP = "up", "上报"
    DOWN = "down", "交办"
    SIDEWAYS = "sideways", "平级转办"


STEPS: tuple[Step[ReferralState], ...] = (
    step("send", "发出", [ReferralState.DRAFT], ReferralState.SENT),
    step("receive", "签收", [ReferralState.SENT], ReferralState.RECEIVED),
    step("send_back", "退回", [ReferralState.SENT], ReferralState.RETURNED),
    step("withdraw", "撤回", [ReferralState.SENT], ReferralState.WITHDRAWN),
    step("answer", "反馈", [ReferralState.RECEIVED], ReferralState.ANSWERED),
    step("close", "销号", [ReferralState.ANSWERED], ReferralState.CLOSED),
)

STEP: dict[str, Step[ReferralState]] = {each.name: each for each in STEPS}

# Between sending and answering somebody is waited for.
RUNNING = frozenset({ReferralState.SENT, ReferralState.RECEIVED})

# The other office sees a referral from the moment it is sent; a draft is the sender's own.
SEEN_BY_RECEIVER = frozenset(ReferralState) - {ReferralState.DRAFT}


def direction_finding(direction: Direction, from_path: str, to_path: str) -> Finding | None:
    """Whether the receiving unit stands where the direction says, seen from the sending unit."""
    if from_path == to_path:
        return Finding("to_unit_id", "接收单位不能是本单位自己")
    fits = {
        Direction.UP: covers(to_path, from_path),
        Direction.DOWN: covers(from_path, to_path),
        Direction.SIDEWAYS: tier_of(from_path) is tier_of(to_path),
    }[direction]
    wanted = {Direction.UP: "上级单位", Direction.DOWN: "下级单位", Direction.SIDEWAYS: "同级单位"}[direction]
    return None if fits else Finding("to_unit_id", f"{direction.label}只能送给{wanted}，请重新选择接收单位")
