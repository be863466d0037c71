"""What the facts of a season and of an application decide: where they live, for whom, for which level."""

from typing import Any

from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.awards import AwardApplication
from admin_app.models.committees import Committee
from admin_app.models.mediators import Mediator
from admin_app.models.seasons import Season
from admin_app.models.standards import Standard
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import eligibility
from admin_app.rules.awards import UNDECIDED, OldGrant
from admin_app.rules.dates import today
from admin_app.rules.findings import Finding
from admin_app.rules.measures import Subject
from admin_app.rules.seasons import SeasonState
from admin_app.rules.standards import StandardKind, StandardState
from admin_app.rules.tiers import covers


def derive_season(session: Session, season: Season) -> list[Finding]:
    """It lives with its organiser, where its standard holds; its quotas lie below it."""
    season.path = session.get_one(Unit, season.unit_id).path
    standard = session.get_one(Standard, season.standard_id)
    found = [] if inspect(season).has_identity else _standard(standard, season.path)
    names = {each.name for each in standard.levels}
    for index, quota in enumerate(season.quotas):
        if quota.level and quota.level not in names:
            said = eligibility.level_names(standard)
            found.append(Finding(f"quotas-{index}-level", f"标准里的等级是：{said}"))
        if quota.unit_id and not covers(season.path, session.get_one(Unit, quota.unit_id).path):
            found.append(Finding(f"quotas-{index}-unit_id", "名额只能分给组织单位下面的单位"))
    return found


def _standard(standard: Standard, path: str) -> list[Finding]:
    if standard.kind is StandardKind.EVALUATION:
        return [Finding("standard_id", "这是考核标准，请选等级、星级或荣誉的标准")]
    if standard.state is not StandardState.PUBLISHED or not standard.is_in_force(today()):
        return [Finding("standard_id", "这个标准还没有发布或者已经停用，请选正在执行的标准")]
    if not covers(standard.path, path):
        return [Finding("standard_id", "这个标准不适用于这里，请选本地或上级的标准")]
    return []


def derive_award(session: Session, award: AwardApplication) -> list[Finding]:
    """Whose it is and where it lives; for which level; whether it may be applied for here and now."""
    standard = session.get_one(Standard, award.standard_id)
    if not inspect(award).has_identity:
        found = _place(session, award, standard)
        if found:
            return found
        award.kind, award.standard = standard.kind, standard
        if award.granted_on is not None:  # no form asks for it: a book tells what was granted on paper
            return _of_old(award, standard)
        award.applied_on = today()
        award.season = session.get(Season, award.season_id) if award.season_id else None
        found = _standard(standard, award.path) + _in_season(award) + _own_word(session, award, standard)
        found += _twice(session, award)
        if found:
            return found
    return _level(session, award, standard)


def _of_old(award: AwardApplication, standard: Standard) -> list[Finding]:
    """Its level is one of the standard's, its days follow each other; today's conditions are not asked."""
    level = eligibility.level_named(standard, award.level)
    if level is None:
        return [Finding("level", f"标准里的等级是：{eligibility.level_names(standard)}")]
    award.rank = level.rank
    award.decided_path = eligibility.decided_path(standard, level.rank, award.path)
    return old_grant(award).findings(today())


def old_grant(award: AwardApplication) -> OldGrant:
    """What a book has told of an application that was granted on paper."""
    assert award.granted_on is not None
    return OldGrant(
        award.applied_on or award.granted_on,
        award.granted_on,
        award.valid_until,
        award.filed_on,
        award.ended_on,
        award.revoke_reason is not None,
    )


def _place(session: Session, award: AwardApplication, standard: Standard) -> list[Finding]:
    if standard.subject is Subject.MEDIATOR:
        if award.mediator_id is None:
            return [Finding("mediator_id", "这个标准评调解员，请选择调解员")]
        mediator = session.get_one(Mediator, award.mediator_id)
        award.committee_id, award.whom = mediator.committee_id, mediator.name
        award.unit_id, award.path = mediator.unit_id, mediator.path
        return []
    award.mediator_id = None
    if not award.committee_id:
        return [Finding("committee_id", "这个标准评调委会，请选择调委会")]
    committee = session.get_one(Committee, award.committee_id)
    award.whom, award.unit_id, award.path = committee.name, committee.unit_id, committee.path
    return []


def _in_season(award: AwardApplication) -> list[Finding]:
    season = award.season
    if season is None:
        return []
    if season.standard_id != award.standard_id:
        return [Finding("standard_id", f"批次“{season}”用的是另一个标准，请选那个标准，或者不选批次")]
    if season.state is not SeasonState.OPEN:
        return [Finding("season_id", f"批次现在是“{season.state.label}”，不能申报")]
    if today() > season.entries_until:
        return [Finding("season_id", f"申报已于 {season.entries_until:%Y-%m-%d} 截止")]
    if not covers(season.path, award.path):
        return [Finding("season_id", "申报对象不在这个批次的范围里")]
    return []


def _own_word(session: Session, award: AwardApplication, standard: Standard) -> list[Finding]:
    """Where a standard takes no applicant's own word, the committee or an office puts them forward."""
    actor = session.get(User, session.info.get("actor", (None,))[0] or 0)
    if standard.self_apply or actor is None or policy.may(actor, "award.put_forward", award):
        return []
    return [Finding("standard_id", "这个标准不接受本人自荐，请由调委会或司法所推荐")]


def _twice(session: Session, award: AwardApplication) -> list[Finding]:
    """One application of one subject by one standard at a time."""
    same = select(AwardApplication.id).where(
        AwardApplication.standard_id == award.standard_id,
        AwardApplication.state.in_(UNDECIDED),
        AwardApplication.removed_at.is_(None),
        whose(award.mediator_id, award.committee_id),
    )
    if session.scalar(same.limit(1)) is None:
        return []
    field = "mediator_id" if award.mediator_id else "committee_id"
    return [Finding(field, "已经有一份正在办理的申报，不用再报")]


def whose(mediator_id: int | None, committee_id: int) -> ColumnElement[bool]:
    """SQL: the applications of one subject."""
    if mediator_id is not None:
        return AwardApplication.mediator_id == mediator_id
    return AwardApplication.mediator_id.is_(None) & (AwardApplication.committee_id == committee_id)


def _level(session: Session, award: AwardApplication, standard: Standard) -> list[Finding]:
    """The level by its name; a blank is the highest that the figures reach, or the lowest there is."""
    if not award.level:
        _, reached = eligibility.provisional(standard, eligibility.live(session, award))
        lowest = min(standard.levels, key=lambda each: each.rank)
        award.level = reached.name if reached else lowest.name
    level = eligibility.level_named(standard, award.level)
    if level is None:
        return [Finding("level", f"标准里的等级是：{eligibility.level_names(standard)}")]
    award.rank = level.rank
    award.decided_path = eligibility.decided_path(standard, level.rank, award.path)
    return []


def fill(award: AwardApplication, standard: Standard, subject: Any, rank: int) -> None:
    """A nomination, from what the season already knows."""
    mediator = subject if isinstance(subject, Mediator) else None
    award.mediator_id = mediator.id if mediator else None
    award.committee_id = mediator.committee_id if mediator else subject.id
    award.whom, award.unit_id, award.path = subject.name, subject.unit_id, subject.path
    award.standard_id, award.kind, award.applied_on = standard.id, standard.kind, today()
    level = next(each for each in standard.levels if each.rank == rank)
    award.level, award.rank = level.name, rank
    award.decided_path = eligibility.decided_path(standard, rank, subject.path)
