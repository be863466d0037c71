"""Charts of a unit and a period, or of a person's own cases: pictures of what `figures.py` counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import figures
from admin_app.operations.figures import Line, RowKind
from admin_app.operations.trained import person_times
from admin_app.rules import charts
from admin_app.rules.charts import Chart, Place, Span
from admin_app.rules.dates import today
from admin_app.rules.figures import Numbers
from admin_app.rules.periods import Period

MONTHLY = ("total", "succeeded")


@dataclass(frozen=True)
class Pictured:
    """What the page of charts shows: the sums, those before and a year before, and the charts of them."""

    numbers: Numbers
    before: Numbers | None
    year_before: Numbers | None
    charts: tuple[Chart, ...]
    trained: tuple[int | None, ...] = ()  # person-times now, before, a year before; () of a person's own


def pictured(
    session: Session, actor: User, unit: Unit | None, period: Period, as_of: datetime | None = None
) -> Pictured:
    """The charts of a unit, or, without one, of the cases that are the actor's own."""

    def counted(each: Period | None) -> Numbers | None:
        return _sums(session, actor, unit, each, as_of) if each else None

    lines = figures.count(session, actor, unit, period, as_of) if unit else []
    numbers = lines[-1].numbers if lines else figures.own(session, actor, period)
    drawn = (*_in_time(session, actor, unit, period, as_of), *_of_units(lines), *_of_cases(numbers, unit))
    kept = tuple(each for each in drawn if each.total)
    before, year_before = period.before(), period.year_before()
    asked = period, before, year_before
    trained = person_times(session, actor, unit, asked) if unit and as_of is None else []
    return Pictured(numbers, counted(before), counted(year_before), kept, tuple(trained))


def _sums(
    session: Session, actor: User, unit: Unit | None, period: Period, as_of: datetime | None
) -> Numbers:
    if unit is None:
        return figures.own(session, actor, period)
    return figures.count(session, actor, unit, period, as_of)[-1].numbers


def spans(
    session: Session, actor: User, unit: Unit | None, period: Period, as_of: datetime | None = None
) -> list[Span]:
    """The months of a period with what was accepted and what succeeded in each."""
    months = period.months(today())
    found = figures.by_month(session, actor, unit, months, MONTHLY, as_of)
    return [Span(_label(each, months), each, numbers) for each, numbers in zip(months, found, strict=True)]


def _label(month: Period, months: Sequence[Period]) -> str:
    """3月; where they are of two years, with the year where one begins."""
    since, years = month.since, {each.since.year for each in months if each.since}
    if since is None:
        return month.label
    named = len(years) > 1 and (since.month == 1 or month is months[0])
    return f"{since.year}年{since.month}月" if named else f"{since.month}月"


def _in_time(
    session: Session, actor: User, unit: Unit | None, period: Period, as_of: datetime | None
) -> tuple[Chart, Chart]:
    found = spans(session, actor, unit, period, as_of)
    inside = all(period.holds(each.period.since) for each in found if each.period.since)
    title = "各月受理和调解成功" if inside else "近十二个月受理和调解成功"
    return charts.by_month(found, title), charts.rate_by_month(found)


def _of_units(lines: Sequence[Line]) -> tuple[Chart, ...]:
    places = places_of(lines)
    return (charts.by_unit(places), charts.money_by_unit(places)) if len(places) > 1 else ()


def places_of(lines: Sequence[Line]) -> list[Place]:
    """The sub-units and the own level among the lines of a sheet."""
    return [
        Place(each.label, each.unit.id, each.kind is RowKind.OWN, each.numbers)
        for each in lines
        if each.kind in (RowKind.SUB, RowKind.OWN)
    ]


def _of_cases(numbers: Numbers, unit: Unit | None) -> tuple[Chart, ...]:
    where = (charts.by_tier(numbers), charts.by_body(numbers)) if unit else ()
    told = charts.by_kind(numbers), charts.by_source(numbers)
    return (*told, *where, charts.by_form(numbers), charts.by_prevention(numbers))


def of_now(session: Session, actor: User, unit: Unit | None) -> tuple[Chart, Chart]:
    """The first page: this month beside the last, and the twelve months; one query."""
    day = today()
    found = spans(session, actor, unit, Period(day.replace(day=1), day))
    return charts.two_months(*found[-2:]), charts.by_month(found, "近十二个月受理和调解成功")
