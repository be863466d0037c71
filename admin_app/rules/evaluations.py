"""Evaluation 考核 of mediators (lifecycle.md 5): score and level."""

from decimal import Decimal

from admin_app.rules.choices import Choice


class Half(Choice):
    """The period an evaluation covers: 每半年 (S0) and the year."""

    FIRST = "first", "上半年"
    SECOND = "second", "下半年"
    YEAR = "year", "全年"


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
