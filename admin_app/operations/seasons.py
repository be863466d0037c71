"""The life of a season 评定批次: its door `advance`, and how those who qualify are put forward."""

from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import history, policy
from admin_app.models.awards import AwardApplication
from admin_app.models.committees import Committee
from admin_app.models.mediators import Mediator
from admin_app.models.seasons import Season, SeasonStep, Standing
from admin_app.models.standards import Standard
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import applications, bulk, steps
from admin_app.operations.steps import Life, Passing
from admin_app.rules import seasons as rules
from admin_app.rules.awards import HELD, UNDECIDED, AwardState
from admin_app.rules.dates import now
from admin_app.rules.findings import Finding
from admin_app.rules.measures import Subject
from admin_app.rules.refusals import NotNow
from admin_app.rules.seasons import SeasonState
from admin_app.rules.standards import StandardKind


def nominate(session: Session, actor: User, season: Season, *, quota: bool) -> int:
    """Put forward whoever qualifies, by the ranking; within the quotas, or all. Returns how many."""
    policy.demand(actor, "season.nominate", season)
    if season.state is not SeasonState.OPEN:
        raise NotNow(f"批次现在是“{season.state.label}”，要在“申报中”才能提名。")
    if season.reckoned_at is None:
        raise NotNow("还没有算出积分，请先点“计算积分”，算好以后再提名。")
    standings = _left(session, season)
    quotas = _quotas(session, season) if quota else []
    if quota and not quotas:
        raise NotNow("还没有分配名额：请在批次里填写名额，或者点“提名全部符合条件的”。")
    chosen = rules.within_quota(standings, quotas)
    records = _records(session, season, chosen)
    session.flush()
    if records:
        bulk.add(session, records)
    way = "按积分和名额" if quota else "全部符合条件的"
    history.note(session, history.Action.STEP, record=season, words=f"提名{way}：{len(records)} 名")
    season.changed_at = now()
    session.flush()
    return len(records)


def _left(session: Session, season: Season) -> list[rules.Standing]:
    """The standings of those who qualify and are not put forward yet, nor bear as much already."""
    known = _known(session, season)
    person = season.standard.subject is Subject.MEDIATOR
    query = select(Standing).where(Standing.season_id == season.id, Standing.rank > 0)
    found = []
    for each in session.scalars(query.order_by(Standing.id)):
        subject = each.mediator_id if person else each.committee_id
        if subject is not None and known.get(subject, 0) < each.rank:
            found.append(rules.Standing(subject, each.path, each.points, each.rank))
    return found


def _known(session: Session, season: Season) -> dict[int, int]:
    """{subject: the level from which on there is nothing to nominate}; of what is under way, any level."""
    standard = season.standard
    person = standard.subject is Subject.MEDIATOR
    column = AwardApplication.mediator_id if person else AwardApplication.committee_id
    live = AwardApplication.removed_at.is_(None)
    mine = (
        (AwardApplication.season_id == season.id)
        | (AwardApplication.standard_id == standard.id) & AwardApplication.state.in_(UNDECIDED)
    ) & (AwardApplication.state != AwardState.WITHDRAWN)
    known = {row: rules.ANY for row in session.scalars(select(column).where(mine, live)) if row}
    if standard.kind is StandardKind.GRADE:
        held = select(column, AwardApplication.rank).where(
            AwardApplication.kind == standard.kind, AwardApplication.state.in_(HELD), live
        )
        for subject, rank in session.execute(held):
            if subject:
                known[subject] = max(known.get(subject, 0), rank)
    return known


def _quotas(session: Session, season: Season) -> list[rules.Quota]:
    ranks = {each.name: each.rank for each in season.standard.levels}
    paths = dict(
        session.execute(
            select(Unit.id, Unit.path).where(Unit.id.in_([q.unit_id for q in season.quotas]))
        ).all()
    )
    return [
        rules.Quota(paths[each.unit_id], ranks[each.level] if each.level else 0, each.number)
        for each in season.quotas
    ]


def _records(
    session: Session, season: Season, chosen: list[tuple[rules.Standing, int]]
) -> list[AwardApplication]:
    standard: Standard = season.standard
    model = Mediator if standard.subject is Subject.MEDIATOR else Committee
    ids = [each.subject for each, _ in chosen]
    people = {each.id: each for each in session.scalars(select(model).where(model.id.in_(ids)))}
    records = []
    for each, rank in chosen:
        record = AwardApplication(season_id=season.id, statement=f"批次提名，积分 {each.points} 分")
        applications.fill(record, standard, people[each.subject], rank)
        records.append(record)
    return records


def _ready(passing: Passing) -> list[Finding]:
    """Whoever is still returned or unread is dealt with before the season ends."""
    season, session = passing.record, passing.session
    left = select(AwardApplication.id).where(
        AwardApplication.season_id == season.id,
        AwardApplication.state.in_(UNDECIDED),
        AwardApplication.removed_at.is_(None),
    )
    count = len(session.scalars(left).all())
    if count:
        raise NotNow(f"还有 {count} 份申报没有办完，不能结束批次。")
    return []


def _move(season: Season, state: SeasonState) -> None:
    season.state = state


LIFE = Life(
    word="season",
    steps=rules.STEP,
    row=SeasonStep,
    stands=lambda season: season.state,
    move=_move,
    checks={"finish": _ready},
)

advance = partial(steps.advance, LIFE)
