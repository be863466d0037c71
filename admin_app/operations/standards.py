"""The life of a standard 标准: its door `advance`, and its new editions (lifecycle.md 5)."""

from datetime import timedelta
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.fields import fields_of
from admin_app.models.standards import Standard, StandardStep
from admin_app.models.users import User
from admin_app.operations import steps
from admin_app.operations.steps import Life, Passing
from admin_app.rules import standard_checks, standards
from admin_app.rules.findings import Finding
from admin_app.rules.standards import StandardState

_OWN = frozenset({"edition", "copied_from_id", "state", "valid_from", "valid_until"})


def _whole(passing: Passing) -> list[Finding]:
    """Only a whole standard is published."""
    standard = passing.record
    return standard_checks.gaps(standard.kind, standard.ladder(), standard.judged_by(), grave=True)


def _published(passing: Passing) -> None:
    """The edition before ends when the new one begins: two never hold on the same day."""
    standard = passing.record
    before = passing.session.get(Standard, standard.copied_from_id) if standard.copied_from_id else None
    if before is None or before.state is not StandardState.PUBLISHED:
        return
    last = standard.valid_from - timedelta(days=1)
    if before.valid_until is None or before.valid_until > last:
        before.valid_until = max(last, before.valid_from or last)
        before.changed_at = standard.changed_at


def copy(session: Session, actor: User, standard: Standard) -> Standard:
    """另存为新版本: a draft with every line of this one, to be changed and then published."""
    policy.demand(actor, "standard.copy", standard)
    new = Standard(
        **_values(standard),
        edition=_newest(session, standard) + 1,
        copied_from_id=standard.id,
        path=standard.path,
    )
    for name in ("levels", "items"):
        lines = getattr(standard, name)
        getattr(new, name).extend(type(line)(**_values(line)) for line in lines)
    session.add(new)
    session.flush()
    return new


def _values(thing: Standard | object) -> dict[str, object]:
    names = (each.name for each in fields_of(type(thing)))  # type: ignore[arg-type]
    return {name: getattr(thing, name) for name in names if name not in _OWN}


def _newest(session: Session, standard: Standard) -> int:
    same = (Standard.name == standard.name, Standard.unit_id == standard.unit_id)
    newest = session.scalar(select(func.max(Standard.edition)).where(*same))
    return max(newest or 1, standard.edition)


def editions(session: Session, actor: User, standard: Standard) -> list[Standard]:
    """The editions of the same name and unit that the actor may see, newest first."""
    same = (Standard.name == standard.name, Standard.unit_id == standard.unit_id)
    seen = policy.visible(Standard, actor)
    query = select(Standard).where(*same, seen, Standard.removed_at.is_(None))
    return list(session.scalars(query.order_by(Standard.edition.desc(), Standard.id.desc())))


def _move(standard: Standard, state: StandardState) -> None:
    standard.state = state


LIFE = Life(
    word="standard",
    steps=standards.STEP,
    row=StandardStep,
    stands=lambda standard: standard.state,
    move=_move,
    checks={"publish": _whole},
    effects={"publish": _published},
)

advance = partial(steps.advance, LIFE)
