"""Follow-ups 回访 (F10; M19; 人民调解法 31)."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Date, String, Text
from sqlalchemy.orm import Mapped, relationship

from admin_app.models.base import Base, Part, fk
from admin_app.models.fields import code, field
from admin_app.rules.dates import plausible

if TYPE_CHECKING:
    from admin_app.models.cases import Case


class FollowUp(Part, Base):
    """One visit after the agreement: is it fulfilled, are the parties content, does it flare up again."""

    __tablename__ = "follow_ups"
    owner = "case"

    case_id: Mapped[int] = fk("cases.id")
    visited_on: Mapped[date] = field("回访日期", Date(), nullable=False, from_today=True, checks=(plausible,))
    visited: Mapped[str] = field("回访对象", String(100), nullable=False, help="见了哪一方当事人")
    place: Mapped[str | None] = field("回访地点", String(200), help="上门、电话也写在这里")
    fulfilment: Mapped[str] = code("履行情况", "fulfilment", nullable=False)
    satisfied: Mapped[str] = code("是否满意", "satisfaction", nullable=False)
    situation: Mapped[str] = field("回访情况", Text(), nullable=False, wide=True)
    visitor: Mapped[str | None] = field("回访人", String(50))
    case: Mapped["Case"] = relationship(back_populates="follow_ups")

    def __str__(self) -> str:
        return f"{self.visited_on:%Y-%m-%d} {self.visited}"
