"""A chart 图, said once: what stands along it, how much, and which cases are behind each mark.

The page draws it (`templates/_chart.html`), its table repeats it, the brief hands it to Word. Marks carry
what they count, so that a bar leads to the very cases (`operations/behind.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from admin_app.rules.choices import Choice
from admin_app.rules.figure_checks import RATES
from admin_app.rules.figures import (
    BODIES,
    ENTRUSTED,
    FIGURE,
    FORMS,
    KINDS,
    OUTCOMES,
    PREVENTIONS,
    SOURCES,
    TIERS,
    Figure,
    Measure,
    Number,
    Numbers,
)
from admin_app.rules.periods import Period


class Kind(Choice):
    """How it is drawn."""

    BARS = "bars", "条形图"
    STACKED = "stacked", "堆叠条形图"
    COLUMNS = "columns", "柱形图"
    LINE = "line", "折线图"


@dataclass(frozen=True)
class Behind:
    """The cases behind a mark: of a figure; of a period, a unit or its own level where not the chart's."""

    figure: str
    period: Period | None = None
    unit_id: int | None = None
    level: bool = False


@dataclass(frozen=True)
class Mark:
    """One number of a series; None is a share of nothing."""

    number: Number | None
    behind: Behind | None = None


@dataclass(frozen=True)
class Series:
    """The numbers of one thing, category by category."""

    label: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Chart:
    """`sums_to` is the figure that all its marks together make; "" where they make none."""

    name: str
    title: str
    unit: str
    kind: Kind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    sums_to: str = ""
    note: str = ""

    @property
    def total(self) -> Number:
        """All marks together."""
        return sum((mark.number or 0 for each in self.series for mark in each.marks), 0)

    def said(self, number: Number | None) -> str:
        """A number of it: sums of money with two decimals, shares with one."""
        if number is None:
            return "—"
        if self.unit in (Measure.AMOUNT.label, "%"):
            step = Decimal("0.1") if self.unit == "%" else Decimal("0.01")
            return f"{Decimal(number).quantize(step, ROUND_HALF_UP):,}"
        return f"{number:,}"


@dataclass(frozen=True)
class Span:
    """What was counted in a part of time."""

    label: str
    period: Period
    numbers: Numbers


@dataclass(frozen=True)
class Place:
    """What was counted of a sub-unit, or of the unit's own level."""

    label: str
    unit_id: int
    level: bool
    numbers: Numbers


def _mark(figure: Figure, numbers: Numbers) -> Mark:
    number = numbers[figure.name]
    return Mark(number, Behind(figure.name) if number else None)


def _split(name: str, title: str, figures: Sequence[Figure], numbers: Numbers, *, sums_to: str = "") -> Chart:
    """How one sum is split up: the largest first, what is nothing left out."""
    held = sorted((each for each in figures if numbers[each.name]), key=lambda each: -numbers[each.name])
    series = Series(figures[0].unit, tuple(_mark(each, numbers) for each in held))
    labels = tuple(each.label for each in held)
    empty = len(figures) - len(held)
    note = f"另有 {empty} 项是 0，没有画出。" if held and empty else ""
    return Chart(name, title, figures[0].unit, Kind.BARS, labels, (series,), sums_to, note)


def by_kind(numbers: Numbers) -> Chart:
    """The eighteen kinds of disputes."""
    return _split("kinds", "纠纷类型", KINDS, numbers, sums_to="total")


def by_source(numbers: Numbers) -> Chart:
    """Where cases come from; the entrusted ones by who entrusted them."""
    return _split("sources", "案件来源", (*SOURCES[:2], *ENTRUSTED), numbers, sums_to="total")


def by_tier(numbers: Numbers) -> Chart:
    """At which tier cases are held, from the lowest on."""
    marks = tuple(_mark(each, numbers) for each in TIERS)
    labels = tuple(each.label for each in TIERS)
    return Chart("tiers", "调解层级", "件", Kind.BARS, labels, (Series("件", marks),), "total")


def by_body(numbers: Numbers) -> Chart:
    """Which kinds of committees hold cases."""
    return _split("bodies", "调解组织", BODIES, numbers, sums_to="total")


def by_form(numbers: Numbers) -> Chart:
    """Of which form the agreements are."""
    return _split("forms", "协议形式", FORMS, numbers)


def by_prevention(numbers: Numbers) -> Chart:
    """What was kept from getting worse; each line of a case counts, as on the sheet."""
    return _split("preventions", "防止矛盾激化", PREVENTIONS[::2], numbers)


def by_month(spans: Sequence[Span], title: str = "各月受理和调解成功") -> Chart:
    """Accepted and succeeded, month by month."""
    series = tuple(
        Series(label, tuple(_of_span(name, each) for each in spans))
        for name, label in (("total", "受理"), ("succeeded", "调解成功"))
    )
    return Chart("months", title, "件", Kind.COLUMNS, tuple(each.label for each in spans), series)


def _of_span(name: str, span: Span) -> Mark:
    number = span.numbers[name]
    return Mark(number, Behind(name, span.period) if number else None)


def rate_by_month(spans: Sequence[Span]) -> Chart:
    """The rate of success, month by month; a month without cases has none."""
    rate = RATES[0]
    marks = tuple(Mark(_hundred(rate.of(each.numbers)), _of_span(rate.under, each).behind) for each in spans)
    labels = tuple(each.label for each in spans)
    note = f"{rate.said}。近几个月受理的，还有没办完的案件。"
    return Chart("rates", "各月成功率", "%", Kind.LINE, labels, (Series(rate.label, marks),), note=note)


def _hundred(share: Decimal | None) -> Decimal | None:
    return None if share is None else 100 * share


def by_unit(places: Sequence[Place]) -> Chart:
    """Sub-unit by sub-unit: how what was accepted has ended."""
    held = [each for each in places if each.numbers["total"]]
    series = tuple(
        Series(figure.label, tuple(_of_place(figure.name, each) for each in held)) for figure in OUTCOMES
    )
    empty = len(places) - len(held)
    return Chart(
        "units",
        "各单位受理和结果",
        "件",
        Kind.STACKED,
        tuple(each.label for each in held),
        series,
        "total",
        f"另有 {empty} 个单位没有案件，没有画出。" if held and empty else "",
    )


def money_by_unit(places: Sequence[Place]) -> Chart:
    """Sub-unit by sub-unit: what the agreements are about."""
    held = [each for each in places if each.numbers["amount"]]
    marks = tuple(_of_place("amount", each) for each in held)
    label = FIGURE["amount"].label
    return Chart(
        *("amounts", f"各单位{label}", "万元", Kind.BARS),
        tuple(each.label for each in held),
        (Series(label, marks),),
        "amount",
    )


def _of_place(name: str, place: Place) -> Mark:
    number = place.numbers[name]
    return Mark(number, Behind(name, unit_id=place.unit_id, level=place.level) if number else None)


def two_months(before: Span, now: Span) -> Chart:
    """The first page: this month beside the last."""
    series = tuple(
        Series(each.label, tuple(_of_span(name, each) for name in ("total", "succeeded")))
        for each in (now, before)
    )
    return Chart("two_months", f"{now.label}和{before.label}", "件", Kind.BARS, ("受理", "调解成功"), series)
