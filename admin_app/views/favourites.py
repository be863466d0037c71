"""Which ledgers a person has marked with a star, remembered for each person."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.preferences import Preference
from admin_app.models.users import User

NAME = "ledgers"


def starred(session: Session, user: User) -> list[str]:
    """The names of the ledgers, in the order in which they were marked."""
    kept = _kept(session, user)
    return list(kept.value) if kept else []


def star(session: Session, user: User, name: str) -> bool:
    """Mark a ledger, or take its mark away; returns whether it is marked now."""
    kept, names = _kept(session, user), starred(session, user)
    marked = name not in names
    names = [*names, name] if marked else [each for each in names if each != name]
    if kept is None:
        session.add(Preference(user_id=user.id, name=NAME, value=names))
    else:
        kept.value = names
    return marked


def _kept(session: Session, user: User) -> Preference | None:
    return session.scalar(select(Preference).where(Preference.user_id == user.id, Preference.name == NAME))
