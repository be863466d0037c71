"""The life of a referral: its door `advance`, and how it leads its case (lifecycle.md 4)."""

from datetime import date
from functools import partial

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.holidays import calendar
from admin_app.models.parameters import whole, yes
from admin_app.models.referrals import Referral, ReferralStep
from admin_app.models.registry import REGISTERS
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import cases, clocks, lookbacks, numbers, records, steps, tidings, urgings
from admin_app.operations.given import Given, Line
from admin_app.operations.steps import Life, Passing
from admin_app.rules import referrals as rules
from admin_app.rules.dates import today
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.findings import Finding
from admin_app.rules.lookbacks import Fault
from admin_app.rules.numbers import Series
from admin_app.rules.parameters import Setting
from admin_app.rules.referrals import Direction
from admin_app.rules.refusals import RecordRefused, Stale


def start(
    session: Session,
    actor: User,
    case: Case,
    given: Given,
    *,
    note: str = "",
    version: int | None = None,
) -> Referral:
    """Draw up a referral of a case and send it, or ask the common superior where it goes sideways."""
    policy.demand(actor, "case.transfer", case)
    cases.LIFE.steps["transfer"].check(case.stage)
    if version is not None and version != case.version:
        raise Stale()
    rows = given.lines.get("referrals") or [Line(None, {})]
    values = {**rows[0].values, "case_id": case.id}
    try:
        referral: Referral = records.create(session, actor, REGISTERS["referral"], Given(values))
    except RecordRefused as refused:
        raise RecordRefused([each.under("referrals-0") for each in refused.findings]) from refused
    advance(session, actor, referral, _first_step(session, referral), note=note)
    return referral


def _first_step(session: Session, referral: Referral) -> str:
    return "ask" if _needs_approval(session, referral) else "send"


def _needs_approval(session: Session, referral: Referral) -> bool:
    sideways = referral.direction is Direction.SIDEWAYS
    return sideways and yes(session, Setting.SIDEWAYS_APPROVAL)


# ---------------------------------------------------------------- what a step checks


def _may_leave(passing: Passing) -> list[Finding]:
    """The case stands where a transfer may begin, and somebody at the other end can take it in."""
    referral, session = passing.record, passing.session
    findings = []
    wanted = _first_step(session, referral)
    if passing.step.name != wanted:
        words = "平级转办要先报共同上级批准，请点“报请批准”" if wanted == "ask" else "不用报批，请点“发出”"
        findings.append(Finding("", words))
    if yes(session, Setting.TIER_BY_TIER):
        skipped = rules.tier_by_tier_finding(
            referral.direction, referral.path, referral.to_path, referral.reason
        )
        findings += [skipped] if skipped else []
    if not session.scalar(_committees_at(referral.to_unit_id).limit(1)):
        findings.append(Finding("to_unit_id", "接收单位还没有登记调委会，办不了案件，请换一个接收单位"))
    return findings


def _may_arrive(passing: Passing) -> list[Finding]:
    referral = passing.record
    there = set(passing.session.scalars(_committees_at(referral.to_unit_id)))
    if referral.to_committee_id not in there:
        return [Finding("to_committee_id", "承办调委会要选接收单位自己的")]
    return []


def only_committee(session: Session, unit_id: int) -> int | None:
    """The committee of a unit that has a single one."""
    found = list(session.scalars(_committees_at(unit_id).limit(2)))
    return found[0] if len(found) == 1 else None


def _committees_at(unit_id: int) -> Select[int]:
    return select(Committee.id).where(Committee.unit_id == unit_id, Committee.removed_at.is_(None))


# ---------------------------------------------------------------- what a step brings about


def _sent(passing: Passing) -> None:
    """The notice gets its number, the clock begins, and the other office is told."""
    referral, session = passing.record, passing.session
    day = today()
    referral.sent_at = referral.changed_at
    referral.number = numbers.take(session, Series.REFERRAL, session.get_one(Unit, referral.unit_id), day)
    referral.due_on = referral.due_on or _answer_by(session, referral)
    sign_by = calendar(session).after(day, whole(session, Setting.SIGN_DAYS))
    clocks.of_referral(session, referral, DeadlineKind.SIGN, sign_by)
    tidings.to_receiver(session, referral, f"有一件转办等待签收：{referral.number}")
    _lead(passing)


def _asked(passing: Passing) -> None:
    tidings.to_superior(
        passing.session,
        passing.record,
        rules.common_superior(passing.record.path, passing.record.to_path),
        "有一件平级转办等待批准。",
    )
    _lead(passing)


def _approved(passing: Passing) -> None:
    referral, session = passing.record, passing.session
    _sent(passing)
    tidings.to_sender(session, referral, f"平级转办已批准并发出：{referral.number}")


def _received(passing: Passing) -> None:
    """Custody moves: unit, committee, path; the mediators are the receiver's to choose."""
    referral, session = passing.record, passing.session
    referral.received_at = referral.changed_at
    case = session.get_one(Case, referral.case_id)
    _lead(passing)
    case.unit_id, case.path = referral.to_unit_id, referral.to_path
    case.committee_id = referral.to_committee_id
    case.mediators.clear()
    referral.due_on = referral.due_on or _answer_by(session, referral)
    clocks.done(session, DeadlineKind.SIGN, referral)
    clocks.of_referral(session, referral, DeadlineKind.ANSWER, referral.due_on)
    clocks.moved(session, case)
    tidings.to_sender(session, referral, f"转办已被签收：{referral.number}")


def _came_back(passing: Passing) -> None:
    referral, session = passing.record, passing.session
    _lead(passing)
    clocks.done(session, DeadlineKind.SIGN, referral)
    if passing.step.name != "withdraw":
        case = session.get_one(Case, referral.case_id)
        lookbacks.note(session, case, Fault.RETURNED, f"{passing.step.label}：{referral.return_reason}")
        tidings.to_sender(session, referral, f"转办被退回：{referral.return_reason}")


def _answered(passing: Passing) -> None:
    referral, session = passing.record, passing.session
    referral.answered_at = referral.changed_at
    clocks.done(session, DeadlineKind.ANSWER, referral)
    tidings.to_sender(session, referral, f"转办已有反馈，请核对后销号：{referral.number}")


def _lead(passing: Passing) -> None:
    """The case takes the step that its referral's step leads."""
    referral, session = passing.record, passing.session
    name = rules.LEADS.get(passing.step.name)
    if name is None:
        return
    case = session.get_one(Case, referral.case_id)
    words = referral.return_reason if name == "send_back" else str(referral)
    cases.advance(session, passing.actor, case, name, note=words or "", led=True)


def _answer_by(session: Session, referral: Referral) -> date:
    """The day on the notice, where the sender names none."""
    days = whole(session, Setting.URGED_ANSWER_DAYS if referral.urged else Setting.ANSWER_DAYS)
    return calendar(session).after(today(), days)


def _move(referral: Referral, state: rules.ReferralState) -> None:
    referral.state = state


LIFE = Life(
    word="referral",
    steps=rules.STEP,
    row=ReferralStep,
    stands=lambda referral: referral.state,
    move=_move,
    checks={"send": _may_leave, "ask": _may_leave, "receive": _may_arrive, "urge": urgings.drawn_up},
    effects={
        "send": _sent,
        "ask": _asked,
        "approve": _approved,
        "receive": _received,
        "refuse": _came_back,
        "send_back": _came_back,
        "withdraw": _came_back,
        "answer": _answered,
        "urge": urgings.begun,
    },
)

advance = partial(steps.advance, LIFE)
