"""Standings 排名: the points of everybody in a season, reckoned as a job and rewritten whole (M28, M30)."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, insert, select
from sqlalchemy.orm import Session

from admin_app import history, policy
from admin_app.models.base import path_under
from admin_app.models.committees import Committee
from admin_app.models.jobs import Job
from admin_app.models.mediators import Mediator
from admin_app.models.seasons import Season, Standing
from admin_app.models.standards import Standard
from admin_app.models.users import User
from admin_app.operations import eligibility, jobs
from admin_app.operations.jobs import Kind, Progress, Result
from admin_app.rules import seasons, standards
from admin_app.rules.committees import CommitteeStatus
from admin_app.rules.dates import now
from admin_app.rules.measures import Subject
from admin_app.rules.mediators import ON_ROSTER
from admin_app.rules.refusals import NotNow
from admin_app.rules.standards import Verdict

CHUNK = 1000  # subjects whose figures are held at once
Line = dict[str, Any]


def ask(session: Session, actor: User, season: Season) -> Job:
    """Have the points of a season reckoned."""
    policy.demand(actor, "season.compute", season)
    _refuse_ended(season)
    return jobs.ask(session, actor, "standings", {"season": season.id}, label=f"计算积分：{season}")


def _refuse_ended(season: Season) -> None:
    if season.state not in seasons.COUNTED:
        raise NotNow(f"批次{season.state.label}，积分不再重算。")


def subjects(season: Season, standard: Standard) -> Select[int, int, str]:
    """Who takes part: mediators on the roster, or active committees, under the organiser."""
    if standard.subject is Subject.MEDIATOR:
        return select(Mediator.id, Mediator.committee_id, Mediator.path).where(
            path_under(Mediator.path, season.path),
            Mediator.status.in_(ON_ROSTER),
            Mediator.removed_at.is_(None),
        )
    return select(Committee.id, Committee.id.label("committee_id"), Committee.path).where(
        path_under(Committee.path, season.path),
        Committee.status == CommitteeStatus.ACTIVE,
        Committee.removed_at.is_(None),
    )


def reckon(session: Session, season: Season, progress: Callable[[int, int], None]) -> list[Line]:
    """The lines of everybody, in the order of the ranking. Only reads."""
    standard = season.standard
    rows = session.execute(subjects(season, standard)).all()
    lines: list[Line] = []
    for start in range(0, len(rows), CHUNK):
        some = rows[start : start + CHUNK]
        lines += _lines(session, season, standard, some)
        progress(len(lines), len(rows))
    return _placed(lines)


def _lines(
    session: Session, season: Season, standard: Standard, rows: Sequence[Row[int, int, str]]
) -> Iterator[Line]:
    facts = eligibility.facts_of(session, standard, [row.id for row in rows], season.until)
    items = standard.judged_by()
    person = standard.subject is Subject.MEDIATOR
    for row in rows:
        verdicts = standards.judge(items, facts.get(row.id, {}))
        points, level = eligibility.provisional(standard, verdicts)
        yield {
            "season_id": season.id,
            "mediator_id": row.id if person else None,
            "committee_id": row.committee_id,
            "path": row.path,
            "points": points,
            "rank": level.rank if level else 0,
            "verdicts": [told(each) for each in verdicts],
        }


def told(verdict: Verdict) -> list[Any]:
    """One item of the ranking: label, what there is, whether a condition is met, what is short, points."""
    points = None if verdict.item.way in standards.CONDITIONS else str(verdict.points)
    return [
        verdict.item.label,
        eligibility.actual(verdict),
        verdict.passed,
        eligibility.short(verdict),
        points,
    ]


def _placed(lines: list[Line]) -> list[Line]:
    standing = {index: (line["rank"], line["points"]) for index, line in enumerate(lines)}
    places = seasons.places(standing)
    for index, line in enumerate(lines):
        line["place"] = places[index]
    return sorted(lines, key=lambda line: (line["place"], line["committee_id"], line["mediator_id"] or 0))


def write(session: Session, season: Season, lines: list[Line]) -> None:
    """The ranking anew; one line of the history tells of it."""
    session.execute(delete(Standing).where(Standing.season_id == season.id))
    if lines:
        session.execute(insert(Standing), lines)
    season.reckoned_at = now()
    history.note(session, history.Action.STEP, record=season, words=f"计算积分：{len(lines)} 名")
    session.flush()


def _work(session: Session, job: Job, progress: Progress) -> Result:
    season_id = job.given["season"]
    lines = reckon(session, session.get_one(Season, season_id), progress)
    session.rollback()  # the end of reading
    season = session.get_one(Season, season_id)
    _refuse_ended(season)
    write(session, season, lines)
    able = sum(line["rank"] > 0 for line in lines)
    return Result(words=f"算了 {len(lines)} 名，其中 {able} 名符合条件。")


jobs.register_kind(
    Kind(name="standings", label="计算评定积分", needs=lambda given: "season.compute", work=_work)
)


def seen(season: Season, actor: User, path: str = "") -> list[ColumnElement[bool]]:
    """SQL: the standings of a season that a person may read, under a unit."""
    known = select(Committee.id).where(policy.visible(Committee, actor, "committee.rank"))
    found: list[ColumnElement[bool]] = [Standing.season_id == season.id, Standing.committee_id.in_(known)]
    return [*found, Standing.path.startswith(path, autoescape=True)] if path else found


def points_of(lines: list[Any]) -> Decimal:
    """What the items of a line give together."""
    return sum((Decimal(each[4]) for each in lines if each[4] is not None), Decimal(0))
