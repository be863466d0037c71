"""How far a post carries, in SQL over a table and in Python over one record.

The rows of the policy name a reach for each role; nothing else here decides who may do what.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import object_session

from admin_app.models.areas import Carried, Held
from admin_app.models.assistances import Assistance
from admin_app.models.base import path_under
from admin_app.models.cases import Case, CaseMediator
from admin_app.models.circulars import Recipient
from admin_app.models.evaluations import Evaluation
from admin_app.models.meetings import Member
from admin_app.models.referrals import Referral
from admin_app.models.subsidies import SubsidyShare, SubsidyStep
from admin_app.models.units import Unit
from admin_app.models.users import Post, User
from admin_app.rules.circulars import CircularState
from admin_app.rules.evaluations import SEEN_BY_SUBJECT
from admin_app.rules.meetings import MeetingState
from admin_app.rules.referrals import SEEN_BY_RECEIVER
from admin_app.rules.search import unit_word
from admin_app.rules.standards import StandardState
from admin_app.rules.subsidies import APPLYING
from admin_app.rules.tiers import ancestors, covers
from admin_app.rules.typical_cases import TypicalState


@dataclass(frozen=True)
class Reach:
    """How far a post carries: `sql` over a model's table, `holds` over one record. They must agree.

    `needs` is the link of a post without which it reaches nothing. `narrows` are words of the search of which
    everything within reach has one; None where no such words are known.
    """

    label: str
    sql: Callable[[Any, Held], ColumnElement[bool]]
    holds: Callable[[Any, Held], bool]
    needs: str = ""
    narrows: Callable[[Held], frozenset[str] | None] = lambda post: None


def _is(column: Any, value: int | None) -> ColumnElement[bool]:
    """Equality that a blank on the post never fulfils; `IS NULL` would reach every record without owner."""
    return false() if value is None else column == value


def _either(label: str, one: Reach, other: Reach, needs: str = "") -> Reach:
    """What the one reaches and what the other does."""
    return Reach(
        label,
        lambda model, post: or_(one.sql(model, post), other.sql(model, post)),
        lambda thing, post: one.holds(thing, post) or other.holds(thing, post),
        needs,
        lambda post: both(one.narrows(post), other.narrows(post)),
    )


def both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """What narrows two things at once: nothing does where one of them is not narrowed."""
    return None if one is None or other is None else one | other


def _only(word: str | None) -> frozenset[str] | None:
    return None if word is None else frozenset((word,))


def _linked(kind: str, record_id: int | None) -> frozenset[str]:
    """The word of a committee or a mediator; a post without one reaches nothing."""
    return frozenset() if record_id is None else frozenset((f"{kind}{record_id}",))


EVERYWHERE = Reach("全部", lambda model, post: true(), lambda thing, post: True)
WITHIN = Reach(
    "本级及以下",
    lambda model, post: model.under(post.path),
    lambda thing, post: thing.is_under(post.path),
    narrows=lambda post: _only(unit_word(post.path)),
)
# Whoever gives out something to people gives nothing to themselves.
ASSIGNING = Reach(
    "本级及以下，本人的除外",
    lambda model, post: (
        Unit.under(post.path)
        if model is Unit
        else and_(model.under(post.path), model.user_id != post.user_id)
    ),
    lambda thing, post: (
        thing.is_under(post.path) and (isinstance(thing, Unit) or thing.user_id != post.user_id)
    ),
)
NEIGHBOURS = Reach(
    "上级、同级、本级及以下",
    lambda model, post: or_(
        Unit.path.in_(ancestors(post.path)), Unit.parent_id == post.unit.parent_id, Unit.under(post.path)
    ),
    lambda thing, post: (
        thing.path in ancestors(post.path)
        or (thing.parent_id is not None and thing.parent_id == post.unit.parent_id)
        or thing.is_under(post.path)
    ),
)
OF_COMMITTEE = Reach(
    "本调委会",
    lambda model, post: _is(model.committee_id, post.committee_id),
    lambda thing, post: post.committee_id is not None and thing.committee_id == post.committee_id,
    needs="committee_id",
    narrows=lambda post: _linked("k", post.committee_id),
)
OWN = Reach(
    "本人",
    lambda model, post: _is(model.mediator_id, post.mediator_id),
    lambda thing, post: post.mediator_id is not None and thing.mediator_id == post.mediator_id,
    needs="mediator_id",
)
SENDING = Reach(
    "由本级及以下发出的",
    lambda model, post: path_under(model.path, post.path),
    lambda thing, post: covers(post.path, thing.path),
)
RECEIVING = Reach(
    "发给本级及以下的",
    lambda model, post: and_(model.state.in_(SEEN_BY_RECEIVER), path_under(model.to_path, post.path)),
    lambda thing, post: thing.state in SEEN_BY_RECEIVER and covers(post.path, thing.to_path),
)
SERVING = Reach(
    "在本级及以下任职的其他人",
    lambda model, post: and_(
        model.id != post.user_id,
        model.id.in_(
            select(Post.user_id).join(Unit, Unit.id == Post.unit_id).where(path_under(Unit.path, post.path))
        ),
    ),
    lambda thing, post: (
        thing.id != post.user_id and any(covers(post.path, each.path) for each in thing.posts)
    ),
)
OTHERS = Reach(
    "本人以外",
    lambda model, post: model.id != post.user_id,
    lambda thing, post: thing.id != post.user_id,
)
ASSIGNED = Reach(
    "本人承办",
    lambda model, post: model.id.in_(
        select(CaseMediator.case_id).where(_is(CaseMediator.mediator_id, post.mediator_id))
    ),
    lambda thing, post: any(
        line.mediator_id == post.mediator_id for line in thing.mediators if post.mediator_id
    ),
    needs="mediator_id",
    narrows=lambda post: _linked("m", post.mediator_id),
)
COLLEAGUE = _either("本调委会和本人承办", OF_COMMITTEE, ASSIGNED)

AT_UNIT = Reach(
    "发给本单位的",
    lambda model, post: and_(model.state.in_(SEEN_BY_RECEIVER), model.to_unit_id == post.unit_id),
    lambda thing, post: thing.state in SEEN_BY_RECEIVER and thing.to_unit_id == post.unit_id,
)
APPROVING = Reach(
    "收发双方的共同上级",
    lambda model, post: and_(path_under(model.path, post.path), path_under(model.to_path, post.path)),
    lambda thing, post: covers(post.path, thing.path) and covers(post.path, thing.to_path),
)
REGIONAL = Reach(
    "上级、本级及以下",
    lambda model, post: or_(model.path.in_(ancestors(post.path)), model.under(post.path)),
    lambda thing, post: thing.path in ancestors(post.path) or thing.is_under(post.path),
)
PUBLISHED = Reach(
    "上级、本级及以下已发布的",
    lambda model, post: and_(model.state != StandardState.DRAFT, REGIONAL.sql(model, post)),
    lambda thing, post: thing.state is not StandardState.DRAFT and REGIONAL.holds(thing, post),
)
RULING = Reach(
    "本级及以下的，和上级已发布的",
    lambda model, post: or_(WITHIN.sql(model, post), PUBLISHED.sql(model, post)),
    lambda thing, post: WITHIN.holds(thing, post) or PUBLISHED.holds(thing, post),
)
OF_CASE = Reach(
    "所持案件的",
    # Few things hang on cases so: each asks its case, rather than every case within reach what hangs on it.
    lambda model, post: (
        exists().where(Case.id == model.case_id, path_under(Case.path, post.path)).correlate(model)
    ),
    lambda thing, post: covers(post.path, thing.case.path),
)
OF_COMMITTEES_CASE = Reach(
    "本调委会案件的",
    lambda model, post: model.case_id.in_(select(Case.id).where(_is(Case.committee_id, post.committee_id))),
    lambda thing, post: post.committee_id is not None and thing.case.committee_id == post.committee_id,
    needs="committee_id",
)
OF_OWN_CASE = Reach(
    "本人承办案件的",
    lambda model, post: model.case_id.in_(
        select(CaseMediator.case_id).where(_is(CaseMediator.mediator_id, post.mediator_id))
    ),
    lambda thing, post: any(
        line.mediator_id == post.mediator_id for line in thing.case.mediators if post.mediator_id
    ),
    needs="mediator_id",
)
HELPING = Reach(
    "请本级及以下协同的",
    lambda model, post: path_under(model.path, post.path),
    lambda thing, post: covers(post.path, thing.path),
)
ADVISING = Reach(
    "请本人咨询的",
    lambda model, post: _is(model.expert_id, post.expert_id),
    lambda thing, post: post.expert_id is not None and thing.expert_id == post.expert_id,
    needs="expert_id",
)
TOUCHED = Reach(
    "转出、转入和协同过的",
    lambda model, post: or_(
        model.id.in_(
            select(Referral.case_id).where(or_(SENDING.sql(Referral, post), RECEIVING.sql(Referral, post)))
        ),
        model.id.in_(select(Assistance.case_id).where(HELPING.sql(Assistance, post))),
    ),
    lambda thing, post: (
        any(SENDING.holds(each, post) or RECEIVING.holds(each, post) for each in thing.referrals)
        or any(HELPING.holds(each, post) for each in thing.assistances)
    ),
)
TOUCHED_BY_COMMITTEE = Reach(
    "本调委会转出的",
    lambda model, post: model.id.in_(
        select(Referral.case_id).where(or_(OF_COMMITTEE.sql(Referral, post), AT_UNIT.sql(Referral, post)))
    ),
    lambda thing, post: any(
        OF_COMMITTEE.holds(each, post) or AT_UNIT.holds(each, post) for each in thing.referrals
    ),
)
ADVISED = Reach(
    "请本人咨询的",
    lambda model, post: model.id.in_(select(Assistance.case_id).where(ADVISING.sql(Assistance, post))),
    lambda thing, post: any(ADVISING.holds(each, post) for each in thing.assistances),
    needs="expert_id",
)

PASSING_ON = _either("本调委会发出的和发给本单位的", OF_COMMITTEE, AT_UNIT, needs="committee_id")
# What is handed down may be a committee's own case without the committee having sent it.
PASSING_ON_OR_HOLDING = _either(
    "本调委会发出的、本调委会案件的和发给本单位的", PASSING_ON, OF_COMMITTEES_CASE, needs="committee_id"
)
HELP_AND_CASE = _either("本级及以下参加的和所持案件的", HELPING, OF_CASE)
# A warning is acted on by the unit whose it is, and by those above it.
OWNING = Reach(
    "由本级及以下处置的",
    lambda model, post: path_under(model.owner_path, post.path),
    lambda thing, post: covers(post.path, thing.owner_path),
)
COMMITTEE_OWNING = Reach(
    "由本调委会处置的",
    lambda model, post: and_(_is(model.committee_id, post.committee_id), model.owner_id == model.unit_id),
    lambda thing, post: OF_COMMITTEE.holds(thing, post) and thing.owner_id == thing.unit_id,
    needs="committee_id",
)
# Whoever asks after a thing stands above the unit that must act on it.
ABOVE_OWNER = Reach(
    "由本级以下处置的",
    lambda model, post: and_(OWNING.sql(model, post), model.owner_path != post.path),
    lambda thing, post: OWNING.holds(thing, post) and thing.owner_path != post.path,
)
ABOVE_RECEIVER = Reach(
    "发给本级以下的",
    lambda model, post: and_(RECEIVING.sql(model, post), model.to_path != post.path),
    lambda thing, post: RECEIVING.holds(thing, post) and thing.to_path != post.path,
)
BELOW = Reach(
    "本级以下",
    lambda model, post: and_(path_under(model.path, post.path), model.path != post.path),
    lambda thing, post: covers(post.path, thing.path) and thing.path != post.path,
)


def _become(reach: Reach) -> Reach:
    """What has become a case that the reach holds."""
    return Reach(
        f"已成为{reach.label.removesuffix('的')}的",
        reach.sql,
        lambda thing, post: thing.case is not None and reach.holds(thing, post),
        reach.needs,
    )


BECOME_HELD = _become(OF_CASE)
BECOME_COMMITTEES = _become(OF_COMMITTEES_CASE)
BECOME_OWN = _become(OF_OWN_CASE)


def _or_published(reach: Reach) -> Reach:
    """What the reach holds, and every typical case that is published, wherever it comes from."""
    return Reach(
        f"{reach.label}的，和各地已发布的",
        lambda model, post: or_(reach.sql(model, post), model.state == TypicalState.PUBLISHED),
        lambda thing, post: thing.state is TypicalState.PUBLISHED or reach.holds(thing, post),
    )


IN_LIBRARY = _or_published(WITHIN)
IN_LIBRARY_OF_COMMITTEE = _or_published(OF_COMMITTEE)
URGED = Reach(
    "督办本级及以下的",
    lambda model, post: path_under(model.to_path, post.path),
    lambda thing, post: covers(post.path, thing.to_path),
)
URGED_OR_URGING = _either("由本级及以下发起的和督办本级及以下的", SENDING, URGED)


def _others_sql(model: Any, post: Held) -> ColumnElement[bool]:
    """SQL: whoever has this post, in whichever of their posts, is not evaluated here."""
    mediators = [each.mediator_id for each in post.user.posts if each.mediator_id is not None]
    committees = [each.committee_id for each in post.user.posts if each.committee_id is not None]
    person, body = model.mediator_id, model.committee_id
    return or_(
        and_(person.is_not(None), person.not_in(mediators)),
        and_(person.is_(None), body.not_in(committees)),
    )


def _others_hold(thing: Any, post: Held) -> bool:
    if thing.mediator_id is not None:
        return all(each.mediator_id != thing.mediator_id for each in post.user.posts)
    return all(each.committee_id != thing.committee_id for each in post.user.posts)


JUDGING = Reach(
    "本级及以下，本人和本调委会的除外",
    lambda model, post: and_(model.under(post.path), _others_sql(model, post)),
    lambda thing, post: thing.is_under(post.path) and _others_hold(thing, post),
)


def _led(post: Held) -> list[int]:
    """The committees that the holder of a post directs, by any of their posts."""
    return [each.committee_id for each in post.user.posts if each.committee_id and not each.mediator_id]


VETTING = Reach(
    "本级及以下，本人和所任主任的调委会申报的除外",
    lambda model, post: and_(JUDGING.sql(model, post), model.committee_id.not_in(_led(post))),
    lambda thing, post: JUDGING.holds(thing, post) and thing.committee_id not in _led(post),
)
DECIDING = Reach(
    "由本级及以下审定的，本人和所任主任的调委会申报的除外",
    lambda model, post: and_(VETTING.sql(model, post), path_under(model.decided_path, post.path)),
    lambda thing, post: VETTING.holds(thing, post) and covers(post.path, thing.decided_path),
)
# While it is being reviewed, nobody reads their own evaluation.
EVALUATED = Reach(
    "本人的，评分期间除外",
    lambda model, post: and_(_is(model.mediator_id, post.mediator_id), model.state.in_(SEEN_BY_SUBJECT)),
    lambda thing, post: OWN.holds(thing, post) and thing.state in SEEN_BY_SUBJECT,
    needs="mediator_id",
)
COMMITTEES_OWN = Reach(
    "本调委会自己的",
    lambda model, post: and_(model.mediator_id.is_(None), _is(model.committee_id, post.committee_id)),
    lambda thing, post: thing.mediator_id is None and OF_COMMITTEE.holds(thing, post),
    needs="committee_id",
)
OWN_AND_COMMITTEES = _either("本人的和本调委会自己的", OWN, COMMITTEES_OWN, needs="committee_id")


def _without_account() -> ColumnElement[bool]:
    """SQL: the mediator evaluated cannot sign in."""
    account = select(Post.id).join(User, User.id == Post.user_id)
    account = account.where(
        Post.mediator_id == Evaluation.mediator_id, User.active, User.removed_at.is_(None)
    )
    return and_(Evaluation.mediator_id.is_not(None), ~account.exists())


def _has_none(thing: Any) -> bool:
    session = object_session(thing)
    if thing.mediator_id is None or session is None:
        return False
    found = select(Evaluation.id).where(Evaluation.id == thing.id, _without_account())
    return session.scalar(found) is not None


# For somebody who cannot sign in the director, or the office, enters what they say.
OWN_AND_SPEECHLESS = _either(
    "本人的、本调委会自己的和本调委会没有账号的",
    OWN_AND_COMMITTEES,
    Reach(
        "本调委会没有账号的",
        lambda model, post: and_(OF_COMMITTEE.sql(model, post), _without_account()),
        lambda thing, post: OF_COMMITTEE.holds(thing, post) and _has_none(thing),
        needs="committee_id",
    ),
    needs="committee_id",
)
SPEECHLESS = Reach(
    "本级及以下没有账号的",
    lambda model, post: and_(JUDGING.sql(model, post), _without_account()),
    lambda thing, post: JUDGING.holds(thing, post) and _has_none(thing),
)
# A committee applies from the unit at which it sits.
APPLYING_FOR = Reach(
    "本调委会",
    lambda model, post: (
        Unit.id == (post.unit_id if post.committee_id else None)
        if model is Unit
        else OF_COMMITTEE.sql(model, post)
    ),
    lambda thing, post: (
        post.committee_id is not None and thing.id == post.unit_id
        if isinstance(thing, Unit)
        else OF_COMMITTEE.holds(thing, post)
    ),
    needs="committee_id",
)


def _owned(post: Held) -> set[int]:
    """The mediators that the person of a post is."""
    return {each.mediator_id for each in post.user.posts if each.mediator_id is not None}


# Nobody reviews what they have applied for or are paid by.
DISINTERESTED = Reach(
    "本级及以下，本人没有申报也不领取的",
    lambda model, post: and_(
        path_under(model.path, post.path),
        model.id.not_in(
            select(SubsidyStep.subsidy_id).where(
                SubsidyStep.actor_id == post.user_id, SubsidyStep.name.in_(APPLYING)
            )
        ),
        model.id.not_in(
            select(SubsidyShare.subsidy_id).where(
                SubsidyShare.mediator_id.in_(
                    select(Post.mediator_id).where(
                        Post.user_id == post.user_id, Post.mediator_id.is_not(None)
                    )
                )
            )
        ),
    ),
    lambda thing, post: (
        covers(post.path, thing.path)
        and not any(each.actor_id == post.user_id and each.name in APPLYING for each in thing.steps)
        and not (_owned(post) and _owned(post) & {each.mediator_id for each in thing.shares})
    ),
)

# ------------------------------------------------------------------ meetings, circulars, reports upward
# A unit's own people, and no superior's: what a unit leads, owes or signs for in its own name.
AT_HOME = Reach(
    "本单位的",
    lambda model, post: (model.id if model is Unit else model.unit_id) == post.unit_id,
    lambda thing, post: (thing.id if isinstance(thing, Unit) else thing.unit_id) == post.unit_id,
)
IN_AREA = Reach(
    "分片负责的乡镇的",
    lambda model, post: AT_HOME.sql(model, post) if isinstance(post, Carried) else false(),
    lambda thing, post: isinstance(post, Carried) and AT_HOME.holds(thing, post),
)
_TOLD = (MeetingState.PLANNED,)  # nobody is invited yet
INVITED_BELOW = Reach(
    "请本级及以下参加的",
    lambda model, post: and_(
        model.state.not_in(_TOLD),
        model.id.in_(select(Member.meeting_id).where(path_under(Member.path, post.path))),
    ),
    lambda thing, post: (
        thing.state not in _TOLD and any(covers(post.path, each.path) for each in thing.members)
    ),
)
INVITED = Reach(
    "请本单位参加的",
    lambda model, post: and_(
        model.state.not_in(_TOLD),
        model.id.in_(select(Member.meeting_id).where(Member.path == post.path)),
    ),
    lambda thing, post: thing.state not in _TOLD and any(post.path == each.path for each in thing.members),
)
MEETING_WITHIN = _either("本级及以下牵头的和参加的", WITHIN, INVITED_BELOW)
MEETING_HERE = _either("本单位牵头的和参加的", AT_HOME, INVITED)
# What a meeting asked for: of those who do it, and of those who led the meeting.
ASKED_FOR = Reach(
    "交给本级及以下的和本级及以下牵头的会议的",
    lambda model, post: or_(path_under(model.path, post.path), path_under(model.lead_path, post.path)),
    lambda thing, post: covers(post.path, thing.path) or covers(post.path, thing.lead_path),
)
HAVING_LED = Reach(
    "本级及以下牵头的会议的",
    lambda model, post: path_under(model.lead_path, post.path),
    lambda thing, post: covers(post.path, thing.lead_path),
)
HAVING_LED_HERE = Reach(
    "本单位牵头的会议的",
    lambda model, post: model.lead_path == post.path,
    lambda thing, post: thing.lead_path == post.path,
)
IN_PERSON = Reach(
    "交给本人的",
    lambda model, post: model.person_id == post.user_id,
    lambda thing, post: thing.person_id == post.user_id,
)
ASKED_HERE = _either("交给本单位的", AT_HOME, IN_PERSON)
ASKED_OR_LED_HERE = _either("交给本单位的和本单位牵头的会议的", ASKED_HERE, HAVING_LED_HERE)


def _reaches_unit(post: Held) -> ColumnElement[bool]:
    """SQL: a recipient is this very unit, or a whole subtree that holds it."""
    above = [*ancestors(post.path), post.path]
    return or_(Recipient.path == post.path, and_(Recipient.whole.is_(True), Recipient.path.in_(above)))


def _gets(thing: Any, path: str) -> bool:
    return any(each.path == path or (each.whole and covers(each.path, path)) for each in thing.recipients)


SENT_HERE = Reach(
    "发给本单位的",
    lambda model, post: and_(
        model.state == CircularState.SENT,
        model.path != post.path,
        model.id.in_(select(Recipient.circular_id).where(_reaches_unit(post))),
    ),
    lambda thing, post: (
        thing.state is CircularState.SENT and thing.path != post.path and _gets(thing, post.path)
    ),
)
SENT_BELOW = Reach(
    "发给本级及以下的",
    lambda model, post: and_(
        model.state == CircularState.SENT,
        model.id.in_(
            select(Recipient.circular_id).where(
                or_(path_under(Recipient.path, post.path), _reaches_unit(post))
            )
        ),
    ),
    lambda thing, post: (
        thing.state is CircularState.SENT
        and (_gets(thing, post.path) or any(covers(post.path, each.path) for each in thing.recipients))
    ),
)
CIRCULAR_WITHIN = _either("本级及以下发出的和发给本级及以下的", WITHIN, SENT_BELOW)
CIRCULAR_HERE = _either("本单位发出的和发给本单位的", AT_HOME, SENT_HERE)
SIGNING = Reach(
    "报给本单位的",
    lambda model, post: model.to_unit_id == post.unit_id,
    lambda thing, post: thing.to_unit_id == post.unit_id,
)
