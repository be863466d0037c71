"""Subsidies of the demo: a paid quarter, one in each state up to the one being drawn, stipends of late.

Items and sums are those that the panel itself would draw from the made-up cases, not invented beside them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.budgets import Budget
from admin_app.models.deadlines import Deadline
from admin_app.models.subsidies import Subsidy, SubsidyStep
from admin_app.operations.subsidies import fill
from admin_app.operations.subsidy_draws import Plan, planned
from admin_app.rules import subsidies as rules
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.rates import SubsidyKind
from admin_app.rules.subsidies import STEP, ItemState, SubsidyState
from admin_app.rules.working_days import WorkingDays
from seed.bulk import Row, add, fix_sequences, next_id
from seed.committees import Room
from seed.lives import moment
from seed.places import Place
from seed.users import Desk, Stand

_NOTICE, _WAIT = 5, 10  # working days, as the parameters have them
_WAYS: dict[SubsidyState, tuple[str, ...]] = {
    SubsidyState.DRAFT: ("draw",),
    SubsidyState.APPLIED: ("draw", "apply"),
    SubsidyState.FIRST_REVIEWED: ("draw", "apply", "first_review"),
    SubsidyState.REVIEWED: ("draw", "apply", "first_review", "review"),
    SubsidyState.NOTICED: ("draw", "apply", "first_review", "review", "notice"),
    SubsidyState.PAID: ("draw", "apply", "first_review", "review", "notice", "pay"),
}
_DEADLINES = {
    SubsidyState.APPLIED: DeadlineKind.SUBSIDY_FIRST,
    SubsidyState.FIRST_REVIEWED: DeadlineKind.SUBSIDY_REVIEW,
    SubsidyState.NOTICED: DeadlineKind.SUBSIDY_PAY,
}


@dataclass(frozen=True)
class Wish:
    """A batch that the demo shows: so many quarters or months ago, in which state."""

    kind: SubsidyKind
    ago: int
    state: SubsidyState
    place: Place
    room: Room | None = None


def wishes(home: Stand) -> Iterator[Wish]:
    """The older before the younger: what one has drawn the next finds taken."""
    case, stipend = SubsidyKind.CASE, SubsidyKind.STIPEND
    yield Wish(case, 4, SubsidyState.PAID, home.town)
    yield Wish(case, 3, SubsidyState.PAID, home.town)
    yield Wish(case, 2, SubsidyState.NOTICED, home.town)
    yield Wish(case, 1, SubsidyState.APPLIED, home.room.place, home.room)
    yield Wish(case, 1, SubsidyState.FIRST_REVIEWED, home.town_room.place, home.town_room)
    yield Wish(case, 1, SubsidyState.REVIEWED, home.county)
    yield Wish(case, 0, SubsidyState.DRAFT, home.town)
    yield Wish(stipend, 3, SubsidyState.PAID, home.county)
    yield Wish(stipend, 2, SubsidyState.PAID, home.county)
    yield Wish(stipend, 1, SubsidyState.NOTICED, home.county)


def load_subsidies(session: Session, today: date, home: Stand, desk: Desk, working: WorkingDays) -> None:
    """Each batch with its items, the steps that led there, and the day by which somebody must act."""
    fix_sequences(session)  # items get their ids from the database
    first = next_id(session, Subsidy)
    for number, wish in enumerate(wishes(home), first):
        _batch(session, number, wish, today, home, desk, working)


def _batch(
    session: Session, number: int, wish: Wish, today: date, home: Stand, desk: Desk, working: WorkingDays
) -> None:
    row = _row(wish, today)
    subsidy = Subsidy(id=number, **row)
    plan = planned(session, subsidy)
    if wish.state is SubsidyState.PAID:
        for each in plan.rows:
            each["standing"] = ItemState.PAID if each["standing"] is ItemState.DUE else each["standing"]
    days = _days(wish, today)
    row |= {"id": number, **_sums(plan), **_facts(session, wish, days, working)}
    add(session, Subsidy, [row])
    fill(session, subsidy, plan)
    add(session, SubsidyStep, list(_steps(number, wish, days, home, desk, row)))
    if wish.state in _DEADLINES:
        add(session, Deadline, [_deadline(number, wish, days[-1], row, home, working)])


def _row(wish: Wish, today: date) -> Row:
    months = 1 if wish.kind is SubsidyKind.STIPEND else 3
    count = today.year * 12 // months + (today.month - 1) // months - wish.ago
    per_year = 12 // months
    year, period = count // per_year, count % per_year + 1
    whose = wish.room.name if wish.room else wish.place.name
    return {
        "kind": wish.kind,
        "unit_id": wish.place.id,
        "committee_id": wish.room.id if wish.room else None,
        "path": wish.place.path,
        "year": year,
        "period": period,
        "state": wish.state,
        "title": f"{whose} {rules.period_words(wish.kind, year, period)}{wish.kind.label}",
    }


def _sums(plan: Plan) -> Row:
    live = [each["amount"] for each in plan.rows if each["standing"] in rules.LIVE]
    return {"counted": len(live), "total": sum(live, Decimal(0))}


def _days(wish: Wish, today: date) -> list[date]:
    """The day of each step, the last one some days ago."""
    names, paid = _WAYS[wish.state], wish.state is SubsidyState.PAID
    ago = 12 + 25 * (wish.ago - 1) if paid else 2
    notice = 14 if paid else 0  # paid after the notice has ended
    gaps = [ago + 4 * (len(names) - 1 - place) + notice * (name != "pay") for place, name in enumerate(names)]
    return [today - timedelta(days=gap) for gap in gaps]


def _facts(session: Session, wish: Wish, days: list[date], working: WorkingDays) -> Row:
    names = _WAYS[wish.state]
    on = dict(zip(names, days, strict=True))
    noticed_on, paid_on = on.get("notice"), on.get("pay")
    return {
        "first_opinion": "材料齐全，同意上报。" if "first_review" in on else None,
        "opinion": "同意发放。" if "review" in on else None,
        "return_reason": None,
        "noticed_on": noticed_on,
        "notice_until": working.after(noticed_on, _NOTICE) if noticed_on else None,
        "paid_on": paid_on,
        "budget_id": _budget(session, wish, paid_on.year) if paid_on else None,
        "remark": None,
    }


def _budget(session: Session, wish: Wish, year: int) -> int | None:
    """The county's money for mediators."""
    query = select(Budget.id, Budget.path).where(Budget.funding_kind == "03", Budget.year == year)
    rows = session.execute(query.order_by(Budget.id))
    return next((row.id for row in rows if wish.place.path.startswith(row.path)), None)


