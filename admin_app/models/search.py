"""What the search knows of each record: its words (rules/search.py), kept in step by `admin_app.search`.

PostgreSQL keeps them as a tsvector under a GIN index. SQLite keeps them as text, and an FTS5 index beside it
that triggers keep in step: it holds no text of its own.
"""

from typing import Any

from sqlalchemy import DDL, Index, Integer, String, Text, event
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from admin_app.models.base import Base

GIN = "CREATE INDEX search_gin ON search_entries USING gin (words)"
# ASCII words only, so that the plainest tokenizer will do; nothing asks for their places or columns.
FTS = (
    "CREATE VIRTUAL TABLE search_fts USING fts5(words, content='search_entries', content_rowid='id', "
    "detail='none', tokenize=\"ascii tokenchars '_'\")",
    "CREATE TRIGGER search_added AFTER INSERT ON search_entries BEGIN "
    "INSERT INTO search_fts(rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER search_dropped AFTER DELETE ON search_entries BEGIN "
    "INSERT INTO search_fts(search_fts, rowid, words) VALUES ('delete', old.id, old.words); END",
    "CREATE TRIGGER search_changed AFTER UPDATE ON search_entries BEGIN "
    "INSERT INTO search_fts(search_fts, rowid, words) VALUES ('delete', old.id, old.words); "
    "INSERT INTO search_fts(rowid, words) VALUES (new.id, new.words); END",
)


class SearchEntry(Base):
    """The words of one record, in no order, with blanks between them."""

    __tablename__ = "search_entries"

    register: Mapped[str] = mapped_column(String(20), nullable=False)
    record_id: Mapped[int] = mapped_column(Integer, nullable=False)
    words: Mapped[Any] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"), nullable=False)


Index("uq_search_entries_record", SearchEntry.register, SearchEntry.record_id, unique=True)


def _on(dialect: str, when: str, statement: str) -> None:
    ddl = DDL(statement)  # type: ignore[no-untyped-call]
    event.listen(SearchEntry.__table__, when, ddl.execute_if(dialect=dialect))


for _statement in FTS:
    _on("sqlite", "after_create", _statement)
_on("sqlite", "before_drop", "DROP TABLE search_fts")
_on("postgresql", "after_create", GIN)
