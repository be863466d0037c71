"""Screening tasks made by themselves: what every unit owes on a day, once (M23; decisions/0021).

The rows go in at once and past the session, so that thousands a week cost a second and one line of the
history says how many there were; each report is then told like any other change. Two jobs at once make no
doubles: the database keeps a unit's period but once.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from admin_app import history
from admin_app.models.cadences import cadences, key_times
from admin_app.models.committees import Committee
from admin_app.models.registry import REGISTERS
from admin_app.models.screenings import Screening
from admin_app.models.units import Unit
from admin_app.rules.cadences import Duty, Every, Place, duties
from admin_app.rules.committees import CommitteeStatus
from admin_app.rules.dates import now
from admin_app.rules.screenings import ScreeningState

_INSERT: dict[str, Callable[[Any], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_AT_ONCE = 1000
# Code table committee_kind: village, neighbourhood, township, street; a trade's committee screens its trade.
_OF_THE_PLACE = ("01", "02", "03", "04")


def make(session: Session, day: date) -> int:
    """The tasks of the periods in which a day lies that are not there yet; how many."""
    places = _places(session)
    owed = duties(day, places, cadences(session), key_times(session, day))
    known = _known(session, day)
    wanted = [each for each in owed if each.key not in known]
    if not wanted:
        return 0
    paths, screeners = {each.id: each.path for each in places}, _screeners(session)
    made = sum(
        _insert(session, [_row(each, paths[each.unit_id], screeners.get(each.unit_id)) for each in some])
        for some in (wanted[first : first + _AT_ONCE] for first in range(0, len(wanted), _AT_ONCE))
    )
    if made:
        words = f"{day:%Y-%m-%d} 生成 {made} 件：{_said(wanted)}"
        history.note(session, history.Action.COMMAND, title=REGISTERS["screening"].noun, words=words)
    return made


def _places(session: Session) -> list[Place]:
    rows = session.execute(select(Unit.id, Unit.path, Unit.tier).where(Unit.removed_at.is_(None)))
    return [Place(*row) for row in rows]


def _known(session: Session, day: date) -> set[tuple[int, str, date, int | None]]:
    """What has been made for the days on which this one lies."""
    query = select(Screening.unit_id, Screening.every, Screening.since, Screening.key_period_id)
    rows = session.execute(query.where(Screening.until >= day))
    return {(unit_id, every.value, since, key) for unit_id, every, since, key in rows}


def _screeners(session: Session) -> dict[int, int]:
    """The committee of each unit that screens for it: the place's own, and of several the oldest."""
    live = (Committee.removed_at.is_(None), Committee.status != CommitteeStatus.DISSOLVED)
    query = (
        select(Committee.unit_id, func.min(Committee.id).label("least"))
        .where(*live)
        .group_by(Committee.unit_id)
    )
    anybody = {row.unit_id: row.least for row in session.execute(query)}
    own = query.where(Committee.kind.in_(_OF_THE_PLACE))
    return anybody | {row.unit_id: row.least for row in session.execute(own)}


def _row(duty: Duty, path: str, committee_id: int | None) -> dict[str, Any]:
    return {
        "unit_id": duty.unit_id,
        "path": path,
        "committee_id": committee_id,
        "every": duty.every,
        "since": duty.since,
        "until": duty.until,
        "due_on": duty.due_on,
        "key_period_id": duty.key_period_id,
        "state": ScreeningState.DUE,
        "version": 1,
        "created_at": now(),
    }


def _insert(session: Session, rows: list[dict[str, Any]]) -> int:
    """How many were new: a job that ran beside this one may have been quicker."""
    table = Screening.__table__
    query = _INSERT[session.get_bind(mapper=Screening).dialect.name](table).values(rows)
    query = query.on_conflict_do_nothing().returning(table.c.id)
    return len(session.execute(query, bind_arguments={"mapper": Screening}).all())


def _said(wanted: Iterable[Duty]) -> str:
    return "，".join(_counts(Counter((each.key_period_id is None, each.every) for each in wanted)))


def _counts(counted: Counter[tuple[bool, Every]]) -> Iterator[str]:
    for (regular, every), count in sorted(counted.items()):
        yield f"{every.label if regular else '敏感期'} {count} 件"
