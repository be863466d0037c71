"""Counting: the numbers of the statistics sheet (rules/figures.py) for a unit and a period, within scope."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.parameters import text, yes
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import past, past_figures
from admin_app.operations.sums import Holder, Scope, Sums, sums, sums_by_committee, sums_by_month
from admin_app.rules.choices import Choice
from admin_app.rules.dates import today
from admin_app.rules.figures import NAMES, Figure, Key, Number, Numbers, columns, every, total
from admin_app.rules.parameters import Setting, split
from admin_app.rules.periods import Period
from admin_app.rules.refusals import NotSeen
from admin_app.rules.tiers import PATH_WIDTH, Tier, covers, tier_below


class RowKind(Choice):
    """What a line of the sheet stands for; the last two carry the words of the sheet."""

    SUB = "sub", "下级单位"
    OWN = "own", "本级"
    SUB_TOTAL = "sub_total", "下级上报总计"
    TOTAL = "total", "本级上报总计"


@dataclass(frozen=True)
class Line:
    """One line: of a direct sub-unit, of the unit's own level, or one of the two sums."""

    kind: RowKind
    label: str
    unit: Unit
    numbers: Numbers


def count(
    session: Session, actor: User, unit: Unit, period: Period, as_of: datetime | None = None
) -> list[Line]:
    """The lines of a unit's sheet: its sub-units, its own level, and the two sums.

    What the actor may not see is in none of them. `as_of`: as the books stood at that moment.
    """
    scope, found = scope_of(actor, unit), _Found(figures_of(session, period), width_of(unit))
    if as_of:
        _count_then(session, scope, unit, period, as_of, found)
    else:
        found.add(sums(session, scope, period, found.figures, found.width))
    return list(lines_at(session, actor, unit, found.at))


def _count_then(
    session: Session, scope: Scope, unit: Unit, period: Period, as_of: datetime, found: "_Found"
) -> None:
    """What has not changed since as it is, and what has as it was."""
    held = past_figures.holders(session, scope, as_of)
    asked = held, period, as_of, found.figures
    for each in past_figures.cases_then(session, unit.path, *asked):
        found.add_numbers(each.path, each.numbers)
    for path, numbers in past_figures.months_then(session, *asked):
        found.add_numbers(path, numbers)
    scope = replace(scope, cases=past.unchanged("case", as_of), months=past.unchanged("monthly", as_of))
    by_committee = sums_by_committee(session, scope, period, found.figures)
    found.add((held[committee_id], each) for committee_id, each in by_committee)


def own(
    session: Session, actor: User, period: Period, names: Iterable[str] | None = None
) -> dict[str, Number]:
    """Numbers of a person's own: of the cases assigned to them, or of all that they look after."""
    wanted = NAMES if names is None else set(names)
    found = _Found(tuple(each for each in figures_of(session, period) if each.name in wanted), 0)
    found.add(sums(session, _scope_of_own(actor), period, found.figures, found.width))
    return total(found.at.values())


def by_month(
    session: Session,
    actor: User,
    unit: Unit | None,
    months: Sequence[Period],
    names: Iterable[str],
    as_of: datetime | None = None,
) -> list[Numbers]:
    """Numbers of cases in months that follow one another, in one query; without a unit, of one's own."""
    period, scope, wanted = Period(months[0].since, months[-1].until), scope_for(actor, unit), set(names)
    figures = tuple(each for each in figures_of(session, period) if each.name in wanted)
    found: dict[str, dict[str, Number]] = defaultdict(lambda: dict.fromkeys(wanted, 0))
    if as_of and unit:
        held = past_figures.holders(session, scope, as_of)
        scope = replace(scope, cases=past.unchanged("case", as_of))
        for added in past_figures.cases_then(session, unit.path, held, period, as_of, figures):
            _add(found[f"{added.day:%Y-%m}"], added.numbers)
    for month, each in sums_by_month(session, scope, period, figures):
        _add(found[month], {figure.name: each[figure.key] for figure in figures})
    return [found[f"{each.since:%Y-%m}"] for each in months]


def _add(line: dict[str, Number], numbers: Numbers) -> None:
    for name in line:
        line[name] += numbers[name]


def scope_for(actor: User, unit: Unit | None) -> Scope:
    """What an actor may count under a unit, or of their own."""
    return scope_of(actor, unit) if unit else _scope_of_own(actor)


