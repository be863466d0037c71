"""Figures as of a past moment equal those that were counted then, whatever has happened since."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from admin_app import history, tally
from admin_app.models.cases import Case, Party
from admin_app.models.committees import Committee
from admin_app.models.monthly import Monthly
from admin_app.models.preventions import Prevention
from admin_app.models.referrals import Referral
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import records
from admin_app.operations.behind import cases_behind
from admin_app.operations.figure_changes import changed_since
from admin_app.operations.figures import Line, RowKind, count
from admin_app.operations.lives import take_step
from admin_app.rules.cases import Stage
from admin_app.rules.dates import now
from admin_app.rules.periods import Period, half
from admin_app.rules.referrals import Direction, ReferralState
from tests.test_figures import COMMITTEES, line, make
from tests.walking import given_for
from tests.world import World

Person = Callable[[str], User]
ANY = Period()
codes = st.sampled_from(("1", "2", "3", "4", "7", "18", "新"))
edits = st.one_of(
    st.tuples(st.sampled_from(("kind", "source", "difficulty")), codes),
    st.tuples(st.just("result"), st.sampled_from((None, "1", "2"))),
    st.tuples(st.just("form"), st.sampled_from((None, "1", "2"))),
    st.tuples(st.just("fulfilment"), st.sampled_from((None, "03", "05"))),
    st.tuples(st.just("stage"), st.sampled_from(Stage)),
    st.tuples(st.just("accepted_on"), st.sampled_from((None, date(2026, 3, 1), date(2026, 8, 1)))),
    st.tuples(st.just("people"), st.none() | st.integers(0, 50)),
    st.tuples(st.just("amount"), st.sampled_from((None, Decimal("88.50"), Decimal(70000)))),
)
acts = st.one_of(
    st.tuples(st.just("edit"), st.lists(edits, min_size=1, max_size=3)),
    st.tuples(st.sampled_from(("bin", "make", "bulk", "party", "prevent", "take_out")), st.none()),
    st.tuples(st.just("move"), st.sampled_from(COMMITTEES)),
    st.tuples(st.just("body"), st.sampled_from(("01", "03", "06"))),
    st.tuples(st.just("month"), st.integers(0, 9)),
)


class Walk:
    """Changes as anything might make them, each in a transaction of its own."""

    def __init__(self, session: Session, world: World) -> None:
        self.session, self.world = session, world

    def act(self, name: str, given: Any, pick: int) -> None:
        cases = list(self.session.scalars(select(Case).order_by(Case.id)))
        getattr(self, name)(cases[pick % len(cases)], given)
        self.session.commit()

    def edit(self, case: Case, given: list[tuple[str, Any]]) -> None:
        for name, value in given:
            setattr(case, name, value)
            self.session.flush()

    def bin(self, case: Case, given: None) -> None:
        case.removed_at = None if case.removed_at else now()

    def make(self, case: Case, given: None) -> None:
        made = make(self.session, self.world, kind="2", preventions=[("01", 2)])
        self.session.flush()
        made.people = 5

    def bulk(self, case: Case, given: None) -> None:
        table = Case.__table__
        row = dict(self.session.execute(select(table).where(table.c.id == case.id)).mappings().one())
        for name in ("id", "number", "entry"):
            row.pop(name)
        self.session.connection().execute(insert(table).values(**row | {"created_at": now()}))
        tally.mend(self.session)

    def party(self, case: Case, given: None) -> None:
        case.parties.append(Party(side="02", name="丙某", headcount=3))

    def prevent(self, case: Case, given: None) -> None:
        case.preventions.append(
            Prevention(kind="02", people=4, prevented_on=date(2026, 3, 3), situation="劝住")
        )

    def take_out(self, case: Case, given: None) -> None:
        for lines in (case.parties, case.preventions):
            if lines:
                lines.pop(0)

    def move(self, case: Case, where: str) -> None:
        there = self.session.get_one(Committee, getattr(self.world, f"{where}_committee"))
        self.session.add(
            Referral(
                case_id=case.id,
                direction=Direction.SIDEWAYS,
                unit_id=case.unit_id,
                path=case.path,
                committee_id=case.committee_id,
                to_unit_id=there.unit_id,
                to_path=there.path,
                state=ReferralState.RECEIVED,
                reason="1",
            )
        )
        case.committee_id, case.unit_id, case.path = there.id, there.unit_id, there.path

    def body(self, case: Case, kind: str) -> None:
        self.session.get_one(Committee, case.committee_id).kind = kind

    def month(self, case: Case, given: int) -> None:
        month = self.session.scalars(select(Monthly).order_by(Monthly.id)).first()
        assert month is not None
        month.screenings += given
        if given % 3 == 0:
            month.removed_at = None if month.removed_at else now()


def told(lines: list[Line]) -> list[tuple[str, dict[str, Any]]]:
    return [(each.label, dict(each.numbers)) for each in lines]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(acts, st.integers(0, 99)), min_size=1, max_size=6))
def test_what_was_counted_then_is_counted_again(
    session: Session, person: Person, world: World, walk: list[tuple[tuple[str, Any], int]]
) -> None:
    asked = [
        (person("bureau_city"), session.get_one(Unit, world.city), ANY),
        (person("bureau_county"), session.get_one(Unit, world.county), half(2026, 1)),
        (person("director"), session.get_one(Unit, world.village), ANY),
    ]

    def counted(as_of: datetime | None = None) -> list[Any]:
        return [told(count(session, who, unit, period, as_of)) for who, unit, period in asked]

    walker, remembered = Walk(session, world), []
    for (name, given_), pick in walk:
        remembered.append((now(), counted()))
        walker.act(name, given_, pick)
    remembered.append((now(), counted()))
    last = counted(now())
    assert last == counted()
    for moment, numbers in remembered:
        assert counted(moment) == numbers
        for ask, before, after in zip(asked, numbers, last, strict=True):
            ids = session.scalars(select(Case.id).where(cases_behind(session, *ask, "total", as_of=moment)))
            if ask[0].username == "bureau_city":  # from whom no case can be moved away
                assert len(list(ids)) == before[-1][1]["total"]
            assert changed_since(session, *ask, moment) or of_cases(before) == of_cases(after)


def of_cases(lines: list[tuple[str, dict[str, Any]]]) -> list[Any]:
    """The numbers but those of months, which are no cases."""
    return [(label, {**numbers, "screenings": 0, "prevented": 0}) for label, numbers in lines]


def test_june_is_printed_again_in_december(session: Session, person: Person, world: World) -> None:
    """A case settled, closed and handed on by the steps; another one removed, a third entered late."""
    history.act_as(session, None)
    director, office = person("director"), person("office")
    township = session.get_one(Unit, world.township)
    late = session.get_one(Case, world.closed_case)
    session.commit()
    june, reported = now(), count(session, office, township, ANY)

    case = session.get_one(Case, world.mediating_case)
    for name in ("settle", "fulfil", "close"):
        take_step(session, director, case, name, given_for(session, director, case, name))
        session.commit()
    records.remove(session, office, session.get_one(Case, world.unassigned_case))
    moved = session.get_one(Case, world.transfer_case)
    referral = session.get_one(Referral, world.sent_referral)
    take_step(session, office, referral, "receive", given_for(session, office, referral, "receive"))
    session.commit()
    late.kind = "9"
    make(session, world, kind="7", accepted_on=date(2026, 6, 1), names="丁某")
    session.commit()

    assert told(count(session, office, township, ANY, june)) == told(reported)
    assert told(count(session, office, township, ANY)) != told(reported)
    words = {each.case_id: each.words for each in changed_since(session, office, township, ANY, june)}
    assert "调解成功 0 件 → 1 件" in words[case.id]
    assert words[late.id] == "婚姻家庭纠纷 1 件 → 0 件；环境污染纠纷 0 件 → 1 件"
    assert words[moved.id] == "当时计入，现在不再计入"  # its own steps say that it was not yet taken up
    assert "当时没有计入，现在计入" in words.values()
    assert world.unassigned_case not in words  # it had never counted
    Walk(session, world).move(late, "township")
    session.commit()
    words = {each.case_id: each.words for each in changed_since(session, office, township, ANY, june)}
    assert words[late.id].startswith("改由城东街道人民调解委员会承办；")
    nobodys = changed_since(session, person("bureau_far"), session.get_one(Unit, world.far_county), ANY, june)
    assert nobodys == []


def test_rows_loaded_in_bulk_are_there_since_they_were_made(
    session: Session, person: Person, world: World
) -> None:
    far, who = session.get_one(Unit, world.far_county), person("bureau_far")
    table = Case.__table__
    row = dict(session.execute(select(table).where(table.c.id == world.far_case)).mappings().one())
    made = {**row, "created_at": datetime(2026, 5, 1, tzinfo=UTC), "stage": "accepted"}
    for name in ("id", "number", "entry"):
        made.pop(name)
    before = [
        line(count(session, who, far, ANY, made["created_at"] + timedelta(days=days)), RowKind.TOTAL)["total"]
        for days in (-1, 1)
    ]
    session.connection().execute(insert(table).values(**made | {"accepted_on": date(2026, 5, 1)}))
    after = [
        line(count(session, who, far, ANY, made["created_at"] + timedelta(days=days)), RowKind.TOTAL)["total"]
        for days in (-1, 1)
    ]
    assert [b - a for a, b in zip(before, after, strict=True)] == [0, 1]
