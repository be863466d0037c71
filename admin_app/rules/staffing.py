"""Staffing targets 配备目标: what units and committees should have, and what they lack (M07; S1 三(一)(二)).

S1 of Jinhua: three full-time mediators in every trade committee, one in every studio, two in every township,
one in three villages of ten; a thousand in the city, three hundred of them purchased; so many studios per
county and township by the year. Every number is data. One person is counted in one place: that of the
committee they belong to (docs/decisions/0024).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from functools import cached_property
from typing import NamedTuple

from admin_app.rules.choices import Choice
from admin_app.rules.findings import Finding
from admin_app.rules.tiers import ORDER, PATH_WIDTH, Tier, ancestors, covers, tier_of

# Code table committee_kind.
TRADE, BRAND_STUDIO, TRADE_STUDIO = "06", "07", "08"
STUDIOS = (BRAND_STUDIO, TRADE_STUDIO)
# Their people serve a trade or a studio, and not the township or village beside.
APART = frozenset({TRADE, *STUDIOS})


class Aim(Choice):
    """What a target is about."""

    EACH_COMMITTEE = "each_committee", "每个调委会的专职调解员（人）"
    EACH_UNIT = "each_unit", "每个单位的专职调解员（人）"
    SHARE = "share", "有专职调解员的单位占多少（%）"
    STUDIOS = "studios", "每个单位的个人品牌调解工作室（个）"
    ALL = "all", "专职调解员总数（人）"
    PURCHASED = "purchased", "政府购买服务的专职调解员总数（人）"


OF_TIER = frozenset({Aim.EACH_UNIT, Aim.SHARE, Aim.STUDIOS})
OF_SELF = frozenset({Aim.ALL, Aim.PURCHASED})  # said of the very unit that the target names
_LARGEST = 1_000_000


class Key(NamedTuple):
    """What makes two targets about the same thing; the later year's and the nearer unit's word holds."""

    aim: Aim
    kind: str = ""
    tier: Tier | None = None


@dataclass(frozen=True)
class Goal:
    """One target: from the end of `year` on, until the end of `last` where there is one."""

    id: int
    path: str
    year: int
    aim: Aim
    number: int
    kind: str = ""
    tier: Tier | None = None
    least: int = 1
    last: int | None = None

    @property
    def key(self) -> Key:
        return Key(self.aim, self.kind, self.tier)

    def holds(self, year: int) -> bool:
        """Whether it has to be reached by the end of a year."""
        return self.year <= year <= (self.last or year)


@dataclass(frozen=True)
class Body:
    """A committee or studio at work: where it is, of which kind, how many full-time people it has."""

    id: int
    path: str
    kind: str
    full: int = 0
    purchased: int = 0

    @property
    def home(self) -> str:
        """The unit it serves; what sits in a grid serves the village."""
        return self.path[: PATH_WIDTH[Tier.VILLAGE]]


@dataclass(frozen=True)
class Need:
    """What one committee or unit has to have, and has."""

    path: str
    required: int
    there: int
    committee_id: int | None = None

    @property
    def gap(self) -> int:
        """How many are wanting."""
        return max(0, self.required - self.there)


@dataclass(frozen=True)
class Standing:
    """How a unit, with all below it, stands to one target: the needs of each that it is said of.

    `among` are the villages of a share, each with what it has: which of them have nobody can be read there.
    """

    key: Key
    needs: tuple[Need, ...]
    among: tuple[Need, ...] = field(default=(), repr=False)

    @property
    def asked_of(self) -> int:
        """Of how many committees or units it is said; of a share, among how many."""
        return len(self.among or self.needs)

    @property
    def reached(self) -> int:
        """How many of them have what is asked."""
        return sum(not each.gap for each in self.among or self.needs)

    @property
    def percent(self) -> str:
        """How many of a hundred that is, in words; "" where there is nothing to divide."""
        return f"{Decimal(self.reached * 100) / self.asked_of:.1f}%" if self.among else ""

    @property
    def required(self) -> int:
        return sum(each.required for each in self.needs)

    @property
    def there(self) -> int:
        return sum(each.there for each in self.needs)

    @property
    def gap(self) -> int:
        """How many people, or studios, are wanting: what one has too many helps no other."""
        return sum(each.gap for each in self.needs)

    @property
    def short(self) -> tuple[Need, ...]:
        """Those that fall short; of a share that is not reached, the units that have nobody."""
        lacking = self.among if self.gap else ()
        return tuple(each for each in (lacking or self.needs) if each.gap)


def in_force(goals: Iterable[Goal], path: str, year: int) -> dict[Key, Goal]:
    """The targets of a unit in a year: the nearest superior's word, and of two of one unit the later."""
    found: dict[Key, Goal] = {}
    for goal in sorted(goals, key=lambda each: (len(each.path), each.year)):
        near = goal.path == path if goal.aim in OF_SELF else covers(goal.path, path)
        if near and goal.holds(year):
            found[goal.key] = goal
    return found


