"""The life of an evaluation 考核: scored by oneself, by a reviewer, by votes; published; appealed; final.

Nobody types a score: it follows from the frozen figures and from what people gave, by the plan's standard.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.evaluation_plans import EvaluationPlan
from admin_app.models.evaluations import Evaluation, EvaluationStep
from admin_app.models.holidays import calendar
from admin_app.models.parameters import whole
from admin_app.models.standards import Standard
from admin_app.models.users import Post, Role, User
from admin_app.operations import deadlines, steps
from admin_app.operations.notices import people_at, people_of, tell
from admin_app.operations.steps import Life, Passing
from admin_app.operations.tidings import OFFICES
from admin_app.rules import evaluations as rules
from admin_app.rules.dates import today
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.evaluations import EvaluationState, Outcome, Scale
from admin_app.rules.findings import Finding
from admin_app.rules.measures import Measure
from admin_app.rules.parameters import Setting
from admin_app.rules.refusals import NotAllowed, NotNow
from admin_app.rules.standards import Way

AT_ONCE = 500
SPOKEN = ("self_score", "appeal")  # what somebody else may enter for who cannot sign in
WORTH = (Setting.VOTE_GOOD, Setting.VOTE_PASSED, Setting.VOTE_FAILED)


# ---------------------------------------------------------------- scoring


def plan_of(session: Session, evaluation: Evaluation) -> EvaluationPlan:
    """The plan of an evaluation that has one."""
    return session.get_one(EvaluationPlan, evaluation.plan_id)


def scale_of(standard: Standard) -> Scale:
    """The scale of a standard, as the rules read it."""
    return Scale(standard.base, standard.full, standard.ladder())


def outcome_of(session: Session, evaluation: Evaluation) -> Outcome:
    """What comes of an evaluation as it stands: reckoned from its own frozen lines and nothing else."""
    lines = evaluation.items
    standard = session.get_one(Standard, plan_of(session, evaluation).standard_id)
    return rules.outcome(
        [line.item for line in lines],
        {line.measure: line.evidence for line in lines},
        {line.id: line.given for line in lines if line.given is not None},
        {line.id: line.corrected for line in lines if line.corrected is not None},
        scale_of(standard),
    )


def _reckon(session: Session, evaluation: Evaluation) -> Outcome:
    """The points of each item follow from what stands there."""
    found = outcome_of(session, evaluation)
    for line, verdict in zip(evaluation.items, found.verdicts, strict=True):
        line.got = verdict.points
    return found


def _settle(session: Session, evaluation: Evaluation) -> None:
    """Score, level and coefficient follow."""
    found = _reckon(session, evaluation)
    standard = session.get_one(Standard, plan_of(session, evaluation).standard_id)
    reached = next((each for each in standard.levels if found.level and each.rank == found.level.rank), None)
    evaluation.score, evaluation.level = found.score, found.level.name if found.level else None
    evaluation.coefficient = (reached.coefficient if reached else None) or Decimal(1)


def coefficient_of(session: Session, mediator_ids: Iterable[int], day: date) -> dict[int, Decimal]:
    """What the latest final evaluation makes of each mediator's stipend; 1 where there is none.

    Latest by its period, which must have ended by the day.
    """
    ids = list(mediator_ids)
    found: dict[int, tuple[tuple[int, int], Decimal]] = {}
    for start in range(0, len(ids), AT_ONCE):
        rows = select(Evaluation.mediator_id, Evaluation.year, Evaluation.half, Evaluation.coefficient).where(
            Evaluation.mediator_id.in_(ids[start : start + AT_ONCE]),
            Evaluation.state == EvaluationState.FINAL,
            Evaluation.removed_at.is_(None),
            Evaluation.year <= day.year,
        )
        for mediator_id, year, half, coefficient in session.execute(rows):
            assert mediator_id is not None
            until, place = rules.period_of(year, half).until, (year, rules.PLACE[half])
            if until and until <= day and place > found.get(mediator_id, ((0, 0), Decimal(1)))[0]:
                found[mediator_id] = place, Decimal(1) if coefficient is None else coefficient
    return {each: found[each][1] if each in found else Decimal(1) for each in ids}


# ---------------------------------------------------------------- who is evaluated


def is_own(user: User, evaluation: Evaluation) -> bool:
    """Whether somebody is evaluated here: the mediator, or whoever has a post in the committee."""
    if evaluation.mediator_id is not None:
        return any(post.mediator_id == evaluation.mediator_id for post in user.posts)
    return any(post.committee_id == evaluation.committee_id for post in user.posts)


def people_evaluated(session: Session, evaluation: Evaluation) -> list[User]:
    """Who answers for an evaluation and can sign in: the mediator, else the committee's director."""
    mine = select(Post.user_id).where(Post.mediator_id == evaluation.mediator_id)
    live = select(User).where(User.id.in_(mine), User.active, User.removed_at.is_(None))
    found = list(session.scalars(live.order_by(User.id))) if evaluation.mediator_id is not None else []
    return found or people_of(session, evaluation.committee_id, (Role.COMMITTEE,))


