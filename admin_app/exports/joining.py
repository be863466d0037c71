"""What belongs to some records, one query for all of them: names joined by 、, steps, who registered."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from admin_app.history import Action
from admin_app.models.base import Base
from admin_app.models.cases import Case, CaseMediator, Party
from admin_app.models.fields import field_of
from admin_app.models.history import Entry
from admin_app.models.mediators import Mediator
from admin_app.models.registry import register_of
from admin_app.models.steps import Passed
from admin_app.models.users import User
from admin_app.models.wording import wording
from admin_app.rules.dates import local_day

Names = defaultdict[int, str]
StepsTaken = dict[tuple[int, str], tuple[str, date | None]]
_PERFORMANCE = field_of(Case, "performance")


def joined(rows: Iterable[Row[int, str] | tuple[int, str]], by: str = "、") -> Names:
    """Rows of an id and a name, as the names of each id."""
    names: defaultdict[int, list[str]] = defaultdict(list)
    for record_id, name in rows:
        names[record_id].append(name)
    return defaultdict(str, {record_id: by.join(each) for record_id, each in names.items()})


def party_names(session: Session, case_ids: Sequence[int]) -> Names:
    """当事人 of these cases."""
    query = select(Party.case_id, Party.name).where(Party.case_id.in_(case_ids)).order_by(Party.id)
    return joined(session.execute(query))


def mediator_names(session: Session, case_ids: Sequence[int]) -> Names:
    """承办调解员 of these cases."""
    return joined(
        session.execute(
            select(CaseMediator.case_id, Mediator.name)
            .join(Mediator, Mediator.id == CaseMediator.mediator_id)
            .where(CaseMediator.case_id.in_(case_ids))
            .order_by(CaseMediator.id)
        )
    )


def registrars(session: Session, model: type[Base], ids: Sequence[int]) -> Names:
    """登记人: who made these records, as the history tells."""
    query = select(Entry.record_id, Entry.actor_name).where(
        Entry.register == register_of(model).word, Entry.record_id.in_(ids), Entry.action == Action.CREATE
    )
    return joined(session.execute(query))


def step_takers(
    session: Session, row: type[Any], owner: InstrumentedAttribute[int], ids: Sequence[int]
) -> StepsTaken:
    """{(record, step): (who, on which day)}; of a step taken twice the last."""
    assert issubclass(row, Passed)
    steps: Any = row
    query = (
        select(owner, steps.name, User.name, steps.at)
        .outerjoin(User, User.id == steps.actor_id)
        .where(owner.in_(ids))
        .order_by(steps.id)
    )
    return {(record, step): (who or "", local_day(at)) for record, step, who, at in session.execute(query)}


def terms(session: Session, case: Any) -> str:
    """履行方式、时限 in one cell, as the books have it."""
    way = wording(session, _PERFORMANCE, case.performance, on=case.registered_on)
    limit = f"{case.perform_by:%Y-%m-%d}前" if case.perform_by else ""
    return "\n".join(each for each in (way, limit) if each)
