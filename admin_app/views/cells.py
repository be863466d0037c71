"""A value as the page shows it: words, tag, link, mask."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.base import Base
from admin_app.models.fields import Field
from admin_app.models.registry import day_of, register_of
from admin_app.models.users import User
from admin_app.models.wording import wording
from admin_app.rules.dates import SOON, today
from admin_app.views.tones import tone


@dataclass(frozen=True)
class Cell:
    """One value on a page. `tag` is a tone or None; `masked` says that something is hidden."""

    text: str
    kind: str
    url: str | None = None
    tag: str | None = None
    masked: bool = False


def cell(session: Session, user: User, record: Base, field: Field, *, unmasked: bool = False) -> Cell:
    """The value of a field of a record, masked unless told otherwise."""
    value = getattr(record, field.name)
    if field.say.deadline and value is not None and record.waits:  # type: ignore[attr-defined]
        return deadline(value)
    hidden = field.say.sensitive and not unmasked
    text = wording(session, field, value, masked=hidden, on=day_of(record))
    return Cell(
        text=text,
        kind=field.kind,
        url=_link(session, user, field, value),
        tag=_tone(field, value),
        masked=hidden and bool(text),
    )


def deadline(day: date) -> Cell:
    """A day that is waited for, with the days left or gone: late is red."""
    left = (day - today()).days
    words = f"超期 {-left} 天" if left < 0 else f"剩 {left} 天" if left else "今天到期"
    tone = "seal" if left < 0 else "warn" if left <= SOON else "neutral"
    return Cell(f"{day:%Y-%m-%d} {words}", "date", tag=tone)


def _tone(field: Field, value: Any) -> str | None:
    if field.kind == "choice" and value is not None:
        return tone(value)
    return "neutral" if field.kind == "code" and value else None


def _link(session: Session, user: User, field: Field, value: Any) -> str | None:
    if field.kind != "link" or value is None or field.target is None:
        return None
    word, target = register_of(field.target).word, session.get(field.target, value)
    return url_for(f"{word}.detail", record_id=value) if policy.may(user, f"{word}.open", target) else None
