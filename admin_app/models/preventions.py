"""Prevented outcomes 防止激化: the four pairs of the statistics sheet (formats.md 2.1, AQ–AX)."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Date, Integer, Text
from sqlalchemy.orm import Mapped, relationship

from admin_app.models.base import Base, Part, fk
from admin_app.models.fields import code, field
from admin_app.rules.dates import plausible
from admin_app.rules.findings import Finding

if TYPE_CHECKING:
    from admin_app.models.cases import Case


def _somebody(people: int) -> Finding | None:
    return None if people >= 1 else Finding("", "涉及人数至少为 1")


class Prevention(Part, Base):
    """One thing that mediation kept from happening: of which kind, to how many people."""

    __tablename__ = "preventions"
    owner = "case"

    case_id: Mapped[int] = fk("cases.id")
    kind: Mapped[str] = code("防止了什么", "prevention_kind", nullable=False)
    prevented_on: Mapped[date] = field("日期", Date(), nullable=False, from_today=True, checks=(plausible,))
    people: Mapped[int] = field("涉及人数", Integer(), nullable=False, checks=(_somebody,))
    situation: Mapped[str] = field("经过", Text(), nullable=False, wide=True)
    case: Mapped["Case"] = relationship(back_populates="preventions")

    def __str__(self) -> str:
        return f"{self.prevented_on:%Y-%m-%d}"