def spoke_for(user: User, evaluation: Evaluation) -> bool:
    """Whether somebody has entered here what the one evaluated says."""
    return any(row.actor_id == user.id and row.name in SPOKEN for row in evaluation.steps)


def _by_another(passing: Passing) -> None:
    """Nobody reviews, appraises or decides their own; this does not lean on the policy saying so too."""
    if passing.actor is not None and is_own(passing.actor, passing.record):
        raise NotAllowed("不能给自己（本调委会）评分、评议或答复申诉，请由他人办理。")
    if passing.actor is not None and spoke_for(passing.actor, passing.record):
        raise NotAllowed("您代本人填写过自评或申诉，不能再评分、评议或答复，请由他人办理。")


# ---------------------------------------------------------------- what each step checks


def _self_scored(passing: Passing) -> list[Finding]:
    evaluation = passing.record
    until = plan_of(passing.session, evaluation).self_until
    if until is None:
        raise NotNow("这次考核不用自评。")
    if today() > until:
        raise NotNow(f"自评到 {until:%Y-%m-%d} 截止，现在不能再自评。")
    return _marks_given(evaluation, "own")


def _reviewed(passing: Passing) -> list[Finding]:
    evaluation = passing.record
    _by_another(passing)
    until = plan_of(passing.session, evaluation).self_until
    if evaluation.state is EvaluationState.DRAWN and until is not None and today() <= until:
        raise NotNow(f"自评到 {until:%Y-%m-%d} 截止，本人还没有自评，请等自评以后或截止以后再评分。")
    return _marks_given(evaluation, "given")


def _rescored(passing: Passing) -> list[Finding]:
    _by_another(passing)
    return _marks_given(passing.record, "given")


def _marks_given(evaluation: Evaluation, name: str) -> list[Finding]:
    """Each item that people mark has a number that fits; no other has been given one."""
    found = []
    for index, line in enumerate(evaluation.items):
        where, mark = f"items-{index}-{name}", getattr(line, name)
        if not line.asks:
            if mark is not None and line.measure is not Measure.APPRAISAL:
                found.append(Finding(where, f"“{line.label}”由数据计分，不用填"))
        elif mark is None and line.way is Way.FINED:
            setattr(line, name, Decimal(0))  # nothing to take points for
        elif mark is None:
            found.append(Finding(where, f"请给“{line.label}”打分"))
        elif fault := rules.mark_fault(line.item, mark):
            found.append(Finding(where, f"“{line.label}”{fault}"))
    return found


def _voted(passing: Passing) -> list[Finding]:
    _by_another(passing)
    evaluation = passing.record
    if not rules.needs_appraisal([line.measure for line in evaluation.items]):
        raise NotNow("考核标准里没有民主评议。")
    if not sum(evaluation.votes):
        return [Finding("votes_excellent", "请填票数，一票都没有就不用评议")]
    return []


def _exempted(passing: Passing) -> list[Finding]:
    _by_another(passing)
    return []


