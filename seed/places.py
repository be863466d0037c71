"""Units as the made-up data speaks of them: by their short and their full names."""

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.units import Unit
from admin_app.rules.tiers import Tier

_VILLAGE = re.compile(r"村?(村民委员会|村委会)$")
_COMMUNITY = re.compile(r"(社区)?(居民委员会|居委会)$")


@dataclass(frozen=True)
class Place:
    """A unit; `short` is what people call it (湖头村), `full` begins with the county."""

    id: int
    name: str
    code: str
    tier: Tier
    path: str
    short: str
    full: str
    parent: "Place | None"

    @property
    def county(self) -> str:
        """The name of the county above, or of the city."""
        above = self
        while above.parent is not None and above.tier is not Tier.COUNTY:
            above = above.parent
        return above.name

    @property
    def official(self) -> str:
        """The name as it stands in the name of a committee: a village's after its township's."""
        if self.parent is None or self.tier is Tier.COUNTY:
            return self.name
        return f"{self.parent.short}{self.short}" if self.tier is Tier.VILLAGE else self.full

    def above(self, tier: Tier) -> "Place":
        """The unit of a tier over this one."""
        place = self
        while place.tier is not tier:
            assert place.parent is not None
            place = place.parent
        return place


def short_name(name: str) -> str:
    """`湖头村村委会` → `湖头村`, `桃园社区居委会` → `桃园社区`."""
    return _COMMUNITY.sub("社区", _VILLAGE.sub("村", name))


def places(session: Session) -> list[Place]:
    """Every unit, the upper ones first."""
    found: dict[int, Place] = {}
    for unit in session.execute(
        select(Unit.id, Unit.name, Unit.code, Unit.tier, Unit.path, Unit.parent_id).order_by(
            Unit.tier != Tier.CITY, Unit.id
        )
    ):
        parent = found[unit.parent_id] if unit.parent_id else None
        short = short_name(unit.name)
        full = short if parent is None or parent.parent is None else f"{parent.full}{short}"
        found[unit.id] = Place(unit.id, unit.name, unit.code, unit.tier, unit.path, short, full, parent)
    return list(found.values())
