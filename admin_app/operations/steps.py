"""The one mover behind every life: see, do, now; then the state moves and leaves its row."""

from typing import Any

from sqlalchemy.orm import Session

from admin_app import history, policy
from admin_app.models.users import User
from admin_app.rules.choices import Choice
from admin_app.rules.dates import now
from admin_app.rules.steps import Step


def pass_step(
    session: Session, actor: User, record: Any, word: str, step: Step[Any], state: Choice
) -> dict[str, Any]:
    """Ask for a step on a record that stands at `state`; returns what the step's row holds.

    The caller, the one door of its life, assigns the state and adds the row.
    """
    policy.demand(actor, f"{word}.{step.name}", record)
    step.check(state)
    record.changed_at = now()
    history.note(session, history.Action.STEP, record=record, words=step.label)
    return {
        "at": record.changed_at,
        "actor_id": actor.id,
        "name": step.name,
        "source": state,
        "target": step.to or state,
    }
