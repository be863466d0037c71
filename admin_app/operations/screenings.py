"""The life of a screening 排查: its door `advance`, and what a report brings about (M23; lifecycle.md 5)."""

from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, inspect, or_

from admin_app.models.base import path_under
from admin_app.models.finds import Find
from admin_app.models.screenings import Screening, ScreeningStep
from admin_app.models.users import Role, User
from admin_app.operations import finds, major_reports, steps, urgings
from admin_app.operations.notices import people_at, people_of, tell
from admin_app.operations.steps import Life, Passing
from admin_app.rules import screenings as rules
from admin_app.rules.dates import now, today
from admin_app.rules.findings import Finding
from admin_app.rules.finds import UNSETTLED
from admin_app.rules.screenings import Found
from admin_app.rules.tiers import PATH_WIDTH, tier_below, tier_of

OFFICES = (Role.BUREAU, Role.OFFICE)
REPORTERS = (Role.COMMITTEE, Role.MEDIATOR)


def _with_finds(passing: Passing) -> list[Finding]:
    """A report of finds holds one at least; each lives where the screening does."""
    screening = passing.record
    findings = _taken_out(screening)
    for each in screening.finds:
        if not inspect(each).has_identity:
            each.found_on = screening.screened_on or today()
            each.committee_id, each.unit_id = screening.committee_id, screening.unit_id
            each.path = screening.path
    if not screening.finds:
        findings.append(Finding("finds", "请至少填一条发现；没有发现的，请点“零报告”"))
    return findings


def _taken_out(screening: Screening) -> list[Finding]:
    """Finds that a second report leaves out go to the recycle bin, unless something came of them."""
    gone: list[Find] = list(inspect(screening).attrs.finds.history.deleted or ())
    for each in gone:
        each.removed_at = now()
    kept = [each for each in gone if each.state not in UNSETTLED]
    return [Finding("finds", f"“{each}”{each.state.label}，不能删去") for each in kept]


def _reported(passing: Passing) -> None:
    screening, session, actor = passing.record, passing.session, passing.actor
    assert actor is not None
    screening.found = Found.SOMETHING if screening.finds else Found.NOTHING
    screening.reported_on = today()
    screening.screened_on = screening.screened_on or today()
    screening.screeners = screening.screeners or actor.name
    for each in screening.finds:
        if each.outcome and each.state in UNSETTLED:
            finds.settle_at_once(session, actor, each)
        major_reports.watch(session, each)


def _sent_back(passing: Passing) -> None:
    """It is owed again, and whoever reported it is told why."""
    screening, session = passing.record, passing.session
    screening.found = screening.reported_on = None
    people = people_of(session, screening.committee_id, REPORTERS)
    people = people or people_at(session, screening.unit_id, OFFICES)
    tell(session, people, f"排查报告被退回，请补充后再报：{screening.opinion}"[:200], screening)


def _move(screening: Screening, state: rules.ScreeningState) -> None:
    screening.state = state


LIFE = Life(
    word="screening",
    steps=rules.STEP,
    row=ScreeningStep,
    stands=lambda screening: screening.state,
    move=_move,
    checks={"report": _with_finds, "urge": urgings.drawn_up},
    effects={"report": _reported, "zero": _reported, "send_back": _sent_back, "urge": urgings.begun},
)

advance = partial(steps.advance, LIFE)


# ---------------------------------------------------------------- whose turn it is


def owed_by(user: User) -> ColumnElement[bool]:
    """SQL: what a person's own committee or own office has to report, not all that lies below them."""
    return of_own(Screening, user)


def of_own(model: Any, user: User) -> ColumnElement[bool]:
    """SQL: what is of a person's own committee or own office."""
    committees = [post.committee_id for post in user.posts if post.committee_id is not None]
    units = [post.unit_id for post in user.posts if post.committee_id is None]
    return or_(model.committee_id.in_(committees), model.unit_id.in_(units))


def brought_before(user: User) -> ColumnElement[bool]:
    """SQL: what the units directly below a person's office have reported: theirs to review."""
    found: list[ColumnElement[bool]] = [false()]
    for post in user.posts:
        if len(post.path) < max(PATH_WIDTH.values()):
            width = PATH_WIDTH[tier_below(tier_of(post.path))]
            found.append(and_(path_under(Screening.path, post.path), func.length(Screening.path) == width))
    return or_(*found)
