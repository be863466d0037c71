"""Cases that may be the same dispute, among those that the person may open: nothing tells of the others."""

from sqlalchemy import select, union
from sqlalchemy.orm import Session, selectinload

from admin_app import policy
from admin_app.models.cases import Case, Party
from admin_app.models.parameters import whole
from admin_app.models.users import User
from admin_app.models.visits import Visit
from admin_app.operations.given import Given
from admin_app.rules.dates import today
from admin_app.rules.duplicates import Sought, names_in, sought
from admin_app.rules.identity import tidy_number
from admin_app.rules.parameters import Setting

MOST = 5


def like_case(session: Session, actor: User, case: Case) -> list[tuple[Case, str]]:
    """(case, what it has in common) for those like one that is registered."""
    looked = sought(
        case.registered_on,
        [each.name for each in case.parties],
        [each.id_number for each in case.parties],
        case.kind,
    )
    return _found(session, actor, looked, besides=case.id)


def like_given(session: Session, actor: User, given: Given) -> list[tuple[Case, str]]:
    """The same, for a case that is about to be registered."""
    parties = [each.values for each in given.lines.get("parties", [])]
    looked = sought(
        given.values.get("registered_on") or today(),
        [each.get("name") for each in parties],
        [tidy_number(each["id_number"]) for each in parties if each.get("id_number")],
        given.values.get("kind"),
    )
    return _found(session, actor, looked)


def like_visit(session: Session, actor: User, visit: Visit) -> list[tuple[Case, str]]:
    """The same, for a visit: its kind may not be known yet."""
    looked = sought(
        visit.visited_on, [visit.name, *names_in(visit.counterpart)], [visit.id_number], visit.kind
    )
    return _found(session, actor, looked, besides=visit.case_id)


def _found(
    session: Session, actor: User, looked: Sought, besides: int | None = None
) -> list[tuple[Case, str]]:
    days = whole(session, Setting.DUPLICATE_DAYS)
    if not days:
        return []
    # One question for each index, for a database cannot answer an "or" of two from either.
    parties = union(
        select(Party.case_id).where(Party.name.in_(looked.names)),
        select(Party.case_id).where(Party.id_number.in_(looked.numbers)),
    )
    query = (
        select(Case)
        .where(
            Case.id.in_(parties),
            Case.id != (besides or 0),
            Case.registered_on.between(*looked.window(days)),
            Case.removed_at.is_(None),
            policy.visible(Case, actor, "case.open"),
        )
        .order_by(Case.registered_on.desc(), Case.id.desc())
        .limit(MOST)
        .options(selectinload(Case.parties))
    )
    if looked.kind:
        query = query.where(Case.kind == looked.kind)
    return [
        (
            case,
            looked.shared([each.name for each in case.parties], [each.id_number for each in case.parties]),
        )
        for case in session.scalars(query)
    ]
