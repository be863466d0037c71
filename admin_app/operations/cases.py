"""The life of a case: its door `advance`, and what each step checks and brings about (lifecycle.md 3)."""

from datetime import timedelta
from functools import partial

from sqlalchemy.orm import Session

from admin_app.models.cases import Case, CaseStep
from admin_app.models.mediators import Mediator
from admin_app.models.parameters import whole
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import (
    assistances,
    clocks,
    dossiers,
    hand_overs,
    lookbacks,
    major_reports,
    numbers,
    steps,
    urgings,
)
from admin_app.operations.steps import Life, Passing
from admin_app.rules import cases as rules
from admin_app.rules.dates import today
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.findings import Finding
from admin_app.rules.lookbacks import Fault
from admin_app.rules.mediators import ON_ROSTER
from admin_app.rules.numbers import Series
from admin_app.rules.parameters import Setting

# ---------------------------------------------------------------- what a step checks


def _may_be_accepted(passing: Passing) -> list[Finding]:
    case: Case = passing.record
    consents = [party.consent for party in case.parties]
    return [
        *rules.consent_findings(consents, own_initiative=case.source == rules.OWN_INITIATIVE),
        *_well_assigned(passing),
        *rules.risk_findings(
            case.risk, measures=case.risk_measures, police_told=case.police_told_on is not None
        ),
    ]


def _well_assigned(passing: Passing) -> list[Finding]:
    case: Case = passing.record
    mediators = [passing.session.get_one(Mediator, line.mediator_id) for line in case.mediators]
    numbers_of_parties = {party.id_number for party in case.parties} - {None}
    return rules.assignment_findings(
        on_roster=[each.status in ON_ROSTER for each in mediators],
        same_person=[each.id_number in numbers_of_parties for each in mediators],
        twice=[each in mediators[:index] for index, each in enumerate(mediators)],
    )


def _may_be_extended(passing: Passing) -> list[Finding]:
    case: Case = passing.record
    return rules.extension_findings(
        case.extension_days,
        agreed=case.extension_agreed,
        most=whole(passing.session, Setting.EXTEND_DAYS),
        before=_extended_before(case),
    )


def _extended_before(case: Case) -> int:
    """How many days the term was extended since mediation last began anew."""
    days = 0
    for row in case.steps:
        days = 0 if row.name == "reopen" else days + (row.facts.get("extension_days") or 0)
    return days


def _may_be_closed(passing: Passing) -> list[Finding]:
    case: Case = passing.record
    findings = []
    if case.result == rules.SUCCEEDED and not case.fulfilment:
        findings.append(Finding("fulfilment", "达成了协议的，结案要写明履行情况"))
    return findings + dossiers.missing_findings(passing.session, case)


# ---------------------------------------------------------------- what a step brings about


def _accepted(passing: Passing) -> None:
    case, session = passing.record, passing.session
    if case.number is None:
        case.number = numbers.take(session, Series.CASE, _unit(session, case), case.accepted_on)
    case.due_on = case.accepted_on + timedelta(days=whole(session, Setting.DUE_DAYS))
    clocks.of_case(session, case, DeadlineKind.FINISH, case.due_on)
    major_reports.watch(session, case)


def _graded(passing: Passing) -> None:
    """Graded as major it must be reported upward within hours."""
    major_reports.watch(passing.session, passing.record)


def _declined(passing: Passing) -> None:
    lookbacks.note(passing.session, passing.record, Fault.DECLINED, "登记后不予受理。")


def _extended(passing: Passing) -> None:
    case: Case = passing.record
    begins = case.due_on or today()  # an old case may have come in without a term
    case.due_on = begins + timedelta(days=case.extension_days or 0)
    clocks.of_case(passing.session, case, DeadlineKind.FINISH, case.due_on)


def _settled(passing: Passing) -> None:
    case, session = passing.record, passing.session
    case.result = rules.SUCCEEDED
    case.effective_on = rules.effect_day(case.form, case.agreed_on, case.effective_on)
    if case.agreement_number is None:
        case.agreement_number = numbers.take(session, Series.AGREEMENT, _unit(session, case), case.agreed_on)
    clocks.done(session, DeadlineKind.FINISH, case)
    await_visit(session, case)
    if case.form == rules.WRITTEN:  # 人民调解法 33: jointly, within 30 days from the effect
        last = case.effective_on + timedelta(days=whole(session, Setting.CONFIRM_DAYS))
        clocks.of_case(session, case, DeadlineKind.CONFIRM, last)


