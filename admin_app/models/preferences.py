"""What each user likes remembered: the columns of a list."""

from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from admin_app.models.base import Base, fk


class Preference(Base):
    """One remembered choice of one user."""

    __tablename__ = "preferences"
    __table_args__ = (Index("uq_preferences", "user_id", "name", unique=True),)

    user_id: Mapped[int] = fk("users.id")
    name: Mapped[str] = mapped_column(String(60), nullable=False)
    value: Mapped[Any] = mapped_column(JSON, nullable=False)
