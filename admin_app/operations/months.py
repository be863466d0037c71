"""What the screening of a month says for its report 排查预防月报: a proposal and no figure (0023)."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.models.finds import Find
from admin_app.models.screenings import Screening
from admin_app.rules import periods
from admin_app.rules.finds import FindState
from admin_app.rules.screenings import ScreeningState


def proposed(session: Session, committee_id: int, year: int, number: int) -> tuple[int, int]:
    """How often a committee screened, by its reports, and how much it settled before it was a case."""
    month = periods.month(year, number)
    assert month.since is not None
    assert month.until is not None
    return _screened(session, committee_id, month.since, month.until), _settled(
        session, committee_id, month.since, month.until
    )


def _screened(session: Session, committee_id: int, since: date, until: date) -> int:
    reported = select(func.count()).where(
        Screening.committee_id == committee_id,
        Screening.until.between(since, until),
        Screening.state != ScreeningState.DUE,
        Screening.removed_at.is_(None),
    )
    return session.scalar(reported) or 0


def _settled(session: Session, committee_id: int, since: date, until: date) -> int:
    settled = select(func.count()).where(
        Find.committee_id == committee_id,
        Find.resolved_on.between(since, until),
        Find.state == FindState.RESOLVED,
        Find.removed_at.is_(None),
    )
    return session.scalar(settled) or 0
