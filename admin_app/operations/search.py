"""Searching 搜索: records by two characters of a name, by pinyin, by a number, by the end of a telephone.

The index tells which records have the words; the policy tells, in the same query, which of them the person
may see. What narrows a person's scope is asked of the index too, so that a village's mediator does not wade
through the namesakes of a whole city.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, cast, column, exists, false, literal_column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from admin_app import policy, search
from admin_app.models.registry import REGISTERS, Register, column_of, register_of
from admin_app.models.search import SearchEntry
from admin_app.models.users import User
from admin_app.rules.search import Group, Word, asked

_FTS = table("search_fts", column("rowid"))
_INDEX: ColumnElement[Any] = literal_column("search_fts")  # the table itself is what is matched
MOST = 6  # of each register, the newest first


@dataclass(frozen=True)
class Hits:
    """The first records of a register that were found, and whether there are more."""

    register: Register
    records: list[Any]
    more: bool


def searched() -> list[Register]:
    """The registers that the search knows, in the order of the menu."""
    known = {register_of(model).word for model in search.sources()}
    return [each for word, each in REGISTERS.items() if word in known]


def find(session: Session, user: User, question: str, most: int = MOST) -> list[Hits]:
    """What a person finds by a question, register by register; nothing where it says too little."""
    groups = asked(question)
    if not groups:
        return []
    found = []
    for register in searched():
        if policy.may(user, f"{register.word}.see"):
            ids = list(session.scalars(hits(session, user, register, groups).limit(most + 1)))
            if ids:
                found.append(Hits(register, _records(session, register, ids[:most]), len(ids) > most))
    return found


def hits(session: Session, user: User, register: Register, groups: tuple[Group, ...]) -> Select[Any]:
    """The ids of the records of a register that a person finds, the newest entry first."""
    model = register.model
    words = [(Word(f"r{register.word}"),), *groups]
    narrow = policy.narrowing(user, f"{register.word}.see")
    if narrow is not None:
        words.append(tuple(Word(each) for each in sorted(narrow)))
    seen = exists().where(
        model.id == SearchEntry.record_id,
        column_of(model, "removed_at").is_(None),
        policy.visible(model, user),
    )
    return _with(session, words).where(SearchEntry.register == register.word, seen)


def _with(session: Session, words: list[Group]) -> Select[Any]:
    """The entries that have a word of every group; a group without a word is had by none."""
    query = select(SearchEntry.record_id)
    if not all(words):
        return query.where(false())
    if session.get_bind(SearchEntry).dialect.name == "sqlite":
        # Read off the index itself, so that it may stop when there are enough.
        matched = SearchEntry.id == _FTS.c.rowid, _INDEX.op("MATCH")(_fts(words))
        return query.select_from(_FTS).where(*matched).order_by(_FTS.c.rowid.desc())
    asked_for = cast(_tsquery(words), TSQUERY)
    return query.where(SearchEntry.words.op("@@")(asked_for)).order_by(SearchEntry.id.desc())


def _fts(words: list[Group]) -> str:
    """As SQLite's FTS5 is asked; words are plain ASCII, so quoting them is enough."""
    said = (" OR ".join(f'"{each.text}"{" *" if each.stem else ""}' for each in group) for group in words)
    return " AND ".join(f"({each})" for each in said)


def _tsquery(words: list[Group]) -> str:
    """As PostgreSQL is asked."""
    said = (" | ".join(f"'{each.text}'{':*' if each.stem else ''}" for each in group) for group in words)
    return " & ".join(f"({each})" for each in said)


def _records(session: Session, register: Register, ids: list[int]) -> list[Any]:
    """The records in the order in which they were found."""
    query = select(register.model).where(register.model.id.in_(ids))
    found = {each.id: each for each in session.scalars(query)}
    return [found[number] for number in ids]
