"""Seasons: the points of everybody are those of a plain recomputation; who is nominated, and how it ends."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.awards import AwardApplication
from admin_app.models.cases import Case
from admin_app.models.history import Entry
from admin_app.models.seasons import Quota, Season, Standing
from admin_app.models.standards import Standard, StandardItem, StandardLevel
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import seasons, standings
from admin_app.operations.lives import take_step
from admin_app.operations.measuring import measure
from admin_app.rules import standards
from admin_app.rules.awards import AwardState
from admin_app.rules.measures import Measure, Subject
from admin_app.rules.refusals import NotAllowed, NotNow
from admin_app.rules.seasons import SeasonState
from admin_app.rules.standards import StandardKind, StandardState, Way
from tests.world import World

Person = Callable[[str], User]
UNTIL = date(2026, 11, 1)


@pytest.fixture
def season(session: Session, world: World) -> Season:
    """A star season of the city: points for cases, two levels by points."""
    city = session.get_one(Unit, world.city)
    standard = Standard(
        name="金华市星级调解员评定办法",
        kind=StandardKind.STAR,
        subject=Subject.MEDIATOR,
        unit=city,
        path=city.path,
        state=StandardState.PUBLISHED,
        valid_from=date(2026, 1, 1),
        full=Decimal(100),
        levels=[
            StandardLevel(name="一星", rank=1, least_score=Decimal(1)),
            StandardLevel(name="二星", rank=2, least_score=Decimal(12)),
        ],
        items=[
            StandardItem(
                position=place,
                label=measure_.label,
                measure=measure_,
                way=way,
                threshold=Decimal(1),
                points=Decimal(5),
            )
            for place, (measure_, way) in enumerate(
                (
                    (Measure.CASES_ACCEPTED, Way.PER),
                    (Measure.LATE, Way.DEDUCT),
                    (Measure.SUCCESS_RATE, Way.BAND),
                ),
                1,
            )
        ],
    )
    found = Season(
        name="2026年星级评定",
        standard=standard,
        unit=city,
        path=city.path,
        until=UNTIL,
        entries_until=date(2027, 12, 31),
        state=SeasonState.OPEN,
    )
    session.add(found)
    session.commit()
    return found


def compute(session: Session, season: Season) -> list[Standing]:
    standings.write(session, season, standings.reckon(session, season, lambda done, of: None))
    session.commit()
    query = select(Standing).where(Standing.season_id == season.id).order_by(Standing.place, Standing.id)
    return list(session.scalars(query))


def plain(session: Session, season: Season, mediator: int) -> tuple[Decimal, int]:
    """The points and the level of one person, judged alone."""
    standard = season.standard
    asked = [each.measure for each in standard.items]
    facts = measure(session, Subject.MEDIATOR, [mediator], asked, None, UNTIL)[mediator]
    verdicts = standards.judge(standard.judged_by(), facts)
    total = standards.score(verdicts, standard.base, standard.full)
    level = standards.level_of(standard.ladder(), verdicts, total)
    return total, level.rank if level else 0


def test_the_points_of_all_are_those_of_each_reckoned_alone(
    session: Session, season: Season, world: World
) -> None:
    found = compute(session, season)
    assert {each.mediator_id for each in found} == {
        world.mediator,
        world.colleague_mediator,
        world.township_mediator,
        world.other_mediator,
        world.far_mediator,
    }
    for each in found:
        assert each.mediator_id is not None
        assert (each.points, each.rank) == plain(session, season, each.mediator_id)
    assert len({each.points for each in found}) > 1
    assert [each.place for each in found] == sorted(each.place for each in found)


def test_the_ranking_is_rewritten_whole_and_one_line_tells_of_it(
    session: Session, season: Season, world: World
) -> None:
    before = {each.mediator_id: each.points for each in compute(session, season)}
    case = session.get_one(Case, world.settled_case)
    case.mediators[:] = []
    session.commit()
    after = compute(session, season)
    assert {each.mediator_id: each.points for each in after}[world.mediator] == before[world.mediator] - 5
    assert len(after) == len(before)
    told = session.scalars(select(Entry).where(Entry.note.like("计算积分%"))).all()
    assert len(told) == 2


def test_nomination_keeps_the_quota_and_comes_once(
    session: Session, person: Person, season: Season, world: World
) -> None:
    bureau = person("bureau_city")
    with pytest.raises(NotNow, match="还没有算出积分"):
        seasons.nominate(session, bureau, season, quota=True)
    session.rollback()
    found = compute(session, season)
    able = [each for each in found if each.rank]
    with pytest.raises(NotNow, match="名额"):
        seasons.nominate(session, bureau, season, quota=True)
    session.rollback()
    season.quotas.append(Quota(unit_id=world.city, number=2))
    session.commit()
    assert seasons.nominate(session, bureau, season, quota=True) == 2
    session.commit()
    chosen = session.scalars(select(AwardApplication).where(AwardApplication.season_id == season.id)).all()
    assert [each.state for each in chosen] == [AwardState.APPLIED] * 2
    assert {each.whom for each in chosen} <= {"张伟", "刘洋", "赵强", "孙明", "周杰"}
    assert seasons.nominate(session, bureau, season, quota=False) == len(able) - 2
    session.commit()
    assert seasons.nominate(session, bureau, season, quota=False) == 0
    with pytest.raises(NotAllowed):
        seasons.nominate(session, person("bureau_county"), season, quota=False)


def test_a_season_ends_when_everything_is_done(session: Session, person: Person, season: Season) -> None:
    bureau = person("bureau_city")
    compute(session, season)
    assert seasons.nominate(session, bureau, season, quota=False) > 0
    take_step(session, bureau, season, "to_review")
    session.commit()
    with pytest.raises(NotNow, match="没有办完"):
        take_step(session, bureau, season, "finish")
    session.rollback()
    for award in session.scalars(select(AwardApplication).where(AwardApplication.season_id == season.id)):
        take_step(session, bureau, award, "review")
        take_step(session, bureau, award, "pass_on")
        take_step(session, bureau, award, "publish")
        award.notice_until = date(2026, 1, 1)
        take_step(session, bureau, award, "grant")
    session.commit()
    take_step(session, bureau, season, "finish")
    assert season.state is SeasonState.ENDED
    with pytest.raises(NotNow):
        standings.ask(session, bureau, season)


def test_a_person_reads_the_standings_of_their_own_scope(
    session: Session, person: Person, season: Season, world: World
) -> None:
    compute(session, season)

    def seen(who: str) -> set[int | None]:
        where = standings.seen(season, person(who))
        return set(session.scalars(select(Standing.mediator_id).where(*where)))

    assert seen("owner") == {world.mediator, world.colleague_mediator}
    assert seen("bureau_far") == {world.far_mediator}
    assert world.far_mediator not in seen("bureau_county")
    assert len(seen("bureau_city")) == 5
    assert seen("nobody") == set()


def test_only_its_organiser_and_whoever_stands_above_moves_a_season_on(
    session: Session, person: Person, world: World
) -> None:
    """Also from its first state: to read a season is no right to begin it."""
    season = session.get_one(Season, world.season)
    season.state = SeasonState.PREPARING
    for who in ("owner", "director", "office", "inspector"):
        assert policy.may(person(who), "season.see", season)
        with pytest.raises(NotAllowed):
            take_step(session, person(who), season, "begin")
    take_step(session, person("bureau_county"), season, "begin")
    assert season.state is SeasonState.OPEN
