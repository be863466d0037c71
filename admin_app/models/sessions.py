"""Records of mediation sessions 人民调解记录 (F07; 人民调解法 27)."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Date, String, Text
from sqlalchemy.orm import Mapped, relationship

from admin_app.models.base import Base, Part, fk
from admin_app.models.fields import code, field
from admin_app.rules.dates import plausible

if TYPE_CHECKING:
    from admin_app.models.cases import Case


class CaseSession(Part, Base):
    """One session, or one inquiry 调查 (F06): when, where, who was there, what was said, how it ended."""

    __tablename__ = "case_sessions"
    owner = "case"

    case_id: Mapped[int] = fk("cases.id")
    kind: Mapped[str] = code("记录种类", "session_kind", nullable=False, default="01")
    held_on: Mapped[date] = field("日期", Date(), nullable=False, from_today=True, checks=(plausible,))
    place: Mapped[str] = field("地点", String(200), nullable=False)
    present: Mapped[str | None] = field(
        "参加人", String(300), help="请来帮忙的人；当事人、调解员和记录人不用写"
    )
    asked: Mapped[str | None] = field("被调查人", String(100), help="调查记录才填")
    record: Mapped[str] = field("记录", Text(), nullable=False, wide=True)
    result: Mapped[str | None] = code("调解结果", "mediation_result")
    recorder: Mapped[str | None] = field("记录人", String(50))
    case: Mapped["Case"] = relationship(back_populates="sessions")

    def __str__(self) -> str:
        return f"{self.held_on:%Y-%m-%d} {self.place}"
