"""Monthly totals and funds of the demo: the committees of the county at home, for the last twelve months."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from random import Random

from sqlalchemy.orm import Session

from admin_app.models.committees import Funding
from admin_app.models.monthly import Monthly
from admin_app.rules.committees import CommitteeStatus
from admin_app.rules.tiers import PATH_WIDTH, Tier
from seed.bulk import Row, add
from seed.committees import Room

MONTHS = 12
# Tables funding_kind, subsidy_kind and funding_source: what the office pays a committee for its work, and
# what the county pays its mediators by their cases.
_WORK = {"kind": "02", "subsidy": None, "source": "01"}
_BY_CASES = {"kind": "03", "subsidy": "01", "source": "02"}


def load_months(session: Session, chance: Random, today: date, rooms: list[Room], home: Room) -> None:
    """Screened every week or two, something found now and then; the funds of this year and the last."""
    county = home.place.path[: PATH_WIDTH[Tier.COUNTY]]
    near = [
        room for room in rooms if room.place.path.startswith(county) and room.status is CommitteeStatus.ACTIVE
    ]
    add(session, Monthly, [row for room in near for row in _months(room, chance, today)])
    add(session, Funding, [row for room in near for row in _funds(room, chance, today.year)])


def _months(room: Room, chance: Random, today: date) -> Iterator[Row]:
    last = today.year * 12 + today.month - 1
    for index in range(last - MONTHS, last):
        yield {
            "committee_id": room.id,
            "unit_id": room.place.id,
            "path": room.place.path,
            "year": index // 12,
            "month": index % 12 + 1,
            "screenings": chance.choice((2, 4, 4, 5)),
            "prevented": chance.choice((0, 0, 0, 1, 1, 2)),
        }


def _funds(room: Room, chance: Random, year: int) -> Iterator[Row]:
    for each in (year - 1, year):
        yield {"committee_id": room.id, "year": each, "amount": Decimal(chance.randint(2, 9) * 1000), **_WORK}
        yield {
            "committee_id": room.id,
            "year": each,
            "amount": Decimal(chance.randint(3, 40) * 50),
            **_BY_CASES,
        }
