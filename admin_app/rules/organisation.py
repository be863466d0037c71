"""The organisation, team and funding sheet (formats.md 2.2): who counts on a day.

人民调解组织队伍经费保障情况。
The ministry's layout was not found: the columns are the code tables of the national data model, and the
sheet is 本系统汇总表. When a committee or a mediator counts is our own (docs/decisions/0014).
"""

from collections.abc import Iterable
from datetime import date

from admin_app.rules.committees import CommitteeStatus
from admin_app.rules.mediators import ON_ROSTER, MediatorStatus


def committee_counts(status: CommitteeStatus, founded_on: date | None, day: date) -> bool:
    """A committee at work, from its founding on; one whose founding nobody has noted always."""
    return status is CommitteeStatus.ACTIVE and (founded_on is None or founded_on <= day)


def mediator_counts(
    status: MediatorStatus,
    started_on: date | None,
    terms: Iterable[tuple[date, date | None]],
    day: date,
    today: date,
) -> bool:
    """A mediator on the roster. Of a past day the terms of appointment tell, where there are any."""
    known = list(terms)
    if day < today and known:
        return any(since <= day <= (until or day) for since, until in known)
    return status in ON_ROSTER and (started_on is None or started_on <= day)
