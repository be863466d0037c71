"""The life of an evaluation plan 考核计划: figures drawn and frozen, results published for all, closed.

A plan is drawn whole or not at all, and nobody is drawn twice for a period: pressed again, or at once by
two people, it makes nothing new (uq_evaluations_period).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from admin_app import policy
from admin_app.models.committees import Committee
from admin_app.models.evaluation_plans import EvaluationPlan, EvaluationPlanStep
from admin_app.models.evaluations import Evaluation, EvaluationItem
from admin_app.models.holidays import calendar
from admin_app.models.jobs import Job
from admin_app.models.mediators import Mediator
from admin_app.models.parameters import whole
from admin_app.models.standards import Standard
from admin_app.models.units import Unit
from admin_app.models.users import Post, Role, User
from admin_app.operations import bulk, deadlines, evaluations, jobs, steps
from admin_app.operations.measuring import measure
from admin_app.operations.notices import people_of, tell
from admin_app.operations.steps import Life, Passing
from admin_app.operations.tidings import OFFICES
from admin_app.rules import evaluation_plans as rules
from admin_app.rules.committees import CommitteeStatus
from admin_app.rules.dates import today
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.evaluation_plans import PlanState
from admin_app.rules.evaluations import EvaluationState, period_of
from admin_app.rules.findings import Finding
from admin_app.rules.measures import BY_HAND, NOTHING, Evidence, Measure, Subject
from admin_app.rules.mediators import ON_ROSTER
from admin_app.rules.parameters import Setting
from admin_app.rules.refusals import NotAllowed, NotNow, RecordRefused, Stale
from admin_app.rules.standards import StandardKind, StandardState, judge

AT_ONCE = 500  # evaluations written together
MANY = 100  # beyond so many the worker does it
BY_WORKER = frozenset({"draw", "add", "publish", "close"})


# ---------------------------------------------------------------- whom a plan evaluates


def missing(plan: EvaluationPlan, subject: Subject) -> Select[Any]:
    """SQL: whom the plan is to evaluate and who has no evaluation of its period yet, however it came about.

    Mediators on the roster, or committees at work, under the plan's unit.
    """
    model: Any = Mediator if subject is Subject.MEDIATOR else Committee
    wanted: list[ColumnElement[bool]]
    same: list[ColumnElement[bool]] = [
        Evaluation.year == plan.year,
        Evaluation.half == plan.half,
        Evaluation.removed_at.is_(None),
    ]
    if subject is Subject.MEDIATOR:
        same.append(Evaluation.mediator_id == Mediator.id)
        wanted = [Mediator.status.in_(ON_ROSTER)]
        if plan.full_time:
            wanted.append(Mediator.full_time == plan.full_time)
    else:
        same += [Evaluation.committee_id == Committee.id, Evaluation.mediator_id.is_(None)]
        wanted = [Committee.status == CommitteeStatus.ACTIVE]
    return (
        select(model.id, model.unit_id, model.path, model.name)
        .add_columns(Mediator.committee_id if model is Mediator else Committee.id.label("committee_id"))
        .where(model.under(plan.path), model.removed_at.is_(None), *wanted, ~exists().where(*same))
        .order_by(model.path, model.id)
    )


def lacking(session: Session, plan: EvaluationPlan) -> int:
    """How many are still to be drawn."""
    standard = session.get_one(Standard, plan.standard_id)
    rows = missing(plan, standard.subject).order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(rows)) or 0


def _draw(session: Session, plan: EvaluationPlan) -> int:
    """An evaluation for each who has none, with the figures as they stand now; returns how many."""
    standard = session.get_one(Standard, plan.standard_id)
    rows = session.execute(missing(plan, standard.subject)).all()
    asked = {each.measure for each in standard.items} - BY_HAND
    assert plan.until is not None
    figures = measure(session, standard.subject, [row.id for row in rows], asked, plan.since, plan.until)
    for start in range(0, len(rows), AT_ONCE):
        drawn = [
            _frozen(plan, standard, row, figures.get(row.id, {})) for row in rows[start : start + AT_ONCE]
        ]
        bulk.add(session, drawn)
    return len(rows)


def _frozen(plan: EvaluationPlan, standard: Standard, row: Any, facts: dict[Measure, Evidence]) -> Evaluation:
    verdicts = judge(standard.judged_by(), facts)
    return Evaluation(
        plan_id=plan.id,
        mediator_id=row.id if standard.subject is Subject.MEDIATOR else None,
        committee_id=row.committee_id,
        unit_id=row.unit_id,
        path=row.path,
        who=row.name,
        year=plan.year,
        half=plan.half,
        state=EvaluationState.DRAWN,
        items=[
            _line(position, verdict.item, facts.get(verdict.item.measure, NOTHING), verdict.points)
            for position, verdict in enumerate(verdicts, start=1)
        ],
    )


def _line(position: int, item: Any, evidence: Evidence, points: Any) -> EvaluationItem:
    kept = evidence.written()
    return EvaluationItem(
        position=position,
        label=item.label,
        rank=item.level,
        measure=item.measure,
        way=item.way,
        threshold=item.threshold,
        points=item.points,
        cap=item.cap,
        value=evidence.value,
        hit=evidence.hit,
        of=evidence.of,
        behind=kept["behind"],
        got=points,
    )


# ---------------------------------------------------------------- how far a plan has come


@dataclass(frozen=True)
class Progress:
    """How many evaluations of a plan stand where."""

    states: Counter[EvaluationState]

    @property
    def total(self) -> int:
        return self.states.total()

    def waits(self, *, votes: bool) -> list[str]:
        """What keeps the plan from being published, in words."""
        unscored = sum(self.states[each] for each in (EvaluationState.DRAWN, EvaluationState.SELF_SCORED))
        found = [f"还有 {unscored} 份没有评分"] if unscored else []
        unvoted = self.states[EvaluationState.REVIEWED] if votes else 0
        return [*found, f"还有 {unvoted} 份没有民主评议"] if unvoted else found


def of_plan(plan: EvaluationPlan) -> tuple[Any, ...]:
    """SQL: the live evaluations of a plan."""
    return Evaluation.plan_id == plan.id, Evaluation.removed_at.is_(None)


def progress(session: Session, plan: EvaluationPlan, *where: Any) -> Progress:
    """Count the evaluations of a plan by state."""
    rows = select(Evaluation.state, func.count()).where(*of_plan(plan), *where).group_by(Evaluation.state)
    found: Counter[EvaluationState] = Counter()
    for state, count in session.execute(rows):
        found[state] = count
    return Progress(found)


# ---------------------------------------------------------------- what each step checks


def _drawable(passing: Passing) -> list[Finding]:
    session, plan = passing.session, passing.record
    standard = session.get_one(Standard, plan.standard_id)
    if standard.kind is not StandardKind.EVALUATION:
        return [Finding("standard_id", f"“{standard}”不是考核标准，请换一个考核标准")]
    if standard.state is not StandardState.PUBLISHED:
        return [
            Finding("standard_id", f"“{standard}”{standard.state.label}，请先发布标准，或者换一个已发布的")
        ]
    if not lacking(session, plan):
        raise NotNow("没有要取数的人：名册上的人本期都已经有考核。")
    until = plan.until or period_of(plan.year, plan.half).until
    if until is not None and until > today():
        return [
            Finding(
                "until",
                f"考核期间到 {until:%Y-%m-%d} 才结束，期末以后再取数，或者把“数据到”改成已经过去的一天",
            )
        ]
    return []


def _publishable(passing: Passing) -> list[Finding]:
    session, plan = passing.session, passing.record
    _refuse_own(session, passing.actor, plan)
    found = progress(session, plan).waits(votes=has_votes(session, plan))
    return [Finding("", f"{'，'.join(found)}，办完才能公布")] if found else []


def _closable(passing: Passing) -> list[Finding]:
    session, plan = passing.session, passing.record
    _refuse_own(session, passing.actor, plan)
    open_appeals = progress(session, plan).states[EvaluationState.APPEALED]
    if open_appeals:
        raise NotNow(f"还有 {open_appeals} 份申诉没有答复，答复以后才能结束。")
    if plan.appeal_until is not None and today() <= plan.appeal_until:
        raise NotNow(f"申诉期到 {plan.appeal_until:%Y-%m-%d} 才截止，过后才能结束。")
    return []


def has_votes(session: Session, plan: EvaluationPlan) -> bool:
    """Whether the plan's standard asks for a democratic appraisal."""
    standard = session.get_one(Standard, plan.standard_id)
    return any(each.measure is Measure.APPRAISAL for each in standard.items)


