"""Standards 标准: how people and committees are judged, as data (lifecycle.md 5; formats.md 4 and 5.1; S0).

A standard is a list of items. An item asks one measure (rules/measures.py) in one of a few ways: as a
condition, which is passed or not, or for points. There are no formulas: whatever a bureau publishes can be
shown item by item, with what was asked, what there is, and by how much it falls short.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from admin_app.rules.choices import Choice
from admin_app.rules.measures import BY_HAND, MEASURES, NOTHING, Evidence, Measure, rounded
from admin_app.rules.steps import Step, step

ZERO = Decimal(0)


class StandardKind(Choice):
    """What a standard leads to."""

    GRADE = "grade", "等级评定"
    STAR = "star", "星级评定"
    HONOUR = "honour", "荣誉评选"
    EVALUATION = "evaluation", "考核"


class StandardState(Choice):
    """Where a standard stands. Once published nobody changes it: a change is a new edition."""

    DRAFT = "draft", "起草"
    PUBLISHED = "published", "已发布"
    RETIRED = "retired", "已停用"


STEPS: tuple[Step[StandardState], ...] = (
    step("publish", "发布", [StandardState.DRAFT], StandardState.PUBLISHED, needs=("valid_from",)),
    step("retire", "停用", [StandardState.PUBLISHED], StandardState.RETIRED, needs=("valid_until",)),
)

STEP: dict[str, Step[StandardState]] = {each.name: each for each in STEPS}


class Way(Choice):
    """How an item asks its measure; the first two are conditions, the others give points."""

    AT_LEAST = "at_least", "不低于（条件）"
    AT_MOST = "at_most", "不高于（条件）"
    PER = "per", "每达到要求值加分"
    SHARE = "share", "按完成比例得分"
    BAND = "band", "达到要求值得分（分档取最高）"
    DEDUCT = "deduct", "每达到要求值扣分"
    GIVEN = "given", "人工评分"
    FINED = "fined", "人工按次扣分"


class PanelRule(Choice):
    """How the scores of a panel 评委 become one."""

    AVERAGE = "average", "取平均分"
    TRIMMED = "trimmed", "去掉最高分和最低分后取平均分"


CONDITIONS = frozenset({Way.AT_LEAST, Way.AT_MOST})
MEASURED = frozenset({Way.PER, Way.SHARE, Way.BAND, Way.DEDUCT})  # points by the measure and a threshold
JUDGED = frozenset({Way.GIVEN, Way.FINED})  # points by a person's word
LOSING = frozenset({Way.DEDUCT, Way.FINED})


@dataclass(frozen=True)
class Item:
    """One line of a standard. `level`: the rank of the level it is asked for, None for every level."""

    id: int
    label: str
    measure: Measure
    way: Way
    threshold: Decimal | None = None
    points: Decimal = ZERO
    cap: Decimal | None = None
    level: int | None = None


@dataclass(frozen=True)
class Level:
    """One level to be reached; 1 is the lowest rank."""

    name: str
    rank: int
    least_score: Decimal | None = None


@dataclass(frozen=True)
class Verdict:
    """What one item says of one subject. `value` is the number judged: counted, or given by a person.

    `passed` is told of conditions alone, and None while a person has not given the number yet.
    """

    item: Item
    evidence: Evidence
    value: Decimal | None
    passed: bool | None
    short: Decimal
    points: Decimal


Facts = Mapping[Measure, Evidence]
Given = Mapping[int, Decimal]


def judge(items: Sequence[Item], facts: Facts, manual: Given | None = None) -> tuple[Verdict, ...]:
    """Every item's verdict. `manual` holds, by the item's id, what people gave: a score, a number, a count.

    Each item's points are exact and then rounded once, half-up to two places, so that the points shown add
    up to the score shown.
    """
    given = manual or {}
    best = _best_bands(items, facts, given)
    return tuple(_verdict(item, facts.get(item.measure, NOTHING), given, best) for item in items)


def value_of(item: Item, facts: Facts, given: Given) -> Decimal | None:
    """The number an item judges."""
    if item.measure in BY_HAND:
        return given.get(item.id)
    return facts.get(item.measure, NOTHING).value


def _verdict(item: Item, evidence: Evidence, given: Given, best: Mapping[int, int]) -> Verdict:
    value = value_of(item, {item.measure: evidence}, given)
    if item.way in CONDITIONS:
        passed, short = _passed(item, value)
        return Verdict(item, evidence, value, passed, short, ZERO)
    counts = item.way is not Way.BAND or best.get(item.id) == item.id
    points = rounded(_points(item, value)) if value is not None and counts else ZERO
    return Verdict(item, evidence, value, None, ZERO, points)


def _passed(item: Item, value: Decimal | None) -> tuple[bool | None, Decimal]:
    """Whether a condition is met, and by how much it is missed. Of nothing at all there is none too much."""
    asked = item.threshold or ZERO
    if value is None and item.measure in BY_HAND:
        return None, ZERO
    if item.way is Way.AT_LEAST:
        short = max(asked - (value or ZERO), ZERO)
        return value is not None and short == 0, short
    short = max((value or ZERO) - asked, ZERO)
    return short == 0, short


def _points(item: Item, value: Decimal) -> Fraction:
    points, most = Fraction(item.points), None if item.cap is None else Fraction(item.cap)
    match item.way:
        case Way.PER | Way.DEDUCT:
            got = points * _times(item, value)
        case Way.SHARE:
            got = points * min(_times(item, value), Fraction(1))
        case Way.BAND:
            got = points if value >= (item.threshold or ZERO) else Fraction(0)
        case Way.GIVEN:
            got = min(Fraction(value), points)
        case _:
            got = points * Fraction(value)
    got = max(got, Fraction(0))
    got = got if most is None else min(got, most)
    return -got if item.way in LOSING else got


def _times(item: Item, value: Decimal) -> Fraction:
    """How many times the threshold is in the value; parts of one count."""
    return Fraction(value) / Fraction(item.threshold) if item.threshold else Fraction(0)


def _best_bands(items: Iterable[Item], facts: Facts, given: Given) -> dict[int, int]:
    """Of bands of the same measure and label the best one reached counts: {its id: its id}."""
    best: dict[tuple[Measure, str], Item] = {}
    for item in items:
        value = value_of(item, facts, given) if item.way is Way.BAND else None
        if value is None or value < (item.threshold or ZERO):
            continue
        before = best.get((item.measure, item.label))
        if before is None or item.points > before.points:
            best[item.measure, item.label] = item
    return {item.id: item.id for item in best.values()}


def score(verdicts: Iterable[Verdict], base: Decimal = ZERO, full: Decimal | None = None) -> Decimal:
    """Base points and what the items give or take; never under 0, nor over the full marks."""
    total = max(base + sum((each.points for each in verdicts), ZERO), ZERO)
    return total if full is None else min(total, full)


def level_of(
    levels: Iterable[Level], verdicts: Sequence[Verdict], total: Decimal, *, pending: bool = False
) -> Level | None:
    """The highest level whose conditions are met and whose least score is reached; None where none is.

    `pending`: a condition about which a person has yet to say something does not stand in the way.
    """
    reached = (each for each in levels if reaches(each, verdicts, total, pending=pending))
    return max(reached, key=lambda each: each.rank, default=None)


def reaches(level: Level, verdicts: Iterable[Verdict], total: Decimal, *, pending: bool = False) -> bool:
    """Whether one level is reached."""
    if level.least_score is not None and total < level.least_score:
        return False
    allowed = (True, None) if pending else (True,)
    return all(each.passed in allowed for each in asked_for(level.rank, verdicts))


def asked_for(rank: int, verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The conditions of a level: its own, and those of every level."""
    return [each for each in verdicts if each.item.way in CONDITIONS and each.item.level in (None, rank)]


