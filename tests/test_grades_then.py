"""Who bore which grade on a day gone by: against a plain replay of what happened, day by day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy.orm import Session

from admin_app.models.awards import AwardApplication, AwardReview
from admin_app.models.mediators import Mediator
from admin_app.models.standards import Standard, StandardLevel
from admin_app.models.users import User
from admin_app.operations.awards import grade_of
from admin_app.rules.awards import AwardState, Recheck
from admin_app.rules.standards import StandardKind
from tests.world import World

FIRST = date(2024, 1, 1)
RANKS = {"四级": 1, "三级": 2, "二级": 3}


@dataclass
class Life:
    """One grade as it went: the level by day, until it ended."""

    granted_on: date
    level: str
    reviews: list[tuple[date, str]] = field(default_factory=list)
    ended_on: date | None = None
    valid_until: date | None = None

    def on(self, day: date) -> str | None:
        """Replayed from the beginning."""
        if day < self.granted_on or (self.ended_on and day >= self.ended_on):
            return None
        if self.valid_until and day > self.valid_until:
            return None
        level = self.level
        for reviewed_on, after in self.reviews:
            if reviewed_on <= day:
                level = after
        return level


def lived(chance: Random) -> Life:
    life = Life(FIRST + timedelta(days=chance.randint(0, 200)), chance.choice(list(RANKS)))
    day = life.granted_on
    for _ in range(chance.randint(0, 4)):
        day += timedelta(days=chance.randint(0, 90))
        life.reviews.append((day, chance.choice(list(RANKS))))
    if chance.random() < 0.5:
        life.ended_on = day + timedelta(days=chance.randint(1, 60))
    if chance.random() < 0.5:
        life.valid_until = life.granted_on + timedelta(days=chance.randint(0, 500))
    return life


def kept(session: Session, mediator: Mediator, standard: Standard, life: Life) -> None:
    award = AwardApplication(
        kind=StandardKind.GRADE,
        standard=standard,
        mediator=mediator,
        committee_id=mediator.committee_id,
        whom=mediator.name,
        unit_id=mediator.unit_id,
        path=mediator.path,
        decided_path=standard.path,
        level=life.level,
        rank=RANKS[life.level],
        applied_on=life.granted_on,
        granted_on=life.granted_on,
        valid_until=life.valid_until,
        ended_on=life.ended_on,
        state=AwardState.EXPIRED if life.ended_on else AwardState.GRANTED,
    )
    for reviewed_on, after in life.reviews:
        same = after == award.level
        rise = RANKS[after] > award.rank
        outcome = Recheck.KEPT if same else Recheck.RAISED if rise else Recheck.LOWERED
        award.reviews.append(
            AwardReview(
                reviewed_on=reviewed_on,
                outcome=outcome,
                level=None if same else after,
                before=award.level,
                opinion="复核",
            )
        )
        award.level, award.rank = after, RANKS[after]
    session.add(award)
    session.flush()


@pytest.mark.parametrize("seed", range(12))
def test_a_grade_of_a_past_day_is_the_one_borne_then(
    session: Session, person: Callable[[str], User], world: World, seed: int
) -> None:
    chance = Random(seed)
    standard = session.get_one(Standard, world.standard)
    standard.levels.append(StandardLevel(name="二级", rank=3))
    lives: dict[int, list[Life]] = {}
    for number in (world.mediator, world.colleague_mediator, world.other_mediator):
        lives[number] = [lived(chance) for _ in range(chance.randint(0, 2))]
        for each in lives[number]:
            kept(session, session.get_one(Mediator, number), standard, each)
    for _ in range(40):
        day = FIRST + timedelta(days=chance.randint(-10, 700))
        wanted = {}
        for number, theirs in lives.items():
            levels = [level for each in theirs if (level := each.on(day))]
            if levels:
                level = max(levels, key=lambda each: RANKS[each])
                wanted[number] = (StandardKind.GRADE, level, RANKS[level])
        assert grade_of(session, lives, day) == wanted, day
