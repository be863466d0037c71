"""How often is screened by S1: villages every week, townships every month, counties every quarter."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.cadences import Cadence
from admin_app.models.units import Unit
from admin_app.rules.cadences import Every
from admin_app.rules.tiers import Tier
from seed.bulk import add, fix_sequences

SOURCE = "金华市坚持发展“枫桥经验”实现矛盾不上交三年行动计划（三）；报告天数为建议值"
SINCE = date(2018, 11, 16)  # the day on which the plan was published
# 周一上报司法所 (formats.md 3.2); for the others no source names a day.
_EVERY = ((Tier.VILLAGE, Every.WEEK, 1), (Tier.TOWNSHIP, Every.MONTH, 5), (Tier.COUNTY, Every.QUARTER, 10))


def load_cadences(session: Session) -> int:
    """Put the cadences at the topmost unit where there are none yet; a bureau's own stay its own."""
    top = session.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id)).first()
    if top is None or session.scalar(select(Cadence.id).limit(1)) is not None:
        return 0
    common = {"unit_id": top.id, "path": top.path, "valid_from": SINCE, "remark": SOURCE}
    rows = [{**common, "tier": tier, "every": every, "due_days": days} for tier, every, days in _EVERY]
    add(session, Cadence, rows)
    fix_sequences(session)
    return len(rows)
