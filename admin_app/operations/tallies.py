"""The daily care of the tally (admin_app/tally.py): recounted part by part, all of it within a month."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import tally
from admin_app.models.committees import Committee

PARTS = 28  # a part for each day of a month


def mend_some(session: Session, day: date) -> int:
    """Recount the committees whose turn it is; how many of their months were wrong, and are put right."""
    committees = session.scalars(select(Committee.id).where(Committee.id % PARTS == day.day % PARTS)).all()
    wrong = len(list(tally.faults(session, committees)))
    if wrong:
        tally.mend(session, committees)
    return wrong


def fold(session: Session, day: date) -> int:
    """Put the rows of each month of a committee together; how many months had several."""
    return tally.fold(session)
