"""What a record's own facts decide: where it lives, its path, its level, its short title."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from admin_app.models.base import Base
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.evaluations import Evaluation
from admin_app.models.experts import Expert
from admin_app.models.mediators import Mediator
from admin_app.models.referrals import Referral
from admin_app.models.units import Unit
from admin_app.rules import evaluations, referrals, tiers
from admin_app.rules.findings import Finding


def derive(session: Session, record: Any) -> list[Finding]:
    """Set what follows from the facts just given; findings where it cannot follow."""
    return _DERIVE.get(type(record), _nothing)(session, record)


def _stands(record: Base) -> bool:
    """Whether the record is in the database already: then it stays where it is."""
    return inspect(record).has_identity


def _nothing(session: Session, record: Any) -> list[Finding]:
    return []


def _lives_at_unit(session: Session, record: Committee | Expert) -> list[Finding]:
    record.path = session.get_one(Unit, record.unit_id).path
    return []


def _lives_at_committee(session: Session, record: Mediator | Case) -> list[Finding]:
    committee = session.get_one(Committee, record.committee_id)
    if not _stands(record):
        record.unit_id, record.path = committee.unit_id, committee.path
    return []


def _case(session: Session, case: Case) -> list[Finding]:
    case.names = "、".join(party.name for party in case.parties if party.name)[:300]
    return _lives_at_committee(session, case)


def _unit(session: Session, unit: Unit) -> list[Finding]:
    if _stands(unit):
        return []
    parent = session.get_one(Unit, unit.parent_id)
    if parent.tier is tiers.Tier.GRID:
        return [Finding("parent_id", "网格下面不能再设单位")]
    unit.tier = tiers.tier_below(parent.tier)
    sentence = tiers.code_finding(unit.code, unit.tier, parent.code)
    if sentence:
        return [Finding("code", sentence)]
    unit.path = tiers.path_of(parent.path, unit.code)
    return []


def _evaluation(session: Session, evaluation: Evaluation) -> list[Finding]:
    if not _stands(evaluation):
        mediator = session.get_one(Mediator, evaluation.mediator_id)
        evaluation.committee_id = mediator.committee_id
        evaluation.unit_id, evaluation.path = mediator.unit_id, mediator.path
    evaluation.level = evaluations.level_of(evaluation.score)
    return []


def _referral(session: Session, referral: Referral) -> list[Finding]:
    if _stands(referral):
        return []
    case = session.get_one(Case, referral.case_id)
    to_unit = session.get_one(Unit, referral.to_unit_id)
    referral.unit_id, referral.path = case.unit_id, case.path
    referral.committee_id = case.committee_id
    referral.to_path = to_unit.path
    finding = referrals.direction_finding(referral.direction, referral.path, referral.to_path)
    return [finding] if finding else []


_DERIVE: dict[type, Callable[[Session, Any], list[Finding]]] = {
    Case: _case,
    Committee: _lives_at_unit,
    Evaluation: _evaluation,
    Expert: _lives_at_unit,
    Mediator: _lives_at_committee,
    Referral: _referral,
    Unit: _unit,
}