def _refuse_own(session: Session, actor: User | None, plan: EvaluationPlan) -> None:
    """Nobody decides about themselves, one among many though they be."""
    mediators = [post.mediator_id for post in actor.posts if post.mediator_id] if actor else []
    committees = [post.committee_id for post in actor.posts if post.committee_id] if actor else []
    own = or_(
        Evaluation.mediator_id.in_(mediators),
        Evaluation.mediator_id.is_(None) & Evaluation.committee_id.in_(committees),
    )
    if session.scalar(select(exists().where(*of_plan(plan), own))):
        raise NotAllowed("您本人（或您的调委会）也在这个考核计划里，请由他人公布和结束。")


# ---------------------------------------------------------------- what follows from each step


def _drawn(passing: Passing) -> None:
    session, plan = passing.session, passing.record
    period = period_of(plan.year, plan.half)
    plan.since, plan.until = plan.since or period.since, plan.until or period.until
    plan.drawn_on = today()
    session.flush()
    count = _draw(session, plan)
    if plan.due_on is not None:
        deadlines.fall_due(
            session, DeadlineKind.EVALUATE, plan, plan.due_on, unit_id=plan.unit_id, path=plan.path
        )
    words = f"{plan}已取数，共 {count} 份，请办理评分。"
    tell(session, _offices_under(session, plan), words, plan)
    _ask_for_self_scores(session, plan)


