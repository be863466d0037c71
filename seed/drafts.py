"""A made-up case before it is rows: what it is like, who holds it, which numbers its steps take."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from admin_app.rules.numbers import Series
from seed.bulk import Row
from seed.committees import Room
from seed.disputes import Story
from seed.lives import COMMON, GRAVE, KNOTTY, SIMPLE, Life, Mark, Traits
from seed.numbers import Tally
from seed.parties import Cast
from seed.places import Place

_SOURCE_OF_HOST = {"08": "3", "09": "4", "10": "5", "11": "6", "12": "7"}  # SYS197 → SYS267
_SERIES = {
    "accept": Series.CASE,
    "settle": Series.AGREEMENT,
    "archive": Series.DOSSIER,
    "hand_over": Series.LETTER,
    "urge": Series.URGING,
}


@dataclass
class Draft:
    """A case before it is a row. `origin` registered it, `room` holds it now."""

    id: int
    origin: Room
    room: Room
    registered_on: date
    story: Story
    traits: Traits
    life: Life
    cast: Cast
    spot: Place
    amount: int
    row: Row = field(default_factory=dict)
    staff: list[int] = field(default_factory=list)  # the mediators of whoever holds it

    def holder(self, mark: Mark) -> Room:
        """Who held it at a step."""
        return self.room if mark.arrived else self.origin

    @property
    def title(self) -> str:
        """What notices call it."""
        return f"案件 {self.row['number'] or self.cast.names + '（未受理）'}"

    def words(self) -> Callable[[str], str]:
        """Fills a sentence of the story with who, where, when and how much."""
        happened = self.registered_on - timedelta(days=self.id % 6)
        facts = {
            "a": self.cast.applicant,
            "b": self.cast.respondent,
            "place": self.spot.short if self.spot is self.room.place else self.spot.full,
            "day": f"{happened.year}年{happened.month}月{happened.day}日",
            "amount": str(self.amount),
        }
        return lambda sentence: sentence.format_map(facts)


def traits(chance: Random, case_id: int, room: Room, story: Story, amount: int) -> Traits:
    """What a case is like; its difficulty (SYS112) by the sum at stake and the nature of the dispute."""
    difficulty = COMMON
    if amount >= 100_000:
        difficulty = GRAVE
    elif case_id % 29 == 0:
        difficulty = KNOTTY
    elif amount < 5_000 and story.kind not in ("8", "15", "16"):
        difficulty = SIMPLE
    return Traits(
        source=_SOURCE_OF_HOST.get(room.trade or "") or chance.choice("1111122225567"),
        risk=chance.choices("123456", (960, 6, 14, 10, 4, 6))[0],
        difficulty=difficulty,
        oral=difficulty == SIMPLE and chance.random() < 0.55,
        superior=room.place.parent is not None,
    )


def number_drafts(drafts: list[Draft], tally: Tally) -> None:
    """`（2026）湖头村人调字第0001号`: per unit and year in the order of the steps that take a number."""
    marks = ((mark, draft) for draft in drafts for mark in draft.life.marks)
    for mark, draft in sorted(marks, key=lambda each: (each[0].at, each[1].id)):
        place = draft.holder(mark).place
        series = _SERIES.get(mark.name)
        if series is Series.URGING:
            assert place.parent is not None
            place = place.parent
        if series is not None:
            mark.number = tally.take(series, place.id, mark.day)
