"""The whole life of a record in words: each step with who, when, what was given and what was said."""

from collections import Counter
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session, joinedload

from admin_app import policy
from admin_app.models.fields import field_of
from admin_app.models.referrals import Referral
from admin_app.models.registry import register_of
from admin_app.models.users import User
from admin_app.models.wording import from_raw, wording
from admin_app.operations.lives import LIVES, life_of
from admin_app.rules.dates import local
from admin_app.rules.referrals import LEADS

# What hangs on a case has a life of its own, told among the case's.
BESIDE = ("referrals", "assistances", "hand_overs", "urgings", "dossiers")


def timeline(session: Session, user: User, record: Any) -> list[dict[str, Any]]:
    """[{when, who, label, moved, note, facts, about, url}], newest first."""
    told = [(row, record) for row in _rows(session, record)]
    hanging = [thing for name in BESIDE for thing in getattr(record, name, ())]
    if hanging:
        told = _once(told, [(row, thing) for thing in hanging for row in _rows(session, thing)])
    told.sort(key=lambda each: (each[0].at, each[0].id), reverse=True)
    return [_shown(session, user, record, row, owner) for row, owner in told]


def _once(own: list[tuple[Any, Any]], hanging: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """A transfer is told by the steps of its referral, which say more; not again by those that they led."""
    led = Counter(LEADS.get(row.name) for row, thing in hanging if isinstance(thing, Referral))
    told = []
    for row, case in own:
        if led[row.name] > 0:
            led[row.name] -= 1
        else:
            told.append((row, case))
    return told + hanging


def beside(session: Session, user: User, record: Any) -> list[dict[str, Any]]:
    """[{label, items: [{title, state, url}]}]: what hangs on a record and may be opened, the newest first."""
    found = []
    for name in (each for each in BESIDE if hasattr(record, each)):
        register = register_of(getattr(type(record), name).property.mapper.class_)
        things = [each for each in reversed(getattr(record, name)) if each.removed_at is None]
        items = [
            {
                "title": str(each),
                "state": each.state.label,
                "url": url_for(f"{register.word}.detail", record_id=each.id),
            }
            for each in things
            if policy.may(user, f"{register.word}.open", each)
        ]
        if items:
            found.append({"label": register.noun, "items": items})
    return found


def _rows(session: Session, record: Any) -> list[Any]:
    """The rows of one record's life, with whoever took the steps."""
    life = life_of(record)
    if life is None:
        return []
    owner = getattr(life.row, f"{life.word}_id")
    query = session.query(life.row).filter(owner == record.id).options(joinedload(life.row.actor))
    return query.order_by(life.row.id).all()


def _shown(session: Session, user: User, record: Any, row: Any, owner: Any) -> dict[str, Any]:
    word = register_of(type(owner)).word
    step = LIVES[word].steps.get(row.name)
    about = owner is not record and policy.may(user, f"{word}.open", owner)
    return {
        "when": f"{local(row.at):%Y-%m-%d %H:%M}",
        "who": row.actor.name if row.actor else "系统",
        "label": step.label if step else row.name,
        "moved": row.target.label if row.target is not row.source else "",
        "note": row.note,
        "facts": _facts(session, owner, row),
        "about": f"{register_of(type(owner)).noun} {owner}" if owner is not record else "",
        "url": url_for(f"{word}.detail", record_id=owner.id) if about else None,
    }


def _facts(session: Session, owner: Any, row: Any) -> list[tuple[str, str]]:
    """What was given with the step, as it was given then; of a line that it added, how the line is called."""
    names = {each for each in row.facts if each != "line"}
    fields = [field_of(type(owner), name) for name in sorted(names) if hasattr(type(owner), name)]
    told = [(each, from_raw(each, row.facts[each.name])) for each in fields]
    facts = [
        (each.label, wording(session, each, value, masked=True)) for each, value in told if value is not None
    ]
    return facts + _line(session, owner, row)


def _line(session: Session, owner: Any, row: Any) -> list[tuple[str, str]]:
    """The record of a session, a follow-up …, while it stands; what has a life of its own is told beside."""
    register = register_of(type(owner))
    step = LIVES[register.word].steps.get(row.name)
    part = next((each for each in register.trail_lists() if step and each.name == step.line), None)
    line = session.get(part.model, row.facts.get("line") or 0) if part else None
    return [(part.label, str(line))] if part and line else []
