"""What the search knows of each record: its words (rules/search.py), kept in step by `admin_app.search`.

PostgreSQL keeps them as a tsvector under a GIN index. SQLite keeps them as text, and an FTS5 index beside it
that holds no text of its own.
"""

from typing import Any

from sqlalchemy import DDL, BigInteger, Integer, Text, event, literal_column
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from admin_app.models.base import Base

# The registers that are searched; the place of each is part of the ids below, so a new one goes to the end.
SEARCHED = (
    "case",
    "visit",
    "referral",
    "hand_over",
    "urging",
    "dossier",
    "typical_case",
    "find",
    "assessment",
    "publicity",
    "major_report",
    "meeting",
    "circular",
    "unit",
    "committee",
    "mediator",
    "expert",
    "award",
    "training",
)
BITS = 5  # of an entry's id that tell its register
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"  # a register's own, before each of its words

GIN = "CREATE INDEX search_gin ON search_entries USING gin (words)"
# How often the common words come: by that PostgreSQL chooses between this index and another.
STATISTICS = "ALTER TABLE search_entries ALTER COLUMN words SET STATISTICS 1000"
# ASCII words only, so that the plainest tokenizer will do; nothing asks for their places or columns.
FTS = (
    "CREATE VIRTUAL TABLE search_fts USING fts5(words, content='search_entries', content_rowid='id', "
    "detail='none', tokenize=\"ascii tokenchars '_'\")"
)


class SearchEntry(Base):
    """The words of one record, in no order, with blanks around each. Its id tells the record."""

    __tablename__ = "search_entries"

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False
    )
    words: Mapped[Any] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"), nullable=False)


def entry_id(word: str, record_id: Any) -> Any:
    """The id of a record's entry; in SQL too."""
    return record_id * (1 << BITS) + SEARCHED.index(word)


def record_id(entry: Any) -> Any:
    """SQL: the record of an entry's id."""
    return entry.op(">>")(literal_column(str(BITS)))


def letter(word: str) -> str:
    """What stands before every word of a register's records: each register has its own words."""
    return LETTERS[SEARCHED.index(word)]


def _on(dialect: str, when: str, statement: str) -> None:
    ddl = DDL(statement)  # type: ignore[no-untyped-call]
    event.listen(SearchEntry.__table__, when, ddl.execute_if(dialect=dialect))


_on("sqlite", "after_create", FTS)
_on("sqlite", "before_drop", "DROP TABLE search_fts")
for _statement in (GIN, STATISTICS):
    _on("postgresql", "after_create", _statement)
