"""Evaluation 考核 (lifecycle.md 5): periods, levels, the life of one person's or one committee's result.

The score of an evaluation that a plan has drawn is reckoned by its standard (rules/standards.py) from the
figures frozen with it; one entered by hand has the levels of the village mediators' rubric (formats.md 5.1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from admin_app.rules import standards
from admin_app.rules.choices import Choice
from admin_app.rules.measures import Measure, rounded
from admin_app.rules.periods import Period
from admin_app.rules.periods import half as half_of
from admin_app.rules.periods import year as year_of
from admin_app.rules.steps import Step, step


class Half(Choice):
    """The period an evaluation covers: 每半年 (S0) and the year."""

    FIRST = "first", "上半年"
    SECOND = "second", "下半年"
    YEAR = "year", "全年"


def period_of(year: int, half: Half) -> Period:
    """The days of a half-year or of a year."""
    return year_of(year) if half is Half.YEAR else half_of(year, 1 if half is Half.FIRST else 2)


# Of two evaluations the later one: the whole year is told after its second half.
PLACE = {Half.FIRST: 1, Half.SECOND: 2, Half.YEAR: 3}


class Level(Choice):
    """Levels of the village mediators' rubric (formats.md 5.1)."""

    EXCELLENT = "excellent", "优秀"
    GOOD = "good", "良好"
    PASSED = "passed", "合格"
    FAILED = "failed", "不合格"


# Lower bound of each band, highest first; formats.md 5.1.
BANDS: tuple[tuple[Decimal, Level], ...] = (
    (Decimal(90), Level.EXCELLENT),
    (Decimal(80), Level.GOOD),
    (Decimal(70), Level.PASSED),
    (Decimal(0), Level.FAILED),
)


def level_of(score: Decimal) -> Level:
    """The level of a score of 0 to 100; ValueError outside that range."""
    if not 0 <= score <= 100:
        raise ValueError(f"score out of range: {score}")
    return next(level for bound, level in BANDS if score >= bound)


class EvaluationState(Choice):
    """Where an evaluation stands. One entered by hand has no plan and is final from the beginning."""

    DRAWN = "drawn", "已取数"
    SELF_SCORED = "self_scored", "已自评"
    REVIEWED = "reviewed", "已评分"
    APPRAISED = "appraised", "已评议"
    PUBLISHED = "published", "已公布"
    APPEALED = "appealed", "申诉中"
    FINAL = "final", "终定"
    EXEMPT = "exempt", "不参加"


_TO_SCORE = (EvaluationState.DRAWN, EvaluationState.SELF_SCORED)
_SCORED = (EvaluationState.REVIEWED, EvaluationState.APPRAISED)
OPEN = frozenset((*_TO_SCORE, *_SCORED))  # nobody but the reviewers knows the score yet
SHOWN = frozenset(EvaluationState) - OPEN
SEEN_BY_SUBJECT = SHOWN | frozenset(_TO_SCORE)  # to score oneself one must see the figures
SETTLED = frozenset({EvaluationState.PUBLISHED, EvaluationState.FINAL})  # the score counts

STEPS: tuple[Step[EvaluationState], ...] = (
    step(
        "self_score",
        "自评",
        _TO_SCORE,
        EvaluationState.SELF_SCORED,
        each=("items", ("own",)),
    ),
    step(
        "review",
        "评分",
        _TO_SCORE,
        EvaluationState.REVIEWED,
        asks=("comment",),
        each=("items", ("given", "reason")),
    ),
    step(
        "appraise",
        "民主评议",
        _SCORED,
        EvaluationState.APPRAISED,
        needs=("votes_excellent", "votes_good", "votes_passed", "votes_failed"),
    ),
    step(
        "rescore",
        "重新评分",
        _SCORED,
        None,
        asks=("comment",),
        each=("items", ("given", "reason")),
    ),
    step("exempt", "不参加考核", OPEN, EvaluationState.EXEMPT, needs=("exemption",)),
    step("publish", "公布", _SCORED, EvaluationState.PUBLISHED, led=True),
    step(
        "appeal",
        "申诉",
        [EvaluationState.PUBLISHED],
        EvaluationState.APPEALED,
        needs=("appeal",),
    ),
    step(
        "answer",
        "答复申诉",
        [EvaluationState.APPEALED],
        EvaluationState.FINAL,
        needs=("answer",),
        each=("items", ("corrected", "reason")),
    ),
    step("finish", "终定", [EvaluationState.PUBLISHED], EvaluationState.FINAL, led=True),
)

