"""The history 修改记录: every change, step, sign-in, unmasking and download, chained against tampering."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from admin_app.models.base import Base, Moment, Path


class Entry(Base):
    """One line of the history.

    `changes` is {"fields": [{"field": name, "old": raw, "new": raw}, …]}, in the order of the changes. A
    change of a line of the record names it too: "part" (parties), "line" (its id), "name" (its title).

    `digest` covers this line and the digest of the line before it, so that a line altered or taken out
    is noticed when the chain is verified. `place` is the line's number in the chain.
    """

    __tablename__ = "history"

    place: Mapped[int] = mapped_column(Integer, unique=True, nullable=False)
    at: Mapped[datetime] = mapped_column(Moment, nullable=False)
    actor_id: Mapped[int | None] = mapped_column(Integer)
    actor_name: Mapped[str] = mapped_column(String(50), nullable=False)
    action: Mapped[str] = mapped_column(String(20), nullable=False)
    register: Mapped[str] = mapped_column(String(20), default="", nullable=False)
    record_id: Mapped[int | None] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(300), default="", nullable=False)
    path: Mapped[str] = mapped_column(Path, default="", nullable=False)
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, nullable=False)
    note: Mapped[str] = mapped_column(Text, default="", nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)


Index("ix_history_record", Entry.register, Entry.record_id, Entry.id)
Index("ix_history_actor", Entry.actor_id, Entry.id)
Index("ix_history_action", Entry.action, Entry.id)
Index("ix_history_register", Entry.register, Entry.at)
