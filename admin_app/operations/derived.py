"""What a record's own facts decide: where it lives, its path, its level, its short title."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.areas import Area
from admin_app.models.assessments import Assessment
from admin_app.models.assistances import Assistance
from admin_app.models.awards import AwardApplication
from admin_app.models.base import Base
from admin_app.models.budgets import Budget
from admin_app.models.cadences import Cadence, KeyPeriod
from admin_app.models.cases import Case
from admin_app.models.circulars import Circular
from admin_app.models.codes import codebook
from admin_app.models.committees import Committee
from admin_app.models.dossiers import Dossier
from admin_app.models.evaluation_plans import EvaluationPlan
from admin_app.models.evaluations import Evaluation
from admin_app.models.experts import Expert
from admin_app.models.fields import field_of
from admin_app.models.finds import Find
from admin_app.models.hand_overs import HandOver
from admin_app.models.lookbacks import Lookback
from admin_app.models.mediators import Mediator
from admin_app.models.meetings import Meeting, MeetingRule
from admin_app.models.monthly import Monthly
from admin_app.models.parameters import Parameter
from admin_app.models.payments import Payment
from admin_app.models.publicities import Publicity
from admin_app.models.rates import Rate
from admin_app.models.referrals import Referral
from admin_app.models.seasons import Season
from admin_app.models.staffing_targets import StaffingTarget
from admin_app.models.standards import Standard
from admin_app.models.subsidies import Subsidy, SubsidyItem
from admin_app.models.trainings import Training
from admin_app.models.units import Unit
from admin_app.models.users import Post, User
from admin_app.models.visits import Visit
from admin_app.models.warning_rules import WarningRule
from admin_app.operations import paying
from admin_app.operations.applications import derive_award, derive_season
from admin_app.operations.rates import overlap_findings
from admin_app.rules import committees, evaluations, identity, referrals, standards, subsidies, tiers
from admin_app.rules.dates import now
from admin_app.rules.findings import Finding
from admin_app.rules.mediators import FULL_TIME, ON_ROSTER
from admin_app.rules.parameters import SETTINGS, Kind, split
from admin_app.rules.standards import StandardKind


def derive(session: Session, record: Any) -> list[Finding]:
    """Set what follows from the facts just given; findings where it cannot follow."""
    return _DERIVE.get(type(record), _nothing)(session, record)


def _stands(record: Base) -> bool:
    """Whether the record is in the database already: then it stays where it is."""
    return inspect(record).has_identity


def _nothing(session: Session, record: Any) -> list[Finding]:
    return []


def _lives_at_unit(session: Session, record: Any) -> list[Finding]:
    record.path = session.get_one(Unit, record.unit_id).path
    return []


def _rate(session: Session, rate: Rate) -> list[Finding]:
    _lives_at_unit(session, rate)
    return overlap_findings(session, rate)


def _subsidy(session: Session, subsidy: Subsidy) -> list[Finding]:
    """It lives at the committee that applies, or at the unit; its title says whose and of when."""
    if _stands(subsidy):
        return []
    whose: Unit | Committee = session.get_one(Unit, subsidy.unit_id)
    if subsidy.committee_id is not None:
        committee = session.get_one(Committee, subsidy.committee_id)
        if not committee.is_under(whose.path):
            return [Finding("committee_id", "这个调委会不在申报单位名下，请核对")]
        subsidy.unit_id, whose = committee.unit_id, committee
    subsidy.path = whose.path
    period = subsidies.period_words(subsidy.kind, subsidy.year, subsidy.period)
    subsidy.title = f"{whose.name} {period}{subsidy.kind.label}"
    return []


def _lives_at_committee(
    session: Session, record: Mediator | Case | Visit | Monthly | Find | Publicity
) -> list[Finding]:
    if not _stands(record):
        committee = session.get_one(Committee, record.committee_id)
        record.unit_id, record.path = committee.unit_id, committee.path
    return []


def _case(session: Session, case: Case) -> list[Finding]:
    case.names = "、".join(party.name for party in case.parties if party.name)[:300]
    return _lives_at_committee(session, case)


def _visit(session: Session, visit: Visit) -> list[Finding]:
    """The sex is in the ID number; so is the birth date, but shown it would undo the number's mask."""
    if visit.id_number and visit.sex is None:
        visit.sex = identity.sex_code(visit.id_number)
    return _lives_at_committee(session, visit)


def _committee(session: Session, committee: Committee) -> list[Finding]:
    """人民调解法 9: a term left open ends after three years."""
    if committee.term_from is not None and committee.term_until is None:
        committee.term_until = committees.term_end(committee.term_from)
    return _lives_at_unit(session, committee)


