"""A half-year's evaluation by the verbs: drawn and frozen, scored, published, appealed; and who may what."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.exports import ledgers as _ledgers  # noqa: F401  (declaring them is the point)
from admin_app.exports.columns import labels
from admin_app.exports.ledger import LEDGERS, Asked
from admin_app.exports.reading import read
from admin_app.models.cases import Case
from admin_app.models.deadlines import Deadline
from admin_app.models.evaluation_plans import EvaluationPlan
from admin_app.models.evaluations import Evaluation
from admin_app.models.notices import Notice
from admin_app.models.units import Unit
from admin_app.models.users import Post, User
from admin_app.operations import inbox, score_sheets
from admin_app.operations.evaluation_changes import changes
from admin_app.operations.evaluation_sums import ranks, sums, whole, width_below
from admin_app.operations.evaluations import coefficient_of, outcome_of
from admin_app.operations.given import Given, Line
from admin_app.operations.lives import take_step
from admin_app.operations.score_sheets import SheetRefused, Typed
from admin_app.rules.dates import today
from admin_app.rules.evaluation_plans import PlanState
from admin_app.rules.evaluations import EvaluationState
from admin_app.rules.refusals import NotAllowed, NotNow, NotSeen, RecordRefused
from tests.world import World

Person = Callable[[str], User]
VOTES = dict(zip(score_sheets.VOTES, (8, 2, 0, 0), strict=True))


def marks(evaluation: Evaluation, name: str = "given", mark: str = "28") -> Given:
    """What a reviewer gives: the one item that people mark."""
    return Given(
        lines={"items": [Line(each.id, {name: Decimal(mark)}) for each in evaluation.items if each.asks]}
    )


def of(session: Session, plan: EvaluationPlan) -> list[Evaluation]:
    return list(
        session.scalars(select(Evaluation).where(Evaluation.plan_id == plan.id).order_by(Evaluation.id))
    )


@pytest.fixture
def plan(session: Session, person: Person, world: World) -> EvaluationPlan:
    """The county's plan, drawn."""
    found = session.get_one(EvaluationPlan, world.evaluation_plan)
    take_step(session, person("bureau_county"), found, "draw")
    session.commit()
    return found


@pytest.fixture
def mine(session: Session, plan: EvaluationPlan, world: World) -> Evaluation:
    """The owner's evaluation in it."""
    return next(each for each in of(session, plan) if each.mediator_id == world.mediator)


def finish(session: Session, person: Person, plan: EvaluationPlan) -> None:
    """Everybody scored and voted on, and published."""
    bureau = person("bureau_county")
    for each in of(session, plan):
        take_step(session, bureau, each, "review", marks(each))
        take_step(session, bureau, each, "appraise", Given(dict(VOTES)))
    take_step(session, bureau, plan, "publish")
    session.commit()


# ---------------------------------------------------------------- drawing


def test_a_plan_draws_everybody_on_the_roster_below_once(
    session: Session, person: Person, world: World, plan: EvaluationPlan
) -> None:
    drawn = of(session, plan)
    assert {each.mediator_id for each in drawn} == {
        world.mediator,
        world.colleague_mediator,
        world.township_mediator,
        world.other_mediator,
    }
    assert (plan.state, plan.drawn_on) == (PlanState.RUNNING, today())
    assert [line.label for line in drawn[0].items] == ["结案", "建档立卡", "民主评议"]
    assert {each.score for each in drawn} == {None}
    with pytest.raises(NotNow):
        take_step(session, person("bureau_county"), plan, "draw")
    with pytest.raises(NotNow, match="没有要取数的人"):
        take_step(session, person("bureau_county"), plan, "add")
    session.rollback()
    assert len(of(session, plan)) == 4


def test_a_late_comer_is_added_and_the_others_stay_as_they_are(
    session: Session, person: Person, plan: EvaluationPlan, mine: Evaluation
) -> None:
    before = [each.id for each in of(session, plan)]
    mine.removed_at = mine.created_at  # as if the person had not been there
    session.flush()
    take_step(session, person("bureau_county"), plan, "add")
    assert len(of(session, plan)) == len(before) + 1


def test_figures_of_days_to_come_are_not_drawn(session: Session, person: Person, world: World) -> None:
    plan = session.get_one(EvaluationPlan, world.evaluation_plan)
    plan.until = today() + timedelta(days=1)
    with pytest.raises(RecordRefused, match="期末以后再取数"):
        take_step(session, person("bureau_county"), plan, "draw")


