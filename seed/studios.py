"""Personal brand studios of the demo: some counties have them, most townships still want one."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from sqlalchemy.orm import Session

from admin_app.models.committees import Committee
from admin_app.models.mediators import Mediator
from admin_app.models.pinyin import spellings
from admin_app.rules.committees import DIRECTOR, CommitteeStatus
from admin_app.rules.mediators import MediatorStatus
from admin_app.rules.staffing import BRAND_STUDIO
from admin_app.rules.tiers import Tier
from seed.bulk import Row, add, next_id
from seed.mediators import FULL_TIME, HIRED, PART_TIME, PLAIN
from seed.names import People, Person
from seed.places import Place
from seed.users import Stand

_SEED = 2020
_EVERY = 5  # one township in so many has a studio
_COMMON = {"sex": "1", "full_time": FULL_TIME, "origin": HIRED, "purchased": False}


def load_studios(session: Session, today: date, places: list[Place], home: Stand) -> None:
    """A studio at every fifth township and at each county, and at the township of the demo's people."""
    chance = Random(_SEED)
    people = People(chance, today)
    towns = [place for place in places if place.tier is Tier.TOWNSHIP]
    chosen = [place for place in places if place.tier is Tier.COUNTY]
    chosen += [place for number, place in enumerate(towns) if number % _EVERY == 0 or place is home.town]
    studios = [
        (number, place, people.person(45, 66, "1"))
        for number, place in enumerate(chosen, next_id(session, Committee))
    ]
    rooms = [_studio(number, place, person.name, chance, today) for number, place, person in studios]
    add(session, Committee, rooms)
    add(session, Mediator, [row for each in studios for row in _people(*each, chance, today, people)])


def _studio(number: int, place: Place, founder: str, chance: Random, today: date) -> Row:
    name = f"{place.official}{founder}调解工作室"
    return {
        "id": number,
        "name": name,
        "spelling": spellings(name),
        "unit_id": place.id,
        "path": place.path,
        "kind": BRAND_STUDIO,
        "status": CommitteeStatus.ACTIVE,
        "head": founder,
        "address": f"{place.full}综合楼",
        "founded_on": today - timedelta(days=chance.randint(300, 2500)),
        "unities": [code for code in ("01", "02", "03", "04", "05", "06") if chance.random() < 0.9],
        "own_premises": True,
    }


def _people(
    number: int, place: Place, founder: Person, chance: Random, today: date, people: People
) -> Iterator[Row]:
    """The founder, full time mostly, and a younger colleague."""
    pairs = ((founder, DIRECTOR), (people.person(28, 45), PLAIN))
    for person, position in pairs:
        leads = position == DIRECTOR
        yield {
            **_COMMON,
            "name": person.name,
            "spelling": spellings(person.name),
            "sex": person.sex,
            "birth_on": person.birth_on,
            "committee_id": number,
            "unit_id": place.id,
            "path": place.path,
            "status": MediatorStatus.APPOINTED,
            "full_time": FULL_TIME if leads and chance.random() < 0.8 else PART_TIME,
            "position": position,
            "started_on": today - timedelta(days=chance.randint(900, 9000) if leads else 500),
            "phone": person.phone,
            "id_number": person.id_number,
        }