STEP: dict[str, Step[EvaluationState]] = {each.name: each for each in STEPS}


@dataclass(frozen=True)
class Scale:
    """What a standard says of scores: where it begins, where it ends, the levels."""

    base: Decimal
    full: Decimal | None
    levels: Sequence[standards.Level]


@dataclass(frozen=True)
class Outcome:
    """What comes of an evaluation: each item's verdict, the score, the level reached."""

    verdicts: tuple[standards.Verdict, ...]
    score: Decimal
    level: standards.Level | None


def outcome(
    items: Sequence[standards.Item],
    facts: standards.Facts,
    given: standards.Given,
    corrected: Mapping[int, Decimal],
    scale: Scale,
) -> Outcome:
    """Reckon an evaluation from what was frozen and given; points corrected on appeal stand as corrected."""
    verdicts = tuple(_corrected(each, corrected) for each in standards.judge(items, facts, given))
    score = standards.score(verdicts, scale.base, scale.full)
    return Outcome(verdicts, score, standards.level_of(scale.levels, verdicts, score))


def _corrected(verdict: standards.Verdict, corrected: Mapping[int, Decimal]) -> standards.Verdict:
    """Of an item that takes points the correction says how many it takes."""
    points = corrected.get(verdict.item.id)
    if points is None:
        return verdict
    return replace(verdict, points=-points if verdict.item.way in standards.LOSING else points)


def votes_worth(votes: Sequence[int], worth: Sequence[int]) -> Decimal | None:
    """What an appraisal 民主评议 is worth of a hundred, half-up to two places; None when nobody voted.

    `worth` tells of a hundred what one vote of each kind is worth (⚙; no published rule was found: [C]).
    """
    total = sum(votes)
    if not total:
        return None
    return rounded(Fraction(sum(count * each for count, each in zip(votes, worth, strict=True)), total))


def appraised(item: standards.Item, worth: Decimal) -> Decimal:
    """The number that an item of appraisal judges: a share of its points where these are given at once."""
    if item.way is not standards.Way.GIVEN:
        return worth
    return rounded(Fraction(item.points) * Fraction(worth) / 100)


def mark_fault(item: standards.Item, mark: Decimal) -> str | None:
    """What is wrong with a reviewer's number: points up to the full ones, or a count of times."""
    if item.way is standards.Way.FINED and mark != mark.to_integral_value():
        return "这一项按次扣分，请填次数（整数）"
    if item.way is standards.Way.GIVEN and mark > item.points:
        return f"最多 {standards.plain(item.points)} 分"
    return None if mark >= 0 else "不能小于 0"


def correction_fault(item: standards.Item, points: Decimal) -> str | None:
    """What is wrong with the points that an item gives, or takes, after an appeal."""
    if item.way in standards.CONDITIONS:
        return "这一项是条件，不计分，不能改分"
    most = item.cap if item.way in (standards.Way.PER, *standards.LOSING) else item.points
    if most is not None and points > most:
        return f"最多 {standards.plain(most)} 分"
    return None if points >= 0 else "不能小于 0"


def needs_appraisal(measures: Sequence[Measure]) -> bool:
    """Whether a standard asks for votes."""
    return Measure.APPRAISAL in measures


def came_before(year: int, half: Half, other_year: int, other_half: Half) -> bool:
    """Whether one period lies before another."""
    return (year, PLACE[half]) < (other_year, PLACE[other_half])


def may_appeal(until: date | None, day: date) -> bool:
    """Whether the days for an appeal still run."""
    return until is not None and day <= until
