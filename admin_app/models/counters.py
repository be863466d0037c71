"""Counters: the last number given in each series, for each unit and year."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from admin_app.models.base import Base
from admin_app.models.fields import enum
from admin_app.rules.numbers import Series


class Counter(Base):
    """Where one run of numbers stands. Its row is the lock behind which the next number is taken."""

    __tablename__ = "counters"
    __table_args__ = (Index("uq_counters_run", "series", "unit_id", "year", unique=True),)

    series: Mapped[Series] = mapped_column(enum(Series), nullable=False)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), nullable=False)
    year: Mapped[int] = mapped_column(nullable=False)
    last: Mapped[int] = mapped_column(nullable=False)
