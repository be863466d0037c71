"""Clocks that no step has started: of what was imported, and of agreements whose day has come (M19)."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from admin_app.models.awards import AwardApplication
from admin_app.models.cases import Case
from admin_app.models.deadlines import Deadline
from admin_app.models.holidays import calendar
from admin_app.models.parameters import whole
from admin_app.models.referrals import Referral
from admin_app.models.registry import register_of
from admin_app.models.trainings import Training
from admin_app.operations import clocks
from admin_app.operations.trainings import start_clock
from admin_app.rules.awards import HELD, months_after
from admin_app.rules.cases import UNPERFORMED, Stage
from admin_app.rules.dates import local
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.parameters import Setting
from admin_app.rules.referrals import ReferralState
from admin_app.rules.trainings import TrainingState

BATCH = 200
FARTHEST = timedelta(days=366)  # an agreement whose day passed longer ago is not gone after by itself


def start(session: Session, day: date) -> int:
    """Clocks of cases and referrals that came in by an import, with the days that they brought along."""
    working = calendar(session)
    sign_days = whole(session, Setting.SIGN_DAYS, day)
    worked = Case.stage.in_((Stage.ACCEPTED, Stage.MEDIATING))
    sent = and_(Referral.state == ReferralState.SENT, Referral.sent_at.is_not(None))
    received = and_(Referral.state == ReferralState.RECEIVED, Referral.due_on.is_not(None))
    finish, sign, answer = DeadlineKind.FINISH, DeadlineKind.SIGN, DeadlineKind.ANSWER

    def to_sign(referral: Referral) -> None:
        assert referral.sent_at is not None
        last = working.after(local(referral.sent_at).date(), sign_days)
        clocks.of_referral(session, referral, sign, last)

    def to_answer(referral: Referral) -> None:
        assert referral.due_on is not None
        clocks.of_referral(session, referral, answer, referral.due_on)

    def to_finish(case: Case) -> None:
        assert case.due_on is not None
        clocks.of_case(session, case, finish, case.due_on)

    def to_recheck(award: AwardApplication) -> None:
        assert award.granted_on is not None
        years = max(day.year - award.granted_on.year, 1)
        due = months_after(award.granted_on, 12 * years)
        clocks.of_award(session, award, recheck, due if due >= day else months_after(due, 12))

    recheck = DeadlineKind.RECHECK
    borne = and_(AwardApplication.state.in_(HELD), AwardApplication.granted_on.is_not(None))
    planned = and_(Training.state == TrainingState.PLANNED, Training.held_from.is_not(None))
    return (
        _start(session, Training, DeadlineKind.TRAIN, planned, partial(start_clock, session))
        + _start(session, AwardApplication, recheck, borne, to_recheck)
        + _start(session, Case, finish, and_(worked, Case.due_on.is_not(None)), to_finish)
        + _start(session, Referral, sign, sent, to_sign)
        + _start(session, Referral, answer, received, to_answer)
    )


def follow_up(session: Session, day: date) -> int:
    """人民调解法 31: a settled case is visited, and again when the day of performance has passed.

    A task that is made up for is not late on the day on which it is made.
    """
    days = timedelta(days=whole(session, Setting.FOLLOW_UP_DAYS, day))
    never = and_(Case.stage == Stage.SETTLED, Case.agreed_on.is_not(None), Case.visited_on.is_(None))
    passed = and_(
        Case.stage.in_((Stage.SETTLED, Stage.CLOSED)),
        Case.perform_by.between(day - FARTHEST, day - timedelta(days=1)),
        or_(Case.fulfilment.is_(None), Case.fulfilment.in_(UNPERFORMED)),
        or_(Case.visited_on.is_(None), Case.visited_on <= Case.perform_by),
    )

    def visit(case: Case, since: date | None) -> None:
        assert since is not None
        due_on = since + days if since + days >= day else day + days
        clocks.of_case(session, case, DeadlineKind.FOLLOW_UP, due_on)

    kind = DeadlineKind.FOLLOW_UP
    count = _start(session, Case, kind, never, lambda case: visit(case, case.agreed_on))
    return count + _start(session, Case, kind, passed, lambda case: visit(case, case.perform_by), again=True)


def _start(
    session: Session,
    model: Any,
    kind: DeadlineKind,
    where: ColumnElement[bool],
    begin: Callable[[Any], None],
    *,
    again: bool = False,
) -> int:
    """A clock for each live thing that has none of this kind; `again`, that has none that runs."""
    known = [Deadline.word == register_of(model).word, Deadline.kind == kind, Deadline.record_id == model.id]
    if again:
        known.append(Deadline.done_at.is_(None))
    count = 0
    for record in _each(session, model, where, ~exists().where(*known)):
        begin(record)
        count += 1
    return count


def _each(session: Session, model: Any, *where: ColumnElement[bool]) -> Iterator[Any]:
    """The records in batches, in the order of their ids.

    Locked and asked once more, so that of two jobs at once the second finds the clocks of the first.
    """
    live = select(model).where(model.removed_at.is_(None), *where).order_by(model.id)
    last_id = 0
    while batch := list(session.scalars(live.where(model.id > last_id).limit(BATCH).with_for_update())):
        ids = [each.id for each in batch]
        still = set(session.scalars(live.with_only_columns(model.id).where(model.id.in_(ids))))
        yield from (each for each in batch if each.id in still)
        last_id = ids[-1]
