"""The fixed vocabulary of measures 指标, and the evidence behind each: what a standard may ask of a person.

A bureau writes its standards with these words (rules/standards.py); how each is counted is told once, in
operations/measuring.py. Sources: formats.md 4 and 5.1, S0, S3.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from admin_app.rules.choices import Choice

Behind = tuple[tuple[str, tuple[int, ...]], ...]


class Subject(Choice):
    """Whom a standard judges."""

    MEDIATOR = "mediator", "调解员"
    COMMITTEE = "committee", "调委会"


class Measure(Choice):
    """What may be measured. The last two are given by people, not counted."""

    SERVICE_YEARS = "service_years", "从事调解年限"
    CASES_ACCEPTED = "cases_accepted", "受理案件"
    CASES_CLOSED = "cases_closed", "结案"
    CASES_SUCCEEDED = "cases_succeeded", "调解成功"
    CASES_HARD = "cases_hard", "疑难、重大案件结案"
    ORAL_SHARE = "oral_share", "口头协议占比"
    SUCCESS_RATE = "success_rate", "调解成功率"
    SETTLED_LOCALLY = "settled_locally", "就地化解率"
    FULFILLED = "fulfilled", "协议履行率"
    FOLLOWED_UP = "followed_up", "回访率"
    DOSSIERS_COMPLETE = "dossiers_complete", "卷宗归档率"
    SATISFACTION = "satisfaction", "满意率"
    PREVENTED = "prevented", "防止激化"
    ESCALATIONS = "escalations", "矛盾激化"
    LATE = "late", "超期"
    DECLINED = "declined", "不当不予受理"
    RETURNED = "returned", "转办被退回"
    REOPENED = "reopened", "结案后反复"
    TRAINING_HOURS = "training_hours", "培训学时"
    SANCTIONS = "sanctions", "处分"
    AWARDS = "awards", "表彰"
    SCREENING_ON_TIME = "screening_on_time", "排查月报报送率"
    UNITIES = "unities", "“六统一”达标"
    EVALUATION = "evaluation", "最近一次考核得分"
    MANUAL = "manual", "人工评分"
    APPRAISAL = "appraisal", "民主评议"


@dataclass(frozen=True)
class Spec:
    """A measure's unit, the register of the records behind it, of whom it is asked; `rate`: of a hundred."""

    unit: str
    behind: str
    subjects: frozenset[Subject] = frozenset(Subject)
    rate: bool = False
    most: Decimal = Decimal(99999)


_PERSON, _BODY = frozenset({Subject.MEDIATOR}), frozenset({Subject.COMMITTEE})


def _rate(behind: str = "case") -> Spec:
    return Spec("%", behind, rate=True, most=Decimal(100))


MEASURES: dict[Measure, Spec] = {
    Measure.SERVICE_YEARS: Spec("年", "mediator", _PERSON, most=Decimal(80)),
    Measure.CASES_ACCEPTED: Spec("件", "case"),
    Measure.CASES_CLOSED: Spec("件", "case"),
    Measure.CASES_SUCCEEDED: Spec("件", "case"),
    Measure.CASES_HARD: Spec("件", "case"),
    Measure.ORAL_SHARE: _rate(),
    Measure.SUCCESS_RATE: _rate(),
    Measure.SETTLED_LOCALLY: _rate(),
    Measure.FULFILLED: _rate(),
    Measure.FOLLOWED_UP: _rate(),
    Measure.DOSSIERS_COMPLETE: _rate(),
    Measure.SATISFACTION: _rate(),
    Measure.PREVENTED: Spec("件", "case"),
    Measure.ESCALATIONS: Spec("件", "lookback"),
    Measure.LATE: Spec("件", "lookback"),
    Measure.DECLINED: Spec("件", "lookback"),
    Measure.RETURNED: Spec("件", "lookback"),
    Measure.REOPENED: Spec("件", "lookback"),
    Measure.TRAINING_HOURS: Spec("学时", "training", _PERSON),
    Measure.SANCTIONS: Spec("次", "mediator"),
    Measure.AWARDS: Spec("次", "mediator"),
    Measure.SCREENING_ON_TIME: _rate("monthly"),
    Measure.UNITIES: Spec("项", "committee", _BODY, most=Decimal(20)),
    Measure.EVALUATION: Spec("分", "evaluation", _PERSON, most=Decimal(1000)),
    Measure.MANUAL: Spec("", ""),
    Measure.APPRAISAL: Spec("分", "", most=Decimal(100)),
}
BY_HAND = frozenset({Measure.MANUAL, Measure.APPRAISAL})


@dataclass(frozen=True)
class Evidence:
    """A measured number and the very records behind it.

    Of a rate, `hit` of `of` records count, and `behind` names twice the same register: first those that
    count, then the rest. `value` None: there is nothing to judge by, such as a rate of no cases.
    """

    value: Decimal | None = None
    hit: int = 0
    of: int = 0
    behind: Behind = ()

    def written(self) -> dict[str, Any]:
        """As JSON keeps it."""
        value = None if self.value is None else str(self.value)
        behind = [[word, list(ids)] for word, ids in self.behind]
        return {"value": value, "hit": self.hit, "of": self.of, "behind": behind}

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Evidence":
        """Back from JSON."""
        value = None if kept["value"] is None else Decimal(kept["value"])
        behind = tuple((word, tuple(ids)) for word, ids in kept["behind"])
        return cls(value, kept["hit"], kept["of"], behind)


NOTHING = Evidence()


def counted(word: str, ids: Iterable[int]) -> Evidence:
    """So many records."""
    found = tuple(ids)
    return Evidence(Decimal(len(found)), len(found), len(found), ((word, found),))


def rate(word: str, hits: Iterable[int], rest: Iterable[int]) -> Evidence:
    """So many of a hundred, to two places, half-up; of nothing there is no rate."""
    yes, no = tuple(hits), tuple(rest)
    of = len(yes) + len(no)
    value = rounded(Fraction(100 * len(yes), of)) if of else None
    return Evidence(value, len(yes), of, ((word, yes), (word, no)))


def rounded(exact: Fraction) -> Decimal:
    """To two places, half-up: as a clerk rounds."""
    cents = abs(exact) * 100
    whole = (2 * cents.numerator + cents.denominator) // (2 * cents.denominator)
    return Decimal(whole if exact >= 0 else -whole) / 100
