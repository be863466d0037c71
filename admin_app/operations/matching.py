"""The entries of the search index that have the words of a question, as each database is asked for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    Select,
    and_,
    any_,
    cast,
    column,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.orm import Session

from admin_app.models.registry import Register
from admin_app.models.search import SearchEntry, entry_id, letter, record_id
from admin_app.rules.search import Group, Word, Words


@dataclass(frozen=True)
class Asking:
    """What is asked of the entries of one register: each group must be met. A group without a way is not."""

    register: Register
    groups: tuple[Group, ...]

    @property
    def possible(self) -> bool:
        return all(self.groups)

    def said(self, word: Word) -> str:
        """A word as the entries of the register have it."""
        return letter(self.register.word) + word.text


class _Fts:
    """SQLite: FTS5 beside the entries, which keep their words as text with blanks around each."""

    _table = table("search_fts", column("rowid", BigInteger))
    _index: ColumnElement[Any] = literal_column("search_fts")  # the table itself is what is matched

    def matched(self, asking: Asking) -> Select[Any]:
        query = select(self._table.c.rowid)
        if not asking.possible:
            return query.where(false())
        return query.where(self._index.op("MATCH")(_nested(asking, self._word, " OR ", " AND ")))

    def among(self, asking: Asking) -> Any:
        """SQL: the record is one of those with the words; good for few."""
        rowid = self._table.c.rowid
        return asking.register.model.id.in_(self.matched(asking).with_only_columns(record_id(rowid)))

    def one_by_one(self, asking: Asking) -> Any:
        """SQL: the record's own entry has the words; good where so many have that one comes soon."""
        ways = (or_(*(and_(*self._held(asking, way)) for way in group)) for group in asking.groups)
        return _own_entry(asking, and_(*ways))

    def _held(self, asking: Asking, way: Words) -> Iterable[ColumnElement[bool]]:
        ends = ((f" {asking.said(word)}", "" if word.stem else " ") for word in way)
        return (func.instr(SearchEntry.words, before + after) > 0 for before, after in ends)

    @staticmethod
    def _word(text: str, stem: bool) -> str:
        return f'"{text}"*' if stem else f'"{text}"'


class _Gin:
    """PostgreSQL: a GIN index over the entries' words."""

    def matched(self, asking: Asking) -> Select[Any]:
        query = select(SearchEntry.id)
        return query.where(self._has(asking) if asking.possible else false())

    def among(self, asking: Asking) -> Any:
        ids = self.matched(asking).with_only_columns(cast(record_id(SearchEntry.id), Integer))
        # As an array it is read first, and once, whatever the planner thinks of its length.
        known = type_coerce(func.array(ids.scalar_subquery()), ARRAY(Integer))
        return asking.register.model.id == any_(known)

    def one_by_one(self, asking: Asking) -> Any:
        return _own_entry(asking, self._has(asking))

    def _has(self, asking: Asking) -> Any:
        return SearchEntry.words.op("@@")(cast(_nested(asking, self._word, " | ", " & "), TSQUERY))

    @staticmethod
    def _word(text: str, stem: bool) -> str:
        return f"'{text}':*" if stem else f"'{text}'"


def _own_entry(asking: Asking, has: ColumnElement[bool]) -> Any:
    model = asking.register.model
    own = SearchEntry.id == entry_id(asking.register.word, cast(model.id, BigInteger))
    return select(type_coerce(has, Boolean)).where(own).correlate(model).scalar_subquery()


def _nested(asking: Asking, word: Any, either: str, both: str) -> Any:
    """The question in the database's own language; the words are plain ASCII, so quoting them is enough."""

    def way(words: Words) -> str:
        return f"({both.join(word(asking.said(each), each.stem) for each in words)})"

    return literal(both.join(f"({either.join(map(way, group))})" for group in asking.groups))


def entries(session: Session) -> _Fts | _Gin:
    """The index of the session's database."""
    return _Fts() if session.get_bind(SearchEntry).dialect.name == "sqlite" else _Gin()
