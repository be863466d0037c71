"""The inbox 待办: what waits for a person, group by group, never beyond what the policy lets them do.

A group is what waits for one step of one register, within `policy.visible` for that step, so that whoever
finds a thing here may take the step. What is near its day or late is gathered from the deadlines, by kind.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session, joinedload

from admin_app import policy
from admin_app.models.areas import posts_of
from admin_app.models.assistances import Assistance
from admin_app.models.awards import AwardApplication, AwardObjection
from admin_app.models.base import path_under
from admin_app.models.cases import Case, CaseMediator
from admin_app.models.deadlines import Deadline
from admin_app.models.registry import REGISTERS, column_of
from admin_app.models.subsidies import Subsidy
from admin_app.models.trainings import Training
from admin_app.models.users import User
from admin_app.models.visits import Visit
from admin_app.operations import circulars, meetings, screenings
from admin_app.operations import evaluation_queues as queues
from admin_app.operations.lives import LIVES
from admin_app.operations.pages import counting
from admin_app.rules.cases import Stage
from admin_app.rules.circulars import CircularState
from admin_app.rules.dates import SOON, today
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.visits import WAITING

RECHECK_AHEAD = 30  # days before its day from which on a yearly review waits
WORKED = (Stage.ACCEPTED, Stage.MEDIATING)
Only = Callable[[User], ColumnElement[bool]]


def _all(user: User) -> ColumnElement[bool]:
    return true()


@dataclass(frozen=True)
class Group:
    """What waits for a step; `only` narrows it beyond the states from which the step starts.

    A thing without a life, as a visit is, waits for an act of its own page: `only` alone tells which.
    With `watches` the person waits for others: nothing is theirs to do but to look, and to hurry them.
    """

    name: str
    label: str
    word: str
    step: str
    order: str = "id"
    only: Only = _all
    stands: tuple[Any, ...] = ()
    watches: bool = False

    @property
    def model(self) -> Any:
        return REGISTERS[self.word].model

    @property
    def action(self) -> str:
        return f"{self.word}.{self.step}"

    def standing(self) -> list[ColumnElement[bool]]:
        """SQL: the record stands where the step starts."""
        if self.word not in LIVES:
            return []
        state = column_of(self.model, "stage" if self.word == "case" else "state")
        return [state.in_(self.stands or tuple(sorted(LIVES[self.word].steps[self.step].sources)))]


def _without_mediator(user: User) -> ColumnElement[bool]:
    return ~exists().where(CaseMediator.case_id == Case.id)


def _subsidy_notice_over(user: User) -> ColumnElement[bool]:
    return Subsidy.notice_until < today()


def _awaited(kind: DeadlineKind, *when: Callable[[], ColumnElement[bool]]) -> Only:
    """The cases with an open deadline of a kind."""

    def only(user: User) -> ColumnElement[bool]:
        mine = select(Deadline.record_id).where(
            Deadline.word == "case",
            Deadline.kind == kind,
            Deadline.done_at.is_(None),
            _near(user),
            *(each() for each in when),
        )
        return Case.id.in_(mine)

    return only


def _still_ahead() -> ColumnElement[bool]:
    return Deadline.due_on >= today()


def _late_elsewhere(user: User) -> ColumnElement[bool]:
    """Referrals that the other side has not signed for or answered in time."""
    model = REGISTERS["referral"].model
    late = select(Deadline.record_id).where(
        Deadline.word == "referral",
        Deadline.kind.in_((DeadlineKind.SIGN, DeadlineKind.ANSWER)),
        Deadline.done_at.is_(None),
        Deadline.due_on < today(),
    )
    return and_(model.id.in_(late), ~policy.visible(model, user, "referral.answer"))


def _unanswered(user: User) -> ColumnElement[bool]:
    """What came in by the public window and nobody has dealt with."""
    return and_(Visit.opinion == WAITING, Visit.case_id.is_(None))


def _over(user: User) -> ColumnElement[bool]:
    """Trainings whose last day has passed."""
    return Training.held_until < today()


def _own_finds(user: User) -> ColumnElement[bool]:
    """What a person's own committee or office has found; of others' they only read."""
    return screenings.of_own(REGISTERS["find"].model, user)


def _own_warnings(user: User) -> ColumnElement[bool]:
    """Those that are a person's own unit's or committee's to act on; of others' they only read."""
    model = REGISTERS["warning"].model
    committees = [post.committee_id for post in posts_of(user) if post.committee_id is not None]
    units = [post.unit_id for post in posts_of(user) if post.committee_id is None]
    own = and_(model.committee_id.in_(committees), model.owner_id == model.unit_id)
    return or_(own, model.owner_id.in_(units))


def _own_tasks(user: User) -> ColumnElement[bool]:
    """What is asked of a person by name, and what is asked of their unit and of nobody by name."""
    model = REGISTERS["meeting_task"].model
    units = [post.unit_id for post in user.posts]
    return or_(model.person_id == user.id, and_(model.person_id.is_(None), model.unit_id.in_(units)))


def _notice_over(user: User) -> ColumnElement[bool]:
    return AwardApplication.notice_until < today()


def _own_application(user: User) -> ColumnElement[bool]:
    """One's own, or one's own committee's: the offices wait for them."""
    mine = [post.mediator_id for post in user.posts if post.mediator_id]
    led = [post.committee_id for post in user.posts if post.committee_id and not post.mediator_id]
    return or_(AwardApplication.mediator_id.in_(mine), AwardApplication.committee_id.in_(led))


