"""A visit becomes a case: everything carried over, once, in one transaction.

Personal data never travels to the screen and back. The form shows masks; what was left as it stands is
copied here, from the visit into the case.
"""

from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.cases import RESIDENT_CARD, Case, Party
from admin_app.models.fields import fields_of
from admin_app.models.registry import REGISTERS
from admin_app.models.users import User
from admin_app.models.visits import Visit
from admin_app.operations import records
from admin_app.operations.given import Given, Line
from admin_app.rules import visits as rules
from admin_app.rules.cases import APPLICANT, ON_APPLICATION, RESPONDENT
from admin_app.rules.dates import now
from admin_app.rules.duplicates import names_in
from admin_app.rules.refusals import NotNow

VISITOR = 1  # the line of the draft that stands for the visitor; the others follow
CARRIED = ("id_number", "phone", "address")


def may_be_taken_up(actor: User, visit: Visit) -> None:
    """403 without the right, 409 where the visit has become a case or is not to."""
    policy.demand(actor, "visit.convert", visit)
    sentence = refusal(visit)
    if sentence:
        raise NotNow(sentence)


def refusal(visit: Visit) -> str | None:
    """Why a visit does not become a case now."""
    return rules.taken_up_already(visit.case_id is not None) or rules.not_for_taking_up(visit.opinion)


def drafted(visit: Visit) -> Case:
    """The case as it would be; it belongs to no session and is never saved. Its lines are numbered."""
    others = names_in(visit.counterpart)
    visitor = Party(
        id=VISITOR,
        side=APPLICANT,
        name=visit.name,
        sex=visit.sex,
        birth_on=visit.birth_on,
        id_kind=RESIDENT_CARD if visit.id_number else None,
        **{name: getattr(visit, name) for name in CARRIED},
    )
    against = [
        Party(id=VISITOR + place, side=RESPONDENT, name=name) for place, name in enumerate(others, start=1)
    ]
    case = Case(parties=[visitor, *against])
    for thing in (case, *case.parties):
        for each in fields_of(type(thing)):
            if each.start is not None and getattr(thing, each.name) is None and each.open_to(None):
                setattr(thing, each.name, each.start)
    case.committee_id, case.kind, case.brief = visit.committee_id, visit.kind or "", visit.matter
    case.source, case.people = ON_APPLICATION, visit.people + len(others)
    return case


def carried(visit: Visit, given: Given) -> Given:
    """What was given, with the visitor's personal data where nobody typed it anew."""
    known = {name: getattr(visit, name) for name in CARRIED}
    parties = [
        Line(None, {**known, **each.values} if each.id == VISITOR else each.values)
        for each in given.lines.get("parties", [])
    ]
    return Given(given.values, {**given.lines, "parties": parties})


def take_up(session: Session, actor: User, visit: Visit, given: Given) -> Case:
    """Make the case, and let the visit say so. Whoever comes second is told (409)."""
    may_be_taken_up(actor, visit)
    case: Case = records.create(session, actor, REGISTERS["case"], carried(visit, given))
    visit.case_id, visit.outcome, visit.changed_at = case.id, rules.outcome(visit.outcome), now()
    visit.opinion = rules.opinion(visit.opinion)
    with records.saved_once():
        session.flush()
    return case
