"""What follows when something is late: evidence for the look-back, and the superior's supervision (M21)."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.deadlines import Deadline
from admin_app.models.units import Unit
from admin_app.models.urgings import Urging
from admin_app.models.users import Role
from admin_app.operations import lookbacks, steps, urgings
from admin_app.operations.lives import LIVES
from admin_app.operations.notices import people_at
from admin_app.operations.referrals import only_committee
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.lookbacks import Fault

CENTRE = (Role.BUREAU, Role.OFFICE)

# Whether to ask for judicial confirmation is the parties' choice, and a helper does a favour: no fault.
BLAMED = frozenset(DeadlineKind) - {DeadlineKind.CONFIRM, DeadlineKind.ASSIST}

# lifecycle.md 4: what stays late is put under supervision.
SUPERVISED = frozenset(
    {DeadlineKind.FINISH, DeadlineKind.SIGN, DeadlineKind.ANSWER, DeadlineKind.WARN_HANDLE}
)


def blame(session: Session, deadline: Deadline, case: Case, day: date) -> None:
    """Evidence on the committee that must act; where a unit must, on its only committee, if it has one."""
    committee_id = deadline.committee_id or only_committee(session, deadline.unit_id)
    if deadline.kind not in BLAMED or committee_id is None:
        return
    words = f"{deadline.kind.label}期限 {deadline.due_on:%Y-%m-%d}，到期没有办。"
    committee = session.get_one(Committee, committee_id)
    lookbacks.note(session, case, Fault.LATE, words, key=opening(deadline), day=day, on=committee)


def supervise(session: Session, deadline: Deadline, record: Any, case: Case | None, day: date) -> bool:
    """Have the nearest superior that has people ask after a thing; False where there is nobody to ask.

    Where that superior has asked after it since the day was set, it needs no second one.
    """
    superior, life = _superior(session, deadline.unit_id), LIVES[deadline.word]
    if superior is None or life.stands(record) not in life.steps["urge"].sources:
        return False
    if case is not None and case.stage not in LIVES["case"].steps["urge"].sources:
        return False
    known = urgings.running(session, record, superior.id)
    if known is not None and known.issued_at >= deadline.opened_at:
        return True
    late = f"{deadline.kind.label}期限 {deadline.due_on:%Y-%m-%d}，逾期仍未办理"
    urging = Urging(reason=f"{late}，请说明原因并尽快办理。", key=opening(deadline))
    urgings.draw_up(session, urging, record, superior, day)
    urging.to_unit_id, urging.to_path = deadline.unit_id, deadline.path
    urging.committee_id = deadline.committee_id
    steps.advance(life, session, None, record, "urge", note=f"{late}，列入督办。", led=True, line=urging)
    return True


def opening(deadline: Deadline) -> str:
    """One opening of a deadline: set anew, it may be late anew."""
    return f"late:{deadline.id}:{deadline.opened_at:%Y%m%d%H%M%S%f}"


def _superior(session: Session, unit_id: int) -> Unit | None:
    unit = session.get_one(Unit, unit_id)
    while unit.parent_id is not None:
        unit = session.get_one(Unit, unit.parent_id)
        if people_at(session, unit.id, CENTRE):
            return unit
    return None