def _recheck_near(user: User) -> ColumnElement[bool]:
    near = select(Deadline.record_id).where(
        Deadline.word == "award",
        Deadline.kind == DeadlineKind.RECHECK,
        Deadline.done_at.is_(None),
        Deadline.due_on <= today() + timedelta(days=RECHECK_AHEAD),
    )
    return AwardApplication.id.in_(near)


def _objected(user: User) -> ColumnElement[bool]:
    return AwardApplication.objections.any(AwardObjection.outcome.is_(None))


_REFERRAL = LIVES["referral"].steps
_OUT = (*_REFERRAL["receive"].sources, *_REFERRAL["answer"].sources)

# The most urgent first.
GROUPS: tuple[Group, ...] = (
    Group("major", "重大纠纷待报送", "major_report", "report", "due_at"),
    Group("major_sign", "重大纠纷待签阅", "major_report", "sign", "due_at"),
    Group("major_final", "终报待签阅", "major_report", "sign_final", "due_at"),
    Group("screen", "待报告的排查", "screening", "report", "due_on", screenings.owed_by),
    Group("window", "网上申请待处理", "visit", "convert", "visited_on", _unanswered),
    Group("receive", "待签收", "referral", "receive", "due_on"),
    Group("approve", "待批准", "referral", "approve"),
    Group("urged", "督办待答复", "urging", "answer", "due_on"),
    Group("warned", "预警待处置", "warning", "handle", "due_on", _own_warnings),
    Group("accept", "待受理", "case", "accept", "registered_on"),
    Group(
        "assign",
        "待指派",
        "case",
        "assign",
        "registered_on",
        _without_mediator,
        WORKED,
    ),
    Group("answer", "转办待反馈", "referral", "answer", "due_on"),
    Group("assist", "协同待反馈", "assistance", "answer", "due_on"),
    Group("feed_back", "移送待反馈", "hand_over", "feed_back", "due_on"),
    Group("strike", "待销号", "referral", "close"),
    Group("elsewhere", "对方已超期", "referral", "close", "due_on", _late_elsewhere, _OUT, watches=True),
    Group("urging", "督办待办结", "urging", "close"),
    Group("follow_up", "待回访", "case", "follow_up", "agreed_on", _awaited(DeadlineKind.FOLLOW_UP)),
    Group(
        "confirm", "待司法确认", "case", "confirm", "agreed_on", _awaited(DeadlineKind.CONFIRM, _still_ahead)
    ),
    Group("self_score", "待自评", "evaluation", "self_score", only=queues.self_scoring),
    Group("appealed", "申诉待答复", "evaluation", "answer"),
    Group("to_score", "考核待评分", "evaluation", "review", only=queues.to_score_here),
    Group(
        "to_appraise",
        "待民主评议",
        "evaluation",
        "appraise",
        only=queues.to_appraise_here,
        stands=queues.REVIEWED,
    ),
    Group("draw", "考核待取数", "evaluation_plan", "draw"),
    Group("publish_plan", "考核待公布", "evaluation_plan", "publish", only=queues.all_scored),
    Group("close_plan", "考核待结束", "evaluation_plan", "close", only=queues.appeals_over),
    Group("task", "会议任务待办", "meeting_task", "finish", "due_on", _own_tasks),
    Group("invited", "会议待回执", "meeting", "reply", "held_on", meetings.unanswered_by),
    Group("minute", "会议待登记", "meeting", "hold", "held_on", lambda user: meetings.passed()),
    Group(
        "circular",
        "通报待签阅",
        "circular",
        "read",
        "sent_at",
        circulars.unread_by,
        (CircularState.SENT,),
    ),
    Group("settle_find", "待化解的发现", "find", "resolve", "found_on", _own_finds),
    Group("review", "待审核的排查", "screening", "review", "due_on", screenings.brought_before),
    Group("subsidy_first", "补贴待初审", "subsidy", "first_review"),
    Group("subsidy_review", "补贴待复核", "subsidy", "review"),
    Group("subsidy_notice", "补贴待公示", "subsidy", "notice"),
    Group("subsidy_pay", "补贴待发放", "subsidy", "pay", "notice_until", _subsidy_notice_over),
    Group("subsidy_apply", "补贴待申报", "subsidy", "apply"),
    Group("warning", "预警待关闭", "warning", "report", "due_on", _own_warnings),
    Group("assess", "风险待评估", "assessment", "assess"),
    Group("typical", "案例待审核", "typical_case", "publish"),
    Group("typical_draft", "案例待提交", "typical_case", "submit"),
    Group("close", "待结案", "case", "close", "registered_on"),
    Group("archive", "待归档", "case", "archive", "closed_on"),
    Group("train", "培训待登记", "training", "hold", "held_until", _over),
    Group("grant", "公示期满待授予", "award", "grant", only=_notice_over),
    Group("objection", "公示异议待答复", "award", "answer", only=_objected),
    Group("vet", "评定待初审", "award", "review"),
    Group("resubmit", "评定待补正", "award", "resubmit", only=_own_application),
    Group("score", "评定待评审", "award", "score"),
    Group("publish", "评定待公示", "award", "publish"),
    Group("recheck", "年度复核到期", "award", "recheck", only=_recheck_near),
)
GROUP: dict[str, Group] = {each.name: each for each in GROUPS}

