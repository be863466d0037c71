"""Rates of subsidies 补贴标准 ⚙: which row holds for a post or a case, what it comes to (formats.md 5.2)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from admin_app.rules.choices import Choice
from admin_app.rules.findings import Finding
from admin_app.rules.tiers import Tier, covers

FEN = Decimal("0.01")
WRITTEN = "2"  # code table agreement_form: 书面


class SubsidyKind(Choice):
    """What is paid for: a post held, or a case settled."""

    STIPEND = "stipend", "定额补贴"
    CASE = "case", "以案定补"


class Ended(Choice):
    """How a case ended, as far as the subsidy depends on it."""

    SETTLED = "settled", "调解成功"
    PREVENTED = "prevented", "没调成但防止激化"


class Per(Choice):
    """For how long a stipend is paid."""

    MONTH = "month", "每月"
    YEAR = "year", "每年"


@dataclass(frozen=True)
class Facts:
    """What a rate is chosen by: where, and what kind of post or case."""

    kind: SubsidyKind
    path: str
    tier: Tier
    full_time: str | None = None
    difficulty: str | None = None
    form: str | None = None
    outcome: Ended | None = None


@dataclass(frozen=True)
class Rate:
    """A row of the rates; None means that it does not matter. An outcome left out is success."""

    id: int
    kind: SubsidyKind
    path: str
    since: date
    until: date | None = None
    tier: Tier | None = None
    full_time: str | None = None
    difficulty: str | None = None
    form: str | None = None
    outcome: Ended | None = None
    amount: Decimal | None = None
    share: Decimal | None = None
    per: Per | None = None

    def fits(self, facts: Facts, day: date) -> bool:
        """Whether the row speaks of such a post or case on a day."""
        return (
            self.kind is facts.kind
            and covers(self.path, facts.path)
            and self.since <= day
            and (self.until is None or day < self.until)
            and self.tier in (None, facts.tier)
            and self.full_time in (None, facts.full_time)
            and self.difficulty in (None, facts.difficulty)
            and self.form in (None, facts.form)
            and (self.kind is SubsidyKind.STIPEND or (self.outcome or Ended.SETTLED) is facts.outcome)
        )

    @property
    def weight(self) -> tuple[int, int, date, int]:
        """The nearest unit first, then the row that says most, then the latest."""
        said = (self.tier, self.full_time, self.difficulty, self.form)
        return len(self.path), len([each for each in said if each is not None]), self.since, self.id


def rate_for(rates: Iterable[Rate], facts: Facts, day: date) -> Rate | None:
    """The row that holds on a day."""
    return max((each for each in rates if each.fits(facts, day)), key=lambda each: each.weight, default=None)


def worth(rates: Iterable[Rate], rate: Rate, facts: Facts, day: date) -> Decimal | None:
    """What a row comes to: its amount, or its share of what the same case would bring, settled in writing.

    青岛 2025 pays oral agreements a share of the written ones; one 街道 half for a failure that stayed calm.
    """
    if rate.share is None:
        return rate.amount
    whole = [each for each in rates if each.share is None]
    base = rate_for(whole, replace(facts, form=WRITTEN, outcome=Ended.SETTLED), day)
    return to_fen(base.amount * rate.share / 100) if base and base.amount is not None else None


def to_fen(amount: Decimal) -> Decimal:
    """Half a fen and more counts as one."""
    return amount.quantize(FEN, ROUND_HALF_UP)


def of_month(amount: Decimal, per: Per, month: int) -> Decimal:
    """What a full month of a stipend is: the twelve parts of a year add up to it, to the fen."""
    if per is Per.MONTH:
        return amount
    return to_fen(amount * month / 12) - to_fen(amount * (month - 1) / 12)


def rate_findings(
    *,
    kind: SubsidyKind,
    full_time: str | None,
    difficulty: str | None,
    form: str | None,
    outcome: Ended | None,
    amount: Decimal | None,
    share: Decimal | None,
    per: Per | None,
    since: date | None,
    until: date | None,
) -> list[Finding]:
    """What does not go together in one row."""
    if kind is SubsidyKind.STIPEND:
        idle = {"difficulty": difficulty, "form": form, "outcome": outcome, "share": share}
        found = [] if per else [Finding("per", "定额补贴要选按月还是按年发")]
        found += [] if amount is not None else [Finding("amount", "定额补贴要填金额")]
    else:
        idle, found = {"full_time": full_time, "per": per}, _one_of(amount, share)
    found += [Finding(name, f"{kind.label}不看这一项，请空着") for name, value in idle.items() if value]
    if since and until and until <= since:
        found.append(Finding("valid_until", "停用日期应晚于启用日期"))
    return found


def _one_of(amount: Decimal | None, share: Decimal | None) -> list[Finding]:
    if (amount is None) == (share is None):
        return [Finding("amount", "金额和比例填一项，也只能填一项")]
    if share is not None and not 0 < share <= 100:
        return [Finding("share", "比例应大于 0，不超过 100")]
    return []


def overlap(since: date, until: date | None, others: Iterable[tuple[date, date | None]]) -> bool:
    """Whether a row of some days contradicts others that say the same of the same.

    A row left open ends where the next one begins; a row whose last day is told must end before.
    """
    return any(
        since == other
        or (until is not None and since < other < until)
        or (other_until is not None and other < since < other_until)
        for other, other_until in others
    )
