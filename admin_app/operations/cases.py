"""The one door of a case's life: only `advance` assigns a case's stage."""

from sqlalchemy.orm import Session

from admin_app.models.cases import Case, CaseStep
from admin_app.models.users import User
from admin_app.operations.records import saved_once
from admin_app.operations.steps import pass_step
from admin_app.rules.cases import STEP


def advance(session: Session, actor: User, case: Case, name: str, note: str = "") -> None:
    """Take a step of `rules.cases.STEPS` on a case: 403 without the right, 409 from the wrong stage."""
    row = pass_step(session, actor, case, "case", STEP[name], case.stage)
    with saved_once():
        case.stage = row["target"]
        case.steps.append(CaseStep(**row, note=note))
        session.flush()