# Who must act on a deadline of each kind: whoever may take this step. A case is finished by many steps.
ACT: dict[DeadlineKind, tuple[str, str]] = {
    DeadlineKind.FINISH: ("case", "edit"),
    DeadlineKind.SIGN: ("referral", "receive"),
    DeadlineKind.ANSWER: ("referral", "answer"),
    DeadlineKind.FOLLOW_UP: ("case", "follow_up"),
    DeadlineKind.CONFIRM: ("case", "confirm"),
    DeadlineKind.ASSIST: ("assistance", "answer"),
    DeadlineKind.URGE: ("urging", "answer"),
    DeadlineKind.FEED_BACK: ("hand_over", "feed_back"),
    DeadlineKind.TRAIN: ("training", "hold"),
    DeadlineKind.EVALUATE: ("evaluation_plan", "publish"),
    DeadlineKind.APPEAL: ("evaluation", "answer"),
    DeadlineKind.DECIDE: ("award", "grant"),
    DeadlineKind.RECHECK: ("award", "recheck"),
    DeadlineKind.MEETING_TASK: ("meeting_task", "finish"),
    DeadlineKind.MAJOR_FIRST: ("major_report", "report"),
    DeadlineKind.MAJOR_FOLLOW: ("major_report", "follow_up"),
    DeadlineKind.MAJOR_SIGN: ("major_report", "sign"),
    DeadlineKind.SUBSIDY_FIRST: ("subsidy", "first_review"),
    DeadlineKind.SUBSIDY_REVIEW: ("subsidy", "review"),
    DeadlineKind.SUBSIDY_PAY: ("subsidy", "pay"),
    DeadlineKind.ASSESS_FOLLOW: ("assessment", "follow"),
    DeadlineKind.WARN_HANDLE: ("warning", "close"),
}


# ---------------------------------------------------------------- groups


def groups_of(user: User) -> list[Group]:
    """The groups of which something may ever wait for this person."""
    return [each for each in GROUPS if policy.may(user, each.action)]


def waiting(user: User, group: Group) -> Select[Any]:
    """The records of a group that wait for this person, unordered."""
    return select(group.model).where(*conditions(user, group))


def conditions(user: User, group: Group) -> list[ColumnElement[bool]]:
    """SQL: a record of the group's register waits in it for this person."""
    model = group.model
    found = [
        column_of(model, "removed_at").is_(None),
        *group.standing(),
        policy.visible(model, user, group.action),
        group.only(user),
    ]
    if group.word == "case":  # a mediator's inbox holds their own cases, not all of their committee's
        found.append(policy.visible(model, user, "case.edit"))
    return found


