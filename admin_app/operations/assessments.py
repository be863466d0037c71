"""The life of a risk assessment 稳评: its door `advance`, and the clock of its follow-up (M25)."""

from datetime import date, timedelta
from functools import partial

from sqlalchemy.orm import Session

from admin_app.models.assessments import Assessment, AssessmentStep
from admin_app.models.parameters import whole
from admin_app.operations import clocks, steps
from admin_app.operations.steps import Life, Passing
from admin_app.rules import assessments as rules
from admin_app.rules.assessments import Decision
from admin_app.rules.dates import today
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.findings import Finding
from admin_app.rules.parameters import Setting


def _assess(passing: Passing) -> list[Finding]:
    record = passing.record
    return rules.assess_findings(record.risk, len(record.measures), record.plan)


def _decide(passing: Passing) -> list[Finding]:
    """What is not carried out needs no following; otherwise a blank day is the parameters'."""
    record: Assessment = passing.record
    if record.decision is Decision.STOP:
        record.follow_by = None
    elif record.follow_by is None:
        record.follow_by = _next(passing.session, record.decided_on or today())
    return rules.decide_findings(record.risk, record.decision)


def _follow(passing: Passing) -> list[Finding]:
    """Having been followed, it is followed again: on the day given, or on the parameters'."""
    record: Assessment = passing.record
    done = passing.line.followed_on or today()
    if record.follow_by is None or record.follow_by <= done:
        record.follow_by = _next(passing.session, done)
    return []


def _next(session: Session, day: date) -> date:
    return day + timedelta(days=whole(session, Setting.ASSESS_FOLLOW_DAYS, today()))


def _clock(passing: Passing) -> None:
    """Whoever assessed must look again by the day."""
    record: Assessment = passing.record
    if record.waits and record.follow_by is not None:
        clocks.of_assessment(passing.session, record, record.follow_by)
    else:
        clocks.done(passing.session, DeadlineKind.ASSESS_FOLLOW, record)


def _move(assessment: Assessment, state: rules.AssessmentState) -> None:
    assessment.state = state


LIFE = Life(
    word="assessment",
    steps=rules.STEP,
    row=AssessmentStep,
    stands=lambda assessment: assessment.state,
    move=_move,
    checks={"assess": _assess, "decide": _decide, "follow": _follow},
    effects={"decide": _clock, "follow": _clock, "close": _clock},
)

advance = partial(steps.advance, LIFE)