def _mediator(session: Session, mediator: Mediator) -> list[Finding]:
    """The birth date is in the ID number (formats.md 2.3); one full-time post at a time (lifecycle.md 5)."""
    if mediator.birth_on is None and mediator.id_number:
        mediator.birth_on = identity.birth_date(mediator.id_number)
    findings = _lives_at_committee(session, mediator)
    if _serves_full_time_elsewhere(session, mediator):
        # Old books may hold the same person twice: that must not keep anybody from mending a telephone.
        grave = not _stands(mediator) or any(_touched(mediator, name) for name in FULL_TIME_FACTS)
        sentence = "此人已在别的调委会任专职调解员，同一人只能在一处任专职"
        findings.append(Finding("full_time", sentence, grave))
    return findings


def _touched(record: Base, name: str) -> bool:
    return inspect(record).attrs[name].history.has_changes()


def _serves_full_time_elsewhere(session: Session, mediator: Mediator) -> bool:
    if mediator.full_time != FULL_TIME or mediator.status not in ON_ROSTER or not mediator.id_number:
        return False
    others = select(Mediator.id).where(
        Mediator.id_number == mediator.id_number,
        Mediator.full_time == FULL_TIME,
        Mediator.status.in_(ON_ROSTER),
        Mediator.removed_at.is_(None),
        Mediator.id != (mediator.id or 0),
    )
    return session.scalar(others.limit(1)) is not None


def _unit(session: Session, unit: Unit) -> list[Finding]:
    if _stands(unit):
        return []
    parent = vars(unit).get("parent") or session.get_one(Unit, unit.parent_id)
    if parent.tier is tiers.Tier.GRID:
        return [Finding("parent_id", "网格下面不能再设单位")]
    unit.tier = tiers.tier_below(parent.tier)
    sentence = tiers.code_finding(unit.code, unit.tier, parent.code)
    if sentence:
        return [Finding("code", sentence)]
    unit.path = tiers.path_of(parent.path, unit.code)
    return []


def _evaluation(session: Session, evaluation: Evaluation) -> list[Finding]:
    new = not _stands(evaluation)
    if new and evaluation.mediator_id is None and not evaluation.committee_id:
        return [Finding("mediator_id", "请选择被考核调解员；考核调委会的，选择调委会")]
    if new:
        _whose(session, evaluation)
    if evaluation.plan_id is not None or evaluation.score is None:
        return []
    if evaluation.level is None or (not new and _touched(evaluation, "score")):
        evaluation.level = evaluations.level_of(evaluation.score).label
    return []


def _whose(session: Session, evaluation: Evaluation) -> None:
    """It stays where whoever is evaluated was then, under the name they had."""
    if evaluation.mediator_id is not None:
        mediator = session.get_one(Mediator, evaluation.mediator_id)
        evaluation.committee_id = mediator.committee_id
        evaluation.unit_id, evaluation.path, evaluation.who = mediator.unit_id, mediator.path, mediator.name
        return
    committee = session.get_one(Committee, evaluation.committee_id)
    evaluation.unit_id, evaluation.path, evaluation.who = committee.unit_id, committee.path, committee.name


def _evaluation_plan(session: Session, plan: EvaluationPlan) -> list[Finding]:
    """A plan uses a standard of evaluation that its own unit, or one above it, has published."""
    if not _stands(plan):
        plan.path = session.get_one(Unit, plan.unit_id).path
    standard = session.get_one(Standard, plan.standard_id)
    if standard.kind is not StandardKind.EVALUATION:
        return [Finding("standard_id", f"“{standard}”不是考核标准，请选用途是“考核”的标准")]
    if not tiers.covers(standard.path, plan.path):
        where = session.get_one(Unit, plan.unit_id)
        return [Finding("standard_id", f"“{standard}”不在{where}适用，请换一个")]
    return []


def _user(session: Session, user: User) -> list[Finding]:
    """A director's post names the committee, a mediator's the mediator too: scope hangs on them."""
    return [
        Finding(f"posts-{index}-{name}", f"{post.role.label}要选{field_of(Post, name).label}")
        for index, post in enumerate(user.posts)
        for name in policy.lacking(post)
    ]


def _area(session: Session, area: Area) -> list[Finding]:
    """A township and a person of the same superior: what no post carries there would open nothing."""
    unit, user = session.get_one(Unit, area.unit_id), session.get_one(User, area.user_id)
    area.path, area.title = unit.path, f"{user.name} · {unit.name}"
    if unit.tier is not tiers.Tier.TOWNSHIP:
        return [Finding("unit_id", "分片负责的是乡镇（街道），请选一个乡镇（街道）")]
    if not any(tiers.beside(post.path, unit.path) for post in user.posts):
        return [Finding("user_id", f"{user.name}不在{unit.name}的上级或同一县区任职，请换一个人")]
    return []


def _meeting(session: Session, meeting: Meeting) -> list[Finding]:
    """Each invited unit stands once, and not the one that leads; it carries its path."""
    _lives_at_unit(session, meeting)
    return _paths(session, "members", meeting.members, {meeting.unit_id})


