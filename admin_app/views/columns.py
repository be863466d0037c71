"""Which columns a person sees in a list, remembered for each person and register."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.fields import Field
from admin_app.models.preferences import Preference
from admin_app.models.registry import Register
from admin_app.models.users import User


def _chosen(session: Session, user: User, register: Register) -> Preference | None:
    return session.scalar(
        select(Preference).where(Preference.user_id == user.id, Preference.name == f"columns:{register.word}")
    )


def shown(session: Session, user: User, register: Register) -> list[Field]:
    """The columns in the order of the declaration; those declared `listed` until the person chooses."""
    preference = _chosen(session, user, register)
    names = (
        set(preference.value) if preference else {each.name for each in register.fields if each.say.listed}
    )
    return [each for each in register.fields if each.name in names]


def offered(register: Register, shown_: list[Field]) -> list[dict[str, Any]]:
    """Every column that may be chosen: long texts are for the record's own page."""
    names = {each.name for each in shown_}
    return [
        {"name": each.name, "label": each.label, "shown": each.name in names}
        for each in register.fields
        if each.kind != "long"
    ]


def remember(session: Session, user: User, register: Register, names: list[str]) -> None:
    """Keep the choice; none at all means back to the usual ones."""
    known = [each["name"] for each in offered(register, []) if each["name"] in names]
    preference = _chosen(session, user, register)
    if not known:
        if preference is not None:
            session.delete(preference)
    elif preference is not None:
        preference.value = known
    else:
        session.add(Preference(user_id=user.id, name=f"columns:{register.word}", value=known))
