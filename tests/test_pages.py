"""Pages of a list: in any order, through lines that come and go, none is missed and none is seen twice."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Numeric, delete, insert, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from admin_app.models.registry import REGISTERS
from admin_app.operations import pages
from admin_app.operations.edges import Edge, Key, Order, edge_of, read_edge
from admin_app.operations.pages import Lines, Page, Turning
from admin_app.views.lists import ListState, order, sortable


class _Base(DeclarativeBase):
    pass


class Slip(_Base):
    """A thing with something of everything that lists are sorted by; it lies here, there, or in both."""

    __tablename__ = "slips"
    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date | None]
    kind: Mapped[str]
    rank: Mapped[int]
    sum: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    here: Mapped[bool]
    there: Mapped[bool]
    removed: Mapped[bool] = mapped_column(default=False)


ORDERS: dict[str, Order] = {
    "id": (Key(Slip.id, True),),
    "day": (Key(Slip.day), Key(Slip.id)),
    "day down": (Key(Slip.day, True), Key(Slip.id, True)),
    "sum down": (Key(Slip.sum, True), Key(Slip.id, True)),
    "both ways": (Key(Slip.kind), Key(Slip.rank, True), Key(Slip.id)),
    "text": (Key(Slip.kind), Key(Slip.id)),
}
SIZE = 3
DAY = date(2026, 1, 1)
slips = st.fixed_dictionaries(
    {
        "day": st.none() | st.integers(0, 3).map(lambda days: DAY + timedelta(days)),
        "kind": st.sampled_from(["甲", "乙", "a'b", ""]),
        "rank": st.integers(0, 2),
        "sum": st.none() | st.sampled_from([Decimal("0.10"), Decimal("0.30"), Decimal("-5")]),
        "here": st.booleans(),
        "there": st.booleans(),
    }
)
# Before a page is turned, on or back: some come, and some of those that were there go.
EVENTS = st.lists(st.tuples(st.lists(slips, max_size=4), st.integers(0, 9), st.booleans()), max_size=8)
THOROUGH = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def table(looking: Session) -> Session:
    _Base.metadata.drop_all(looking.connection())
    _Base.metadata.create_all(looking.connection())
    return looking


def fill(session: Session, given: list[dict[str, Any]]) -> None:
    session.execute(delete(Slip))
    if given:
        session.execute(insert(Slip), given)


def turning(session: Session, order: Order) -> Turning:
    lines = Lines(Slip, (Slip.here, Slip.there), (~Slip.removed,))
    return Turning(session, lines, order, SIZE)


def beside(page: Page, order: Order, *, after: bool) -> tuple[int, Edge | None]:
    """The way to the next page or the one before, as the address carries it."""
    number = page.number + (1 if after else -1)
    text = edge_of(page.records[-1 if after else 0], order, number, after=after)
    return number, read_edge(text or "", order)


def happen(session: Session, coming: list[dict[str, Any]], every: int) -> None:
    """Lines come and go; the one at the edge may be among those that go."""
    if coming:
        session.execute(insert(Slip), coming)
    session.execute(update(Slip).where(Slip.id % 5 == every).values(removed=True))


def left_of_all(session: Session, order: Order, edge: int, *, after: bool) -> list[int]:
    """What ought to stand next to a line: told by the place that it has among all, even if it has gone."""
    every = list(
        session.execute(select(Slip.id, Slip.removed).where(Slip.here | Slip.there).order_by(*order))
    )
    place = [each.id for each in every].index(edge)
    beyond = every[place + 1 :] if after else every[:place]
    kept = [each.id for each in beyond if not each.removed]
    return kept[:SIZE] if after else kept[-SIZE:]


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@THOROUGH
@given(first=st.lists(slips, max_size=30), events=EVENTS, start=st.integers(1, 12))
def test_between_neighbouring_pages_nothing_is_missed_or_seen_twice(
    table: Session, order: Order, first: list[dict[str, Any]], events: list[Any], start: int
) -> None:
    fill(table, first)
    turn = turning(table, order)
    page = turn.page(start)
    for coming, every, after in events:
        if not page.records:
            return
        number, edge = beside(page, order, after=after)
        here = page.records[-1 if after else 0].id
        happen(table, coming, every)
        wanted = left_of_all(table, order, here, after=after)
        page = turn.page(number, edge)
        if wanted and number > 0:
            assert [each.id for each in page.records] == wanted
        else:
            assert bool(page.records) == bool(turn.lines.count(table))


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize(("cap", "walked"), [(10_000, 100_000), (7, 100_000), (7, 12), (7, 0)])
def test_every_way_to_a_page_leads_to_the_same_lines(
    table: Session, order: Order, cap: int, walked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is walked past is not counted: only further jumps, and those beyond the end, count all."""
    monkeypatch.setattr(pages, "COUNT_CAP", cap)
    monkeypatch.setattr(pages, "WALKED", walked)
    days = [None, DAY, DAY, DAY + timedelta(1)]
    fill(
        table,
        [
            {
                "day": days[n % 4],
                "kind": "甲乙"[n % 2],
                "rank": n % 2,
                "sum": None,
                "here": n % 3 < 2,
                "there": n % 3 > 0,
            }
            for n in range(25)
        ],
    )
    turn = turning(table, order)
    every = list(table.scalars(turn.lines.ids(order, 1000)))
    assert len(every) == 25
    wanted = {number + 1: every[number * SIZE : number * SIZE + SIZE] for number in range(9)}
    for number, ids in wanted.items():
        page = turn.page(number)
        assert [each.id for each in page.records] == ids
        first = (number - 1) * SIZE
        assert page.capped == (cap < 25 and (first + SIZE <= cap or first < walked))
        for way in (True, False):
            for far in (1, 2):
                to = number + far if way else number - far
                if to in wanted:
                    _, edge = beside(page, order, after=way)
                    assert [each.id for each in turn.page(to, edge).records] == wanted[to]
    assert turn.page(99).number == 9
    assert (turn.page(99).count, turn.page(99).capped) == (25, False)
    assert (turn.page(1).count, turn.page(1).capped) == (min(cap, 25), cap < 25)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a1",
        "a1[",
        "c1[null,1]",
        "a1[1]",
        'a1["2026-01-01"]',
        'a1["2026-01-01",1,1]',
        'a1["2026-13-01",1]',
        'a1["2026-01-01","x"]',
        'a1["2026-01-01",true]',
        'a1["2026-01-01",null]',
        f'a1["2026-01-01",{2**70}]',
        'a١["2026-01-01",1]',
        f"a1{'[' * 5000}",
    ],
)
def test_an_edge_that_makes_no_sense_is_none(text: str) -> None:
    assert read_edge(text, ORDERS["day"]) is None


def test_an_edge_is_read_as_it_was_written() -> None:
    edge = Edge(57, False, (DAY, 12))
    assert str(edge) == 'b57["2026-01-01",12]'
    assert read_edge(str(edge), ORDERS["day"]) == edge
    assert read_edge('a2["NaN",1]', ORDERS["sum down"]) is None
    assert read_edge('a2["1.50",1]', ORDERS["sum down"]) == Edge(2, True, (Decimal("1.50"), 1))


@pytest.mark.parametrize("word", REGISTERS)
def test_only_the_first_column_of_an_order_may_be_blank(word: str) -> None:
    register = REGISTERS[word]
    for sort in ["", *sortable(register)]:
        for key in order(ListState(register, sort=sort))[1:]:
            assert not key.column.property.columns[0].nullable, (sort, key.column.key)
