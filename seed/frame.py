"""What every part of the demo shares: chance and the day, the book of rows, the people, the clocks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from admin_app import history
from admin_app.models.base import Base
from admin_app.models.deadlines import Deadline
from admin_app.models.lookbacks import Lookback
from admin_app.models.notices import Notice
from admin_app.operations.lateness import BLAMED
from admin_app.rules.choices import Choice
from admin_app.rules.deadlines import DeadlineKind, reproach, warning
from admin_app.rules.lookbacks import Fault
from admin_app.rules.notices import NoticeKind
from admin_app.rules.steps import Step
from admin_app.rules.tiers import Tier
from admin_app.rules.working_days import WorkingDays
from seed.bulk import Book, Row
from seed.committees import Room
from seed.experts import Adviser
from seed.lives import china_day, moment
from seed.numbers import Tally
from seed.places import Place
from seed.users import Desk

_FINDINGS = (
    "已核查，承办人按程序办理，不予追究。",
    "已核查，属工作拖延，对承办人予以批评教育。",
    None,
    None,
)
WARN_DAYS = 3  # rules.parameters: warned so many days before
_TOLD = timedelta(days=25)  # older news are left out
_UNREAD = timedelta(days=5)
Taken = tuple[str, datetime | None, int | None, Row]  # a step: name, when, by whom, with which facts


@dataclass(frozen=True)
class Whose:
    """Who must act: a unit, or a committee of it."""

    unit_id: int
    path: str
    committee_id: int | None = None
    people: tuple[int, ...] = ()
    mediators: tuple[int, ...] = ()


@dataclass
class Frame:
    """The demo on its way."""

    chance: Random
    today: date
    book: Book
    tally: Tally
    working: WorkingDays
    desk: Desk
    advisers: list[Adviser]
    places: list[Place]
    names: dict[int, str]  # of the mediators
    _children: dict[int, list[Place]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place in self.places:
            if place.parent is not None:
                self._children.setdefault(place.parent.id, []).append(place)

    def neighbour(self, place: Place) -> Place:
        """Another unit of a case's township's kind, who is asked to join: one of the demo's people if any."""
        town = place.above(Tier.TOWNSHIP) if place.tier is Tier.VILLAGE else place
        others = [each for each in self._children[(town.parent or town).id] if each is not town]
        return self.chance.choice([each for each in others if self.desk.at(each.id)] or others)

    def adviser(self, place: Place) -> Adviser:
        """An expert of the county's pool or of the city's; in the demo's own county the one who signs in."""
        near = [each for each in self.advisers if place.path.startswith(each.place.path)]
        return self.chance.choice([each for each in near if each.id in self.desk.experts] or near)

    def past(self, day: date) -> datetime | None:
        """Some time in the afternoon of a day, if the day has come."""
        if day >= self.today:
            return None
        return moment(day) + timedelta(minutes=self.chance.randint(300, 540))

    def holds(self, room: Room, mediators: Iterable[int] = ()) -> Whose:
        """A committee must act: its director and the mediators of the case, otherwise its unit's centre."""
        mediators = tuple(mediators)
        people = self.desk.of_room(room.id, mediators) or self.desk.at(room.place.id)
        return Whose(room.place.id, room.place.path, room.id, people, mediators)

    def at(self, place: Place, committee_id: int | None = None) -> Whose:
        """A unit must act."""
        return Whose(place.id, place.path, committee_id, self.desk.at(place.id))

    def clock(
        self,
        kind: DeadlineKind,
        word: str,
        record: tuple[int, str],
        case_id: int,
        whose: Whose,
        due_on: date,
        opened_at: datetime,
        done_at: datetime | None,
    ) -> None:
        """A deadline with the marks that the daily job has left, and what it told of it."""
        end = china_day(done_at) if done_at else self.today
        warned_on = max(due_on - timedelta(days=WARN_DAYS), china_day(opened_at))
        late_on = due_on + timedelta(days=1)
        row = {
            "kind": kind,
            "word": word,
            "record_id": record[0],
            "case_id": case_id,
            "unit_id": whose.unit_id,
            "path": whose.path,
            "committee_id": whose.committee_id,
            "due_on": due_on,
            "opened_at": opened_at,
            "warned_on": warned_on if warned_on <= end else None,
            "late_on": late_on if late_on <= end else None,
            "urged_on": None,
            "done_at": done_at,
        }
        opening = f"late:{self.book.note(Deadline, row)}:{opened_at.astimezone(UTC):%Y%m%d%H%M%S%f}"
        if row["late_on"] and kind in BLAMED and whose.committee_id:
            words = f"{kind.label}期限 {due_on:%Y-%m-%d}，到期没有办。"
            self.blame(Fault.LATE, case_id, whose, late_on, words, opening)
        if done_at is None:
            key = f"{word}:{record[0]}:{kind}:{due_on}"
            if row["warned_on"]:
                words = f"{record[1]}：{warning(kind, due_on, warned_on)}"
                self._tell(whose, moment(warned_on), NoticeKind.WARN, words, word, record[0], f"warn:{key}")
            if row["late_on"]:
                words = f"{record[1]}：{reproach(kind, due_on, late_on)}"
                self._tell(whose, moment(late_on), NoticeKind.LATE, words, word, record[0], f"late:{key}")

    def blame(
        self, fault: Fault, case_id: int, whose: Whose, day: date, words: str, key: str | None = None
    ) -> None:
        """Look-back evidence on each mediator; on the committee alone where there is none (M21)."""
        for mediator_id in whose.mediators or (None,):
            old = (self.today - day).days > 60
            self.book.note(
                Lookback,
                {
                    "fault": fault,
                    "case_id": case_id,
                    "happened_on": day,
                    "explanation": words,
                    "finding": self.chance.choice(_FINDINGS) if old else None,
                    "committee_id": whose.committee_id,
                    "mediator_id": mediator_id,
                    "unit_id": whose.unit_id,
                    "path": whose.path,
                    "key": f"{key}:{mediator_id or 0}" if key else None,
                    "created_at": moment(day),
                },
            )

    def passed(
        self, model: type[Base], owner: Row, steps: Mapping[str, Step[Any]], state: Choice, taken: list[Taken]
    ) -> None:
        """The rows that steps leave, each checked against its table; the first without a time ends them."""
        for name, at, actor_id, facts in taken:
            if at is None:
                return
            step = steps[name]
            step.check(state)
            target = step.to or state
            row = {"at": at, "actor_id": actor_id, "name": name, "source": state, "target": target}
            self.book.note(model, {**owner, **row, "note": "", "facts": raw(facts)})
            state = target

    def news(self, people: Iterable[int], at: datetime | None, words: str, word: str, record_id: int) -> None:
        """Those who can sign in are told what happened."""
        if at is not None:
            whose = Whose(0, "", None, tuple(people))
            self._tell(whose, at, NoticeKind.INFO, words, word, record_id, None)

    def _tell(
        self,
        whose: Whose,
        at: datetime,
        kind: NoticeKind,
        words: str,
        word: str,
        record_id: int,
        key: str | None,
    ) -> None:
        evening = moment(self.today)
        if at < evening - _TOLD:
            return
        for user_id in whose.people:
            self.book.note(
                Notice,
                {
                    "user_id": user_id,
                    "at": at,
                    "kind": kind,
                    "words": words[:300],
                    "word": word,
                    "record_id": record_id,
                    "read_at": at + timedelta(hours=3) if at < evening - _UNREAD else None,
                    "key": key,
                },
            )


def raw(facts: Row) -> Row:
    """Facts as a step keeps them."""
    return {name: history.raw(value) for name, value in facts.items()}
