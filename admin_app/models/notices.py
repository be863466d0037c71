"""Notices 通知: what the house has to tell one person, until it is read (lifecycle.md 6)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from admin_app.models.base import Base, Moment
from admin_app.models.fields import enum
from admin_app.rules.notices import NoticeKind


class Notice(Base):
    """One sentence for one user, and the record it is about. With a `key` it is never told twice."""

    __tablename__ = "notices"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False)
    at: Mapped[datetime] = mapped_column(Moment, nullable=False)
    kind: Mapped[NoticeKind] = mapped_column(enum(NoticeKind), nullable=False)
    words: Mapped[str] = mapped_column(String(300), nullable=False)
    word: Mapped[str] = mapped_column(String(20), default="", nullable=False)
    record_id: Mapped[int | None] = mapped_column(Integer)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    key: Mapped[str | None] = mapped_column(String(100))


Index("ix_notices_user", Notice.user_id, Notice.id)
Index("ix_notices_unread", Notice.user_id, Notice.read_at, Notice.id)
Index("uq_notices_key", Notice.user_id, Notice.key, unique=True)