def lacking(level: Level, verdicts: Iterable[Verdict], total: Decimal) -> tuple[list[Verdict], Decimal]:
    """What keeps somebody from a level: conditions that are not met, and the points that are missing."""
    missing = max((level.least_score or ZERO) - total, ZERO)
    return [each for each in asked_for(level.rank, verdicts) if each.passed is False], missing


def next_level(levels: Iterable[Level], reached: Level | None) -> Level | None:
    """The level above the one reached; None at the top."""
    above = [each for each in levels if reached is None or each.rank > reached.rank]
    return min(above, key=lambda each: each.rank, default=None)


def most_points(items: Sequence[Item], base: Decimal = ZERO) -> Decimal | None:
    """The highest score the items allow; None where something gives points without end."""
    bands: dict[tuple[Measure, str], Decimal] = {}
    total = base
    for item in items:
        if item.way is Way.PER and item.cap is None:
            return None
        if item.way is Way.BAND:
            key = item.measure, item.label
            bands[key] = max(bands.get(key, ZERO), _most(item))
        elif item.way not in CONDITIONS | LOSING:
            total += _most(item)
    return total + sum(bands.values(), ZERO)


def _most(item: Item) -> Decimal:
    if item.way is Way.PER:
        return item.cap or ZERO
    return item.points if item.cap is None else min(item.points, item.cap)


def window(months: int | None, until: date) -> date | None:
    """From which day on things count when a standard looks back so many months; None: from the first."""
    if not months:
        return None
    index = until.year * 12 + until.month - 1 - months
    year, month = divmod(index, 12)
    if year < 1:
        return None
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(until.day, last)) + timedelta(days=1)


def shortfall(verdict: Verdict) -> str:
    """By how much a condition is missed, in words: 「还差 7 件」."""
    if verdict.value is None:
        return "没有可算的记录"
    less = "还差" if verdict.item.way is Way.AT_LEAST else "超出"
    return f"{less} {amount(verdict.short, verdict.item.measure)}"


def amount(number: Decimal | None, measure: Measure) -> str:
    """A number with its unit: 「50 件」, 「85%」."""
    spec = MEASURES[measure]
    return f"{plain(number)}%" if spec.rate else f"{plain(number)} {spec.unit}".strip()


def wants(item: Item) -> str:
    """What an item asks, in words: 「不低于 50 件」."""
    asked, points = amount(item.threshold, item.measure), plain(item.points)
    cap = f"，最多 {plain(item.cap)} 分" if item.cap is not None else ""
    match item.way:
        case Way.AT_LEAST:
            return f"不低于 {asked}"
        case Way.AT_MOST:
            return f"不高于 {asked}"
        case Way.PER:
            return f"每 {asked} 加 {points} 分{cap}"
        case Way.SHARE:
            return f"达到 {asked} 得 {points} 分，不到的按比例"
        case Way.BAND:
            return f"达到 {asked} 得 {points} 分"
        case Way.DEDUCT:
            return f"每 {asked} 扣 {points} 分{cap}"
        case Way.GIVEN:
            return f"人工评分，满分 {points} 分"
        case _:
            return f"每次扣 {points} 分{cap}"


def plain(number: Decimal | None) -> str:
    """A number without noughts that say nothing."""
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
