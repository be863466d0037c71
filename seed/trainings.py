"""Trainings of the demo: three years of classes with lists, so that some have their hours and some do not."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy.orm import Session

from admin_app.models.deadlines import Deadline
from admin_app.models.trainings import Attendance, Training
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.mediators import ON_ROSTER
from admin_app.rules.tiers import PATH_WIDTH, Tier
from admin_app.rules.trainings import PRESENT, Mark, TrainingState
from seed.bulk import Row, add, next_id
from seed.lives import moment
from seed.mediators import Post
from seed.places import Place

YEARS = 3
_DAYS = 3  # until the list must be told, as the parameter says
_TOWNSHIP_SHARE = 3  # every third township keeps its own list of a class: the others go to the county's
_SPRING, _AUTUMN, _TOWN = (3, 18), (9, 9), (5, 20)
_HOURS = {_SPRING: Decimal(12), _AUTUMN: Decimal(8), _TOWN: Decimal(4)}
_TITLES = {_SPRING: "人民调解员业务培训班", _AUTUMN: "人民调解员法律知识轮训班", _TOWN: "人民调解案例研讨班"}
_TEACHERS = ("区法院民庭法官", "市调解协会讲师", "区司法局基层科", "律师事务所律师")
_MARKS = (Mark.CAME,) * 14 + (Mark.LATE, Mark.EXCUSED, Mark.ABSENT)


def load_trainings(
    session: Session, chance: Random, today: date, places: list[Place], posts: list[Post]
) -> None:
    """Two county classes a year, one of some townships, one to come, one that nobody has told of yet."""
    serving: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        if post.status in ON_ROSTER:
            serving[post.room.place.path[: PATH_WIDTH[Tier.COUNTY]]].append(post)
    number = next_id(session, Training)
    trainings: list[Row] = []
    lists: list[Row] = []
    for place, day, months in _classes(places, today):
        row = _training(number, place, day, months, today, chance)
        people = serving[place.path[: PATH_WIDTH[Tier.COUNTY]]]
        people = [each for each in people if each.room.place.path.startswith(place.path)]
        lists += _list(row, people, chance, months)
        trainings.append(row)
        number += 1
    trainings.append(_cancelled(trainings[0], number))
    add(session, Training, trainings)
    add(session, Attendance, lists)
    add(session, Deadline, [_late(row, today) for row in trainings if _waits(row, today)])


def _classes(places: list[Place], today: date) -> Iterator[tuple[Place, date, tuple[int, int]]]:
    counties = [each for each in places if each.tier is Tier.COUNTY]
    towns = [each for each in places if each.tier is Tier.TOWNSHIP][::_TOWNSHIP_SHARE]
    for year in range(today.year - YEARS + 1, today.year + 1):
        for months, hosts in ((_SPRING, counties), (_AUTUMN, counties), (_TOWN, towns)):
            for host in hosts:
                yield host, date(year, *months), months
    for host in counties:
        yield host, today - timedelta(days=5), _TOWN  # its list is still to be told
        yield host, today + timedelta(days=20), _SPRING


def _training(
    number: int, place: Place, day: date, months: tuple[int, int], today: date, chance: Random
) -> Row:
    held = day < today - timedelta(days=10)
    hours = _HOURS[months]
    return {
        "id": number,
        "title": f"{place.short}{_TITLES[months]}",
        "issue": None,
        "year": day.year,
        "kind": "03" if months == _AUTUMN and chance.random() < 0.2 else "02",
        "level": "4" if place.tier is Tier.TOWNSHIP else "3",
        "way": "01",
        "unit_id": place.id,
        "path": place.path,
        "hours": hours,
        "capacity": 120 if months == _TOWN else 600,
        "planned_days": Decimal(1) if hours <= 8 else Decimal(2),
        "content": "人民调解法、调解技巧、文书制作、典型案例。",
        "held_from": day,
        "held_until": day + timedelta(days=0 if hours <= 8 else 1),
        "place": f"{place.short}会议中心",
        "teachers": chance.choice(_TEACHERS),
        "state": TrainingState.HELD if held else TrainingState.PLANNED,
        "cancel_reason": None,
    }


def _list(row: Row, people: list[Post], chance: Random, months: tuple[int, int]) -> Iterator[Row]:
    """The spring class takes half of the people, the autumn class the others and some of the same."""
    share = {_SPRING: 0.55, _AUTUMN: 0.5, _TOWN: 0.8}[months]
    for post in people:
        if chance.random() > share:
            continue
        mark = chance.choice(_MARKS) if row["state"] is TrainingState.HELD else Mark.EXPECTED
        yield {
            "training_id": row["id"],
            "mediator_id": post.id,
            "mark": mark,
            "hours": row["hours"],
            "present": mark in PRESENT,
        }


def _cancelled(like: Row, number: int) -> Row:
    """One class that did not come about."""
    facts = {"state": TrainingState.CANCELLED, "cancel_reason": "与防汛工作冲突，改在下半年举办"}
    return {**like, "id": number, "issue": "第二期", **facts}


def _waits(row: Row, today: date) -> bool:
    return row["state"] is TrainingState.PLANNED and row["held_until"] < today


def _late(row: Row, today: date) -> Row:
    """Its list should have been told by now: the daily job has warned of it and marked it."""
    due_on = row["held_until"] + timedelta(days=_DAYS)
    return {
        "kind": DeadlineKind.TRAIN,
        "word": "training",
        "record_id": row["id"],
        "unit_id": row["unit_id"],
        "path": row["path"],
        "due_on": due_on,
        "opened_at": moment(row["held_until"]),
        "warned_on": row["held_until"],
        "late_on": today,
    }
