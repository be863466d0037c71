"""Personal brand studios of a unit, with their founders and whether these qualify (S1; rules/studios.py).

The founder 领衔人 is the director of the studio's own roster: the first, should there be two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from admin_app.models.awards import AwardApplication
from admin_app.models.mediators import Mediator
from admin_app.models.parameters import whole
from admin_app.operations.measuring import measure
from admin_app.operations.network import Network, Room
from admin_app.rules.awards import HELD, months_after
from admin_app.rules.committees import DIRECTOR
from admin_app.rules.measures import Measure, Subject
from admin_app.rules.mediators import ON_ROSTER
from admin_app.rules.parameters import Setting
from admin_app.rules.staffing import BRAND_STUDIO
from admin_app.rules.standards import StandardKind
from admin_app.rules.studios import Condition, Founder, conditions, qualifies

_ASKED = (Measure.SERVICE_YEARS, Measure.CASES_ACCEPTED)


@dataclass(frozen=True)
class Studio:
    """A studio, whoever leads it, and the conditions one by one."""

    room: Room
    founder_id: int | None
    founder: str
    conditions: tuple[Condition, ...]

    @property
    def qualifies(self) -> bool:
        return self.founder_id is not None and qualifies(self.conditions)


def of_network(network: Network) -> list[Room]:
    """The brand studios at work under the unit."""
    return [room for room in network.rooms.values() if room.body.kind == BRAND_STUDIO]


def asked(session: Session, day: date) -> list[int]:
    """Least stars, years and cases of a founder."""
    settings = (Setting.STUDIO_STARS, Setting.STUDIO_YEARS, Setting.STUDIO_CASES)
    return [whole(session, each, day) for each in settings]


def told(session: Session, rooms: Sequence[Room], day: date) -> list[Studio]:
    """Some studios with their founders: five queries, however many they are."""
    leads = _founders(session, [room.body.id for room in rooms])
    facts = _facts(session, [each.id for each in leads.values()], day)
    least, found = asked(session, day), []
    for room in rooms:
        lead = leads.get(room.body.id)
        known = facts[lead.id] if lead else None
        name = lead.name if lead else ""
        found.append(Studio(room, lead.id if lead else None, name, conditions(known, *least)))
    return found


def _founders(session: Session, studios: Sequence[int]) -> dict[int, Mediator]:
    query = select(Mediator).where(
        Mediator.committee_id.in_(studios),
        Mediator.position == DIRECTOR,
        Mediator.status.in_(ON_ROSTER),
        Mediator.removed_at.is_(None),
    )
    found: dict[int, Mediator] = {}
    for each in session.scalars(query.order_by(Mediator.id)):
        found.setdefault(each.committee_id, each)
    return found


def _facts(session: Session, ids: Sequence[int], day: date) -> dict[int, Founder]:
    """Stars borne on the day, years up to it, and the cases accepted in the year before it."""
    year_ago = months_after(day, -12)
    figures = measure(session, Subject.MEDIATOR, ids, _ASKED, year_ago, day)
    stars = _stars(session, ids, day)
    return {
        each: Founder(
            stars.get(each, 0),
            figures[each][Measure.SERVICE_YEARS].value or Decimal(0),
            figures[each][Measure.CASES_ACCEPTED].hit,
        )
        for each in ids
    }


def _stars(session: Session, ids: Sequence[int], day: date) -> dict[int, int]:
    """The highest star that each bears; the rank of a star's level is how many stars it has."""
    bears = (
        AwardApplication.kind == StandardKind.STAR,
        AwardApplication.state.in_(HELD),
        AwardApplication.removed_at.is_(None),
        AwardApplication.mediator_id.in_(ids),
        or_(AwardApplication.valid_until.is_(None), AwardApplication.valid_until >= day),
    )
    query = select(AwardApplication.mediator_id, func.max(AwardApplication.rank).label("rank")).where(*bears)
    grouped = query.group_by(AwardApplication.mediator_id)
    return {row.mediator_id: row.rank for row in session.execute(grouped) if row.mediator_id}
