"""The life of a hand-over: its door `advance`, and what its letter does to the case (M15; formats.md 3.4)."""

from functools import partial

from admin_app.models.hand_overs import HandOver, HandOverStep
from admin_app.models.units import Unit
from admin_app.operations import clocks, lookbacks, numbers, steps
from admin_app.operations.steps import Life, Passing
from admin_app.rules import hand_overs as rules
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.findings import Finding
from admin_app.rules.lookbacks import Fault
from admin_app.rules.numbers import Series


def taken_over(passing: Passing) -> list[Finding]:
    """A letter from an agency sets the source of the case."""
    letter: HandOver = passing.line
    letter.way = rules.Way.IN
    if not letter.number:
        return [Finding("hand_overs-0-number", "请照来函填写函号；没有函号的写“无”")]
    passing.record.source = rules.SOURCE_OF_AGENCY.get(letter.agency_kind, passing.record.source)
    return []


def handed_over(passing: Passing) -> list[Finding]:
    """A letter to an agency; its number is taken when everything else is in order."""
    passing.line.way, passing.line.number = rules.Way.OUT, None
    return []


def begun(passing: Passing) -> None:
    """The letter is in the file: a number of ours for one that goes out, and the clock for the answer."""
    letter, session = passing.line, passing.session
    if letter.way is rules.Way.OUT:
        letter.number = numbers.take(
            session, Series.LETTER, session.get_one(Unit, letter.unit_id), letter.sent_on
        )
        if letter.agency_kind == rules.POLICE:
            lookbacks.note(session, passing.record, Fault.ESCALATED, f"移送公安机关：{letter.agency}")
    if letter.due_on is not None:
        clocks.of_hand_over(session, letter, letter.due_on)


def _fed_back(passing: Passing) -> None:
    clocks.done(passing.session, DeadlineKind.FEED_BACK, passing.record)


def _move(hand_over: HandOver, state: rules.HandOverState) -> None:
    hand_over.state = state


LIFE = Life(
    word="hand_over",
    steps=rules.STEP,
    row=HandOverStep,
    stands=lambda hand_over: hand_over.state,
    move=_move,
    effects={"feed_back": _fed_back},
)

advance = partial(steps.advance, LIFE)