def _added(passing: Passing) -> None:
    _draw(passing.session, passing.record)
    _ask_for_self_scores(passing.session, passing.record)


def _published(passing: Passing) -> None:
    session, plan = passing.session, passing.record
    plan.published_on = today()
    days = whole(session, Setting.APPEAL_DAYS, today())
    plan.appeal_until = calendar(session).after(today(), days)
    deadlines.done(session, DeadlineKind.EVALUATE, plan)
    for each in _each(session, plan, EvaluationState.REVIEWED, EvaluationState.APPRAISED):
        evaluations.advance(session, passing.actor, each, "publish", led=True)


def _closed(passing: Passing) -> None:
    session, plan = passing.session, passing.record
    for each in _each(session, plan, EvaluationState.PUBLISHED):
        evaluations.advance(session, passing.actor, each, "finish", led=True)


def _each(session: Session, plan: EvaluationPlan, *states: EvaluationState) -> Iterator[Evaluation]:
    """The evaluations of a plan at some states, with their lines, some hundred at a time."""
    ids = session.scalars(
        select(Evaluation.id).where(*of_plan(plan), Evaluation.state.in_(states)).order_by(Evaluation.id)
    ).all()
    for start in range(0, len(ids), AT_ONCE):
        some = select(Evaluation).where(Evaluation.id.in_(ids[start : start + AT_ONCE]))
        lines = selectinload(Evaluation.items), selectinload(Evaluation.steps)
        yield from session.scalars(some.order_by(Evaluation.id).options(*lines)).all()


