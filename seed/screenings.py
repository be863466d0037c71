"""A quarter of screening of the demo: the county and the first township at home with its villages.

Reports, finds, some late, some missing. The rest of the city begins when the daily job first runs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.cadences import KeyPeriod, cadences, key_times
from admin_app.models.cases import Case
from admin_app.models.finds import Find, FindStep
from admin_app.models.screenings import Screening, ScreeningStep
from admin_app.rules.cadences import Duty, duties
from admin_app.rules.cadences import Place as Owing
from admin_app.rules.cases import NO_RISK, OWN_INITIATIVE
from admin_app.rules.finds import FindState
from admin_app.rules.screenings import Found, ScreeningState
from admin_app.rules.tiers import Tier
from seed.bulk import Book, Row, add
from seed.cadences import load_cadences
from seed.committees import Room
from seed.disputes import story
from seed.lives import moment
from seed.names import People
from seed.places import Place
from seed.users import Desk, Stand

WEEKS = 13
MISSING, LATE, SOMETHING = 0.05, 0.1, 0.12
DUE, REPORTED, REVIEWED = ScreeningState
_OF_THE_PLACE = ("01", "02", "03", "04")
_BLANK: Row = dict.fromkeys(
    ("involved", "phone", "measures", "resolve_by", "way", "outcome", "resolved_on", "case_id")
)


@dataclass(frozen=True)
class Round:
    """What the tasks of the demo are made of."""

    chance: Random
    today: date
    book: Book
    desk: Desk
    people: People
    places: dict[int, Place]
    rooms: dict[int, Room]
    home: Stand

    def names(self) -> str:
        return "、".join(self.people.person().name for _ in range(2))


def load_screenings(
    session: Session, today: date, home: Stand, desk: Desk, places: list[Place], rooms: list[Room]
) -> None:
    """Cadences for the whole city, tasks at home."""
    load_cadences(session)
    chance, book = Random(f"screening {today}"), Book(session)
    near = [each for each in places if each in (home.county, home.town) or each.parent is home.town]
    own = {room.place.id: room for room in reversed(rooms) if room.kind in _OF_THE_PLACE}
    round_ = Round(chance, today, book, desk, People(chance, today), {p.id: p for p in near}, own, home)
    add(session, KeyPeriod, [_feast(home, today)])
    owing = [Owing(each.id, each.path, each.tier) for each in near]
    seen: set[Any] = set()
    for day in (today - timedelta(days=ahead) for ahead in range(7 * WEEKS, -1, -1)):
        for duty in duties(day, owing, cadences(session), key_times(session, day)):
            if duty.key not in seen:
                seen.add(duty.key)
                _note(round_, duty)
    _became(session, round_)
    book.write()


def _feast(home: Stand, today: date) -> Row:
    """Three days some weeks ago on which the township's villages reported daily."""
    since = today - timedelta(days=50)
    town = {"unit_id": home.town.id, "path": home.town.path}
    return town | {
        "name": "庙会期间",
        "since": since,
        "until": since + timedelta(days=2),
        "tier": Tier.VILLAGE,
        "due_days": 0,
        "remark": "重点时段每日零报告",
    }


def _note(round_: Round, duty: Duty) -> None:
    """A task, with what became of it by today."""
    place, room = round_.places[duty.unit_id], round_.rooms.get(duty.unit_id)
    state, reported_on = _fate(round_, duty, place)
    something = state is not DUE and round_.chance.random() < SOMETHING
    task = {
        "unit_id": place.id,
        "path": place.path,
        "committee_id": room.id if room else None,
        "every": duty.every,
        "since": duty.since,
        "until": duty.until,
        "due_on": duty.due_on,
        "key_period_id": duty.key_period_id,
        "state": state,
        "found": (Found.SOMETHING if something else Found.NOTHING) if state is not DUE else None,
        "reported_on": reported_on,
        "screened_on": min(duty.until, reported_on) if reported_on else None,
        "screeners": _who(room) if reported_on else None,
        "opinion": "已核实" if state is REVIEWED and something else None,
    }
    number = round_.book.note(Screening, task)
    if reported_on is None:
        return
    name = "report" if something else "zero"
    rows = [(name, DUE, REPORTED, reported_on, _reporter(round_, room, place))]
    if state is REVIEWED:
        upper = place.parent.id if place.parent else place.id
        reviewed_on = min(reported_on + timedelta(days=1), round_.today)
        rows.append(("review", REPORTED, REVIEWED, reviewed_on, round_.desk.offices.get(upper)))
    for step, source, target, day, actor in rows:
        told = {"name": step, "source": source, "target": target, "at": moment(day), "actor_id": actor}
        round_.book.note(ScreeningStep, told | {"screening_id": number, "note": "", "facts": {}})
    if something:
        _find(round_, task, number)


