"""A month of early warning of the demo: what the rules see in it, handled for the most part (M24)."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Table, select, update
from sqlalchemy.orm import Session

from admin_app.models.base import Base
from admin_app.models.deadlines import Deadline
from admin_app.models.fields import fields_of
from admin_app.models.notices import Notice
from admin_app.models.visits import Visit
from admin_app.models.warnings import EarlyWarning, WarningStep
from admin_app.operations.warnings import raise_new
from admin_app.rules.warnings import Outcome, WarningState
from seed.bulk import Book, Row, add, fix_sequences
from seed.lives import moment
from seed.users import Desk, Stand
from seed.warning_rules import load_warning_rules

RAISED, HANDLING, CLOSED = WarningState
LOOKS = (28, 21, 14, 9, 5, 2, 0)  # so many days ago somebody looked
NEAR = timedelta(days=3)
MEASURES = "司法所同驻村干部当天上门，分头做工作，约定三天后再访。"
ENDS = (
    (Outcome.RESOLVED, "双方情绪稳定，已经谈妥，纠纷正在调解中办结。"),
    (Outcome.WATCHED, "已经稳住，村干部每周走访一次。"),
    (Outcome.RESOLVED, "当面化解，双方握手言和。"),
    (Outcome.FALSE, ""),
)


def load_warnings(session: Session, today: date, home: Stand, desk: Desk) -> None:
    """Raised by the rules themselves, then handled and closed as the weeks go by."""
    load_warning_rules(session)
    _returning_visitor(session, home, today)
    fix_sequences(session)  # what is raised gets its id from the database
    for ago in LOOKS:
        raise_new(session, today - timedelta(days=ago))
    session.flush()
    book = Book(session)
    for place, warning in enumerate(session.scalars(select(EarlyWarning).order_by(EarlyWarning.id))):
        _live(session, book, warning, place, today, desk)
    book.write()
    fix_sequences(session)
    session.expire_all()


def _returning_visitor(session: Session, home: Stand, today: date) -> None:
    """Somebody comes to the township for the third time in a month over the same thing."""
    own = select(Visit).where(
        Visit.committee_id == home.town_room.id, Visit.visited_on < today, Visit.query_code.is_(None)
    )
    last = session.scalars(own.order_by(Visit.visited_on.desc(), Visit.id.desc())).first()
    if last is None:
        return
    same: Row = {each.name: getattr(last, each.name) for each in fields_of(Visit)} | {"path": last.path}
    times = {"version": 1, "created_at": last.created_at, "case_id": None}
    days = (today - timedelta(days=ago) for ago in (23, 12, 1))
    add(session, Visit, [same | times | {"visited_on": day} for day in days])


def _live(session: Session, book: Book, warning: EarlyWarning, place: int, today: date, desk: Desk) -> None:
    """The older ones are over, those of last week are being handled, the newest wait."""
    age = (today - warning.raised_on).days
    if age < 3:
        _clock(session, warning, warning.due_on, today)
        return
    actor = desk.offices.get(warning.owner_id)
    handled, over = warning.raised_on + timedelta(days=1), age >= 9 and place % 7 != 6
    facts: Row = {"state": CLOSED if over else HANDLING, "measures": MEASURES}
    _step(book, warning, "handle", RAISED, HANDLING, moment(handled), actor)
    if over:
        outcome, result = ENDS[place % len(ENDS)]
        closed = handled + timedelta(days=2 + place % 4)
        facts |= {"outcome": outcome, "result": result or None, "closed_on": closed}
        _step(book, warning, "close", HANDLING, CLOSED, moment(closed), actor)
        _set(session, Deadline, {"done_at": moment(closed)}, *_of(warning))
    else:
        facts["due_on"] = handled + timedelta(days=10)
        _clock(session, warning, facts["due_on"], today)
    _set(session, EarlyWarning, facts, EarlyWarning.id == warning.id)
    read = {"at": moment(warning.raised_on), "read_at": moment(handled)}
    _set(session, Notice, read, Notice.word == "warning", Notice.record_id == warning.id)


def _of(warning: EarlyWarning) -> tuple[ColumnElement[bool], ...]:
    return Deadline.word == "warning", Deadline.record_id == warning.id


def _clock(session: Session, warning: EarlyWarning, due_on: date, today: date) -> None:
    """As the daily job has marked it by today."""
    near, late = due_on <= today + NEAR, due_on < today
    marks = {"warned_on": min(due_on, today) if near else None}
    marks |= {"late_on": due_on + timedelta(days=1) if late else None, "due_on": due_on}
    _set(session, Deadline, marks, *_of(warning))


def _step(
    book: Book,
    warning: EarlyWarning,
    name: str,
    source: WarningState,
    target: WarningState,
    at: datetime,
    actor: int | None,
) -> None:
    told: Row = {"name": name, "source": source, "target": target, "at": at, "actor_id": actor}
    book.note(WarningStep, told | {"warning_id": warning.id, "note": "", "facts": {}})


def _set(session: Session, model: type[Base], facts: Row, *where: ColumnElement[bool]) -> None:
    """Past the session and its history, as all of the demo."""
    table = model.__table__
    assert isinstance(table, Table)
    connection = session.connection(bind_arguments={"mapper": model})
    connection.execute(update(table).where(*where).values(facts))
