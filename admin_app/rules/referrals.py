"""The life of a referral 转办 between tiers (lifecycle.md 4)."""

from admin_app.rules.choices import Choice
from admin_app.rules.findings import Finding
from admin_app.rules.steps import Step, step
from admin_app.rules.tiers import ancestors, covers, tier_of


class ReferralState(Choice):
    """Where a referral stands. A sideways one waits for the common superior before it is sent."""

    DRAFT = "draft", "起草"
    ASKED = "asked", "待批准"
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
    step("ask", "报请批准", [ReferralState.DRAFT], ReferralState.ASKED),
    step("approve", "批准", [ReferralState.ASKED], ReferralState.SENT),
    step("refuse", "不批准", [ReferralState.ASKED], ReferralState.RETURNED, needs=("return_reason",)),
    step(
        "receive",
        "签收",
        [ReferralState.SENT],
        ReferralState.RECEIVED,
        needs=("to_committee_id",),
        batch=True,
    ),
    step("send_back", "退回", [ReferralState.SENT], ReferralState.RETURNED, needs=("return_reason",)),
    step("withdraw", "撤回", [ReferralState.ASKED, ReferralState.SENT], ReferralState.WITHDRAWN),
    step("answer", "反馈", [ReferralState.RECEIVED], ReferralState.ANSWERED, needs=("answer",)),
    step("close", "销号", [ReferralState.ANSWERED], ReferralState.CLOSED, batch=True),
    step("urge", "督办", [ReferralState.SENT, ReferralState.RECEIVED], None, line="urgings"),
)

STEP: dict[str, Step[ReferralState]] = {each.name: each for each in STEPS}

# The step of the case that each step of its referral leads.
LEADS = {
    "send": "transfer",
    "ask": "transfer",
    "receive": "receive",
    "send_back": "send_back",
    "refuse": "send_back",
    "withdraw": "withdraw",
}

# Between sending and answering somebody is waited for.
RUNNING = frozenset({ReferralState.SENT, ReferralState.RECEIVED})

# The case is on its way: a second referral of it must wait.
UNDER_WAY = frozenset({ReferralState.ASKED, ReferralState.SENT})

# The other office sees a referral from the moment it is sent; before, it is the sender's own.
ARRIVED = frozenset({ReferralState.RECEIVED, ReferralState.ANSWERED, ReferralState.CLOSED})
SEEN_BY_RECEIVER = frozenset(ReferralState) - {ReferralState.DRAFT, ReferralState.ASKED}

GRAVE = "01"  # code table referral_reason: 重大


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


def tier_by_tier_finding(direction: Direction, from_path: str, to_path: str, reason: str) -> Finding | None:
    """A case goes up one tier at a time, unless it is grave (lifecycle.md 4; ⚙)."""
    if direction is not Direction.UP or reason == GRAVE or not covers(to_path, from_path):
        return None
    skipped = [each for each in ancestors(from_path) if len(each) > len(to_path)]
    return Finding("to_unit_id", "除重大纠纷外要逐级上报，请先报给直接上级") if skipped else None


def common_superior(one: str, other: str) -> str:
    """The path of the nearest unit above both; "" when they share none."""
    shared = [path for path in ancestors(one) if path in ancestors(other)]
    return shared[-1] if shared else ""
