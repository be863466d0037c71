"""What lies beside a frozen evaluation: the figures as they are today, and the period before.

Neither changes it. A case reopened after the figures were drawn shows here, and the score stays as it was.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from admin_app.models.evaluations import Evaluation, EvaluationItem
from admin_app.operations.evaluations import plan_of
from admin_app.operations.measuring import measure
from admin_app.rules.evaluations import PLACE, SHOWN, EvaluationState, came_before
from admin_app.rules.measures import BY_HAND, NOTHING, Evidence, Subject

Thing = tuple[str, int]  # a register's word and an id


@dataclass(frozen=True)
class Change:
    """A figure that is no longer what was frozen: as it is now, and what has gone from behind it or come."""

    now: Evidence
    gone: tuple[Thing, ...]
    come: tuple[Thing, ...]


def things(evidence: Evidence) -> list[Thing]:
    """The records behind a figure, one by one."""
    return [(word, each) for word, ids in evidence.behind for each in ids]


def changes(session: Session, evaluation: Evaluation) -> dict[int, Change]:
    """By the line's id, each figure that has changed since it was frozen."""
    lines = [line for line in evaluation.items if line.measure not in BY_HAND]
    plan = plan_of(session, evaluation)
    if not lines or plan.until is None:
        return {}
    subject = Subject.MEDIATOR if evaluation.mediator_id is not None else Subject.COMMITTEE
    who = evaluation.mediator_id or evaluation.committee_id
    asked = {line.measure for line in lines}
    figures = measure(session, subject, [who], asked, plan.since, plan.until).get(who, {})
    found = ((line.id, _change(line, figures.get(line.measure, NOTHING))) for line in lines)
    return {line_id: change for line_id, change in found if change is not None}


def _change(line: EvaluationItem, now: Evidence) -> Change | None:
    """Another number, or the same number of other things."""
    before, after = things(line.evidence), things(now)
    if (line.value, before) == (now.value, after):
        return None
    gone = tuple(each for each in dict.fromkeys(before) if each not in after)
    come = tuple(each for each in dict.fromkeys(after) if each not in before)
    if not (gone or come) and line.value == now.value and (line.hit, line.of) == (now.hit, now.of):
        return None  # the same things in another order
    return Change(now, gone, come)


def before(session: Session, evaluation: Evaluation) -> Evaluation | None:
    """The same subject's evaluation of the period before, once it was shown."""
    same = (
        Evaluation.mediator_id == evaluation.mediator_id
        if evaluation.mediator_id is not None
        else Evaluation.mediator_id.is_(None) & (Evaluation.committee_id == evaluation.committee_id)
    )
    shown = select(Evaluation).where(
        same,
        Evaluation.removed_at.is_(None),
        Evaluation.year <= evaluation.year,
        Evaluation.state.in_(SHOWN - {EvaluationState.EXEMPT}),
    )
    earlier = [
        each
        for each in session.scalars(shown.options(selectinload(Evaluation.items)))
        if came_before(each.year, each.half, evaluation.year, evaluation.half)
    ]
    return max(earlier, key=lambda each: (each.year, PLACE[each.half]), default=None)
