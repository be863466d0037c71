"""The one door of a referral's life: only `advance` assigns a referral's state."""

from sqlalchemy.orm import Session

from admin_app.models.referrals import Referral, ReferralStep
from admin_app.models.users import User
from admin_app.operations.records import saved_once
from admin_app.operations.steps import pass_step
from admin_app.rules.referrals import STEP


def advance(session: Session, actor: User, referral: Referral, name: str, note: str = "") -> None:
    """Take a step of `rules.referrals.STEPS`: 403 without the right, 409 from the wrong state."""
    row = pass_step(session, actor, referral, "referral", STEP[name], referral.state)
    with saved_once():
        referral.state = row["target"]
        referral.steps.append(ReferralStep(**row, note=note))
        session.flush()
