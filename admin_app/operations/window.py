"""The public window 群众窗口 (M11): a stranger applies for mediation, and asks how it stands.

No policy here, for a stranger has no post: what they may do is all in this file. An application becomes a
visit of the committee that serves the unit they chose; nothing of it is ever read back to them.
"""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import CursorResult, Select, case, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.fields import Field, field_of
from admin_app.models.parameters import whole, yes
from admin_app.models.registry import REGISTERS
from admin_app.models.units import Unit
from admin_app.models.users import Role, User
from admin_app.models.visits import Visit
from admin_app.models.window import WindowKnock
from admin_app.operations.checks import Giving
from admin_app.operations.derived import derive
from admin_app.operations.given import take_fields
from admin_app.operations.notices import people_at, people_of, tell
from admin_app.rules.dates import now, today
from admin_app.rules.findings import Finding
from admin_app.rules.parameters import Setting
from admin_app.rules.refusals import NotNow, NotSeen, RecordRefused
from admin_app.rules.tiers import ancestors
from admin_app.rules.visits import WAITING
from admin_app.rules.window import (
    CODE_DIGITS,
    MOST,
    RECEIVER,
    TAIL_DIGITS,
    TOO_OFTEN,
    WITHIN,
    Knock,
    Standing,
    asked_findings,
    digits,
    phone_finding,
    standing,
)

ASKED = ("name", "phone", "address", "counterpart", "kind", "matter")
# SYS196: village, neighbourhood, township, street. Of a unit's committees they take whatever comes.
_OF_THE_PLACE = ("01", "02", "03", "04")
_KEPT = timedelta(days=1)


class TooOften(NotNow):
    """One computer has come too often."""

    status = 429

    def __init__(self) -> None:
        super().__init__(TOO_OFTEN)


def stranger() -> User:
    """Whoever stands at the window: somebody without a post, to whom the policy grants nothing."""
    return User()


def demand_open(session: Session) -> None:
    """404 while the window is shut, as it is until a bureau opens it."""
    if not yes(session, Setting.WINDOW_OPEN):
        raise NotSeen("没有找到这个页面。")


# ---------------------------------------------------------------- whom to apply to


def unit_of(session: Session, unit_id: int) -> Unit:
    """A unit that is not in the recycle bin; 404 else."""
    unit = session.get(Unit, unit_id) if 0 < unit_id < 2**31 else None
    if unit is None or unit.removed_at is not None:
        raise NotSeen("没有找到这个单位，请重新选择。")
    return unit


def above(session: Session, unit: Unit) -> list[Unit]:
    """The units above, topmost first."""
    paths = list(ancestors(unit.path))
    return list(session.scalars(select(Unit).where(Unit.path.in_(paths)).order_by(Unit.path)))


def below(session: Session, unit: Unit | None) -> list[Unit]:
    """The units one tier below, in the order of their codes; without a unit the topmost."""
    parent = Unit.parent_id.is_(None) if unit is None else Unit.parent_id == unit.id
    return list(session.scalars(select(Unit).where(parent, Unit.removed_at.is_(None)).order_by(Unit.code)))


def serving(session: Session, unit: Unit) -> Committee | None:
    """The committee that takes what comes from a unit: its own, else the nearest above."""
    for path in (unit.path, *reversed(ancestors(unit.path))):
        found = session.scalars(_at(path)).first()
        if found is not None:
            return found
    return None


def _at(path: str) -> Select[Committee]:
    """The committees of the unit at a path, that of the place itself first."""
    of_the_place = case((Committee.kind.in_(_OF_THE_PLACE), 0), else_=1)
    live = select(Committee).where(Committee.path == path, Committee.removed_at.is_(None))
    return live.order_by(of_the_place, Committee.id).limit(1)


# ---------------------------------------------------------------- knocking


def knock(session: Session, origin: str, what: Knock, puzzle: str | None = None) -> None:
    """Count it; 429 when it is too often, 409 when the puzzle has been used. The caller commits."""
    if _often(session, origin, Knock.MISS) or _often(session, origin, what):
        raise TooOften()
    session.add(WindowKnock(at=now(), origin=origin[:64], knock=what, puzzle=puzzle))
    try:
        session.flush()
    except IntegrityError:
        raise NotNow("这个验证码已经用过了，请照新的图片再填一次。") from None


