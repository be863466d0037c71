"""Cases by the million, for measuring: a few sentences over and over, but in every committee and ten years.

Rows are tuples on their way from a generator to the database, in batches that are committed one by one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from admin_app import history, search, tally
from admin_app.models.base import Base
from admin_app.models.cases import Case, CaseMediator, Party
from admin_app.models.committees import Committee
from admin_app.models.deadlines import Deadline
from admin_app.models.mediators import Mediator
from admin_app.models.units import Unit
from admin_app.rules.cases import Stage
from admin_app.rules.dates import today as china_today
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.mediators import ON_ROSTER
from seed.bulk import fix_sequences, next_id
from seed.demo import SEED, load_organisations
from seed.disputes import Story, stories
from seed.names import People, Person

BATCH = 20_000  # cases in one transaction
YEARS = 10
_NAMES = 5_000
_OPEN_DAYS = 30  # younger cases are still being worked on

CASE_COLUMNS = (
    "id, version, created_at, number, names, kind, stage, registered_on, committee_id, unit_id, path, "
    "source, difficulty, risk, people, amount, brief, accepted_on, due_on, mediated_on, place, result, form, "
    "agreed_on, agreement, performance, perform_by, fulfilment, closed_on"
)
PARTY_COLUMNS = "case_id, side, kind, name, sex, id_kind, id_number, phone, address"
LINK_COLUMNS = "case_id, mediator_id"
_NAMES_OF_CASE = CASE_COLUMNS.split(", ")
_STAGE, _COMMITTEE, _ACCEPTED = map(_NAMES_OF_CASE.index, ("stage", "committee_id", "accepted_on"))
CLOCK_COLUMNS = "kind, word, record_id, case_id, unit_id, path, committee_id, due_on, opened_at"


@dataclass(frozen=True)
class Holder:
    """A committee with those who work its cases."""

    committee_id: int
    unit_id: int
    path: str
    place: str
    mediators: tuple[int, ...]


def load_scale(session: Session, cases: int, progress: Callable[[int, int], None]) -> None:
    """So many cases more, with two parties and a mediator each. Commits after every batch.

    May be interrupted and called again: a case's number is made of its id, so none comes twice.
    Such numbers are of no unit's run, so there are no counters to leave.
    """
    chance = Random(SEED)
    today = china_today()
    if session.scalar(select(Mediator.id).limit(1)) is None:
        load_organisations(session, chance, today)
    stream = made(chance, today, holders(session), cases, next_id(session, Case))
    done = 0
    while done < cases:
        batch = list(islice(stream, BATCH))
        copy(session, Case, CASE_COLUMNS, [case for case, *_ in batch])
        copy(session, Party, PARTY_COLUMNS, [party for _, both, _ in batch for party in both])
        copy(session, CaseMediator, LINK_COLUMNS, [link for _, _, link in batch])
        copy(session, Deadline, CLOCK_COLUMNS, [clock for case, *_ in batch for clock in _clocks(case)])
        fix_sequences(session)
        search.note(session, Case, (case[0] for case, *_ in batch))
        tally.note(session, {_cell(case) for case, *_ in batch})
        session.commit()
        done += len(batch)
        progress(done, cases)
    history.note(session, history.Action.COMMAND, title="装入测速数据", words=f"案件 {cases} 件")
    session.execute(text("ANALYZE"))


def copy(session: Session, model: type[Base], columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """The quickest way in: COPY for PostgreSQL, one prepared statement for SQLite."""
    connection = session.connection(bind_arguments={"mapper": model})
    target = f"{model.__tablename__} ({columns})"
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor().copy(f"COPY {target} FROM STDIN") as stream:
            for row in rows:
                stream.write_row(row)
    elif rows:
        marks = ", ".join("?" * len(rows[0]))
        connection.exec_driver_sql(f"INSERT INTO {target} VALUES ({marks})", list(rows))


def holders(session: Session) -> list[Holder]:
    """The committees that have somebody on their roster."""
    staff: dict[int, list[int]] = {}
    for mediator_id, committee_id in session.execute(
        select(Mediator.id, Mediator.committee_id).where(Mediator.status.in_(ON_ROSTER))
    ):
        staff.setdefault(committee_id, []).append(mediator_id)
    query = (
        select(Committee.id, Committee.unit_id, Committee.path, Unit.name)
        .join(Committee.unit)
        .order_by(Committee.id)
    )
    return [
        Holder(row.id, row.unit_id, row.path, row.name, tuple(staff[row.id]))
        for row in session.execute(query)
        if row.id in staff
    ]


Made = tuple[tuple[Any, ...], list[tuple[Any, ...]], tuple[int, int]]


def made(chance: Random, today: date, at: list[Holder], cases: int, first_id: int) -> Iterator[Made]:
    """Case, parties, mediator, one case after the other, the oldest first."""
    calendar = [Day(today, age) for age in range(YEARS * 365, -1, -1)]
    people = People(chance, today)
    crowd = [_party(people.person(19, 76)) for _ in range(_NAMES)]
    tales = [each for each in stories() if not each.opponent]
    pick = chance.choice
    for n in range(cases):
        case_id = first_id + n
        applicant, respondent = pick(crowd), pick(crowd)
        holder = pick(at)
        both = [(case_id, "01", *applicant), (case_id, "02", *respondent)]
        day = calendar[n * len(calendar) // cases]
        case = _case(chance, case_id, day, holder, pick(tales), applicant[1], respondent[1])
        yield case, both, (case_id, pick(holder.mediators))


def _cell(case: tuple[Any, ...]) -> tally.Cell:
    """The committee and the month of acceptance."""
    return case[_COMMITTEE], tally.index_of(date.fromisoformat(case[_ACCEPTED]))


def _clocks(case: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """The deadline of a case that is still worked on."""
    if case[_STAGE] != Stage.ARCHIVED:
        facts = dict(zip(_NAMES_OF_CASE, case, strict=True))
        holder = (facts["unit_id"], facts["path"], facts["committee_id"])
        kind = DeadlineKind.FINISH.value
        yield (kind, "case", facts["id"], facts["id"], *holder, facts["due_on"], facts["created_at"])


class Day:
    """A day of registration with all that follows from it, as the databases write it."""

    def __init__(self, today: date, age: int) -> None:
        def later(days: int) -> str:
            return (today - timedelta(days=age - days)).isoformat()

        over = age > _OPEN_DAYS
        self.text = later(0)
        self.year = self.text[:4]
        self.created_at = f"{self.text} 01:00:00.000000"
        self.accepted = later(0)
        self.due = later(30)
        self.mediated = later(3) if age > 3 else None
        self.agreed = later(9) if over else None
        self.perform_by = later(24) if over else None
        self.closed = later(20) if over else None
        self.stage = (Stage.ARCHIVED if over else Stage.MEDIATING if self.mediated else Stage.ACCEPTED).value
        self.settled = ("1", "2") if over else (None, None)  # result and form of the agreement
        self.performed = ("07", "03") if over else (None, None)  # way and fulfilment


def _case(
    chance: Random, case_id: int, day: Day, holder: Holder, tale: Story, applicant: str, respondent: str
) -> tuple[Any, ...]:
    amount = tale.amount(chance)
    words = {"a": applicant, "b": respondent, "place": holder.place, "day": day.text, "amount": amount}
    agreement = tale.agreement.format_map(words) if day.agreed else None
    return (
        case_id,
        1,
        day.created_at,
        f"（{day.year}）测字第{case_id:08}号",
        f"{applicant}、{respondent}",
        tale.kind,
        day.stage,
        day.text,
        holder.committee_id,
        holder.unit_id,
        holder.path,
        "1",
        "2" if amount > 5000 else "1",
        "1",
        2,
        amount or None,
        tale.brief.format_map(words),
        day.accepted,
        day.due,
        day.mediated,
        holder.place,
        day.settled[0],
        day.settled[1],
        day.agreed,
        agreement,
        day.performed[0],
        day.perform_by,
        day.performed[1],
        day.closed,
    )


def _party(person: Person) -> tuple[Any, ...]:
    """A party's columns after the case and the side."""
    return ("01", person.name, person.sex, "111", person.id_number, person.phone, "金华市")