def _steps(number: int, wish: Wish, days: list[date], home: Stand, desk: Desk, row: Row) -> Iterator[Row]:
    state = SubsidyState.DRAFT
    for name, day in zip(_WAYS[wish.state], days, strict=True):
        target = STEP[name].to or state
        at: datetime = moment(day) + timedelta(minutes=number * 7)
        words = f"列入 {row['counted']} 项，合计 {row['total']:,.2f} 元" if name == "draw" else ""
        facts = {"subsidy_id": number, "name": name, "at": at, "source": state, "target": target}
        yield {**facts, "actor_id": _actor(name, wish, home, desk), "note": words, "facts": {}}
        state = target


def _actor(name: str, wish: Wish, home: Stand, desk: Desk) -> int | None:
    """Who applies is not who reviews: the director and the office, the office and the county, the city."""
    if name in ("draw", "apply"):
        return desk.directors.get(wish.room.id) if wish.room else desk.offices.get(wish.place.id)
    if name == "first_review" and wish.room is not None:
        return desk.offices.get(home.town.id)
    return desk.offices.get(home.city.id if wish.place is home.county else home.county.id)


def _deadline(number: int, wish: Wish, since: date, row: Row, home: Stand, working: WorkingDays) -> Row:
    place = home.town if wish.state is SubsidyState.APPLIED else home.county
    begin = row["notice_until"] or since
    return {
        "kind": _DEADLINES[wish.state],
        "word": "subsidy",
        "record_id": number,
        "case_id": None,
        "unit_id": place.id,
        "path": place.path,
        "committee_id": None,
        "due_on": working.after(begin, _WAIT),
        "opened_at": moment(since),
        "warned_on": None,
        "late_on": None,
        "urged_on": None,
        "done_at": None,
    }
