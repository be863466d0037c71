"""Books of trainings: 培训台账, 参训人员名册, 学时达标表 (no public sample found: [N], layouts ours)."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Line, asked_of, column, ordinal, said
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Asked, Counted, Ledger, Records, declare
from admin_app.models.committees import Committee
from admin_app.models.mediators import Mediator
from admin_app.models.trainings import Attendance, Training
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import training_hours
from admin_app.operations.training_hours import Person
from admin_app.rules.dates import today
from admin_app.rules.trainings import ZERO

COLUMNS = (
    ordinal(),
    said(Training, "year", 6),
    said(Training, "issue", 8),
    said(Training, "title", 24),
    said(Training, "kind", 9, centred=True),
    said(Training, "level", 8, centred=True),
    said(Training, "way", 9, centred=True),
    column("unit", "主办单位", 16),
    said(Training, "held_from", 10.2),
    said(Training, "held_until", 10.2),
    said(Training, "place", 14),
    said(Training, "teachers", 12),
    said(Training, "hours", 7),
    said(Training, "capacity", 7),
    column("people", "参训人次", 7, kind="integer", summed=True),
    column("total", "学时合计", 9, kind="money", summed=True),
    said(Training, "state", 8, centred=True),
    said(Training, "remark", 10),
)
_FACTS = (*asked_of(Training, COLUMNS), Training.id, Unit.name.label("unit"))


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these trainings: two queries."""
    counted = (
        select(Attendance.training_id, func.count(), func.sum(Attendance.hours))
        .where(Attendance.training_id.in_(ids), Attendance.present)
        .group_by(Attendance.training_id)
    )
    there = {training: (people, hours) for training, people, hours in session.execute(counted)}
    query = select(*_FACTS).join(Unit, Unit.id == Training.unit_id).where(Training.id.in_(ids))
    return {
        row.id: {
            **row._mapping,
            "people": there.get(row.id, (0, ZERO))[0],
            "total": there.get(row.id, (0, ZERO))[1],
        }
        for row in session.execute(query)
    }


TRAINING_REGISTER = declare(
    Ledger(
        name="training-register",
        label="培训台账",
        word="training",
        source=Records(
            load=load, period=Training.held_from, order=(Training.year, Training.held_from, Training.id)
        ),
        layout=Layout(columns=COLUMNS, reference=True, counted="期", paper="A3"),
        note="培训班一期一行；参训人次和学时只算到了的人。未见公开的官方样式，栏目为参考格式。",
    )
)

ROLL = (
    ordinal(),
    column("training", "培训班", 24),
    said(Training, "issue", 8),
    said(Training, "held_from", 10.2),
    column("name", "姓名", 9),
    said(Mediator, "sex", 5, centred=True),
    column("committee", "所属调委会", 26),
    said(Mediator, "full_time", 7, centred=True),
    said(Attendance, "mark", 7, centred=True),
    column("counted", "学时", 7, kind="money", summed=True),
    said(Attendance, "remark", 10),
)
_ROLL_FACTS = (
    *(Attendance.id, Attendance.mark, Attendance.hours, Attendance.present, Attendance.remark),
    *(Training.title.label("training"), Training.issue, Training.held_from),
    *(Mediator.name, Mediator.sex, Mediator.full_time, Committee.name.label("committee")),
)


def load_roll(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these people: one query."""
    query = (
        select(*_ROLL_FACTS)
        .join(Training, Training.id == Attendance.training_id)
        .join(Mediator, Mediator.id == Attendance.mediator_id)
        .join(Committee, Committee.id == Mediator.committee_id)
        .where(Attendance.id.in_(ids))
    )
    return {
        row.id: {**row._mapping, "counted": row.hours if row.present else None}
        for row in session.execute(query)
    }


TRAINING_ROLL = declare(
    Ledger(
        name="training-roll",
        label="参训人员名册",
        word="training",
        source=Records(
            load=load_roll,
            period=Training.held_from,
            order=(Attendance.training_id, Attendance.id),
            part=Attendance,
        ),
        layout=Layout(columns=ROLL, reference=True, counted="人次"),
        note="名单上一人一行，没到的没有学时。未见公开的官方样式，栏目为参考格式。",
        main=False,
    )
)

HOURS = (
    ordinal(),
    column("name", "姓名", 9),
    column("committee", "所属调委会", 28),
    column("done", "本年学时", 9, kind="money", summed=True),
    column("due", "应有学时", 9, kind="money"),
    column("short", "年度还差", 9, kind="money", summed=True),
    column("new_short", "岗前还差", 9, kind="money", summed=True),
    column("special_short", "专项还差", 9, kind="money", summed=True),
    column("last", "最近培训日期", 11, kind="date"),
    column("met", "是否达标", 8, centred=True),
    column("rested", "轮训", 9, centred=True),
)


def hours_lines(session: Session, actor: User, asked: Asked) -> list[Line]:
    """Everybody in office whose hours the actor may read, in the year of the last day asked for."""
    year = (asked.until or today()).year
    return [_hours_line(each) for each in training_hours.people(session, actor, asked.unit, year)]


def _hours_line(person: Person) -> Line:
    owed = person.owed
    return {
        "name": person.name,
        "committee": person.committee,
        "done": owed.done,
        "due": owed.due,
        "short": owed.short,
        "new_short": owed.new_short,
        "special_short": owed.special_short,
        "last": person.last_on,
        "met": "达标" if owed.met else "未达标",
        "rested": "该轮训" if person.rested else "",
    }


TRAINING_HOURS = declare(
    Ledger(
        name="training-hours",
        label="学时达标表",
        word="mediator",
        group="考评",
        source=Counted(hours_lines, period="截止日期（取它的年度）"),
        layout=Layout(columns=HOURS, reference=True, counted="人"),
        note="在任调解员一人一行，年度按截止日期，不填就是今年。未见公开的官方样式，栏目为参考格式。",
        main=False,
    )
)
