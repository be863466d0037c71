"""What narrows the inbox's groups of evaluations 考核 to whoever must act, and to when."""

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select

from admin_app.models.evaluation_plans import EvaluationPlan
from admin_app.models.evaluations import Evaluation
from admin_app.models.standards import StandardItem
from admin_app.models.users import User
from admin_app.rules.dates import today
from admin_app.rules.evaluation_plans import PlanState
from admin_app.rules.evaluations import EvaluationState
from admin_app.rules.measures import Measure
from admin_app.rules.tiers import Tier, tier_of

REVIEWED = (EvaluationState.REVIEWED,)


def _plans(*where: ColumnElement[bool]) -> Select[int]:
    return select(EvaluationPlan.id).where(*where, EvaluationPlan.state == PlanState.RUNNING)


def self_scoring(user: User) -> ColumnElement[bool]:
    """While the days for scoring oneself run, and one has not yet; directors do it for the speechless."""
    asked = _plans(EvaluationPlan.self_until >= today())
    mediators = [post.mediator_id for post in user.posts if post.mediator_id]
    committees = [post.committee_id for post in user.posts if post.committee_id]
    near = or_(Evaluation.mediator_id.in_(mediators), Evaluation.committee_id.in_(committees))
    return and_(near, Evaluation.state == EvaluationState.DRAWN, Evaluation.plan_id.in_(asked))


def _nearest(user: User) -> ColumnElement[bool]:
    """SQL: an office reviews all below it; whoever stands higher, the people of their own unit."""
    near = [
        Evaluation.under(post.path)
        if tier_of(post.path) in (Tier.TOWNSHIP, Tier.VILLAGE)
        else Evaluation.unit_id == post.unit_id
        for post in user.posts
    ]
    return or_(false(), *near)


def to_score_here(user: User) -> ColumnElement[bool]:
    """Nobody waits for a self-score whose days still run."""
    over = _plans(or_(EvaluationPlan.self_until.is_(None), EvaluationPlan.self_until < today()))
    ready = or_(Evaluation.state == EvaluationState.SELF_SCORED, Evaluation.plan_id.in_(over))
    return and_(_nearest(user), ready)


def to_appraise_here(user: User) -> ColumnElement[bool]:
    """Those of plans whose standard asks for votes."""
    votes = select(StandardItem.standard_id).where(StandardItem.measure == Measure.APPRAISAL)
    return and_(_nearest(user), Evaluation.plan_id.in_(_plans(EvaluationPlan.standard_id.in_(votes))))


def all_scored(user: User) -> ColumnElement[bool]:
    """Plans in which nobody waits for a score any more."""
    waits = exists().where(
        Evaluation.plan_id == EvaluationPlan.id,
        Evaluation.removed_at.is_(None),
        Evaluation.state.in_((EvaluationState.DRAWN, EvaluationState.SELF_SCORED)),
    )
    return ~waits


def appeals_over(user: User) -> ColumnElement[bool]:
    """Plans whose days for appeals are over."""
    return EvaluationPlan.appeal_until < today()
