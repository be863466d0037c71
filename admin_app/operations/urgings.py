"""The life of a supervision 督办: its door `advance`, and how one is issued (M21; lifecycle.md 4)."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.cases import Case
from admin_app.models.holidays import calendar
from admin_app.models.parameters import whole
from admin_app.models.referrals import Referral
from admin_app.models.registry import register_of
from admin_app.models.units import Unit
from admin_app.models.urgings import Urging, UrgingStep
from admin_app.models.warnings import EarlyWarning
from admin_app.operations import clocks, numbers, steps, tidings
from admin_app.operations.steps import Life, Passing
from admin_app.rules import urgings as rules
from admin_app.rules.dates import now, today
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.findings import Finding
from admin_app.rules.numbers import Series
from admin_app.rules.parameters import Setting
from admin_app.rules.urgings import About


@dataclass(frozen=True)
class Asked:
    """Whoever must answer for a thing, and the case that it concerns."""

    unit_id: int
    path: str
    committee_id: int | None = None
    case_id: int | None = None


def asked(record: Any) -> Asked:
    """A case's holder, a referral's receiver, a warning's owner; else whoever the thing belongs to."""
    if isinstance(record, Referral):
        return Asked(record.to_unit_id, record.to_path, record.to_committee_id, record.case_id)
    if isinstance(record, EarlyWarning):
        own = record.committee_id if record.owner_id == record.unit_id else None
        return Asked(record.owner_id, record.owner_path, own)
    case_id = record.id if isinstance(record, Case) else None
    return Asked(record.unit_id, record.path, record.committee_id, case_id)


def drawn_up(passing: Passing) -> list[Finding]:
    """Who asks is the actor's own unit, once at a time; who is asked has the thing in hand."""
    record, session = passing.record, passing.session
    assert passing.actor is not None
    post = policy.post_for(passing.actor, f"{register_of(type(record)).word}.urge", record)
    known = running(session, record, post.unit_id)
    if known is not None:
        return [Finding("", f"本单位已经在督办（{known.number}），请打开那一件催办，或者等答复后再次督办。")]
    draw_up(session, passing.line, record, post.unit)
    return []


def running(session: Session, record: Any, unit_id: int) -> Urging | None:
    """A unit's own supervision of a thing that is not over yet."""
    word = register_of(type(record)).word
    query = select(Urging).where(
        Urging.about == About(word),
        Urging.about_id == record.id,
        Urging.unit_id == unit_id,
        Urging.unclosed(),
        Urging.removed_at.is_(None),
    )
    return session.scalars(query.order_by(Urging.id)).first()


def draw_up(session: Session, urging: Urging, record: Any, superior: Unit, day: date | None = None) -> None:
    """Fill in what follows from the thing and from who asks; a blank deadline is the parameters'."""
    day, who = day or today(), asked(record)
    days = whole(session, Setting.URGED_ANSWER_DAYS, day)
    urging.about, urging.about_id = About(register_of(type(record)).word), record.id
    urging.subject = str(record)[:200]
    urging.case_id = who.case_id
    urging.unit_id, urging.path = superior.id, superior.path
    urging.to_unit_id, urging.to_path, urging.committee_id = who.unit_id, who.path, who.committee_id
    urging.due_on = urging.due_on or calendar(session).after(day, days)
    urging.issued_at = now()
    urging.number = numbers.take(session, Series.URGING, superior, day)


def begun(passing: Passing) -> None:
    """A step of what is asked after has issued it."""
    issued(passing.session, passing.line)


def issued(session: Session, urging: Urging) -> None:
    """The clock begins, and whoever must answer is told."""
    clocks.of_urging(session, urging)
    tidings.to_urged(session, urging, f"上级督办，请按期答复：{urging.reason[:60]}")


def _answered(passing: Passing) -> None:
    urging, session = passing.record, passing.session
    urging.answered_at = urging.changed_at
    clocks.done(session, DeadlineKind.URGE, urging)
    tidings.to_urger(session, urging, f"督办已有答复：{urging.number}")


def _again(passing: Passing) -> None:
    issued(passing.session, passing.record)


def _move(urging: Urging, state: rules.UrgingState) -> None:
    urging.state = state


LIFE = Life(
    word="urging",
    steps=rules.STEP,
    row=UrgingStep,
    stands=lambda urging: urging.state,
    move=_move,
    effects={"answer": _answered, "urge_again": _again},
)

advance = partial(steps.advance, LIFE)
