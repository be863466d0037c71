"""Mediators of the demo: elected members and hired people, with appointments, awards and sanctions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sqlalchemy.orm import Session

from admin_app.models.mediators import Appointment, Award, Mediator, Sanction
from admin_app.models.pinyin import spellings
from admin_app.rules.committees import add_years, term_end
from admin_app.rules.mediators import ON_ROSTER, MediatorStatus
from admin_app.rules.tiers import Tier
from seed.bulk import Row, add, next_id
from seed.committees import Room
from seed.names import People, Person

FULL_TIME, PART_TIME = "01", "02"  # SYS143
ELECTED, HIRED = "01", "02"  # SYS145
PLAIN = "01"  # SYS141 调解员
_HIRED_STATUS = (MediatorStatus.APPOINTED,) * 28 + (
    MediatorStatus.QUALIFIED,
    MediatorStatus.NOMINATED,
    MediatorStatus.SUSPENDED,
)
_FORMER = {MediatorStatus.RETIRED: "年满退出", MediatorStatus.DISMISSED: "本人申请解聘"}
# By tier of the committee: village people work the land and sit in its committee, the others studied.
_VILLAGE_PROFESSIONS = ("15",) * 6 + ("07",) * 4 + ("14", "08", "16", "10")
_TOWN_PROFESSIONS = ("05", "04", "02", "01", "12", "13", "13", "14", "15", "06", "10", "11", "99")
_VILLAGE_EDUCATION = ("60",) * 4 + ("70",) * 4 + ("30", "30", "40", "80", "20")
_TOWN_EDUCATION = ("20",) * 5 + ("30",) * 4 + ("60", "10")
_MAJORS = {"10": "法学", "20": "法学", "30": "法律事务", "40": "农业技术"}
_SANCTIONS = (
    ("01", "接待群众态度生硬，经核实予以批评教育"),
    ("02", "未按时办理已受理的纠纷，责令改正"),
    ("01", "登记案件信息填写不实，经核实予以批评教育"),
)


@dataclass(frozen=True)
class Post:
    """A mediator of a committee, before the facts that only the roster holds."""

    id: int
    room: Room
    position: str
    person: Person
    status: MediatorStatus
    elected: bool

    @property
    def village(self) -> bool:
        return self.room.place.tier is Tier.VILLAGE


def load_mediators(
    session: Session, chance: Random, today: date, people: People, rooms: list[Room]
) -> list[Post]:
    """The roster. Afterwards every room knows the ids of those who may take a case."""
    number = next_id(session, Mediator)
    posts: list[Post] = []
    for room in rooms:
        people_here = enumerate(_posts(room, chance, people), number + len(posts))
        here = [Post(each_id, room, *facts) for each_id, facts in people_here]
        room.mediators = [post.id for post in here if post.status in ON_ROSTER]
        posts += here
    rows = [_mediator(post, chance, today, people) for post in posts]
    add(session, Mediator, rows)
    started = {row["id"]: row["started_on"] for row in rows}
    add(session, Appointment, [row for post in posts for row in _appointments(post, started[post.id], today)])
    awarded = [post for post in posts if post.id % 25 == 0]
    add(session, Award, [_award(post, chance, today) for post in awarded])
    add(session, Sanction, [_sanction(post, chance, today) for post in posts if post.id % 199 == 0])
    return posts


def _posts(room: Room, chance: Random, people: People) -> Iterator[tuple[str, Person, MediatorStatus, bool]]:
    """The first of the elected members, then hired people, then somebody who has left."""
    village = room.place.tier is Tier.VILLAGE
    for position, person in room.members[: chance.choice((1, 2, 2, 2)) if village else 4]:
        yield position, person, MediatorStatus.APPOINTED, True
    for _ in range(0 if village else chance.choice((1, 2, 2, 3))):
        yield PLAIN, people.person(26, 66), chance.choice(_HIRED_STATUS), False
    if chance.random() < 0.05:
        status = chance.choice(list(_FORMER))
        yield PLAIN, people.person(50, 75), status, False


def _mediator(post: Post, chance: Random, today: date, people: People) -> Row:
    person, place = post.person, post.room.place
    grown = add_years(person.birth_on, 22)
    started = max(grown, today - timedelta(days=chance.randint(400, 20 * 365)))
    education = chance.choice(_VILLAGE_EDUCATION if post.village else _TOWN_EDUCATION)
    candidate = post.status is MediatorStatus.NOMINATED
    return {
        "id": post.id,
        "name": person.name,
        "spelling": spellings(person.name),
        "sex": person.sex,
        "birth_on": person.birth_on,
        "ethnicity": person.ethnicity,
        "education": education,
        "speciality": _MAJORS.get(education),
        "politics": chance.choice(
            ("01", "01", "13", "13", "12") if post.village else ("01", "01", "01", "13")
        ),
        "marriage": chance.choice(("20",) * 17 + ("10", "30", "40")),
        "committee_id": post.room.id,
        "unit_id": place.id,
        "path": place.path,
        "status": post.status,
        "full_time": PART_TIME if post.elected and chance.random() < 0.93 else FULL_TIME,
        "position": post.position,
        "origin": ELECTED if post.elected else HIRED,
        "profession": chance.choice(_VILLAGE_PROFESSIONS if post.village else _TOWN_PROFESSIONS),
        "other_role": chance.choice(("01",) * 12 + ("02", "03", "04", "06")),
        "purchased": not post.elected and chance.random() < 0.5,
        "started_on": started,
        "qualified_on": None if candidate else min(started + timedelta(days=90), today),
        "qualification": None if candidate else chance.choice((None, None, "四级调解员", "三级调解员")),
        "employer": place.short if post.village else post.room.name,
        "id_number": person.id_number,
        "phone": person.phone,
        "address": f"{place.full}{chance.randint(1, 260)}号",
        "bank_account": people.bank_account(),
    }


def _appointments(post: Post, started: date, today: date) -> Iterator[Row]:
    """The term before, if the mediator served already, and the present one unless the post is over."""
    if post.status is MediatorStatus.NOMINATED:
        return
    first = post.room.term_from
    before, eve = add_years(first, -3), first - timedelta(days=1)
    former = post.status in _FORMER
    if started < eve:
        yield {
            "mediator_id": post.id,
            "since": max(before, started),
            "until": eve,
            "reason": _FORMER.get(post.status),
        }
    if not former:
        yield {
            "mediator_id": post.id,
            "since": min(max(first, started), today),
            "until": max(term_end(first), started),
            "reason": None,
        }


def _award(post: Post, chance: Random, today: date) -> Row:
    kind, title = chance.choice((("01", "先进人民调解员"), ("02", "优秀人民调解员"), ("99", "调解能手")))
    return {
        "mediator_id": post.id,
        "awarded_on": today - timedelta(days=chance.randint(30, 1000)),
        "kind": kind,
        "level": chance.choice(("04", "04", "04", "03", "02")),
        "title": title,
    }


def _sanction(post: Post, chance: Random, today: date) -> Row:
    kind, reason = chance.choice(_SANCTIONS)
    decided_on = today - timedelta(days=chance.randint(30, 900))
    return {"mediator_id": post.id, "decided_on": decided_on, "kind": kind, "reason": reason}
