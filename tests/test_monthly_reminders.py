"""A director who has not told of last month is asked once, in the first days of the next."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.monthly import Monthly
from admin_app.models.notices import Notice
from admin_app.operations import months
from tests.world import World


def told(session: Session) -> set[int]:
    return set(session.scalars(select(Notice.user_id).where(Notice.key.like("monthly:%"))))


def test_the_director_of_a_silent_committee_is_asked_once(session: Session, world: World) -> None:
    assert months.remind(session, date(2023, 6, 4)) == 0
    assert months.remind(session, date(2023, 7, 5)) > 0
    assert world.director in told(session)
    assert world.owner not in told(session)
    assert months.remind(session, date(2023, 7, 6)) == 0


def test_who_has_told_of_the_month_is_left_in_peace(session: Session, world: World) -> None:
    months.remind(session, date(2023, 6, 5))  # of May, of which the village has told
    assert session.get_one(Monthly, world.monthly).month == 5
    assert world.director not in told(session)
