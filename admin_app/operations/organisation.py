"""Counting organisations, people and funds for a unit and a day (formats.md 2.2), line by line."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from admin_app.models.codes import codebook
from admin_app.models.committees import Committee, Funding
from admin_app.models.mediators import Appointment, Mediator
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations.figures import Line, lines_at, scope_of, width_of
from admin_app.operations.sums import Scope
from admin_app.rules.dates import today
from admin_app.rules.figures import Number, in_wan
from admin_app.rules.organisation import committee_counts, mediator_counts


@dataclass(frozen=True)
class Head:
    """A column: what it adds up, in which unit, under which caption."""

    name: str
    label: str
    unit: str
    group: tuple[str, ...]


_ORGANISATIONS, _TEAM, _FUNDS, _PREMISES = "组织", "队伍", "经费", "保障"
# A fact of the record, its code table, and the caption over the codes.
_OF_COMMITTEES = (("kind", "committee_kind", "调委会类型"), ("trade", "trade_kind", "行专类型"))
_OF_MEDIATORS = (
    ("full_time", "full_time", "专兼职"),
    ("sex", "sex", "性别"),
    ("education", "education", "学历"),
    ("politics", "politics", "政治面貌"),
    ("profession", "profession", "身份职业"),
    ("origin", "mediator_origin", "产生方式"),
    ("injury", "injury", "因公伤亡"),
)
_OF_FUNDS = (
    ("kind", "funding_kind", "保障资金类型"),
    ("subsidy", "subsidy_kind", "补贴经费类型"),
    ("source", "funding_source", "资金来源"),
)
_MEASURED = (
    ("own_premises", "有独立调解场所", "个"),
    ("area", "办公场所面积", "平方米"),
    ("telephones", "工作电话", "部"),
    ("computers", "办公电脑", "台"),
    ("printers", "打印机、复印机、传真机", "台"),
    ("recorders", "录音录像设备", "台"),
)


def heads(session: Session, day: date) -> tuple[Head, ...]:
    """The columns: a total of each group, and the codes of its tables as they are worded on the day."""
    return (
        Head("committees", "调委会总数", "个", (_ORGANISATIONS,)),
        *_coded(session, "committees", _OF_COMMITTEES, "个", _ORGANISATIONS, day),
        Head("mediators", "调解员总数", "人", (_TEAM,)),
        *_coded(session, "mediators", _OF_MEDIATORS, "人", _TEAM, day),
        Head("purchased", "政府购买服务", "人", (_TEAM,)),
        Head("funds", "经费合计", "万元", (_FUNDS,)),
        *_coded(session, "funds", _OF_FUNDS, "万元", _FUNDS, day),
        *(Head(name, label, unit, (_PREMISES,)) for name, label, unit in _MEASURED),
    )


def _coded(
    session: Session, whose: str, facts: Iterable[tuple[str, str, str]], unit: str, group: str, day: date
) -> Iterator[Head]:
    for fact, table, caption in facts:
        for code, label in codebook(session).choices(table, day):
            yield Head(f"{whose}_{fact}_{code}", label, unit, (group, caption))


def count(session: Session, actor: User, unit: Unit, day: date) -> list[Line]:
    """The lines of a unit, as those of its cases: sub-units, own level, and the two sums.

    Committees and mediators as they are known now, those of them that there were on the day; funds of its
    year. A code that is no longer in force is in the totals and in no column.
    """
    scope, names = scope_of(actor, unit), tuple(each.name for each in heads(session, day))
    at: dict[str, dict[str, Number]] = defaultdict(lambda: dict.fromkeys(names, 0))
    for path, numbers in _adds(session, scope, day):
        line = at[path[: width_of(unit)]]
        for name, number in numbers.items():
            if name in line:
                line[name] += number
    return list(lines_at(session, actor, unit, at, names))


def _adds(session: Session, scope: Scope, day: date) -> Iterator[tuple[str, dict[str, Number]]]:
    """What each committee, mediator and sum adds, with the path it lies at."""
    for committee in session.execute(_committees(scope)):
        if committee_counts(committee.status, committee.founded_on, day):
            measured = {name: Decimal(getattr(committee, name) or 0) for name, _, _ in _MEASURED}
            yield committee.path, {**_ones("committees", _OF_COMMITTEES, committee), **measured}
    terms = _terms(session, scope)
    for person in session.execute(_mediators(scope)):
        if mediator_counts(person.status, person.started_on, terms[person.id], day, today()):
            purchased = {"purchased": int(person.purchased or 0)}
            yield person.path, {**_ones("mediators", _OF_MEDIATORS, person), **purchased}
    for sum_ in session.execute(_funds(scope, day.year)):
        yield sum_.path, _ones("funds", _OF_FUNDS, sum_, in_wan(sum_.amount))


def _ones(
    whose: str, facts: Iterable[tuple[str, str, str]], row: Any, number: Number = 1
) -> dict[str, Number]:
    """One record in the total, and in the column of each of its codes."""
    return {whose: number, **{f"{whose}_{fact}_{getattr(row, fact)}": number for fact, _, _ in facts}}


def _committees(scope: Scope) -> Any:
    facts = [getattr(Committee, name) for name, *_ in (*_OF_COMMITTEES, *_MEASURED)]
    columns = (Committee.path, Committee.status, Committee.founded_on, *facts)
    return select(*columns).where(scope.committees, Committee.removed_at.is_(None))


def _mediators(scope: Scope) -> Any:
    facts = [getattr(Mediator, name) for name, *_ in _OF_MEDIATORS]
    columns = (Mediator.id, Mediator.path, Mediator.status, Mediator.started_on, Mediator.purchased)
    return select(*columns, *facts).where(scope.of(Mediator), Mediator.removed_at.is_(None))


def _terms(session: Session, scope: Scope) -> dict[int, list[tuple[date, date | None]]]:
    query = (
        select(Appointment.mediator_id, Appointment.since, Appointment.until)
        .join(Mediator, Mediator.id == Appointment.mediator_id)
        .where(scope.of(Mediator))
    )
    found: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for mediator_id, since, until in session.execute(query):
        found[mediator_id].append((since, until))
    return found


def _funds(scope: Scope, year: int) -> Any:
    facts = [getattr(Funding, name) for name, *_ in _OF_FUNDS]
    return (
        select(Committee.path, Funding.amount, *facts)
        .join(Committee, Committee.id == Funding.committee_id)
        .where(and_(scope.committees, Committee.removed_at.is_(None), Funding.year == year))
    )
