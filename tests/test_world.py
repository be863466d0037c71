"""The test ground itself: the world is whole, and one test does not see another's changes."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import history
from admin_app.models.cases import Case
from admin_app.models.registry import REGISTERS
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.rules.cases import Stage
from tests.databases import Ground, open_engine, open_session
from tests.world import PEOPLE, World


def test_every_person_of_the_world_is_a_user(looking: Session, world: World) -> None:
    named = {looking.get_one(User, getattr(world, who)).username for who in PEOPLE}
    assert named == set(looking.scalars(select(User.username))) == set(PEOPLE)


def test_every_register_has_a_record_that_follows_its_own_rules(looking: Session) -> None:
    for register in REGISTERS.values():
        kept = looking.scalars(select(register.model)).all()
        assert kept, register.word
        assert [finding for record in kept for finding in register.rules(record) if finding.grave] == []


def test_just_the_cases_taken_up_have_a_number_and_a_day(looking: Session) -> None:
    for case in looking.scalars(select(Case)):
        taken_up = case.stage not in (Stage.REGISTERED, Stage.DECLINED)
        assert (case.number is not None, case.accepted_on is not None) == (taken_up, taken_up)


def test_the_world_has_an_unbroken_history(looking: Session) -> None:
    lines, broken = history.verify(looking)
    assert lines > 50
    assert broken is None


def test_a_change_in_one_copy_is_not_seen_in_the_next(ground: Ground, world: World) -> None:
    names = []
    for _ in range(2):
        with ground.world_url() as url:
            engine = open_engine(url)
            with open_session(engine) as session:
                city = session.get_one(Unit, world.city)
                names.append(city.name)
                city.name = "改过的市"
                session.commit()
            engine.dispose()
    assert names == ["金华市", "金华市"]