# ---------------------------------------------------------------- scoring


def test_a_score_is_reckoned_and_hidden_until_it_is_published(
    session: Session, person: Person, plan: EvaluationPlan, mine: Evaluation
) -> None:
    bureau = person("bureau_county")
    finish(session, person, plan)
    assert mine.state is EvaluationState.PUBLISHED
    figures = mine.items[0].got
    assert [line.got for line in mine.items] == [figures, 28, Decimal("19.40")]  # 8 at 100, 2 at 85: 97
    assert mine.score == figures + Decimal("47.40")
    assert mine.evaluated_on == today()
    told = session.scalars(select(Notice.words).where(Notice.word == "evaluation"))
    assert any("有异议" in words for words in told)
    with pytest.raises(NotNow):
        take_step(session, bureau, plan, "close")


def test_a_mark_must_fit_and_figures_take_none(
    session: Session, person: Person, plan: EvaluationPlan, mine: Evaluation
) -> None:
    office = person("office")
    for given, sentence in (
        (marks(mine, mark="30.5"), "最多 30 分"),
        (Given(), "请给“建档立卡”打分"),
        (Given(lines={"items": [Line(each.id, {"given": Decimal(5)}) for each in mine.items]}), "由数据计分"),
    ):
        with pytest.raises(RecordRefused, match=sentence):
            take_step(session, office, mine, "review", given)
        session.rollback()
    assert mine.state is EvaluationState.DRAWN


def test_what_is_given_for_the_appraisal_by_hand_does_not_count(
    session: Session, person: Person, plan: EvaluationPlan, mine: Evaluation
) -> None:
    lines = [Line(each.id, {"given": Decimal(20)}) for each in mine.items[1:]]
    take_step(session, person("office"), mine, "review", Given(lines={"items": lines}))
    assert mine.items[2].given is None
    assert mine.items[2].got == 0


def test_the_reviewer_waits_for_the_self_score_while_its_days_run(
    session: Session, person: Person, plan: EvaluationPlan, mine: Evaluation
) -> None:
    owner, office = person("owner"), person("office")
    with pytest.raises(NotNow, match="不用自评"):
        take_step(session, owner, mine, "self_score", marks(mine, "own"))
    plan.self_until = today()
    session.flush()
    with pytest.raises(NotNow, match="还没有自评"):
        take_step(session, office, mine, "review", marks(mine))
    waiting = session.scalars(inbox.waiting(owner, inbox.GROUP["self_score"])).all()
    assert waiting == [mine]
    take_step(session, owner, mine, "self_score", marks(mine, "own", "30"))
    take_step(session, office, mine, "review", marks(mine))
    assert (mine.state, mine.items[1].own, mine.items[1].got) == (EvaluationState.REVIEWED, 30, 28)


def test_a_plan_is_published_when_everybody_is_scored_and_voted_on(
    session: Session, person: Person, plan: EvaluationPlan, mine: Evaluation
) -> None:
    bureau = person("bureau_county")
    with pytest.raises(RecordRefused, match="还有 4 份没有评分"):
        take_step(session, bureau, plan, "publish")
    session.rollback()
    take_step(session, bureau, mine, "exempt", Given({"exemption": "病假半年"}))
    for each in of(session, plan):
        if each is not mine:
            take_step(session, bureau, each, "review", marks(each))
    with pytest.raises(RecordRefused, match="还有 3 份没有民主评议"):
        take_step(session, bureau, plan, "publish")
    session.rollback()
    with pytest.raises(NotAllowed):
        take_step(session, person("office"), plan, "publish")


# ---------------------------------------------------------------- who


def test_nobody_is_evaluated_and_reviewer(
    session: Session, person: Person, world: World, plan: EvaluationPlan, mine: Evaluation
) -> None:
    office = person("office")
    judging = ("review", "rescore", "appraise", "exempt", "answer", "edit", "remove")
    assert policy.may(office, "evaluation.review", mine)
    office.posts.append(
        Post(
            role=person("owner").posts[0].role,
            unit_id=world.village,
            committee_id=world.village_committee,
            mediator_id=world.mediator,
        )
    )
    session.flush()
    assert not any(policy.may(office, f"evaluation.{verb}", mine) for verb in judging)
    reached = session.scalars(
        select(Evaluation.id).where(policy.visible(Evaluation, office, "evaluation.review"))
    )
    assert mine.id not in reached.all()
    with pytest.raises(NotAllowed):
        take_step(session, office, mine, "review", marks(mine))


