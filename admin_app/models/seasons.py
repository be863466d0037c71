"""Seasons 评定批次 of grading and stars, their quotas, the standings reckoned for them (lifecycle.md 5)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from admin_app.models.base import Base, Kept, Located, Moment, Part, Path, fk, scope_indexes
from admin_app.models.fields import enum, field, link
from admin_app.models.registry import register
from admin_app.models.standards import Standard
from admin_app.models.steps import Passed
from admin_app.models.units import Unit
from admin_app.rules.dates import plausible_term
from admin_app.rules.findings import Finding
from admin_app.rules.seasons import SeasonState


def _locked(season: "Season") -> str | None:
    return f"批次{season.state.label}，不能再修改。" if season.state is SeasonState.ENDED else None


def _rules(season: "Season") -> list[Finding]:
    """Nothing is counted beyond the day by which people may apply."""
    if season.until and season.entries_until and season.until > season.entries_until:
        return [Finding("until", "数据截止日期不能晚于申报截止日期")]
    return []


@register(
    "season",
    "评定批次",
    "考评",
    order=("-id",),
    parts={"quotas": "名额"},
    locked=_locked,
    rules=_rules,
    making="新建",
)
class Season(Located, Kept, Base):
    """A round of grading, stars or honours: one standard, one organiser, one day up to which is counted."""

    __tablename__ = "seasons"
    __table_args__ = (*scope_indexes("seasons", "id"), Index("ix_seasons_standard", "standard_id"))

    name: Mapped[str] = field("批次名称", String(100), nullable=False, listed=True, queried=True, wide=True)
    standard_id: Mapped[int] = link(
        "评定标准", "standards.id", nullable=False, listed=True, queried=True, form="create"
    )
    unit_id: Mapped[int] = link(
        "组织单位", "units.id", nullable=False, listed=True, form="create", places=True
    )
    until: Mapped[date] = field(
        "数据截止日期",
        Date(),
        nullable=False,
        listed=True,
        checks=(plausible_term,),
        help="案件、培训等数字算到这一天（含当天）",
    )
    entries_until: Mapped[date] = field(
        "申报截止日期", Date(), nullable=False, listed=True, sortable=True, checks=(plausible_term,)
    )
    state: Mapped[SeasonState] = field(
        "状态",
        enum(SeasonState),
        nullable=False,
        default=SeasonState.PREPARING,
        listed=True,
        queried=True,
        form="never",
    )
    remark: Mapped[str | None] = field("备注", String(500), wide=True)
    reckoned_at: Mapped[datetime | None] = field("积分计算时间", Moment(), form="never")

    standard: Mapped[Standard] = relationship()
    quotas: Mapped[list["Quota"]] = relationship(
        back_populates="season", cascade="all, delete-orphan", order_by="Quota.id"
    )
    steps: Mapped[list["SeasonStep"]] = relationship(back_populates="season", order_by="SeasonStep.id")

    def __str__(self) -> str:
        return self.name


def _number(number: int) -> Finding | None:
    return None if 0 <= number <= 100_000 else Finding("", "名额应在 0 至 100000 之间")


class Quota(Part, Base):
    """How many of a unit, and of all below it, may be nominated; without a level, to all levels together."""

    __tablename__ = "season_quotas"
    owner = "season"

    season_id: Mapped[int] = fk("seasons.id")
    unit_id: Mapped[int] = link("单位", "units.id", nullable=False)
    level: Mapped[str | None] = field("等级", String(30), help="标准里的等级名称；不填就是各级合计")
    number: Mapped[int] = field("名额", Integer(), nullable=False, checks=(_number,))
    season: Mapped[Season] = relationship(back_populates="quotas")
    unit: Mapped[Unit] = relationship(lazy="raise_on_sql")

    def __str__(self) -> str:
        return f"{self.level or '各级合计'} {self.number} 名"


class Standing(Base):
    """Where a subject stands in a season's ranking: reckoned, rewritten whole, never edited."""

    __tablename__ = "standings"
    owner = "season"
    __table_args__ = (
        Index("ix_standings_season", "season_id", "rank", "points", "id"),
        Index("ix_standings_committee", "season_id", "committee_id"),
        Index("ix_standings_path", "season_id", "path", "rank", "points", "id"),
    )

    season_id: Mapped[int] = mapped_column(ForeignKey("seasons.id", ondelete="CASCADE"), nullable=False)
    mediator_id: Mapped[int | None] = mapped_column(ForeignKey("mediators.id"))
    committee_id: Mapped[int] = mapped_column(ForeignKey("committees.id"), nullable=False)
    path: Mapped[str] = mapped_column(Path, nullable=False)
    points: Mapped[Decimal] = mapped_column(Numeric(9, 2), nullable=False)
    rank: Mapped[int] = mapped_column(nullable=False)  # of the level reached; 0 for none
    place: Mapped[int] = mapped_column(nullable=False)
    verdicts: Mapped[list[Any]] = mapped_column(JSON, nullable=False)
    season: Mapped[Season] = relationship(lazy="raise_on_sql")


class SeasonStep(Passed, Base):
    """The row that a step of a season leaves."""

    __tablename__ = "season_steps"

    season_id: Mapped[int] = fk("seasons.id")
    source: Mapped[SeasonState] = mapped_column(enum(SeasonState), nullable=False)
    target: Mapped[SeasonState] = mapped_column(enum(SeasonState), nullable=False)
    season: Mapped[Season] = relationship(back_populates="steps")
