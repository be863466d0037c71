"""A star season over all mediators of the demo, as the worker reckons it: a plain recount of each agrees."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from admin_app.models.base import Base
from admin_app.models.cases import Case
from admin_app.models.jobs import Job
from admin_app.models.lookbacks import Lookback
from admin_app.models.mediators import Mediator
from admin_app.models.seasons import Season, Standing
from admin_app.models.standards import Standard
from admin_app.models.trainings import Training
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import attempts, eligibility, standings
from admin_app.rules import standards
from admin_app.rules.jobs import Phase
from admin_app.rules.measures import BY_HAND, Evidence, Subject
from admin_app.rules.seasons import SeasonState
from admin_app.rules.standards import StandardKind
from seed.demo import load_demo
from tests.databases import open_engine, open_session
from tests.test_measuring import Recount

TODAY = date(2026, 11, 20)
Laid = dict[Any, dict[int, Any]]  # {model: {mediator: records}}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """The demo in a file of its own; the other database is asked in a smaller world (test_seasons.py)."""
    folder = tmp_path_factory.mktemp("season")
    engine = open_engine(f"sqlite:///{folder / 'season.db'}")
    Base.metadata.create_all(engine)
    with open_session(engine) as session:
        load_demo(session, "heshi-demo-2026", Path(folder / "accounts.md"), today=TODAY)
        session.commit()
        yield session
        session.rollback()
    engine.dispose()


class Kept(Recount):
    """The same recount, with what concerns each person laid out beforehand."""

    def __init__(
        self, who: Mediator, since: date | None, until: date, kept: dict[Any, dict[int, Any]]
    ) -> None:
        self.who, self.since, self.until, self.is_person, self.kept = who, since, until, True, kept
        self.cases = self._all(Case)

    def _all(self, model: Any) -> list[Any]:
        return self.kept[model].get(self.who.id, [])


def laid_out(session: Session) -> Laid:
    """Live cases, look-backs and trainings by mediator."""
    found: Laid = {model: defaultdict(list) for model in (Case, Lookback, Training)}
    cases = select(Case).where(Case.removed_at.is_(None)).order_by(Case.id)
    for case in session.scalars(cases.options(selectinload(Case.mediators), selectinload(Case.preventions))):
        for line in case.mediators:
            found[Case][line.mediator_id].append(case)
    for blame in session.scalars(select(Lookback).where(Lookback.removed_at.is_(None)).order_by(Lookback.id)):
        found[Lookback][blame.mediator_id].append(blame)
    trainings = select(Training).where(Training.removed_at.is_(None)).order_by(Training.id)
    for training in session.scalars(trainings.options(selectinload(Training.attendances))):
        for person in {line.mediator_id for line in training.attendances}:
            found[Training][person].append(training)
    return found


def test_the_ranking_of_the_whole_city_is_that_of_everybody_reckoned_alone(demo: Session) -> None:
    city = demo.scalars(select(Unit).where(Unit.parent_id.is_(None))).one()
    standard = demo.scalars(
        select(Standard).where(
            Standard.kind == StandardKind.STAR,
            Standard.subject == Subject.MEDIATOR,
            Standard.unit_id == city.id,
        )
    ).first()
    assert standard is not None
    season = Season(
        name="2026年全市星级人民调解员评定",
        standard=standard,
        unit=city,
        path=city.path,
        until=TODAY,
        entries_until=TODAY,
        state=SeasonState.OPEN,
    )
    demo.add(season)
    demo.commit()
    bureau = demo.scalars(select(User).where(User.username == "city")).one()
    job = standings.ask(demo, bureau, season)
    demo.commit()
    hold = attempts.take(demo)
    demo.commit()
    assert hold is not None
    attempts.run(demo, hold, lambda done, of: None)
    demo.commit()
    assert demo.get_one(Job, job.id).phase is Phase.DONE

    found = demo.scalars(select(Standing).where(Standing.season_id == season.id)).all()
    assert len(found) > 7000
    kept, since = laid_out(demo), standards.window(standard.months, TODAY)
    people = demo.scalars(select(Mediator).options(selectinload(Mediator.sanctions)))
    by_id = {each.id: each for each in people}
    asked = {item.measure for item in standard.judged_by()} - BY_HAND
    for line in found:
        assert line.mediator_id is not None
        recount = Kept(by_id[line.mediator_id], since, TODAY, kept)
        facts = {name: Evidence(*recount.of(name)) for name in asked}
        points, level = eligibility.provisional(standard, standards.judge(standard.judged_by(), facts))
        assert (line.points, line.rank) == (points, level.rank if level else 0), line.mediator_id
    assert len({line.points for line in found}) > 20
    order = sorted(found, key=lambda line: (-line.rank, -line.points))
    assert [line.place for line in order] == sorted(line.place for line in found)
