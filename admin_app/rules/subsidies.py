"""The life of a subsidy batch 补贴批次, what keeps a case out of it, how sums are split (lifecycle.md 5)."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from admin_app.rules.choices import Choice
from admin_app.rules.findings import Finding
from admin_app.rules.rates import FEN, Ended, SubsidyKind
from admin_app.rules.steps import Step, step


class SubsidyState(Choice):
    """Where a batch stands."""

    DRAFT = "draft", "申报中"
    APPLIED = "applied", "已申报"
    FIRST_REVIEWED = "first_reviewed", "初审通过"
    REVIEWED = "reviewed", "复核通过"
    NOTICED = "noticed", "公示中"
    PAID = "paid", "已发放"


class ItemState(Choice):
    """Where one case, or one mediator's month, stands in a batch."""

    DUE = "due", "列入"
    REFUSED = "refused", "不列入"
    OUT = "out", "已移出"
    PAID = "paid", "已发放"


class Refused(Choice):
    """Why a case or a post is not paid for."""

    NOT_SUCCEEDED = "not_succeeded", "没有调解成功，也没有登记防止激化"
    NOT_PERFORMED = "not_performed", "协议还没有履行"
    DOSSIER = "dossier", "卷宗不齐"
    NO_MEDIATOR = "no_mediator", "没有承办调解员"
    NOT_ON_ROSTER = "not_on_roster", "承办调解员不在聘任名册上"
    EXCLUDED = "excluded", "身份不能领补贴"
    CLAIMED = "claimed", "已在别的批次里，或者以前已经发过"
    NO_RATE = "no_rate", "没有适用的补贴标准"
    SUSPENDED = "suspended", "停职"


_S = SubsidyState
_REVIEWED = (_S.FIRST_REVIEWED, _S.REVIEWED, _S.NOTICED)

STEPS: tuple[Step[SubsidyState], ...] = (
    step("draw", "提取明细", [_S.DRAFT], None),
    step("apply", "申报", [_S.DRAFT], _S.APPLIED),
    step("clear", "清空明细", [_S.DRAFT], None),
    step("first_review", "初审通过", [_S.APPLIED], _S.FIRST_REVIEWED, asks=("first_opinion",)),
    step("send_back", "退回申报", [_S.APPLIED], _S.DRAFT, needs=("return_reason",)),
    step("withdraw", "撤回申报", [_S.APPLIED], _S.DRAFT),
    step("review", "复核通过", [_S.FIRST_REVIEWED], _S.REVIEWED, asks=("opinion",)),
    step("notice", "开始公示", [_S.REVIEWED], _S.NOTICED, needs=("noticed_on",)),
    step("pay", "登记发放", [_S.NOTICED], _S.PAID, needs=("paid_on", "budget_id")),
    step("reject", "退回重报", _REVIEWED, _S.DRAFT, needs=("return_reason",)),
    step("object", "登记异议", [_S.NOTICED], None, line="objections"),
    step("answer", "答复异议", [_S.NOTICED], None, each=("objections", ("answer",))),
    # One item at a time, on the page of the items.
    step("cut", "核减", [_S.APPLIED, _S.FIRST_REVIEWED, _S.REVIEWED, _S.NOTICED], None, led=True),
    step(
        "take_out", "移出", [_S.DRAFT, _S.APPLIED, _S.FIRST_REVIEWED, _S.REVIEWED, _S.NOTICED], None, led=True
    ),
)
STEP: dict[str, Step[SubsidyState]] = {each.name: each for each in STEPS}

# Whoever takes one of these steps applies, and reviews nothing of that batch.
APPLYING = ("draw", "apply")
# What the person needs who may change an item, by where the batch stands.
CHANGING = {
    _S.DRAFT: "apply",
    _S.APPLIED: "first_review",
    _S.FIRST_REVIEWED: "review",
    _S.REVIEWED: "notice",
    _S.NOTICED: "pay",
}
LIVE = (ItemState.DUE, ItemState.PAID)


