"""The network 组织网络: which units and committees have the people and studios asked of them (M02, M03, M07).

Everything is reckoned when somebody looks, from the roster as it is, or as it was on the last day of a past
year: three queries for a whole city, and nothing that could be out of date.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.base import path_under
from admin_app.models.codes import codebook
from admin_app.models.committees import Committee
from admin_app.models.mediators import Appointment, Mediator
from admin_app.models.staffing_targets import goals
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations.figures import RowKind, width_of
from admin_app.rules.committees import TERM_WARNING_DAYS
from admin_app.rules.dates import today
from admin_app.rules.mediators import FULL_TIME
from admin_app.rules.organisation import committee_counts, mediator_counts
from admin_app.rules.refusals import NotSeen
from admin_app.rules.staffing import BRAND_STUDIO, Aim, Body, Goal, Ground, Key, Standing, to_come
from admin_app.rules.tiers import Tier, covers

SEEN = "network.see"
TIER_WORDS = {
    Tier.CITY: "市",
    Tier.COUNTY: "县（市、区）",
    Tier.TOWNSHIP: "乡镇（街道）",
    Tier.VILLAGE: "村（社区）",
    Tier.GRID: "网格",
}


@dataclass(frozen=True)
class Room:
    """A committee or studio at work, and how regular it is."""

    body: Body
    name: str
    unities: frozenset[str]
    term_until: date | None


@dataclass(frozen=True)
class Network:
    """What a person may see under a unit, as of a day of a year."""

    unit: Unit
    year: int
    day: date
    goals: tuple[Goal, ...]
    ground: Ground
    rooms: dict[int, Room]
    units: tuple[Unit, ...]

    @property
    def later(self) -> list[Goal]:
        """Targets of years to come."""
        return to_come(self.goals, self.unit.path, self.year)


@dataclass(frozen=True)
class Line:
    """A direct sub-unit, the unit's own level, or all of it: how it stands to each target."""

    kind: RowKind
    label: str
    unit: Unit
    standings: tuple[Standing, ...]
    rooms: tuple[Room, ...]

    @property
    def people_short(self) -> int:
        """How many full-time people are wanting at committees, townships and villages; each counts once."""
        return sum(each.gap for each in self.standings if each.key.aim in _OF_PEOPLE)

    @property
    def missed(self) -> int:
        """How many of the targets are not reached."""
        return sum(bool(each.gap) for each in self.standings)


_OF_PEOPLE = frozenset({Aim.EACH_COMMITTEE, Aim.EACH_UNIT, Aim.SHARE})


def read(session: Session, actor: User, unit: Unit, year: int) -> Network:
    """Everything under a unit; 404 for one that none of the actor's posts stands at or above."""
    if not any(covers(post, unit.path) for post in policy.paths(actor, SEEN)):
        raise NotSeen()
    day = min(today(), date(year, 12, 31))
    units = tuple(session.scalars(_units(actor, unit)))
    people = _people(session, actor, unit, day)
    rooms = {room.body.id: room for room in _rooms(session, actor, unit, day, people)}
    every = tuple(goals(session))
    ground = Ground(every, year, (each.path for each in units), (room.body for room in rooms.values()))
    return Network(unit, year, day, every, ground, rooms, units)


def lines(network: Network) -> Iterator[Line]:
    """The sub-units, the own level where committees sit there, and all of it."""
    unit, width = network.unit, width_of(network.unit)
    inside: dict[str, list[str]] = defaultdict(list)
    for each in network.units:
        inside[each.path[:width]].append(each.path)
    at: dict[str, list[Room]] = defaultdict(list)
    for room in network.rooms.values():
        at[room.body.path[:width]].append(room)
    subs = [each for each in network.units if each.parent_id == unit.id]
    for sub in subs:
        yield _line(network, RowKind.SUB, sub.name, sub, inside[sub.path], at[sub.path])
    if subs and at[unit.path]:
        own = f"{unit.name}{RowKind.OWN.label}"
        yield _line(network, RowKind.OWN, own, unit, [unit.path], at[unit.path])
    yield whole(network)


def whole(network: Network) -> Line:
    """The unit with all that lies under it."""
    paths = [each.path for each in network.units]
    return _line(network, RowKind.TOTAL, "合计", network.unit, paths, network.rooms.values())


def _line(
    network: Network, kind: RowKind, label: str, unit: Unit, paths: list[str], rooms: Iterable[Room]
) -> Line:
    here = tuple(rooms)
    own = kind is RowKind.OWN
    found = network.ground.of(unit.path, paths, [room.body for room in here], own=own)
    return Line(kind, label, unit, tuple(found), here)


def _units(actor: User, unit: Unit) -> Any:
    seen = policy.visible(Unit, actor, SEEN)
    query = select(Unit).where(seen, Unit.under(unit.path), Unit.removed_at.is_(None))
    return query.order_by(Unit.code)


