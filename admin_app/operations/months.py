"""What the screening of a month says for its report 排查预防月报: a proposal and no figure (0023)."""

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.models.committees import Committee
from admin_app.models.finds import Find
from admin_app.models.monthly import Monthly
from admin_app.models.screenings import Screening
from admin_app.models.users import Post, Role
from admin_app.operations.notices import people_of, tell
from admin_app.rules import periods
from admin_app.rules.finds import FindState
from admin_app.rules.notices import NoticeKind
from admin_app.rules.screenings import ScreeningState

DIRECTOR = (Role.COMMITTEE,)
REMINDED = range(5, 8)  # on these days of the month, so that a day without a daily job loses nothing


def remind(session: Session, day: date) -> int:
    """Directors whose committee has not told of the month before are asked once; how many."""
    if day.day not in REMINDED:
        return 0
    last = day.replace(day=1) - timedelta(days=1)
    told = select(Monthly.committee_id).where(
        Monthly.year == last.year, Monthly.month == last.month, Monthly.removed_at.is_(None)
    )
    led = select(Post.committee_id).where(Post.committee_id.is_not(None))
    live = Committee.removed_at.is_(None)
    wanting = select(Committee.id).where(live, Committee.id.in_(led), Committee.id.not_in(told))
    words = f"{last.year}年{last.month}月的排查预防月报还没有填，请到“排查预防月报”里登记。"
    return sum(
        tell(
            session,
            people_of(session, number, DIRECTOR),
            words,
            key=f"monthly:{number}:{last:%Y-%m}",
            kind=NoticeKind.WARN,
        )
        for number in session.scalars(wanting.order_by(Committee.id)).all()
    )


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
