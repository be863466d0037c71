"""A hundred consulting experts of the demo, in the pools of the city and its counties."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sqlalchemy.orm import Session

from admin_app.models.experts import Expert
from admin_app.models.pinyin import spellings
from admin_app.rules.committees import term_end
from admin_app.rules.tiers import Tier
from seed.bulk import Row, add, next_id
from seed.names import People
from seed.places import Place

COUNT = 100
# What somebody does for a living and in which fields (table expert_field) they can be asked.
_CALLINGS = (
    ("律师事务所", "律师", ["02", "07"]),
    ("律师事务所", "高级合伙人", ["02", "11"]),
    ("医院", "主任医师", ["03"]),
    ("医院", "副主任医师", ["03", "16"]),
    ("心理咨询中心", "心理咨询师", ["01", "16"]),
    ("工程咨询有限公司", "高级工程师", ["06", "07"]),
    ("司法鉴定所", "司法鉴定人", ["05", "03"]),
    ("农业技术推广站", "高级农艺师", ["10", "09"]),
    ("保险公估有限公司", "公估师", ["11", "05"]),
    ("人力资源有限公司", "劳动关系协调师", ["04"]),
    ("电子商务协会", "秘书长", ["14", "13"]),
    ("物业管理协会", "副会长", ["12", "13"]),
)


@dataclass(frozen=True)
class Adviser:
    """An expert who can be asked."""

    id: int
    name: str
    place: Place
    fee: int


def load_experts(
    session: Session, chance: Random, today: date, people: People, places: list[Place]
) -> list[Adviser]:
    """The pools; every tenth expert's term has ended, the others can be asked."""
    upper = [place for place in places if place.tier in (Tier.CITY, Tier.COUNTY)]
    rows = [_expert(number, upper[number % len(upper)], chance, today, people) for number in range(COUNT)]
    first = next_id(session, Expert)
    add(session, Expert, [{"id": first + number, **row} for number, row in enumerate(rows)])
    return [
        Adviser(first + number, row["name"], upper[number % len(upper)], row["fee"])
        for number, row in enumerate(rows)
        if row["serving"]
    ]


def _expert(number: int, place: Place, chance: Random, today: date, people: People) -> Row:
    person = people.person(32, 66)
    employer, title, fields = chance.choice(_CALLINGS)
    serving = number % 10 != 9
    since = today - timedelta(days=chance.randint(60, 900) if serving else chance.randint(1200, 1800))
    return {
        "name": person.name,
        "spelling": spellings(person.name),
        "sex": person.sex,
        "birth_on": person.birth_on,
        "unit_id": place.id,
        "path": place.path,
        "employer": people.organisation(place.short, employer),
        "title": title,
        "specialities": fields,
        "id_number": person.id_number,
        "phone": person.phone,
        "joined_on": since,
        "since": since,
        "until": term_end(since),
        "fee": chance.choice((200, 300, 500)),
        "serving": serving,
    }
