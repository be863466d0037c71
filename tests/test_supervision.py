"""Supervision of anything: one button for a superior, whoever must answer is asked, and nobody twice."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.database import db
from admin_app.grants import GRANTS
from admin_app.models.cases import Case
from admin_app.models.registry import REGISTERS
from admin_app.models.urgings import Urging
from admin_app.models.users import User
from admin_app.models.warnings import EarlyWarning
from admin_app.operations import clocks, daily, deadlines, records
from admin_app.operations.given import Given, Line
from admin_app.operations.lives import LIVES, take_step
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.refusals import NotNow, RecordRefused
from admin_app.rules.urgings import About, UrgingState
from tests.web import form_data, named
from tests.world import World

Person = Callable[[str], User]
REASON = "请说明原因并尽快办理"
# What is asked after, by whom, who must answer: unit and committee.
THINGS = [
    ("case", "mediating_case", "office", "village", "village_committee"),
    ("referral", "sent_referral", "bureau_county", "township", None),
    ("screening", "screening", "office", "village", "village_committee"),
    ("find", "find", "bureau_county", "village", "village_committee"),
    ("warning", "warning", "bureau_county", "township", None),
    ("warning", "own_warning", "office", "village", "village_committee"),
]


def thing(session: Session, world: World, word: str, key: str) -> Any:
    return session.get_one(REGISTERS[word].model, getattr(world, key))


def urge(session: Session, actor: User, record: Any, **more: Any) -> Urging:
    given = Given({}, {"urgings": [Line(None, {"reason": REASON, **more})]})
    take_step(session, actor, record, "urge", given)
    return record.urgings[-1]  # type: ignore[no-any-return]


def test_whatever_may_be_asked_after_has_the_step_and_the_right() -> None:
    assert {word for word, life in LIVES.items() if "urge" in life.steps} == {each.value for each in About}
    assert {word for word in REGISTERS if f"{word}.urge" in GRANTS} == {each.value for each in About}


@pytest.mark.parametrize(("word", "key", "who", "unit", "committee"), THINGS)
def test_a_superior_asks_and_whoever_has_the_thing_answers(
    session: Session,
    person: Person,
    world: World,
    word: str,
    key: str,
    who: str,
    unit: str,
    committee: str | None,
) -> None:
    actor, record = person(who), thing(session, world, word, key)
    urging = urge(session, actor, record)
    session.commit()
    assert (urging.about.value, urging.about_id, urging.subject) == (word, record.id, str(record))
    assert urging.unit_id == actor.posts[0].unit_id
    assert urging.to_unit_id == getattr(world, unit)
    assert urging.committee_id == (getattr(world, committee) if committee else None)
    [clock] = deadlines.open_of(session, urging)
    assert (clock.kind, clock.unit_id) == (DeadlineKind.URGE, urging.to_unit_id)
    assert record.steps[-1].facts == {"line": urging.id}
    session.refresh(record)
    assert urging in record.urgings
    answerer = person("director" if committee else "office")
    take_step(session, answerer, urging, "answer", Given({"answer": "已经约好双方"}))
    again = Given({"due_on": date(2027, 1, 8)})
    take_step(session, actor, urging, "urge_again", again)
    take_step(session, answerer, urging, "answer", Given({"answer": "已经办好"}))
    take_step(session, actor, urging, "close", Given({}))
    assert urging.state is UrgingState.CLOSED
    assert urge(session, actor, record).id != urging.id  # over; it may be asked after anew


@pytest.mark.parametrize(("word", "key", "who", "unit", "committee"), THINGS)
def test_a_unit_asks_after_a_thing_once_at_a_time(
    session: Session,
    person: Person,
    world: World,
    word: str,
    key: str,
    who: str,
    unit: str,
    committee: str | None,
) -> None:
    actor, record = person(who), thing(session, world, word, key)
    urge(session, actor, record)
    session.commit()
    with pytest.raises(RecordRefused, match="已经在督办"):
        urge(session, actor, record)


@pytest.mark.parametrize(
    ("word", "key", "who"),
    [
        ("referral", "sent_referral", "office"),  # the receiver itself
        ("screening", "screening", "director"),
        ("screening", "township_screening", "office"),
        ("find", "find", "owner"),
        ("warning", "warning", "office"),
        ("warning", "own_warning", "director"),
        ("warning", "warning", "bureau_far"),
        ("find", "find", "other_office"),
    ],
)
def test_nobody_supervises_themselves_or_others_people(
    session: Session, person: Person, world: World, word: str, key: str, who: str
) -> None:
    assert not policy.may(person(who), f"{word}.urge", thing(session, world, word, key))


def test_what_is_asked_after_is_not_removed(session: Session, person: Person, world: World) -> None:
    find = thing(session, world, "find", "find")
    urge(session, person("office"), find)
    with pytest.raises(NotNow, match="督办"):
        records.remove(session, person("director"), find)


def test_a_late_warning_is_supervised_by_the_daily_job_once(session: Session, world: World) -> None:
    warning = thing(session, world, "warning", "warning")
    clocks.of_warning(session, warning)
    for ahead in (0, 1, 9, 10, 20):
        daily.run(session, warning.due_on + timedelta(days=ahead))
    [urging] = session.scalars(select(Urging).where(Urging.about == About.WARNING)).all()
    assert (urging.unit_id, urging.to_unit_id, urging.case_id) == (world.county, world.township, None)
    assert "预警处置期限 2026-11-05" in urging.reason


@pytest.mark.parametrize("first", ["by hand", "by itself"])
def test_the_button_and_the_daily_job_do_not_ask_twice(
    session: Session, person: Person, world: World, first: str
) -> None:
    """The township asks after a late case: whoever is second finds the first."""
    case = session.get_one(Case, world.mediating_case)
    clocks.of_case(session, case, DeadlineKind.FINISH, date(2026, 9, 28))
    office, day = person("office"), date(2026, 10, 30)
    if first == "by hand":
        urge(session, office, case)
        assert daily.run(session, day)["列入督办"] == 1
    else:
        daily.run(session, day)
        with pytest.raises(RecordRefused, match="已经在督办"):
            urge(session, office, case)
        session.rollback()
        return
    mine = select(Urging).where(Urging.about_id == case.id, Urging.unit_id == world.township)
    assert len(session.scalars(mine).all()) == 1
    assert daily.run(session, day)["列入督办"] == 0


def test_it_is_issued_from_the_records_own_page_and_leads_back(app: Flask, world: World) -> None:
    here = named(app, world, "bureau_county")
    page = f"/warning/{world.warning}/step/urge"
    assert f'href="{page}"' in here.get(f"/warning/{world.warning}").text
    data = form_data(here.get(page).text)
    assert here.post(page, data).status_code == 422
    assert here.post(page, data | {"urgings-0-reason": REASON}).status_code == 302
    told = here.get(f"/warning/{world.warning}").text
    assert REASON in told or "督办" in told
    listed = here.get("/urging/").text
    assert "涉及人数多" in listed
    with app.app_context():
        query = select(Urging.id).where(Urging.about == About.WARNING)
        number = db.session.scalars(query).one()
        assert db.session.get_one(EarlyWarning, world.warning).urgings[-1].id == number
    assert f'href="/warning/{world.warning}"' in here.get(f"/urging/{number}").text
