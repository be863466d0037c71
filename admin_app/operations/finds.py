"""The life of a find 排查发现: its door `advance`, and how one becomes a case (M23; lifecycle.md 5)."""

from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.cases import Case, Party
from admin_app.models.fields import fields_of
from admin_app.models.finds import Find, FindStep
from admin_app.models.registry import REGISTERS
from admin_app.models.users import User
from admin_app.operations import records, steps, urgings
from admin_app.operations.given import Given
from admin_app.operations.steps import Life, Passing
from admin_app.rules import finds as rules
from admin_app.rules.cases import APPLICANT, OWN_INITIATIVE, RESPONDENT
from admin_app.rules.duplicates import names_in
from admin_app.rules.findings import Finding


def _resolved(passing: Passing) -> list[Finding]:
    find = passing.record
    if find.resolved_on and find.resolved_on < find.found_on:
        return [Finding("resolved_on", "化解日期不能早于排查日期")]
    return []


def _move(find: Find, state: rules.FindState) -> None:
    find.state = state


LIFE = Life(
    word="find",
    steps=rules.STEP,
    row=FindStep,
    stands=lambda find: find.state,
    move=_move,
    checks={"resolve": _resolved, "urge": urgings.drawn_up},
    effects={"urge": urgings.begun},
)

advance = partial(steps.advance, LIFE)


def settle_at_once(session: Session, actor: User, find: Find) -> None:
    """A find whose report says how it was settled on the spot."""
    find.resolved_on = find.resolved_on or find.found_on
    advance(session, actor, find, "resolve", led=True)


# ---------------------------------------------------------------- to a case


def may_be_taken_up(actor: User, find: Find) -> None:
    """403 without the right, 409 where the find is settled."""
    policy.demand(actor, "find.convert", find)
    rules.STEP["convert"].check(find.state)


def drafted(find: Find) -> Case:
    """The case as it would be; it belongs to no session and is never saved. The first named applies."""
    names = names_in(find.persons)
    parties = [Party(side=RESPONDENT if place else APPLICANT, name=name) for place, name in enumerate(names)]
    case = Case(parties=parties)
    for thing in (case, *case.parties):
        for each in fields_of(type(thing)):
            if each.start is not None and getattr(thing, each.name) is None and each.open_to(None):
                setattr(thing, each.name, each.start)
    if find.committee_id is not None:
        case.committee_id = find.committee_id
    case.kind, case.brief = find.kind, find.story
    case.source, case.people, case.risk = OWN_INITIATIVE, find.people, find.risk
    return case


def take_up(session: Session, actor: User, find: Find, given: Given) -> Case:
    """Make the case; the find says so, and the case's page leads back. Whoever comes second is told (409)."""
    may_be_taken_up(actor, find)
    case: Case = records.create(session, actor, REGISTERS["case"], given)
    find.case_id = case.id
    advance(session, actor, find, "convert", led=True)
    return case


def of_case(session: Session, case: Case) -> list[Any]:
    """The finds that a case came from."""
    query = session.query(Find).filter(Find.case_id == case.id, Find.removed_at.is_(None))
    return query.order_by(Find.id).all()
