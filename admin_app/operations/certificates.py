"""What an application shows to the public: its notice, its certificate, and whether a certificate is real."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.awards import AwardApplication
from admin_app.models.committees import Committee
from admin_app.models.units import Unit
from admin_app.operations import awards, eligibility
from admin_app.rules.awards import AwardState, Outcome, grant_refusal, tidy_code
from admin_app.rules.dates import today
from admin_app.rules.standards import PanelRule, plain


@dataclass(frozen=True)
class Named:
    """One line of a public notice."""

    whom: str
    committee: str
    level: str
    score: Decimal | None


@dataclass(frozen=True)
class Notice:
    """A public notice: who is to get what, from when to when, and where to object."""

    title: str
    kind: str
    unit: str
    since: date
    until: date
    lines: tuple[Named, ...]


def notice_of(session: Session, found: Sequence[AwardApplication], title: str = "") -> Notice:
    """The notice of some applications of one kind, at least one."""
    first = found[0]
    assert first.notice_from is not None
    names = _names(session, {each.committee_id for each in found})
    decider = session.scalars(select(Unit).where(Unit.path == first.decided_path)).one()
    return Notice(
        title=title or str(first.standard),
        kind=first.kind.label,
        unit=decider.name,
        since=first.notice_from,
        until=max(each.notice_until for each in found if each.notice_until),
        lines=tuple(
            Named(each.whom, names[each.committee_id], each.level, each.score)
            for each in sorted(found, key=lambda each: (-each.rank, -(each.score or 0), each.id))
        ),
    )


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    rows = session.execute(select(Committee.id, Committee.name).where(Committee.id.in_(ids)))
    return {row.id: row.name for row in rows}


def noticed(session: Session, season_id: int) -> list[AwardApplication]:
    """The applications of a season whose notice runs."""
    query = select(AwardApplication).where(
        AwardApplication.season_id == season_id,
        AwardApplication.state == AwardState.NOTICED,
        AwardApplication.removed_at.is_(None),
    )
    return list(session.scalars(query))


# ---------------------------------------------------------------- certificates


@dataclass(frozen=True)
class Certificate:
    """What a real certificate says, and what it is worth today."""

    number: str
    whom: str
    committee: str
    kind: str
    level: str
    granted_on: date
    valid_until: date | None
    state: AwardState


def verify(session: Session, number: str, code: str) -> Certificate | None:
    """The certificate with this number, if the code is its own; None for anything made up."""
    query = select(AwardApplication).where(
        AwardApplication.number == number, AwardApplication.removed_at.is_(None)
    )
    award = session.scalars(query).one_or_none()
    if award is None or award.granted_on is None:
        return None
    if not hmac.compare_digest(awards.code_of(session, award).encode(), tidy_code(code).encode()):
        return None
    return Certificate(
        number=number,
        whom=award.whom,
        committee=award.committee.name,
        kind=award.kind.label,
        level=award.level,
        granted_on=award.granted_on,
        valid_until=award.valid_until,
        state=award.state,
    )


# ---------------------------------------------------------------- what stands in the way, in words


def without_panel(award: AwardApplication) -> bool:
    """Whether nobody has anything to judge."""
    return not award.standard.panel_least and not award.manuals


def upheld(award: AwardApplication) -> bool:
    """Whether an objection to the present notice stands."""
    return Outcome.UPHELD in awards.outcomes(award)


def notice_over(award: AwardApplication) -> bool:
    """Whether nothing stands in the way of the grant."""
    return grant_refusal(award.notice_until, today(), awards.outcomes(award)) is None


def waits_for(award: AwardApplication) -> str:
    """What an application waits for, that somebody must do something about."""
    if award.state is AwardState.RETURNED:
        return f"已退回：{(award.return_reason or '').rstrip('。')}。申报人补好以后，点“重新申报”。"
    if award.state is not AwardState.NOTICED:
        return ""
    return grant_refusal(award.notice_until, today(), awards.outcomes(award)) or "公示期满，可以授予。"


def hints(award: AwardApplication, step: str) -> list[str]:
    """What the standard asks of a step, in words."""
    standard = award.standard
    if step == "review":
        return ["初审通过时，现在的数字连同背后的记录一起冻结，以后案件再变也不影响这次评定。"]
    if step == "score" and standard.panel_least:
        most, trimmed = eligibility.panel_most(standard), standard.panel_rule is PanelRule.TRIMMED
        rule = "去掉一个最高分、一个最低分后平均" if trimmed else "取平均分"
        points = f"每人评分 0 至 {plain(most)} 分，{rule}" if most else "评委不打分，只登记到会情况"
        return [f"到会评委至少 {standard.panel_least} 人；{points}。近亲属和有利害关系的要回避。"]
    if step == "answer":
        return [f"{each.raiser}：{each.content}" for each in award.objections if each.outcome is None]
    if step == "recheck":
        return [f"现在是“{award.level}”；标准里的等级是：{eligibility.level_names(standard)}。"]
    if step == "publish":
        return [f"公示 {max(standard.notice_days, awards.LEAST_DAYS)} 个工作日，从今天的第二天算起。"]
    return []
