"""How a made-up case lives: the steps of `rules.cases`, a few days apart, as far as the calendar has come."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from admin_app.rules.cases import STEP, Stage
from admin_app.rules.dates import SHANGHAI, local
from admin_app.rules.referrals import UNDER_WAY, ReferralState
from seed.bulk import Row

LETTERED = ("3", "4", "5", "6", "7")  # SYS267: court, procuratorate, police, petition office, others
SIMPLE, COMMON, GRAVE, KNOTTY = "1", "2", "3", "4"  # SYS112
NORMAL = "1"  # SYS105
# Table confirmation: nobody applies, both have applied, the court has confirmed.
NOT_APPLIED, APPLIED, CONFIRMED = "01", "02", "03"
_BACK = {ReferralState.RETURNED: "send_back", ReferralState.WITHDRAWN: "withdraw"}


@dataclass
class Mark:
    """A step taken. `arrived` tells whether the case had moved by then; `facts` go with the step alone.

    `actor_id` is set where another life leads the step, and knows who took it.
    """

    name: str
    at: datetime
    source: Stage
    target: Stage
    arrived: bool
    facts: Row = field(default_factory=dict)
    note: str = ""
    number: str | None = None
    actor_id: int | None = None

    @property
    def day(self) -> date:
        """The day in China."""
        return china_day(self.at)


@dataclass(frozen=True)
class Traits:
    """What a case is like; some of what happens to it follows."""

    source: str
    risk: str
    difficulty: str
    oral: bool
    superior: bool  # whether there is somebody above to ask after it

    @property
    def hard(self) -> bool:
        return self.difficulty in (GRAVE, KNOTTY)


class Life:
    """The steps so far, and the stage they led to."""

    def __init__(self, chance: Random, registered_on: date, today: date) -> None:
        self.stage = Stage.REGISTERED
        self.marks: list[Mark] = []
        self.at = moment(registered_on)
        self.arrived = False
        self.over = False
        self._chance = chance
        self._today = today
        self._came_from = Stage.REGISTERED

    def take(self, name: str, days: int = 0, **facts: Any) -> None:
        """Take a step some days on; once a day lies ahead, nothing more happens."""
        day = china_day(self.at) + timedelta(days=days)
        if self.over or day >= self._today:
            self.over = True
            return
        at = (moment(day) if days else self.at) + timedelta(
            minutes=self._chance.randint(5, 480 if days else 25)
        )
        step = STEP[name]
        step.check(self.stage)
        target = self._came_from if step.back else step.to or self.stage
        self.arrived = self.arrived or name == "receive"
        self.marks.append(Mark(name, at, self.stage, target, self.arrived, facts))
        if target is not self.stage:
            self._came_from, self.stage = self.stage, target
        self.at = at

    def last(self, *names: str) -> Mark | None:
        """The last of such steps."""
        return next((mark for mark in reversed(self.marks) if mark.name in names), None)

    def has(self, name: str) -> bool:
        return any(mark.name == name for mark in self.marks)


def moment(day: date) -> datetime:
    """Half past eight in the morning of a day in China."""
    return datetime.combine(day, time(8, 30), SHANGHAI).astimezone(UTC)


def china_day(at: datetime) -> date:
    """The day in China at a moment."""
    return local(at).date()


def scripted(chance: Random, registered_on: date, today: date, words: str) -> Life:
    """A life that is written down: `accept start+1 settle+9`, each with the days since the one before."""
    life = Life(chance, registered_on, today)
    for word in words.split():
        name, _, days = word.partition("+")
        life.take(name, int(days or 0), **({"confirmation": NOT_APPLIED} if name == "confirm" else {}))
    return life


def tell(
    chance: Random, registered_on: date, today: date, traits: Traits, fate: ReferralState | None = None
) -> Life:
    """A life up to today; `fate` is how the referral of a case that has one stands."""
    life = Life(chance, registered_on, today)
    if traits.source in LETTERED:
        life.take("take_over")
    if traits.difficulty != SIMPLE or chance.random() < 0.4:
        life.take("triage")
    if fate is None and chance.random() < 0.02:
        life.take("decline", chance.randint(0, 2))
        return life
    if fate is None or fate is ReferralState.DRAFT:
        life.take("accept", chance.randint(0, 2))
    else:
        _move(life, chance, fate)
    if life.stage is not Stage.ACCEPTED or (fate is ReferralState.RECEIVED and chance.random() < 0.4):
        return life
    if life.arrived and life.marks[-1].name != "accept":
        life.take("assign")
    life.take("start", chance.randint(0, 3))
    _talk(life, chance, traits)
    if fate in (ReferralState.DRAFT, ReferralState.RECEIVED):
        return life
    if fate is None and _left_lying(chance, registered_on, today):
        if traits.superior and (today - registered_on).days > 34 and chance.random() < 0.4:
            life.take("urge", chance.randint(4, 9))
        return life
    _conclude(life, chance, traits)
    return life


def _left_lying(chance: Random, registered_on: date, today: date) -> bool:
    """Some cases of the last months wait past their deadline, so that the demo shows late ones."""
    return (today - registered_on).days < 90 and chance.random() < 0.12


def _move(life: Life, chance: Random, fate: ReferralState) -> None:
    """Passed on the next day: mostly once it was accepted, sometimes for the receiver to accept."""
    early = chance.random() < 0.3
    if not early:
        life.take("accept")
    life.take("transfer", 1)
    if fate in UNDER_WAY:
        return
    life.take(_BACK.get(fate, "receive"), chance.randint(1, 3))
    if early:
        life.take("accept", chance.randint(0, 1))


def _talk(life: Life, chance: Random, traits: Traits) -> None:
    """Sessions, and the help that is asked for; when the thirty days run out, an extension."""
    if chance.random() < (0.2 if traits.hard else 0.01):
        life.take("consult", chance.randint(0, 1))
    if chance.random() < (0.15 if traits.hard else 0.005):
        life.take("join", chance.randint(0, 1))
    for _ in range(chance.choice((0, 1, 1, 1, 2, 2, 3))):
        accepted = life.last("accept")
        late = accepted is not None and (china_day(life.at) - accepted.day).days > 15
        if late and not life.has("extend"):
            life.take("extend")
        life.take("hold_session", chance.randint(1, 9))
    if chance.random() < (0.6 if traits.risk != NORMAL else 0.01):
        life.take("prevent")
    if traits.superior and traits.hard and chance.random() < 0.06:
        life.take("urge", 1)


def _conclude(life: Life, chance: Random, traits: Traits) -> None:
    if not life.has("hold_session"):
        life.take("hold_session", chance.randint(0, 2))
    name = chance.choices(("settle", "fail", "end"), (88, 8, 4))[0]
    slow = not life.arrived and chance.random() < 0.03
    life.take(name, chance.randint(25, 40) if slow else chance.randint(1, 6))
    if chance.random() < 0.006:
        _reopen(life, chance)
        name = "settle"
    events = sorted(_afterwards(chance, name, traits), key=lambda event: event[0])
    if chance.random() < 0.985:
        events.append((events[-1][0] + chance.randint(7, 60), "archive", {}))
    day = 0
    for after, step, facts in events:
        life.take(step, after - day, **facts)
        day = after


def _afterwards(chance: Random, name: str, traits: Traits) -> Iterator[tuple[int, str, Row]]:
    """What follows on the end of mediation, how many days after it."""
    closing = chance.randint(1, 20)
    yield closing, "close", {}
    if name == "fail" and chance.random() < 0.35:
        yield chance.randint(0, closing - 1), "hand_over", {}
    if name != "settle":
        return
    if chance.random() < 0.6:
        yield chance.randint(0, 25), "fulfil", {}
    if chance.random() < 0.95:
        yield chance.randint(5, 31), "follow_up", {}
    if not traits.oral:
        yield from _confirmation(chance)


def _confirmation(chance: Random) -> Iterator[tuple[int, str, Row]]:
    """人民调解法 33: within thirty days both may ask the court to confirm; mostly they do not."""
    asked, found = chance.randint(3, 28), chance.random()
    if found < 0.08:
        yield asked, "confirm", {"confirmation": APPLIED}
        yield asked + chance.randint(7, 15), "confirm", {"confirmation": CONFIRMED}
    elif found < 0.8:
        yield asked, "confirm", {"confirmation": NOT_APPLIED}


def _reopen(life: Life, chance: Random) -> None:
    """It had been closed, and flared up again."""
    life.take("close", chance.randint(1, 5))
    life.take("reopen", chance.randint(10, 30))
    life.take("hold_session", chance.randint(1, 4))
    life.take("settle", chance.randint(1, 6))
