"""Committees of the demo: one in every township and village, and some of every other kind."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from sqlalchemy.orm import Session

from admin_app.models.committees import Committee, CommitteeChange, CommitteeMember, CommitteeTerm
from admin_app.models.pinyin import spellings
from admin_app.rules.committees import DIRECTOR, CommitteeStatus, add_years, term_end
from admin_app.rules.tiers import Tier
from seed.bulk import Row, add, next_id
from seed.names import People, Person
from seed.places import Place

MEMBER, DEPUTY = "02", "04"  # SYS141 调委会委员, 副主任
_TRADES = {
    "01": "道路交通事故纠纷",
    "02": "医疗纠纷",
    "03": "劳动争议",
    "04": "物业纠纷",
    "05": "消费纠纷",
    "06": "旅游纠纷",
    "07": "电子商务纠纷",
}
_HOSTS = {"08": "人民法院", "09": "人民检察院", "10": "公安派出所", "11": "信访局", "12": "综合行政执法局"}
_FIRMS = ("纺织有限公司", "机械制造有限公司", "小商品市场")


@dataclass
class Room:
    """A committee as the rest of the demo needs it; `mediators` are the ids of those who may take a case."""

    id: int
    name: str
    place: Place
    kind: str
    trade: str | None = None
    status: CommitteeStatus = CommitteeStatus.ACTIVE
    term_from: date = date.min
    members: list[tuple[str, Person]] = field(default_factory=list)
    mediators: list[int] = field(default_factory=list)


def rooms_of(places: list[Place], first_id: int) -> list[Room]:
    """Which committees there are, without their facts."""
    found = [each for place in places for each in _rooms_at(place)]
    return [
        Room(number, name, place, kind, trade)
        for number, (name, place, kind, trade) in enumerate(found, first_id)
    ]


def _rooms_at(place: Place) -> Iterator[tuple[str, Place, str, str | None]]:
    name, board = place.official, "人民调解委员会"
    if place.tier is Tier.VILLAGE:
        yield f"{name}{board}", place, "02" if place.short.endswith("社区") else "01", None
        return
    if place.tier is Tier.TOWNSHIP:
        yield f"{name}{board}", place, "04" if place.short.endswith("街道") else "03", None
        if place.code.endswith("3"):
            yield f"{place.full}派出所驻所{board}", place, "06", "10"
        return
    # The committee of the centre takes what is sent up; it stands first at its unit.
    yield f"{name}社会矛盾纠纷调处化解中心{board}", place, "99", None
    for trade, label in _TRADES.items():
        yield f"{name}{label}{board}", place, "06", trade
    for trade, host in _HOSTS.items():
        yield f"{name}驻{host}{board}", place, "06", trade
    if place.tier is Tier.COUNTY:
        for number, firm in enumerate(_FIRMS):
            yield f"{name}{'甲乙丙'[number]}辰{firm}{board}", place, "05", None


def load_committees(
    session: Session, chance: Random, today: date, people: People, places: list[Place]
) -> list[Room]:
    """Committees with members, terms and changes."""
    rooms = rooms_of(places, next_id(session, Committee))
    elected = {place.code: today - timedelta(days=chance.randint(100, 1000)) for place in places}
    for room in rooms:
        _fill(room, chance, people, elected[room.place.code[:6]])
    add(session, Committee, [_committee(room, chance, people) for room in rooms])
    add(session, CommitteeMember, [row for room in rooms for row in _members(room)])
    add(session, CommitteeTerm, [row for room in rooms for row in _terms(room, people)])
    changed = [room for room in rooms if room.id % 20 == 0]
    add(session, CommitteeChange, [_change(room, people) for room in changed])
    return [room for room in rooms if room.status is CommitteeStatus.ACTIVE]


def _fill(room: Room, chance: Random, people: People, elected: date) -> None:
    """Who sits in it (人民调解法 8: 3 to 9, one director, a woman), since when, and how it stands."""
    village = room.place.tier is Tier.VILLAGE
    if village and room.id % 90 == 0:
        room.status = chance.choice((CommitteeStatus.PREPARING, CommitteeStatus.DISSOLVED))
    # A county elects in one season; here and there a term is over and nobody has been elected yet.
    late = chance.randint(1000, 1095 + 30) if chance.random() < 0.01 else 0
    room.term_from = elected - timedelta(days=late or chance.randint(0, 60))
    size = chance.choice((3, 3, 3, 4, 5)) if village else chance.choice((5, 5, 7, 9))
    for seat in range(size):
        sex = "2" if seat == size - 1 else None
        position = DIRECTOR if seat == 0 else DEPUTY if seat == 1 and size > 3 else MEMBER
        room.members.append((position, people.person(28, 64, sex)))


def _committee(room: Room, chance: Random, people: People) -> Row:
    own = chance.random() < 0.85
    large = room.place.tier is not Tier.VILLAGE
    unities = [code for code in ("01", "02", "03", "04", "05", "06") if chance.random() < 0.96]
    return {
        "id": room.id,
        "name": room.name,
        "spelling": spellings(room.name),
        "unit_id": room.place.id,
        "path": room.place.path,
        "kind": room.kind,
        "trade": room.trade,
        "status": room.status,
        "filing_number": f"金调备〔{room.term_from.year}〕{room.id:04}号",
        "head": room.members[0][1].name,
        "phone": people.phone(),
        "address": f"{room.place.full}{chance.choice(('办公楼', '文化礼堂', '综合楼', '便民服务中心'))}",
        "postcode": "321000",
        "founded_on": _since(room, _ordinal(room)),
        "term_from": room.term_from,
        "term_until": term_end(room.term_from),
        "origin": {"01": "01", "02": "02", "05": "03"}.get(room.kind, "04"),
        "unities": unities,
        "own_premises": own,
        "area": chance.randint(60, 220) if large else chance.randint(15, 60),
        "telephones": chance.randint(1, 4) if large else chance.randint(0, 1),
        "computers": chance.randint(2, 6) if large else 1,
        "printers": chance.randint(1, 3) if large else int(own),
        "recorders": chance.randint(1, 3) if large else int(chance.random() < 0.4),
    }


def _members(room: Room) -> Iterator[Row]:
    for position, person in room.members:
        yield {
            "committee_id": room.id,
            "name": person.name,
            "sex": person.sex,
            "ethnicity": person.ethnicity,
            "position": position,
            "phone": person.phone,
        }


def _ordinal(room: Room) -> int:
    """The number of the present term."""
    return 2 + room.id % 4


def _since(room: Room, terms: int) -> date:
    """The first day of the term that stands so many terms back, the present one counted."""
    return add_years(room.term_from, -3 * (terms - 1))


def _terms(room: Room, people: People) -> Iterator[Row]:
    ordinal, head = _ordinal(room), room.members[0][1].name
    yield {
        "committee_id": room.id,
        "ordinal": ordinal - 1,
        "since": _since(room, 2),
        "until": room.term_from - timedelta(days=1),
        "head": head if room.id % 3 else people.name(),
    }
    yield {
        "committee_id": room.id,
        "ordinal": ordinal,
        "since": room.term_from,
        "until": term_end(room.term_from),
        "head": head,
    }


def _change(room: Room, people: People) -> Row:
    return {
        "committee_id": room.id,
        "changed_on": room.term_from + timedelta(days=20),
        "item": "主任变更",
        "before": people.name(),
        "after": room.members[0][1].name,
        "filed_on": room.term_from + timedelta(days=35),
    }
