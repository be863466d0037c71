"""How a value reads: one formatter for lists, pages, ledgers' labels and history."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from admin_app.models.codes import codebook
from admin_app.models.fields import Field
from admin_app.rules.dates import local
from admin_app.rules.identity import mask

BLANK = ""


def wording(
    session: Session, field: Field, value: Any, *, masked: bool = False, on: date | None = None
) -> str:
    """A raw value in words; a blank is "". `on` is the day whose wording of a code holds (today's if None).

    Links are read from the session: lists load them beforehand.
    """
    if value is None or value == []:
        return BLANK
    if field.kind == "link":
        return link_wording(session, field, value)
    text = _plain(session, field, value, on)
    return mask(text) if masked and field.say.sensitive and text else text


def _plain(session: Session, field: Field, value: Any, on: date | None) -> str:
    match field.kind:
        case "code":
            return codebook(session).label(field.say.codes, value, on)
        case "codes":
            return "、".join(codebook(session).label(field.say.codes, each, on) for each in value)
        case "choice":
            assert field.choices is not None
            return field.choices(value).label
        case "yes":
            return "是" if value else "否"
        case "money" | "decimal":
            return f"{Decimal(value):,.2f}"
        case "date":
            return value if isinstance(value, str) else f"{value:%Y-%m-%d}"
        case "moment":
            moment = datetime.fromisoformat(value) if isinstance(value, str) else value
            return f"{local(moment):%Y-%m-%d %H:%M}"
        case _:
            return str(value)


def link_wording(session: Session, field: Field, value: int) -> str:
    """The title of the record a link points at."""
    assert field.target is not None
    record = session.get(field.target, value)
    return str(record) if record is not None else f"（编号 {value}）"


def from_raw(field: Field, value: Any) -> Any:
    """A value as the history keeps it, made a value of the model again."""
    if value is None:
        return None
    match field.kind:
        case "date":
            return date.fromisoformat(value)
        case "moment":
            return datetime.fromisoformat(value)
        case "money" | "decimal":
            return Decimal(value)
        case "choice":
            assert field.choices is not None
            return field.choices(value)
        case _:
            return value
