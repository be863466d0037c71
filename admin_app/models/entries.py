"""The entries of the search as each database writes them: by the hundred, and only those that differ."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from admin_app.models.search import SearchEntry

_BIND: dict[str, Any] = {"bind_arguments": {"mapper": SearchEntry}}


def keep(session: Session, texts: Mapping[int, str]) -> None:
    """Each of these entries has these words, with blanks around each; without any there is no entry."""
    if session.get_bind(SearchEntry).dialect.name == "sqlite":
        _keep_beside(session, texts)
        return
    gone = [each for each, text in texts.items() if not text]
    if gone:
        session.execute(delete(SearchEntry).where(SearchEntry.id.in_(gone)), **_BIND)
    rows = [{"id": each, "words": text} for each, text in texts.items() if text]
    if rows:
        statement = insert(SearchEntry.__table__)  # type: ignore[arg-type]
        words = statement.excluded.words
        session.execute(
            statement.on_conflict_do_update(
                index_elements=[SearchEntry.id], set_={"words": words}, where=SearchEntry.words != words
            ),
            rows,
            **_BIND,
        )


def _keep_beside(session: Session, texts: Mapping[int, str]) -> None:
    """SQLite's index must be told what a changed entry said before. A trigger could tell it, three times as

    slowly: each statement with one ends in a little index of its own.
    """
    query = select(SearchEntry.id, SearchEntry.words).where(SearchEntry.id.in_(texts))
    old: dict[int, str] = dict(session.execute(query).all())
    changed = [each for each, words in old.items() if words != texts[each]]
    fresh = [(each, text) for each, text in texts.items() if text and text != old.get(each)]
    connection = session.connection(**_BIND)
    forget = "INSERT INTO search_fts(search_fts, rowid, words) VALUES ('delete', ?, ?)"
    _each(connection, forget, [(each, old[each]) for each in changed])
    _each(connection, "DELETE FROM search_entries WHERE id = ?", [(each,) for each in changed])
    _each(connection, "INSERT INTO search_entries (id, words) VALUES (?, ?)", fresh)
    _each(connection, "INSERT INTO search_fts(rowid, words) VALUES (?, ?)", fresh)


def _each(connection: Connection, statement: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        connection.exec_driver_sql(statement, rows)


def clear(session: Session) -> None:
    """No entry is left."""
    connection = session.connection(**_BIND)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_fts(search_fts) VALUES ('delete-all')")
    session.execute(delete(SearchEntry), **_BIND)