def to_come(goals: Iterable[Goal], path: str, year: int) -> list[Goal]:
    """The targets of later years that already concern a unit: what to work for."""
    later = (goal for goal in goals if goal.year > year and _concerns(goal, path))
    return sorted(later, key=lambda each: (each.year, each.key))


def _concerns(goal: Goal, path: str) -> bool:
    return goal.path == path if goal.aim in OF_SELF else covers(goal.path, path) or covers(path, goal.path)


class Ground:
    """The units and committees among which is counted; `of` tells how one part of them stands."""

    def __init__(
        self, goals: Sequence[Goal], year: int, units: Iterable[str], bodies: Iterable[Body]
    ) -> None:
        self.year, self.goals = year, tuple(each for each in goals if each.holds(year))
        self.units, self.bodies = tuple(units), tuple(bodies)
        self.people: Counter[str] = Counter()
        self.studios: Counter[str] = Counter()
        for body in self.bodies:
            if body.kind not in APART:
                self.people[body.home] += body.full
            if body.kind == BRAND_STUDIO:
                self.studios.update((*ancestors(body.path), body.path))
        self._held: dict[str, dict[Key, Goal]] = {}

    def goal(self, key: Key, path: str) -> Goal | None:
        """The target that holds at a path."""
        if path not in self._held:
            self._held[path] = in_force(self.goals, path, self.year)
        return self._held[path].get(key)

    @cached_property
    def keys(self) -> list[Key]:
        """What there are targets about: people of committees, of units, shares, studios, totals."""
        order = list(Aim)
        tiers = [None, *ORDER]
        found = {each.key for each in self.goals}
        return sorted(found, key=lambda key: (order.index(key.aim), key.kind, tiers.index(key.tier)))

    def of(
        self, path: str, units: Sequence[str], bodies: Sequence[Body], *, own: bool = False
    ) -> Iterator[Standing]:
        """How a unit stands, target by target, given the units and the committees that are counted with it.

        `own` is its own level alone: the totals are not said of that.
        """
        for key in self.keys:
            said = not (own and key.aim in OF_SELF)
            yield self._standing(key, path, units, bodies) if said else Standing(key, ())

    def _standing(self, key: Key, path: str, units: Sequence[str], bodies: Sequence[Body]) -> Standing:
        made: Iterator[Need | None]
        match key.aim:
            case Aim.EACH_COMMITTEE:
                of_kind = (body for body in bodies if body.kind == key.kind)
                made = (self._need(key, body.path, body.full, body.id) for body in of_kind)
            case Aim.EACH_UNIT:
                made = (self._need(key, each, self.people[each]) for each in _at(key.tier, units))
            case Aim.STUDIOS:
                made = (self._need(key, each, self.studios[each]) for each in _at(key.tier, units))
            case Aim.SHARE:
                return self._share(key, path, units)
            case Aim.ALL:
                made = iter((self._need(key, path, sum(body.full for body in bodies)),))
            case Aim.PURCHASED:
                made = iter((self._need(key, path, sum(body.purchased for body in bodies)),))
        return Standing(key, tuple(each for each in made if each))

    def _need(self, key: Key, path: str, there: int, committee_id: int | None = None) -> Need | None:
        goal = self.goal(key, path)
        return Need(path, goal.number, there, committee_id) if goal else None

    def _share(self, key: Key, path: str, units: Sequence[str]) -> Standing:
        """Of the units of a tier below, so many of a hundred; nothing is asked of such a unit itself."""
        goal, among = self.goal(key, path), _at(key.tier, units)
        if goal is None or not among or tier_of(path) is key.tier:
            return Standing(key, ())
        each = tuple(Need(unit, goal.least, self.people[unit]) for unit in among)
        there = sum(not need.gap for need in each)
        return Standing(key, (Need(path, share_of(goal.number, len(among)), there),), each)


def share_of(percent: int, number: int) -> int:
    """So many of a hundred, rounded up: 30% of ten villages and one are four."""
    return int((Decimal(percent) * number / 100).to_integral_value(ROUND_CEILING))


def _at(tier: Tier | None, units: Iterable[str]) -> list[str]:
    width = PATH_WIDTH[tier] if tier else 0
    return [each for each in units if len(each) == width]


def findings(
    aim: Aim | None, kind: str | None, tier: Tier | None, number: int | None, least: int | None
) -> list[Finding]:
    """Whether a target says what its aim asks, and nothing else."""
    found: list[Finding] = []
    if aim is None:
        return found
    if (aim is Aim.EACH_COMMITTEE) is not bool(kind):
        sentence = "“每个调委会”的目标才选调委会类型，请清空" if kind else "请选择是哪一类调委会"
        found.append(Finding("kind", sentence))
    if (aim in OF_TIER) is not bool(tier):
        sentence = "这种目标不按层级，请清空" if tier else "请选择是哪一级单位"
        found.append(Finding("tier", sentence))
    most = 100 if aim is Aim.SHARE else _LARGEST
    if number is not None and not 1 <= number <= most:
        found.append(Finding("number", f"请填 1 至 {most:,} 之间的整数"))
    if least is not None and not 1 <= least <= 100:
        found.append(Finding("least", "请填 1 至 100 之间的整数"))
    return found
