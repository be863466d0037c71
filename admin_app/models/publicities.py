"""Publicity 普法宣传: what was told whom, where, how many came (M26; S0 宣传教育, S4)."""

from datetime import date

from sqlalchemy import Date, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, relationship

from admin_app.models.base import Base, Kept, Located, scope_indexes
from admin_app.models.committees import Committee
from admin_app.models.fields import code, field, link
from admin_app.models.registry import register
from admin_app.rules.dates import plausible
from admin_app.rules.findings import Finding
from admin_app.rules.search import Sought


def _count(number: int) -> Finding | None:
    return None if 0 <= number < 10**8 else Finding("", "请填 0 以上的整数")


def _rules(publicity: "Publicity") -> list[Finding]:
    if publicity.until and publicity.held_on and publicity.until < publicity.held_on:
        return [Finding("until", "结束日期不能早于开始日期")]
    return []


@register("publicity", "普法宣传", "排查预防", order=("-held_on", "-id"), rules=_rules)
class Publicity(Located, Kept, Base):
    """One event, or one campaign of some days."""

    __tablename__ = "publicities"
    dated = "held_on"
    __table_args__ = (
        *scope_indexes("publicities", "held_on", "id"),
        Index("ix_publicities_committee", "committee_id", "held_on", "id"),
    )

    title: Mapped[str] = field(
        "宣传主题", String(100), nullable=False, listed=True, queried=True, wide=True, sought=Sought.TITLE
    )
    held_on: Mapped[date] = field(
        "日期",
        Date(),
        nullable=False,
        listed=True,
        queried=True,
        sortable=True,
        from_today=True,
        checks=(plausible,),
    )
    until: Mapped[date | None] = field("到哪天止", Date(), checks=(plausible,), help="一天的不用填")
    committee_id: Mapped[int] = link(
        "承办调委会",
        "committees.id",
        nullable=False,
        listed=True,
        queried=True,
        form="create",
        places=True,
    )
    form: Mapped[str] = code("宣传形式", "publicity_form", nullable=False, listed=True, queried=True)
    place: Mapped[str] = field("地点", String(100), nullable=False, listed=True, help="线上的写哪个平台")
    people: Mapped[int] = field(
        "受众人数",
        Integer(),
        nullable=False,
        default=0,
        listed=True,
        sortable=True,
        checks=(_count,),
        help="到场的人次；线上的填阅读、观看人次",
    )
    materials: Mapped[int] = field(
        "发放资料（份）", Integer(), nullable=False, default=0, listed=True, checks=(_count,)
    )
    answered: Mapped[int] = field("解答咨询（人次）", Integer(), nullable=False, default=0, checks=(_count,))
    speakers: Mapped[str | None] = field("主讲人、参加人员", String(200), wide=True)
    content: Mapped[str | None] = field("内容", Text(), wide=True, help="讲了什么、发了什么资料")
    remark: Mapped[str | None] = field("备注", String(500), wide=True)
    unit_id: Mapped[int] = link("所属单位", "units.id", nullable=False, form="never")

    committee: Mapped[Committee] = relationship(lazy="raise_on_sql")

    def __str__(self) -> str:
        return self.title
