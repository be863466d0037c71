"""Look-back evidence 责任倒查: noted by the steps and the daily job, once for the same thing (M21)."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.lookbacks import Lookback
from admin_app.rules.dates import today
from admin_app.rules.lookbacks import Fault


def note(
    session: Session,
    case: Case,
    fault: Fault,
    words: str,
    *,
    key: str = "",
    day: date | None = None,
    on: Committee | None = None,
) -> None:
    """On the committee that holds the case, and on each of its mediators; with a key only once.

    `on` is another committee that had to act: then it alone is named, for the mediators are not its own.
    """
    other = on if on is not None and on.id != case.committee_id else None
    where = other or case
    holders: list[int | None] = [None]
    if other is None:
        holders = [line.mediator_id for line in case.mediators] or [None]
    for mediator_id in holders:
        full_key = f"{key}:{mediator_id or 0}" if key else None
        if full_key and session.scalar(select(Lookback.id).where(Lookback.key == full_key)):
            continue
        session.add(
            Lookback(
                fault=fault,
                case_id=case.id,
                happened_on=day or today(),
                explanation=words,
                committee_id=other.id if other else case.committee_id,
                mediator_id=mediator_id,
                unit_id=where.unit_id,
                path=where.path,
                key=full_key,
            )
        )
