"""Who is told of what: each step's news goes to the people of the other side (lifecycle.md 4, 6)."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.assistances import Assistance
from admin_app.models.cases import Case
from admin_app.models.referrals import Referral
from admin_app.models.subsidies import Subsidy, SubsidyShare
from admin_app.models.units import Unit
from admin_app.models.urgings import Urging
from admin_app.models.users import Post, Role, User
from admin_app.operations.notices import people_at, people_of, tell

OFFICES = (Role.BUREAU, Role.OFFICE)
CENTRE = (*OFFICES, Role.COMMITTEE)
COMMITTEE = (Role.COMMITTEE, Role.MEDIATOR)


def to_receiver(session: Session, referral: Referral, words: str) -> None:
    """The people of the unit that a case was sent to."""
    tell(session, people_at(session, referral.to_unit_id, CENTRE), words, referral)


def to_sender(session: Session, referral: Referral, words: str) -> None:
    """The people of the unit and of the committee that sent the case."""
    people = people_at(session, referral.unit_id, OFFICES)
    if referral.committee_id is not None:
        people = [*people, *people_of(session, referral.committee_id, (Role.COMMITTEE,))]
    tell(session, people, words, referral)


def to_superior(session: Session, record: Any, path: str, words: str) -> None:
    """The people of the unit at a path."""
    unit_id = session.scalar(select(Unit.id).where(Unit.path == path))
    if unit_id is not None:
        tell(session, people_at(session, unit_id, OFFICES), words, record)


def to_helper(session: Session, assistance: Assistance, words: str) -> None:
    """The people of the unit that is asked to join, or the expert."""
    if assistance.unit_id is not None:
        people = people_at(session, assistance.unit_id, OFFICES)
    else:
        mine = select(Post.user_id).where(Post.expert_id == assistance.expert_id)
        people = list(session.scalars(select(User).where(User.id.in_(mine), User.active)))
    tell(session, people, words, assistance)


def to_holder(session: Session, case_id: int, record: Any, words: str) -> None:
    """The committee that holds a case."""
    case = session.get_one(Case, case_id)
    tell(session, people_of(session, case.committee_id, COMMITTEE), words, record)


def to_urged(session: Session, urging: Urging, words: str) -> None:
    """The unit and the committee that must answer."""
    people = people_at(session, urging.to_unit_id, OFFICES)
    if urging.committee_id is not None:
        people = [*people, *people_of(session, urging.committee_id, (Role.COMMITTEE,))]
    tell(session, people, words, urging)


def to_urger(session: Session, urging: Urging, words: str) -> None:
    """The people of the unit that issued a supervision."""
    tell(session, people_at(session, urging.unit_id, OFFICES), words, urging)


def to_applicant(session: Session, subsidy: Subsidy, words: str) -> None:
    """The unit or the committee that applies for a subsidy."""
    if subsidy.committee_id is not None:
        people = people_of(session, subsidy.committee_id, (Role.COMMITTEE,))
    else:
        people = people_at(session, subsidy.unit_id, OFFICES)
    tell(session, people, words, subsidy)


def to_payees(session: Session, subsidy: Subsidy, words: str) -> None:
    """Whoever gets something of a subsidy, and can sign in."""
    paid = select(SubsidyShare.mediator_id).where(
        SubsidyShare.subsidy_id == subsidy.id, SubsidyShare.amount > 0
    )
    mine = select(Post.user_id).where(Post.mediator_id.in_(paid))
    people = session.scalars(select(User).where(User.id.in_(mine), User.active, User.removed_at.is_(None)))
    tell(session, people, words)
