"""Oral cases fast: registered, accepted, mediated and settled in one go (formats.md E5 调解简易案件登记表).

Each is taken through its life by the same verbs as any other case, so every rule applies and every step
leaves its row. A sheet has a word of its own (`entry`), which the database keeps but once: pressed twice,
it makes nothing twice.
"""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.fields import field_of
from admin_app.models.registry import REGISTERS
from admin_app.models.users import User
from admin_app.operations import records
from admin_app.operations.given import Given, Line
from admin_app.operations.lives import take_step
from admin_app.rules.cases import (
    APPLICANT,
    CONSENT_GIVEN,
    NO_RISK,
    ON_APPLICATION,
    ORAL,
    PERFORMED,
    RESPONDENT,
)
from admin_app.rules.findings import Finding
from admin_app.rules.refusals import RecordRefused
from admin_app.rules.triage import SIMPLE

MOST = 50
_SIDES = (("applicant", APPLICANT), ("respondent", RESPONDENT))
_NEEDED = ("agreement", "performance", "fulfilment")
_TICKS = ("consent", "kin_checked", "rights_told")
# Where the findings of the verbs stand on the quick form.
_BESIDE = {
    "parties-0-name": "applicant",
    "parties-0-phone": "applicant_phone",
    "parties-1-name": "respondent",
    "parties-1-phone": "respondent_phone",
    "mediators": "mediator_id",
    "mediators-0-mediator_id": "mediator_id",
    "registered_on": "day",
    "accepted_on": "day",
    "mediated_on": "day",
    "agreed_on": "day",
}

Values = dict[str, Any]


def as_given(values: Values) -> Given:
    """The new case that a quick form describes."""
    return Given(
        {
            "committee_id": values.get("committee_id"),
            "registered_on": values.get("day"),
            "kind": values.get("kind"),
            "brief": values.get("brief"),
            "amount": values.get("amount"),
            "source": ON_APPLICATION,
            "difficulty": SIMPLE,
            "risk": NO_RISK,
            "people": len(_SIDES),
        },
        {
            "parties": [
                Line(
                    None,
                    {
                        "side": side,
                        "kind": "01",
                        "name": values.get(who),
                        "phone": values.get(f"{who}_phone"),
                    },
                )
                for who, side in _SIDES
            ],
            "mediators": [Line(None, {"mediator_id": values.get("mediator_id")})],
        },
    )


def register(session: Session, actor: User, values: Values, entry: str) -> Case:
    """One oral case, whole; findings stand beside the quick form's own fields."""
    policy.demand(actor, "case.quick")
    try:
        return _walked(session, actor, values, entry)
    except RecordRefused as refused:
        findings = [_beside(each) for each in refused.findings]
        # On a day that cannot be, no code was in force either: the day alone is to be mended.
        raise RecordRefused([each for each in findings if each.field == "day"] or findings) from refused


def register_all(session: Session, actor: User, rows: list[Values], entry: str) -> list[Case]:
    """All rows or none; each row says what is wrong with it."""
    cases, findings = [], []
    if len(rows) > MOST:
        raise RecordRefused([Finding("", f"一次最多登记 {MOST} 件，请分几次登记")])
    if not rows:
        raise RecordRefused([Finding("", "一件也没有填，请至少填一行")])
    for index, values in enumerate(rows):
        try:
            cases.append(register(session, actor, values, f"{entry}.{index}"))
        except RecordRefused as refused:
            findings += [each.under(f"rows-{index}") for each in refused.findings]
            if not session.is_active:  # the database has refused: it hears no further row
                break
    if findings:
        raise RecordRefused(findings)
    return cases


def made_of(session: Session, actor: User, entry: str) -> list[Case]:
    """The cases that a sheet has become, as far as the person may open them."""
    names = [entry, *(f"{entry}.{index}" for index in range(MOST))]
    query = select(Case).where(Case.entry.in_(names), policy.visible(Case, actor, "case.open"))
    return list(session.scalars(query.order_by(Case.id)))


def _walked(session: Session, actor: User, values: Values, entry: str) -> Case:
    case = _created(session, actor, values)
    if not policy.may(actor, "case.settle", case):
        raise RecordRefused([Finding("mediator_id", "您只能登记自己承办的案件，承办调解员请选自己")])
    case.entry = entry
    with records.saved_once():
        session.flush()
    for name, given in _steps(case, values, _place(session, case)):
        take_step(session, actor, case, name, given)
    return case


def _created(session: Session, actor: User, values: Values) -> Case:
    """The case; what its later steps would miss is told at once with what it lacks itself."""
    missing = [Finding(each, field_of(Case, each).ask) for each in _NEEDED if not values.get(each)]
    missing += [Finding(each, "请核对后打勾") for each in _TICKS if not values.get(each)]
    try:
        case: Case = records.create(session, actor, REGISTERS["case"], as_given(values))
    except RecordRefused as refused:
        raise RecordRefused([*refused.findings, *missing]) from refused
    if missing:
        raise RecordRefused(missing)
    return case


def _steps(case: Case, values: Values, place: str) -> list[tuple[str, Given]]:
    """What is given with each step of the short life."""
    day: date = case.registered_on
    fulfilment, perform_by = values.get("fulfilment"), values.get("perform_by") or day
    accepting = Given(
        {"accepted_on": day, "kin_checked": True},
        {"parties": [Line(each.id, {"consent": CONSENT_GIVEN}) for each in case.parties]},
    )
    agreement = {
        "form": ORAL,
        "agreed_on": day,
        "agreement": values.get("agreement"),
        "performance": values.get("performance"),
        "perform_by": perform_by,
        "rights_told_on": day,
    }
    done = {"fulfilment": fulfilment, "fulfilled_on": day if fulfilment == PERFORMED else None}
    return [
        ("accept", accepting),
        ("start", Given({"mediated_on": day, "place": place, "rights_told_on": day})),
        ("settle", Given(agreement)),
        ("fulfil", Given(done)),
    ]


def _place(session: Session, case: Case) -> str:
    """An oral case is settled where the committee sits."""
    return str(session.get_one(Committee, case.committee_id))


def _beside(finding: Finding) -> Finding:
    return Finding(_BESIDE.get(finding.field, finding.field), finding.sentence, finding.grave)
