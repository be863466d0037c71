"""The search index, kept in the transaction of every change: which words each record has (rules/search.py).

A model takes part by its fields that are `sought`, its own and those of its lines. What changes is noted at
each flush and written before the commit, from what then stands in the tables; new records that go in by the
hundred are told by whoever writes them, and their words read off them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import event, func, inspect, null, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, UOWTransaction

from admin_app.models import entries
from admin_app.models.base import Base, Part
from admin_app.models.cases import CaseMediator
from admin_app.models.fields import fields_of
from admin_app.models.pinyin import readings
from admin_app.models.registry import REGISTERS, Parts, owner_of, register_of
from admin_app.models.search import SEARCHED, SearchEntry, entry_id, letter
from admin_app.models.units import Unit
from admin_app.rules.search import SPELT, Sought, places_of, words_of

PORTION = 500
Progress = Callable[[int, int], None]
Row = Sequence[Any]
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_PLACE = ("path", "to_path", "committee_id")  # where a record lies, at both its ends
_LINE = ("mediator_id",)


@dataclass(frozen=True)
class Source:
    """A table from which a record has words: itself, or lines that point at it by `key`."""

    model: type[Base]
    key: str
    fields: tuple[tuple[str, Sought], ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.fields)


@cache
def sources() -> dict[type[Base], tuple[Source, ...]]:
    """Each model that is searched, with the tables of its words, its own first."""
    return {REGISTERS[word].model: tuple(_sources(word)) for word in SEARCHED}


def _sources(word: str) -> Iterator[Source]:
    """A text that gathers what the lines say is not read: the lines are."""
    model: type[Base] = REGISTERS[word].model
    lines = [each for each in REGISTERS[word].all_lists() if _tells(each)]
    told = {sought for each in lines for _, sought in _sought(each.model)}
    yield Source(model, "id", tuple(each for each in _sought(model) if each[1] not in told))
    yield from (Source(each.model, _key(each.model), _sought(each.model)) for each in lines)


def _tells(lines: Parts) -> bool:
    """Whether records have words from such lines: something sought, or whose a case is."""
    return bool(_sought(lines.model)) or lines.model is CaseMediator


@cache
def _sought(model: type[Base]) -> tuple[tuple[str, Sought], ...]:
    return tuple((each.name, each.say.sought) for each in fields_of(model) if each.say.sought)


def _key(model: Any) -> str:
    """The column by which a line points at its record."""
    (column,) = getattr(model, model.owner).property.local_columns
    return str(column.name)


# ---------------------------------------------------------------- noting


@event.listens_for(Session, "before_flush")
def _gather(session: Session, context: UOWTransaction, instances: Any) -> None:
    for thing in (*session.new, *session.dirty, *session.deleted):
        record = _record(thing) if isinstance(thing, Base) and _touched(thing) else None
        if record is not None and type(record) in sources():
            _fresh(session)[id(record)] = record


def note(session: Session, model: type[Base], ids: Iterable[int]) -> None:
    """The records of a model with these ids are to be read anew before the commit."""
    if model in sources():
        _known(session)[model].update(ids)


def _fresh(session: Session) -> dict[int, Any]:
    """Records that may have no id yet."""
    fresh: dict[int, Any] = session.info.setdefault("search_fresh", {})
    return fresh


def _known(session: Session) -> dict[type[Base], set[int]]:
    known: dict[type[Base], set[int]] = session.info.setdefault("search", defaultdict(set))
    return known


def _record(thing: Any) -> Any:
    if not isinstance(thing, Part):
        return thing
    return owner_of(thing) or next(iter(inspect(thing).attrs[thing.owner].history.deleted or ()), None)


def _touched(thing: Base) -> bool:
    """Whether its words may have changed: anything new or gone, or another value in a field of theirs."""
    state, model = inspect(thing), type(thing)
    if state.key is None or thing in (state.session.deleted if state.session else ()):
        return True
    return any(state.attrs[name].history.has_changes() for name in _telling(model))


@cache
def _telling(model: type[Base]) -> tuple[str, ...]:
    names = {*(name for name, _ in _sought(model)), *_PLACE, *_LINE}
    if issubclass(model, Part):
        names.add(model.owner)
    return tuple(each.key for each in inspect(model).attrs if each.key in names)


@event.listens_for(Session, "after_flush_postexec")
def _number(session: Session, context: UOWTransaction) -> None:
    """What was new has its id now; long work may forget the record itself."""
    for record in session.info.pop("search_fresh", {}).values():
        note(session, type(record), (record.id,))


@event.listens_for(Session, "before_commit")
def write(session: Session) -> None:
    """Write the words of what was noted. Long work calls it for each of its parts."""
    session.flush()
    for model, ids in session.info.pop("search", {}).items():
        index(session, model, sorted(ids))


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("search", None)
    session.info.pop("search_fresh", None)


# ---------------------------------------------------------------- writing


def index(session: Session, model: type[Base], ids: Sequence[int]) -> None:
    """Read the words of these records off the tables and keep them."""
    word = register_of(model).word
    for begin in range(0, len(ids), PORTION):
        portion = ids[begin : begin + PORTION]
        entries.keep(
            session,
            dict.fromkeys((entry_id(word, each) for each in portion), "") | texts(session, model, portion),
        )


def index_new(session: Session, things: Mapping[type[Base], Sequence[Any]]) -> None:
    """Keep the words of records that were just written, with their lines: nothing is read again."""

    def held(source: Source, names: Sequence[str]) -> Iterator[Row]:
        for each in things.get(source.model, ()):
            yield [getattr(each, name, None) for name in names]

    for model in things.keys() & sources().keys():
        entries.keep(session, _texts(model, held))


def texts(session: Session, model: type[Base], ids: Sequence[int]) -> dict[int, str]:
    """{id of the entry: its words}, of those records that exist."""

    def kept(source: Source, names: Sequence[str]) -> Iterator[Row]:
        key, *columns = (getattr(source.model, name, null()).label(None) for name in names)
        return iter(session.execute(select(key, *columns).where(key.in_(ids)).order_by(source.model.id)))

    return _texts(model, kept)


def _texts(model: type[Base], rows: Callable[[Source, Sequence[str]], Iterator[Row]]) -> dict[int, str]:
    """The same, of records whose `rows` tell what a source holds: its key, whatever else is asked by name

    (blank where it has no such thing), and its texts.
    """
    word, (own, *lines) = register_of(model).word, sources()[model]
    mark, found = letter(word), {}
    for number, path, to_path, committee, *values in rows(own, (own.key, *_PLACE, *own.names)):
        found[number] = _places(mark, path, to_path, committee) + _of(own, mark, values)
    for source in lines:
        for number, mediator, *values in rows(source, (source.key, *_LINE, *source.names)):
            here = f" {mark}m{mediator}" if mediator is not None else ""
            found[number] += here + _of(source, mark, values)
    return {entry_id(word, number): f"{text} " for number, text in found.items()}


@lru_cache(maxsize=16384)
def _places(mark: str, path: str | None, to_path: str | None, committee: int | None) -> str:
    words = (*places_of(path), *places_of(to_path), *(() if committee is None else (f"k{committee}",)))
    return _said(mark, words)


def _said(mark: str, words: Iterable[str]) -> str:
    return "".join(f" {mark}{each}" for each in words)


def _of(source: Source, mark: str, values: Iterable[str | None]) -> str:
    fields = zip(source.fields, values, strict=True)
    return "".join(_TOLD[sought](mark, value, sought) for (_, sought), value in fields if value)


def _told(mark: str, text: str, sought: Sought) -> str:
    return _said(mark, words_of(text, sought, readings(text) if sought in SPELT else ""))


# Names come again and again, a number or a telephone once.
_told_often = lru_cache(maxsize=65536)(_told)
_TOLD = {each: _told_often if each in SPELT else _told for each in Sought}


# ---------------------------------------------------------------- from nothing


def filled(session: Session) -> bool:
    """Whether there are entries, or nothing that should have one: units come first, and stay."""
    indexed, unit = (session.scalar(select(model.id).limit(1)) for model in (SearchEntry, Unit))
    return indexed is not None or unit is None


def rebuild(session: Session, progress: Progress = lambda done, whole: None) -> int:
    """Every entry anew; the caller commits. How many records are searched."""
    entries.clear(session)
    whole = sum(session.scalar(select(func.count()).select_from(model)) or 0 for model in sources())
    done = 0
    for model in sources():
        last = 0
        while ids := list(
            session.scalars(select(model.id).where(model.id > last).order_by(model.id).limit(PORTION))
        ):
            index(session, model, ids)
            last, done = ids[-1], done + len(ids)
            progress(done, whole)
    return done
