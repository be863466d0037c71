"""Grading a dispute 分级: what the facts propose; a person confirms (lifecycle.md 3).

The sums and the head-count are parameters. Which kinds and risks weigh is a convention [C] of this program.
"""

from dataclasses import dataclass
from decimal import Decimal

from admin_app.rules.cases import NO_RISK
from admin_app.rules.tiers import ORDER, Tier

# Code table difficulty (SYS112), lightest first: the codes themselves are not in this order.
SIMPLE, COMMON, HARD, GRAVE = "1", "2", "4", "3"
WEIGHT = (SIMPLE, COMMON, HARD, GRAVE)
TIER_OF = {
    SIMPLE: Tier.VILLAGE,
    COMMON: Tier.TOWNSHIP,
    HARD: Tier.TOWNSHIP,
    GRAVE: Tier.COUNTY,
}
PLACE = {Tier.VILLAGE: "村（社区）", Tier.TOWNSHIP: "乡镇（街道）", Tier.COUNTY: "县区"}

OTHER_RISK = "6"  # SYS105
HARD_KINDS = frozenset({"7", "8", "9", "15"})  # SYS104: 山林土地、征地拆迁、环境污染、医疗
CROSSING = "03"  # code table referral_reason: 跨乡镇


@dataclass(frozen=True)
class Thresholds:
    """From which sum and head-count on a dispute weighs more."""

    common_amount: Decimal
    grave_amount: Decimal
    grave_people: int


@dataclass(frozen=True)
class Facts:
    """What is known of a dispute; `crossing`: it reaches over the border of a township."""

    amount: Decimal | None = None
    people: int | None = None
    kind: str = ""
    risk: str = NO_RISK
    crossing: bool = False


@dataclass(frozen=True)
class Proposal:
    """A difficulty, the tier that should handle it, and on what grounds."""

    difficulty: str
    tier: Tier
    grounds: tuple[str, ...]

    def sentence(self, difficulty: str) -> str:
        """The proposal as a clerk reads it; `difficulty` is the code's own wording."""
        return f"{'；'.join(self.grounds)}：建议定为{difficulty}，由{PLACE[self.tier]}办理。"


def propose(facts: Facts, at: Thresholds) -> Proposal:
    """The weightiest ground decides; what crosses townships goes to the county however light it is."""
    found = _grounds(facts, at)
    difficulty = max((code for code, _ in found), key=WEIGHT.index, default=SIMPLE)
    grounds = tuple(words for code, words in found if code == difficulty)
    tier = TIER_OF[difficulty]
    if facts.crossing:
        tier, grounds = Tier.COUNTY, (*grounds, "纠纷跨乡镇")
    return Proposal(difficulty, tier, grounds or ("金额不大，人数不多，也没有激化的苗头",))


def _grounds(facts: Facts, at: Thresholds) -> list[tuple[str, str]]:
    """(difficulty, why) for each fact that weighs."""
    found = []
    if facts.amount is not None:
        for code, threshold in ((GRAVE, at.grave_amount), (COMMON, at.common_amount)):
            if facts.amount >= threshold:
                found.append((code, f"金额 {_yuan(facts.amount)} 元，达到 {_yuan(threshold)} 元"))
    if facts.people is not None and facts.people >= at.grave_people:
        found.append((GRAVE, f"涉及 {facts.people} 人，达到 {at.grave_people} 人"))
    if facts.risk not in (NO_RISK, OTHER_RISK):
        found.append((GRAVE, "案件预测有激化的可能"))
    if facts.risk == OTHER_RISK:
        found.append((HARD, "案件预测不是“正常”"))
    if facts.kind in HARD_KINDS:
        found.append((HARD, "这一类纠纷往往疑难"))
    return found


def _yuan(amount: Decimal) -> str:
    return f"{amount:,.2f}".removesuffix(".00")


def differs(proposal: Proposal, *, difficulty: str, here: Tier) -> bool:
    """Whether what stands falls short of the proposal, or grades it otherwise.

    A light dispute may well be handled higher up than it must.
    """
    return proposal.difficulty != difficulty or ORDER.index(proposal.tier) < ORDER.index(here)