def _scope_of_own(actor: User) -> Scope:
    return _own(actor) if policy.may(actor, "figure.own") else scope_of_posts(actor)


def scope_of(actor: User, unit: Unit) -> Scope:
    """What an actor may count under a unit; 404 for a unit that none of their posts has to do with."""
    policy.demand(actor, "figure.see")
    if not _concerns(actor, unit.path):
        raise NotSeen()
    seen = scope_of_posts(actor)
    return Scope(and_(seen.committees, Committee.under(unit.path)))


def scope_of_posts(actor: User) -> Scope:
    """All that an actor looks after."""
    return Scope(policy.visible(Committee, actor, "figure.see"))


def _own(actor: User) -> Scope:
    cases = policy.visible(Case, actor, "figure.own")
    return Scope(Committee.id.in_(select(Case.committee_id).where(cases)), cases)


def _concerns(actor: User, path: str) -> bool:
    """Whether the actor looks after the unit, or after something in it or above it."""
    return any(covers(post, path) or covers(path, post) for post in policy.paths(actor, "figure.see"))


def figures_of(session: Session, period: Period) -> tuple[Figure, ...]:
    """Every figure, with what was 疑难复杂 on the last day of the period."""
    day = min(period.until or today(), today())
    return every(split(text(session, Setting.DIFFICULT, day)))


def sheet(session: Session, period: Period) -> tuple[Figure, ...]:
    """The columns of the sheet, with the block 协议履行情况 where the bureau wants it."""
    day = min(period.until or today(), today())
    return columns(performance=yes(session, Setting.PERFORMANCE_BLOCK, day))


class _Found:
    """Sums put together by the line they belong to: `at` has the numbers of each path of `width`."""

    def __init__(self, figures: tuple[Figure, ...], width: int) -> None:
        self.figures, self.width = figures, width
        self.at: dict[str, dict[str, Number]] = defaultdict(lambda: defaultdict(int))

    def add(self, found: Iterable[tuple[Holder, Sums]]) -> None:
        """What committees of one line, kind and tier have is added up before numbers are made of it."""
        alike: dict[Holder, dict[Key, Number]] = defaultdict(lambda: defaultdict(int))
        for holder, each in found:
            together = alike[holder._replace(path=holder.path[: self.width])]
            for key, number in each.items():
                together[key] += number
        for holder, together in alike.items():
            numbers = {f.name: together[f.key] for f in self.figures if f.at.holds(holder)}
            self.add_numbers(holder.path, numbers)

    def add_numbers(self, path: str, numbers: Numbers) -> None:
        """The numbers of something that lies at a path."""
        line = self.at[path[: self.width]]
        for name, number in numbers.items():
            line[name] += number


def width_of(unit: Unit) -> int:
    """How long the paths of the direct sub-units are; nothing hangs under a grid."""
    return len(unit.path) if unit.tier is Tier.GRID else PATH_WIDTH[tier_below(unit.tier)]


def lines_at(
    session: Session,
    actor: User,
    unit: Unit,
    at: Mapping[str, Numbers],
    names: tuple[str, ...] = NAMES,
) -> Iterator[Line]:
    """The numbers at paths as lines of the units they belong to, and the two sums of what is shown."""
    subs = {sub: total([at.get(sub.path, {})], names) for sub in _sub_units(session, actor, unit, at)}
    for sub, numbers in subs.items():
        yield Line(RowKind.SUB, sub.name, sub, numbers)
    level = total([at.get(unit.path, {})], names)
    if any(covers(post, unit.path) for post in policy.paths(actor, "figure.see")):
        yield Line(RowKind.OWN, f"{unit.name}{RowKind.OWN.label}", unit, level)
    yield Line(RowKind.SUB_TOTAL, RowKind.SUB_TOTAL.label, unit, total(subs.values(), names))
    yield Line(RowKind.TOTAL, RowKind.TOTAL.label, unit, total([*subs.values(), level], names))


def _sub_units(session: Session, actor: User, unit: Unit, counted: Container[str]) -> list[Unit]:
    """Those the actor has to do with; from the recycle bin, those that have numbers."""
    query = select(Unit).where(Unit.parent_id == unit.id).order_by(Unit.code)
    return [
        each
        for each in session.scalars(query)
        if _concerns(actor, each.path) and (each.removed_at is None or each.path in counted)
    ]