def await_visit(session: Session, case: Case) -> None:
    """人民调解法 31: within some days from the agreement the parties are visited."""
    assert case.agreed_on is not None
    due_on = case.agreed_on + timedelta(days=whole(session, Setting.FOLLOW_UP_DAYS))
    clocks.of_case(session, case, DeadlineKind.FOLLOW_UP, due_on)


def _failed(passing: Passing) -> None:
    passing.record.result = rules.NOT_SUCCEEDED
    _over(passing)


def _over(passing: Passing) -> None:
    clocks.done(passing.session, DeadlineKind.FINISH, passing.record)


def _followed_up(passing: Passing) -> None:
    case, visit = passing.record, passing.line
    case.visited_on, case.satisfied, case.fulfilment = visit.visited_on, visit.satisfied, visit.fulfilment
    clocks.done(passing.session, DeadlineKind.FOLLOW_UP, case)


def _confirmation_told(passing: Passing) -> None:
    """Whatever is told of the judicial confirmation, the parties have made up their minds."""
    clocks.done(passing.session, DeadlineKind.CONFIRM, passing.record)


def _filed(passing: Passing) -> None:
    """Nothing changes an archived case, so nobody is waited for."""
    _agreement_rests(passing)


def _agreement_rests(passing: Passing) -> None:
    clocks.done(passing.session, DeadlineKind.FOLLOW_UP, passing.record)
    clocks.done(passing.session, DeadlineKind.CONFIRM, passing.record)


def _reopened(passing: Passing) -> None:
    case, session = passing.record, passing.session
    _agreement_rests(passing)
    for name in (*rules.ENDING, "result", "agreement_number", "visited_on", "satisfied"):
        setattr(case, name, None)
    begun = passing.record.steps[-1].at.date()
    case.due_on = begun + timedelta(days=whole(session, Setting.DUE_DAYS))
    clocks.of_case(session, case, DeadlineKind.FINISH, case.due_on)
    lookbacks.note(session, case, Fault.REOPENED, f"结案后重新调解：{case.reopen_reason}")


def _unit(session: Session, case: Case) -> Unit:
    return session.get_one(Unit, case.unit_id)


def _move(case: Case, stage: rules.Stage) -> None:
    case.stage = stage


LIFE = Life(
    word="case",
    steps=rules.STEP,
    row=CaseStep,
    stands=lambda case: case.stage,
    move=_move,
    checks={
        "accept": _may_be_accepted,
        "start": _well_assigned,
        "assign": _well_assigned,
        "extend": _may_be_extended,
        "close": _may_be_closed,
        "take_over": hand_overs.taken_over,
        "hand_over": hand_overs.handed_over,
        "archive": dossiers.filed,
        "urge": urgings.drawn_up,
    },
    effects={
        "accept": _accepted,
        "triage": _graded,
        "decline": _declined,
        "extend": _extended,
        "settle": _settled,
        "fail": _failed,
        "end": _over,
        "join": assistances.asked,
        "consult": assistances.asked,
        "take_over": hand_overs.begun,
        "hand_over": hand_overs.begun,
        "urge": urgings.begun,
        "follow_up": _followed_up,
        "confirm": _confirmation_told,
        "reopen": _reopened,
        "archive": _filed,
    },
)

advance = partial(steps.advance, LIFE)


def arrived(session: Session, actor: User, case: Case, *, note: str = "") -> None:
    """A case from an old book takes up its life as far as its facts have come."""
    stage = rules.stage_of_old(
        result=case.result,
        mediated_on=case.mediated_on,
        closed_on=case.closed_on,
        declined=case.decline_reason is not None,
    )
    if case.result == rules.SUCCEEDED:
        case.effective_on = rules.effect_day(case.form, case.agreed_on, case.effective_on)
    if case.due_on is None and case.accepted_on is not None:
        case.due_on = case.accepted_on + timedelta(days=whole(session, Setting.DUE_DAYS))
    steps.land(LIFE, session, actor, case, "import", stage, note=note)
