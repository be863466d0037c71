"""What a brief 简报 is made from: the figures of a unit and a period, those before, and its places."""

from collections import Counter

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from admin_app import policy, replica
from admin_app.grants import GRANTS
from admin_app.models.committees import Committee
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.models.warnings import EarlyWarning
from admin_app.operations import charts, figures
from admin_app.operations.figures import Line
from admin_app.operations.trained import person_times
from admin_app.reaches import WITHIN
from admin_app.rules.bulletin import Facts, Warned
from admin_app.rules.charts import Place
from admin_app.rules.dates import today
from admin_app.rules.periods import Period, month
from admin_app.rules.tiers import Tier
from admin_app.rules.warnings import Severity, Sign

ACTION = "figure.export"
OWN_SHARE = "（本人权限范围内）"


def facts(session: Session, actor: User, unit: Unit, period: Period) -> Facts:
    """What the brief of a unit tells of a period; 403 for who may not take figures away."""
    policy.demand(actor, ACTION)
    with replica.reading(session):
        return _facts(session, actor, unit, period)


def _facts(session: Session, actor: User, unit: Unit, period: Period) -> Facts:
    now, before, year_before = (
        figures.count(session, actor, unit, each) if each else None
        for each in (period, period.before(), period.year_before())
    )
    assert now
    whose = whose_of(session, actor, unit)
    return Facts(
        unit=whose,
        subject=_subject(whose, unit),
        period=period,
        now=now[-1].numbers,
        before=before[-1].numbers if before else None,
        year_before=year_before[-1].numbers if year_before else None,
        places=_places(now),
        places_before=_places(before or []),
        trained=person_times(session, actor, unit, [period])[0] or 0,
        warned=_warned(session, actor, unit, period),
        spans=tuple(charts.spans(session, actor, unit, _last_month(period))),
    )


def _warned(session: Session, actor: User, unit: Unit, period: Period) -> Warned | None:
    """The warnings that the actor sees there; one query."""
    if not policy.may(actor, "warning.see"):
        return None
    ends = [EarlyWarning.raised_on >= period.since] if period.since else []
    ends += [EarlyWarning.raised_on <= period.until] if period.until else []
    seen = policy.visible(EarlyWarning, actor), EarlyWarning.under(unit.path), *ends
    late = and_(EarlyWarning.waiting(), EarlyWarning.due_on < today())
    groups = EarlyWarning.severity, EarlyWarning.sign
    counted = func.count(), func.count().filter(EarlyWarning.waiting()), func.count().filter(late)
    rows = session.execute(select(*groups, *counted).where(*seen).group_by(*groups)).all()
    severities: Counter[Severity] = Counter()
    signs: Counter[Sign] = Counter()
    for severity, sign, number, *_ in rows:
        severities[severity] += number
        signs[sign] += number
    return Warned(
        tuple((each.label, severities[each]) for each in Severity if severities[each]),
        tuple((each.label, signs[each]) for each in Sign if signs[each]),
        sum(row[3] for row in rows),
        sum(row[4] for row in rows),
    )


def whose_of(session: Session, actor: User, unit: Unit) -> str:
    """The unit, if a post carries to all of it; else honestly the committee, or the person's share."""
    granted = [(post, GRANTS[ACTION].get(post.role)) for post in actor.posts]
    if any(reach is WITHIN and unit.is_under(post.path) for post, reach in granted):
        return unit.name
    mine = [post.committee_id for post, _ in granted if post.committee_id and post.path == unit.path]
    names = [session.get_one(Committee, each).name for each in dict.fromkeys(mine)]
    return "、".join(names) or f"{unit.name}{OWN_SHARE}"


def _subject(whose: str, unit: Unit) -> str:
    if whose != unit.name:
        return whose
    return f"{whose}{'' if unit.tier in (Tier.VILLAGE, Tier.GRID) else '各级'}人民调解组织"


def _places(lines: list[Line]) -> tuple[Place, ...]:
    found = charts.places_of(lines)
    return tuple(each for each in found if not each.level or each.numbers["total"])


def _last_month(period: Period) -> Period:
    """The month in which it ends: the chart shows the twelve up to it."""
    day = min(period.until or today(), today())
    return month(day.year, day.month)