def _rooms(
    session: Session, actor: User, unit: Unit, day: date, people: Counter[tuple[int, bool]]
) -> Iterator[Room]:
    seen = policy.visible(Committee, actor, SEEN)
    facts = (Committee.id, Committee.name, Committee.path, Committee.kind, Committee.status)
    more = (Committee.founded_on, Committee.unities, Committee.term_until)
    query = select(*facts, *more).where(
        seen, path_under(Committee.path, unit.path), Committee.removed_at.is_(None)
    )
    for row in session.execute(query.order_by(Committee.path, Committee.id)):
        if committee_counts(row.status, row.founded_on, day):
            bought = people[row.id, True]
            body = Body(row.id, row.path, row.kind, people[row.id, False] + bought, bought)
            yield Room(body, row.name, frozenset(row.unities or ()), row.term_until)


def _people(session: Session, actor: User, unit: Unit, day: date) -> Counter[tuple[int, bool]]:
    """Full-time mediators on the roster: {(committee, whether the post is purchased): how many}."""
    full = and_(
        policy.visible(Mediator, actor, SEEN),
        path_under(Mediator.path, unit.path),
        Mediator.full_time == FULL_TIME,
        Mediator.removed_at.is_(None),
    )
    terms: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    if day < today():
        served = select(Appointment.mediator_id, Appointment.since, Appointment.until)
        for mediator, since, until in session.execute(
            served.join(Mediator, Mediator.id == Appointment.mediator_id).where(full)
        ):
            terms[mediator].append((since, until))
    facts = (Mediator.id, Mediator.committee_id, Mediator.status, Mediator.started_on, Mediator.purchased)
    return Counter(
        (row.committee_id, bool(row.purchased))
        for row in session.execute(select(*facts).where(full))
        if mediator_counts(row.status, row.started_on, terms[row.id], day, today())
    )


# ------------------------------------------------------------------ in words


def said(session: Session, key: Key, day: date) -> str:
    """What a target is about, in words: 每个乡镇（街道）的专职调解员."""
    where = TIER_WORDS.get(key.tier, "") if key.tier else ""
    match key.aim:
        case Aim.EACH_COMMITTEE:
            return f"每个{codebook(session).label('committee_kind', key.kind, day)}的专职调解员"
        case Aim.EACH_UNIT:
            return f"每个{where}的专职调解员"
        case Aim.SHARE:
            return f"有专职调解员的{where}"
        case Aim.STUDIOS:
            return f"每个{where}的个人品牌调解工作室"
        case Aim.ALL:
            return "专职调解员总数"
        case Aim.PURCHASED:
            return "其中政府购买服务"


def asked(network: Network, key: Key) -> str:
    """How much a target asks at the unit: 至少 2 人; where only units below say so, 按下级规定."""
    goal = network.ground.goal(key, network.unit.path)
    return measured(goal) if goal else "按下级规定"


def measured(goal: Goal) -> str:
    """The number of a target in words."""
    if goal.aim is Aim.SHARE:
        return f"至少 {goal.number}%" + (f"，每个 {goal.least} 人以上" if goal.least > 1 else "")
    return f"至少 {goal.number:,} {counted(goal.key)}"


def counted(key: Key) -> str:
    """What is counted, and is wanting: people, studios, or villages."""
    return "个" if key.aim in (Aim.STUDIOS, Aim.SHARE) else "人"


# ------------------------------------------------------------------ how regular committees are


@dataclass(frozen=True)
class Norm:
    """One count of 规范化: which committees it counts."""

    name: str
    label: str
    tone: str = ""


NORMS: tuple[Norm, ...] = (
    Norm("rooms", "调委会和工作室"),
    Norm("studios", "其中个人品牌调解工作室"),
    Norm("unified", "六统一全部做到"),
    Norm("uneven", "六统一没有全部做到", "warn"),
    Norm("over", "任期已满没有换届", "seal"),
    Norm("ending", f"{TERM_WARNING_DAYS} 天内任期届满", "warn"),
    Norm("undated", "没有登记任期", "warn"),
)
NORM: dict[str, Norm] = {each.name: each for each in NORMS}


def of_norm(rooms: Iterable[Room], name: str, unities: frozenset[str], day: date) -> list[Room]:
    """The committees that a count counts. A studio has no term of its own."""
    if name not in NORM:
        raise NotSeen("没有这个数字。")
    return [room for room in rooms if _is(room, name, unities, day)]


def _is(room: Room, name: str, unities: frozenset[str], day: date) -> bool:
    studio, until = room.body.kind == BRAND_STUDIO, room.term_until
    match name:
        case "studios":
            return studio
        case "unified":
            return room.unities >= unities
        case "uneven":
            return not room.unities >= unities
        case "over":
            return until is not None and until < day
        case "ending":
            return until is not None and day <= until <= day + timedelta(days=TERM_WARNING_DAYS)
        case "undated":
            return until is None and not studio
    return True


def unity_words(session: Session, day: date) -> list[tuple[str, str]]:
    """The six unities with their names."""
    return codebook(session).choices("six_unities", day)


def unities_of(session: Session, day: date) -> frozenset[str]:
    """The six unities 六统一 that are asked on a day."""
    return frozenset(code for code, _ in unity_words(session, day))
