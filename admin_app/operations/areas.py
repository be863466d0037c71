"""Who looks after which townships 分片负责, and which nobody does (S0)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from admin_app import policy
from admin_app.models.areas import Area
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.rules.tiers import Tier


@dataclass(frozen=True)
class Township:
    """One township, what it is a part of, and who is responsible for it."""

    unit: Unit
    county: str
    areas: list[Area]


def townships(session: Session, user: User, day: date) -> list[Township]:
    """Every township in a person's scope, with those who are responsible for it on a day."""
    held = list(_held(session, user, day))
    return [
        Township(unit, str(unit.parent or ""), [each for each in held if each.unit_id == unit.id])
        for unit in _units(session, user)
    ]


def _units(session: Session, user: User) -> list[Unit]:
    within = or_(*(Unit.under(path) for path in policy.paths(user, "area.see")))
    live = select(Unit).where(within, Unit.tier == Tier.TOWNSHIP, Unit.removed_at.is_(None))
    return list(session.scalars(live.options(selectinload(Unit.parent)).order_by(Unit.code)))


def _held(session: Session, user: User, day: date) -> Iterator[Area]:
    query = select(Area).where(policy.visible(Area, user), Area.removed_at.is_(None))
    query = query.options(selectinload(Area.user)).order_by(Area.id)
    return (each for each in session.scalars(query) if each.stands_on(day) and each.user.active)
