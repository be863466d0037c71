"""The tree of units of `regions.csv`: 金华市 330700 from the city down to its 3,300 villages."""

import csv
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.pinyin import spellings
from admin_app.models.units import Unit
from admin_app.rules.tiers import Tier, path_of
from seed.bulk import Row, add, fix_sequences, next_id

REGIONS = Path(__file__).with_name("regions.csv")
TIERS = {"city": Tier.CITY, "county": Tier.COUNTY, "town": Tier.TOWNSHIP, "village": Tier.VILLAGE}


def load_units(session: Session) -> int:
    """Add the units that are missing, parents first as in the file, and tell how many."""
    known: dict[str, tuple[int | None, str]] = {"": (None, "")}  # over the city stands nobody
    for unit_id, code, path in session.execute(select(Unit.id, Unit.code, Unit.path)):
        known[code] = (unit_id, path)
    rows: list[Row] = []
    missing = [region for region in regions() if region["code"] not in known]
    for unit_id, region in enumerate(missing, next_id(session, Unit)):
        parent_id, parent_path = known[region["parent_code"]]
        path = path_of(parent_path, region["code"])
        known[region["code"]] = (unit_id, path)
        rows.append(
            {
                "id": unit_id,
                "code": region["code"],
                "name": region["name"],
                "spelling": spellings(region["name"]),
                "tier": TIERS[region["level"]],
                "parent_id": parent_id,
                "path": path,
            }
        )
    add(session, Unit, rows)
    fix_sequences(session)
    return len(rows)


def regions() -> list[dict[str, str]]:
    """The rows of the file: code, name, level, parent_code."""
    with REGIONS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