def _offices_under(session: Session, plan: EvaluationPlan) -> Sequence[User]:
    """Whoever may have to review: the offices of the unit and below."""
    below = select(Post.user_id).join(Unit, Unit.id == Post.unit_id)
    below = below.where(Unit.under(plan.path), Post.role.in_(OFFICES))
    live = select(User).where(User.id.in_(below), User.active, User.removed_at.is_(None))
    return session.scalars(live.order_by(User.id)).all()


def _ask_for_self_scores(session: Session, plan: EvaluationPlan) -> None:
    """Everybody who is to score themselves is told, once; of who cannot sign in their director is."""
    if plan.self_until is None:
        return
    account = exists().where(Post.mediator_id == Evaluation.mediator_id, Post.user_id == User.id, User.active)
    drawn = select(Evaluation).where(*of_plan(plan), Evaluation.state == EvaluationState.DRAWN)
    words = f"{plan}：请在 {plan.self_until:%Y-%m-%d} 以前自评。"
    speak = account | (
        Evaluation.mediator_id.is_(None) & exists().where(Post.committee_id == Evaluation.committee_id)
    )
    for each in session.scalars(drawn.where(speak).order_by(Evaluation.id)):
        people = evaluations.people_evaluated(session, each)
        tell(session, people, words, each, key=f"self_score:{each.id}")
    others = drawn.where(Evaluation.mediator_id.is_not(None), ~account).order_by(None).subquery()
    counts = select(others.c.committee_id, func.count(), func.min(others.c.id))
    counts = counts.group_by(others.c.committee_id).order_by(others.c.committee_id)
    for committee_id, count, first in session.execute(counts).all():
        people = people_of(session, committee_id, (Role.COMMITTEE,))
        words = f"{plan}：本调委会有 {count} 人没有账号，请在 {plan.self_until:%Y-%m-%d} 以前代他们填写自评。"
        tell(session, people, words, session.get_one(Evaluation, first), key=f"self_score:{plan.id}")


def _move(plan: EvaluationPlan, state: PlanState) -> None:
    plan.state = state


LIFE = Life(
    word="evaluation_plan",
    steps=rules.STEP,
    row=EvaluationPlanStep,
    stands=lambda plan: plan.state,
    move=_move,
    checks={"draw": _drawable, "add": _drawable, "publish": _publishable, "close": _closable},
    effects={"draw": _drawn, "add": _added, "publish": _published, "close": _closed},
)

advance = partial(steps.advance, LIFE)


# ---------------------------------------------------------------- by the worker


def is_long(session: Session, plan: EvaluationPlan, name: str) -> bool:
    """Whether a step touches so many that the worker takes it."""
    if name not in BY_WORKER:
        return False
    count = lacking(session, plan) if name in ("draw", "add") else progress(session, plan).total
    return count > MANY


def _work(session: Session, job: Job, told: jobs.Progress) -> jobs.Result:
    """The step, whole or not at all: it is committed with the job's end."""
    session.rollback()  # it writes from the beginning
    plan = policy.find(session, job.user, EvaluationPlan, job.given["plan"])
    step = rules.STEP[job.given["step"]]
    advance(session, job.user, plan, step.name, note=job.given["note"], version=job.given["version"])
    return jobs.Result(f"{plan}：已{step.label}，共 {progress(session, plan).total} 份考核")


STEP_JOB = jobs.register_kind(
    jobs.Kind("evaluation_plan", "考核计划", lambda given: f"evaluation_plan.{given['step']}", _work)
)


def ask(session: Session, actor: User, plan: EvaluationPlan, name: str, *, note: str, version: int) -> Job:
    """A step that the worker is to take; what stands in its way now is told now."""
    step = rules.STEP[name]
    policy.demand(actor, f"evaluation_plan.{name}", plan)
    step.check(plan.state)
    if version != plan.version:
        raise Stale()
    findings = LIFE.checks[name](Passing(session, actor, plan, step))
    if findings:
        raise RecordRefused(findings)
    given = {"plan": plan.id, "step": name, "note": note, "version": version}
    return jobs.ask(session, actor, STEP_JOB.name, given, label=f"{plan}：{step.label}")
