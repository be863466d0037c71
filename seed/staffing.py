"""The targets of Jinhua's three-year plan 2018–2020, word by word (S1 三(一)(二))."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.staffing_targets import StaffingTarget
from admin_app.models.units import Unit
from admin_app.rules.staffing import BRAND_STUDIO, TRADE, TRADE_STUDIO, Aim
from admin_app.rules.tiers import Tier
from seed.bulk import Row, add, fix_sequences

PLAN = "金华市坚持发展“枫桥经验”实现矛盾不上交三年行动计划（2018—2020年）："
THREE_YEARS = 2020  # 通过三年努力


def _target(
    aim: Aim, number: int, year: int, said: str, kind: str | None = None, tier: Tier | None = None
) -> Row:
    return {
        "aim": aim,
        "number": number,
        "year": year,
        "kind": kind,
        "tier": tier,
        "least": 1,
        "until_year": None,
        "basis": f"{PLAN}“{said}”",
    }


_STUDIO = "人民调解工作室配备1名以上专职人民调解员"
TARGETS: tuple[Row, ...] = (
    _target(Aim.STUDIOS, 3, 2018, "每个县（市、区）培育个人品牌调解工作室3个以上", tier=Tier.COUNTY),
    _target(Aim.STUDIOS, 10, 2019, "每个县（市、区）培育10个以上", tier=Tier.COUNTY),
    _target(Aim.STUDIOS, 1, 2020, "到2020年底，每个乡镇（街道）至少培育1个以上", tier=Tier.TOWNSHIP),
    _target(Aim.ALL, 1000, THREE_YEARS, "全市专职人民调解员总数达到1000名以上"),
    _target(Aim.PURCHASED, 300, THREE_YEARS, "其中政府购买服务300名"),
    _target(
        Aim.EACH_COMMITTEE,
        3,
        THREE_YEARS,
        "每个行业性、专业性人民调解委员会配备3名以上专职人民调解员",
        kind=TRADE,
    ),
    _target(Aim.EACH_COMMITTEE, 1, THREE_YEARS, _STUDIO, kind=BRAND_STUDIO),
    _target(Aim.EACH_COMMITTEE, 1, THREE_YEARS, _STUDIO, kind=TRADE_STUDIO),
    _target(Aim.EACH_UNIT, 2, THREE_YEARS, "每个乡镇（街道）配备2名以上专职人民调解员", tier=Tier.TOWNSHIP),
    _target(Aim.SHARE, 30, THREE_YEARS, "30%以上的村（社区）配备1名以上专职人民调解员", tier=Tier.VILLAGE),
)


def load_targets(session: Session) -> int:
    """Put the targets at the topmost unit where there are none yet; a bureau's own stay its own."""
    top = session.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id)).first()
    if top is None or session.scalar(select(StaffingTarget.id).limit(1)) is not None:
        return 0
    add(session, StaffingTarget, [{"unit_id": top.id, "path": top.path, **each} for each in TARGETS])
    fix_sequences(session)
    return len(TARGETS)
