"""环比 and 同比 in words: how a number has grown since the period before, or since the year before.

A number that was 0 is not divided by: it has begun from 0 由 0 起. Shares differ by points 个百分点.
"""

from decimal import ROUND_HALF_UP, Decimal

from admin_app.rules.figure_checks import Rate, growth, percent
from admin_app.rules.figures import Number, Numbers

SAME = "持平"
FROM_NOTHING = "由 0 起"
NOTHING = "—"  # nothing to compare with


def grown(now: Number, before: Number | None) -> str:
    """增长 3.5%, 下降 15.5%, 持平, 由 0 起; — where nothing is known of before."""
    if before is None:
        return NOTHING
    if now == before:
        return SAME
    share = growth(now, before)
    if share is None:
        return FROM_NOTHING
    return f"{'增长' if share > 0 else '下降'} {percent(abs(share))}"


def moved(now: Decimal | None, before: Decimal | None) -> str:
    """上升 0.5 个百分点, 下降, 持平; — where one of the two is a share of nothing."""
    if now is None or before is None:
        return NOTHING
    points = (100 * (now - before)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if not points:
        return SAME
    return f"{'上升' if points > 0 else '下降'} {abs(points)} 个百分点"


def figure_grown(name: str, now: Numbers, before: Numbers | None) -> str:
    """How one of the figures has grown."""
    return grown(now[name], None if before is None else before[name])


def rate_moved(rate: Rate, now: Numbers, before: Numbers | None) -> str:
    """By how many points a rate has moved."""
    return moved(rate.of(now), None if before is None else rate.of(before))