def test_no_grant_lets_anybody_judge_what_is_their_own(looking: Session, person: Person) -> None:
    """For every person, evaluation and judging verb: never both evaluated and allowed."""
    everybody = looking.scalars(select(User)).all()
    for evaluation in looking.scalars(select(Evaluation)):
        for user in everybody:
            own = any(post.mediator_id == evaluation.mediator_id for post in user.posts)
            verbs = [
                verb
                for verb in ("create", "edit", "review", "rescore", "appraise", "exempt", "answer")
                if policy.may(user, f"evaluation.{verb}", evaluation)
            ]
            assert not (own and verbs), (user.username, verbs)


def test_a_mediator_reads_their_own_but_not_while_it_is_reviewed(
    session: Session, person: Person, plan: EvaluationPlan, mine: Evaluation
) -> None:
    owner, other = person("owner"), next(each for each in of(session, plan) if each is not mine)
    assert policy.find(session, owner, Evaluation, mine.id) is mine
    with pytest.raises(NotSeen):
        policy.find(session, owner, Evaluation, other.id)
    take_step(session, person("office"), mine, "review", marks(mine))
    with pytest.raises(NotSeen):
        policy.find(session, owner, Evaluation, mine.id)


# ---------------------------------------------------------------- frozen


def test_a_case_changed_afterwards_changes_the_evidence_and_never_the_score(
    session: Session, person: Person, world: World, plan: EvaluationPlan
) -> None:
    finish(session, person, plan)
    case = session.get_one(Case, world.mediating_case)
    theirs = next(each for each in of(session, plan) if each.mediator_id == world.mediator)
    frozen = (theirs.score, theirs.items[0].value, list(theirs.items[0].behind))
    assert changes(session, theirs) == {}
    closed = session.get_one(Case, world.closed_case)
    for line in (case.mediators, closed.mediators):
        assert line
    case.closed_on, case.stage = date(2026, 9, 1), closed.stage
    session.commit()
    [change] = changes(session, theirs).values()
    assert change.come == (("case", case.id),)
    assert (theirs.score, theirs.items[0].value, list(theirs.items[0].behind)) == frozen


def test_every_published_score_is_reckoned_again_from_its_frozen_items(
    session: Session, person: Person, plan: EvaluationPlan
) -> None:
    finish(session, person, plan)
    session.expire_all()
    for each in of(session, plan):
        again = outcome_of(session, each)
        assert again.score == each.score
        assert [verdict.points for verdict in again.verdicts] == [line.got for line in each.items]
        assert (again.level.name if again.level else None) == each.level


# ---------------------------------------------------------------- appeal


def test_an_appeal_is_answered_item_by_item_and_the_score_follows(
    session: Session, person: Person, world: World, plan: EvaluationPlan, mine: Evaluation
) -> None:
    finish(session, person, plan)
    before = mine.score
    take_step(session, person("owner"), mine, "appeal", Given({"appeal": "建档立卡少算了两件"}))
    session.commit()
    due = session.scalars(select(Deadline).where(Deadline.word == "evaluation")).one()
    assert (due.record_id, due.done_at) == (mine.id, None)
    with pytest.raises(NotAllowed):
        take_step(session, person("office"), mine, "answer", Given({"answer": "维持"}))
    bureau, line = person("bureau_county"), mine.items[1]
    answer = Given({"answer": "核对属实"}, {"items": [Line(line.id, {"corrected": Decimal(30)})]})
    with pytest.raises(RecordRefused, match="请写明"):
        take_step(session, bureau, mine, "answer", answer)
    session.rollback()
    answer.lines["items"] = [Line(line.id, {"corrected": Decimal(30), "reason": "两件补录"})]
    take_step(session, bureau, mine, "answer", answer)
    assert mine.state is EvaluationState.FINAL
    assert mine.score == before + 2
    assert due.done_at is not None