def _fate(round_: Round, duty: Duty, place: Place) -> tuple[ScreeningState, date | None]:
    """The running period is still owed, the last one partly not reviewed; long ago a few were forgotten."""
    chance, today = round_.chance, round_.today
    if duty.until >= today:
        return DUE, None
    late = chance.random() < LATE
    reported_on = duty.due_on + timedelta(days=chance.randint(1, 3)) if late else duty.due_on
    forgotten = chance.random() < MISSING and place.id != round_.home.room.place.id
    if forgotten or reported_on > today:
        return DUE, None
    young = (today - duty.until).days <= 9
    return (REPORTED if young and chance.random() < 0.6 else REVIEWED), reported_on


def _who(room: Room | None) -> str:
    return room.members[0][1].name if room and room.members else "值班干部"


def _reporter(round_: Round, room: Room | None, place: Place) -> int | None:
    return round_.desk.directors.get(room.id) if room else round_.desk.offices.get(place.id)


def _find(round_: Round, task: Row, number: int) -> None:
    """What was found, settled on the spot as often as not."""
    chance, found_on = round_.chance, task["screened_on"]
    tale, words = story(chance), round_.names()
    first, second = words.split("、")
    old = (round_.today - found_on).days
    state = FindState.RESOLVED if old > 21 else chance.choice((FindState.OPEN, FindState.WATCHED))
    place = round_.places[task["unit_id"]].short
    day = f"{found_on.month}月{found_on.day}日"
    settled = state is FindState.RESOLVED
    spoken = {"a": first, "b": second, "place": place, "day": day, "amount": "2000"}
    row = (
        _BLANK
        | {name: task[name] for name in ("unit_id", "path", "committee_id")}
        | {
            "screening_id": number,
            "found_on": found_on,
            "kind": tale.kind,
            "persons": words,
            "people": chance.choice((2, 2, 3, 4, 6, 12)),
            "place": place,
            "risk": chance.choice((NO_RISK, NO_RISK, NO_RISK, "4")),
            "story": tale.brief.format_map(spoken),
            "responsible": task["screeners"],
            "phone": round_.people.phone(),
            "measures": "上门走访，分头听取双方意见，约定时间再谈。",
            "resolve_by": found_on + timedelta(days=30),
            "state": state,
            "way": "当面劝解" if settled else None,
            "outcome": "双方互相谅解，矛盾已经化解。" if settled else None,
            "resolved_on": found_on + timedelta(days=chance.randint(0, 9)) if settled else None,
        }
    )
    find_id = round_.book.note(Find, row)
    for name, day_ in _steps_of(row):
        told: Row = {"name": name, "source": FindState.OPEN, "target": state, "at": moment(day_)}
        round_.book.note(FindStep, told | {"find_id": find_id, "actor_id": None, "note": "", "facts": {}})


def _became(session: Session, round_: Round) -> None:
    """Two cases that the home committee took up of its own accord began as finds."""
    room = round_.home.room
    own = select(Case).where(Case.committee_id == room.id, Case.source == OWN_INITIATIVE)
    for case in session.scalars(own.order_by(Case.registered_on.desc()).limit(2)):
        row = {
            "unit_id": room.place.id,
            "path": room.place.path,
            "committee_id": room.id,
            "screening_id": None,
            "found_on": case.registered_on,
            "kind": case.kind,
            "persons": case.names[:200],
            "people": case.people or 2,
            "place": room.place.short,
            "risk": NO_RISK,
            "story": case.brief,
            "responsible": _who(room),
            "state": FindState.CASE,
            "case_id": case.id,
        }
        find_id = round_.book.note(Find, _BLANK | row)
        told: Row = {"name": "convert", "source": FindState.OPEN, "target": FindState.CASE}
        told |= {"at": moment(case.registered_on), "note": "", "facts": {}}
        actor = round_.desk.directors.get(room.id)
        round_.book.note(FindStep, told | {"find_id": find_id, "actor_id": actor})


def _steps_of(row: Row) -> Iterator[tuple[str, date]]:
    if row["state"] is FindState.RESOLVED:
        yield "resolve", row["resolved_on"]
    elif row["state"] is FindState.WATCHED:
        yield "watch", row["found_on"]
