"""The life of a request for help: its door `advance` (M05, M16)."""

from functools import partial

from admin_app.models.assistances import Assistance, AssistanceStep
from admin_app.operations import clocks, steps, tidings
from admin_app.operations.steps import Life, Passing
from admin_app.rules import assistances as rules
from admin_app.rules.deadlines import DeadlineKind


def asked(passing: Passing) -> None:
    """A step of the case has made the request: the clock begins, and the helper is told."""
    assistance: Assistance = passing.line
    if assistance.due_on is not None:
        clocks.of_assistance(passing.session, assistance, assistance.due_on)
    tidings.to_helper(passing.session, assistance, f"请您协同办理一件案件：{assistance.task[:60]}")


def _answered(passing: Passing) -> None:
    assistance, session = passing.record, passing.session
    assistance.answered_at = assistance.changed_at
    clocks.done(session, DeadlineKind.ASSIST, assistance)
    tidings.to_holder(session, assistance.case_id, assistance, "协同方已反馈意见。")


def _withdrawn(passing: Passing) -> None:
    clocks.done(passing.session, DeadlineKind.ASSIST, passing.record)


def _move(assistance: Assistance, state: rules.AssistanceState) -> None:
    assistance.state = state


LIFE = Life(
    word="assistance",
    steps=rules.STEP,
    row=AssistanceStep,
    stands=lambda assistance: assistance.state,
    move=_move,
    effects={"answer": _answered, "withdraw": _withdrawn},
)

advance = partial(steps.advance, LIFE)