def test_who_lets_the_days_pass_appeals_no_more_and_the_plan_is_closed(
    session: Session, person: Person, world: World, plan: EvaluationPlan, mine: Evaluation
) -> None:
    finish(session, person, plan)
    plan.appeal_until = today() - timedelta(days=1)
    session.flush()
    with pytest.raises(NotNow, match="截止"):
        take_step(session, person("owner"), mine, "appeal", Given({"appeal": "不服"}))
    session.rollback()
    plan.appeal_until = today() - timedelta(days=1)
    take_step(session, person("bureau_county"), plan, "close")
    assert {each.state for each in of(session, plan)} == {EvaluationState.FINAL}
    worth = coefficient_of(session, [world.mediator, world.far_mediator], today())
    assert worth[world.mediator] == mine.coefficient
    assert worth[world.far_mediator] == 1
    assert coefficient_of(session, [world.mediator], date(2026, 6, 29))[world.mediator] == 1


# ---------------------------------------------------------------- sheets and sums


def typed(evaluation: Evaluation, mark: str | None, votes: Any = (), version: int = 0) -> Typed:
    given = {line.position: Decimal(mark) if mark else None for line in evaluation.items if line.asks}
    return Typed(evaluation.id, version or evaluation.version, given, votes)


def test_a_sheet_scores_all_its_rows_or_none(
    session: Session, person: Person, plan: EvaluationPlan, mine: Evaluation
) -> None:
    office, rows = person("office"), of(session, plan)[:3]
    with pytest.raises(SheetRefused) as refused:
        score_sheets.save(session, office, plan, [typed(rows[0], "20"), typed(rows[1], "31")])
    assert set(refused.value.faults) == {rows[1].id}
    session.rollback()
    assert {each.state for each in rows} == {EvaluationState.DRAWN}
    sheet = [typed(rows[0], "20", (5, 1, 0, 0)), typed(rows[1], "25"), typed(rows[2], None)]
    assert score_sheets.save(session, office, plan, sheet) == 2
    assert [each.state.value for each in rows] == ["appraised", "reviewed", "drawn"]


def test_a_sheet_notices_that_somebody_else_was_quicker(
    session: Session, person: Person, plan: EvaluationPlan, mine: Evaluation
) -> None:
    seen = mine.version
    take_step(session, person("bureau_county"), mine, "review", marks(mine))
    session.commit()
    with pytest.raises(SheetRefused) as refused:
        score_sheets.save(session, person("office"), plan, [typed(mine, "20", version=seen)])
    assert "别人刚改过" in refused.value.faults[mine.id][0].sentence


def test_sums_of_units_are_those_of_their_evaluations(
    session: Session, person: Person, plan: EvaluationPlan
) -> None:
    finish(session, person, plan)
    scores = [each.score for each in of(session, plan) if each.score is not None]
    parts = sums(session, width_below(plan.path), Evaluation.plan_id == plan.id)
    total = whole(parts.values())
    assert (total.total, total.scored, total.points) == (4, 4, sum(scores))
    assert (total.best, total.worst) == (max(scores), min(scores))
    assert min(ranks(parts).values()) == 1
    counted = session.scalar(select(func.count()).where(Evaluation.plan_id == plan.id))
    assert counted == total.levels.total()


# ---------------------------------------------------------------- sheets on paper


def test_the_books_hold_what_is_published_and_nothing_before(
    session: Session, person: Person, world: World, plan: EvaluationPlan
) -> None:
    bureau = person("bureau_county")
    asked = Asked(unit=session.get_one(Unit, world.county), since=today())
    assert read(session, bureau, LEDGERS["evaluation-items"], asked).lines == []
    finish(session, person, plan)
    items = read(session, bureau, LEDGERS["evaluation-items"], asked)
    assert labels(items.ledger.columns)[4:7] == ["结案", "建档立卡", "民主评议"]
    for line in items.lines or ():
        assert line["score"] == sum(line[f"item {each}"] for each in ("结案", "建档立卡", "民主评议"))
    table = read(session, bureau, LEDGERS["evaluation-sums"], asked).lines or []
    assert table[-1]["unit"] == "合计"
    assert table[-1]["count"] == len(items.lines or ()) == 4
    assert sum(line["count"] for line in table[:-1]) == 4
    mine = read(session, person("owner"), LEDGERS["evaluation-items"], asked)
    assert [line["who"] for line in mine.lines or ()] == ["张伟"]