def first(session: Session, user: User, group: Group, most: int) -> list[Any]:
    """The first records of a group, the longest waiting first."""
    order = column_of(group.model, group.order)
    query = waiting(user, group).order_by(order, group.model.id).limit(most)
    told = (getattr(group.model, name) for name in ("case", "unit") if hasattr(group.model, name))
    query = query.options(*(joinedload(each) for each in told))
    return list(session.scalars(query))


# ---------------------------------------------------------------- deadlines


def late(user: User) -> Select[Any]:
    """The open deadlines whose day has passed. When the day for judicial confirmation has, it is over."""
    return _late(policy.Standing.of(user))


def soon(user: User) -> Select[Any]:
    """The open deadlines whose day comes within some days."""
    return _soon(policy.Standing.of(user))


# The questions below are put together once for each standing: that takes longer than their answers.


@lru_cache(maxsize=512)
def _late(standing: policy.Standing) -> Select[Any]:
    kinds = [each for each in ACT if each is not DeadlineKind.CONFIRM]
    return _deadlines(standing.user, Deadline.due_on < today(), kinds)


@lru_cache(maxsize=512)
def _soon(standing: policy.Standing) -> Select[Any]:
    return _deadlines(standing.user, Deadline.due_on.between(today(), today() + timedelta(days=SOON)))


def _deadlines(user: User, when: ColumnElement[bool], kinds: Iterable[DeadlineKind] = ACT) -> Select[Any]:
    mine = (_acts(user, kind) for kind in kinds)
    return select(Deadline).where(Deadline.done_at.is_(None), when, _near(user), or_(false(), *mine))


def _acts(user: User, kind: DeadlineKind) -> ColumnElement[bool]:
    """SQL: the deadline is of this kind, and on a thing on which this person may act now."""
    word, step = ACT[kind]
    if not policy.may(user, f"{word}.{step}"):
        return false()
    model = REGISTERS[word].model
    sources = LIVES[word].steps[step].sources if step in LIVES[word].steps else WORKED
    state = column_of(model, "stage" if word == "case" else "state")
    thing = exists().where(
        model.id == Deadline.record_id,
        column_of(model, "removed_at").is_(None),
        state.in_(tuple(sorted(sources))),
        policy.visible(model, user, f"{word}.{step}"),
    )
    return and_(Deadline.kind == kind, thing)


def _near(user: User) -> ColumnElement[bool]:
    """SQL: where a person's deadlines can lie at all. It widens nothing; the indexes serve it."""
    found: list[ColumnElement[bool]] = []
    for post in posts_of(user):
        found.append(path_under(Deadline.path, post.path))
        if post.mediator_id is not None:
            cases = select(CaseMediator.case_id).where(CaseMediator.mediator_id == post.mediator_id)
            found.append(Deadline.case_id.in_(cases))
        if post.expert_id is not None:
            asked = select(Assistance.id).where(Assistance.expert_id == post.expert_id)
            found.append(and_(Deadline.word == "assistance", Deadline.record_id.in_(asked)))
    return or_(false(), *found)


# ---------------------------------------------------------------- counts


def counts(session: Session, user: User, most: int) -> dict[str, int]:
    """How many wait in each group, and "late" and "soon" beside; counted to just beyond `most`, at once."""
    names, query = _counting(policy.Standing.of(user), most)
    return dict(zip(names, session.execute(query).one(), strict=True))


def total(session: Session, user: User, most: int) -> int:
    """How many things wait for this person to act, counted to just beyond `most`.

    What is near its day waits in a group already, but for the cases that are to be finished.
    """
    return sum(session.execute(_acting(policy.Standing.of(user), most)).one())


@lru_cache(maxsize=512)
def _counting(standing: policy.Standing, most: int) -> tuple[tuple[str, ...], Select[Any]]:
    """What `counts` counts, and its question."""
    user = standing.user
    queries = {each.name: _ids(waiting(user, each), each.model) for each in groups_of(user)}
    queries |= {"late": _ids(late(user), Deadline), "soon": _ids(soon(user), Deadline)}
    return tuple(queries), counting(queries.values(), most)


@lru_cache(maxsize=512)
def _acting(standing: policy.Standing, most: int) -> Select[Any]:
    """The question of `total`."""
    user = standing.user
    queries = [_ids(waiting(user, each), each.model) for each in groups_of(user) if not each.watches]
    ahead = Deadline.due_on <= today() + timedelta(days=SOON)
    queries.append(_ids(_deadlines(user, ahead, [DeadlineKind.FINISH]), Deadline))
    return counting(queries, most)


def _ids(query: Select[Any], model: Any) -> Select[Any]:
    return query.with_only_columns(model.id)
