"""Jobs 后台任务: work that takes longer than a page may, done by the worker in the name of whoever asked."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from admin_app.models.base import Base, Moment
from admin_app.models.fields import enum
from admin_app.models.users import User
from admin_app.rules.jobs import Phase


class Job(Base):
    """One piece of work. The row is the truth; the queue only rings for the worker to look here.

    `attempt` counts how often it was taken; only the newest attempt may write. `stop`: somebody asked to
    cancel. `posts` tells as what the asker acted, so that the file is not given to who has moved on.
    """

    __tablename__ = "jobs"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False)
    kind: Mapped[str] = mapped_column(String(20), nullable=False)
    label: Mapped[str] = mapped_column(String(200), nullable=False)
    given: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    phase: Mapped[Phase] = mapped_column(enum(Phase), nullable=False, default=Phase.WAITING)
    stop: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)
    attempt: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    done: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    total: Mapped[int | None] = mapped_column(Integer)
    asked_at: Mapped[datetime] = mapped_column(Moment, nullable=False)
    started_at: Mapped[datetime | None] = mapped_column(Moment)  # of the newest attempt
    heartbeat_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    words: Mapped[str] = mapped_column(String(300), nullable=False, default="")
    posts: Mapped[str] = mapped_column(String(64), nullable=False, default="")
    file: Mapped[str | None] = mapped_column(String(64))  # its hash in the store of results
    file_name: Mapped[str] = mapped_column(String(150), nullable=False, default="")
    mime: Mapped[str] = mapped_column(String(100), nullable=False, default="")
    keep_until: Mapped[date | None] = mapped_column(Date)
    user: Mapped[User] = relationship()

    def __str__(self) -> str:
        return self.label


Index("ix_jobs_user", Job.user_id, Job.id)
Index("ix_jobs_phase", Job.phase, Job.id)
Index(
    "ix_jobs_file", Job.keep_until, sqlite_where=Job.file.is_not(None), postgresql_where=Job.file.is_not(None)
)
