"""《等级、星级和荣誉台账》 and the ranking of a season (no sample found: [N]; formats.md 4)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Line, asked_of, column, ordinal, said
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.awards import AwardApplication
from admin_app.models.committees import Committee
from admin_app.models.mediators import Mediator
from admin_app.models.seasons import Season, Standing
from admin_app.models.standards import Standard, StandardLevel

COLUMNS = (
    ordinal(),
    said(AwardApplication, "kind", 9, centred=True),
    said(AwardApplication, "whom", 14),
    column("committee", "所属调委会", 24),
    column("standard", "评定标准", 28),
    said(AwardApplication, "level", 9, centred=True),
    said(AwardApplication, "applied_on", 10.2),
    said(AwardApplication, "score", 8),
    said(AwardApplication, "notice_until", 10.2),
    said(AwardApplication, "state", 8, centred=True),
    said(AwardApplication, "granted_on", 10.2),
    said(AwardApplication, "number", 20),
    said(AwardApplication, "valid_until", 10.2),
    said(AwardApplication, "filed_on", 10.2),
    said(AwardApplication, "revoke_reason", 14),
)
_FACTS = (
    *asked_of(AwardApplication, COLUMNS),
    *(AwardApplication.id, Committee.name.label("committee"), Standard.name.label("standard")),
)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these applications: one query."""
    query = (
        select(*_FACTS)
        .join(Committee, Committee.id == AwardApplication.committee_id)
        .join(Standard, Standard.id == AwardApplication.standard_id)
        .where(AwardApplication.id.in_(ids))
    )
    return {row.id: {**row._mapping, "day": row.applied_on} for row in session.execute(query)}


AWARD_REGISTER = declare(
    Ledger(
        name="award-register",
        label="等级、星级和荣誉台账",
        word="award",
        source=Records(
            load=load,
            period=AwardApplication.applied_on,
            order=(AwardApplication.kind, AwardApplication.applied_on, AwardApplication.id),
        ),
        layout=Layout(columns=COLUMNS, reference=True, counted="份"),
        note="等级评定、星级评定和荣誉评选的申报和结果；先在列表里按类别筛选，就是单独的一本。"
        "未见公开的官方样式，栏目为参考格式。",
    )
)

RANKING = (
    ordinal(),
    column("season", "评定批次", 24),
    column("place", "名次", 6, kind="integer"),
    column("whom", "姓名（名称）", 14),
    column("committee", "所属调委会", 26),
    column("points", "积分", 9, kind="money"),
    column("level", "够得上的等级", 12, centred=True),
    column("scored", "各项得分", 36),
    column("short", "还差什么", 52),
)


def standings(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of a ranking: one query."""
    query = (
        select(
            Standing,
            Season.name.label("season"),
            Committee.name.label("committee"),
            Mediator.name.label("mediator"),
            StandardLevel.name.label("level"),
        )
        .join(Season, Season.id == Standing.season_id)
        .join(Committee, Committee.id == Standing.committee_id)
        .outerjoin(Mediator, Mediator.id == Standing.mediator_id)
        .outerjoin(
            StandardLevel,
            (StandardLevel.standard_id == Season.standard_id) & (StandardLevel.rank == Standing.rank),
        )
        .where(Standing.id.in_(ids))
    )
    return {
        row.Standing.id: {
            "season": row.season,
            "place": row.Standing.place,
            "whom": row.mediator or row.committee,
            "committee": row.committee,
            "points": row.Standing.points,
            "level": row.level or "",
            "scored": "；".join(
                f"{each[0]} {each[4]}" for each in row.Standing.verdicts if each[4] is not None
            ),
            "short": "；".join(
                f"{each[0]}：{each[3] or each[1]}" for each in row.Standing.verdicts if each[2] is False
            ),
        }
        for row in session.execute(query)
    }


SEASON_RANKING = declare(
    Ledger(
        name="season-ranking",
        label="评定批次积分排名表",
        word="season",
        source=Records(
            load=standings,
            order=(Standing.season_id, Standing.place, Standing.id),
            part=Standing,
        ),
        layout=Layout(columns=RANKING, reference=True, counted="名"),
        note="最近一次计算的积分和名次；先在列表里筛选一个批次。未见公开的官方样式，栏目为参考格式。",
    )
)
