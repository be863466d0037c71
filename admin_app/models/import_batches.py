"""Imports 导入: each batch with what it made and changed, and the words that people have explained."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from admin_app.models.base import Base, Moment, Path
from admin_app.models.fields import enum
from admin_app.rules.choices import Choice


class BatchState(Choice):
    """Where an import stands."""

    LOOKED_AT = "looked_at", "待确认"
    DONE = "done", "已导入"
    UNDONE = "undone", "已撤销"


class ImportBatch(Base):
    """One file that somebody brought in: looked at first, then imported as a whole, perhaps undone.

    `asked` is what was chosen with it ({"update": bool, "placed": id}); `seen` is what the preview showed
    (counts, first lines, words unknown), with personal data masked.
    """

    __tablename__ = "import_batches"

    sheet: Mapped[str] = mapped_column(String(30), nullable=False)
    standing: Mapped[BatchState] = mapped_column(
        enum(BatchState), default=BatchState.LOOKED_AT, nullable=False
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), nullable=False)
    file_name: Mapped[str] = mapped_column(String(200), nullable=False)
    sha256: Mapped[str] = mapped_column(String(64), nullable=False)
    asked: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, nullable=False)
    seen: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, nullable=False)
    at: Mapped[datetime] = mapped_column(Moment, nullable=False)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
    made: Mapped[int] = mapped_column(Integer, default=0, nullable=False)
    changed: Mapped[int] = mapped_column(Integer, default=0, nullable=False)
    words: Mapped[str] = mapped_column(Text, default="", nullable=False)

    def __str__(self) -> str:
        return f"第 {self.id} 批"


class ImportedRow(Base):
    """A record that a batch made or changed, and its version afterwards: whoever changed it since is seen."""

    __tablename__ = "imported_rows"

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id", ondelete="CASCADE"), nullable=False)
    register: Mapped[str] = mapped_column(String(20), nullable=False)
    record_id: Mapped[int] = mapped_column(Integer, nullable=False)
    made: Mapped[bool] = mapped_column(Boolean, nullable=False)
    version: Mapped[int] = mapped_column(Integer, nullable=False)


class ImportWord(Base):
    """What a word of a code table means in the books of a unit and those below: 医患 is 医疗纠纷."""

    __tablename__ = "import_words"

    path: Mapped[str] = mapped_column(Path, nullable=False)
    table: Mapped[str] = mapped_column(String(30), nullable=False)
    word: Mapped[str] = mapped_column(String(100), nullable=False)
    code: Mapped[str] = mapped_column(String(20), nullable=False)


Index("ix_import_batches_user", ImportBatch.user_id, ImportBatch.id)
Index("ix_imported_rows_batch", ImportedRow.batch_id, ImportedRow.id)
Index("uq_import_words", ImportWord.path, ImportWord.table, ImportWord.word, unique=True)
