"""What holds of every database holds of a walked one."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.cases import Case
from admin_app.models.users import User
from admin_app.operations.deadlines import open_of
from tests.invariants import faults
from tests.test_lives import walk
from tests.world import World

Person = Callable[[str], User]


def test_walks_over_every_life_add_no_fault(session: Session, person: Person, world: World) -> None:
    """Up to another unit, back to mediation, into the archive; the world begins with a few faults."""
    before = set(faults(session))
    director, office, case = person("director"), person("office"), session.get_one(Case, world.case)
    walk(session, director, case, "triage", "accept", "start", "consult", "transfer")
    assert set(faults(session)) <= before
    walk(session, office, case.referrals[-1], "receive")
    walk(session, office, case, "assign", "hold_session", "settle", "close", "reopen")
    assert set(faults(session)) <= before
    walk(session, office, case, "settle", "follow_up", "close", "archive")
    walk(session, office, case.referrals[-1], "answer")
    walk(session, director, case.referrals[-1], "close")
    walk(session, office, case.dossiers[-1], "lend")
    assert set(faults(session)) <= before


def test_nobody_waits_for_a_visit_after_an_agreement_that_no_longer_stands(
    session: Session, person: Person, world: World
) -> None:
    """Settled, mediated anew, and failed at last."""
    before = set(faults(session))
    office, case = person("office"), session.get_one(Case, world.case)
    walk(session, office, case, "accept", "start", "settle", "close", "reopen", "fail", "close")
    assert open_of(session, case) == []
    assert set(faults(session)) <= before


def test_a_fault_is_found(session: Session, world: World) -> None:
    """Of each sentence it would be dull; one shows that the questions are asked at all."""
    before = set(faults(session))
    case = session.get_one(Case, world.settled_case)
    case.path = session.scalars(select(Case.path).where(Case.id == world.far_case)).one()
    assert set(faults(session)) - before == {f"case {case.id}: is not where its committee is"}


def test_nobody_waits_for_an_archived_case(session: Session, person: Person, world: World) -> None:
    director, case = person("director"), session.get_one(Case, world.case)
    walk(session, director, case, "accept", "start", "settle", "close")
    assert {each.kind.value for each in open_of(session, case)} == {"follow_up", "confirm"}
    walk(session, director, case, "archive")
    assert open_of(session, case) == []