def _often(session: Session, origin: str, what: Knock) -> bool:
    most = whole(session, Setting.WINDOW_HOURLY) if what is Knock.APPLY else MOST[what]
    lately = select(func.count()).where(
        WindowKnock.origin == origin[:64], WindowKnock.knock == what, WindowKnock.at > now() - WITHIN
    )
    return (session.scalar(lately) or 0) >= most


def sweep(session: Session, day: date) -> int:
    """Chore: nobody is remembered for longer than a day."""
    done: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        delete(WindowKnock).where(WindowKnock.at < now() - _KEPT)
    )
    return done.rowcount


# ---------------------------------------------------------------- applying and asking


def fields() -> list[Field]:
    """What a stranger is asked for: fields of a visit."""
    return [field_of(Visit, name) for name in ASKED]


def wrong(session: Session, values: dict[str, Any]) -> list[Finding]:
    """What is wrong with what was typed: asked before the puzzle is used up."""
    return _fill(session, Visit(), values)


def _fill(session: Session, visit: Visit, values: dict[str, Any]) -> list[Finding]:
    giving = Giving(session, stranger(), REGISTERS["visit"], today())
    with session.no_autoflush:
        findings = take_fields(giving, visit, fields(), values, creating=True)
    lacking = phone_finding(values.get("phone"))
    return [each for each in (*findings, lacking) if each and each.grave]


def apply(session: Session, committee: Committee, values: dict[str, Any]) -> Visit:
    """A visit with its query code, and whoever serves there is told. 422 where something is wrong."""
    visit = Visit(
        visited_on=today(),
        committee_id=committee.id,
        receiver=RECEIVER,
        people=1,
        opinion=WAITING,
        query_code=_unused(session),
    )
    findings = _fill(session, visit, values)
    if findings:
        raise RecordRefused(findings)
    derive(session, visit)
    session.add(visit)
    session.flush()
    _tell(session, visit, committee)
    return visit


def _unused(session: Session) -> str:
    """A code that no visit has; the unique index watches over two at once."""
    while True:
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        if session.scalar(select(Visit.id).where(Visit.query_code == code)) is None:
            return code


def _tell(session: Session, visit: Visit, committee: Committee) -> None:
    """The committee's director and the centre of its unit; where nobody sits, the centre above."""
    people = people_of(session, committee.id, [Role.COMMITTEE])
    people += people_at(session, committee.unit_id, [Role.BUREAU, Role.OFFICE])
    if not people:
        parent = session.get_one(Unit, committee.unit_id).parent_id
        people = people_at(session, parent, [Role.BUREAU, Role.OFFICE])
    tell(session, people, f"群众窗口来了一件调解申请：{visit}，请及时联系申请人。", visit)


@dataclass(frozen=True)
class Answer:
    """How an application stands: no name, no number, no word that anybody has written."""

    standing: Standing
    applied_on: date
    committee: Committee
    unit: Unit


def refuse_unreadable(code: str, tail: str) -> None:
    """422 where it can be no code, or no end of a number: asked before the puzzle is used up."""
    findings = asked_findings(digits(code), digits(tail))
    if findings:
        raise RecordRefused(findings)


def ask(session: Session, code: str, tail: str) -> Answer | None:
    """The answer to a code and the last digits of the telephone; None where they do not belong together."""
    code, tail = digits(code), digits(tail)
    visit = session.scalar(select(Visit).where(Visit.query_code == code, Visit.removed_at.is_(None)))
    if visit is None or digits(visit.phone or "")[-TAIL_DIGITS:] != tail:
        return None
    matter = session.get(Case, visit.case_id) if visit.case_id else None
    if matter is not None and matter.removed_at is not None:
        matter = None
    holder = matter or visit
    return Answer(
        standing(visit.opinion, matter.stage if matter else None),
        visit.visited_on,
        session.get_one(Committee, holder.committee_id),
        session.get_one(Unit, holder.unit_id),
    )
