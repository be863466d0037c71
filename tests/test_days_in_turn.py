"""No step of the corps has a day before that of the step it follows, nor one to come."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from admin_app.models.awards import AwardApplication, AwardObjection
from admin_app.models.subsidies import Objection, Subsidy
from admin_app.models.users import User
from admin_app.operations import awards, subsidies
from admin_app.operations.given import Given, Line
from admin_app.operations.lives import take_step
from admin_app.operations.steps import Passing
from admin_app.rules import dates
from admin_app.rules.awards import AwardState, Outcome
from admin_app.rules.dates import in_turn, now, today
from admin_app.rules.refusals import NotNow
from admin_app.rules.subsidies import SubsidyState
from tests.world import World

Person = Callable[[str], User]
NEAR = st.integers(-400, 400).map(lambda days: today() + timedelta(days=days))


@given(day=st.none() | NEAR, since=st.none() | NEAR)
def test_a_day_is_taken_from_the_step_before_up_to_today(day: date | None, since: date | None) -> None:
    fits = day is None or ((since is None or day >= since) and day <= today())
    assert (in_turn("day", day, since, "上一步") == []) is fits


def reviewed(award: AwardApplication, day: date) -> None:
    row = awards.AwardStep(
        at=dates.begins(day), name="review", source=AwardState.APPLIED, target=AwardState.REVIEWED
    )
    award.steps.append(row)


def passed_again(subsidy: Subsidy, day: date) -> None:
    row = subsidies.SubsidyStep(
        at=dates.begins(day), name="review", source=SubsidyState.FIRST_REVIEWED, target=SubsidyState.REVIEWED
    )
    subsidy.steps.append(row)


Dated = tuple[str, str, Callable[[Any, date], None], Callable[[Any, date], Any]]
SUBSIDY: list[Dated] = [
    ("notice", "noticed_on", passed_again, lambda each, day: setattr(each, "noticed_on", day)),
    (
        "object",
        "objections-0-raised_on",
        lambda each, since: setattr(each, "noticed_on", since),
        lambda each, day: Objection(raised_on=day),
    ),
]
AWARD: list[Dated] = [
    ("score", "panel_on", reviewed, lambda each, day: setattr(each, "panel_on", day)),
    (
        "object",
        "objections-0-raised_on",
        lambda each, since: setattr(each, "notice_from", since),
        lambda each, day: AwardObjection(raised_on=day),
    ),
    (
        "file",
        "filed_on",
        lambda each, since: setattr(each, "granted_on", since),
        lambda each, day: setattr(each, "filed_on", day),
    ),
]


@pytest.mark.parametrize("offset", [-400, -41, -40, -39, -1, 0, 1, 2, 30])
@pytest.mark.parametrize(
    ("word", "dated"), [*(("subsidy", each) for each in SUBSIDY), *(("award", each) for each in AWARD)]
)
def test_every_dated_step_keeps_its_turn(
    session: Session, person: Person, world: World, word: str, dated: Dated, offset: int
) -> None:
    name, field, begun, typed = dated
    life = subsidies.LIFE if word == "subsidy" else awards.LIFE
    record: Any = session.get_one(
        Subsidy if word == "subsidy" else AwardApplication,
        world.subsidy if word == "subsidy" else world.award,
    )
    since, day = today() - timedelta(days=40), today() + timedelta(days=offset)
    with session.no_autoflush:
        begun(record, since)
        line = typed(record, day)
        found = life.checks[name](Passing(session, person("bureau_county"), record, life.steps[name], line))
    told = [
        each
        for each in found
        if each.field == field and ("不能早于" in each.sentence or "今天" in each.sentence)
    ]
    assert bool(told) is not (since <= day <= today())


def objected(session: Session, bureau: User, award: AwardApplication) -> None:
    values = {"raised_on": today(), "raiser": "丁某", "contact": "", "content": "案件数有误"}
    take_step(session, bureau, award, "object", Given(lines={"objections": [Line(None, values)]}))


def test_an_answered_objection_to_an_award_is_not_answered_again(
    session: Session, person: Person, world: World
) -> None:
    bureau, award = person("bureau_county"), session.get_one(AwardApplication, world.other_award)
    objected(session, bureau, award)

    def answer(outcome: Outcome, words: str) -> None:
        line = Line(award.objections[0].id, {"outcome": outcome, "answer": words})
        take_step(session, bureau, award, "answer", Given(lines={"objections": [line]}))

    answer(Outcome.REJECTED, "经查属实")
    session.commit()
    for outcome, words in ((Outcome.UPHELD, "经查属实"), (Outcome.REJECTED, "另一种说法")):
        with pytest.raises(NotNow, match="已经答复过"):
            answer(outcome, words)
        session.rollback()
    with pytest.raises(NotNow, match="没有要答复的"):
        answer(Outcome.REJECTED, "经查属实")
    session.rollback()
    assert award.objections[0].answered_at is not None
    assert award.objections[0].answered_at <= now()


def test_an_answered_objection_to_a_batch_is_not_answered_again(
    session: Session, person: Person, world: World
) -> None:
    bureau, subsidy = person("bureau_county"), session.get_one(Subsidy, world.subsidy)
    subsidy.state, subsidy.noticed_on, subsidy.notice_until = SubsidyState.NOTICED, today(), today()
    subsidy.objections.append(Objection(objector="丁某", raised_on=today(), content="没有调解过"))
    session.flush()

    def answer(words: str) -> None:
        line = Line(subsidy.objections[0].id, {"answer": words})
        take_step(session, bureau, subsidy, "answer", Given(lines={"objections": [line]}))

    answer("经查卷宗齐全")
    session.commit()
    with pytest.raises(NotNow, match="已经答复过"):
        answer("另一种说法")
    session.rollback()
    with pytest.raises(NotNow, match="没有要答复的"):
        answer("经查卷宗齐全")
