"""By which signs is warned of (M24; S0, S1, S2): sources name the signs, the numbers are ours."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.units import Unit
from admin_app.models.warning_rules import WarningRule
from admin_app.rules.tiers import Tier
from admin_app.rules.warnings import Severity, Sign
from seed.bulk import Row, add, fix_sequences

SOURCE = "三年行动计划（四）智能分析、科学研判、及时预警；数目和天数为参考值，请按本地情况改"
SINCE = date(2018, 11, 16)
RED, ORANGE, YELLOW, BLUE = Severity
_BLANK: Row = dict.fromkeys(("risk", "least", "days", "ratio", "months", "tier", "valid_until"))


def _rule(name: str, sign: Sign, severity: Severity, owner: Tier, handle_days: int, **asked: Any) -> Row:
    said = {"name": name, "sign": sign, "severity": severity, "owner": owner, "handle_days": handle_days}
    return _BLANK | said | asked


RULES = (
    _rule("可能自杀", Sign.RISK, RED, Tier.TOWNSHIP, 1, risk="2"),
    _rule("可能转为刑事案件", Sign.RISK, RED, Tier.TOWNSHIP, 1, risk="3"),
    _rule("可能群体械斗", Sign.RISK, RED, Tier.COUNTY, 1, risk="5"),
    _rule("可能集体上访", Sign.RISK, ORANGE, Tier.COUNTY, 2, risk="4"),
    _rule("涉及三十人以上", Sign.PEOPLE, RED, Tier.COUNTY, 1, least=30),
    _rule("涉及十人以上", Sign.PEOPLE, ORANGE, Tier.TOWNSHIP, 3, least=10),
    _rule("同一当事人半年三起", Sign.AGAIN, YELLOW, Tier.TOWNSHIP, 5, least=3, days=180),
    _rule("同一人三个月来访三次", Sign.VISITS, YELLOW, Tier.TOWNSHIP, 5, least=3, days=90),
    _rule(
        *("乡镇某类纠纷翻倍", Sign.KIND, YELLOW, Tier.TOWNSHIP, 5),
        months=6,
        least=5,
        ratio=Decimal(2),
        tier=Tier.TOWNSHIP,
    ),
    _rule(
        *("乡镇纠纷明显增多", Sign.PLACE, YELLOW, Tier.COUNTY, 5),
        months=6,
        least=10,
        ratio=Decimal("1.5"),
        tier=Tier.TOWNSHIP,
    ),
    _rule(
        *("村社区纠纷翻倍", Sign.PLACE, BLUE, Tier.TOWNSHIP, 7),
        months=6,
        least=5,
        ratio=Decimal(2),
        tier=Tier.VILLAGE,
    ),
)


def load_warning_rules(session: Session) -> int:
    """Put the rules at the topmost unit where there are none yet; a bureau's own stay its own."""
    top = session.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id)).first()
    if top is None or session.scalar(select(WarningRule.id).limit(1)) is not None:
        return 0
    common = {"unit_id": top.id, "path": top.path, "valid_from": SINCE, "remark": SOURCE}
    add(session, WarningRule, [{**common, **each} for each in RULES])
    fix_sequences(session)
    return len(RULES)
