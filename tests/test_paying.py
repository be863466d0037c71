"""Payments on paper and draws of batches at once: nobody waits for somebody who waits for them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Event

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from admin_app.models.payments import Payment
from admin_app.models.registry import REGISTERS
from admin_app.models.subsidies import SubsidyItem
from admin_app.models.users import User
from admin_app.operations import records
from admin_app.operations.given import Given
from admin_app.rules.refusals import Refusal
from admin_app.rules.subsidies import LIVE
from tests.databases import open_session
from tests.test_subsidies import close, drawn
from tests.world import World

A_MOMENT = 0.5  # seconds: the other one has come to where it waits


@pytest.fixture
def two(engine: Engine, world: World) -> list[int]:
    """Two cases that a batch would take up, in the order in which it would."""
    with open_session(engine) as session:
        close(session, world.archived_case, closed_on=date(2026, 8, 20))
        close(session, world.settled_case, closed_on=date(2026, 8, 21))
        session.commit()
    return [world.archived_case, world.settled_case]


def pay(session: Session, world: World, case_id: int) -> None:
    given = {"case_id": case_id, "mediator_id": world.mediator}
    given |= {"amount": Decimal(50), "paid_on": date(2026, 10, 1)}
    records.create(session, session.get_one(User, world.bureau_county), REGISTERS["payment"], Given(given))
    session.flush()


def draw(engine: Engine, world: World, begun: Event) -> bool:
    with open_session(engine) as session:
        begun.set()
        try:
            drawn(session, session.get_one(User, world.office), world.subsidy)
            session.commit()
        except Refusal:
            return False
        return True


def pay_all(engine: Engine, world: World, cases: list[int], begun: Event) -> bool:
    with open_session(engine) as session:
        begun.set()
        try:
            for case_id in cases:
                pay(session, world, case_id)
            session.commit()
        except Refusal:
            return False
        return True


def paid_and_drawn(engine: Engine, cases: list[int]) -> tuple[int, int]:
    with open_session(engine) as session:
        paid = select(func.count()).where(Payment.case_id.in_(cases))
        live = select(func.count()).where(SubsidyItem.case_id.in_(cases), SubsidyItem.standing.in_(LIVE))
        return session.scalar(paid) or 0, session.scalar(live) or 0


def test_a_draw_waits_for_payments_in_another_order(engine: Engine, world: World, two: list[int]) -> None:
    """The book names first what the batch takes last; what the batch had read of them holds no more."""
    begun = Event()
    with ThreadPoolExecutor(1) as pool, open_session(engine) as session:
        pay(session, world, two[1])
        other = pool.submit(draw, engine, world, begun)
        begun.wait()
        with pytest.raises(TimeoutError):
            other.result(timeout=A_MOMENT)
        pay(session, world, two[0])
        session.commit()
        other.result()  # refused, or both cases left out: PostgreSQL read before it waited
    assert paid_and_drawn(engine, two) == (2, 0)


def test_payments_wait_for_a_draw(engine: Engine, world: World, two: list[int]) -> None:
    begun = Event()
    with ThreadPoolExecutor(1) as pool, open_session(engine) as session:
        drawn(session, session.get_one(User, world.office), world.subsidy)
        other = pool.submit(pay_all, engine, world, two[::-1], begun)
        begun.wait()
        with pytest.raises(TimeoutError):
            other.result(timeout=A_MOMENT)
        session.commit()
        assert not other.result()
    assert paid_and_drawn(engine, two) == (0, 2)


def test_two_books_of_payments_in_opposite_orders(engine: Engine, world: World, two: list[int]) -> None:
    begun = Event()
    with ThreadPoolExecutor(1) as pool, open_session(engine) as session:
        pay(session, world, two[0])
        other = pool.submit(pay_all, engine, world, two[::-1], begun)
        begun.wait()
        with pytest.raises(TimeoutError):
            other.result(timeout=A_MOMENT)
        pay(session, world, two[1])
        session.commit()
        assert not other.result()
    assert paid_and_drawn(engine, two) == (2, 0)
