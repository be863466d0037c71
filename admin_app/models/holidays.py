"""Holidays 节假日: the days on which the week does not decide who works (M11)."""

from datetime import date

from sqlalchemy import Date, Index, String, select
from sqlalchemy.orm import Mapped, Session

from admin_app.models.base import Base, Kept
from admin_app.models.fields import enum, field
from admin_app.models.registry import register
from admin_app.rules.choices import Choice
from admin_app.rules.dates import plausible_term
from admin_app.rules.working_days import WorkingDays


class Works(Choice):
    """What the notice of the State Council's office says of a day."""

    REST = "rest", "放假"
    WORK = "work", "调休上班"


@register("holiday", "节假日", "系统设置", order=("-day",), unique=("day",), making="添加")
class Holiday(Kept, Base):
    """A working day that rests, or a day off that is worked: deadlines in working days count by it."""

    __tablename__ = "holidays"

    day: Mapped[date] = field(
        "日期",
        Date(),
        nullable=False,
        listed=True,
        queried=True,
        sortable=True,
        checks=(plausible_term,),
    )
    works: Mapped[Works] = field(
        "安排",
        enum(Works),
        nullable=False,
        default=Works.REST,
        listed=True,
        queried=True,
        help="只写和平常不一样的日子：放假的日子，以及调休上班的周六、周日",
    )
    occasion: Mapped[str] = field("事由", String(30), nullable=False, listed=True, queried=True)
    remark: Mapped[str | None] = field("依据", String(200), listed=True)

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.occasion}"


Index("uq_holidays_day", Holiday.day, unique=True)


def calendar(session: Session) -> WorkingDays:
    """The session's calendar, read once; sessions live for one request, so a change is seen by the next."""
    if "calendar" not in session.info:
        rows = session.execute(select(Holiday.day, Holiday.works).where(Holiday.removed_at.is_(None)))
        session.info["calendar"] = WorkingDays({day: works is Works.WORK for day, works in rows})
    days: WorkingDays = session.info["calendar"]
    return days
