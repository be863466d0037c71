"""The search index, kept in the transaction of every change: which words each record has (rules/search.py).

A model takes part by its fields that are `sought`, its own and those of its lines. What changes is noted at
each flush and written before the commit, from what then stands in the tables; rows that go in by the
hundred are noted by whoever writes them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import delete, event, inspect, null, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, UOWTransaction

from admin_app.models.base import Base, Part
from admin_app.models.cases import CaseMediator
from admin_app.models.fields import fields_of
from admin_app.models.pinyin import spellings
from admin_app.models.registry import REGISTERS, owner_of, register_of
from admin_app.models.search import SearchEntry
from admin_app.rules.search import Sought, places_of, words_of

PORTION = 500
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_PLACE = ("path", "committee_id")


@dataclass(frozen=True)
class Source:
    """A table from which a record has words: itself, or lines that point at it by `key`."""

    model: type[Base]
    key: str
    fields: tuple[tuple[str, Sought], ...]


@cache
def sources() -> dict[type[Base], tuple[Source, ...]]:
    """Each model that is searched, with the tables of its words, its own first."""
    found = {}
    for register in REGISTERS.values():
        own = Source(register.model, "id", _sought(register.model))
        lines = (Source(part.model, _key(part.model), _sought(part.model)) for part in register.all_lists())
        every = (own, *(each for each in lines if each.fields or each.model is CaseMediator))
        if any(each.fields for each in every):
            found[register.model] = every
    return found


def _sought(model: type[Base]) -> tuple[tuple[str, Sought], ...]:
    return tuple((each.name, each.say.sought) for each in fields_of(model) if each.say.sought)


def _key(model: Any) -> str:
    """The column by which a line points at its record."""
    (column,) = getattr(model, model.owner).property.local_columns
    return str(column.name)


# ---------------------------------------------------------------- noting


@event.listens_for(Session, "before_flush")
def _gather(session: Session, context: UOWTransaction, instances: Any) -> None:
    note(session, (each for each in (*session.new, *session.dirty, *session.deleted) if _touched(each)))


def note(session: Session, things: Iterable[Any]) -> None:
    """The records of these things are to be read anew before the commit."""
    noted: dict[int, Any] = session.info.setdefault("search", {})
    for thing in things:
        record = _record(thing)
        if record is not None and type(record) in sources():
            noted[id(record)] = record


def _record(thing: Any) -> Any:
    if not isinstance(thing, Part):
        return thing
    return owner_of(thing) or next(iter(inspect(thing).attrs[thing.owner].history.deleted or ()), None)


def _touched(thing: Any) -> bool:
    """Whether its words may have changed: anything new or gone, or another value in a field of theirs."""
    state = inspect(thing)
    if state.key is None or thing in (state.session.deleted if state.session else ()):
        return True
    names = [*(name for name, _ in _sought(type(thing))), *_PLACE]
    if isinstance(thing, Part):
        names += [thing.owner, "mediator_id"]
    return any(state.attrs[name].history.has_changes() for name in names if name in state.attrs)


@event.listens_for(Session, "before_commit")
def write(session: Session) -> None:
    """Write the words of what was noted. Long work calls it for each of its parts."""
    session.flush()
    by_model: dict[type[Base], set[int]] = defaultdict(set)
    for record in session.info.pop("search", {}).values():
        by_model[type(record)].add(record.id)
    for model, ids in by_model.items():
        index(session, model, sorted(ids))


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("search", None)


# ---------------------------------------------------------------- writing


def index(session: Session, model: type[Base], ids: Sequence[int]) -> None:
    """Read the words of these records off the tables and keep them."""
    word = register_of(model).word
    for begin in range(0, len(ids), PORTION):
        portion = ids[begin : begin + PORTION]
        words = _words(session, model, portion)
        rows = [
            {"register": word, "record_id": number, "words": " ".join(sorted(found))}
            for number, found in words.items()
        ]
        if rows:
            _put(session, rows)
        gone = [number for number in portion if number not in words]
        if gone:
            session.execute(
                delete(SearchEntry).where(SearchEntry.register == word, SearchEntry.record_id.in_(gone))
            )


def _put(session: Session, rows: list[dict[str, Any]]) -> None:
    statement = _INSERT[session.get_bind(SearchEntry).dialect.name](SearchEntry.__table__)
    keys = [SearchEntry.register, SearchEntry.record_id]
    upsert = statement.on_conflict_do_update(index_elements=keys, set_={"words": statement.excluded.words})
    session.execute(upsert, rows, bind_arguments={"mapper": SearchEntry})


def _words(session: Session, model: type[Base], ids: Sequence[int]) -> dict[int, set[str]]:
    """{id: words}, of those that exist."""
    found: dict[int, set[str]] = {}
    own, *lines = sources()[model]
    mark = f"r{register_of(model).word}"
    for number, path, committee, *values in _rows(session, own, ids, *_PLACE):
        places = places_of(path, committee) if path else set()
        found[number] = {mark, *places, *_of(own, values)}
    for source in lines:
        extra = ("mediator_id",) if source.model is CaseMediator else ()
        for number, *values in _rows(session, source, ids, *extra):
            if extra:
                found[number].add(f"m{values.pop(0)}")
            found[number].update(_of(source, values))
    return found


def _rows(session: Session, source: Source, ids: Sequence[int], *before: str) -> Iterator[Any]:
    """Each row's key, what is asked `before` of it (blank where it has no such thing), and its texts."""
    model, key = source.model, getattr(source.model, source.key)
    names = [*before, *(name for name, _ in source.fields)]
    columns = [getattr(model, name, null()).label(None) for name in names]
    return iter(session.execute(select(key, *columns).where(key.in_(ids))))


def _of(source: Source, values: Iterable[str | None]) -> Iterator[str]:
    for (_, sought), value in zip(source.fields, values, strict=True):
        if value:
            yield from words_of(value, sought, spellings(value) if sought is Sought.NAME else "")


# ---------------------------------------------------------------- from nothing


def rebuild(session: Session) -> int:
    """Every entry anew; the caller commits. How many records are searched."""
    session.execute(delete(SearchEntry))
    count = 0
    for model in sources():
        last = 0
        while ids := list(
            session.scalars(select(model.id).where(model.id > last).order_by(model.id).limit(PORTION))
        ):
            index(session, model, ids)
            last, count = ids[-1], count + len(ids)
    return count
