"""Records as they were at a moment, read off the history backwards: each change since then undone.

What has no line in the history since the moment is as it was. Rows loaded in bulk have no line of their
making, so `created_at` says since when a record is there, of every record alike.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from admin_app.history import Action
from admin_app.models.fields import Field, field_of
from admin_app.models.history import Entry
from admin_app.models.registry import REGISTERS, Parts, column_of
from admin_app.models.wording import from_raw

_AT_ONCE = 500


@dataclass
class Stood:
    """A record's asked-for values, and those of its lines by their ids."""

    removed: bool
    values: dict[str, Any]
    lines: dict[str, dict[int, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))

    def lines_of(self, part: str) -> list[dict[str, Any]]:
        """The lines there were, the oldest first."""
        return [line for _, line in sorted(self.lines[part].items())]


@dataclass(frozen=True)
class Asked:
    """What is asked of a register's records: some fields, and some fields of some parts."""

    word: str
    fields: tuple[str, ...]
    parts: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def model(self) -> type[Any]:
        return REGISTERS[self.word].model

    def part(self, name: str) -> Parts:
        return next(each for each in REGISTERS[self.word].all_lists() if each.name == name)


def touched(word: str, moment: datetime) -> Select[int]:
    """SQL: the records of a register with a line in the history since a moment."""
    return select(Entry.record_id).where(  # type: ignore[return-value]
        Entry.register == word, Entry.at >= moment, Entry.record_id.is_not(None)
    )


def unchanged(word: str, moment: datetime) -> ColumnElement[bool]:
    """SQL: the record was there at the moment, and is as it was."""
    model = REGISTERS[word].model
    return and_(column_of(model, "created_at") < moment, column_of(model, "id").not_in(touched(word, moment)))


def stood(
    session: Session, asked: Asked, ids: Iterable[int], moment: datetime | None
) -> Iterator[tuple[int, Stood]]:
    """Those of the records that were there at a moment, as they were; None: as they are now."""
    queue = iter(ids)
    while batch := list(islice(queue, _AT_ONCE)):
        found = _now(session, asked, batch, moment)
        if moment:
            _undo(session, asked, found, moment)
        yield from found.items()


def _now(session: Session, asked: Asked, ids: Sequence[int], moment: datetime | None) -> dict[int, Stood]:
    model = asked.model
    columns = [column_of(model, name) for name in asked.fields]
    query = select(model.id, model.removed_at, *columns).where(model.id.in_(ids))
    if moment:
        query = query.where(model.created_at < moment)
    found = {
        row[0]: Stood(
            row[1] is not None and (moment is None or row[1] < moment),
            dict(zip(asked.fields, row[2:], strict=True)),
        )
        for row in session.execute(query)
    }
    for name, fields in asked.parts:
        part: Any = asked.part(name).model
        owner = getattr(part, f"{part.owner}_id")
        lines = select(owner, part.id, *(getattr(part, each) for each in fields)).where(owner.in_(found))
        for owner_id, line_id, *values in session.execute(lines):
            found[owner_id].lines[name][line_id] = dict(zip(fields, values, strict=True))
    return found


def _undo(session: Session, asked: Asked, found: dict[int, Stood], moment: datetime) -> None:
    own = {name: field_of(asked.model, name) for name in asked.fields}
    parts = {
        part: {name: field_of(asked.part(part).model, name) for name in fields}
        for part, fields in asked.parts
    }
    since = (
        select(Entry.record_id, Entry.action, Entry.changes)
        .where(Entry.register == asked.word, Entry.record_id.in_(found), Entry.at >= moment)
        .order_by(Entry.place.desc())
    )
    for record_id, action, changes in session.execute(since):
        record = found[record_id]
        # The oldest line that tells of the recycle bin has the last word.
        if action in (Action.REMOVE, Action.RESTORE):
            record.removed = action == Action.RESTORE
        for change in reversed(changes["fields"]):
            if "part" not in change:
                _undo_one(own, record.values, change)
            elif change["part"] in parts:
                line = record.lines[change["part"]].setdefault(change["line"], {})
                _undo_one(parts[change["part"]], line, change)
    for record in found.values():
        for part, lines in record.lines.items():
            key = _required(parts[part])
            record.lines[part] = {number: line for number, line in lines.items() if line.get(key) is not None}


def _undo_one(fields: dict[str, Field], values: dict[str, Any], change: dict[str, Any]) -> None:
    each = fields.get(change["field"])
    if each is not None:
        values[each.name] = from_raw(each, change["old"])


def _required(fields: dict[str, Field]) -> str:
    """The field without which a line is none: before it was added, or after it was taken out."""
    return next(name for name, each in fields.items() if each.required)
