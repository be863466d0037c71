"""What must hold between the numbers of a statistics sheet (formats.md 2.1), and rates made of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from admin_app.rules.choices import Choice
from admin_app.rules.figures import (
    BODIES,
    ENTRUSTED,
    FIGURE,
    FORMS,
    KINDS,
    PREVENTIONS,
    SOURCES,
    Figure,
    Number,
    Numbers,
)


class Relation(Choice):
    """How the two sides stand to each other."""

    EQUALS = "equals", "="
    AT_MOST = "at_most", "≤"

    def holds(self, left: Number, right: Number) -> bool:
        """Whether it is so."""
        return left == right if self is Relation.EQUALS else left <= right


@dataclass(frozen=True)
class Check:
    """One relation between the sums of two sides; one that is not `grave` is told and no more."""

    name: str
    sentence: str
    left: tuple[str, ...]
    relation: Relation
    right: tuple[str, ...]
    grave: bool = True


@dataclass(frozen=True)
class Failure:
    """A check that does not hold of a line."""

    check: Check
    left: Number
    right: Number

    @property
    def sentence(self) -> str:
        """As the page says it."""
        return f"{self.check.sentence}：左边是 {self.left}，右边是 {self.right}"


def _sum(name: str, sentence: str, parts: tuple[Figure, ...], whole: str) -> Check:
    return Check(name, sentence, tuple(each.name for each in parts), Relation.EQUALS, (whole,))


def _pairs() -> Iterator[Check]:
    for cases, people in zip(PREVENTIONS[::2], PREVENTIONS[1::2], strict=True):
        sentence = f"“{cases.label}”的人数不应少于件数"
        yield Check(f"{cases.name}_people", sentence, (cases.name,), Relation.AT_MOST, (people.name,), False)


CHECKS: tuple[Check, ...] = (
    _sum("sum_of_sources", "主动调解、依申请调解、接受委托移送调解相加应等于调解案件总数", SOURCES, "total"),
    _sum("sum_of_kinds", "案件分类情况各项相加应等于调解案件总数", KINDS, "total"),
    _sum("sum_of_entrusted", "五个部门委托移送相加应等于接受委托移送调解", ENTRUSTED, "entrusted"),
    _sum("sum_of_bodies", "不同主体调解情况各项相加应等于调解案件总数", BODIES, "total"),
    # A published sample breaks this one (formats.md 2.1), so it never keeps anybody from a download.
    Check(
        "sum_of_forms",
        "口头协议、书面协议相加一般等于调解成功",
        tuple(each.name for each in FORMS),
        Relation.EQUALS,
        ("succeeded",),
        grave=False,
    ),
    Check("most_succeeded", "调解成功不应多于调解案件总数", ("succeeded",), Relation.AT_MOST, ("total",)),
    Check("most_difficult", "疑难复杂案件不应多于调解案件总数", ("difficult",), Relation.AT_MOST, ("total",)),
    *_pairs(),
)
CHECK: dict[str, Check] = {each.name: each for each in CHECKS}


def failures(numbers: Numbers) -> list[Failure]:
    """The checks that do not hold of a line of numbers."""
    found = []
    for check in CHECKS:
        left, right = (sum(numbers[name] for name in side) for side in (check.left, check.right))
        if not check.relation.holds(left, right):
            found.append(Failure(check, left, right))
    return found


@dataclass(frozen=True)
class Rate:
    """One number as a share of another."""

    name: str
    label: str
    over: str
    under: str

    @property
    def said(self) -> str:
        """What is divided by what."""
        return f"{FIGURE[self.over].label} ÷ {FIGURE[self.under].label}"

    def of(self, numbers: Numbers) -> Decimal | None:
        """The share; None of nothing."""
        whole = numbers[self.under]
        return Decimal(numbers[self.over]) / Decimal(whole) if whole else None


# 成功率 as the bulletins reckon it [V] (842 / 869 = 96.9 %); the others are our own, each with its division.
RATES: tuple[Rate, ...] = (
    Rate("success", "成功率", "succeeded", "total"),
    Rate("here", "就地化解率", "settled_here", "total"),
    Rate("difficult", "疑难复杂占比", "difficult", "total"),
    Rate("oral", "口头协议占比", "oral", "succeeded"),
)


def percent(share: Decimal | None) -> str:
    """A share with one decimal: 96.9%; nothing of nothing."""
    return "—" if share is None else f"{(share * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def growth(now: Number, before: Number) -> Decimal | None:
    """同比 or 环比: by which share a number has grown; None from nothing."""
    return (Decimal(now) - Decimal(before)) / Decimal(before) if before else None
