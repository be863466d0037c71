"""《培训台账》 as a book of a year's plan; who was there comes by the list of each training (M08)."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from admin_app import policy
from admin_app.exports.ledgers.trainings import TRAINING_REGISTER
from admin_app.imports.sheet import Asking, Item, Sheet, Values, asked, declare, items
from admin_app.models.fields import field_of
from admin_app.models.trainings import Training
from admin_app.operations import trainings

ALSO = {
    "year": ("年度", "年份"),
    "issue": ("期数", "第几期"),
    "title": ("培训名称", "培训班", "培训班名称", "班次"),
    "kind": ("类别", "培训种类"),
    "level": ("层级", "培训级别", "级别"),
    "way": ("方式", "培训形式"),
    "unit_id": ("举办单位", "组织单位"),
    "held_from": ("培训开始日期", "开班日期", "培训时间", "时间"),
    "held_until": ("培训结束日期", "结业日期"),
    "place": ("培训地点",),
    "teachers": ("教师", "授课教师", "主讲人"),
    "hours": ("培训学时", "课时"),
    "capacity": ("人数", "计划参训人数"),
    "content": ("内容", "课程"),
}
_KEY = ("title", "issue", "year", "unit_id")


def _key(values: Values) -> Any:
    return tuple(values.get(name) for name in _KEY)


def _find(asking: Asking, rows: Sequence[Values]) -> list[Any]:
    """By title, issue and year; the organiser decides where the line names one."""
    titles = {row["title"] for row in rows if row.get("title")}
    visible = policy.visible(Training, asking.actor, "training.import")
    known: dict[Any, list[Training]] = defaultdict(list)
    query = select(Training).where(Training.title.in_(titles), visible, Training.removed_at.is_(None))
    for each in asking.session.scalars(query):
        known[each.title, each.issue, each.year].append(each)
    return [_one(row, known[row.get("title"), row.get("issue"), row.get("year")]) for row in rows]


def _one(row: Values, same: list[Training]) -> Training | None:
    same = [each for each in same if row.get("unit_id") in (None, each.unit_id)]
    return same[0] if len(same) == 1 else None


def _alike(asking: Asking, rows: Sequence[Values]) -> list[str]:
    """New trainings of a year that has one of the same title: another issue, or another organiser."""
    titles = {row["title"] for row in rows if row.get("title")}
    visible = policy.visible(Training, asking.actor, "training.import")
    query = select(Training).where(Training.title.in_(titles), visible, Training.removed_at.is_(None))
    known = {(each.title, each.year): each for each in asking.session.scalars(query.order_by(Training.id))}
    same = [known.get((row.get("title") or "", row.get("year") or 0)) for row in rows]
    return [f"可能重复：{each.year}年已有同名的培训“{each}”" if each else "" for each in same]


def _enters(asking: Asking, training: Training, words: str) -> None:
    """Its clock begins, as when somebody registers it."""
    trainings.planned(asking.session, training)


TRAININGS = declare(
    Sheet(
        name="trainings",
        label="培训台账",
        word="training",
        items=items(
            TRAINING_REGISTER.columns,
            *asked(Training, "content", "planned_days"),
            needed=("year", "title", "kind", "level", "hours"),
            also=ALSO,
            told=("状态",),
            read={"主办单位": Item("unit_id", "主办单位", field_of(Training, "unit_id"))},
        ),
        key=_key,
        find=_find,
        alike=_alike,
        enters=_enters,
        placed="unit_id",
        note="按名称、期次、年度和主办单位认。新的一律登记为“计划中”；谁到了，在培训班里导入名单或签到。",
        examples=(
            {
                "year": 2026,
                "issue": "第一期",
                "title": "人民调解员年度培训",
                "kind": "02",
                "level": "3",
                "unit_id": "某某区",
                "held_from": "2026年3月5日",
                "held_until": "2026年3月6日",
                "place": "区司法局三楼会议室",
                "teachers": "陈某某",
                "hours": 12,
            },
        ),
    )
)
