"""Evaluations of the demo that were entered by hand: a thousand mediators, the half-year before the last."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy.orm import Session

from admin_app.models.evaluations import Evaluation
from admin_app.rules.evaluations import EvaluationState, Half, Level, level_of
from admin_app.rules.mediators import MediatorStatus
from seed.bulk import Row, add
from seed.mediators import Post

COUNT = 1000
_MONTH = 30  # days within which the evaluation of a half-year is finished
_COMMENTS = {
    Level.EXCELLENT: "办理及时，卷宗规范，群众满意。",
    Level.GOOD: "工作认真，个别卷宗材料不够齐全。",
    Level.PASSED: "能完成任务，排查走访次数偏少。",
    Level.FAILED: "多件纠纷未按时办理，需要限期改进。",
}


def halves(today: date) -> list[tuple[int, Half, date]]:
    """The last two half-years whose evaluation is over, with their last days."""
    ends = [
        (year, half, day)
        for year in range(today.year - 2, today.year + 1)
        for half, day in ((Half.FIRST, date(year, 6, 30)), (Half.SECOND, date(year, 12, 31)))
    ]
    return [each for each in ends if each[2] + timedelta(days=_MONTH) < today][-2:]


def load_evaluations(session: Session, chance: Random, today: date, posts: list[Post], first: Post) -> None:
    """Scores of people in office, those of the first one's county before the others."""
    county = first.room.place.path[:14]
    serving = [post for post in posts if post.status is MediatorStatus.APPOINTED and post is not first]
    chosen = [
        first,
        *sorted(serving, key=lambda post: not post.room.place.path.startswith(county))[: COUNT - 1],
    ]
    add(session, Evaluation, [row for post in chosen for row in _evaluations(post, chance, today)])


def _evaluations(post: Post, chance: Random, today: date) -> Iterator[Row]:
    for year, half, end in halves(today)[:-1]:  # the last one went by plans
        score = Decimal(str(round(min(max(chance.gauss(86, 7), 45), 100), 1)))
        level = level_of(score)
        yield {
            "mediator_id": post.id,
            "committee_id": post.room.id,
            "unit_id": post.room.place.id,
            "path": post.room.place.path,
            "year": year,
            "half": half,
            "score": score,
            "who": post.person.name,
            "level": level.label,
            "state": EvaluationState.FINAL,
            "evaluated_on": end + timedelta(days=chance.randint(5, _MONTH)),
            "comment": _COMMENTS[level],
        }
