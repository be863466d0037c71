"""The life of a supervision 督办: its door `advance`, and how one is issued (M21; lifecycle.md 4)."""

from datetime import date
from functools import partial

from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.areas import posts_of
from admin_app.models.cases import Case
from admin_app.models.holidays import calendar
from admin_app.models.parameters import whole
from admin_app.models.units import Unit
from admin_app.models.urgings import Urging, UrgingStep
from admin_app.operations import clocks, numbers, steps, tidings
from admin_app.operations.steps import Life, Passing
from admin_app.rules import urgings as rules
from admin_app.rules.dates import now, today
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.findings import Finding
from admin_app.rules.numbers import Series
from admin_app.rules.parameters import Setting
from admin_app.rules.tiers import covers


def drawn_up(passing: Passing) -> list[Finding]:
    """Who asks is the actor's own unit; who is asked holds the case."""
    case, session = passing.record, passing.session
    assert passing.actor is not None
    post = next(
        post
        for post in posts_of(passing.actor)
        if policy.GRANTS["case.urge"].get(post.role) is not None and covers(post.path, case.path)
    )
    draw_up(session, passing.line, case, post.unit)
    return []


def draw_up(session: Session, urging: Urging, case: Case, superior: Unit, day: date | None = None) -> None:
    """Fill in what follows from the case and from who asks; a blank deadline is the parameters'."""
    day = day or today()
    days = whole(session, Setting.URGED_ANSWER_DAYS, day)
    urging.case_id = case.id
    urging.unit_id, urging.path = superior.id, superior.path
    urging.to_unit_id, urging.to_path, urging.committee_id = case.unit_id, case.path, case.committee_id
    urging.due_on = urging.due_on or calendar(session).after(day, days)
    urging.issued_at = now()
    urging.number = numbers.take(session, Series.URGING, superior, day)


def begun(passing: Passing) -> None:
    """A step of the case has issued it."""
    issued(passing.session, passing.line)


def issued(session: Session, urging: Urging) -> None:
    """The clock begins, and whoever holds the case is told."""
    clocks.of_urging(session, urging)
    tidings.to_urged(session, urging, f"上级督办，请按期答复：{urging.reason[:60]}")


def _answered(passing: Passing) -> None:
    urging, session = passing.record, passing.session
    urging.answered_at = urging.changed_at
    clocks.done(session, DeadlineKind.URGE, urging)
    tidings.to_urger(session, urging, f"督办已有答复：{urging.number}")


def _again(passing: Passing) -> None:
    issued(passing.session, passing.record)


def _move(urging: Urging, state: rules.UrgingState) -> None:
    urging.state = state


LIFE = Life(
    word="urging",
    steps=rules.STEP,
    row=UrgingStep,
    stands=lambda urging: urging.state,
    move=_move,
    effects={"answer": _answered, "urge_again": _again},
)

advance = partial(steps.advance, LIFE)
