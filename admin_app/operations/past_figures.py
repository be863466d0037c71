"""The numbers of cases and months that have changed since a moment: what each added then, and adds now."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from admin_app.models.base import path_under
from admin_app.models.cases import Case
from admin_app.models.figures import in_period
from admin_app.models.history import Entry
from admin_app.models.referrals import Referral
from admin_app.operations import past
from admin_app.operations.past import Asked, Stood
from admin_app.operations.sums import Holder, Scope, of_month
from admin_app.rules.figures import CaseFacts, Figure, Numbers, Prevented, counts, heads, of_case
from admin_app.rules.periods import Period

CASES = Asked(
    "case",
    (
        *("accepted_on", "stage", "kind", "source", "difficulty", "result", "form", "fulfilment"),
        *("people", "amount", "committee_id", "number", "names"),
    ),
    (("parties", ("side", "headcount")), ("preventions", ("kind", "people"))),
)
MONTHS = Asked("monthly", ("committee_id", "year", "month", "screenings", "prevented"))
_KINDS = Asked("committee", ("kind",))


class Added(NamedTuple):
    """What a case added: with the path of its committee, and the day of its acceptance."""

    case_id: int
    path: str
    day: date
    numbers: Numbers


def holders(session: Session, scope: Scope, moment: datetime | None) -> dict[int, Holder]:
    """The committees of a scope, of the kind they were of at a moment."""
    found = scope.holders(session)
    if moment is None:
        return found
    mended = [each for each in session.scalars(past.touched("committee", moment).distinct()) if each in found]
    for committee_id, committee in past.stood(session, _KINDS, mended, moment):
        found[committee_id] = found[committee_id]._replace(body=committee.values["kind"])
    return found


def cases_then(
    session: Session,
    path: str,
    held: dict[int, Holder],
    period: Period,
    moment: datetime,
    figures: tuple[Figure, ...],
) -> Iterator[Added]:
    """What each case that has changed since added at the moment."""
    for case_id, case in past.stood(session, CASES, session.scalars(changed_cases(path, moment)), moment):
        numbers = of_stood(case, held, period, figures)
        if numbers is not None:
            where = held[case.values["committee_id"]].path
            yield Added(case_id, where, case.values["accepted_on"], numbers)


def months_then(
    session: Session, held: dict[int, Holder], period: Period, moment: datetime, figures: tuple[Figure, ...]
) -> Iterator[tuple[str, Numbers]]:
    """The same of the monthly totals."""
    months = session.scalars(past.touched("monthly", moment).distinct())
    for _, month in past.stood(session, MONTHS, months, moment):
        holder = held.get(month.values["committee_id"])
        if holder is not None and not month.removed and _within(month, period):
            sums = of_month(month.values["screenings"], month.values["prevented"])
            yield holder.path, {each.name: sums[each.key] for each in figures if each.key in sums}


def of_stood(
    case: Stood, held: dict[int, Holder], period: Period, figures: tuple[Figure, ...]
) -> Numbers | None:
    """What a case adds; None where it does not count, or is none of these committees'."""
    holder = held.get(case.values["committee_id"])
    if holder is None:
        return None
    facts = _facts(case, holder)
    return of_case(facts, figures) if counts(facts, period) else None


def changed_cases(path: str, moment: datetime) -> Select[int]:
    """SQL: the cases with a line in the history since, that are or were under a path.

    A line lies where the case then was; a case that has left without another line was sent from there.
    """
    left = select(Referral.case_id).where(path_under(Referral.path, path))
    here = or_(path_under(Entry.path, path), Entry.record_id.in_(left))
    return past.touched("case", moment).where(here).distinct()


def new_cases(scope: Scope, period: Period, moment: datetime) -> Select[int]:
    """SQL: the cases that count now and were not there at the moment, with or without a history."""
    return select(Case.id).where(scope.of(Case), in_period(period), Case.created_at >= moment)


def _facts(case: Stood, holder: Holder) -> CaseFacts:
    values = case.values
    return CaseFacts(
        accepted_on=values["accepted_on"],
        stage=values["stage"],
        kind=values["kind"],
        source=values["source"],
        difficulty=values["difficulty"],
        result=values["result"],
        form=values["form"],
        fulfilment=values["fulfilment"],
        people=heads(values["people"], (line.get("headcount") for line in case.lines_of("parties"))),
        amount=values["amount"] or Decimal(0),
        body=holder.body,
        tier=holder.tier,
        removed=case.removed,
        preventions=tuple(Prevented(line["kind"], line["people"]) for line in case.lines_of("preventions")),
    )


def _within(month: Stood, period: Period) -> bool:
    first, last = period.whole_months()
    index: int = month.values["year"] * 12 + month.values["month"] - 1
    return first <= index <= last
