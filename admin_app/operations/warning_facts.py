"""What the rules of early warning look at: cases, finds and visits of some days, and what was before them.

Each question is asked of a range of days within the units that have rules, so that a day costs the same
however long the tables grow.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from admin_app.models.base import path_prefix, path_under
from admin_app.models.cases import Case, Party
from admin_app.models.codes import codebook
from admin_app.models.finds import Find
from admin_app.models.visits import Visit
from admin_app.rules.cases import NO_RISK
from admin_app.rules.tiers import PATH_WIDTH, Tier, covers
from admin_app.rules.warnings import Fact, Person

AT_ONCE = 500
LATELY = timedelta(days=7)  # what was registered some days late, or by an import, is seen all the same
UNSETTLED_FOR = timedelta(days=366)


@dataclass(frozen=True)
class Look:
    """Which records are looked at: of some days, under some paths; `still`: also older ones that wait."""

    paths: tuple[str, ...]
    since: date
    until: date
    still: bool = False

    def over(self, model: Any, day: Any) -> ColumnElement[bool]:
        """SQL: a live record of these days and units."""
        return and_(model.removed_at.is_(None), self.within(model), day.between(self.since, self.until))

    def within(self, model: Any) -> ColumnElement[bool]:
        """SQL: it lies under one of the paths."""
        return or_(false(), *(path_under(model.path, each) for each in self.paths))


def portions(things: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """So many at once as a database takes in one question."""
    return (things[first : first + AT_ONCE] for first in range(0, len(things), AT_ONCE))


def topmost(paths: Iterable[str]) -> tuple[str, ...]:
    """Those of some paths that lie under no other."""
    given = set(paths)
    return tuple(sorted(p for p in given if not any(covers(q, p) for q in given - {p})))


# ---------------------------------------------------------------- records by themselves


def cases(session: Session, look: Look, *, crowd: int = 0) -> list[Fact]:
    """Cases of these days; of those that still wait the ones with a risk, or with a crowd."""
    wanted = [look.over(Case, Case.registered_on)]
    if look.still:
        notable = Case.risk != NO_RISK
        notable = or_(notable, Case.people >= crowd) if crowd else notable
        before = Case.registered_on < look.since
        wanted.append(and_(Case.removed_at.is_(None), look.within(Case), Case.waiting(), before, notable))
    rows = [row for each in wanted for row in session.execute(select(*_OF_CASE).where(each))]
    roots = _roots(session, [row.id for row in rows])
    return sorted((_case(session, row, roots.get(row.id, "")) for row in rows), key=_order)


_OF_CASE = (
    *(Case.id, Case.registered_on, Case.path, Case.unit_id, Case.committee_id),
    *(Case.names, Case.kind, Case.risk, Case.people),
)


def _case(session: Session, row: Any, root: str) -> Fact:
    about = f"{row.names}的{_said(session, 'dispute_kind', row.kind, row.registered_on)}"
    return Fact(
        *("case", row.id, row.registered_on, row.path, row.unit_id, row.committee_id, about, row.risk),
        risk_label=_said(session, "case_risk", row.risk, row.registered_on),
        people=row.people or 0,
        root=root,
    )


def _roots(session: Session, case_ids: Sequence[int]) -> dict[int, str]:
    """What each case began as: a find or a visit that became it."""
    found: dict[Any, str] = {}
    for ids in portions(case_ids):
        for word, model in (("visit", Visit), ("find", Find)):
            query = select(model.case_id, func.min(model.id)).where(model.case_id.in_(ids))
            for case_id, first in session.execute(query.group_by(model.case_id)):
                found[case_id] = f"{word}:{first}"
    return found


def finds(session: Session, look: Look) -> list[Fact]:
    """Finds of these days that have become no case; and older ones that are not settled."""
    if look.still:
        since = look.until - UNSETTLED_FOR
        young = Find.found_on >= look.since
        where = and_(replace(look, since=since).over(Find, Find.found_on), or_(young, Find.waiting()))
    else:
        where = look.over(Find, Find.found_on)
    rows = session.execute(select(*_OF_FIND).where(where, Find.case_id.is_(None)))
    return sorted((_find(session, row) for row in rows), key=_order)


_OF_FIND = (
    *(Find.id, Find.found_on, Find.path, Find.unit_id, Find.committee_id),
    *(Find.persons, Find.kind, Find.risk, Find.people),
)


def _find(session: Session, row: Any) -> Fact:
    about = f"排查发现{row.persons}的{_said(session, 'dispute_kind', row.kind, row.found_on)}"
    return Fact(
        *("find", row.id, row.found_on, row.path, row.unit_id, row.committee_id, about, row.risk),
        risk_label=_said(session, "case_risk", row.risk, row.found_on),
        people=row.people,
    )


def visits(session: Session, look: Look) -> list[Fact]:
    """Visits of these days, each with whoever came."""
    columns = (
        *(Visit.id, Visit.visited_on, Visit.path, Visit.unit_id, Visit.committee_id, Visit.case_id),
        *(Visit.name, Visit.id_number, Visit.phone, Visit.people),
    )
    rows = session.execute(select(*columns).where(look.over(Visit, Visit.visited_on)))
    return sorted((_visit(row) for row in rows), key=_order)


def _visit(row: Any) -> Fact:
    return Fact(
        *("visit", row.id, row.visited_on, row.path, row.unit_id, row.committee_id, f"{row.name}来访"),
        people=0 if row.case_id else row.people,  # of what became a case, the case tells
        persons=(Person(row.name, row.id_number, row.phone),),
    )


def _order(fact: Fact) -> tuple[date, int]:
    return fact.day, fact.id


def _said(session: Session, table: str, value: str, day: date) -> str:
    return codebook(session).label(table, value, day)


# ---------------------------------------------------------------- the same persons before


def with_parties(session: Session, facts: Sequence[Fact]) -> list[Fact]:
    """Cases with their parties, in so far as somebody can be told by an ID number or a telephone."""
    people: dict[int, list[Person]] = defaultdict(list)
    for ids in portions([each.id for each in facts]):
        query = select(Party.case_id, Party.name, Party.id_number, Party.phone)
        for row in session.execute(query.where(Party.case_id.in_(ids)).order_by(Party.id)):
            person = Person(row.name, row.id_number, row.phone)
            if person.keys:
                people[row.case_id].append(person)
    return [replace(each, persons=tuple(people[each.id])) for each in facts]


def with_same_parties(session: Session, facts: Sequence[Fact], look: Look) -> dict[int, list[Fact]]:
    """For each of some cases those of the look that may have a party in common, itself too."""
    persons = {person for each in facts for person in each.persons}
    numbers = sorted({each.id_number for each in persons if each.id_number})
    names = sorted({each.name for each in persons if each.phone})
    phones = {each.phone for each in persons if each.phone}
    ids: set[int] = set()
    for some in portions(numbers):
        ids |= set(session.scalars(_of_party(look, Party.id_number.in_(some))))
    for some in portions(names):
        named = session.execute(_of_party(look, Party.name.in_(some)).add_columns(Party.phone))
        ids |= {case_id for case_id, phone in named if phone in phones}
    rows = [
        row
        for some in portions(sorted(ids))
        for row in session.execute(select(*_OF_CASE).where(Case.id.in_(some)))
    ]
    return grouped(facts, with_parties(session, [_case(session, row, "") for row in rows]))


def _of_party(look: Look, where: ColumnElement[bool]) -> Any:
    over = look.over(Case, Case.registered_on)
    return select(Party.case_id).join(Case, Case.id == Party.case_id).where(where, over)


def grouped(facts: Iterable[Fact], around: Iterable[Fact]) -> dict[int, list[Fact]]:
    """For each fact those around it that share a key of a person with it."""
    by_key: dict[str, dict[int, Fact]] = defaultdict(dict)
    for each in around:
        for key in (key for person in each.persons for key in person.keys):
            by_key[key][each.id] = each
    return {
        fact.id: sorted(
            {
                each.id: each
                for person in fact.persons
                for key in person.keys
                for each in by_key[key].values()
            }.values(),
            key=_order,
        )
        for fact in facts
    }


# ---------------------------------------------------------------- how many there were


Counts = Mapping[tuple[str, str], Mapping[date, int]]


def counted(session: Session, look: Look, tier: Tier) -> Counts:
    """How many cases each unit of a tier had of each kind, day by day."""
    place = path_prefix(Case.path, PATH_WIDTH[tier])
    query = select(place, Case.kind, Case.registered_on, func.count())
    query = query.where(look.over(Case, Case.registered_on), func.length(Case.path) >= PATH_WIDTH[tier])
    found: dict[tuple[str, str], dict[date, int]] = defaultdict(dict)
    for path, kind, day, number in session.execute(query.group_by(place, Case.kind, Case.registered_on)):
        found[path, kind][day] = number
    return found


def of_window(session: Session, path: str, kind: str, since: date, until: date) -> Iterator[Fact]:
    """The cases behind a surge; `kind` "" means all."""
    look = Look((path,), since, until)
    where = [look.over(Case, Case.registered_on)] + ([Case.kind == kind] if kind else [])
    rows = session.execute(select(*_OF_CASE).where(*where).order_by(Case.registered_on, Case.id))
    for row in rows:
        yield _case(session, row, "")
