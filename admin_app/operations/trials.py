"""试算: who would reach what by a standard, before it is published and after; nothing is kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.committees import Committee
from admin_app.models.mediators import Mediator
from admin_app.models.standards import Standard
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations.measuring import MODELS, measure
from admin_app.rules.committees import CommitteeStatus
from admin_app.rules.measures import Subject
from admin_app.rules.mediators import ON_ROSTER
from admin_app.rules.standards import (
    Level,
    Verdict,
    judge,
    lacking,
    level_of,
    next_level,
    plain,
    score,
    shortfall,
    window,
)

AT_ONCE = 1_000  # subjects between two words on how far it has come
Tell = Callable[[int], None]


@dataclass(frozen=True)
class Tried:
    """One subject: every item, the score, the level reached (None: none), and what the next one lacks."""

    id: int
    verdicts: tuple[Verdict, ...]
    score: Decimal
    level: Level | None
    lacks: str


def subjects(actor: User, standard: Standard, unit: Unit) -> ColumnElement[bool]:
    """SQL: on the roster, where the standard holds, under the unit, and within the actor's scope."""
    model: Any = MODELS[standard.subject]
    working = (
        Mediator.status.in_(ON_ROSTER)
        if standard.subject is Subject.MEDIATOR
        else Committee.status == CommitteeStatus.ACTIVE
    )
    here = and_(model.under(unit.path), model.under(standard.path), model.removed_at.is_(None))
    return and_(policy.visible(model, actor), here, working)


def count(session: Session, actor: User, standard: Standard, unit: Unit) -> int:
    """How many would be judged."""
    policy.demand(actor, "standard.try", standard)
    query = select(func.count()).select_from(MODELS[standard.subject])
    return session.scalar(query.where(subjects(actor, standard, unit))) or 0


def dry_run(
    session: Session,
    actor: User,
    standard: Standard,
    unit: Unit,
    until: date,
    tell: Tell = lambda done: None,
) -> list[Tried]:
    """Everybody of a unit, the highest level and score first. What people give by hand is not known yet."""
    policy.demand(actor, "standard.try", standard)
    model: Any = MODELS[standard.subject]
    ids = list(session.scalars(select(model.id).where(subjects(actor, standard, unit)).order_by(model.id)))
    found: list[Tried] = []
    for start in range(0, len(ids), AT_ONCE):
        found += tried(session, standard, ids[start : start + AT_ONCE], until)
        tell(len(found))
    return sorted(found, key=lambda each: (-(each.level.rank if each.level else 0), -each.score, each.id))


def tried(session: Session, standard: Standard, ids: Sequence[int], until: date) -> list[Tried]:
    """These subjects by the standard, with the figures up to a day."""
    items, levels = standard.judged_by(), standard.ladder()
    since = window(standard.months, until)
    facts = measure(session, standard.subject, ids, {each.measure for each in items}, since, until)
    return [_tried(each, judge(items, facts[each]), standard, levels) for each in ids]


def _tried(number: int, verdicts: tuple[Verdict, ...], standard: Standard, levels: list[Level]) -> Tried:
    total = score(verdicts, standard.base, standard.full)
    reached = level_of(levels, verdicts, total, pending=True)
    return Tried(number, verdicts, total, reached, _lacks(levels, reached, verdicts, total))


def _lacks(levels: list[Level], reached: Level | None, verdicts: Sequence[Verdict], total: Decimal) -> str:
    """What the next level lacks, in words."""
    above = next_level(levels, reached)
    if above is None:
        return ""
    failed, points = lacking(above, verdicts, total)
    words = [f"{each.item.label}{shortfall(each)}" for each in failed]
    words += [f"还差 {plain(points)} 分"] if points else []
    return f"{above.name}：{'，'.join(words)}" if words else ""
