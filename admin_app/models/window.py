"""Who has knocked at the public window 群众窗口: kept for a day, to tell a crowd from one computer."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from admin_app.models.base import Base, Moment
from admin_app.models.fields import enum
from admin_app.rules.window import Knock


class WindowKnock(Base):
    """One application, question or wrong answer. With a `puzzle` it has used one up: none is taken twice."""

    __tablename__ = "window_knocks"

    at: Mapped[datetime] = mapped_column(Moment, nullable=False)
    origin: Mapped[str] = mapped_column(String(64), nullable=False)
    knock: Mapped[Knock] = mapped_column(enum(Knock), nullable=False)
    puzzle: Mapped[str | None] = mapped_column(String(100))


Index("ix_window_knocks_origin", WindowKnock.origin, WindowKnock.knock, WindowKnock.at)
Index("ix_window_knocks_at", WindowKnock.at)
Index("uq_window_knocks_puzzle", WindowKnock.puzzle, unique=True)
