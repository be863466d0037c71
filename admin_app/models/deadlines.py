"""Deadlines 期限: what is waited for, from whom, until when (M11; lifecycle.md 6)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, String, literal_column
from sqlalchemy.orm import Mapped, mapped_column

from admin_app.models.base import Base, Located, Moment, scope_indexes
from admin_app.models.fields import enum
from admin_app.rules.deadlines import DeadlineKind

OPEN = "done_at IS NULL"
_OPEN: dict[str, Any] = {"sqlite_where": literal_column(OPEN), "postgresql_where": literal_column(OPEN)}


class Deadline(Located, Base):
    """One thing of one kind to be done by a day. Unit, path and committee are those that must act.

    `word` and `record_id` name the thing it hangs on. The verbs of its life set and close it
    (`operations/deadlines.py`); the daily job marks when it warned, found it late, put it under supervision.
    """

    __tablename__ = "deadlines"
    __table_args__ = (
        Index("uq_deadlines_thing", "word", "record_id", "kind", unique=True),
        Index("ix_deadlines_case", "case_id"),
        Index("ix_deadlines_open", "due_on", **_OPEN),
        Index("ix_deadlines_committee_open", "committee_id", "due_on", "id", **_OPEN),
        *scope_indexes("deadlines", "due_on", "id", by="open", where=OPEN, ends=("path",)),
    )

    kind: Mapped[DeadlineKind] = mapped_column(enum(DeadlineKind), nullable=False)
    word: Mapped[str] = mapped_column(String(20), nullable=False)
    record_id: Mapped[int] = mapped_column(Integer, nullable=False)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), nullable=False)
    committee_id: Mapped[int | None] = mapped_column(ForeignKey("committees.id"))
    due_on: Mapped[date] = mapped_column(Date, nullable=False)
    opened_at: Mapped[datetime] = mapped_column(Moment, nullable=False)
    warned_on: Mapped[date | None] = mapped_column(Date)
    late_on: Mapped[date | None] = mapped_column(Date)
    urged_on: Mapped[date | None] = mapped_column(Date)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