@dataclass(frozen=True)
class Span:
    """The days of a batch, the last included."""

    since: date
    until: date


def span_of(kind: SubsidyKind, year: int, period: int) -> Span:
    """The days of a month, or of a quarter."""
    months = 1 if kind is SubsidyKind.STIPEND else 3
    last = period * months
    return Span(date(year, last - months + 1, 1), date(year, last, monthrange(year, last)[1]))


def before(day: date, months: int) -> date:
    """The first day of the month so many months before."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def period_words(kind: SubsidyKind, year: int, period: int) -> str:
    """A batch's days as people say them."""
    return f"{year} 年 {period} 月" if kind is SubsidyKind.STIPEND else f"{year} 年第 {period} 季度"


def period_findings(kind: SubsidyKind, year: int, period: int, today: date) -> list[Finding]:
    """A month or a quarter that there is, and that has begun."""
    most = 12 if kind is SubsidyKind.STIPEND else 4
    if not 1 <= period <= most:
        return [Finding("period", f"{kind.label}请填 1 至 {most}")]
    if not 2000 <= year <= today.year:
        return [Finding("year", f"年度应在 2000 至 {today.year} 之间")]
    ahead = span_of(kind, year, period).since > today
    return [Finding("period", "这一期还没有到，请核对")] if ahead else []


@dataclass(frozen=True)
class Handler:
    """A mediator of a case, as far as the subsidy asks."""

    id: int
    on_roster: bool
    excluded: bool

    @property
    def eligible(self) -> bool:
        return self.on_roster and not self.excluded


@dataclass(frozen=True)
class CaseFacts:
    """What decides whether a case is paid for."""

    succeeded: bool
    prevented: bool
    performed: bool
    dossier: bool
    handlers: tuple[Handler, ...]
    claimed: bool


def ended(facts: CaseFacts, *, prevented_counts: bool) -> Ended | None:
    """Settled; or failed, but kept from growing worse, where that counts."""
    if facts.succeeded:
        return Ended.SETTLED
    return Ended.PREVENTED if facts.prevented and prevented_counts else None


def refusals(facts: CaseFacts, outcome: Ended | None) -> list[Refused]:
    """Every reason against a case: 案结、调成、履行、卷宗齐、在册、不重复 (formats.md 5.2)."""
    handlers = facts.handlers
    found = {
        Refused.CLAIMED: facts.claimed,
        Refused.NOT_SUCCEEDED: outcome is None,
        Refused.NOT_PERFORMED: outcome is Ended.SETTLED and not facts.performed,
        Refused.DOSSIER: not facts.dossier,
        Refused.NO_MEDIATOR: not handlers,
        Refused.NOT_ON_ROSTER: bool(handlers) and not any(each.on_roster for each in handlers),
        Refused.EXCLUDED: any(each.on_roster for each in handlers)
        and not any(each.eligible for each in handlers),
    }
    return [reason for reason, holds in found.items() if holds]


def payees(handlers: Iterable[Handler], *, equal: bool) -> tuple[int, ...]:
    """谁调解补助谁: the first who may be paid, or all who may; one case is one subsidy."""
    eligible = tuple(each.id for each in handlers if each.eligible)
    return eligible if equal else eligible[:1]


def split(amount: Decimal, parts: int) -> list[Decimal]:
    """Equal parts that add up to the fen: the first take what does not divide."""
    fen = int(amount / FEN)
    return [(fen // parts + (1 if place < fen % parts else 0)) * FEN for place in range(parts)]


def days_served(terms: Iterable[tuple[date, date | None]], span: Span) -> int:
    """On how many days of a month somebody held the post, days of overlapping terms counted once."""
    days: set[date] = set()
    for since, until in terms:
        first, last = max(since, span.since), min(until or span.until, span.until)
        days |= {first + timedelta(days=number) for number in range((last - first).days + 1)}
    return len(days)
