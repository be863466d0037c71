"""The parties of a made-up case: mostly two people, now and then an organisation, an agent, a third side."""

from dataclasses import dataclass
from random import Random

from seed.bulk import Row
from seed.disputes import Story
from seed.names import People
from seed.places import Place

PERSON, COMPANY = "01", "02"  # SYS260
RESIDENT_CARD, CREDIT_CODE = "111", "900"  # table id_kind
APPLICANT, RESPONDENT, OTHER = "01", "02", "03"  # table party_side
_OCCUPATIONS = ("务农", "务工", "个体经营", "司机", "教师", "退休", "企业职员", "自由职业", "无业")


@dataclass(frozen=True)
class Cast:
    """The rows of the parties, and what the brief calls the two sides."""

    rows: list[Row]
    applicant: str
    respondent: str

    @property
    def names(self) -> str:
        """As the list of cases shows them."""
        return "、".join(row["name"] for row in self.rows)[:300]


def parties(chance: Random, people: People, story: Story, spot: Place) -> Cast:
    """One to five parties; a village mediator sometimes registers before the other side is known."""
    count = chance.choices((1, 2, 3, 4, 5), (3, 77, 12, 5, 3))[0]
    rows = []
    for number in range(count):
        side = (
            (APPLICANT, RESPONDENT)[number] if number < 2 else chance.choice((APPLICANT, RESPONDENT, OTHER))
        )
        company = number == 1 and story.opponent
        rows.append(_company(people, story.opponent, spot) if company else _person(chance, people, spot))
        agent = chance.random() < (0.4 if company else 0.05)
        rows[-1] |= {
            "side": side,
            "agent": people.name() if agent else None,
            "agent_phone": people.phone() if agent else None,
        }
    return Cast(rows, rows[0]["name"], rows[1]["name"] if count > 1 else story.opponent or "对方")


def _person(chance: Random, people: People, spot: Place) -> Row:
    person = people.person(19, 76)
    return {
        "kind": PERSON,
        "name": person.name,
        "sex": person.sex,
        "ethnicity": person.ethnicity,
        "birth_on": person.birth_on,
        "occupation": chance.choice(_OCCUPATIONS),
        "id_kind": RESIDENT_CARD,
        "id_number": person.id_number,
        "phone": person.phone,
        "address": f"{spot.full}{chance.randint(1, 260)}号",
        "representative": None,
        "headcount": 1,
    }


def _company(people: People, trade: str, spot: Place) -> Row:
    return {
        "kind": COMPANY,
        "name": people.organisation(spot.county, trade),
        "sex": None,
        "ethnicity": None,
        "birth_on": None,
        "occupation": None,
        "id_kind": CREDIT_CODE,
        "id_number": people.credit_code(),
        "phone": people.phone(),
        "address": f"{spot.full}工业小区",
        "representative": people.name(),
        "headcount": 1,
    }
