"""Whose clock runs: each deadline with the unit and the committee that must act (lifecycle.md 4, 6)."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.assessments import Assessment
from admin_app.models.assistances import Assistance
from admin_app.models.awards import AwardApplication
from admin_app.models.cases import Case
from admin_app.models.experts import Expert
from admin_app.models.hand_overs import HandOver
from admin_app.models.referrals import Referral
from admin_app.models.subsidies import Subsidy
from admin_app.models.units import Unit
from admin_app.models.urgings import Urging
from admin_app.models.warnings import EarlyWarning
from admin_app.operations import deadlines
from admin_app.rules.deadlines import DeadlineKind

_OF_THE_CASE = (DeadlineKind.FINISH, DeadlineKind.FOLLOW_UP, DeadlineKind.CONFIRM)


def of_case(session: Session, case: Case, kind: DeadlineKind, due_on: date) -> None:
    """Whoever holds the case must act."""
    deadlines.fall_due(
        session,
        kind,
        case,
        due_on,
        unit_id=case.unit_id,
        path=case.path,
        committee_id=case.committee_id,
        case_id=case.id,
    )


def moved(session: Session, case: Case) -> None:
    """Custody has moved: the clocks that still run are the new holder's."""
    for each in deadlines.open_of(session, case):
        each.unit_id, each.path, each.committee_id = case.unit_id, case.path, case.committee_id


def of_referral(session: Session, referral: Referral, kind: DeadlineKind, due_on: date) -> None:
    """The receiving unit must act, and its committee once it has signed for the case."""
    deadlines.fall_due(
        session,
        kind,
        referral,
        due_on,
        unit_id=referral.to_unit_id,
        path=referral.to_path,
        committee_id=referral.to_committee_id,
        case_id=referral.case_id,
    )


def of_assistance(session: Session, assistance: Assistance, due_on: date) -> None:
    """The helper must act: a unit, or an expert of a unit's pool."""
    unit_id = assistance.unit_id or session.get_one(Expert, assistance.expert_id).unit_id
    deadlines.fall_due(
        session,
        DeadlineKind.ASSIST,
        assistance,
        due_on,
        unit_id=unit_id,
        path=assistance.path,
        case_id=assistance.case_id,
    )


def of_hand_over(session: Session, hand_over: HandOver, due_on: date) -> None:
    """The committee must tell the agency what came of it, or ask what came of it there."""
    deadlines.fall_due(
        session,
        DeadlineKind.FEED_BACK,
        hand_over,
        due_on,
        unit_id=hand_over.unit_id,
        path=hand_over.path,
        committee_id=hand_over.committee_id,
        case_id=hand_over.case_id,
    )


def of_urging(session: Session, urging: Urging) -> None:
    """Whoever holds the case must answer."""
    deadlines.fall_due(
        session,
        DeadlineKind.URGE,
        urging,
        urging.due_on,
        unit_id=urging.to_unit_id,
        path=urging.to_path,
        committee_id=urging.committee_id,
        case_id=urging.case_id,
    )


def of_warning(session: Session, warning: EarlyWarning) -> None:
    """The unit whose it is must act; the committee where it is the committee's own."""
    own = warning.committee_id if warning.owner_id == warning.unit_id else None
    deadlines.fall_due(
        session,
        DeadlineKind.WARN_HANDLE,
        warning,
        warning.due_on,
        unit_id=warning.owner_id,
        path=warning.owner_path,
        committee_id=own,
    )


def of_assessment(session: Session, assessment: Assessment, due_on: date) -> None:
    """Whoever has assessed a risk must see how it goes."""
    deadlines.fall_due(
        session,
        DeadlineKind.ASSESS_FOLLOW,
        assessment,
        due_on,
        unit_id=assessment.unit_id,
        path=assessment.path,
    )


def of_award(session: Session, award: AwardApplication, kind: DeadlineKind, due_on: date) -> None:
    """The unit that decides must act: once the notice is over, and every year after."""
    decider = session.scalars(select(Unit).where(Unit.path == award.decided_path)).one()
    deadlines.fall_due(session, kind, award, due_on, unit_id=decider.id, path=decider.path)


def of_subsidy(session: Session, subsidy: Subsidy, kind: DeadlineKind, unit: Unit, due_on: date) -> None:
    """The unit that reviews, or pays, must act."""
    deadlines.fall_due(session, kind, subsidy, due_on, unit_id=unit.id, path=unit.path)


def done(session: Session, kind: DeadlineKind, record: Any) -> None:
    """What was waited for has come."""
    deadlines.done(session, kind, record)
