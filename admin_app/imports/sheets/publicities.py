"""《普法宣传登记表》 ([C]), as a bureau's book of events."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from admin_app import policy
from admin_app.exports.ledgers.publicities import PUBLICITY_REGISTER
from admin_app.imports.sheet import Asking, Item, Sheet, Values, declare, items
from admin_app.models.fields import field_of
from admin_app.models.publicities import Publicity

ALSO = {
    "held_on": ("宣传日期", "宣传时间", "活动时间", "时间", "开始日期"),
    "until": ("结束日期", "截止日期"),
    "title": ("主题", "活动名称", "活动主题", "宣传内容"),
    "form": ("形式", "活动形式", "宣传方式"),
    "place": ("宣传地点", "活动地点"),
    "people": ("参加人数", "人数", "受教育人数", "受众", "参与人数", "人次"),
    "materials": ("发放资料", "发放宣传资料", "资料份数", "发放资料份数"),
    "answered": ("解答咨询", "咨询人数", "咨询人次", "解答法律咨询"),
    "speakers": ("主讲人", "参加人员", "宣讲人"),
    "committee_id": ("调委会", "承办单位", "主办单位"),
}


def _key(values: Values) -> Any:
    if "committee_id" not in values:
        return None
    return tuple(values.get(name) for name in ("held_on", "title", "committee_id"))


def _find(asking: Asking, rows: Sequence[Values]) -> list[Any]:
    """By day, title and committee."""
    days = {row["held_on"] for row in rows if row.get("held_on")}
    visible = policy.visible(Publicity, asking.actor, "publicity.import")
    known: dict[Any, list[Any]] = defaultdict(list)
    query = select(Publicity).where(Publicity.held_on.in_(days), visible, Publicity.removed_at.is_(None))
    for each in asking.session.scalars(query.order_by(Publicity.id)):
        known[each.held_on, each.title].append(each)
    found = []
    for row in rows:
        here = known.get((row.get("held_on"), row.get("title")), [])
        same = [each for each in here if row.get("committee_id") in (None, each.committee_id)]
        one = same[0] if len(same) == 1 else None
        if one is not None:
            here.remove(one)
        found.append(one)
    return found


PUBLICITIES = declare(
    Sheet(
        name="publicities",
        label="普法宣传登记表",
        word="publicity",
        items=items(
            PUBLICITY_REGISTER.columns,
            needed=("held_on", "title", "form", "place"),
            also=ALSO,
            read={"承办调委会": Item("committee_id", "承办调委会", field_of(Publicity, "committee_id"))},
        ),
        key=_key,
        find=_find,
        placed="committee_id",
        blank={"people": 0, "materials": 0, "answered": 0},
        note="按日期、主题和承办调委会认。没有写人数、份数的为 0。",
        examples=(
            {
                "held_on": "2025年12月4日",
                "title": "国家宪法日宣传",
                "form": "01",
                "place": "某某村文化礼堂",
                "people": 120,
                "materials": 200,
                "answered": 15,
                "speakers": "陈某某",
                "committee_id": "某某村人民调解委员会",
            },
        ),
    )
)