def _circular(session: Session, circular: Circular) -> list[Finding]:
    _lives_at_unit(session, circular)
    return _paths(session, "recipients", circular.recipients, set())


def _paths(session: Session, part: str, lines: Sequence[Any], before: set[int]) -> list[Finding]:
    """The path of each line's unit; one that stands there twice is found."""
    findings = []
    for index, line in enumerate(lines):
        if line.unit_id in before:
            findings.append(Finding(f"{part}-{index}-unit_id", "这个单位已经在里面了，不用再选"))
        before.add(line.unit_id)
        line.path = session.get_one(Unit, line.unit_id).path
    return findings


def _parameter(session: Session, parameter: Parameter) -> list[Finding]:
    """A parameter that names codes names such as are in force when it begins to hold."""
    spec = SETTINGS[parameter.setting]
    codes = dict(codebook(session).choices(spec.codes, parameter.valid_from)) if spec.codes else {}
    named = split(parameter.value) if spec.kind is Kind.CODES else (parameter.value,)
    unknown = [each for each in named if each not in codes] if spec.codes else []
    known = "、".join(f"{code}（{label}）" for code, label in codes.items())
    return [Finding("value", f"代码表里没有“{each}”，可以填：{known}") for each in unknown]


def _assistance(session: Session, assistance: Assistance) -> list[Finding]:
    """It lives where the helper does."""
    if _stands(assistance):
        return []
    if assistance.unit_id is not None:
        assistance.path = session.get_one(Unit, assistance.unit_id).path
    elif assistance.expert_id is not None:
        assistance.path = session.get_one(Expert, assistance.expert_id).path
    assistance.asked_at = now()
    return []


def _lives_with_case(session: Session, thing: HandOver | Dossier | Lookback) -> list[Finding]:
    """It stays with whoever held the case when it was made."""
    if not _stands(thing):
        case = session.get_one(Case, thing.case_id)
        thing.unit_id, thing.path, thing.committee_id = case.unit_id, case.path, case.committee_id
    return []


def _payment(session: Session, payment: Payment) -> list[Finding]:
    """It stays with the case, which no batch holds, and none takes up meanwhile."""
    if _stands(payment) and payment.removed_at is None:
        return []
    paying.queue(session)
    case = session.get_one(Case, payment.case_id)
    payment.unit_id, payment.path, payment.committee_id = case.unit_id, case.path, case.committee_id
    payment.number = case.number or case.agreement_number
    live = (SubsidyItem.case_id == case.id, SubsidyItem.standing.in_(subsidies.LIVE))
    title = session.scalar(select(Subsidy.title).join(SubsidyItem).where(*live))
    if title is None:
        return []
    return [
        Finding("case_id", f"这件案件已经列在补贴批次“{title}”里，不能再登记；没有发放的，请先从批次里移出")
    ]


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


def _standard(session: Session, standard: Standard) -> list[Finding]:
    """What is left blank is the usual; items without a place of their own follow the others."""
    standard.base = standard.base or standards.ZERO
    standard.panel_least = standard.panel_least or 0
    standard.notice_days = standard.notice_days or 0
    standard.panel_rule = standard.panel_rule or standards.PanelRule.AVERAGE
    last = max((each.position or 0 for each in standard.items), default=0)
    for item in standard.items:
        if item.position is None:
            item.position = last = last + 1
    return _lives_at_unit(session, standard)


FULL_TIME_FACTS = ("full_time", "status", "id_number")
_DERIVE: dict[type, Callable[[Session, Any], list[Finding]]] = {
    Area: _area,
    Assistance: _assistance,
    Budget: _lives_at_unit,
    Cadence: _lives_at_unit,
    StaffingTarget: _lives_at_unit,
    AwardApplication: derive_award,
    Case: _case,
    Circular: _circular,
    Committee: _committee,
    Dossier: _lives_with_case,
    Evaluation: _evaluation,
    EvaluationPlan: _evaluation_plan,
    Expert: _lives_at_unit,
    Find: _lives_at_committee,
    Assessment: _lives_at_unit,
    Publicity: _lives_at_committee,
    HandOver: _lives_with_case,
    KeyPeriod: _lives_at_unit,
    WarningRule: _lives_at_unit,
    Lookback: _lives_with_case,
    Mediator: _mediator,
    Meeting: _meeting,
    MeetingRule: _lives_at_unit,
    Monthly: _lives_at_committee,
    Parameter: _parameter,
    Payment: _payment,
    Rate: _rate,
    Referral: _referral,
    Standard: _standard,
    Training: _lives_at_unit,
    Season: derive_season,
    Subsidy: _subsidy,
    Unit: _unit,
    User: _user,
    Visit: _visit,
}