def _appealed(passing: Passing) -> list[Finding]:
    until = plan_of(passing.session, passing.record).appeal_until
    if not rules.may_appeal(until, today()):
        raise NotNow(f"申诉期到 {until:%Y-%m-%d} 截止，现在不能再申诉。" if until else "还不能申诉。")
    return []


def _answered_well(passing: Passing) -> list[Finding]:
    _by_another(passing)
    found = []
    for index, line in enumerate(passing.record.items):
        fault = None if line.corrected is None else rules.correction_fault(line.item, line.corrected)
        if fault:
            found.append(Finding(f"items-{index}-corrected", f"“{line.label}”{fault}"))
        elif line.corrected is not None and not line.reason:
            found.append(Finding(f"items-{index}-reason", f"请写明“{line.label}”为什么改分"))
    return found


# ---------------------------------------------------------------- what follows from each step


def _marked(passing: Passing) -> None:
    """The votes decide of the appraisal's items, whatever else was given for them."""
    session, evaluation = passing.session, passing.record
    day = plan_of(session, evaluation).drawn_on
    worth = rules.votes_worth(evaluation.votes, (100, *(whole(session, each, day) for each in WORTH)))
    for line in evaluation.items:
        if line.measure is Measure.APPRAISAL:
            line.given = None if worth is None else rules.appraised(line.item, worth)
    _reckon(session, evaluation)


def _for_whom(passing: Passing) -> str:
    """What was entered for somebody who cannot sign in is told as such."""
    evaluation, actor = passing.record, passing.actor
    if passing.step.name not in SPOKEN or actor is None or is_own(actor, evaluation):
        return ""
    return f"{actor.name}代{evaluation.who}填写（本人没有账号）"


def _published(passing: Passing) -> None:
    session, evaluation = passing.session, passing.record
    _settle(session, evaluation)
    evaluation.evaluated_on = today()
    until = plan_of(session, evaluation).appeal_until
    words = f"{evaluation}已公布：{told(evaluation)}。有异议请在 {until:%Y-%m-%d} 以前申诉。"
    tell(session, people_evaluated(session, evaluation), words, evaluation)


def _appeal_made(passing: Passing) -> None:
    session, evaluation = passing.session, passing.record
    plan = plan_of(session, evaluation)
    due = calendar(session).after(today(), whole(session, Setting.APPEAL_ANSWER_DAYS, today()))
    deadlines.fall_due(session, DeadlineKind.APPEAL, evaluation, due, unit_id=plan.unit_id, path=plan.path)
    words = f"{evaluation}：本人提出申诉，请在 {due:%Y-%m-%d} 以前答复。"
    tell(session, people_at(session, plan.unit_id, OFFICES), words, evaluation)


def _answered(passing: Passing) -> None:
    session, evaluation = passing.session, passing.record
    before = told(evaluation)
    _settle(session, evaluation)
    deadlines.done(session, DeadlineKind.APPEAL, evaluation)
    after = told(evaluation)
    words = f"维持{after}" if before == after else f"由{before}改为{after}"
    tell(session, people_evaluated(session, evaluation), f"{evaluation}的申诉已答复：{words}。", evaluation)


def told(evaluation: Evaluation) -> str:
    """Score and level in one word."""
    return f"{evaluation.score} 分{f'、{evaluation.level}' if evaluation.level else ''}"


def _move(evaluation: Evaluation, state: EvaluationState) -> None:
    evaluation.state = state


LIFE = Life(
    word="evaluation",
    steps=rules.STEP,
    row=EvaluationStep,
    stands=lambda evaluation: evaluation.state,
    move=_move,
    checks={
        "self_score": _self_scored,
        "review": _reviewed,
        "rescore": _rescored,
        "appraise": _voted,
        "exempt": _exempted,
        "appeal": _appealed,
        "answer": _answered_well,
    },
    effects={
        "review": _marked,
        "rescore": _marked,
        "appraise": _marked,
        "publish": _published,
        "appeal": _appeal_made,
        "answer": _answered,
    },
    says=_for_whom,
)

advance = partial(steps.advance, LIFE)
