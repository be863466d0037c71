"""The life of a circular 通报: its door `advance`, its receipts, and who has not read it yet (M26)."""

from functools import partial

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from admin_app import history, policy
from admin_app.models.base import path_under
from admin_app.models.circulars import Circular, CircularStep, Reading, Receipt
from admin_app.models.rows import put
from admin_app.models.units import Unit
from admin_app.models.users import Post, Role, User
from admin_app.operations import steps
from admin_app.operations.notices import tell
from admin_app.operations.steps import Life, Passing
from admin_app.rules import circulars as rules
from admin_app.rules.circulars import CircularState
from admin_app.rules.dates import local, now, today
from admin_app.rules.findings import Finding
from admin_app.rules.refusals import NotNow

READERS = (Role.BUREAU, Role.OFFICE, Role.COMMITTEE, Role.MEDIATOR)
_AT_ONCE = 500


# ---------------------------------------------------------------- sending


def _may_be_sent(passing: Passing) -> list[Finding]:
    assert passing.actor is not None
    passing.record.sent_at, passing.record.sender = now(), passing.actor.name
    if not _units(passing.session, passing.record):
        return [Finding("", "接收单位里除了本单位没有别的单位，请先修改接收单位")]
    return []


def _sent(passing: Passing) -> None:
    """A receipt is owed by each unit, and its people are told."""
    session, circular = passing.session, passing.record
    units = _units(session, circular)
    for first in range(0, len(units), _AT_ONCE):
        some = units[first : first + _AT_ONCE]
        rows = [{"circular_id": circular.id, "unit_id": id_, "path": path} for id_, path in some]
        put(session, Receipt, [{**row, "read_at": None, "reader_id": None} for row in rows])
    tell(session, _people(session, circular), f"有新的通报，请签阅：{circular.title}", circular)


def _units(session: Session, circular: Circular) -> list[tuple[int, str]]:
    """Every unit that it goes to; not the sender's own."""
    reached = (
        path_under(Unit.path, each.path) if each.whole else Unit.path == each.path
        for each in circular.recipients
    )
    live = select(Unit.id, Unit.path).where(
        or_(*reached), Unit.removed_at.is_(None), Unit.id != circular.unit_id
    )
    return [(id_, path) for id_, path in session.execute(live.order_by(Unit.path))]


def _people(session: Session, circular: Circular) -> list[User]:
    """Everybody who works at a unit that has not read it yet, and has not read it themselves."""
    unread = select(Receipt.unit_id).where(Receipt.circular_id == circular.id, Receipt.read_at.is_(None))
    posted = exists().where(Post.user_id == User.id, Post.role.in_(READERS), Post.unit_id.in_(unread))
    has_read = exists().where(Reading.user_id == User.id, Reading.circular_id == circular.id)
    live = select(User).where(posted, ~has_read, User.active, User.removed_at.is_(None))
    return list(session.scalars(live.order_by(User.id)))


def _reminded(passing: Passing) -> None:
    """The units that have not read it are told again, once a day."""
    session, circular = passing.session, passing.record
    key = f"circular:{circular.id}:{today()}"
    tell(session, _people(session, circular), f"请尽快签阅通报：{circular.title}", circular, key=key)


def _withdrawn(passing: Passing) -> None:
    session, circular = passing.session, passing.record
    seen = select(Reading.user_id).where(Reading.circular_id == circular.id)
    readers = list(session.scalars(select(User).where(User.id.in_(seen), User.active)))
    tell(session, readers, f"通报已撤回：{circular.title}。{circular.withdraw_reason}")


# ---------------------------------------------------------------- reading


def sign(session: Session, actor: User, circular: Circular) -> None:
    """The actor has read it: a line for the person, and the receipt of their unit where it is the first."""
    policy.demand(actor, "circular.read", circular)
    if circular.state is not CircularState.SENT:
        raise NotNow(f"通报{circular.state.label}，不用签阅。")
    if has_read(session, actor, circular):
        raise NotNow("您已经签阅过这份通报。")
    at = now()
    session.add(Reading(circular_id=circular.id, user_id=actor.id, at=at))
    units = {post.unit_id for post in actor.posts}
    owed = select(Receipt).where(
        Receipt.circular_id == circular.id, Receipt.unit_id.in_(units), Receipt.read_at.is_(None)
    )
    for receipt in session.scalars(owed.with_for_update()):
        receipt.read_at, receipt.reader_id = at, actor.id
    words = f"签阅：{actor.name}，{local(at):%Y-%m-%d %H:%M}"
    history.note(session, history.Action.STEP, record=circular, words=words)
    session.flush()


def has_read(session: Session, user: User, circular: Circular) -> bool:
    """Whether this very person has."""
    mine = select(Reading.id).where(Reading.user_id == user.id, Reading.circular_id == circular.id)
    return session.scalar(mine) is not None


def unread_by(user: User) -> ColumnElement[bool]:
    """SQL: a person's own unit got it, and they have not read it."""
    units = [post.unit_id for post in user.posts]
    return and_(
        Circular.id.in_(select(Receipt.circular_id).where(Receipt.unit_id.in_(units))),
        ~exists().where(Reading.user_id == user.id, Reading.circular_id == Circular.id),
    )


def standing(session: Session, circular: Circular) -> tuple[int, int]:
    """How many units got it, and how many have read it."""
    query = select(func.count(), func.count(Receipt.read_at)).where(Receipt.circular_id == circular.id)
    owed, read = session.execute(query).one()
    return owed, read


def _move(circular: Circular, state: CircularState) -> None:
    circular.state = state


LIFE = Life(
    word="circular",
    steps=rules.STEP,
    row=CircularStep,
    stands=lambda circular: circular.state,
    move=_move,
    checks={"send": _may_be_sent},
    effects={"send": _sent, "remind": _reminded, "withdraw": _withdrawn},
)

advance = partial(steps.advance, LIFE)
