"""Standards 标准 of grading, stars, honours and evaluation, as data (lifecycle.md 5; formats.md 4, 5.1)."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Boolean, ColumnElement, Date, Index, Integer, Numeric, String, Text, and_, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.models.base import Base, Kept, Located, Part, fk
from admin_app.models.fields import enum, field, link
from admin_app.models.registry import register
from admin_app.models.steps import Passed
from admin_app.rules import standard_checks as checks
from admin_app.rules import standards as rules
from admin_app.rules.dates import plausible_term
from admin_app.rules.findings import Finding
from admin_app.rules.measures import Measure, Subject
from admin_app.rules.standards import PanelRule, StandardKind, StandardState, Way
from admin_app.rules.tiers import Tier

FORCE = "版本和效力"
SCORING = "计分和评审"
MARKS = Numeric(8, 2)
LONGEST_MONTHS = 600


def _months(months: int) -> Finding | None:
    if 1 <= months <= LONGEST_MONTHS:
        return None
    return Finding("", f"请填 1 至 {LONGEST_MONTHS} 之间的月数，或者留空")


def _rank(rank: int) -> Finding | None:
    return None if 1 <= rank <= 20 else Finding("", "序位请填 1 至 20 之间的整数，1 是最低一级")


def _few(number: int) -> Finding | None:
    return None if number <= 60 else Finding("", "请填 0 至 60 之间的整数")


def _rules(standard: "Standard") -> list[Finding]:
    levels, items = standard.ladder(), standard.judged_by()
    found = checks.findings(
        standard.kind,
        standard.subject,
        levels,
        items,
        base=standard.base or rules.ZERO,
        full=standard.full,
    )
    return [
        *found,
        *checks.day_findings(standard.valid_from, standard.valid_until),
        *checks.gaps(standard.kind, levels, items, grave=False),
    ]


def _locked(standard: "Standard") -> str | None:
    if standard.state is StandardState.DRAFT:
        return None
    return f"标准{standard.state.label}，不能再修改；要改就“另存为新版本”，改好再发布。"


@register(
    "standard",
    "评定标准",
    "考评",
    order=("-id",),
    parts={"levels": "等级（等次）", "items": "评分项目"},
    rules=_rules,
    locked=_locked,
    making="新建",
)
class Standard(Located, Kept, Base):
    """A standard holds in the unit that published it and below, from the day it names on."""

    __tablename__ = "standards"
    __table_args__ = (Index("ix_standards_path", "path"),)

    name: Mapped[str] = field("标准名称", String(100), nullable=False, listed=True, queried=True, wide=True)
    kind: Mapped[StandardKind] = field(
        "用途", enum(StandardKind), nullable=False, listed=True, queried=True, form="create"
    )
    subject: Mapped[Subject] = field(
        "评定对象", enum(Subject), nullable=False, listed=True, queried=True, form="create"
    )
    unit_id: Mapped[int] = link(
        "发布单位",
        "units.id",
        nullable=False,
        listed=True,
        form="create",
        places=True,
        help="在这个单位和它下面的单位适用",
    )
    basis: Mapped[str | None] = field(
        "依据", Text(), wide=True, help="依据哪份文件、哪一条；自己定的数写明“参考”"
    )
    remark: Mapped[str | None] = field("说明", Text(), wide=True)

    edition: Mapped[int] = field(
        "第几版", Integer(), nullable=False, default=1, listed=True, form="never", section=FORCE
    )
    copied_from_id: Mapped[int | None] = link("由哪一版另存", "standards.id", form="never", section=FORCE)
    state: Mapped[StandardState] = field(
        "状态",
        enum(StandardState),
        nullable=False,
        default=StandardState.DRAFT,
        listed=True,
        queried=True,
        form="never",
        section=FORCE,
    )
    valid_from: Mapped[date | None] = field(
        "生效日期", Date(), listed=True, section=FORCE, checks=(plausible_term,), help="发布时要填"
    )
    valid_until: Mapped[date | None] = field(
        "停用日期", Date(), section=FORCE, checks=(plausible_term,), help="不填就一直有效"
    )

    months: Mapped[int | None] = field(
        "统计最近几个月的数字",
        Integer(),
        section=SCORING,
        checks=(_months,),
        help="例如两年填 24；不填就从头累计",
    )
    base: Mapped[Decimal] = field(
        "基本分",
        MARKS,
        nullable=False,
        required=False,
        default=rules.ZERO,
        section=SCORING,
        help="从几分起算：扣分制一般填 100，加分制填 0",
    )
    full: Mapped[Decimal | None] = field("满分", MARKS, section=SCORING, help="不填就不封顶")
    panel_least: Mapped[int] = field(
        "评委最少几人",
        Integer(),
        nullable=False,
        required=False,
        default=0,
        section=SCORING,
        checks=(_few,),
        help="不需要评委打分就填 0",
    )
    panel_rule: Mapped[PanelRule] = field(
        "评委分怎样合成",
        enum(PanelRule),
        nullable=False,
        required=False,
        default=PanelRule.AVERAGE,
        section=SCORING,
    )
    notice_days: Mapped[int] = field(
        "公示几个工作日",
        Integer(),
        nullable=False,
        required=False,
        default=5,
        section=SCORING,
        checks=(_few,),
    )
    valid_months: Mapped[int | None] = field(
        "评定结果有效几个月",
        Integer(),
        section=SCORING,
        checks=(_months,),
        help="例如两年填 24；不填就一直有效",
    )
    self_apply: Mapped[bool | None] = field("本人（本调委会）可以自荐", Boolean(), section=SCORING)

    copied_from: Mapped["Standard | None"] = relationship(remote_side="Standard.id", lazy="raise_on_sql")
    levels: Mapped[list["StandardLevel"]] = relationship(
        back_populates="standard", cascade="all, delete-orphan", order_by="StandardLevel.id"
    )
    items: Mapped[list["StandardItem"]] = relationship(
        back_populates="standard",
        cascade="all, delete-orphan",
        order_by="(StandardItem.position, StandardItem.id)",
    )
    steps: Mapped[list["StandardStep"]] = relationship(back_populates="standard", order_by="StandardStep.id")

    @classmethod
    def in_force(cls, day: date) -> ColumnElement[bool]:
        """SQL: published, and in force on a day."""
        return and_(
            cls.state == StandardState.PUBLISHED,
            cls.valid_from <= day,
            or_(cls.valid_until.is_(None), cls.valid_until >= day),
        )

    def is_in_force(self, day: date) -> bool:
        """The same question asked of one standard in memory."""
        begun = self.valid_from is not None and self.valid_from <= day
        over = self.valid_until is not None and self.valid_until < day
        return self.state is StandardState.PUBLISHED and begun and not over

    def ladder(self) -> list[rules.Level]:
        """The levels, as rules read them."""
        return [rules.Level(each.name, each.rank, each.least_score) for each in self.levels]

    def judged_by(self) -> list[rules.Item]:
        """The items, as rules read them."""
        return [each.rule() for each in self.items]

    def __str__(self) -> str:
        return self.name if self.edition == 1 else f"{self.name}（第 {self.edition} 版）"


class StandardLevel(Part, Base):
    """One level to be reached: who decides it, from which score on, and what it is worth."""

    __tablename__ = "standard_levels"
    owner = "standard"

    standard_id: Mapped[int] = fk("standards.id")
    name: Mapped[str] = field("名称", String(30), nullable=False, help="例如：四级、五星、优秀")
    rank: Mapped[int] = field("序位", Integer(), nullable=False, checks=(_rank,), help="1 是最低一级")
    decider: Mapped[Tier | None] = field("由哪一级审定", enum(Tier))
    least_score: Mapped[Decimal | None] = field("最低得分", MARKS)
    coefficient: Mapped[Decimal | None] = field("补贴系数", Numeric(5, 2), help="不填按 1")
    note: Mapped[str | None] = field("说明", String(200))
    standard: Mapped[Standard] = relationship(back_populates="levels")

    def __str__(self) -> str:
        return self.name


class StandardItem(Part, Base):
    """One item: which measure is asked, in which way, and what it gives or takes."""

    __tablename__ = "standard_items"
    owner = "standard"

    standard_id: Mapped[int] = fk("standards.id")
    position: Mapped[int | None] = field("顺序", Integer(), help="不填就排在最后")
    label: Mapped[str] = field("项目", String(100), nullable=False)
    measure: Mapped[Measure] = field("指标", enum(Measure), nullable=False)
    way: Mapped[Way] = field("怎样评", enum(Way), nullable=False)
    threshold: Mapped[Decimal | None] = field("要求值", MARKS)
    points: Mapped[Decimal | None] = field("分值", MARKS)
    cap: Mapped[Decimal | None] = field("最多加（扣）几分", MARKS)
    level: Mapped[int | None] = field(
        "用于等级", Integer(), help="条件只对某一级要求时，填那一级的序位；都要求就留空"
    )
    note: Mapped[str | None] = field("说明", String(200))
    standard: Mapped[Standard] = relationship(back_populates="items")

    def rule(self) -> rules.Item:
        """As rules read it."""
        return rules.Item(
            id=self.id or 0,
            label=self.label,
            measure=self.measure,
            way=self.way,
            threshold=self.threshold,
            points=self.points or rules.ZERO,
            cap=self.cap,
            level=self.level,
        )

    def __str__(self) -> str:
        return self.label


class StandardStep(Passed, Base):
    """The row that a step of a standard leaves."""

    __tablename__ = "standard_steps"

    standard_id: Mapped[int] = fk("standards.id")
    source: Mapped[StandardState] = mapped_column(enum(StandardState), nullable=False)
    target: Mapped[StandardState] = mapped_column(enum(StandardState), nullable=False)
    standard: Mapped[Standard] = relationship(back_populates="steps")
