"""Who is evaluated and cannot sign in, and committees that are evaluated themselves."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.committees import Committee
from admin_app.models.evaluation_plans import EvaluationPlan
from admin_app.models.evaluations import Evaluation
from admin_app.models.history import Entry
from admin_app.models.notices import Notice
from admin_app.models.standards import Standard, StandardItem, StandardLevel
from admin_app.models.units import Unit
from admin_app.models.users import Post, Role, User
from admin_app.operations.given import Given
from admin_app.operations.lives import take_step
from admin_app.rules import standards
from admin_app.rules.committees import CommitteeStatus
from admin_app.rules.dates import today
from admin_app.rules.evaluation_plans import PlanState
from admin_app.rules.evaluations import EvaluationState, Half
from admin_app.rules.measures import Measure, Subject
from admin_app.rules.refusals import NotAllowed
from admin_app.rules.standards import StandardKind, StandardState
from tests.test_evaluations import marks, of
from tests.world import World

Person = Callable[[str], User]


@pytest.fixture
def plan(session: Session, person: Person, world: World) -> EvaluationPlan:
    """The county's plan, drawn, with days for scoring oneself; the colleague has lost their account."""
    session.get_one(User, world.colleague).active = False
    found = session.get_one(EvaluationPlan, world.evaluation_plan)
    found.self_until = today() + timedelta(days=5)
    session.flush()
    take_step(session, person("bureau_county"), found, "draw")
    session.commit()
    return found


def of_colleague(session: Session, plan: EvaluationPlan, world: World) -> Evaluation:
    return next(each for each in of(session, plan) if each.mediator_id == world.colleague_mediator)


def test_the_director_speaks_for_who_cannot_sign_in_and_the_history_says_so(
    session: Session, person: Person, world: World, plan: EvaluationPlan
) -> None:
    theirs, director = of_colleague(session, plan, world), person("director")
    told = select(Notice.words).where(
        Notice.user_id == world.director, Notice.words.contains("代他们填写自评")
    )
    assert session.scalars(told).one().startswith(str(plan))
    take_step(session, director, theirs, "self_score", marks(theirs, "own"))
    session.commit()
    assert theirs.state is EvaluationState.SELF_SCORED
    assert theirs.steps[-1].note == f"{director.name}代{theirs.who}填写（本人没有账号）"
    said = select(Entry.note).where(Entry.register == "evaluation", Entry.record_id == theirs.id)
    assert any("本人没有账号" in words for words in session.scalars(said))


def test_nobody_speaks_for_who_can_sign_in(
    session: Session, person: Person, world: World, plan: EvaluationPlan
) -> None:
    mine = next(each for each in of(session, plan) if each.mediator_id == world.mediator)
    for who in ("director", "office", "bureau_county"):
        assert not policy.may(person(who), "evaluation.self_score", mine)
        seen = select(Evaluation.id).where(policy.visible(Evaluation, person(who), "evaluation.self_score"))
        assert mine.id not in session.scalars(seen).all()
        with pytest.raises(NotAllowed):
            take_step(session, person(who), mine, "self_score", marks(mine, "own"))


def test_who_spoke_for_somebody_does_not_review_them(
    session: Session, person: Person, world: World, plan: EvaluationPlan
) -> None:
    theirs, office = of_colleague(session, plan, world), person("office")
    take_step(session, office, theirs, "self_score", marks(theirs, "own"))
    session.commit()
    with pytest.raises(NotAllowed, match="代本人填写过"):
        take_step(session, office, theirs, "review", marks(theirs))
    session.rollback()
    take_step(session, person("bureau_county"), theirs, "review", marks(theirs))
    assert theirs.state is EvaluationState.REVIEWED


@pytest.fixture
def bodies(session: Session, person: Person, world: World) -> EvaluationPlan:
    """A plan that evaluates the committees of the county, drawn."""
    county = session.get_one(Unit, world.county)
    for committee in session.scalars(select(Committee)):
        committee.status = CommitteeStatus.ACTIVE
    standard = Standard(
        name="规范化调委会考核标准",
        kind=StandardKind.EVALUATION,
        subject=Subject.COMMITTEE,
        unit_id=county.id,
        path=county.path,
        state=StandardState.PUBLISHED,
        valid_from=date(2025, 1, 1),
        full=Decimal(100),
        levels=[StandardLevel(name="合格", rank=1, least_score=Decimal(0))],
        items=[
            StandardItem(
                position=1,
                label="结案",
                measure=Measure.CASES_CLOSED,
                way=standards.Way.PER,
                threshold=Decimal(1),
                points=Decimal(10),
                cap=Decimal(60),
            ),
            StandardItem(
                position=2,
                label="阵地建设",
                measure=Measure.MANUAL,
                way=standards.Way.GIVEN,
                points=Decimal(40),
            ),
        ],
    )
    plan = EvaluationPlan(
        title="2025 年规范化调委会考核",
        standard=standard,
        unit_id=county.id,
        path=county.path,
        year=2025,
        half=Half.YEAR,
        state=PlanState.PREPARING,
        self_until=today() + timedelta(days=3),
    )
    session.add_all([standard, plan])
    session.flush()
    take_step(session, person("bureau_county"), plan, "draw")
    session.commit()
    return plan


def test_a_committee_is_evaluated_scores_itself_appeals_and_is_answered(
    session: Session, person: Person, world: World, bodies: EvaluationPlan
) -> None:
    director, bureau = person("director"), person("bureau_county")
    found = of(session, bodies)
    assert {each.mediator_id for each in found} == {None}
    ours = next(each for each in found if each.committee_id == world.village_committee)
    assert ours.who == session.get_one(Committee, world.village_committee).name
    told = select(Notice.words).where(Notice.user_id == world.director, Notice.words.contains("以前自评"))
    assert session.scalars(told).all()
    take_step(session, director, ours, "self_score", marks(ours, "own"))
    assert "代" not in (ours.steps[-1].note or "")
    bodies.self_until = today() - timedelta(days=1)
    session.flush()
    for each in found:
        take_step(session, bureau, each, "review", marks(each))
    take_step(session, bureau, bodies, "publish")
    session.commit()
    assert ours.score is not None
    take_step(session, director, ours, "appeal", Given({"appeal": "结案数少算了一件"}))
    assert ours.state is EvaluationState.APPEALED
    take_step(session, bureau, ours, "answer", Given({"answer": "经核对无误"}))
    assert ours.state is EvaluationState.FINAL


def test_whoever_sits_in_a_committee_judges_nothing_of_it(
    session: Session, person: Person, world: World, bodies: EvaluationPlan
) -> None:
    ours = next(each for each in of(session, bodies) if each.committee_id == world.village_committee)
    office = person("office")
    assert policy.may(office, "evaluation.review", ours)
    office.posts.append(
        Post(role=Role.COMMITTEE, unit_id=world.village, committee_id=world.village_committee)
    )
    session.flush()
    for verb in ("review", "rescore", "appraise", "answer", "exempt"):
        assert not policy.may(office, f"evaluation.{verb}", ours)
    with pytest.raises(NotAllowed):
        take_step(session, office, ours, "review", marks(ours))
