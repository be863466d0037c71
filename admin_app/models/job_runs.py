"""Runs of jobs 后台任务: until which day a job that goes by days has been done, and how it went last."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from admin_app.models.base import Base, Moment


class JobRun(Base):
    """One row for each job. The row is the lock behind which its days are done."""

    __tablename__ = "job_runs"
    __table_args__ = (Index("uq_job_runs_job", "job", unique=True),)

    job: Mapped[str] = mapped_column(String(20), nullable=False)
    day: Mapped[date | None] = mapped_column(Date)  # the last day that is done
    at: Mapped[datetime | None] = mapped_column(Moment)
    words: Mapped[str] = mapped_column(String(300), default="", nullable=False)
    failed: Mapped[bool] = mapped_column(Boolean, default=False, nullable=False)
