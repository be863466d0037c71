"""The fixed vocabulary of measures 指标, and the evidence behind each: what a standard may ask of a person.

A bureau writes its standards with these words (rules/standards.py); how each is counted is told once, in
operations/measuring.py. Sources: formats.md 4 and 5.1, S0, S3.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
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
    SCREENINGS = "screenings", "排查按时报告率"
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
    Measure.SCREENINGS: _rate("screening"),
    Measure.UNITIES: Spec("项", "committee", _BODY, most=Decimal(20)),
    Measure.EVALUATION: Spec("分", "evaluation", most=Decimal(1000)),
    Measure.MANUAL: Spec("", ""),
    Measure.APPRAISAL: Spec("分", "", most=Decimal(100)),
}
# What each counts, in the words the pages show; `operations/measuring.py` counts so.
MEANS: dict[Measure, str] = {
    Measure.SERVICE_YEARS: "从“开始从事调解日期”到统计截止日，按整月折算成年；没有填的，从最早的聘任日期算起",
    Measure.CASES_ACCEPTED: "受理日期在统计期间的案件",
    Measure.CASES_CLOSED: "已结案、已归档，结案日期在统计期间的案件",
    Measure.CASES_SUCCEEDED: "统计期间结案的案件里，调解成功的",
    Measure.CASES_HARD: "统计期间结案的案件里，疑难复杂的（包括哪几级难度由参数定）",
    Measure.ORAL_SHARE: "统计期间结案的案件里，口头协议占多少",
    Measure.SUCCESS_RATE: "统计期间结案的案件里，调解成功占多少",
    Measure.SETTLED_LOCALLY: (
        "统计期间结案的案件里，没有上报过就调解成功的占多少；调委会上报出去、上级签收了的也算在总数里"
    ),
    Measure.FULFILLED: "统计期间结案、调解成功的案件里，已履行占多少；履行期限未到的不算在总数里",
    Measure.FOLLOWED_UP: "统计期间结案、调解成功的案件里，回访过的占多少",
    Measure.DOSSIERS_COMPLETE: "统计期间结案的案件里，已归档的占多少",
    Measure.SATISFACTION: "统计期间结案、回访问过满意不满意的案件里，满意和基本满意占多少",
    Measure.PREVENTED: "统计期间登记过“防止激化”的案件",
    Measure.ESCALATIONS: "统计期间的责任倒查记录：矛盾激化",
    Measure.LATE: "统计期间的责任倒查记录：超过期限",
    Measure.DECLINED: "统计期间的责任倒查记录：不予受理",
    Measure.RETURNED: "统计期间的责任倒查记录：转办被退回",
    Measure.REOPENED: "统计期间的责任倒查记录：结案后反复",
    Measure.TRAINING_HOURS: "统计期间举办的培训里，到场参加的学时",
    Measure.SANCTIONS: "统计期间的处分；调委会的，是它现有调解员的处分",
    Measure.AWARDS: "统计期间的表彰；调委会的，是它现有调解员的表彰",
    Measure.SCREENING_ON_TIME: (
        "统计期间的每个整月里，报了排查预防月报的占多少；从头累计的只看最近 12 个月；调解员的看所属调委会"
    ),
    Measure.SCREENINGS: "报告期限在统计期间的排查任务里，按时报告的占多少；调解员的看所属调委会",
    Measure.UNITIES: "调委会登记里打了勾的“六统一”项数",
    Measure.EVALUATION: "考核日期在统计期间、已终定的最近一次考核的得分",
    Measure.MANUAL: "由评委、审核人按实际情况填写",
    Measure.APPRAISAL: "民主评议的平均分，由组织评议的人填写",
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
    """Those that count, and the rest of those that might."""
    yes, no = tuple(hits), tuple(rest)
    of = len(yes) + len(no)
    return Evidence(rounded_rate(len(yes), of), len(yes), of, ((word, yes), (word, no)))


def rounded_rate(hit: int, of: int) -> Decimal | None:
    """So many of a hundred; of nothing there is no rate."""
    return rounded(Fraction(100 * hit, of)) if of else None


def years_between(since: date, until: date) -> Decimal:
    """Whole months as years, to two places: two full years are 2 on the very day, and not a day before."""
    months = (until.year - since.year) * 12 + until.month - since.month - (until.day < since.day)
    return (Decimal(max(months, 0)) / 12).quantize(Decimal("0.01"), ROUND_DOWN)


def rounded(exact: Fraction) -> Decimal:
    """To two places, half-up: as a clerk rounds."""
    cents = abs(exact) * 100
    whole = (2 * cents.numerator + cents.denominator) // (2 * cents.denominator)
    return Decimal(whole if exact >= 0 else -whole) / 100
